"""A whole bot on the fake Discord, over real sockets."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta

import pytest

from bot.app import App, all_migrations, build_app
from bot.kit.command import Command
from bot.kit.database import Database
from bot.kit.platform import Answer, Delivery, Respond
from bot.kit.reply import Reply
from bot.kit.request import Incoming
from bot.kit.wording import ENGLISH, Catalogue
from bot.platforms import discord
from bot.platforms.discord.adapter import DiscordPlatform
from bot.platforms.discord.pictures import Draw
from tests.fakes.clock import FakeDice
from tests.fakes.core import shipped_shelf
from tests.fakes.databases import open_quick, rows_of
from tests.fakes.discord_clock import PatientClock
from tests.fakes.discord_people import DiscordPerson
from tests.fakes.discord_server import TOKEN, FakeDiscord, fake_discord
from tests.fakes.migrated import migrate


@dataclass
class DiscordWorld:
    """One bot, one server, people."""

    server: FakeDiscord
    clock: PatientClock
    database: Database
    app: App
    platform: DiscordPlatform = field(init=False)
    commands: tuple[Command, ...] = ()
    draw: Draw | None = None
    catalogue: Callable[[str], Catalogue] = lambda _language: ENGLISH
    languages: Mapping[str, Catalogue] = field(default_factory=dict)
    respond: Respond | None = None
    asked: list[Incoming] = field(default_factory=list)
    _accounts: int = 100

    def __post_init__(self) -> None:
        self.commands = tuple(self.app.commands)
        self.platform = self.build()

    def build(self, token: str = TOKEN) -> DiscordPlatform:
        return discord.build(
            discord.DiscordOptions(token, self.server.api, self.server.gateway),
            database=self.database,
            clock=self.clock,
            commands=lambda: self.commands,
            suggest=self.app.suggest,
            draw=self.draw,
            catalogue=self.catalogue,
            languages=self.languages,
        )

    async def _respond(self, incoming: Incoming) -> Answer:
        self.asked.append(incoming)
        return await (self.respond or self.app.router.respond)(incoming)

    def answers(self, reply: Reply, delivery: Delivery = Delivery.NEW, *, only_you: bool = False) -> None:
        """Let the engine answer everything with this."""

        async def respond(_incoming: Incoming) -> Answer:
            return Answer(reply, delivery, only_you)

        self.respond = respond

    def answers_with(self, respond: Callable[[Incoming], Awaitable[Answer]]) -> None:
        """Let the engine answer by this."""
        self.respond = respond

    async def start(self) -> None:
        await self.platform.start(self._respond)

    async def restart(self) -> None:
        await self.platform.stop()
        self.platform = self.build()
        await self.start()

    async def rows(self) -> dict[str, list[tuple[object, ...]]]:
        """Everything that is kept about people's learning, by table."""
        return await self.database.read(lambda tx: rows_of(tx, "learning", "roadmap"))

    async def settled(self) -> None:
        """Wait until nothing is in hand."""
        conversation = self.platform._conversation
        assert conversation is not None
        async with asyncio.timeout(10):
            while conversation._in_hand:
                await asyncio.gather(*conversation._in_hand)

    async def heard(self) -> list[Incoming]:
        """What the engine was asked, once everything told so far was read: a command is asked last, and left out."""
        await self.person().slash("roadmap")
        await self.settled()
        return self.asked[:-1]

    async def until(self, is_so: Callable[[], bool], travels: float = 0.0) -> None:
        """Let everybody run until something is so; time passes by itself if asked to."""
        async with asyncio.timeout(10):
            while not is_so():
                if travels:
                    self.clock.travel(timedelta(seconds=travels))
                await asyncio.get_running_loop().run_in_executor(None, int)

    def person(self, account: str = "", *, alone: bool = False, permissions: int = 0, name: str = "") -> DiscordPerson:
        self._accounts += 1
        return DiscordPerson(
            self.server, lambda: self.platform, account or str(self._accounts), name, alone, permissions
        )  # fmt: skip


@asynccontextmanager
async def open_hall() -> AsyncIterator[DiscordWorld]:
    """A bot that has not been started."""
    clock = PatientClock()
    database = open_quick()
    app = build_app(database, shipped_shelf(), clock, FakeDice(), zone="Europe/Berlin", personal=(discord.PERSONAL,))
    tables = all_migrations(app.features, (("discord", discord.migrations()),))
    await migrate(database, tables, before_change=None, now=0)
    async with fake_discord(clock) as server:
        world = DiscordWorld(server, clock, database, app)
        try:
            yield world
        finally:
            await world.platform.stop()
            await database.close()


@pytest.fixture
async def idle() -> AsyncIterator[DiscordWorld]:
    """A bot that has not been started."""
    async with open_hall() as world:
        yield world


@pytest.fixture
async def hall(idle: DiscordWorld) -> DiscordWorld:
    """A bot that is connected."""
    await idle.start()
    return idle
