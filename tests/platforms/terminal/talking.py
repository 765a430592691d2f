"""A conversation in a terminal over a database of its own, with whatever answers it."""

from __future__ import annotations

import asyncio
import io
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TextIO

from bot.engine.migrate import Migrations, migrate
from bot.kit.command import Command, Param
from bot.kit.database import Database
from bot.kit.naming import Names
from bot.kit.platform import Answer, Delivery, Suggestion
from bot.kit.reply import Reply
from bot.kit.request import Incoming, Role
from bot.platforms import terminal
from bot.platforms.terminal import TerminalPlatform
from tests.fakes.clock import FakeClock, FakeDice
from tests.fakes.databases import open_quick
from tests.fakes.typed_lines import Typist


async def _unused(*_arguments: object) -> Reply:
    raise AssertionError("the terminal never calls a handler itself")


COMMANDS = (
    Command("roadmap", "The road", _unused, (Param("what", "What", suggests="entry"),), needs=Role.STRANGER),
    Command("help", "Help", _unused, needs=Role.STRANGER),
)


async def nothing_planned() -> tuple[datetime, str] | None:
    return None


async def tables(database: Database) -> Database:
    """Give a database what a terminal keeps."""
    await migrate(database, [Migrations("terminal", terminal.migrations())], before_change=None, now=0)
    return database


def platform_of(
    database: Database, clock: FakeClock, reads: TextIO, writes: io.StringIO, *,
    names: Names | None = None, files: Path | None = None,
    next_event: Callable[[], Awaitable[tuple[datetime, str] | None]] = nothing_planned, real: FakeClock | None = None,
) -> TerminalPlatform:  # fmt: skip
    """Return a terminal at which Ana sits."""
    return terminal.build(
        database=database, clock=clock, travel=clock, dice=FakeDice(), commands=lambda: COMMANDS,
        suggest=lambda _kind, text: [Suggestion("Bayes", "bayes")] if "bayes".startswith(text) else [],
        next_event=next_event, reads=reads, writes=writes, called="Ana", language="en", names=names, files=files,
        real=real,
    )  # fmt: skip


async def talk(
    typed: str, answer: Callable[[Incoming], Answer], *, names: Names | None = None, files: Path | None = None
) -> tuple[str, list[Incoming]]:
    """Hold a conversation over a pipe; returns everything shown and everything heard."""
    heard: list[Incoming] = []

    async def respond(incoming: Incoming) -> Answer:
        heard.append(incoming)
        return answer(incoming)

    shown = io.StringIO()
    database = await tables(open_quick())
    try:
        platform = platform_of(database, FakeClock(), io.StringIO(typed), shown, names=names, files=files)
        await platform.start(respond)
        async with asyncio.timeout(10):
            await platform.wait()
        await platform.stop()
    finally:
        await database.close()
    return shown.getvalue(), heard


def says(said: Reply, delivery: Delivery = Delivery.NEW, *, only_you: bool = False) -> Callable[[Incoming], Answer]:
    return lambda _incoming: Answer(said, delivery, only_you=only_you)


@dataclass
class Sitting:
    """A terminal somebody sits at: what ``answer`` says is answered, what was asked is in ``heard``."""

    database: Database
    platform: TerminalPlatform
    typist: Typist
    clock: FakeClock
    answer: Callable[[Incoming], Answer]
    real: FakeClock = field(default_factory=FakeClock)
    heard: list[Incoming] = field(default_factory=list)

    async def types(self, *lines: str) -> str:
        """Type lines; returns what was shown for the last of them."""
        shown = ""
        for line in lines:
            shown = await self.typist.types(line)
        return shown

    async def respond(self, incoming: Incoming) -> Answer:
        self.heard.append(incoming)
        return self.answer(incoming)

    async def sits_down_again(self) -> None:
        """End the conversation and begin another over the same data."""
        await self.platform.stop()
        self.typist = Typist()
        lines, screen = self.typist.lines, self.typist.screen
        self.platform = platform_of(self.database, self.clock, lines, screen, real=self.real)  # type: ignore[arg-type]
        await self.platform.start(self.respond)
        await self.typist.is_asked()


@asynccontextmanager
async def sitting(
    answer: Callable[[Incoming], Answer],
    next_event: Callable[[], Awaitable[tuple[datetime, str] | None]] = nothing_planned,
) -> AsyncIterator[Sitting]:
    """Open a terminal and sit down at it."""
    database, clock, typist = await tables(open_quick()), FakeClock(), Typist()
    platform = platform_of(database, clock, typist.lines, typist.screen, next_event=next_event)  # type: ignore[arg-type]
    here = Sitting(database, platform, typist, clock, answer)
    try:
        await platform.start(here.respond)
        await typist.is_asked()
        yield here
    finally:
        await here.platform.stop()
        await database.close()
