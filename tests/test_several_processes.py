"""Two real ``roadmate run`` over one PostgreSQL database: one listens, both work, and each takes over from the other."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import timedelta
from pathlib import Path

from bot.app import App, all_migrations, build_app, keeping_time
from bot.engine.migrate import migrate
from bot.infra.clock import SystemClock
from bot.infra.database_postgres import PostgresDatabase, open_postgres
from bot.kit.database import Transaction
from bot.kit.feature import Feature
from bot.kit.posting import Address, Post
from bot.kit.reply import reply
from bot.kit.schedule import Due, Job, Once, Owner, Plan
from tests.fakes.core import shipped_shelf
from tests.fakes.telegram_server import Chat, FakeTelegram
from tests.test_cli import roadmate as once
from tests.test_connections import Platforms, Running, platforms, roadmate

__all__ = ["platforms"]

TAKEN_OVER_SECONDS = 15
OURS, THEIRS = "it is the turn of this process", "another process has the turn"


@asynccontextmanager
async def two(folder: Path, settings: dict[str, str], *turns: str) -> AsyncIterator[tuple[Running, Running]]:
    """The one that listens, and the one that waits to take over."""
    async with roadmate(folder, settings) as first:
        await first.until("Ctrl-C stops it")
        for turn in turns:
            await first.until(f"{turn}: {OURS}")
        async with roadmate(folder, settings) as second:
            await second.until("Ctrl-C stops it")
            for turn in turns:
                await second.until(f"{turn}: {THEIRS}")
            yield first, second


def on(url: str, found: dict[str, str]) -> dict[str, str]:
    return found | {"ROADMATE_DATABASE": url, "ROADMATE_WEB": "127.0.0.1:0"}


async def seen(telegram: FakeTelegram, chat: Chat, count: int) -> list[str]:
    """Wait until the bot has said so much, and return it."""
    async with asyncio.timeout(TAKEN_OVER_SECONDS), telegram.changed:
        await telegram.changed.wait_for(lambda: len(chat.seen) >= count)
    return [message.text for message in chat.seen]


async def ends_well(run: Running) -> None:
    loop = asyncio.get_running_loop()
    begun = loop.time()
    run.process.send_signal(signal.SIGTERM)
    assert await run.ends() == 0
    assert loop.time() - begun < 6
    assert "Traceback" not in run.said
    assert "another program fetches" not in run.said


async def test_one_listens_and_when_it_is_killed_the_other_answers_all_that_was_asked(
    tmp_path: Path, postgres_url: str, platforms: Platforms
) -> None:
    telegram = platforms.telegram
    settings = on(postgres_url, platforms.settings("telegram", "discord"))
    async with two(tmp_path, settings, "telegram", "discord", "bell") as (first, second):
        assert "Everything is kept in postgresql://" in first.said
        assert first.said.count("no daily backup is made") == 1
        ana, ben = telegram.person("Ana"), telegram.person("Ben")
        await ana.types("/define overfitting")
        assert len(await seen(telegram, ana.alone, 1)) == 1
        await first.until("connected to Discord")
        assert len(platforms.discord.line.identifies) == 1, "Discord would tell two of everything"
        telegram.fail("sendMessage", 500, times=1000)
        await ben.types("/done knn")
        await telegram.until(lambda: len(telegram.called("sendMessage")) >= 2)  # it tries to answer
        first.process.kill()
        telegram.troubles.clear()
        await ana.types("/define underfitting")
        assert len(await seen(telegram, ana.alone, 2)) == 2
        assert len(await seen(telegram, ben.alone, 1)) == 1
        await second.until(f"bell: {OURS}")
        await second.until(f"discord: {OURS}")
        await second.until("connected to Discord")
        assert len(platforms.discord.line.identifies) == 2
        await ben.types("/progress")
        told = await seen(telegram, ben.alone, 2)
        assert "1" in told[-1]
        assert [len(chat.seen) for chat in (ana.alone, ben.alone)] == [2, 2]
        await ends_well(second)


async def test_a_listener_that_is_frozen_is_replaced_and_says_nothing_twice_when_it_wakes(
    tmp_path: Path, postgres_url: str, platforms: Platforms
) -> None:
    telegram = platforms.telegram
    async with two(tmp_path, on(postgres_url, platforms.settings("telegram")), "telegram", "bell") as (first, second):
        first.process.send_signal(signal.SIGSTOP)
        ana = telegram.person("Ana")
        await ana.types("/define overfitting")
        assert len(await seen(telegram, ana.alone, 1)) == 1
        await second.until(f"telegram: {OURS}")
        first.process.send_signal(signal.SIGCONT)
        await first.until("telegram is left to another process")
        await ana.types("/define underfitting")
        assert len(await seen(telegram, ana.alone, 2)) == 2
        second.process.send_signal(signal.SIGTERM)
        assert await second.ends() == 0
        await first.until(f"telegram: {OURS}")  # and now it is back
        await ana.types("/define bias")
        assert len(await seen(telegram, ana.alone, 3)) == 3
        await ends_well(first)


async def test_posts_of_one_moment_are_sent_once_by_two_processes(
    tmp_path: Path, postgres_url: str, platforms: Platforms
) -> None:
    telegram = platforms.telegram
    async with two(tmp_path, on(postgres_url, platforms.settings("telegram")), "telegram") as (first, second):
        chats = [telegram.group(f"Room {number}") for number in range(25)]
        database = await open_postgres(postgres_url)
        app = build_app(database, shipped_shelf(), SystemClock())
        await app.post_alarm.share(database, "posts")

        async def keep(tx: Transaction) -> None:
            for chat in chats:
                await app.postbox.post(
                    tx, Post(Address("telegram", str(chat.id)), reply("Good morning"), f"at:{chat.id}")
                )

        await database.write(keep)
        for chat in chats:
            assert [text.strip() for text in await seen(telegram, chat, 1)] == ["Good morning"]
        await database.close()
        for run in (first, second):
            await ends_well(run)
        assert [len(chat.seen) for chat in chats] == [1] * len(chats)


async def test_a_database_of_a_newer_version_is_refused_by_start_and_doctor(tmp_path: Path, postgres_url: str) -> None:
    settings = {"ROADMATE_DATABASE": postgres_url, "ROADMATE_WEB": "127.0.0.1:0"}
    looked = await asyncio.to_thread(once, tmp_path, "doctor", settings=settings)
    assert looked.returncode == 0, looked.stdout
    assert "nothing in it yet" in looked.stdout
    fine = await asyncio.to_thread(once, tmp_path, "chat", settings=settings, typed="/done knn\nquit\n")
    assert "Done: K-nearest neighbors" in fine.stdout, fine.stderr
    looked = await asyncio.to_thread(once, tmp_path, "doctor", settings=settings)
    assert looked.returncode == 0, looked.stdout
    assert "PostgreSQL 1" in looked.stdout
    assert "tables of version" in looked.stdout
    database = await open_postgres(postgres_url)
    await database.write(lambda tx: tx.execute("INSERT INTO schema_migration VALUES ('engine', 99, 'later', 'x', 1)"))
    await database.close()
    for verb in ("chat", "doctor"):
        refused = await asyncio.to_thread(once, tmp_path, verb, settings=settings)
        assert refused.returncode == (2 if verb == "chat" else 1)
        assert "newer Roadmate" in refused.stdout + refused.stderr
    for verb in ("backup", "restore"):
        refused = await asyncio.to_thread(once, tmp_path, verb, settings=settings)
        assert refused.returncode == 2
        assert "pg_dump" in refused.stderr or "pg_restore" in refused.stderr
    assert not (tmp_path / "data" / "roadmate.db").exists()


async def test_what_is_planned_is_done_once_by_the_process_that_has_the_bell_and_then_by_the_next(
    postgres_url: str,
) -> None:
    done: asyncio.Queue[tuple[str, str]] = asyncio.Queue()

    def process(name: str, database: PostgresDatabase) -> App:
        async def run(due: Due) -> None:
            done.put_nowait((name, due.plan.plan.tag))

        return build_app(
            database,
            shipped_shelf(),
            SystemClock(),
            builders=[lambda _tools: Feature("probe", jobs=(Job("probe.now", run),))],
        )

    async with AsyncExitStack() as first, AsyncExitStack() as second, asyncio.timeout(30):
        apps = []
        for name, stack in (("first", first), ("second", second)):
            database = await open_postgres(postgres_url, application=name)
            stack.push_async_callback(database.close)
            app = process(name, database)
            await migrate(database, all_migrations(app.features), before_change=None, now=0)
            await app.plan_alarm.share(database, "plans")
            await stack.enter_async_context(keeping_time(app, database, SystemClock(), database))
            apps.append(app)
            if name == "first":
                await planned(app, "one")
                assert await done.get() == ("first", "one")
        await planned(apps[1], "two")
        assert await done.get() == ("first", "two")
        await first.aclose()
        await planned(apps[1], "three")
        assert await done.get() == ("second", "three")
        assert done.empty()


async def planned(app: App, tag: str) -> None:
    """Plan something for now."""
    soon = Once((SystemClock().now() + timedelta(seconds=1)).replace(microsecond=0, tzinfo=None))

    async def work(tx: Transaction) -> None:
        await app.tools.schedules.plan(tx, Plan("probe.now", Owner(community=1), soon, "UTC", tag))

    await app.tools.database.write(work)
