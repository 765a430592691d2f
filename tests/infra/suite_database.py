"""What every driver of the ``Database`` port must do, whichever database it speaks to.

To have another driver tried, add one entry to ``DRIVERS``. ``open`` may be called twice with the same folder: what was
stored is there again, if the driver ``remembers``.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextvars import ContextVar
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.infra.database_inline import open_inline
from bot.infra.database_sqlite import open_database
from bot.kit.database import Database, Transaction
from bot.kit.errors import ConstraintError, RoadmateError, StorageError, SuspendedInTransactionError

Work = Callable[[Transaction], Awaitable[object]]


@dataclass(frozen=True, slots=True)
class Driver:
    """How one driver is opened in a folder of its own."""

    open: Callable[[Path], Awaitable[Database]]
    remembers: bool = True


async def _sqlite(folder: Path) -> Database:
    return await open_database(folder / "suite.db")


async def _sqlite_with_three_readers(folder: Path) -> Database:
    return await open_database(folder / "suite.db", readers=3)


async def _inline(folder: Path) -> Database:
    return open_inline(folder / "inline.db")


async def _memory(folder: Path) -> Database:
    return open_inline()


DRIVERS = {
    "sqlite": Driver(_sqlite),
    "sqlite-readers": Driver(_sqlite_with_three_readers),
    "inline": Driver(_inline),
    "memory": Driver(_memory, remembers=False),
}
COLOR: ContextVar[str] = ContextVar("color", default="none")
INSERT = "INSERT INTO word (id, text) VALUES (:id, :text)"


class SomeError(Exception):
    """Raised by a unit of work in these tests."""


async def make_table(tx: Transaction) -> None:
    await tx.execute("CREATE TABLE word (id INTEGER PRIMARY KEY, text TEXT NOT NULL UNIQUE)")
    await tx.execute("CREATE TABLE letter (word_id INTEGER NOT NULL REFERENCES word (id), letter TEXT NOT NULL)")


def adding(number: int, text: str | None = None) -> Callable[[Transaction], Awaitable[int]]:
    async def work(tx: Transaction) -> int:
        return await tx.execute(INSERT, id=number, text=text or f"word {number}")

    return work


async def numbers(tx: Transaction) -> list[int]:
    return [int(row["id"]) for row in await tx.all("SELECT id FROM word ORDER BY id")]


class DatabaseSuite:
    """Subclass it in a test module."""

    @pytest.fixture(params=list(DRIVERS))
    def driver(self, request: pytest.FixtureRequest) -> Driver:
        return DRIVERS[request.param]

    @pytest.fixture
    async def database(self, driver: Driver, tmp_path: Path) -> AsyncIterator[Database]:
        opened = await driver.open(tmp_path)
        await opened.write(make_table)
        yield opened
        await opened.close()

    async def test_what_a_unit_returns_is_returned_and_its_effect_is_there(self, database: Database) -> None:
        assert await database.write(adding(1)) == 1
        assert await database.read(numbers) == [1]

    async def test_rows_answer_by_name_and_by_position(self, database: Database) -> None:
        await database.write(adding(1, "näive 🙂"))

        async def look(tx: Transaction) -> tuple[object, object]:
            row = await tx.one("SELECT id, text AS said FROM word WHERE id = :id", id=1)
            assert row is not None
            return row["said"], row[0]

        assert await database.read(look) == ("näive 🙂", 1)

    async def test_a_column_that_is_not_there_raises(self, database: Database) -> None:
        async def look(tx: Transaction) -> object:
            row = await tx.one("SELECT 1 AS a")
            assert row is not None
            return row["b"]

        with pytest.raises((KeyError, IndexError)):
            await database.read(look)

    async def test_one_without_a_row_is_none(self, database: Database) -> None:
        async def look(tx: Transaction) -> object:
            return await tx.one("SELECT id FROM word")

        assert await database.read(look) is None

    async def test_execute_counts_the_rows_it_changed(self, database: Database) -> None:
        async def work(tx: Transaction) -> list[int]:
            await tx.many(INSERT, [{"id": number, "text": f"w{number}"} for number in range(5)])
            return [
                await tx.execute("UPDATE word SET text = text || 'x' WHERE id < :most", most=3),
                await tx.execute("INSERT INTO word (id, text) VALUES (0, 'y') ON CONFLICT DO NOTHING"),
                await tx.execute("DELETE FROM word WHERE id >= 3"),
                await tx.execute("INSERT INTO word (id, text) VALUES (8, 'a'), (9, 'b') RETURNING id"),
            ]

        assert await database.write(work) == [3, 0, 2, 2]
        assert await database.read(numbers) == [0, 1, 2, 8, 9]

    async def test_returning_gives_the_rows_written(self, database: Database) -> None:
        async def work(tx: Transaction) -> object:
            row = await tx.one("INSERT INTO word (id, text) VALUES (3, 'c'), (4, 'd') RETURNING id")
            assert row is not None
            return row["id"]

        assert await database.write(work) == 3
        assert await database.read(numbers) == [3, 4]

    async def test_many_with_no_rows_changes_nothing(self, database: Database) -> None:
        async def work(tx: Transaction) -> None:
            await tx.many(INSERT, [])

        await database.write(work)
        assert await database.read(numbers) == []

    async def test_values_come_back_as_they_were_stored(self, database: Database) -> None:
        async def work(tx: Transaction) -> list[object]:
            row = await tx.one(
                "SELECT CAST(:a AS INTEGER), CAST(:b AS TEXT), CAST(:c AS INTEGER)", a=None, b="'; --", c=2**31 - 1
            )
            assert row is not None
            return [row[0], row[1], row[2]]

        assert await database.read(work) == [None, "'; --", 2**31 - 1]

    async def test_a_unit_that_raises_leaves_no_trace(self, database: Database) -> None:
        async def work(tx: Transaction) -> None:
            await tx.execute(INSERT, id=1, text="one")
            raise SomeError

        with pytest.raises(SomeError):
            await database.write(work)
        assert await database.read(numbers) == []

    async def test_a_unit_that_raises_is_undone_alone_among_its_neighbours(self, database: Database) -> None:
        async def bad(tx: Transaction) -> None:
            await tx.execute(INSERT, id=100, text="bad")
            raise SomeError

        units: list[Work] = [adding(1), bad, adding(2), bad, adding(3), adding(4, "word 1"), adding(5)]
        outcomes = await asyncio.gather(*(database.write(unit) for unit in units), return_exceptions=True)
        assert [type(outcome) for outcome in outcomes] == [int, SomeError, int, SomeError, int, ConstraintError, int]
        assert await database.read(numbers) == [1, 2, 3, 5]

    @pytest.mark.parametrize(
        "sql",
        [
            "INSERT INTO word (id, text) VALUES (1, 'other')",
            "INSERT INTO word (id, text) VALUES (2, 'one')",
            "INSERT INTO word (id) VALUES (3)",
            "INSERT INTO letter (word_id, letter) VALUES (7, 'x')",
            "DELETE FROM word WHERE id = 1",
        ],
    )
    async def test_a_rule_of_a_table_is_a_constraint_error(self, database: Database, sql: str) -> None:
        async def prepare(tx: Transaction) -> None:
            await tx.execute(INSERT, id=1, text="one")
            await tx.execute("INSERT INTO letter (word_id, letter) VALUES (1, 'o')")

        async def work(tx: Transaction) -> None:
            await tx.execute(sql)

        await database.write(prepare)
        with pytest.raises(ConstraintError):
            await database.write(work)
        assert await database.read(numbers) == [1]

    async def test_a_refused_statement_undoes_the_unit_even_when_it_is_caught(self, database: Database) -> None:
        async def work(tx: Transaction) -> str:
            await tx.execute(INSERT, id=1, text="one")
            with pytest.raises(ConstraintError):
                await tx.execute(INSERT, id=1, text="again")
            with pytest.raises(StorageError):
                await tx.execute(INSERT, id=2, text="two")
            return "fine"

        with pytest.raises(ConstraintError):
            await database.write(work)
        assert await database.read(numbers) == []

    @pytest.mark.parametrize("sql", ["SELEC 1", "SELECT * FROM nowhere", "SELECT :missing AS a", "SELECT 1; SELECT 2"])
    async def test_bad_sql_is_a_storage_error(self, database: Database, sql: str) -> None:
        async def work(tx: Transaction) -> object:
            return await tx.one(sql)

        with pytest.raises(StorageError):
            await database.read(work)
        assert await database.read(numbers) == []

    @pytest.mark.parametrize("value", [2**63, "\ud800"])
    async def test_a_value_that_cannot_be_stored_is_a_storage_error(self, database: Database, value: str | int) -> None:
        async def work(tx: Transaction) -> None:
            await tx.execute(INSERT, id=1, text=value)

        with pytest.raises(StorageError):
            await database.write(work)

    @pytest.mark.parametrize(
        "sql", ["COMMIT", "rollback", "BEGIN", "/* a */ -- b\n ; SAVEPOINT x", "RELEASE unit", "PRAGMA query_only = 0"]
    )
    async def test_a_unit_cannot_end_or_configure_anything_itself(self, database: Database, sql: str) -> None:
        async def work(tx: Transaction) -> None:
            await tx.execute(INSERT, id=1, text="one")
            await tx.execute(sql)

        with pytest.raises(StorageError):
            await database.write(work)
        assert await database.read(numbers) == []

    async def test_a_read_cannot_write(self, database: Database) -> None:
        with pytest.raises(StorageError, match="write"):
            await database.read(adding(1))
        with pytest.raises(StorageError):
            await database.read(make_table)
        assert await database.read(numbers) == []
        assert await database.write(adding(2)) == 1

    async def test_a_read_sees_every_write_that_returned_before(self, database: Database) -> None:
        async def writer(first: int) -> None:
            for number in range(first, first + 20):
                await database.write(adding(number))
                assert number in await database.read(numbers)

        await asyncio.gather(*(writer(first) for first in range(0, 200, 20)))

    async def test_a_read_never_sees_half_of_a_unit(self, database: Database) -> None:
        await database.write(adding(1, "10"))
        await database.write(adding(2, "-10"))

        async def move(tx: Transaction) -> None:
            row = await tx.one("SELECT text FROM word WHERE id = 1")
            assert row is not None
            amount = int(row["text"]) + 1
            await tx.execute("UPDATE word SET text = :text WHERE id = 1", text=str(amount))
            await tx.execute("UPDATE word SET text = :text WHERE id = 2", text=str(-amount))

        async def add_up(tx: Transaction) -> int:
            first = await tx.one("SELECT text FROM word WHERE id = 1")
            second = await tx.one("SELECT text FROM word WHERE id = 2")
            assert first is not None
            assert second is not None
            return int(first["text"]) + int(second["text"])

        async def reader() -> set[int]:
            return {await database.read(add_up) for _ in range(50)}

        async def writer() -> None:
            for _ in range(50):
                await database.write(move)

        sums, _, _ = await asyncio.gather(reader(), writer(), writer())
        assert sums == {0}
        row = await database.read(lambda tx: tx.one("SELECT text FROM word WHERE id = 1"))
        assert row is not None
        assert row["text"] == "110"

    async def test_writes_happen_in_the_order_they_were_asked_for(self, database: Database) -> None:
        happened: list[int] = []

        def noting(number: int) -> Work:
            async def work(tx: Transaction) -> None:
                happened.append(number)
                await tx.execute(INSERT, id=number, text=str(number))

            return work

        await asyncio.gather(*(database.write(noting(number)) for number in range(600)))
        assert happened == list(range(600))

    @pytest.mark.parametrize("name", ["sleep(0)", "sleep", "future", "event", "timeout", "task"])
    async def test_a_unit_that_waits_for_something_else_is_refused_and_undone(
        self, database: Database, name: str
    ) -> None:
        loop = asyncio.get_running_loop()
        never: asyncio.Future[None] = loop.create_future()

        async def wait() -> None:
            if name == "sleep(0)":
                await asyncio.sleep(0)
            elif name == "sleep":
                await asyncio.sleep(3600)
            elif name == "future":
                await never
            elif name == "event":
                await asyncio.Event().wait()
            elif name == "timeout":
                async with asyncio.timeout(3600):
                    await never
            else:
                await asyncio.gather(never, never)

        async def work(tx: Transaction) -> None:
            await tx.execute(INSERT, id=1, text="one")
            await wait()

        outcomes = await asyncio.gather(
            database.write(adding(2)), database.write(work), database.write(adding(3)), return_exceptions=True
        )
        assert [type(outcome) for outcome in outcomes] == [int, SuspendedInTransactionError, int]
        assert await database.read(numbers) == [2, 3]

    async def test_a_unit_that_will_not_stop_waiting_is_undone_all_the_same(self, database: Database) -> None:
        async def work(tx: Transaction) -> None:
            await tx.execute(INSERT, id=1, text="one")
            try:
                await asyncio.sleep(0)
            finally:
                await asyncio.sleep(0)

        with pytest.raises(SuspendedInTransactionError):
            await database.write(work)
        assert await database.read(numbers) == []

    @pytest.mark.parametrize("inner", ["read", "write", "close"])
    async def test_a_unit_inside_a_unit_is_refused(self, database: Database, inner: str) -> None:
        async def work(tx: Transaction) -> None:
            await tx.execute(INSERT, id=1, text="one")
            if inner == "close":
                await database.close()
            else:
                await (database.read if inner == "read" else database.write)(numbers)

        with pytest.raises(SuspendedInTransactionError):
            await database.write(work)
        assert await database.read(numbers) == []

    async def test_a_transaction_is_useless_after_its_unit(self, database: Database) -> None:
        kept: list[Transaction] = []

        async def keep(tx: Transaction) -> None:
            kept.append(tx)

        await database.write(keep)
        with pytest.raises(StorageError, match="ended"):
            await kept[0].execute(INSERT, id=1, text="one")
        assert await database.read(numbers) == []

    async def test_a_unit_sees_the_context_of_its_caller_and_cannot_change_it(self, database: Database) -> None:
        async def look(tx: Transaction) -> str:
            seen = COLOR.get()
            COLOR.set("changed")
            return seen

        token = COLOR.set("green")
        assert await database.write(look) == "green"
        assert await database.read(look) == "green"
        COLOR.reset(token)

    async def test_a_cancelled_unit_happened_wholly_or_not_at_all(self, database: Database) -> None:
        def adding_two(number: int) -> Work:
            async def work(tx: Transaction) -> None:
                await tx.execute(INSERT, id=number, text=str(number))
                await tx.execute(INSERT, id=number + 1000, text=str(number + 1000))

            return work

        tasks = [asyncio.ensure_future(database.write(adding_two(number))) for number in range(300)]
        await asyncio.sleep(0)
        for task in tasks[1::2]:
            task.cancel()
        await asyncio.wait(tasks)
        stored = set(await database.read(numbers))
        assert {number for number in stored if number < 1000} == {number - 1000 for number in stored if number >= 1000}
        assert stored >= set(range(0, 300, 2))
        assert await database.write(adding(9999)) == 1

    async def test_close_finishes_what_was_accepted(self, driver: Driver, tmp_path: Path) -> None:
        database = await driver.open(tmp_path)
        await database.write(make_table)
        tasks = [asyncio.ensure_future(database.write(adding(number))) for number in range(300)]
        await asyncio.sleep(0)
        await database.close()
        assert await asyncio.gather(*tasks) == [1] * 300

    async def test_after_close_everything_is_refused(self, database: Database) -> None:
        await asyncio.gather(database.close(), database.close())
        await database.close()
        with pytest.raises(StorageError, match="closed"):
            await database.read(numbers)
        with pytest.raises(StorageError, match="closed"):
            await database.write(adding(1))

    async def test_what_was_stored_is_there_after_opening_again(self, driver: Driver, tmp_path: Path) -> None:
        if not driver.remembers:
            pytest.skip("keeps nothing")
        database = await driver.open(tmp_path)
        await database.write(make_table)
        await asyncio.gather(*(database.write(adding(number)) for number in range(50)))
        await database.close()
        database = await driver.open(tmp_path)
        assert await database.read(numbers) == list(range(50))
        await database.close()

    async def test_every_error_of_ours_reads_as_a_sentence(self, database: Database) -> None:
        async def work(tx: Transaction) -> None:
            await tx.execute("SELECT private FROM nowhere WHERE a = :a", a="secret")

        with pytest.raises(RoadmateError) as caught:
            await database.write(work)
        assert str(caught.value).endswith(".")
        assert "nowhere" in str(caught.value)
        assert "secret" not in str(caught.value)
