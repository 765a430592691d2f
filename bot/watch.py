"""Watching over a running bot: what counts as ready, which numbers are read, the daily backup, who is told."""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager

from bot import __version__
from bot.app import App
from bot.engine.health import Health, Part
from bot.infra.backup import DailyBackups
from bot.infra.clock import SystemClock
from bot.infra.database_sqlite import SqliteDatabase
from bot.infra.process import resident_bytes
from bot.kit.database import Database, Transaction
from bot.kit.platform import Platform, Respond
from bot.kit.posting import Courier
from bot.platforms import web
from bot.settings import Settings

log = logging.getLogger("roadmate")


def new_health() -> Health:
    """Return the numbers of this process, all at nothing."""
    return Health(__version__, resident_bytes, SystemClock().now().timestamp())


def counting(health: Health, app: App) -> Respond:
    """Return what platforms ask, with counting around it."""
    registry = app.registry
    return health.measured(app.respond, lambda name: name in registry.commands or name in registry.actions)


def look_at(health: Health, app: App, database: Database, platforms: Sequence[Platform]) -> None:
    """Let the health know what must work for the bot to be ready, and where posts are counted."""

    async def content() -> str:
        return "" if app.tools.shelf.curriculum.stages else "nothing is loaded"

    async def answers() -> str:
        await database.read(_ping)
        return str(getattr(database, "trouble", ""))

    async def count_posts() -> None:
        for state, count in (await database.read(app.postbox.counts)).items():
            health.posts.set(state.value, to=count)

    health.watch("content", content)
    health.watch("database", answers)
    for platform in platforms:
        if platform.courier is not None:
            health.watch(platform.name, _connected(platform.courier))
    health.read_first(count_posts)


def count_jobs(health: Health, counts: Counter[str]) -> None:
    """Read how many occurrences were done, late, missed and failed from ``Jobs.counts``."""

    async def read() -> None:
        for outcome, count in counts.items():
            health.jobs.set(outcome, to=count)

    health.read_first(read)


@asynccontextmanager
async def watched_over(settings: Settings, health: Health, database: Database) -> AsyncIterator[None]:
    """Inside the block the loop is measured, a backup is made every day, and whoever watches is answered.

    With the web chat, that one answers them: it is given ``health`` when it is built.
    """
    async with AsyncExitStack() as stack:
        health.loop.start()
        stack.callback(health.loop.stop)
        if isinstance(database, SqliteDatabase):
            backups = DailyBackups(database.copy_to, database.path, SystemClock())

            async def tell() -> None:
                health.backup_trouble.set(to=bool(backups.trouble))

            health.read_first(tell)  # people are served all the same, so it does not count for being ready
            await stack.enter_async_context(_in_background(backups))
        else:
            log.info("no daily backup is made of a PostgreSQL database; “roadmate backup” names its server's own tool")
        if not settings.offers_web_chat:
            options = web.WebOptions(settings.web.host, settings.web.port, settings.web_secret or None)
            server = web.build_watch(options, health)
            await server.start()
            stack.push_async_callback(server.stop)
        yield


@asynccontextmanager
async def _in_background(backups: DailyBackups) -> AsyncIterator[None]:
    task = asyncio.get_running_loop().create_task(backups.run())
    try:
        yield
    finally:
        task.cancel()
        await asyncio.wait([task])


async def _ping(tx: Transaction) -> None:
    await tx.one("SELECT 1")


def _said(read: Callable[[], str]) -> Part:
    async def part() -> str:
        return read()

    return part


def _connected(courier: Courier) -> Part:
    return _said(lambda: "" if courier.is_ready else "not connected; the log says why")
