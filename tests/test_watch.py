"""Watching over a bot as it is put together for a run."""

from __future__ import annotations

import socket
from collections import Counter
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp import ClientSession

from bot import watch
from bot.app import App, all_migrations, build_app
from bot.engine.health import Counted, Health
from bot.infra.database_sqlite import SqliteDatabase, open_database
from bot.kit.database import Transaction
from bot.kit.platform import Respond
from bot.kit.posting import Address, Courier, Post
from bot.kit.reply import notice
from bot.kit.request import Incoming, Sender, Setting, Trigger, Where
from bot.settings import Address as Listen
from bot.settings import Settings
from tests.fakes.clock import FakeClock, FakeDice
from tests.fakes.core import shipped_shelf
from tests.fakes.migrated import migrate
from tests.infra.suite_database import make_table


class Nobody:
    """A platform whose courier is ready or not."""

    name = "telegram"

    def __init__(self) -> None:
        self.is_ready = False

    surroundings = None

    @property
    def courier(self) -> Courier | None:
        return self  # type: ignore[return-value]

    async def start(self, respond: Respond) -> None: ...

    async def wait(self) -> None: ...

    async def stop(self) -> None: ...


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[SqliteDatabase]:
    opened = await open_database(tmp_path / "roadmate.db")
    yield opened
    await opened.close()


@pytest.fixture
async def app(database: SqliteDatabase, health: Health) -> App:
    clock = FakeClock()
    app = build_app(Counted(database, health.units), shipped_shelf(), clock, FakeDice())
    await migrate(database, all_migrations(app.features), before_change=None, now=0)
    return app


@pytest.fixture
def health() -> Health:
    return watch.new_health()


async def test_what_must_work_is_asked(app: App, database: SqliteDatabase, health: Health, tmp_path: Path) -> None:
    platform = Nobody()
    watch.look_at(health, app, database, [platform])
    assert await health.unready() == {"content": "", "database": "", "telegram": "not connected; the log says why"}
    platform.is_ready = True
    (tmp_path / "roadmate.db").rename(tmp_path / "gone.db")
    with pytest.raises(Exception, match="moved, deleted or replaced"):
        await database.write(make_table)
    unready = await health.unready()
    assert "moved, deleted or replaced" in unready["database"]
    assert unready["telegram"] == ""


async def test_people_posts_and_jobs_are_counted(app: App, database: SqliteDatabase, health: Health) -> None:
    watch.look_at(health, app, database, [])
    watch.count_jobs(health, Counter(done=3, failed=1))

    async def work(tx: Transaction) -> None:
        await app.postbox.post(tx, Post(to=Address("web", "hall"), reply=notice("Hello"), key="a"))

    await app.tools.database.write(work)
    where, ana = Where("1", Setting.PRIVATE, ""), Sender("1", "Ana")
    for event, text in enumerate(("/roadmap 2", "/roadmap 2", "/my-secret")):
        asked = Incoming("web", f"e{event}", Trigger.COMMAND, ana, where, text, app.tools.clock.now())
        await watch.counting(health, app)(asked)
    text = await health.metrics()
    assert 'roadmate_requests_total{platform="web",command="roadmap",outcome="answered"} 2' in text
    assert 'roadmate_requests_total{platform="web",command="unknown",outcome="answered"} 1' in text
    assert "secret" not in text
    assert 'roadmate_posts{state="planned"} 1' in text
    assert 'roadmate_jobs_total{outcome="done"} 3' in text
    assert health.units.value("write", "done") >= 2


async def test_a_bot_without_a_chat_answers_on_the_web_address(
    app: App, database: SqliteDatabase, health: Health, tmp_path: Path
) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    settings = Settings(home=tmp_path, web=Listen("127.0.0.1", port), telegram_token="1:x")
    watch.look_at(health, app, database, [])
    address = f"http://127.0.0.1:{port}/readyz"
    async with (
        watch.watched_over(settings, health, database),
        ClientSession() as session,
        session.get(address) as response,
    ):
        assert await response.text() == "ready\ncontent: ok\ndatabase: ok\n"
        assert "roadmate_backup_trouble 0" in await health.metrics()
    with socket.socket() as again:
        assert again.connect_ex(("127.0.0.1", port)) != 0


async def test_with_the_chat_it_opens_no_address_of_its_own(
    database: SqliteDatabase, health: Health, tmp_path: Path
) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        settings = Settings(home=tmp_path, web=Listen("127.0.0.1", taken.getsockname()[1]))
        async with watch.watched_over(settings, health, database):
            assert health.stalled() == ""
