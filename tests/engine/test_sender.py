"""Claims that are kept or taken over, starting and stopping, and what a process leaves behind."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.engine.alarm import Alarm
from bot.engine.errands import Round
from bot.engine.outbox import Postbox
from bot.engine.sender import Sender
from bot.engine.settling import Settling
from bot.infra.clock import SystemClock, SystemDice
from bot.infra.database_sqlite import open_database
from bot.kit.database import Database, Result, Work
from bot.kit.errors import StorageError
from bot.kit.posting import (
    Address,
    GoneError,
    MovedAwayError,
    Part,
    State,
    UnknownFateError,
    WaitFirstError,
)
from tests.fakes.courier import FakeCourier, FakePlatform, lost_after, lost_before
from tests.fakes.databases import IN_PLACE
from tests.fakes.engine_tables import engine_migrations
from tests.fakes.migrated import migrate
from tests.fakes.posting_world import BUTTONS, DESK, PostingWorld, post
from tests.fakes.virtual_time import VirtualClock

SECOND = timedelta(seconds=1)
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)


def chat(name: str) -> Address:
    return Address("fake", name)


async def test_a_sender_with_nothing_to_do_writes_nothing(clock: VirtualClock, platform: FakePlatform) -> None:
    opened = await PostingWorld.open(clock, [FakeCourier(platform)])
    counting = _Frozen(opened.database)
    posting = PostingWorld(counting, clock, [FakeCourier(platform)])
    await posting.sender.start()
    await posting.post(post("one"), post("later", not_before=clock.now() + HOUR))
    await clock.advance(MINUTE)
    before = counting.writes
    await clock.advance(MINUTE * 10)
    assert counting.writes == before
    await posting.close()


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


async def test_what_a_dead_process_had_in_hand_and_was_edited_since_is_said_once_in_its_new_words(
    clock: VirtualClock,
) -> None:
    """A claim that ran out must not keep the edit from being drawn, or the whole chat would wait for ever."""
    platform = FakePlatform(clock)
    couriers = [FakeCourier(platform), FakeCourier(platform)]
    first = await PostingWorld.open(clock, couriers[:1])
    frozen = _Frozen(first.database)
    first = PostingWorld(frozen, clock, couriers[:1])
    await first.sender.start()
    couriers[0].faults = [lost_after()]
    couriers[0].slow = {"room": timedelta(seconds=60)}
    one, two = await first.post(post("one"), post("two"))
    await clock.settle()
    frozen.is_frozen = True
    second = PostingWorld(frozen.inside, clock, couriers[1:])
    await second.edit(one, "one, better")
    await clock.advance(timedelta(minutes=1))
    await second.sender.start()
    await clock.advance(timedelta(minutes=1))
    assert platform.texts() == ["one, better", "two"]
    assert [await second.state(number) for number in (one, two)] == [State.SENT, State.SENT]
    frozen.is_frozen = False
    await clock.advance(timedelta(minutes=2))
    assert platform.texts() == ["one, better", "two"]
    await first.sender.stop()
    await second.close()


@IN_PLACE
async def test_a_process_that_was_stopped_between_claim_and_call_does_not_call(
    clock: VirtualClock, platform: FakePlatform
) -> None:
    courier = FakeCourier(platform)
    opened = await PostingWorld.open(clock, [courier])
    posting = PostingWorld(_Stopped(opened.database, clock), clock, [courier])
    await posting.sender.start()
    await posting.post(post("one"))
    await clock.advance(MINUTE)
    assert platform.calls == ["find", "send"], "by then somebody else may have sent it"
    assert platform.texts() == ["one"]
    await posting.close()


class _Frozen:
    """A database whose caller is stopped for a while."""

    def __init__(self, inside: Database) -> None:
        self.inside = inside
        self.is_frozen = False
        self.writes = 0

    async def read(self, work: Work[Result], /) -> Result:
        return await self.inside.read(work)

    async def write(self, work: Work[Result], /) -> Result:
        if self.is_frozen:
            raise StorageError("stopped")
        self.writes += 1
        return await self.inside.write(work)

    async def close(self) -> None:
        await self.inside.close()


class _Stopped(_Frozen):
    """A database whose caller is stopped for a minute when it has claimed something for the first time."""

    def __init__(self, inside: Database, clock: VirtualClock) -> None:
        super().__init__(inside)
        self._clock: VirtualClock | None = clock

    async def write(self, work: Work[Result], /) -> Result:
        found = await super().write(work)
        if self._clock is not None and isinstance(found, Round) and found.errands:
            self._clock.jump(MINUTE)
            self._clock = None
        return found


async def test_outcomes_wait_for_a_database_that_cannot_store_and_are_not_lost(
    clock: VirtualClock, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.CRITICAL)
    platform = FakePlatform(clock)
    courier = FakeCourier(platform, can_find=False)
    courier.slow = {"room": SECOND}
    opened = await PostingWorld.open(clock, [courier])
    frozen = _Frozen(opened.database)
    posting = PostingWorld(frozen, clock, [courier])
    await posting.sender.start()
    (one,) = await posting.post(post("one"))
    await clock.settle()
    frozen.is_frozen = True
    await clock.advance(MINUTE)
    frozen.is_frozen = False
    await clock.advance(MINUTE)
    assert platform.texts() == ["one"]
    assert await posting.state(one) is State.SENT
    await posting.close()


async def test_stopping_finishes_what_is_in_hand_and_leaves_the_rest_planned(
    clock: VirtualClock, tmp_path: Path
) -> None:
    platform = FakePlatform(clock)
    courier = FakeCourier(platform)
    courier.slow = {"room": timedelta(seconds=3)}
    posting = await PostingWorld.open(clock, [courier], tmp_path / "a.db")
    await posting.sender.start()
    one, two = await posting.post(post("one"), post("two"))
    await clock.settle()
    stopping = asyncio.ensure_future(posting.sender.stop())
    began = clock.now()
    await clock.run_until(stopping.done)
    assert clock.now() - began == timedelta(seconds=3)
    assert platform.texts() == ["one"]
    assert await posting.state(one) is State.SENT
    assert await posting.state(two) is State.PLANNED
    await posting.close()


async def test_stopping_waits_five_seconds_at_most_and_what_was_interrupted_is_looked_for_later(
    clock: VirtualClock, tmp_path: Path
) -> None:
    platform = FakePlatform(clock)
    courier = FakeCourier(platform)
    courier.slow = {"room": HOUR}
    posting = await PostingWorld.open(clock, [courier], tmp_path / "a.db")
    await posting.sender.start()
    (one,) = await posting.post(post("one"))
    await clock.settle()
    stopping = asyncio.ensure_future(posting.close())
    began = clock.now()
    await clock.run_until(stopping.done)
    assert clock.now() - began == timedelta(seconds=5)
    courier.slow = {}
    posting = await PostingWorld.open(clock, [courier], tmp_path / "a.db")
    assert await posting.state(one) is State.UNKNOWN
    await posting.sender.start()
    await clock.advance(timedelta(seconds=5))
    assert platform.texts() == ["one"]
    assert platform.calls == ["send", "find", "send"]
    await posting.close()


async def test_a_courier_that_never_answers_is_given_up(
    posting: PostingWorld, courier: FakeCourier, platform: FakePlatform, clock: VirtualClock
) -> None:
    courier.slow = {"room": timedelta(days=1)}
    (one,) = await posting.post(post("one"))
    await clock.advance(timedelta(minutes=3))
    assert platform.calls == ["send", "find"]
    courier.slow = {}
    await clock.advance(timedelta(minutes=3))
    assert await posting.state(one) is State.UNKNOWN
    assert len(platform.visible("desk")) == 1


async def test_messages_are_drawn_once_even_if_another_version_takes_over(clock: VirtualClock, tmp_path: Path) -> None:
    platform = FakePlatform(clock)
    courier = FakeCourier(platform)
    posting = await PostingWorld.open(clock, [courier], tmp_path / "a.db")
    await posting.sender.start()
    courier.slow = {"room": timedelta(seconds=2)}
    await posting.post(post("one", "a", "b", "c"))
    await clock.advance(timedelta(seconds=3))
    stopping = asyncio.ensure_future(posting.close())
    await clock.run_until(stopping.done)
    courier.version = "new "
    courier.slow = {}
    posting = await PostingWorld.open(clock, [courier], tmp_path / "a.db")
    await posting.sender.start()
    await clock.advance(MINUTE)
    assert platform.texts() == ["a", "b", "c"]
    assert courier.draws == 1
    await posting.close()


async def test_nonces_of_two_databases_differ(clock: VirtualClock) -> None:
    platform = FakePlatform(clock)
    courier = FakeCourier(platform)
    for name in ("a", "b"):
        posting = await PostingWorld.open(clock, [courier])
        if name == "b":
            posting.sender._dice.token(8)  # its dice fall otherwise
        await posting.sender.start()
        await posting.post(post("one"))
        await clock.advance(SECOND)
        await posting.close()
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
        async def send(self, to: Address, part: Part, nonce: str) -> str:
            receipt = await super().send(to, part, nonce)
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
