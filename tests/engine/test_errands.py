"""The pace, the order of chats, and several senders at once."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.engine.outbox import Postbox
from bot.kit.posting import (
    Address,
    Pace,
)
from tests.fakes.courier import DISCORD, OPEN, TELEGRAM, FakeCourier, FakePlatform
from tests.fakes.posting_world import PostingWorld, post
from tests.fakes.virtual_time import VirtualClock

SECOND = timedelta(seconds=1)
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)


def chat(name: str) -> Address:
    return Address("fake", name)


@pytest.mark.parametrize(("pace", "groups"), [(TELEGRAM, True), (TELEGRAM, False), (DISCORD, False)])
async def test_limits_are_never_exceeded_and_nearly_used(clock: VirtualClock, pace: Pace, groups: bool) -> None:
    platform = FakePlatform(clock, limits=pace)
    courier = FakeCourier(platform, pace=pace, groups=groups)
    posting = await PostingWorld.open(clock, [courier])
    await posting.sender.start()
    began = clock.now()
    await posting.post(*(post(f"p{number}", to=chat(f"c{number % 20}")) for number in range(300)))
    await posting.post(*(post(f"q{number}", to=chat("busy")) for number in range(60)))
    await clock.run_until(lambda: len(platform.said) == 360)
    assert platform.too_many == 0
    busy = [said.at for said in platform.said if said.to.chat == "busy"]
    limit = (pace.group or pace.chat) if groups else pace.chat
    ideal = 59 * limit[1] / limit[0]
    assert ideal / (busy[-1] - began) >= 0.95
    await posting.close()


async def test_a_group_that_must_wait_delays_no_other_chat(
    posting: PostingWorld, courier: FakeCourier, platform: FakePlatform, clock: VirtualClock
) -> None:
    courier.slow = {"room": MINUTE}
    began = clock.now()
    await posting.post(post("slow"), *(post(f"p{number}", to=chat(f"c{number}")) for number in range(20)))
    await clock.settle()
    assert len(platform.said) == 20
    assert {said.at for said in platform.said} == {began}
    await clock.advance(MINUTE)
    assert "slow" in platform.texts("room")


async def test_no_more_are_in_flight_than_a_platform_allows(clock: VirtualClock) -> None:
    platform = FakePlatform(clock)
    courier = FakeCourier(platform, pace=replace(OPEN, at_once=3))
    courier.slow = {f"c{number}": SECOND for number in range(12)}
    posting = await PostingWorld.open(clock, [courier])
    await posting.sender.start()
    await posting.post(*(post(f"p{number}", to=chat(f"c{number}")) for number in range(12)))
    await clock.advance(timedelta(seconds=4))
    assert courier.most_in_flight == 3
    assert len(platform.said) == 12
    await posting.close()


async def test_a_restart_does_not_burst(clock: VirtualClock, tmp_path: Path) -> None:
    platform = FakePlatform(clock, limits=TELEGRAM)
    courier = FakeCourier(platform, pace=TELEGRAM, groups=True)
    posting = await PostingWorld.open(clock, [courier], tmp_path / "a.db")
    await posting.sender.start()
    await posting.post(*(post(f"p{number}") for number in range(10)))
    for _restart in range(5):
        await clock.advance(timedelta(seconds=2))
        await posting.close()
        posting = await PostingWorld.open(clock, [courier], tmp_path / "a.db")
        await posting.sender.start()
    await clock.advance(MINUTE)
    assert platform.texts() == [f"p{number}" for number in range(10)]
    assert platform.too_many == 0
    await posting.close()


async def test_two_senders_share_pace_and_work_without_doubling(clock: VirtualClock) -> None:
    platform = FakePlatform(clock, limits=TELEGRAM)
    couriers = [FakeCourier(platform, pace=TELEGRAM) for _sender in range(2)]
    for one in couriers:
        one.slow = {f"c{number}": timedelta(seconds=0.4) for number in range(50)}
    first = await PostingWorld.open(clock, couriers[:1])
    second = PostingWorld(first.database, clock, couriers[1:])
    await first.sender.start()
    await second.sender.start()
    await first.post(*(post(f"p{number}", to=chat(f"c{number % 50}")) for number in range(200)))
    await clock.run_until(lambda: len(platform.said) == 200)
    await clock.advance(MINUTE)
    assert sorted(platform.texts()) == sorted(f"p{number}" for number in range(200))
    assert platform.too_many == 0
    assert all(courier.draws > 20 for courier in couriers), "both had their share"
    await first.sender.stop()
    await second.close()


async def test_a_post_wakes_the_sender_at_once_and_one_of_another_process_is_noticed_within_a_second(
    posting: PostingWorld, platform: FakePlatform, clock: VirtualClock
) -> None:
    await clock.advance(timedelta(seconds=10.5))
    began = clock.now()
    await posting.post(post("one"))
    await clock.settle()
    assert platform.texts() == ["one"]
    other = Postbox(clock)
    await clock.advance(MINUTE)
    began = clock.now()
    await posting.do(lambda tx: other.post(tx, post("two")))
    await clock.advance(SECOND)
    assert platform.texts() == ["one", "two"]
    assert platform.said[1].at - began <= SECOND


async def test_a_unit_that_commits_a_little_after_it_rang_is_noticed_within_a_tenth_of_a_second(
    posting: PostingWorld, platform: FakePlatform, clock: VirtualClock
) -> None:
    await clock.advance(timedelta(seconds=10.5))
    began = clock.now()
    posting.alarm.ring()
    await clock.settle()
    await posting.do(lambda tx: Postbox(clock).post(tx, post("one")))
    await clock.advance(SECOND)
    assert platform.said[0].at - began <= timedelta(seconds=0.1)
