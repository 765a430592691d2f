"""Keeping posts: once for each key, in order, changed or taken back before and after they are sent."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.engine.outbox import KEPT, forget_old_posts
from bot.kit.database import Transaction
from bot.kit.posting import Address, NotSentError, Posted, State
from tests.fakes.courier import FakeCourier, FakePlatform, Fault, lost_before
from tests.fakes.posting_world import ROOM, PostingWorld, post
from tests.fakes.virtual_time import VirtualClock

SOON = timedelta(seconds=5)


async def test_a_post_is_sent_and_its_receipt_kept(
    posting: PostingWorld, platform: FakePlatform, clock: VirtualClock
) -> None:
    (one,) = await posting.post(post("one", "Hello", community=7))
    await clock.settle()
    assert platform.texts() == ["Hello"]
    fate = await posting.fate(one)
    assert (fate.state, fate.receipts, fate.why, fate.community) == (State.SENT, ("m1",), "", 7)


async def test_a_second_post_of_the_same_key_is_the_first(
    posting: PostingWorld, platform: FakePlatform, clock: VirtualClock
) -> None:
    first, second = await posting.post(post("one", "Hello"), post("one", "Hello again"))
    assert first == second
    await clock.advance(SOON)
    (third,) = await posting.post(post("one", "Hello, long after"))
    await clock.advance(SOON)
    assert third == first
    assert platform.texts() == ["Hello"]


async def test_a_unit_that_fails_leaves_no_post(
    posting: PostingWorld, platform: FakePlatform, clock: VirtualClock
) -> None:
    async def work(tx: Transaction) -> None:
        await posting.outbox.post(tx, post())
        raise RuntimeError("the facts behind it could not be stored")

    with pytest.raises(RuntimeError):
        await posting.do(work)
    await clock.advance(SOON)
    assert platform.said == []


async def test_a_post_waits_for_its_moment(posting: PostingWorld, platform: FakePlatform, clock: VirtualClock) -> None:
    at = clock.now() + timedelta(hours=2)
    await posting.post(post("later", not_before=at), post("now"))
    await clock.advance(timedelta(hours=2) - timedelta(microseconds=1))
    assert platform.texts() == ["now"]
    await clock.advance(timedelta(microseconds=1))
    assert platform.texts() == ["now", "later"]
    assert platform.said[1].at == at


async def test_a_chat_hears_posts_in_the_order_they_were_meant(
    posting: PostingWorld, platform: FakePlatform, clock: VirtualClock
) -> None:
    at = clock.now() + SOON
    await posting.post(post("third", not_before=at + SOON), post("second", "2a", "2b", not_before=at), post("first"))
    await clock.advance(timedelta(minutes=1))
    assert platform.texts() == ["first", "2a", "2b", "third"]


async def test_an_edit_before_sending_is_all_that_is_ever_said(
    posting: PostingWorld, platform: FakePlatform, clock: VirtualClock
) -> None:
    (one,) = await posting.post(post("one", "old", "old too", not_before=clock.now() + SOON))
    await posting.edit(one, "new")
    await posting.edit(one, "newest")
    await clock.advance(SOON + SOON)
    assert [(message.text, message.edits) for message in platform.said] == [("newest", 0)]


async def test_an_edit_while_a_post_waits_for_its_next_attempt_is_all_that_is_said(
    posting: PostingWorld, platform: FakePlatform, courier: FakeCourier, clock: VirtualClock
) -> None:
    courier.faults = [Fault(NotSentError("no connection"))]
    (one,) = await posting.post(post("one", "old", "old too"))
    await clock.settle()
    await posting.edit(one, "new", "new too", "and more")
    await clock.advance(SOON)
    assert [message.text for message in platform.said] == ["new", "new too", "and more"]


async def test_a_post_taken_back_before_sending_is_never_said(
    posting: PostingWorld, platform: FakePlatform, clock: VirtualClock
) -> None:
    one, two = await posting.post(
        post("one", not_before=clock.now() + SOON), post("two", not_before=clock.now() + SOON)
    )
    await posting.delete(one)
    await clock.advance(SOON + SOON)
    assert platform.texts() == ["two"]
    assert await posting.state(one) is State.CANCELLED
    assert await posting.state(two) is State.SENT


async def test_an_edit_changes_adds_and_removes_messages_as_needed(
    posting: PostingWorld, platform: FakePlatform, clock: VirtualClock
) -> None:
    (one,) = await posting.post(post("one", "a", "b", "c"))
    await clock.advance(SOON)
    await posting.edit(one, "a", "B")
    await clock.advance(SOON)
    assert platform.texts() == ["a", "B"]
    assert [message.edits for message in platform.said] == [0, 1, 0], "what stays the same is not touched"
    await posting.edit(one, "a", "B", "d", "e")
    await clock.advance(SOON)
    assert platform.texts() == ["a", "B", "d", "e"]
    assert (await posting.fate(one)).receipts == ("m1", "m2", "m4", "m5")
    assert len({message.nonce for message in platform.said}) == 5, "different messages have different nonces"


async def test_the_latest_of_several_edits_wins_and_the_same_words_are_no_edit(
    posting: PostingWorld, platform: FakePlatform, clock: VirtualClock
) -> None:
    (one,) = await posting.post(post("one", "a"))
    await clock.advance(SOON)
    for words in ("b", "c", "d"):
        await posting.edit(one, words)
    await clock.advance(SOON)
    await posting.edit(one, "d")
    await clock.advance(SOON)
    assert [(message.text, message.edits) for message in platform.said] == [("d", 1)]


async def test_an_edit_during_sending_follows_it(
    posting: PostingWorld, platform: FakePlatform, courier: FakeCourier, clock: VirtualClock
) -> None:
    courier.slow = {"room": timedelta(seconds=2)}
    (one,) = await posting.post(post("one", "old"))
    await clock.advance(timedelta(seconds=1))
    await posting.edit(one, "new")
    await clock.advance(timedelta(seconds=10))
    assert [(message.text, message.edits) for message in platform.said] == [("new", 1)]


async def test_a_post_taken_back_during_sending_is_deleted(
    posting: PostingWorld, platform: FakePlatform, courier: FakeCourier, clock: VirtualClock
) -> None:
    courier.slow = {"room": timedelta(seconds=2)}
    (one,) = await posting.post(post("one", "a", "never said"))
    await clock.advance(timedelta(seconds=1))
    await posting.delete(one)
    await clock.advance(timedelta(seconds=10))
    assert platform.visible() == []
    assert [message.text for message in platform.said] == ["a"]
    assert await posting.state(one) is State.CANCELLED


async def test_a_sent_post_taken_back_is_deleted_with_all_its_messages(
    posting: PostingWorld, platform: FakePlatform, clock: VirtualClock
) -> None:
    (one,) = await posting.post(post("one", "a", "b"))
    await clock.advance(SOON)
    await posting.delete(one)
    await posting.edit(one, "too late")
    await clock.advance(SOON)
    assert platform.visible() == []
    assert await posting.fate(one) == Posted(one, State.CANCELLED, "", ())


async def test_a_message_deleted_by_hand_is_neither_edited_nor_missed(
    posting: PostingWorld, platform: FakePlatform, clock: VirtualClock
) -> None:
    (one,) = await posting.post(post("one", "a", "b"))
    await clock.advance(SOON)
    platform.said[0].is_deleted = True
    await posting.edit(one, "A", "B")
    await clock.advance(timedelta(minutes=5))
    assert platform.texts() == ["B"]
    assert platform.calls.count("edit") == 2, "it is not tried again"
    await posting.delete(one)
    await clock.advance(SOON)
    assert platform.visible() == []
    assert await posting.state(one) is State.CANCELLED


async def test_a_post_of_unknown_fate_that_is_taken_back_is_looked_for_first(
    posting: PostingWorld, platform: FakePlatform, courier: FakeCourier, clock: VirtualClock
) -> None:
    courier.faults = [lost_before()]
    (one,) = await posting.post(post("one"))
    await clock.settle()
    await posting.delete(one)
    await clock.advance(SOON)
    assert platform.said == []
    assert platform.calls == ["send", "find"]
    assert await posting.state(one) is State.CANCELLED


async def test_unknown_posts_are_left_alone(posting: PostingWorld, clock: VirtualClock) -> None:
    await posting.edit(99, "words")
    await posting.delete(99)

    async def work(tx: Transaction) -> tuple[object, bool, bool]:
        box = posting.outbox
        return await box.fate(tx, 99), await box.resend(tx, 99), await box.leave(tx, 99)

    assert await posting.do(work) == (None, False, False)


async def test_counts_say_how_many_posts_are_in_each_state(posting: PostingWorld, clock: VirtualClock) -> None:
    ids = await posting.post(post("a"), post("b"), post("c", not_before=clock.now() + SOON), post("d", "refuse me"))
    await clock.advance(timedelta(seconds=1))
    later = await posting.post(post("e", not_before=clock.now() + SOON))
    await posting.delete(later[0])
    counts = await posting.do(posting.outbox.counts)
    shown = {state.value: count for state, count in counts.items() if count}
    assert shown == {"sent": 3, "planned": 1, "failed": 1, "cancelled": 1}, "the report of d was sent too"
    assert len(ids) == 4


async def test_settled_posts_are_forgotten_after_long_and_others_are_not(
    posting: PostingWorld, clock: VirtualClock
) -> None:
    one, two = await posting.post(post("one", "a", "b"), post("two", not_before=clock.now() + KEPT * 3))
    await clock.advance(SOON)
    assert await forget_old_posts(posting.database, clock) == 0
    clock.jump(KEPT + timedelta(days=1))
    assert await forget_old_posts(posting.database, clock) == 1
    fates = (
        await posting.do(lambda tx: posting.outbox.fate(tx, one)),
        await posting.do(lambda tx: posting.outbox.fate(tx, two)),
    )
    assert fates[0] is None
    assert fates[1] is not None


async def test_a_post_to_another_thread_of_a_chat_keeps_the_order_of_the_chat(
    posting: PostingWorld, platform: FakePlatform, clock: VirtualClock
) -> None:
    await posting.post(post("a", to=Address("fake", "room", "t1")), post("b", to=ROOM))
    await clock.advance(SOON)
    assert [(message.text, message.to.thread) for message in platform.said] == [("a", "t1"), ("b", "")]
