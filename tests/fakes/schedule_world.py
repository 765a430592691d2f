"""Plans, and the jobs that do them, over one database that outlives the process: what happened can be read afterwards."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from importlib.resources import files
from pathlib import Path

from bot.engine.alarm import Alarm
from bot.engine.inbox import OnceOnly
from bot.engine.jobs import Jobs
from bot.engine.migrate import Migrations
from bot.engine.schedules import Timetable
from bot.kit.database import Database, Transaction
from bot.kit.schedule import Due, Job, Owner, Plan, Planned, Rule
from tests.fakes.bell import FakeBell
from tests.fakes.clock import FakeDice
from tests.fakes.databases import open_quick
from tests.fakes.migrated import migrate
from tests.fakes.virtual_time import nothing_outside

JOB = "sample.post"
QUIET = "sample.quiet"
OURS = Owner(community=1)


@dataclass
class ScheduleWorld:
    """One process at a time over one database.

    Attributes:
        before: awaited by the job before it writes; to fail, to wait, or to look.
        missed_before: called by ``Job.missed`` before it writes.
        begun: every run, whether or not it had an effect.
    """

    database: Database
    bell: FakeBell
    before: Callable[[Due], Awaitable[None]] | None = None
    missed_before: Callable[[Due], None] | None = None
    begun: list[Due] = field(default_factory=list)
    told: list[Due] = field(default_factory=list)
    jobs: Jobs = field(init=False)
    timetable: Timetable = field(init=False)

    def __post_init__(self) -> None:
        self.begin()

    @classmethod
    async def open(cls, path: Path | None = None, *, now: datetime | None = None) -> ScheduleWorld:
        database = open_quick(path)
        await migrate(
            database, [Migrations("engine", files("bot.engine").joinpath("migrations"))], before_change=None, now=0
        )

        async def table(tx: Transaction) -> None:
            await tx.execute(
                "CREATE TABLE post (id INTEGER PRIMARY KEY, plan INTEGER, key TEXT, at INTEGER, late INTEGER, what TEXT)"
            )

        await database.write(table)
        return cls(database, FakeBell(now or datetime(2026, 11, 21, 6, 0, tzinfo=UTC)))

    def begin(self) -> Jobs:
        """A process begins: nothing is in memory yet."""
        self.jobs, self.timetable = self.process()
        return self.jobs

    def process(self) -> tuple[Jobs, Timetable]:
        """Return a process over the same database, which may run beside others."""
        alarm = Alarm()
        once = OnceOnly(self.database)

        async def run(due: Due) -> None:
            self.begun.append(due)
            if self.before is not None:
                await self.before(due)
            await once.write(lambda tx: self._write(tx, due, "post"))

        async def run_quietly(due: Due) -> None:
            self.begun.append(due)
            if self.before is not None:
                await self.before(due)

        async def missed(tx: Transaction, due: Due) -> None:
            if self.missed_before is not None:
                self.missed_before(due)
            self.told.append(due)
            await self._write(tx, due, "missed")

        jobs = {JOB: Job(JOB, run, missed), QUIET: Job(QUIET, run_quietly)}
        return Jobs(jobs, self.database, self.bell, FakeDice(), alarm), Timetable(self.bell, alarm.ring)

    async def _write(self, tx: Transaction, due: Due, what: str) -> None:
        await tx.execute(
            "INSERT INTO post (plan, key, at, late, what) VALUES (:plan, :key, :at, :late, :what)",
            plan=due.plan.id,
            key=due.key,
            at=int(due.at.timestamp()),
            late=int(due.late),
            what=what,
        )

    async def plan(
        self,
        rule: Rule,
        zone: str = "Europe/Berlin",
        *,
        owner: Owner = OURS,
        tag: str = "",
        grace: timedelta = timedelta(hours=3),
        job: str = JOB,
    ) -> int:
        """Plan or change something."""
        return await self.database.write(
            lambda tx: self.timetable.plan(tx, Plan(job, owner, rule, zone, tag, grace=grace))
        )

    async def pause(self, plan: int, *, paused: bool = True) -> None:
        await self.database.write(lambda tx: self.timetable.pause(tx, plan, paused=paused))

    async def skip(self, plan: int) -> datetime | None:
        return await self.database.write(lambda tx: self.timetable.skip(tx, plan))

    async def forget(self, plan: int) -> None:
        await self.database.write(lambda tx: self.timetable.forget(tx, plan))

    async def of(self, owner: Owner = OURS) -> list[Planned]:
        return await self.database.read(lambda tx: self.timetable.of(tx, owner))

    async def next_due(self) -> datetime | None:
        """When the only plan is due."""
        (planned,) = await self.of()
        return planned.due

    async def goes_to(self, day: int, hour: int, minute: int = 0, second: int = 0) -> None:
        """Let time pass up to a moment of November 2026 in UTC, then everything due be done."""
        self.bell.set_to(datetime(2026, 11, day, hour, minute, second, tzinfo=UTC))
        await self.jobs.run_due()

    async def passes(self, step: timedelta = timedelta(minutes=1), **span: int) -> None:
        """Let time pass in steps while the bot is up."""
        end = self.bell.now() + timedelta(**span)
        while self.bell.now() < end:
            self.bell.travel(step)
            await self.jobs.run_due()

    async def rows(self, what: str = "post") -> list[str]:
        """The keys of everything stored, in order."""
        found = await self.database.read(
            lambda tx: tx.all("SELECT key FROM post WHERE what = :what ORDER BY id", what=what)
        )
        return [row[0] for row in found]

    async def states(self) -> dict[str, str]:
        """What became of each occurrence, by key."""
        found = await self.database.read(
            lambda tx: tx.all("SELECT key, state FROM engine_occurrence ORDER BY plan, key")
        )
        return {row[0]: row[1] for row in found}

    async def close(self) -> None:
        await self.database.close()


async def turns(count: int = 20) -> None:
    """Let tasks go on; each turn waits for what a database outside of this process is asked at the moment."""
    for _turn in range(count):
        await nothing_outside()
        await asyncio.sleep(0)
