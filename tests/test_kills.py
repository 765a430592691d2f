"""Thirty times ``kill -9`` to a real process, at seeded moments, most while something is on its way to Telegram.

The process, its SQLite file and HTTP are real; only the Bot API at the other end is pretended. What people asked for
has its effect exactly once, and each post can be read exactly once, or moderators were told that nobody knows.
"""

from __future__ import annotations

import asyncio
import os
import random
import sqlite3
import sys
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing, suppress
from pathlib import Path

from tests.fakes.telegram_server import TOKEN, Chat, FakeTelegram, Person
from tests.simulation.diary import SAID

ROOT = Path(__file__).resolve().parents[1]
KILLS = 30
SEED = 4
DESK = -199
"""The chat for the reports of ``/scribble`` go."""
REST_SECONDS = 40
LONGEST_LIFE = 0.7
"""Seconds after which a process is killed that has met Telegram and has nothing more to say."""


@asynccontextmanager
async def bot(folder: Path, telegram: FakeTelegram) -> AsyncIterator[asyncio.subprocess.Process]:
    """Run the bot; kill it at the end of the block."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("ROADMATE_")}
    with (folder / "log").open("ab") as log:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "tests.fakes.scribbling_bot", cwd=folder, stdin=asyncio.subprocess.DEVNULL,
            stdout=log, stderr=log,
            env=kept | {"ROADMATE_HOME": str(folder / "data"), "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1",
                        "ROADMATE_TELEGRAM_API": telegram.root, "ROADMATE_TELEGRAM_TOKEN": TOKEN},
        )  # fmt: skip
    try:
        yield process
    finally:
        with suppress(ProcessLookupError):
            process.kill()
        await process.wait()


async def moment(telegram: FakeTelegram, chance: random.Random) -> str:
    """Return at the moment to kill at, and what it was."""
    roll = chance.random()
    if roll < 0.2:
        seconds = chance.uniform(0.05, 1.0)
        await asyncio.sleep(seconds)  # while it starts, or whatever it does then
        return "at any time"
    method = "sendMessage" if roll < 0.9 else "getUpdates"
    begun, seen, more = len(telegram.called("getMe")), len(telegram.called(method)), chance.randrange(1, 5)
    async with asyncio.timeout(REST_SECONDS), telegram.changed:
        await telegram.changed.wait_for(lambda: len(telegram.called("getMe")) > begun)
    try:
        async with asyncio.timeout(LONGEST_LIFE), telegram.changed:
            await telegram.changed.wait_for(lambda: len(telegram.called(method)) >= seen + more)
    except TimeoutError:
        return "when nothing was on its way"
    await asyncio.sleep(chance.choice((0, 0, 0.001, 0.005, 0.02)))
    return f"at {method}"


def rows(folder: Path, words: str) -> list[sqlite3.Row]:
    """Ask the database of a bot that may be running."""
    with closing(sqlite3.connect(f"file:{folder / 'data' / 'roadmate.db'}?mode=ro", uri=True)) as database:
        database.row_factory = sqlite3.Row
        return database.execute(words).fetchall()


async def rest(folder: Path, telegram: FakeTelegram, asked: int) -> None:
    """Wait until every update has its effect and no post is on its way; reports may still wait for their turn."""
    async with asyncio.timeout(REST_SECONDS):
        while (
            telegram.updates
            or len(rows(folder, f"SELECT 1 FROM engine_post WHERE key LIKE '{SAID}%'")) < asked
            or rows(folder, f"SELECT 1 FROM engine_post WHERE key LIKE '{SAID}%' AND next_try IS NOT NULL")
            or rows(folder, "SELECT 1 FROM telegram_update WHERE body <> ''")
        ):
            with suppress(TimeoutError):
                async with asyncio.timeout(0.3), telegram.changed:
                    await telegram.changed.wait()


def troubles(folder: Path, chats: list[Chat], asked: list[str]) -> list[str]:
    """Return what was lost or doubled."""
    found = []
    told = " ".join(
        row["reply"] for row in rows(folder, "SELECT reply FROM engine_post WHERE key LIKE 'engine.report:%'")
    )
    readable = Counter(message.text.strip() for chat in chats for message in chat.seen)
    posts = rows(folder, f"SELECT key, state, why FROM engine_post WHERE key LIKE '{SAID}%'")
    effects = Counter(post["key"].removeprefix(SAID).partition("~")[0] for post in posts)
    found += [f"{name} had its effect {effects[name]} times" for name in asked if effects[name] != 1]
    for post in posts:
        times = readable[f"{post['key']}#0"]
        is_told = post["state"] == "unknown" and post["key"] in told
        if times != 1 and not (is_told and times == 0):
            found.append(f"{post['key']} can be read {times} times and is {post['state']} ({post['why']})")
        if post["state"] not in ("sent", "unknown"):
            found.append(f"{post['key']} is {post['state']} ({post['why']})")
    return found


async def test_thirty_kills_of_a_real_process_lose_nothing_and_double_nothing(tmp_path: Path) -> None:
    chance = random.Random(SEED)
    telegram = FakeTelegram()
    await telegram.start()
    chats = [telegram.group(f"Room {number}") for number in range(60)]
    telegram.chats[DESK] = Chat(DESK, "supergroup", "Desk")
    people = [telegram.person(f"Person {number}") for number in range(8)]
    asked: list[str] = []
    killed: Counter[str] = Counter()

    async def ask() -> None:
        person: Person = chance.choice(people)
        asked.append(f"n{len(asked)}")
        await person.types(f"/scribble {asked[-1]}", chat=chats[len(asked) % len(chats)])

    for _kill in range(KILLS):
        for _one in range(chance.choice((2, 3, 4))):
            await ask()
        async with bot(tmp_path, telegram) as process:
            killed[await moment(telegram, chance)] += 1
            assert process.returncode is None, (tmp_path / "log").read_text()
    async with bot(tmp_path, telegram):
        await rest(tmp_path, telegram, len(asked))
    await telegram.stop()
    assert troubles(tmp_path, chats, asked) == []
    assert killed["at sendMessage"] > KILLS / 2
    assert telegram.problems == []
    assert "Traceback" not in (tmp_path / "log").read_text()
