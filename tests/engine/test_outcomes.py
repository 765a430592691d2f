"""What couriers can say of a message, and what becomes of its post."""

from __future__ import annotations

import logging
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.kit.posting import (
    Address,
    Doubt,
    NotSentError,
    State,
    WaitFirstError,
)
from tests.fakes.courier import FakeCourier, FakePlatform, Fault, lost_after, lost_before
from tests.fakes.posting_world import PostingWorld, post
from tests.fakes.virtual_time import VirtualClock

SECOND = timedelta(seconds=1)
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)


def chat(name: str) -> Address:
    return Address("fake", name)


@pytest.mark.parametrize("pause", [timedelta(seconds=0.3), timedelta(seconds=3600)])
@pytest.mark.parametrize("whole_bot", [False, True])
async def test_a_platform_that_asks_to_wait_is_obeyed_exactly(
    posting: PostingWorld,
    courier: FakeCourier,
    platform: FakePlatform,
    clock: VirtualClock,
    pause: timedelta,
    whole_bot: bool,
) -> None:
    courier.faults = [Fault(WaitFirstError(pause, whole_bot=whole_bot))]
    began = clock.now()
    await posting.post(post("one"))
    await clock.settle()
    await posting.post(post("same chat"), post("other chat", to=chat("other")))
    await clock.advance(pause - timedelta(microseconds=1))
    assert platform.texts() == ([] if whole_bot else ["other chat"])
    await clock.advance(SECOND)
    at = {said.text: said.at for said in platform.said}
    assert began + pause <= at["one"] <= began + pause + timedelta(milliseconds=1)
    assert at["one"] <= at["same chat"]
    assert len(platform.said) == 3


async def test_what_was_certainly_not_sent_is_sent_again_after_growing_pauses(
    posting: PostingWorld, courier: FakeCourier, platform: FakePlatform, clock: VirtualClock
) -> None:
    courier.faults = [Fault(NotSentError("no connection")) for _attempt in range(5)]
    began = clock.now()
    (one,) = await posting.post(post("one"))
    await clock.advance(timedelta(seconds=15))
    assert platform.said == []
    assert await posting.state(one) is State.PLANNED
    await clock.advance(timedelta(seconds=16))
    assert platform.texts() == ["one"]
    assert timedelta(seconds=15.5) <= platform.said[0].at - began <= timedelta(seconds=31)


async def test_a_later_post_neither_overtakes_one_that_waits_nor_hurries_it(
    posting: PostingWorld, courier: FakeCourier, platform: FakePlatform, clock: VirtualClock
) -> None:
    courier.faults = [Fault(NotSentError("no connection")) for _attempt in range(4)]
    await posting.post(post("one"))
    await clock.advance(timedelta(seconds=4))
    before = len(platform.calls)
    await posting.post(post("two"))
    await clock.settle()
    assert len(platform.calls) == before
    await clock.advance(MINUTE)
    assert platform.texts() == ["one", "two"]


async def test_a_message_that_will_never_be_taken_fails_and_moderators_read_why(
    posting: PostingWorld, platform: FakePlatform, clock: VirtualClock
) -> None:
    one, two = await posting.post(post("one", "fine", "refuse me", "never said"), post("two"))
    await clock.advance(MINUTE)
    assert platform.texts("room") == ["fine", "two"]
    fate = await posting.fate(one)
    assert (fate.state, fate.why, fate.receipts) == (State.FAILED, "nobody takes this", ("m1",))
    (told, *_rest) = platform.texts("desk")
    assert "went wrong: nobody takes this" in told
    assert await posting.state(two) is State.SENT


async def test_nobody_is_told_where_nobody_is_named(
    posting: PostingWorld, platform: FakePlatform, clock: VirtualClock
) -> None:
    (one,) = await posting.post(post("one", "refuse me", report_to=None))
    await clock.advance(MINUTE)
    assert platform.said == []
    assert await posting.state(one) is State.FAILED


async def test_a_post_that_cannot_be_drawn_fails_alone(
    posting: PostingWorld, platform: FakePlatform, clock: VirtualClock, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.CRITICAL)
    one, two, three = await posting.post(post("one", "undrawable"), post("two"), post("three", ""))
    await clock.advance(MINUTE)
    assert platform.texts("room")[0] == "two"
    assert (await posting.fate(one)).why == "it could not be drawn"
    assert await posting.state(two) is State.SENT
    await posting.edit(two, "undrawable")
    await clock.advance(MINUTE)
    assert platform.texts("room")[0] == "two"
    assert await posting.state(two) is State.SENT
    assert (await posting.fate(two)).why == "it could not be drawn"
    assert await posting.state(three) is State.SENT


