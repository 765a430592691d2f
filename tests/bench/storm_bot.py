"""The whole bot over a real file, in a process of its own, with a community whose quiz of the day can be opened.

``python -m tests.bench.storm_bot telegram|discord PORT poll|buttons`` answers each line it reads with one of JSON:
``open`` lets the hour of the quiz come, ``calm`` forgets the most memory used so far, ``report`` tells what was used
and what is in the database. It ends at an empty line.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
import tempfile
import time
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

from bot import connections
from bot.app import App, all_migrations, build_app, keeping_time, open_shelf, posting, running
from bot.engine.budget import Budgets
from bot.engine.migrate import migrate
from bot.infra.clock import MovableClock, use_own_zone_data
from bot.infra.database_sqlite import open_database
from bot.kit.database import Database, Transaction
from bot.kit.request import Incoming, Role, Sender, Setting, Trigger, Where
from bot.settings import Settings
from tests.bench.platform_bot import DISCORD_TOKEN, TELEGRAM_TOKEN

GROUP: Final = "-1001000000001"
SERVER: Final = "5001"
CHANNEL: Final = "6001"
ROOMS: Final = {
    "telegram": Where(GROUP, Setting.GROUP, "Hall"),
    "discord": Where(SERVER, Setting.GROUP, "Hall", CHANNEL),
}


async def set_up(app: App, kind: str, style: str, clock: MovableClock) -> None:
    """Let a moderator set the quiz up, as they would by hand."""
    steps = (
        "/setup", f"setup.room:{ROOMS[kind].thread}", "setup.set:quiz-at:09,00", f"settings.our.set:quiz-style:{style}"
    )  # fmt: skip
    for number, text in enumerate(steps):
        trigger = Trigger.COMMAND if text.startswith("/") else Trigger.PRESS
        sender = Sender("900", "Mo", Role.MODERATOR)
        await app.respond(Incoming(kind, f"mo-{number}", trigger, sender, ROOMS[kind], text, clock.now()))


async def told(database: Database) -> dict[str, Any]:
    """Return what was used so far and what was kept."""

    async def work(tx: Transaction) -> dict[str, Any]:
        votes = await tx.all("SELECT choice, COUNT(*) AS count FROM quiz_vote GROUP BY choice")
        posted = await tx.one("SELECT COUNT(*) FROM engine_post WHERE key LIKE 'quiz:%' AND sent_at IS NOT NULL")
        counts = {"posted": posted[0] if posted is not None else 0}
        for table in ("quiz_vote", "quiz_answer", "community_person"):
            row = await tx.one(f"SELECT COUNT(*) FROM {table}")
            counts[table] = row[0] if row is not None else 0
        return {"votes": {str(row["choice"]): row["count"] for row in votes}, **counts}

    status = Path("/proc/self/status").read_text()  # noqa: ASYNC240 - no disk
    used = {name: int(status.split(f"{name}:")[1].split()[0]) / 1024 for name in ("VmRSS", "VmHWM")}
    return {
        "cpu_s": time.process_time(),
        "rss_mib": used["VmRSS"],
        "most_mib": used["VmHWM"],
        **await database.read(work),
    }


async def obey(database: Database, clock: MovableClock) -> None:
    """Do what each line says."""
    loop = asyncio.get_running_loop()
    while word := (await loop.run_in_executor(None, sys.stdin.readline)).strip():
        if word == "open":
            now = clock.now()
            clock.travel((now + timedelta(days=1)).replace(hour=9, minute=1) - now)
        if word == "calm":
            Path("/proc/self/clear_refs").write_text("5")  # noqa: ASYNC240 - resets VmHWM, no disk
        print(json.dumps(await told(database)), flush=True)
    os._exit(0)


async def main() -> None:
    kind, port, style = sys.argv[1:4]
    use_own_zone_data()
    root = f"http://127.0.0.1:{port}"
    if kind == "telegram":
        settings = Settings(telegram_token=TELEGRAM_TOKEN, telegram_api=root)
    else:
        settings = Settings(
            discord_token=DISCORD_TOKEN, discord_api=f"{root}/api", discord_gateway=f"ws://127.0.0.1:{port}/gateway"
        )
    with tempfile.TemporaryDirectory() as folder:
        shelf, clock = open_shelf(), MovableClock()
        shelf.reload().refuse()
        database = await open_database(Path(folder) / "bench.db")
        app = build_app(database, shelf, clock, budgets=Budgets(clock), personal=connections.personal())
        await migrate(database, all_migrations(app.features, connections.migrations()), before_change=None, now=0)
        await app.plan_own()
        await set_up(app, kind, style, clock)
        platforms = connections.build_platforms(settings, app, database)
        async with running(app, platforms), posting(app, database, platforms), keeping_time(app, database, clock):
            await obey(database, clock)


if __name__ == "__main__":
    asyncio.run(main())
