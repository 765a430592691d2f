"""Places that close, open again or move, and edits and deletions that meet trouble."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.engine.outbox import note_use
from bot.kit.database import Transaction
from bot.kit.posting import (
    Address,
    NotSentError,
    RefusedPostError,
    State,
)
from tests.fakes.courier import FakeCourier, FakePlatform, Fault, lost_after, lost_before
from tests.fakes.posting_world import ROOM, PostingWorld, post
from tests.fakes.virtual_time import VirtualClock

SECOND = timedelta(seconds=1)
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)


def chat(name: str) -> Address:
    return Address("fake", name)


async def test_a_place_that_is_gone_is_asked_once_and_moderators_are_told_once_elsewhere(
    posting: PostingWorld, platform: FakePlatform, clock: VirtualClock
) -> None:
    platform.gone["room"] = "the bot was removed"
    ids = await posting.post(*(post(f"p{number}") for number in range(5)))
    await clock.advance(MINUTE)
    assert platform.calls == ["send", "send"], "one refusal, one report"
    assert [(await posting.fate(one)).why for one in ids] == ["the bot was removed"] * 5
    assert {await posting.state(one) for one in ids} == {State.FAILED}
    (told,) = platform.texts("desk")
    assert "the bot was removed" in told


async def test_a_place_opens_again_when_somebody_meets_the_bot_there(
    posting: PostingWorld, platform: FakePlatform, clock: VirtualClock
) -> None:
    platform.gone["room"] = "the bot was removed"
    later = clock.now() + HOUR
    _one, two = await posting.post(post("one"), post("two", not_before=later))
    await clock.advance(MINUTE)
    assert await note_use(posting.database, posting.outbox, "fake", "other") is False
    assert await note_use(posting.database, posting.outbox, "fake", "room") is True
    assert await note_use(posting.database, posting.outbox, "fake", "room") is False
    del platform.gone["room"]
    await posting.post(post("three"))
    await clock.advance(HOUR + MINUTE)
    assert platform.texts("room") == ["three", "two"], "what was not due while it was closed is still said"
    assert await posting.state(two) is State.SENT
    platform.gone["room"] = "the bot was removed again"
    await posting.post(post("four"))
    await clock.advance(MINUTE)
    assert len(platform.texts("desk")) == 2, "moderators are told anew"


async def test_moderators_are_not_told_in_the_place_that_is_gone(
    posting: PostingWorld, platform: FakePlatform, clock: VirtualClock
) -> None:
    platform.gone["room"] = "the bot was removed"
    await posting.post(post("one", report_to=ROOM))
    await clock.advance(MINUTE)
    assert platform.calls == ["send"]
    await posting.post(post("two", report_to=Address("fake", "room", "t1")))
    await clock.advance(MINUTE)
    assert platform.calls == ["send"], "the second is not even tried"
    await posting.post(post("three"), post("four"))
    await clock.advance(MINUTE)
    assert [message.to.chat for message in platform.said] == ["desk"], (
        "told by the first post that names a place for it"
    )


async def test_a_thread_that_is_gone_leaves_the_rest_of_its_chat_open(
    posting: PostingWorld, platform: FakePlatform, clock: VirtualClock
) -> None:
    platform.gone["room", "t1"] = "the topic was deleted"
    thread = Address("fake", "room", "t1")
    one, two, three = await posting.post(post("one", to=thread, report_to=ROOM), post("two", to=thread), post("three"))
    await clock.advance(MINUTE)
    assert await posting.state(one) is await posting.state(two) is State.FAILED
    assert await posting.state(three) is State.SENT
    assert len(platform.texts("room")) == 2, "the third post, and the report in the same chat outside of the thread"
    assert platform.calls.count("send") == 3


async def test_an_edit_in_a_place_that_is_gone_leaves_the_post_sent(
    posting: PostingWorld, platform: FakePlatform, clock: VirtualClock
) -> None:
    (one,) = await posting.post(post("one"))
    await clock.advance(SECOND)
    platform.gone["room"] = "the bot was removed"
    await posting.edit(one, "words")
    await clock.advance(HOUR)
    assert await posting.state(one) is State.SENT
    assert platform.calls.count("edit") == 1


async def test_everything_follows_a_chat_that_moved_at_once(
    clock: VirtualClock, platform: FakePlatform, courier: FakeCourier
) -> None:
    told: list[tuple[str, str]] = []

    async def moved(tx: Transaction, old: Address, new: Address) -> None:
        told.append((old.chat, new.chat))

    opened = await PostingWorld.open(clock, [courier])
    posting = PostingWorld(opened.database, clock, [courier], moved)
    await posting.sender.start()
    one, two = await posting.post(post("one", "a", "b"), post("two", not_before=clock.now() + HOUR))
    platform.moved["room"] = "super"
    began = clock.now()
    await clock.settle()
    assert platform.texts("super") == ["a", "b"]
    assert platform.said[0].at == began
    await posting.edit(one, "a", "B")
    await posting.post(post("three"))
    await clock.advance(HOUR + MINUTE)
    assert platform.texts("super") == ["a", "B", "three", "two"]
    assert await posting.state(two) is State.SENT
    assert platform.calls.count("send") == 5, "the old address was tried only once"
    assert told == [("room", "super")]
    await posting.close()


async def test_a_chat_that_moves_back_is_followed_back(
    posting: PostingWorld, platform: FakePlatform, clock: VirtualClock
) -> None:
    platform.moved["room"] = "super"
    await posting.post(post("one"))
    await clock.advance(SECOND)
    platform.moved = {"super": "room"}
    await posting.post(post("two"))
    await clock.advance(SECOND)
    await posting.post(post("three"))
    await clock.advance(SECOND)
    assert platform.texts("room") == ["two", "three"]


@pytest.mark.parametrize("fault", [lost_after(), lost_before(), Fault(NotSentError("no connection"))])
async def test_an_edit_and_a_deletion_are_repeated_until_they_are_known_to_be_done(
    posting: PostingWorld, courier: FakeCourier, platform: FakePlatform, clock: VirtualClock, fault: Fault
) -> None:
    (one,) = await posting.post(post("one"))
    await clock.advance(SECOND)
    courier.faults = [fault]
    await posting.edit(one, "new")
    await clock.advance(MINUTE)
    assert platform.texts("room") == ["new"]
    assert platform.calls.count("edit") == 2
    courier.faults = [fault]
    await posting.delete(one)
    await clock.advance(MINUTE)
    assert platform.texts("room") == []
    assert await posting.state(one) is State.CANCELLED


async def test_a_refused_edit_leaves_the_post_as_it_was_and_says_so(
    posting: PostingWorld, courier: FakeCourier, platform: FakePlatform, clock: VirtualClock
) -> None:
    (one,) = await posting.post(post("one"))
    await clock.advance(SECOND)
    await posting.edit(one, "refuse me")
    await clock.advance(HOUR)
    assert platform.texts("room") == ["one"]
    assert platform.calls.count("edit") == 1
    fate = await posting.fate(one)
    assert fate.state is State.SENT
    assert "could not be changed" in fate.why
    assert len(platform.texts("desk")) == 1
    courier.faults = [Fault(RefusedPostError("messages older than 48 hours stay"))]
    await posting.delete(one)
    await clock.advance(HOUR)
    assert platform.texts("room") == ["one"]
    assert "48 hours" in (await posting.fate(one)).why
