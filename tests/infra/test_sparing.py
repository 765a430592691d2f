"""While tables are made the writer keeps few pages in memory, and as many as ever afterwards."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from bot.infra.database_sqlite import SPARING_KIB, SqliteDatabase, on_thread, open_database
from bot.infra.sqlite_units import CACHE_KIB
from bot.kit.database import Transaction
from bot.kit.errors import StorageError
from bot.serve import opened
from bot.settings import read_settings
from tests.fakes.clock import FakeClock
from tests.infra.suite_database import adding, make_table, numbers


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[SqliteDatabase]:
    database = await open_database(tmp_path / "roadmate.db")
    yield database
    await database.close()


async def kept(database: SqliteDatabase) -> int:
    """Return how many KiB the writer may keep."""
    lane = database._writer
    found: int = await on_thread(lane._connection, lambda raw: raw.execute("PRAGMA cache_size").fetchone()[0])
    return -found


async def test_little_is_kept_inside_and_as_much_as_ever_afterwards(database: SqliteDatabase) -> None:
    before = await kept(database)
    async with database.sparing():
        assert await kept(database) == SPARING_KIB < before
        await database.write(make_table)
        await database.write(adding(1))
    assert await kept(database) == before == CACHE_KIB
    assert await database.read(numbers) == [1]


async def test_what_fails_inside_leaves_as_much_as_ever(database: SqliteDatabase) -> None:
    with pytest.raises(StorageError):
        async with database.sparing():
            await database.write(adding(1))  # there is no such table yet
    assert await kept(database) == CACHE_KIB


async def test_the_tables_of_a_run_are_made_inside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sparing, seen = SqliteDatabase.sparing, []

    @asynccontextmanager
    async def watched(database: SqliteDatabase) -> AsyncIterator[None]:
        async with sparing(database):
            seen.append(await tables(database))
            yield
            seen.append(await tables(database))

    monkeypatch.setattr(SqliteDatabase, "sparing", watched)
    async with opened(read_settings({"ROADMATE_HOME": str(tmp_path)}, tmp_path), FakeClock()) as (
        _app,
        database,
        _shared,
    ):
        assert isinstance(database, SqliteDatabase)
        assert seen == [0, await tables(database)]
        assert await kept(database) == CACHE_KIB


async def tables(database: SqliteDatabase) -> int:
    """Return how many there are."""

    async def work(tx: Transaction) -> int:
        return len(await tx.all("SELECT name FROM sqlite_schema WHERE type = 'table'"))

    return await database.read(work)
