"""Sending posts: every outcome a courier can report, places that close or move, the pace, and several senders at once."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.engine.alarm import Alarm
from bot.engine.migrate import migrate
from bot.engine.outbox import Postbox, note_use
from bot.engine.sender import Sender
from bot.engine.settling import Settling
from bot.infra.clock import SystemClock, SystemDice
from bot.infra.database_sqlite import open_database
from bot.kit.database import Database, Transaction, Work
from bot.kit.errors import StorageError
from bot.kit.posting import (
    Address,
    Doubt,
    GoneError,
    MovedAwayError,
    NotSentError,
    Pace,
    RefusedPostError,
    State,
    UnknownFateError,
    WaitFirstError,
)
from tests.fakes.courier import DISCORD, OPEN, TELEGRAM, FakeCourier, FakePlatform, Fault, lost_after, lost_before
from tests.fakes.engine_tables import engine_migrations
from tests.fakes.posting_world import BUTTONS, DESK, ROOM, PostingWorld, post
from tests.fakes.virtual_time import VirtualClock

SECOND = timedelta(seconds=1)
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)


@pytest.fixture
def clock() -> VirtualClock:
    return VirtualClock()


@pytest.fixture
def platform(clock: VirtualClock) -> FakePlatform:
    return FakePlatform(clock)


@pytest.fixture
def courier(platform: FakePlatform) -> FakeCourier:
    """A platform like Telegram: it cannot tell what arrived."""
    return FakeCourier(platform, can_find=False)


@pytest.fixture
async def world(clock: VirtualClock, courier: FakeCourier) -> AsyncIterator[PostingWorld]:
    world = await PostingWorld.open(clock, [courier])
    await world.sender.start()
    yield world
    stopping = asyncio.ensure_future(world.close())
    await clock.run_until(stopping.done)


def chat(name: str) -> Address:
    return Address("fake", name)


# -- what a courier can say -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("pause", [timedelta(seconds=0.3), timedelta(seconds=3600)])
@pytest.mark.parametrize("whole_bot", [False, True])
async def test_a_platform_that_asks_to_wait_is_obeyed_exactly(
    world: PostingWorld, courier: FakeCourier, platform: FakePlatform, clock: VirtualClock, pause: timedelta, whole_bot: bool
) -> None:
    courier.faults = [Fault(WaitFirstError(pause, whole_bot=whole_bot))]
    began = clock.now()
    await world.post(post("one"))
    await clock.settle()
    await world.post(post("same chat"), post("other chat", to=chat("other")))
    await clock.advance(pause - timedelta(microseconds=1))
    assert platform.texts() == ([] if whole_bot else ["other chat"])
    await clock.advance(SECOND)
    at = {said.text: said.at for said in platform.said}
    assert began + pause <= at["one"] <= began + pause + timedelta(milliseconds=1)
    assert at["one"] <= at["same chat"]
    assert len(platform.said) == 3


async def test_what_was_certainly_not_sent_is_sent_again_after_growing_pauses(
    world: PostingWorld, courier: FakeCourier, platform: FakePlatform, clock: VirtualClock
) -> None:
    courier.faults = [Fault(NotSentError("no connection")) for _attempt in range(5)]
    began = clock.now()
    (one,) = await world.post(post("one"))
    await clock.advance(timedelta(seconds=15))
    assert platform.said == []
    assert await world.state(one) is State.PLANNED
    await clock.advance(timedelta(seconds=16))
    assert platform.texts() == ["one"]
    assert timedelta(seconds=15.5) <= platform.said[0].at - began <= timedelta(seconds=31)


async def test_a_message_that_will_never_be_taken_fails_and_moderators_read_why(
    world: PostingWorld, platform: FakePlatform, clock: VirtualClock
) -> None:
    one, two = await world.post(post("one", "fine", "refuse me", "never said"), post("two"))
    await clock.advance(MINUTE)
    assert platform.texts("room") == ["fine", "two"]
    fate = await world.fate(one)
    assert (fate.state, fate.why, fate.receipts) == (State.FAILED, "nobody takes this", ("m1",))
    (told, *_rest) = platform.texts("desk")
    assert "went wrong: nobody takes this" in told
    assert await world.state(two) is State.SENT


async def test_nobody_is_told_where_nobody_is_named(
    world: PostingWorld, platform: FakePlatform, clock: VirtualClock
) -> None:
    (one,) = await world.post(post("one", "refuse me", report_to=None))
    await clock.advance(MINUTE)
    assert platform.said == []
    assert await world.state(one) is State.FAILED


async def test_a_post_that_cannot_be_drawn_fails_alone(
    world: PostingWorld, platform: FakePlatform, clock: VirtualClock, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.CRITICAL)
    one, two, three = await world.post(post("one", "undrawable"), post("two"), post("three", ""))
    await clock.advance(MINUTE)
    assert platform.texts("room")[0] == "two"
    assert (await world.fate(one)).why == "it could not be drawn"
    assert await world.state(two) is State.SENT
    await world.edit(two, "undrawable")
    await clock.advance(MINUTE)
    assert platform.texts("room")[0] == "two"
    assert await world.state(two) is State.SENT
    assert (await world.fate(two)).why == "it could not be drawn"
    assert await world.state(three) is State.SENT


async def test_a_post_that_says_nothing_fails(world: PostingWorld, clock: VirtualClock) -> None:
    empty = replace(post("one"), reply=replace(post("one").reply, blocks=()))
    (one,) = await world.post(empty)
    await clock.advance(MINUTE)
    assert (await world.fate(one)).why == "there is nothing to say in it"


async def test_a_post_that_expired_fails_as_too_late_and_moderators_are_told(
    world: PostingWorld, courier: FakeCourier, platform: FakePlatform, clock: VirtualClock
) -> None:
    courier.is_ready = False
    (one,) = await world.post(post("one", expires=HOUR))
    await clock.advance(HOUR)
    assert await world.state(one) is State.PLANNED
    courier.is_ready = True
    await clock.advance(MINUTE)
    assert platform.texts("room") == []
    assert (await world.fate(one)).why == "too late"
    assert "too late" in platform.texts("desk")[0]


async def test_nothing_is_sent_while_the_platform_cannot_be_reached(
    world: PostingWorld, courier: FakeCourier, platform: FakePlatform, clock: VirtualClock
) -> None:
    courier.is_ready = False
    await world.post(post("one"))
    await clock.advance(HOUR)
    assert platform.calls == []
    courier.is_ready = True
    await clock.advance(SECOND)
    assert platform.texts() == ["one"]


async def test_a_courier_that_breaks_leaves_a_post_of_unknown_fate_and_harms_no_other(
    world: PostingWorld, courier: FakeCourier, platform: FakePlatform, clock: VirtualClock, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.CRITICAL)
    courier.faults = [Fault(KeyError("a mistake in the courier"), only="send")]
    one, two = await world.post(post("one"), post("two", to=chat("zoo")))
    await clock.advance(MINUTE)
    assert await world.state(one) is State.UNKNOWN
    assert await world.state(two) is State.SENT
    assert "two" in platform.texts()


# -- unknown fate -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("arrived", [True, False])
async def test_a_message_of_unknown_fate_is_looked_for_and_sent_only_if_it_is_not_there(
    clock: VirtualClock, arrived: bool
) -> None:
    platform = FakePlatform(clock)
    courier = FakeCourier(platform)
    courier.faults = [lost_after() if arrived else lost_before()]
    world = await PostingWorld.open(clock, [courier])
    await world.sender.start()
    (one,) = await world.post(post("one", "a", "b"))
    await clock.settle()
    assert await world.state(one) is State.UNKNOWN
    await clock.advance(MINUTE)
    assert platform.texts() == ["a", "b"]
    assert platform.calls == (["send", "find", "send"] if arrived else ["send", "find", "send", "send"])
    assert await world.fate(one) == replace(await world.fate(one), state=State.SENT, receipts=("m1", "m2"))
    await world.close()


@pytest.mark.parametrize("arrived", [True, False])
async def test_while_the_platform_remembers_the_nonce_the_same_message_is_sent_again(
    clock: VirtualClock, arrived: bool
) -> None:
    platform = FakePlatform(clock, nonces=MINUTE * 3)
    courier = FakeCourier(platform)
    courier.faults = [lost_after() if arrived else lost_before()]
    world = await PostingWorld.open(clock, [courier])
    await world.sender.start()
    (one,) = await world.post(post("one"))
    await clock.advance(MINUTE)
    assert platform.texts() == ["one"]
    assert platform.calls == ["send", "send"]
    assert await world.state(one) is State.SENT
    await world.close()


@pytest.mark.parametrize("arrived", [True, False])
async def test_after_a_longer_outage_than_the_nonce_is_remembered_it_is_looked_for_first(
    clock: VirtualClock, arrived: bool
) -> None:
    platform = FakePlatform(clock, nonces=MINUTE * 3)
    courier = FakeCourier(platform)
    courier.faults = [lost_after() if arrived else lost_before()]
    world = await PostingWorld.open(clock, [courier])
    await world.sender.start()
    await world.post(post("one"))
    await clock.settle()
    courier.is_ready = False
    await clock.advance(MINUTE * 10)
    courier.is_ready = True
    await clock.advance(MINUTE)
    assert platform.texts() == ["one"]
    assert platform.calls[1] == "find"
    await world.close()


async def test_a_nonce_whose_message_was_deleted_counts_as_delivered(clock: VirtualClock) -> None:
    platform = FakePlatform(clock, nonces=MINUTE * 3)
    courier = FakeCourier(platform)
    courier.faults = [lost_after()]
    world = await PostingWorld.open(clock, [courier])
    await world.sender.start()
    (one,) = await world.post(post("one"))
    await clock.settle()
    platform.said[0].is_deleted = True
    await clock.advance(MINUTE)
    assert len(platform.said) == 1
    assert (await world.fate(one)).receipts == ()
    assert await world.state(one) is State.SENT
    await world.edit(one, "words")
    await clock.advance(MINUTE)
    assert platform.calls == ["send", "send"], "there is nothing to edit"
    await world.close()


async def test_where_nobody_can_tell_a_reminder_is_said_again(
    world: PostingWorld, courier: FakeCourier, platform: FakePlatform, clock: VirtualClock
) -> None:
    courier.faults = [lost_after()]
    (one,) = await world.post(post("one", doubt=Doubt.REPEAT))
    await clock.advance(MINUTE)
    assert platform.texts() == ["one", "one"]
    assert await world.state(one) is State.SENT


async def test_where_nobody_can_tell_a_quiz_waits_for_a_moderator_and_delays_no_other_post(
    world: PostingWorld, courier: FakeCourier, platform: FakePlatform, clock: VirtualClock
) -> None:
    courier.faults = [lost_before()]
    one, two = await world.post(post("one", "a", "b"), post("two"))
    await clock.advance(MINUTE)
    assert await world.state(one) is State.UNKNOWN
    assert await world.state(two) is State.SENT
    (report,) = platform.visible("desk")
    assert report.part["buttons"] == {"Send it again": f"resend:{one}", "It is there, leave it": f"leave:{one}"}
    await clock.advance(HOUR)
    assert platform.texts("room") == ["two"], "nothing happens until somebody says so"


async def test_a_moderator_has_it_sent_again_once(
    world: PostingWorld, courier: FakeCourier, platform: FakePlatform, clock: VirtualClock
) -> None:
    courier.faults = [lost_before()]
    (one,) = await world.post(post("one", "a", "b", expires=MINUTE))
    await clock.advance(HOUR)
    pressed = [await world.do(lambda tx: world.outbox.resend(tx, one)) for _press in range(2)]
    await clock.advance(MINUTE)
    assert pressed == [True, False]
    assert platform.texts("room") == ["a", "b"]
    assert (await world.fate(one)).why == ""
    assert await world.do(lambda tx: world.outbox.leave(tx, one)) is False


async def test_a_moderator_leaves_it_and_the_rest_of_the_post_follows(
    world: PostingWorld, courier: FakeCourier, platform: FakePlatform, clock: VirtualClock
) -> None:
    courier.faults = [lost_after()]
    (one,) = await world.post(post("one", "a", "b"))
    await clock.advance(HOUR)
    pressed = [await world.do(lambda tx: world.outbox.leave(tx, one)) for _press in range(2)]
    await clock.advance(MINUTE)
    assert pressed == [True, False]
    assert platform.texts("room") == ["a", "b"]
    assert await world.state(one) is State.SENT


async def test_each_time_nobody_can_tell_moderators_are_asked(
    world: PostingWorld, courier: FakeCourier, platform: FakePlatform, clock: VirtualClock
) -> None:
    courier.faults = [lost_before()]
    (one,) = await world.post(post("one"))
    await clock.advance(HOUR)
    courier.faults = [lost_before()]
    await world.do(lambda tx: world.outbox.resend(tx, one))
    await clock.advance(HOUR)
    assert len(platform.visible("desk")) == 2


async def test_an_older_doubt_is_not_forgotten_when_the_next_attempt_is_refused_for_now(clock: VirtualClock) -> None:
    platform = FakePlatform(clock, nonces=MINUTE * 3)
    courier = FakeCourier(platform)
    courier.faults = [lost_after(), Fault(WaitFirstError(MINUTE * 5)), Fault(NotSentError("no connection"), only="find")]
    world = await PostingWorld.open(clock, [courier])
    await world.sender.start()
    (one,) = await world.post(post("one"))
    await clock.advance(MINUTE * 10)
    assert platform.texts() == ["one"]
    assert platform.calls == ["send", "send", "find", "find"]
    assert await world.state(one) is State.SENT
    await world.close()


# -- places -----------------------------------------------------------------------------------------------------------


async def test_a_place_that_is_gone_is_asked_once_and_moderators_are_told_once_elsewhere(
    world: PostingWorld, platform: FakePlatform, clock: VirtualClock
) -> None:
    platform.gone["room"] = "the bot was removed"
    ids = await world.post(*(post(f"p{number}") for number in range(5)))
    await clock.advance(MINUTE)
    assert platform.calls == ["send", "send"], "one refusal, one report"
    assert [(await world.fate(one)).why for one in ids] == ["the bot was removed"] * 5
    assert {await world.state(one) for one in ids} == {State.FAILED}
    (told,) = platform.texts("desk")
    assert "the bot was removed" in told


async def test_a_place_opens_again_when_somebody_meets_the_bot_there(
    world: PostingWorld, platform: FakePlatform, clock: VirtualClock
) -> None:
    platform.gone["room"] = "the bot was removed"
    later = clock.now() + HOUR
    _one, two = await world.post(post("one"), post("two", not_before=later))
    await clock.advance(MINUTE)
    assert await note_use(world.database, world.outbox, "fake", "other") is False
    assert await note_use(world.database, world.outbox, "fake", "room") is True
    assert await note_use(world.database, world.outbox, "fake", "room") is False
    del platform.gone["room"]
    await world.post(post("three"))
    await clock.advance(HOUR + MINUTE)
    assert platform.texts("room") == ["three", "two"], "what was not due while it was closed is still said"
    assert await world.state(two) is State.SENT
    platform.gone["room"] = "the bot was removed again"
    await world.post(post("four"))
    await clock.advance(MINUTE)
    assert len(platform.texts("desk")) == 2, "moderators are told anew"


async def test_moderators_are_not_told_in_the_place_that_is_gone(
    world: PostingWorld, platform: FakePlatform, clock: VirtualClock
) -> None:
    platform.gone["room"] = "the bot was removed"
    await world.post(post("one", report_to=ROOM))
    await clock.advance(MINUTE)
    assert platform.calls == ["send"]
    await world.post(post("two"))
    await clock.advance(MINUTE)
    assert platform.calls == ["send"], "the second is not even tried"


async def test_a_thread_that_is_gone_leaves_the_rest_of_its_chat_open(
    world: PostingWorld, platform: FakePlatform, clock: VirtualClock
) -> None:
    platform.gone["room", "t1"] = "the topic was deleted"
    thread = Address("fake", "room", "t1")
    one, two, three = await world.post(
        post("one", to=thread, report_to=ROOM), post("two", to=thread), post("three")
    )
    await clock.advance(MINUTE)
    assert await world.state(one) is await world.state(two) is State.FAILED
    assert await world.state(three) is State.SENT
    assert len(platform.texts("room")) == 2, "the third post, and the report in the same chat outside of the thread"
    assert platform.calls.count("send") == 3


async def test_an_edit_in_a_place_that_is_gone_leaves_the_post_sent(
    world: PostingWorld, platform: FakePlatform, clock: VirtualClock
) -> None:
    (one,) = await world.post(post("one"))
    await clock.advance(SECOND)
    platform.gone["room"] = "the bot was removed"
    await world.edit(one, "words")
    await clock.advance(HOUR)
    assert await world.state(one) is State.SENT
    assert platform.calls.count("edit") == 1


async def test_everything_follows_a_chat_that_moved_at_once(
    clock: VirtualClock, platform: FakePlatform, courier: FakeCourier
) -> None:
    told: list[tuple[str, str]] = []

    async def moved(tx: Transaction, old: Address, new: Address) -> None:
        told.append((old.chat, new.chat))

    opened = await PostingWorld.open(clock, [courier])
    world = PostingWorld(opened.database, clock, [courier], moved)
    await world.sender.start()
    one, two = await world.post(post("one", "a", "b"), post("two", not_before=clock.now() + HOUR))
    platform.moved["room"] = "super"
    began = clock.now()
    await clock.settle()
    assert platform.texts("super") == ["a", "b"]
    assert platform.said[0].at == began
    await world.edit(one, "a", "B")
    await world.post(post("three"))
    await clock.advance(HOUR + MINUTE)
    assert platform.texts("super") == ["a", "B", "three", "two"]
    assert await world.state(two) is State.SENT
    assert platform.calls.count("send") == 5, "the old address was tried only once"
    assert told == [("room", "super")]
    await world.close()


async def test_a_chat_that_moves_back_is_followed_back(
    world: PostingWorld, platform: FakePlatform, clock: VirtualClock
) -> None:
    platform.moved["room"] = "super"
    await world.post(post("one"))
    await clock.advance(SECOND)
    platform.moved = {"super": "room"}
    await world.post(post("two"))
    await clock.advance(SECOND)
    await world.post(post("three"))
    await clock.advance(SECOND)
    assert platform.texts("room") == ["two", "three"]


# -- edits and deletions that meet trouble ----------------------------------------------------------------------------


@pytest.mark.parametrize("fault", [lost_after(), lost_before(), Fault(NotSentError("no connection"))])
async def test_an_edit_and_a_deletion_are_repeated_until_they_are_known_to_be_done(
    world: PostingWorld, courier: FakeCourier, platform: FakePlatform, clock: VirtualClock, fault: Fault
) -> None:
    (one,) = await world.post(post("one"))
    await clock.advance(SECOND)
    courier.faults = [fault]
    await world.edit(one, "new")
    await clock.advance(MINUTE)
    assert platform.texts("room") == ["new"]
    assert platform.calls.count("edit") == 2
    courier.faults = [fault]
    await world.delete(one)
    await clock.advance(MINUTE)
    assert platform.texts("room") == []
    assert await world.state(one) is State.CANCELLED


async def test_a_refused_edit_leaves_the_post_as_it_was_and_says_so(
    world: PostingWorld, courier: FakeCourier, platform: FakePlatform, clock: VirtualClock
) -> None:
    (one,) = await world.post(post("one"))
    await clock.advance(SECOND)
    await world.edit(one, "refuse me")
    await clock.advance(HOUR)
    assert platform.texts("room") == ["one"]
    assert platform.calls.count("edit") == 1
    fate = await world.fate(one)
    assert fate.state is State.SENT
    assert "could not be changed" in fate.why
    assert len(platform.texts("desk")) == 1
    courier.faults = [Fault(RefusedPostError("messages older than 48 hours stay"))]
    await world.delete(one)
    await clock.advance(HOUR)
    assert platform.texts("room") == ["one"]
    assert "48 hours" in (await world.fate(one)).why


# -- pace and concurrency ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("pace", "groups"), [(TELEGRAM, True), (TELEGRAM, False), (DISCORD, False)])
async def test_limits_are_never_exceeded_and_nearly_used(clock: VirtualClock, pace: Pace, groups: bool) -> None:
    platform = FakePlatform(clock, limits=pace)
    courier = FakeCourier(platform, pace=pace, groups=groups)
    world = await PostingWorld.open(clock, [courier])
    await world.sender.start()
    began = clock.now()
    await world.post(*(post(f"p{number}", to=chat(f"c{number % 20}")) for number in range(300)))
    await world.post(*(post(f"q{number}", to=chat("busy")) for number in range(60)))
    await clock.run_until(lambda: len(platform.said) == 360)
    assert platform.too_many == 0
    busy = [said.at for said in platform.said if said.to.chat == "busy"]
    limit = (pace.group or pace.chat) if groups else pace.chat
    ideal = 59 * limit[1] / limit[0]
    assert ideal / (busy[-1] - began) >= 0.95
    await world.close()


async def test_a_group_that_must_wait_delays_no_other_chat(
    world: PostingWorld, courier: FakeCourier, platform: FakePlatform, clock: VirtualClock
) -> None:
    courier.slow = {"room": MINUTE}
    began = clock.now()
    await world.post(post("slow"), *(post(f"p{number}", to=chat(f"c{number}")) for number in range(20)))
    await clock.settle()
    assert len(platform.said) == 20
    assert {said.at for said in platform.said} == {began}
    await clock.advance(MINUTE)
    assert "slow" in platform.texts("room")


async def test_no_more_are_in_flight_than_a_platform_allows(clock: VirtualClock) -> None:
    platform = FakePlatform(clock)
    courier = FakeCourier(platform, pace=replace(OPEN, at_once=3))
    courier.slow = {f"c{number}": SECOND for number in range(12)}
    world = await PostingWorld.open(clock, [courier])
    await world.sender.start()
    await world.post(*(post(f"p{number}", to=chat(f"c{number}")) for number in range(12)))
    await clock.advance(timedelta(seconds=4))
    assert courier.most_in_flight == 3
    assert len(platform.said) == 12
    await world.close()


async def test_a_restart_does_not_burst(clock: VirtualClock, tmp_path: Path) -> None:
    platform = FakePlatform(clock, limits=TELEGRAM)
    courier = FakeCourier(platform, pace=TELEGRAM, groups=True)
    world = await PostingWorld.open(clock, [courier], tmp_path / "a.db")
    await world.sender.start()
    await world.post(*(post(f"p{number}") for number in range(10)))
    for _restart in range(5):
        await clock.advance(timedelta(seconds=2))
        await world.close()
        world = await PostingWorld.open(clock, [courier], tmp_path / "a.db")
        await world.sender.start()
    await clock.advance(MINUTE)
    assert platform.texts() == [f"p{number}" for number in range(10)]
    assert platform.too_many == 0
    await world.close()


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
    world: PostingWorld, platform: FakePlatform, clock: VirtualClock
) -> None:
    await clock.advance(timedelta(seconds=10.5))
    began = clock.now()
    await world.post(post("one"))
    await clock.settle()
    assert platform.texts() == ["one"]
    other = Postbox(clock)
    await clock.advance(MINUTE)
    began = clock.now()
    await world.do(lambda tx: other.post(tx, post("two")))
    await clock.advance(SECOND)
    assert platform.texts() == ["one", "two"]
    assert platform.said[1].at - began <= SECOND


async def test_a_unit_that_commits_a_little_after_it_rang_is_noticed_within_a_tenth_of_a_second(
    world: PostingWorld, platform: FakePlatform, clock: VirtualClock
) -> None:
    await clock.advance(timedelta(seconds=10.5))
    began = clock.now()
    world.alarm.ring()
    await clock.settle()
    await world.do(lambda tx: Postbox(clock).post(tx, post("one")))
    await clock.advance(SECOND)
    assert platform.said[0].at - began <= timedelta(seconds=0.1)


# -- claims, starting and stopping ------------------------------------------------------------------------------------


async def test_a_claim_is_kept_while_the_courier_works_and_nobody_else_takes_it(clock: VirtualClock) -> None:
    platform = FakePlatform(clock)
    couriers = [FakeCourier(platform), FakeCourier(platform)]
    couriers[0].slow = {"room": timedelta(seconds=100)}
    first = await PostingWorld.open(clock, couriers[:1])
    await first.sender.start()
    (one,) = await first.post(post("one"))
    await clock.settle()
    second = PostingWorld(first.database, clock, couriers[1:])
    await second.sender.start()
    await clock.advance(timedelta(seconds=101))
    assert platform.texts() == ["one"]
    assert platform.calls == ["send"]
    assert await first.state(one) is State.SENT
    await first.sender.stop()
    await second.close()


async def test_work_of_a_dead_process_is_taken_over_within_fifteen_seconds_and_its_late_word_is_left_out(
    clock: VirtualClock,
) -> None:
    platform = FakePlatform(clock)
    couriers = [FakeCourier(platform), FakeCourier(platform)]
    first = await PostingWorld.open(clock, couriers[:1])
    frozen = _Frozen(first.database)
    first = PostingWorld(frozen, clock, couriers[:1])
    await first.sender.start()
    couriers[0].faults = [lost_before()]
    couriers[0].slow = {"room": timedelta(seconds=60)}
    (one,) = await first.post(post("one"))
    await clock.settle()
    frozen.is_frozen = True  # as if the process were stopped: it stores nothing, and keeps no claim
    second = PostingWorld(frozen.inside, clock, couriers[1:])
    await second.sender.start()
    await clock.advance(timedelta(seconds=15))
    assert platform.texts() == ["one"]
    frozen.is_frozen = False
    await clock.advance(timedelta(minutes=2))
    assert platform.texts() == ["one"]
    assert await second.fate(one) == replace(await second.fate(one), state=State.SENT, receipts=("m1",))
    await first.sender.stop()
    await second.close()


class _Frozen:
    """A database whose caller is stopped for a while."""

    def __init__(self, inside: Database) -> None:
        self.inside = inside
        self.is_frozen = False

    async def read(self, work: Work[object], /) -> object:
        return await self.inside.read(work)

    async def write(self, work: Work[object], /) -> object:
        if self.is_frozen:
            raise StorageError("stopped")
        return await self.inside.write(work)

    async def close(self) -> None:
        await self.inside.close()


async def test_outcomes_wait_for_a_database_that_cannot_store_and_are_not_lost(
    clock: VirtualClock, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.CRITICAL)
    platform = FakePlatform(clock)
    courier = FakeCourier(platform, can_find=False)
    courier.slow = {"room": SECOND}
    opened = await PostingWorld.open(clock, [courier])
    frozen = _Frozen(opened.database)
    world = PostingWorld(frozen, clock, [courier])
    await world.sender.start()
    (one,) = await world.post(post("one"))
    await clock.settle()
    frozen.is_frozen = True
    await clock.advance(MINUTE)
    frozen.is_frozen = False
    await clock.advance(MINUTE)
    assert platform.texts() == ["one"]
    assert await world.state(one) is State.SENT
    await world.close()


async def test_stopping_finishes_what_is_in_hand_and_leaves_the_rest_planned(
    clock: VirtualClock, tmp_path: Path
) -> None:
    platform = FakePlatform(clock)
    courier = FakeCourier(platform)
    courier.slow = {"room": timedelta(seconds=3)}
    world = await PostingWorld.open(clock, [courier], tmp_path / "a.db")
    await world.sender.start()
    one, two = await world.post(post("one"), post("two"))
    await clock.settle()
    stopping = asyncio.ensure_future(world.sender.stop())
    began = clock.now()
    await clock.run_until(stopping.done)
    assert clock.now() - began == timedelta(seconds=3)
    assert platform.texts() == ["one"]
    assert await world.state(one) is State.SENT
    assert await world.state(two) is State.PLANNED


async def test_stopping_waits_five_seconds_at_most_and_what_was_interrupted_is_looked_for_later(
    clock: VirtualClock, tmp_path: Path
) -> None:
    platform = FakePlatform(clock)
    courier = FakeCourier(platform)
    courier.slow = {"room": HOUR}
    world = await PostingWorld.open(clock, [courier], tmp_path / "a.db")
    await world.sender.start()
    (one,) = await world.post(post("one"))
    await clock.settle()
    stopping = asyncio.ensure_future(world.close())
    began = clock.now()
    await clock.run_until(stopping.done)
    assert clock.now() - began == timedelta(seconds=5)
    courier.slow = {}
    world = await PostingWorld.open(clock, [courier], tmp_path / "a.db")
    assert await world.state(one) is State.UNKNOWN
    await world.sender.start()
    await clock.advance(timedelta(seconds=5))
    assert platform.texts() == ["one"]
    assert platform.calls == ["send", "find", "send"]
    await world.close()


async def test_a_courier_that_never_answers_is_given_up(
    world: PostingWorld, courier: FakeCourier, platform: FakePlatform, clock: VirtualClock
) -> None:
    courier.slow = {"room": timedelta(days=1)}
    (one,) = await world.post(post("one"))
    await clock.advance(timedelta(minutes=3))
    assert platform.calls == ["send", "find"]
    courier.slow = {}
    await clock.advance(timedelta(minutes=3))
    assert await world.state(one) is State.UNKNOWN
    assert len(platform.visible("desk")) == 1


async def test_messages_are_drawn_once_even_if_another_version_takes_over(clock: VirtualClock, tmp_path: Path) -> None:
    platform = FakePlatform(clock)
    courier = FakeCourier(platform)
    world = await PostingWorld.open(clock, [courier], tmp_path / "a.db")
    await world.sender.start()
    courier.faults = [
        Fault(NotSentError("no connection"), only="find"),
        Fault(NotSentError("no connection"), only="never"),
    ]
    courier.slow = {"room": timedelta(seconds=2)}
    await world.post(post("one", "a", "b", "c"))
    await clock.advance(timedelta(seconds=3))
    stopping = asyncio.ensure_future(world.close())
    await clock.run_until(stopping.done)
    courier.version = "new "
    courier.slow = {}
    world = await PostingWorld.open(clock, [courier], tmp_path / "a.db")
    await world.sender.start()
    await clock.advance(MINUTE)
    assert platform.texts() == ["a", "b", "c"]
    assert courier.draws == 1
    await world.close()


async def test_nonces_of_two_databases_differ(clock: VirtualClock) -> None:
    platform = FakePlatform(clock)
    courier = FakeCourier(platform)
    for name in ("a", "b"):
        world = await PostingWorld.open(clock, [courier])
        for _start in name:
            world.sender._dice.token(8)  # each database rolls its own salt
        if name == "b":
            world.sender._dice.token(8)
        await world.sender.start()
        await world.post(post("one"))
        await clock.advance(SECOND)
        await world.close()
    first, second = platform.said
    assert first.nonce != second.nonce


async def test_a_real_file_and_clock_send_what_is_posted_from_its_own_thread(tmp_path: Path) -> None:
    database = await open_database(tmp_path / "a.db")
    await migrate(database, engine_migrations(), before_change=None, now=0)
    clock, alarm = SystemClock(), Alarm()
    outbox = Postbox(clock, alarm.ring)
    arrived = asyncio.Event()
    platform = FakePlatform(clock)

    class Ringing(FakeCourier):
        async def send(self, to: Address, part: object, nonce: str) -> str:  # type: ignore[override]
            receipt = await super().send(to, part, nonce)  # type: ignore[arg-type]
            if len(platform.said) == 2:
                arrived.set()
            return receipt

    sender = Sender(database, clock, SystemDice(), [Ringing(platform)], Settling(outbox, BUTTONS), alarm)
    await sender.start()
    async with asyncio.timeout(5):
        one = await database.write(lambda tx: outbox.post(tx, post("one", "a", "b")))
        await arrived.wait()
        await sender.stop()
    fate = await database.read(lambda tx: outbox.fate(tx, one))
    await database.close()
    assert platform.texts() == ["a", "b"]
    assert fate is not None
    assert fate.state is State.SENT


def test_errors_say_what_they_mean() -> None:
    assert str(WaitFirstError(timedelta(seconds=0.3))) == "the platform asks to wait 0.3 s"
    assert str(MovedAwayError(DESK)) == "it moved to desk"
    assert not GoneError("removed").thread_only
    assert str(UnknownFateError("lost")) == "lost"
