"""A bot in a process of its own: ours whole, or a bare one on the same library that answers a fixed text.

``python -m tests.bench.platform_bot ours|bare telegram|discord PORT``. It prints its CPU seconds and its resident
memory (MiB) for each line it reads, and ends at an empty one. After the line ``stall`` our database does nothing for
a second, as a disk that hangs does.
"""

from __future__ import annotations

import asyncio
import os
import sys
import tempfile
import time
from collections.abc import Callable, Coroutine
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from bot.kit.database import Database, Stamped, Work

Result = TypeVar("Result")
STALL = 1.0
"""Seconds for which the disk hangs."""
TELEGRAM_TOKEN = "123456789:AAFakeTokenOfATestServer-_0123456789"
DISCORD_TOKEN = "MTA.fake.token"
TEXT = "word " * 180
"""About as long as the answer to ``/roadmap 2``."""
BUTTONS = 6
"""As many as that answer has."""


class Hanging:
    """A database behind which the disk may hang: every unit of work then waits until it goes on."""

    def __init__(self, inner: Database) -> None:
        self._inner = inner
        self._goes = asyncio.Event()
        self._goes.set()

    async def read(self, work: Work[Result], /) -> Result:
        await self._goes.wait()
        return await self._inner.read(work)

    async def write(self, work: Work[Result], /) -> Result:
        await self._goes.wait()
        return await self._inner.write(work)

    async def close(self) -> None:
        await self._inner.close()

    def stamp(self, owner: str, /) -> int | None:
        return self._inner.stamp(owner) if isinstance(self._inner, Stamped) else None

    def hang(self) -> None:
        """Do nothing for ``STALL`` seconds."""
        self._goes.clear()
        asyncio.get_running_loop().call_later(STALL, self._goes.set)


async def report(database: Hanging | None = None) -> None:
    """Answer each line with what was used so far."""
    while word := (await asyncio.get_running_loop().run_in_executor(None, sys.stdin.readline)).strip():
        if word == "stall" and database is not None:
            database.hang()
        status = Path("/proc/self/status").read_text()  # noqa: ASYNC240 - no disk
        memory = int(status.split("VmRSS:")[1].split()[0]) / 1024
        print(time.process_time(), memory, flush=True)
    os._exit(0)


async def bare_telegram(port: str) -> None:
    """As its library's own examples are written."""
    from telegram import InlineKeyboardButton, InlineKeyboardMarkup, Update
    from telegram.ext import Application, CommandHandler, ContextTypes

    keys = [InlineKeyboardButton(f"Button {n}", callback_data=f"roadmap.stage:{n}") for n in range(BUTTONS)]

    async def roadmap(update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
        assert update.message is not None
        await update.message.reply_text(TEXT, reply_markup=InlineKeyboardMarkup([keys]))

    builder = Application.builder().token(TELEGRAM_TOKEN).base_url(f"http://127.0.0.1:{port}/bot")
    bot = builder.concurrent_updates(True).build()
    bot.add_handler(CommandHandler("roadmap", roadmap))
    async with bot:
        await bot.start()
        assert bot.updater is not None
        await bot.updater.start_polling()
        await report()


async def bare_discord(port: str) -> None:
    """As its library's own examples are written."""
    import discord
    import yarl
    from discord import app_commands
    from discord.gateway import DiscordWebSocket
    from discord.http import Route

    Route.BASE = f"http://127.0.0.1:{port}/api"
    DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(f"ws://127.0.0.1:{port}/gateway")
    intents = discord.Intents.none()
    intents.guilds = True
    client = discord.Client(intents=intents)
    tree = app_commands.CommandTree(client)

    @tree.command(name="roadmap", description="The road")
    async def roadmap(interaction: discord.Interaction, what: str | None = None) -> None:
        view = discord.ui.View(timeout=None)
        for number in range(BUTTONS):
            view.add_item(discord.ui.Button(label=f"Button {number}", custom_id=f"roadmap.topic:{number}"))
        await interaction.response.send_message(TEXT, view=view)

    async with client:
        running = asyncio.create_task(client.start(DISCORD_TOKEN))
        await report()
        running.cancel()


async def ours(kind: str, port: str) -> None:
    """The whole bot over a real file, as ``serve`` builds it."""
    from bot import connections
    from bot.app import all_migrations, build_app, keeping_time, open_shelf, posting, running
    from bot.engine.migrate import migrate
    from bot.infra.clock import MovableClock, use_own_zone_data
    from bot.infra.database_sqlite import open_database
    from bot.settings import Settings

    use_own_zone_data()
    root = f"http://127.0.0.1:{port}"
    with tempfile.TemporaryDirectory() as folder:
        if kind == "telegram":
            settings = Settings(telegram_token=TELEGRAM_TOKEN, telegram_api=root)
        else:
            settings = Settings(
                discord_token=DISCORD_TOKEN, discord_api=f"{root}/api", discord_gateway=f"ws://127.0.0.1:{port}/gateway"
            )
        shelf, clock = open_shelf(), MovableClock()
        shelf.reload().refuse()
        database = Hanging(await open_database(Path(folder) / "bench.db"))
        app = build_app(database, shelf, clock)
        await migrate(database, all_migrations(app.features, connections.migrations()), before_change=None, now=0)
        platforms = connections.build_platforms(settings, app, database)
        async with running(app, platforms), posting(app, database, platforms), keeping_time(app, database, clock):
            await report(database)


def main() -> None:
    whose, kind, port = sys.argv[1:4]
    works: dict[str, Callable[[str], Coroutine[Any, Any, None]]] = {
        "ours telegram": partial(ours, "telegram"),
        "ours discord": partial(ours, "discord"),
        "bare telegram": bare_telegram,
        "bare discord": bare_discord,
    }
    asyncio.run(works[f"{whose} {kind}"](port))


if __name__ == "__main__":
    main()
