"""A rehearsal with the real process: a planned post comes when the faster clock says so, and it is marked everywhere."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from datetime import UTC, datetime, time
from pathlib import Path

import aiohttp
import pytest

from bot import connections
from bot.app import FEATURES, all_migrations, build_app
from bot.engine.migrate import migrate
from bot.infra.clock import MovableClock
from bot.infra.database_sqlite import open_database
from bot.kit.database import Transaction
from bot.kit.schedule import Daily, Owner, Plan
from tests.fakes.core import shipped_shelf
from tests.fakes.telegram_server import Chat, FakeTelegram
from tests.simulation import diary
from tests.test_cli import refused
from tests.test_cli import roadmate as once
from tests.test_connections import Running, roadmate

BEGIN = datetime(2026, 11, 20, 8, 58, tzinfo=UTC)
CLOCK = "2026-11-20T08:58Z*60"


@pytest.fixture
async def telegram() -> AsyncIterator[FakeTelegram]:
    telegram = FakeTelegram()
    await telegram.start()
    yield telegram
    await telegram.stop()


async def plan_for_nine(folder: Path, chat: Chat) -> None:
    """Plan a post for nine o'clock, as a bot that ran before did."""
    (folder / "data").mkdir()
    database = await open_database(folder / "data" / "roadmate.db")
    app = build_app(database, shipped_shelf(), MovableClock(BEGIN), builders=(*FEATURES, diary.build))
    owners = all_migrations(app.features, connections.migrations())
    await migrate(database, owners, before_change=None, now=int(BEGIN.timestamp()))
    data = {"platform": "telegram", "chat": str(chat.id), "thread": ""}

    async def work(tx: Transaction) -> None:
        plan = Plan("diary.write", Owner(community=1), Daily(time(9)), "UTC", "0", data)
        await app.tools.schedules.plan(tx, plan)

    await database.write(work)
    await database.close()


async def health(run: Running) -> str:
    found = re.search(r"http://\S+", run.said)
    assert found
    async with aiohttp.ClientSession() as session, session.get(f"{found[0].rstrip('/')}/healthz") as response:
        return await response.text()


async def test_a_planned_post_comes_at_the_rehearsed_moment(tmp_path: Path, telegram: FakeTelegram) -> None:
    room = telegram.group("Room")
    await plan_for_nine(tmp_path, room)
    settings = {"ROADMATE_CLOCK": CLOCK, "ROADMATE_TELEGRAM_TOKEN": telegram.token, "ROADMATE_TELEGRAM_API": telegram.root,
                "ROADMATE_WEB": "127.0.0.1:0", "ROADMATE_WEB_SECRET": "a long secret"}  # fmt: skip
    async with roadmate(tmp_path, settings, "tests.fakes.scribbling_bot") as run:
        await run.until("REHEARSAL: the clock goes by ROADMATE_CLOCK=2026-11-20T08:58Z*60")
        assert "REHEARSAL: the clock starts at 2026-11-20 08:58:00" in run.said
        assert room.seen == []
        assert "REHEARSAL: the clock goes by" in await health(run)
        await telegram.until(lambda: room.seen)
        assert room.seen[0].text.startswith("day-0-2026-11-20")


def test_without_a_rehearsal_nothing_is_marked(tmp_path: Path) -> None:
    said = once(tmp_path, "doctor").stdout
    assert "ROADMATE_CLOCK" not in said


@pytest.mark.parametrize("clock", ["tomorrow", "2026-11-20T08:58Z*0", "2026-11-20T08:58Z*-2", "2026-11-20T08:58Z*9999",
                                   "9999-12-31T23:59Z*60", "2026-13-40*2", "*60"])  # fmt: skip
def test_nonsense_is_refused_by_start_and_doctor(tmp_path: Path, clock: str) -> None:
    settings = {"ROADMATE_CLOCK": clock}
    refused(once(tmp_path, settings=settings), "ROADMATE_CLOCK", clock, "2026-11-20T08:58Z*60")
    looked = once(tmp_path, "doctor", settings=settings)
    assert looked.returncode == 1
    assert "2026-11-20T08:58Z*60" in looked.stdout