async def test_a_post_that_says_nothing_fails(posting: PostingWorld, clock: VirtualClock) -> None:
    empty = replace(post("one"), reply=replace(post("one").reply, blocks=()))
    (one,) = await posting.post(empty)
    await clock.advance(MINUTE)
    assert (await posting.fate(one)).why == "there is nothing to say in it"


async def test_a_post_that_expired_fails_as_too_late_and_moderators_are_told(
    posting: PostingWorld, courier: FakeCourier, platform: FakePlatform, clock: VirtualClock
) -> None:
    courier.is_ready = False
    (one,) = await posting.post(post("one", expires=HOUR))
    await clock.advance(HOUR)
    assert await posting.state(one) is State.PLANNED
    courier.is_ready = True
    await clock.advance(MINUTE)
    assert platform.texts("room") == []
    assert (await posting.fate(one)).why == "too late"
    assert "too late" in platform.texts("desk")[0]


async def test_nothing_is_sent_while_the_platform_cannot_be_reached(
    posting: PostingWorld, courier: FakeCourier, platform: FakePlatform, clock: VirtualClock
) -> None:
    courier.is_ready = False
    await posting.post(post("one"))
    await clock.advance(HOUR)
    assert platform.calls == []
    courier.is_ready = True
    await clock.advance(SECOND)
    assert platform.texts() == ["one"]


async def test_a_courier_that_breaks_leaves_a_post_of_unknown_fate_and_harms_no_other(
    posting: PostingWorld,
    courier: FakeCourier,
    platform: FakePlatform,
    clock: VirtualClock,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.CRITICAL)
    courier.faults = [Fault(KeyError("a mistake in the courier"), only="send")]
    one, two = await posting.post(post("one"), post("two", to=chat("zoo")))
    await clock.advance(MINUTE)
    assert await posting.state(one) is State.UNKNOWN
    assert await posting.state(two) is State.SENT
    assert "two" in platform.texts()


@pytest.mark.parametrize("arrived", [True, False])
async def test_a_message_of_unknown_fate_is_looked_for_and_sent_only_if_it_is_not_there(
    clock: VirtualClock, arrived: bool
) -> None:
    platform = FakePlatform(clock)
    courier = FakeCourier(platform)
    courier.faults = [lost_after() if arrived else lost_before()]
    posting = await PostingWorld.open(clock, [courier])
    await posting.sender.start()
    (one,) = await posting.post(post("one", "a", "b"))
    await clock.settle()
    assert await posting.state(one) is State.UNKNOWN
    await clock.advance(MINUTE)
    assert platform.texts() == ["a", "b"]
    assert platform.calls == (["send", "find", "send"] if arrived else ["send", "find", "send", "send"])
    assert await posting.fate(one) == replace(await posting.fate(one), state=State.SENT, receipts=("m1", "m2"))
    await posting.close()


@pytest.mark.parametrize("arrived", [True, False])
async def test_while_the_platform_remembers_the_nonce_the_same_message_is_sent_again(
    clock: VirtualClock, arrived: bool
) -> None:
    platform = FakePlatform(clock, nonces=MINUTE * 3)
    courier = FakeCourier(platform)
    courier.faults = [lost_after() if arrived else lost_before()]
    posting = await PostingWorld.open(clock, [courier])
    await posting.sender.start()
    (one,) = await posting.post(post("one"))
    await clock.advance(MINUTE)
    assert platform.texts() == ["one"]
    assert platform.calls == ["send", "send"]
    assert await posting.state(one) is State.SENT
    await posting.close()


@pytest.mark.parametrize("arrived", [True, False])
async def test_after_a_longer_outage_than_the_nonce_is_remembered_it_is_looked_for_first(
    clock: VirtualClock, arrived: bool
) -> None:
    platform = FakePlatform(clock, nonces=MINUTE * 3)
    courier = FakeCourier(platform)
    courier.faults = [lost_after() if arrived else lost_before()]
    posting = await PostingWorld.open(clock, [courier])
    await posting.sender.start()
    await posting.post(post("one"))
    await clock.settle()
    courier.is_ready = False
    await clock.advance(MINUTE * 10)
    courier.is_ready = True
    await clock.advance(MINUTE)
    assert platform.texts() == ["one"]
    assert platform.calls[1] == "find"
    await posting.close()


