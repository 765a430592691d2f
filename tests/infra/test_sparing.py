"""While tables are made the writer keeps few pages in memory, and as many as ever afterwards."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.infra.database_sqlite import SPARING_KIB, SqliteDatabase, on_thread, open_database
from bot.infra.sqlite_units import CACHE_KIB
from bot.kit.errors import StorageError
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
