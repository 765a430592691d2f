"""What journeys through a community ask of a platform: a place, its people, and the bot run as ``bot.serve`` runs it."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Collection
from contextlib import AsyncExitStack
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Protocol

from bot import connections
from bot.app import App, all_migrations, build_app, keeping_time, posting, running
from bot.engine.budget import Budgets
from bot.infra.clock import MovableClock
from bot.kit.database import Transaction
from bot.kit.platform import Platform
from bot.kit.posting import Courier, State
from bot.platforms.discord.courier import DiscordCourier
from bot.platforms.telegram.courier import TelegramCourier
from tests.fakes.core import shipped_shelf
from tests.fakes.databases import open_kept
from tests.fakes.migrated import migrate
from tests.fakes.telegram_bot import WatchedDatabase

START = datetime(2026, 11, 21, 18, 0, tzinfo=UTC)
Build = Callable[[App, WatchedDatabase], Platform]


class Visitor(Protocol):
    """Somebody in the place. Each call returns what they see in answer, as words."""

    taps: int
    """How often they typed or tapped so far."""

    @property
    def labels(self) -> list[str]:
        """What can be pressed on the card they looked at last."""
        ...

    async def says(self, text: str) -> str: ...

    async def asks(self, text: str) -> str:
        """Type something that is nobody else's business, where such things are typed."""
        ...

    async def presses(self, label: str) -> str: ...

    async def answers(self, option: str) -> str:
        """Choose an option of the newest question of the place; nothing is returned where the platform itself tells."""
        ...

    async def borrows(self, owner: Visitor, label: str) -> str:
        """Press on the newest card that somebody has, maybe oneself."""
        ...

    async def fills(self, **values: str) -> str: ...

    async def uploads(self, data: bytes) -> str:
        """Send the form that they were shown last, with a file in its field ``file``."""
        ...


class Place(Protocol):
    """One place of one platform, and the bot that was let into it or will be."""

    clock: MovableClock
    hides: bool
    """Whether an answer in this place can be shown to one person alone."""
    here: str
    """What the button of ``/setup`` that chooses this place says."""

    @property
    def is_inner(self) -> bool:
        """Whether it is a room inside of the place that the bot was let into."""
        ...

    def person(self, name: str, *, moderates: bool = False) -> Visitor: ...

    def demotes(self, visitor: Visitor) -> None: ...

    async def adds_bot(self) -> None: ...

    async def newcomer(self, name: str) -> None: ...

    @property
    def heard(self) -> list[str]:
        """What the bot said so far that everybody in the place reads."""
        ...

    async def hears(self, words: str, count: int = 1) -> None:
        """Return once so many messages with these words stand in the place."""
        ...

    async def hears_one_of(self, words: Collection[str]) -> str:
        """Return which of these words a message in the place has, once there is one."""
        ...

    async def is_told(self, words: str) -> None:
        """Return once a message with these words stands anywhere in the group or server."""
        ...

    def loses_bot(self) -> None:
        """Take the bot's right to write here."""
        ...

    def regains_bot(self) -> None: ...

    def deletes_place(self) -> None: ...

    async def gives_up(self) -> None:
        """Return once the test post is given up."""
        ...

    async def restart(self) -> None: ...


HASTE = 20


def hurry(courier: Courier | None) -> None:
    """Let posts follow each other faster: journeys tell what is said; paces are kept in tests of their own."""
    if isinstance(courier, DiscordCourier | TelegramCourier):
        pace = courier.pace
        group = None if pace.group is None else _faster(pace.group)
        courier.pace = replace(pace, chat=_faster(pace.chat), group=group, bot=_faster(pace.bot))


def _faster(limit: tuple[int, timedelta]) -> tuple[int, timedelta]:
    most, span = limit
    return most, span / HASTE


class Running:
    """The bot itself, from its start to its stop, as ``bot.serve`` joins it."""

    def __init__(self, path: Path, clock: MovableClock, build: Build) -> None:
        self._path = path
        self._clock = clock
        self._build = build
        self._stack = AsyncExitStack()
        self.database: WatchedDatabase
        self.platform: Platform
        self.app: App

    async def start(self) -> None:
        self._stack = AsyncExitStack()
        self.database = WatchedDatabase(await open_kept(self._path))
        self._stack.push_async_callback(self.database.close)
        clock = self._clock
        self.app = build_app(self.database, shipped_shelf(), clock, zone="Europe/Berlin", budgets=Budgets(clock))
        owners = all_migrations(self.app.features, connections.migrations())
        await migrate(self.database, owners, before_change=None, now=int(clock.now().timestamp()))
        await self.app.plan_own()
        self.platform = self._build(self.app, self.database)
        hurry(self.platform.courier)
        await self._stack.enter_async_context(running(self.app, [self.platform]))
        await self._stack.enter_async_context(posting(self.app, self.database, [self.platform]))
        await self._stack.enter_async_context(keeping_time(self.app, self.database, clock))

    async def stop(self) -> None:
        await self._stack.aclose()

    async def gives_up(self) -> None:
        """Return once the test post is given up."""

        async def look(tx: Transaction) -> list[str]:
            return [row["state"] for row in await tx.all("SELECT state FROM engine_post WHERE key LIKE 'setup.test:%'")]

        async with asyncio.timeout(10):
            while await self.database.read(look) != [State.FAILED]:
                await self.database.next_write()


async def begins(place: Place, mo: Visitor) -> str:
    """Come to the first question; where the hello stands elsewhere, by the command."""
    return await mo.says("/setup") if place.is_inner else await mo.presses("Set up")


def label_of(option: str, words: str, labels: Collection[str]) -> str:
    """Return the button that chooses an option of a question: its words, or its letter; empty if there is none."""
    if option in labels:
        return option
    found = re.search(rf"(?<![A-Za-z])([A-F])[^A-Za-z0-9]{{0,3}}{re.escape(option)}", words)
    return found[1] if found and found[1] in labels else ""


def one_of(words: Collection[str], texts: Collection[str]) -> str:
    """Return the longest of these words that any of the texts has; empty if none."""
    return max((one for one in words if any(one in text for text in texts)), key=len, default="")


async def goes_on(
    place: Place, mo: Visitor, card: str, until: str = "All set", test_post: str = "in ten minutes", quiz: str = "off"
) -> str:
    """Answer every question with what is offered first, and want a test post; stop at a title."""
    while until not in (title := card.partition("\n")[0]):
        named = re.fullmatch(r"\d+ of \d+: (.+)", title)
        assert named, card
        answers = {"Place": place.here, "Test post": test_post, "Daily quiz": quiz}
        card = await mo.presses(answers.get(named[1], mo.labels[0]))
    return card


async def walks(place: Place, mo: Visitor, until: str = "All set") -> str:
    """Set the bot up, or go so far."""
    return await goes_on(place, mo, await begins(place, mo), until)