async def test_a_nonce_whose_message_was_deleted_counts_as_delivered(clock: VirtualClock) -> None:
    platform = FakePlatform(clock, nonces=MINUTE * 3)
    courier = FakeCourier(platform)
    courier.faults = [lost_after()]
    posting = await PostingWorld.open(clock, [courier])
    await posting.sender.start()
    (one,) = await posting.post(post("one"))
    await clock.settle()
    platform.said[0].is_deleted = True
    await clock.advance(MINUTE)
    assert len(platform.said) == 1
    assert (await posting.fate(one)).receipts == ()
    assert await posting.state(one) is State.SENT
    await posting.edit(one, "words")
    await clock.advance(MINUTE)
    assert platform.calls == ["send", "send"], "there is nothing to edit"
    await posting.close()


async def test_where_nobody_can_tell_a_reminder_is_said_again(
    posting: PostingWorld, courier: FakeCourier, platform: FakePlatform, clock: VirtualClock
) -> None:
    courier.faults = [lost_after()]
    (one,) = await posting.post(post("one", doubt=Doubt.REPEAT))
    await clock.advance(MINUTE)
    assert platform.texts() == ["one", "one"]
    assert await posting.state(one) is State.SENT


async def test_where_nobody_can_tell_a_quiz_waits_for_a_moderator_and_delays_no_other_post(
    posting: PostingWorld, courier: FakeCourier, platform: FakePlatform, clock: VirtualClock
) -> None:
    courier.faults = [lost_before()]
    one, two = await posting.post(post("one", "a", "b"), post("two"))
    await clock.advance(MINUTE)
    assert await posting.state(one) is State.UNKNOWN
    assert await posting.state(two) is State.SENT
    (report,) = platform.visible("desk")
    assert report.part["buttons"] == {"Send it again": f"resend:{one}", "It is there, leave it": f"leave:{one}"}
    await clock.advance(HOUR)
    assert platform.texts("room") == ["two"], "nothing happens until somebody says so"


async def test_a_moderator_has_it_sent_again_once(
    posting: PostingWorld, courier: FakeCourier, platform: FakePlatform, clock: VirtualClock
) -> None:
    courier.faults = [lost_before()]
    (one,) = await posting.post(post("one", "a", "b", expires=MINUTE))
    await clock.advance(HOUR)
    pressed = [await posting.do(lambda tx: posting.outbox.resend(tx, one)) for _press in range(2)]
    await clock.advance(MINUTE)
    assert pressed == [True, False]
    assert platform.texts("room") == ["a", "b"]
    assert (await posting.fate(one)).why == ""
    assert await posting.do(lambda tx: posting.outbox.leave(tx, one)) is False


async def test_a_moderator_leaves_it_and_the_rest_of_the_post_follows(
    posting: PostingWorld, courier: FakeCourier, platform: FakePlatform, clock: VirtualClock
) -> None:
    courier.faults = [lost_after()]
    (one,) = await posting.post(post("one", "a", "b"))
    await clock.advance(HOUR)
    pressed = [await posting.do(lambda tx: posting.outbox.leave(tx, one)) for _press in range(2)]
    await clock.advance(MINUTE)
    assert pressed == [True, False]
    assert platform.texts("room") == ["a", "b"]
    assert await posting.state(one) is State.SENT


async def test_each_time_nobody_can_tell_moderators_are_asked(
    posting: PostingWorld, courier: FakeCourier, platform: FakePlatform, clock: VirtualClock
) -> None:
    courier.faults = [lost_before()]
    (one,) = await posting.post(post("one"))
    await clock.advance(HOUR)
    courier.faults = [lost_before()]
    await posting.do(lambda tx: posting.outbox.resend(tx, one))
    await clock.advance(HOUR)
    assert len(platform.visible("desk")) == 2


async def test_an_older_doubt_is_not_forgotten_when_the_next_attempt_is_refused_for_now(clock: VirtualClock) -> None:
    platform = FakePlatform(clock, nonces=MINUTE * 3)
    courier = FakeCourier(platform)
    courier.faults = [
        lost_after(),
        Fault(WaitFirstError(MINUTE * 5)),
        Fault(NotSentError("no connection"), only="find"),
    ]
    posting = await PostingWorld.open(clock, [courier])
    await posting.sender.start()
    (one,) = await posting.post(post("one"))
    await clock.advance(MINUTE * 10)
    assert platform.texts() == ["one"]
    assert platform.calls == ["send", "send", "find", "find"]
    assert await posting.state(one) is State.SENT
    await posting.close()
