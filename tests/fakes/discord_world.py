"""The worlds of Discord for journeys: a whole bot over a real database file, people at the fake server."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from bot.app import all_migrations, build_app
from bot.kit.database import Database
from bot.platforms import discord
from bot.platforms.discord.adapter import DiscordPlatform
from tests.fakes.clock import FakeClock, FakeDice
from tests.fakes.core import shipped_shelf
from tests.fakes.databases import open_kept
from tests.fakes.discord_people import DiscordPerson
from tests.fakes.discord_server import TOKEN, FakeDiscord, fake_discord
from tests.fakes.migrated import migrate


@dataclass(slots=True)
class DiscordJourney:
    """People who each talk to the bot alone, or all in one channel of a server."""

    path: Path
    clock: FakeClock
    server: FakeDiscord
    alone: bool
    database: Database
    platform: DiscordPlatform
    people: dict[str, DiscordPerson] = field(default_factory=dict)

    def person(self, name: str) -> DiscordPerson:
        account = str(1000 + len(self.people))
        made = DiscordPerson(self.server, lambda: self.platform, account, name, alone=self.alone)
        return self.people.setdefault(name, made)

    async def restart(self) -> None:
        await self.platform.stop()
        await self.database.close()
        self.database, self.platform = await _begin(self.path, self.clock, self.server)


async def _begin(path: Path, clock: FakeClock, server: FakeDiscord) -> tuple[Database, DiscordPlatform]:
    database = await open_kept(path)
    app = build_app(database, shipped_shelf(), clock, FakeDice(), zone="Europe/Berlin")
    await migrate(
        database, all_migrations(app.features, (("discord", discord.migrations()),)), before_change=None, now=0
    )
    platform = discord.build(
        discord.DiscordOptions(TOKEN, server.api, server.gateway),
        database=database,
        clock=clock,
        commands=lambda: app.commands,
        suggest=app.suggest,
    )
    await platform.start(app.router.respond)
    await server.knows_commands.wait()  # nobody can use a command that Discord does not list
    return database, platform


@asynccontextmanager
async def discord_world(path: Path, *, alone: bool = True) -> AsyncIterator[DiscordJourney]:
    """A running bot on Discord; people talk to it alone, or else in a channel of a server."""
    clock = FakeClock()
    async with fake_discord(clock) as server:
        world = DiscordJourney(path, clock, server, alone, *(await _begin(path, clock, server)))
        try:
            yield world
        finally:
            await world.platform.stop()
            await world.database.close()


@asynccontextmanager
async def discord_server_world(path: Path) -> AsyncIterator[DiscordJourney]:
    """A running bot on Discord; people talk to it in a channel of a server, where others read along."""
    async with discord_world(path, alone=False) as world:
        yield world
