"""Updates in the hands of several processes over one database: each answered by one, and none left lying."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import timedelta

import pytest

from bot.engine.migrate import Migrations
from bot.kit.database import Database
from bot.platforms import telegram
from bot.platforms.telegram.intake import Intake, Update
from bot.platforms.telegram.store import TelegramStore
from tests.fakes.databases import open_quick
from tests.fakes.migrated import migrate
from tests.fakes.virtual_time import VirtualClock

TAKEN_OVER = timedelta(seconds=15)


def update(number: int) -> Update:
    return {"update_id": number, "message": {"chat": {"id": number}}}


@dataclass
class Process:
    """One of several processes; it answers an update once its gate is open."""

    intake: Intake
    answered: list[int] = field(default_factory=list)
    gate: asyncio.Event = field(default_factory=asyncio.Event)
    watching: asyncio.Task[None] | None = None

    async def answer(self, one: Update) -> None:
        await self.gate.wait()
        self.answered.append(one["update_id"])

    def begin(self) -> None:
        self.watching = asyncio.ensure_future(self.intake.take_over_for_ever())

    async def dies(self) -> None:
        if self.watching is not None:
            self.watching.cancel()
        await self.intake.finish(0)


@dataclass
class Processes:
    clock: VirtualClock
    store: TelegramStore
    all: list[Process] = field(default_factory=list)

    def one(self, *, is_alone: bool = False, is_open: bool = True) -> Process:
        process: Process

        async def answer(one: Update) -> None:
            await process.answer(one)

        process = Process(Intake(self.store, self.clock, answer, is_alone=is_alone))
        if is_open:
            process.gate.set()
        process.begin()
        self.all.append(process)
        return process


@pytest.fixture
async def processes() -> AsyncIterator[Processes]:
    database: Database = open_quick()
    await migrate(database, [Migrations("telegram", telegram.migrations())], before_change=None, now=0)
    found = Processes(VirtualClock(), TelegramStore(database))
    yield found
    for process in found.all:
        await process.dies()
    await database.close()


async def test_what_a_process_has_in_hand_for_a_long_time_stays_its_own(processes: Processes) -> None:
    slow, other = processes.one(is_open=False), processes.one()
    await slow.intake.take([update(1), update(2)])
    await processes.clock.advance(timedelta(minutes=10))
    slow.gate.set()
    await processes.clock.advance(TAKEN_OVER)
    assert [sorted(slow.answered), other.answered] == [[1, 2], []]


async def test_what_a_process_that_is_gone_did_not_answer_is_answered_once(processes: Processes) -> None:
    gone, *others = processes.one(is_open=False), processes.one(), processes.one()
    await gone.intake.take([update(1), update(2)])
    await processes.clock.advance(timedelta(seconds=5))
    await gone.dies()
    await processes.clock.advance(TAKEN_OVER)
    assert sorted(number for other in others for number in other.answered) == [1, 2]
    await processes.clock.advance(timedelta(minutes=10))
    assert sum(len(other.answered) for other in others) == 2


async def test_what_was_just_kept_is_left_to_its_process_by_one_that_starts(processes: Processes) -> None:
    slow = processes.one(is_open=False)
    await slow.intake.take([update(1)])
    late = processes.one()
    await late.intake.take_up_what_was_left()
    await processes.clock.settle()
    assert late.answered == []


async def test_the_only_process_answers_at_its_start_what_was_left_and_looks_for_no_other(processes: Processes) -> None:
    gone = processes.one(is_open=False)
    await gone.intake.take([update(1)])
    await gone.dies()
    only = processes.one(is_alone=True)
    await only.intake.take_up_what_was_left()
    await processes.clock.settle()
    assert only.answered == [1]
    assert only.watching is not None
    assert only.watching.done()
