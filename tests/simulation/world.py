"""A whole bot that lives, dies and lives again over one database, on virtual time."""

from __future__ import annotations

import asyncio
import hashlib
import logging
import random
from collections.abc import Coroutine
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, TypeVar

from bot.app import FEATURES, App, all_migrations, build_app
from bot.engine.jobs import Jobs
from bot.engine.migrate import migrate
from bot.engine.sender import Sender
from bot.infra.database_inline import InlineDatabase, open_inline
from bot.kit.database import Transaction
from bot.kit.posting import Pace
from bot.platforms.discord import courier as discord
from bot.platforms.telegram import courier as telegram
from tests.fakes.core import shipped_shelf
from tests.simulation import diary
from tests.simulation.chance import SeededDice, SimulatedClock
from tests.simulation.loop import VirtualLoop, owner
from tests.simulation.service import Service, ServiceCourier
from tests.simulation.storage import FailingDatabase

Result = TypeVar("Result")
SELDOM = timedelta(minutes=60)
"""How often the bot looks unasked: there is one process, so nothing is missed and time is saved."""
TELEGRAM_LIMITS = Pace(chat=(1, timedelta(seconds=1)), group=(20, timedelta(minutes=1)), bot=(30, timedelta(seconds=1)))
DISCORD_LIMITS = Pace(chat=(5, timedelta(seconds=5)), group=None, bot=(50, timedelta(seconds=1)))
"""What the platforms allow; the bot keeps the paces of its own couriers."""


@dataclass(slots=True)
class Trace:
    """Everything that happened, line by line; the same for the same seed."""

    now: SimulatedClock
    lines: list[str] = field(default_factory=list)

    def __call__(self, line: str) -> None:
        self.lines.append(f"{self.now.true():%m-%d %H:%M:%S.%f} {line}")

    @property
    def digest(self) -> str:
        """A short text that differs if anything does."""
        return hashlib.sha256("\n".join(self.lines).encode()).hexdigest()[:16]


class TracedLogs(logging.Handler):
    """Puts warnings and worse into the trace, and counts mistakes of ours: records with a traceback."""

    def __init__(self, trace: Trace) -> None:
        super().__init__(logging.WARNING)
        self._trace = trace
        self.mistakes: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        if record.exc_info and record.exc_info[0] is not None:
            self.mistakes.append(f"{record.getMessage()}: {record.exc_info[1]!r}")
        self._trace(f"log {record.levelname} {record.getMessage()}")


class World:
    """The database, the platforms and the computer. ``process`` is the bot while it runs."""

    def __init__(self, seed: int, start: datetime) -> None:
        self.seed = seed
        self.random = random.Random(seed)
        self.clock = SimulatedClock(start)
        self.trace = Trace(self.clock)
        self.database: InlineDatabase = open_inline()
        self.services = {
            "telegram": Service(
                "telegram",
                random.Random(seed + 1),
                self.clock.true,
                self.trace,
                lambda: self.clock.is_settled,
                TELEGRAM_LIMITS,
            ),
            "discord": Service(
                "discord",
                random.Random(seed + 2),
                self.clock.true,
                self.trace,
                lambda: self.clock.is_settled,
                DISCORD_LIMITS,
                remembers=timedelta(minutes=4),
                searchable=True,
            ),
        }
        self.process: Process | None = None
        self.crashes = 0

    async def next_request(self) -> None:
        """Return when the bot next asks a platform to say something."""
        await asyncio.wait(
            [asyncio.ensure_future(service.begun.wait()) for service in self.services.values()],
            return_when=asyncio.FIRST_COMPLETED,
        )

    async def boot(self) -> Process:
        """Start the bot."""
        self.process = Process(self)
        await self.process.start()
        return self.process

    async def crash(self) -> None:
        """Kill the bot where it stands: nothing it was about to do happens."""
        process, self.process = self.process, None
        if process is not None:
            self.crashes += 1
            self.trace("crash")
            await process.die()
            await self._forget()

    async def _forget(self) -> None:
        """What a process heard and did not store, nobody was told."""

        async def work(tx: Transaction) -> set[str]:
            return {row["nonce"] for row in await tx.all("SELECT nonce FROM engine_message WHERE receipt IS NULL")}

        forgotten = await self.database.read(work)
        for service in self.services.values():
            for shown in service.messages:
                shown.is_known &= shown.nonce not in forgotten

    async def stop(self) -> None:
        """Stop the bot in good order."""
        process, self.process = self.process, None
        if process is not None:
            self.trace("stop")
            await process.stop()


class Process:
    """One run of the bot."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._alive = True
        self.database = FailingDatabase(
            world.database, random.Random(world.random.random()), lambda: self._alive, world.trace
        )
        dice = SeededDice(world.random.randrange(2**32))
        self.app: App = build_app(
            self.database, shipped_shelf(), world.clock, dice, zone="Europe/Berlin", builders=(*FEATURES, diary.build)
        )
        couriers = [
            ServiceCourier(world.services[name], pace, lambda: self._alive)
            for name, pace in (("telegram", telegram.PACE), ("discord", discord.PACE))
        ]
        self.sender: Sender = self.app.sender(self.database, couriers, poll=SELDOM)
        self.jobs: Jobs = self.app.jobs(self.database, world.clock, others=SELDOM)

    async def start(self) -> None:
        """Migrate, and begin to work."""
        now = int(self._world.clock.now().timestamp())
        await migrate(self._world.database, all_migrations(self.app.features), before_change=None, now=now)
        await self.run(self.sender.start())
        await self.run(self.jobs.start())

    def run(self, work: Coroutine[Any, Any, Result]) -> asyncio.Task[Result]:
        """Have something done by this process: it dies with it."""
        token = owner.set(self)
        try:
            return asyncio.get_running_loop().create_task(work)
        finally:
            owner.reset(token)

    async def stop(self) -> None:
        """End in good order."""
        await self.run(self.jobs.stop())
        await self.run(self.sender.stop())
        self._alive = False

    async def die(self) -> None:
        """End at once. Ports of a dead process never answer, so whatever it still tries has no effect."""
        self._alive = False
        loop = asyncio.get_running_loop()
        assert isinstance(loop, VirtualLoop)
        while tasks := loop.tasks_of(self):
            for task in tasks:
                task.cancel()
            await asyncio.wait(tasks, timeout=0.001)
