"""Worlds that are brought up to date by a copy have what the files make, to the last row and setting."""

from __future__ import annotations

import sqlite3
from collections.abc import Awaitable, Callable
from contextlib import closing
from pathlib import Path

import pytest

from bot.engine import migrate as real
from bot.infra.database_inline import InlineDatabase, open_inline
from bot.infra.database_sqlite import SqliteDatabase, open_database
from tests.fakes.engine_tables import engine_migrations
from tests.fakes.migrated import migrate

NOW = 86_400


async def in_place(path: Path) -> InlineDatabase:
    return open_inline(path)


def contents(path: Path) -> list[object]:
    """Everything a file holds, and what it says of itself."""
    with closing(sqlite3.connect(path)) as raw:
        about = [raw.execute(f"PRAGMA {name}").fetchone() for name in ("application_id", "journal_mode", "page_size")]
        return [*about, *raw.iterdump()]


@pytest.mark.parametrize("open_file", [in_place, open_database])
async def test_a_copy_is_what_the_files_make(
    tmp_path: Path, open_file: Callable[[Path], Awaitable[InlineDatabase | SqliteDatabase]]
) -> None:
    for name, bring in (("real", real.migrate), ("first", migrate), ("copied", migrate)):
        database = await open_file(tmp_path / name)
        await bring(database, engine_migrations(), before_change=None, now=NOW)
        await database.write(lambda tx: tx.execute("INSERT INTO schema_migration VALUES ('later', 1, 'x', 'x', 1)"))
        assert await real.pending(database, engine_migrations()) == []
        await database.close()
    made = contents(tmp_path / "real")
    assert any("engine_post" in str(line) for line in made)
    assert contents(tmp_path / "first") == made
    assert contents(tmp_path / "copied") == made


async def test_a_copy_holds_nothing_of_the_world_it_was_taken_from(tmp_path: Path) -> None:
    for name in ("one", "two"):
        database = open_inline(tmp_path / name)
        await migrate(database, engine_migrations(), before_change=None, now=NOW + 1)
        found = await database.read(lambda tx: tx.all("SELECT owner FROM schema_migration WHERE owner = 'mine'"))
        assert not found
        await database.write(lambda tx: tx.execute("INSERT INTO schema_migration VALUES ('mine', 1, 'x', 'x', 1)"))
        await database.close()


async def test_a_database_in_use_is_migrated_and_not_replaced(tmp_path: Path) -> None:
    database = open_inline(tmp_path / "used.db")
    await migrate(database, engine_migrations(), before_change=None, now=NOW)
    await database.write(lambda tx: tx.execute("INSERT INTO schema_migration VALUES ('mine', 1, 'x', 'x', 1)"))
    await migrate(database, engine_migrations(), before_change=None, now=NOW)
    assert await database.read(lambda tx: tx.all("SELECT owner FROM schema_migration WHERE owner = 'mine'"))
    await database.close()
