"""A post on its way: kept in a unit of work, said once by the running bot, also if it was kept while that was down."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.app import App, all_migrations, build_app, posting, running
from bot.connections import build_discord, build_telegram, build_web, migrations
from bot.infra.clock import MovableClock
from bot.infra.database_sqlite import open_database
from bot.kit.database import Database, Transaction
from bot.kit.platform import Platform
from bot.kit.posting import Address, Post, State
from bot.kit.reply import reply
from bot.settings import Address as Listen
from bot.settings import Settings
from tests.fakes.core import shipped_shelf
from tests.fakes.discord_clock import PatientClock
from tests.fakes.discord_server import GUILD, fake_discord
from tests.fakes.discord_server import TOKEN as DISCORD_TOKEN
from tests.fakes.migrated import migrate
from tests.fakes.telegram_server import TOKEN as TELEGRAM_TOKEN
from tests.fakes.telegram_server import FakeTelegram


@dataclass
class Place:
    """Where a post goes on one platform, how to get there, and what can be read there."""

    settings: Settings
    build: Callable[[Settings, App, Database], Platform]
    to: Address
    seen: Callable[[], list[str]]


@asynccontextmanager
async def on_telegram(folder: Path) -> AsyncIterator[Place]:
    server = FakeTelegram()
    await server.start()
    group = server.group()
    settings = Settings(home=folder, telegram_token=TELEGRAM_TOKEN, telegram_api=server.root)
    yield Place(settings, build_telegram, Address("telegram", str(group.id)), lambda: [one.text for one in group.seen])
    await server.stop()
    assert server.problems == []


@asynccontextmanager
async def on_discord(folder: Path) -> AsyncIterator[Place]:
    async with fake_discord(PatientClock()) as server:
        settings = Settings(
            home=folder, discord_token=DISCORD_TOKEN, discord_api=server.api, discord_gateway=server.gateway
        )
        channel = server.channels.of("6001")
        to = Address("discord", GUILD, "6001")
        yield Place(settings, build_discord, to, lambda: [one.text for one in channel.messages])
        assert server.problems == []


@asynccontextmanager
async def on_the_web(folder: Path) -> AsyncIterator[Place]:
    settings = Settings(home=folder, web=Listen("127.0.0.1", 0))

    def build(settings: Settings, app: App, database: Database) -> Platform:
        return build_web(settings, app, database, MovableClock())

    yield Place(settings, build, Address("web", "study-hall"), list)


PLACES = {"telegram": on_telegram, "discord": on_discord, "web": on_the_web}


@pytest.mark.parametrize("name", PLACES)
async def test_what_was_kept_while_the_bot_was_down_is_said_once_when_it_is_back(tmp_path: Path, name: str) -> None:
    async with PLACES[name](tmp_path) as place:
        numbers = []
        for run in range(3):
            database = await open_database(tmp_path / "roadmate.db")
            app = build_app(database, shipped_shelf(), MovableClock())
            await migrate(database, all_migrations(app.features, migrations()), before_change=None, now=0)
            post = Post(place.to, reply(f"Hello {min(run, 1)}"), f"hello:{min(run, 1)}")

            async def keep(tx: Transaction, app: App = app, post: Post = post) -> int:
                return await app.postbox.post(tx, post)

            numbers.append(await database.write(keep))
            if run != 1:  # the second post is kept by a bot that ends before it says it
                platform = place.build(place.settings, app, database)
                async with running(app, [platform]), posting(app, database, [platform]):
                    async with asyncio.timeout(20):
                        while not await _all_sent(app, numbers):  # noqa: ASYNC110 - as an onlooker would see it
                            await asyncio.sleep(0.02)
            await database.close()
        assert numbers[1] == numbers[2]
        if name != "web":
            assert [text.strip() for text in place.seen()] == ["Hello 0", "Hello 1"]


async def _all_sent(app: App, numbers: list[int]) -> bool:
    async def look(tx: Transaction) -> list[State | None]:
        fates = [await app.postbox.fate(tx, number) for number in numbers]
        return [fate.state if fate else None for fate in fates]

    return set(await app.tools.database.read(look)) == {State.SENT}
