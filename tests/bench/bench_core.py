"""CPU of one ``/roadmap 2`` inside the core: a Request in, a drawn payload out, progress read from the database."""

from __future__ import annotations

import asyncio
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

from bot.app import all_migrations, build_app, open_shelf
from bot.engine.migrate import migrate
from bot.infra.clock import SystemClock, use_own_zone_data
from bot.infra.database_sqlite import open_database
from bot.kit.request import Incoming, Sender, Setting, Trigger, Where
from bot.platforms.terminal.render import Screen, render


async def measure(rounds: int = 3000) -> dict[str, float]:
    """Return milliseconds of CPU for a command answered and drawn, and for a press that marks a topic."""
    use_own_zone_data()
    shelf = open_shelf()
    shelf.reload().refuse()
    with tempfile.TemporaryDirectory() as folder:
        database = await open_database(Path(folder) / "bench.db")
        app = build_app(database, shelf, SystemClock())
        await migrate(database, all_migrations(app.features), before_change=None, now=0)
        count = 0

        async def ask(trigger: Trigger, text: str) -> None:
            nonlocal count
            count += 1
            answer = await app.router.respond(
                Incoming(
                    platform="bench",
                    event=str(count),
                    trigger=trigger,
                    sender=Sender("1", "Ana"),
                    where=Where("1", Setting.PRIVATE),
                    text=text,
                    at=datetime.now(UTC),
                )
            )
            render(answer.reply, Screen())

        results: dict[str, float] = {}
        for name, trigger, texts in (
            ("cpu_ms_roadmap_2", Trigger.COMMAND, ("/roadmap 2",)),
            ("cpu_ms_roadmap_1_2", Trigger.COMMAND, ("/roadmap 1.2",)),
            ("cpu_ms_next", Trigger.COMMAND, ("/next",)),
            ("cpu_ms_mark", Trigger.PRESS, ("roadmap.mark:done:alg-knn", "roadmap.mark:none:alg-knn")),
        ):
            for _warm in range(50):
                await ask(trigger, texts[0])
            rounds_here = rounds if trigger is Trigger.COMMAND else rounds // 5
            began = time.process_time()
            for number in range(rounds_here):
                await ask(trigger, texts[number % len(texts)])
            results[name] = (time.process_time() - began) / rounds_here * 1000
        await database.close()
    return results


if __name__ == "__main__":
    for name, value in asyncio.run(measure()).items():
        print(f"{name:24} {value:8.3f}")
