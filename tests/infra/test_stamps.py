"""Drivers that are alone with their file tell by a number whether anything of an owner was written."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.infra.database_inline import open_inline
from bot.infra.database_sqlite import open_database
from bot.kit.database import Database, Stamped, Transaction

WRITES = {
    "insert": "INSERT INTO town_house (id, floors) VALUES (1, 2)",
    "insert returning": "INSERT INTO town_house (id, floors) VALUES (1, 2) RETURNING id",
    "update": "UPDATE town_house SET floors = 3",
    "delete": "DELETE FROM town_house",
    "over several lines": "\n  insert\n  into town_house (id, floors) VALUES (1, 2) ON CONFLICT DO NOTHING",
    "with a query before it": "WITH high AS (SELECT 4 AS floors) UPDATE town_house SET floors = (SELECT floors FROM high)",
}


@pytest.fixture(params=["sqlite", "inline"])
async def database(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Database]:
    opened: Database = open_inline() if request.param == "inline" else await open_database(tmp_path / "stamps.db")

    async def make(tx: Transaction) -> None:
        await tx.execute("CREATE TABLE town_house (id INTEGER PRIMARY KEY, floors INTEGER NOT NULL)")
        await tx.execute("CREATE TABLE lake_boat (id INTEGER PRIMARY KEY)")

    await opened.write(make)
    yield opened
    await opened.close()


def stamp(database: Database, owner: str = "town") -> int | None:
    assert isinstance(database, Stamped)
    return database.stamp(owner)


@pytest.mark.parametrize("sql", WRITES.values(), ids=WRITES)
async def test_any_write_to_an_owners_table_gives_another_stamp_by_the_time_it_is_done(
    database: Database, sql: str
) -> None:
    before, other = stamp(database), stamp(database, "lake")

    async def work(tx: Transaction) -> None:
        if "RETURNING" in sql:
            await tx.one(sql)
        else:
            await tx.execute(sql)

    await database.write(work)
    assert stamp(database) != before
    assert stamp(database, "lake") == other


async def test_many_rows_at_once_count_as_well(database: Database) -> None:
    before = stamp(database)

    async def work(tx: Transaction) -> None:
        await tx.many("INSERT INTO town_house (id, floors) VALUES (:id, 1)", [{"id": 1}, {"id": 2}])

    await database.write(work)
    assert stamp(database) != before


async def test_reading_leaves_the_stamp(database: Database) -> None:
    before = stamp(database)

    async def look(tx: Transaction) -> None:
        await tx.all("SELECT * FROM town_house")

    await database.read(look)
    await database.write(look)
    assert stamp(database) == before


async def test_whoever_takes_the_stamp_before_reading_never_keeps_something_stale(tmp_path: Path) -> None:
    """Readers that keep what they read under the stamp taken before always agree with a fresh look at that stamp."""
    database = await open_database(tmp_path / "race.db", readers=3)

    async def make(tx: Transaction) -> None:
        await tx.execute("CREATE TABLE town_house (id INTEGER PRIMARY KEY, floors INTEGER NOT NULL)")
        await tx.execute("INSERT INTO town_house (id, floors) VALUES (1, 0)")

    async def raise_it(tx: Transaction) -> None:
        await tx.execute("UPDATE town_house SET floors = floors + 1")

    async def look(tx: Transaction) -> int:
        row = await tx.one("SELECT floors FROM town_house")
        assert row is not None
        return int(row["floors"])

    await database.write(make)
    stored = 0
    kept: dict[int, int] = {}

    async def writer() -> None:
        nonlocal stored
        for _ in range(150):
            await database.write(raise_it)
            stored += 1  # from now on nobody may be told less

    async def reader() -> None:
        while stored < 150:
            now = database.stamp("town")
            least = stored
            if now not in kept:
                found = await database.read(look)
                kept[now] = found
            else:
                assert kept[now] >= least
                await asyncio.sleep(0)

    await asyncio.gather(writer(), *(reader() for _ in range(4)))
    await database.close()
