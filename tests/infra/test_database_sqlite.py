from __future__ import annotations

import asyncio
import inspect
import os
import sqlite3
import subprocess
import sys
import tempfile
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import aiosqlite
import pytest

from bot.infra.database_sqlite import MOST_TOGETHER, Lane, SqliteDatabase, on_thread, open_database
from bot.infra.sqlite_units import DiskTroubleError, prepare
from bot.kit.database import Transaction
from bot.kit.errors import ConstraintError, StorageError
from tests.infra.suite_database import DatabaseSuite, adding, make_table, numbers

HOLDER = """
import asyncio, sys
from pathlib import Path
from bot.infra.database_sqlite import open_database

async def main():
    database = await open_database(Path(sys.argv[1]))
    print("ready", flush=True)
    sys.stdin.read()
    await database.close()

asyncio.run(main())
"""
WRITER = """
import asyncio, os, sys
from pathlib import Path
from bot.infra.database_sqlite import open_database

async def main():
    database = await open_database(Path(sys.argv[1]))

    async def write_on(first):
        for number in range(first, 10**9, 20):
            async def work(tx):
                await tx.execute("INSERT INTO word (id, text) VALUES (:id, :text)", id=number, text=f"word {number}")
            await database.write(work)
            os.write(1, f"{number}\\n".encode())

    await asyncio.gather(*(write_on(first) for first in range(20)))

asyncio.run(main())
"""


class TestEveryDriver(DatabaseSuite):
    """The contract, for each entry of ``DRIVERS``."""


class Gate:
    """A unit of work that holds the writing thread until it is told to go on."""

    def __init__(self) -> None:
        self._reached = threading.Event()
        self._open = threading.Event()

    async def work(self, tx: Transaction) -> None:
        self._reached.set()
        assert self._open.wait(30)

    async def reached(self) -> None:
        assert await asyncio.to_thread(self._reached.wait, 30)

    def open(self) -> None:
        self._open.set()


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[SqliteDatabase]:
    opened = await open_database(tmp_path / "a.db")
    await opened.write(make_table)
    yield opened
    await opened.close()


@contextmanager
def running(code: str, path: Path) -> Iterator[subprocess.Popen[str]]:
    with subprocess.Popen(
        [sys.executable, "-c", code, str(path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[2],
    ) as process:
        try:
            yield process
        finally:
            process.kill()


@contextmanager
def as_nobody() -> Iterator[None]:
    """Give up the rights of root for a while, as root may write everywhere."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(0)


@pytest.fixture
def shared_folder() -> Iterator[Path]:
    """A folder that anybody may look into, but only its owner may change."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        yield folder
        folder.chmod(0o755)


async def refusal(path: Path) -> str:
    """Return the sentence with which a file is refused."""
    with pytest.raises(StorageError) as caught:
        await open_database(path)
    sentence = str(caught.value)
    assert str(path) in sentence
    assert sentence.endswith(".")
    return sentence


async def make_nothing(tx: Transaction) -> None:
    pass


def names(folder: Path) -> list[str]:
    return sorted(entry.name for entry in folder.iterdir())


def permit(path: Path, mode: int) -> None:
    path.chmod(mode)


def settings(raw: sqlite3.Connection) -> dict[str, object]:
    names = ("journal_mode", "synchronous", "foreign_keys", "temp_store", "query_only")
    return {name: raw.execute(f"PRAGMA {name}").fetchone()[0] for name in names}


class TestOneProcessWrites:
    async def test_a_second_process_is_refused_by_name_and_number(self, tmp_path: Path) -> None:
        path = tmp_path / "a.db"
        with running(HOLDER, path) as process:
            assert process.stdout is not None
            assert process.stdout.readline() == "ready\n"
            assert await refusal(path) == (
                f"Roadmate is already running on {path} (process {process.pid}). "
                "Stop it first, or set ROADMATE_DATABASE to another file."
            )

    async def test_a_link_to_the_file_is_the_same_file(self, database: SqliteDatabase, tmp_path: Path) -> None:
        (tmp_path / "link.db").symlink_to(tmp_path / "a.db")
        with pytest.raises(StorageError, match="already running"):
            await open_database(tmp_path / "link.db")

    async def test_being_refused_disturbs_nobody(self, database: SqliteDatabase, tmp_path: Path) -> None:
        await refusal(tmp_path / "a.db")
        await refusal(tmp_path / "a.db")
        assert await database.write(adding(1)) == 1

    async def test_the_lock_goes_with_the_process_that_held_it(self, tmp_path: Path) -> None:
        path = tmp_path / "a.db"
        with running(HOLDER, path) as process:
            assert process.stdout is not None
            process.stdout.readline()
            process.kill()
            process.wait()
            assert (tmp_path / "a.db.lock").exists()
            await (await open_database(path)).close()

    async def test_a_lock_file_that_vanishes_while_it_is_taken_is_made_anew(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        lock = tmp_path / "a.db.lock"
        taken: list[int] = []

        def take(descriptor: int, operation: int) -> None:
            taken.append(descriptor)
            if len(taken) <= 2:  # as if another process had just let go of it
                lock.unlink()
            if len(taken) == 2:
                lock.touch()

        monkeypatch.setattr("bot.infra.sqlite_claim.fcntl.flock", take)
        database = await open_database(tmp_path / "a.db")
        assert len(taken) == 3
        assert lock.read_text() == str(os.getpid())
        await database.close()

    async def test_nothing_but_the_file_is_left_after_closing(self, database: SqliteDatabase, tmp_path: Path) -> None:
        await database.write(adding(1))
        await database.close()
        assert names(tmp_path) == ["a.db"]


class TestRefusals:
    async def test_missing_folders_are_made(self, tmp_path: Path) -> None:
        database = await open_database(tmp_path / "x" / "y" / "a.db")
        await database.close()
        assert (tmp_path / "x" / "y" / "a.db").is_file()

    async def test_a_folder(self, tmp_path: Path) -> None:
        assert "is a folder" in await refusal(tmp_path)
        assert names(tmp_path) == []

    async def test_a_path_through_a_file(self, tmp_path: Path) -> None:
        (tmp_path / "file").write_text("text")
        assert "Not a directory" in await refusal(tmp_path / "file" / "deeper" / "a.db")

    async def test_a_device(self) -> None:
        assert "not an ordinary file" in await refusal(Path("/dev/null"))
        assert "null.lock" not in names(Path("/dev"))

    async def test_another_kind_of_file_stays_as_it_is(self, tmp_path: Path) -> None:
        path = tmp_path / "a.db"
        path.write_text("Dear diary, this is no database at all. " * 100)
        assert "not a database" in await refusal(path)
        assert path.read_text().startswith("Dear diary")
        assert names(tmp_path) == [path.name]

    async def test_a_damaged_file(self, tmp_path: Path) -> None:
        path = tmp_path / "a.db"
        database = await open_database(path)
        await database.write(make_table)
        await asyncio.gather(*(database.write(adding(number, f"{number}" * 50)) for number in range(500)))
        await database.close()
        data = bytearray(path.read_bytes())
        data[4096 * 3 : 4096 * 8] = b"\xa5" * 4096 * 5
        path.write_bytes(data)
        assert "damaged" in await refusal(path)
        assert path.read_bytes() == data
        assert names(tmp_path) == [path.name]

    async def test_a_damaged_header(self, tmp_path: Path) -> None:
        path = tmp_path / "a.db"
        path.write_bytes(b"SQLite format 3\0" + b"\xff" * 5000)
        assert "not a database" in await refusal(path)

    async def test_a_database_of_another_program(self, tmp_path: Path) -> None:
        path = tmp_path / "a.db"
        with closing(sqlite3.connect(path)) as other:
            other.execute("PRAGMA application_id = 77")
            other.execute("CREATE TABLE cookie (name)")
        before = path.read_bytes()
        assert "another program" in await refusal(path)
        assert path.read_bytes() == before

    async def test_an_empty_file_is_a_new_database(self, tmp_path: Path) -> None:
        (tmp_path / "a.db").touch()
        database = await open_database(tmp_path / "a.db")
        await database.write(make_table)
        await database.close()

    async def test_a_folder_nobody_may_write_to(self, shared_folder: Path) -> None:
        permit(shared_folder, 0o555)
        with as_nobody():
            assert "Permission denied" in await refusal(shared_folder / "a.db")
            assert "Permission denied" in await refusal(shared_folder / "x" / "y" / "a.db")
        assert names(shared_folder) == []

    async def test_a_file_that_may_only_be_read(self, shared_folder: Path) -> None:
        path = shared_folder / "a.db"
        await (await open_database(path)).close()
        permit(path, 0o444)
        permit(shared_folder, 0o777)
        with as_nobody():
            assert "Permission denied" in await refusal(path)
        assert names(shared_folder) == [path.name]

    async def test_what_fails_half_way_leaves_nothing_behind(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def fail(connection: sqlite3.Connection, *, reading: bool) -> None:
            prepare(connection, reading=reading)
            if reading:
                raise sqlite3.OperationalError("no more threads")

        monkeypatch.setattr("bot.infra.database_sqlite.prepare", fail)
        assert "no more threads" in await refusal(tmp_path / "x" / "a.db")
        assert names(tmp_path) == []

    async def test_a_database_needs_a_reader(self, tmp_path: Path) -> None:
        with pytest.raises(ValueError, match="at least one"):
            await open_database(tmp_path / "a.db", readers=0)


class TestGroups:
    async def trace(self, lane: Lane) -> list[str]:
        """Return a list that grows with every statement the lane runs from now on."""
        seen: list[str] = []
        await on_thread(lane._connection, lambda raw: raw.set_trace_callback(seen.append))
        return seen

    async def test_units_that_wait_together_share_one_commit(self, database: SqliteDatabase) -> None:
        seen = await self.trace(database._writer)
        gate = Gate()
        held = asyncio.ensure_future(database.write(gate.work))
        await gate.reached()
        waiting = [asyncio.ensure_future(database.write(adding(number))) for number in range(100)]
        await asyncio.sleep(0)
        gate.open()
        await asyncio.gather(held, *waiting)
        assert seen.count("COMMIT") == 2
        assert seen.count("SAVEPOINT unit") == 100

    async def test_a_unit_alone_needs_no_savepoint(self, database: SqliteDatabase) -> None:
        seen = await self.trace(database._writer)
        await database.write(adding(1))
        assert [seen[0], *seen[2:]] == ["BEGIN IMMEDIATE", "COMMIT"]

    async def test_a_group_has_a_most(self, database: SqliteDatabase) -> None:
        seen = await self.trace(database._writer)
        await asyncio.gather(*(database.write(adding(number)) for number in range(MOST_TOGETHER + 1)))
        assert seen.count("COMMIT") == 2

    async def test_a_commit_that_fails_fails_its_whole_group(self, database: SqliteDatabase) -> None:
        async def prepare_rule(tx: Transaction) -> None:
            await tx.execute("CREATE TABLE late (id INTEGER REFERENCES word (id) DEFERRABLE INITIALLY DEFERRED)")

        async def break_rule(tx: Transaction) -> None:
            await tx.execute("INSERT INTO late (id) VALUES (77)")

        await database.write(prepare_rule)
        outcomes = await asyncio.gather(
            database.write(adding(1)), database.write(break_rule), database.write(adding(2)), return_exceptions=True
        )
        assert [type(outcome) for outcome in outcomes] == [ConstraintError] * 3
        assert await database.read(numbers) == []
        assert await database.write(adding(3)) == 1

    async def test_a_unit_that_breaks_the_transaction_takes_only_earlier_ones_with_it(
        self, database: SqliteDatabase
    ) -> None:
        async def break_all(tx: Transaction) -> None:
            await tx.execute("INSERT OR ROLLBACK INTO word (id, text) VALUES (1, NULL)")

        outcomes = await asyncio.gather(
            database.write(adding(1)), database.write(break_all), database.write(adding(2)), return_exceptions=True
        )
        assert [type(outcome) for outcome in outcomes] == [StorageError, ConstraintError, int]
        assert await database.read(numbers) == [2]

    async def test_a_full_disk_is_said_and_survived(self, database: SqliteDatabase) -> None:
        async def fill(tx: Transaction) -> None:
            await tx.execute("INSERT INTO word (id, text) VALUES (1, hex(zeroblob(100000)))")

        def limit(raw: sqlite3.Connection) -> None:
            pages = raw.execute("PRAGMA page_count").fetchone()[0]
            raw.execute(f"PRAGMA max_page_count = {pages + 2}")

        await on_thread(database._writer._connection, limit)
        with pytest.raises(StorageError, match="is full"):
            await database.write(fill)
        outcomes = await asyncio.gather(database.write(fill), database.write(adding(2)), return_exceptions=True)
        assert [type(outcome) for outcome in outcomes] == [DiskTroubleError, int]
        assert await database.read(numbers) == [2]

    async def test_a_foreign_writer_is_named_as_the_cause(self, database: SqliteDatabase, tmp_path: Path) -> None:
        await on_thread(database._writer._connection, lambda raw: raw.execute("PRAGMA busy_timeout = 0").close())
        with closing(sqlite3.connect(tmp_path / "a.db", isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            with pytest.raises(StorageError, match="another program"):
                await database.write(adding(1))
        assert await database.write(adding(1)) == 1


class TestThreads:
    async def test_aiosqlite_still_runs_a_function_on_its_thread_in_one_hop(self) -> None:
        assert inspect.iscoroutinefunction(aiosqlite.Connection._execute)
        assert "_conn" in vars(aiosqlite.Connection)
        async with aiosqlite.connect(":memory:") as connection:
            threads = [await on_thread(connection, lambda raw: threading.get_ident()) for _ in range(2)]
            assert threads[0] == threads[1] != threading.get_ident()
            assert await on_thread(connection, type) is sqlite3.Connection

    async def test_every_connection_is_set_up(self, tmp_path: Path) -> None:
        database = await open_database(tmp_path / "a.db", readers=2)
        safe = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "temp_store": 2}
        for lane, query_only in ((database._writer, 0), *((reader, 1) for reader in database._readers)):
            assert await on_thread(lane._connection, settings) == safe | {"query_only": query_only}
        await database.close()

    async def test_a_read_keeps_its_snapshot_while_others_write(self, database: SqliteDatabase) -> None:
        gate = Gate()

        async def look_twice(tx: Transaction) -> tuple[list[int], list[int]]:
            before = await numbers(tx)
            await gate.work(tx)
            return before, await numbers(tx)

        looking = asyncio.ensure_future(database.read(look_twice))
        await gate.reached()
        await database.write(adding(1))
        gate.open()
        assert await looking == ([], [])
        assert await database.read(numbers) == [1]

    async def test_cancelled_before_it_began_means_it_never_happens(self, database: SqliteDatabase) -> None:
        gate = Gate()
        held = asyncio.ensure_future(database.write(gate.work))
        await gate.reached()
        waiting = [asyncio.ensure_future(database.write(adding(number))) for number in range(3)]
        await asyncio.sleep(0)
        waiting[1].cancel()
        gate.open()
        await asyncio.wait([held, *waiting])
        assert waiting[1].cancelled()
        assert await database.read(numbers) == [0, 2]

    async def test_cancelled_after_it_began_means_it_is_stored(self, database: SqliteDatabase) -> None:
        gate = Gate()

        async def work(tx: Transaction) -> None:
            await gate.work(tx)
            await adding(1)(tx)

        writing = asyncio.ensure_future(database.write(work))
        await gate.reached()
        writing.cancel()
        gate.open()
        with pytest.raises(asyncio.CancelledError):
            await writing
        await database.write(adding(2))
        assert await database.read(numbers) == [1, 2]

    async def test_a_caller_who_gives_up_closing_does_not_leave_it_half_closed(self, tmp_path: Path) -> None:
        database = await open_database(tmp_path / "b.db")
        gate = Gate()
        held = asyncio.ensure_future(database.write(gate.work))
        await gate.reached()
        many = [asyncio.ensure_future(database.write(make_nothing)) for _ in range(20 * MOST_TOGETHER)]
        await asyncio.sleep(0)
        closer = asyncio.ensure_future(database.close())
        await asyncio.sleep(0)
        closer.cancel()
        gate.open()
        await database.close()
        await asyncio.gather(held, *many)
        assert names(tmp_path) == ["b.db"]


class TestCopies:
    async def test_a_copy_is_one_plain_file_with_everything_stored(
        self, database: SqliteDatabase, tmp_path: Path
    ) -> None:
        permit(tmp_path / "a.db", 0o600)
        await asyncio.gather(*(database.write(adding(number)) for number in range(100)))
        target = tmp_path / "copies" / "b.db"
        await database.copy_to(target)
        assert names(target.parent) == ["b.db"]
        assert target.stat().st_mode & 0o777 == 0o600
        assert target.read_bytes()[18:20] == b"\x01\x01"  # no write-ahead log, so that it can be read from anywhere
        copy = await open_database(target)
        assert await copy.read(numbers) == list(range(100))
        await copy.close()

    async def test_work_goes_on_while_copying(self, database: SqliteDatabase, tmp_path: Path) -> None:
        copying = asyncio.ensure_future(database.copy_to(tmp_path / "b.db"))
        await asyncio.gather(*(database.write(adding(number)) for number in range(100)))
        await copying
        with closing(sqlite3.connect(tmp_path / "b.db")) as copy:
            stored = [row[0] for row in copy.execute("SELECT id FROM word ORDER BY id")]
        assert stored == list(range(len(stored)))

    async def test_a_copy_replaces_nothing(self, database: SqliteDatabase, tmp_path: Path) -> None:
        target = tmp_path / "b.db"
        target.write_text("precious")
        with pytest.raises(StorageError, match="exists already"):
            await database.copy_to(target)
        assert target.read_text() == "precious"

    async def test_a_copy_that_cannot_be_written_leaves_nothing(self, database: SqliteDatabase, tmp_path: Path) -> None:
        (tmp_path / "file").write_text("text")
        with pytest.raises(StorageError, match="cannot be written"):
            await database.copy_to(tmp_path / "file" / "b.db")
        assert not {"b.db", "b.db.part"} & set(names(tmp_path))

    async def test_closing_waits_for_a_copy_that_nobody_waits_for(
        self, database: SqliteDatabase, tmp_path: Path
    ) -> None:
        copying = asyncio.ensure_future(database.copy_to(tmp_path / "b.db"))
        await asyncio.sleep(0)
        copying.cancel()
        await asyncio.wait([copying])
        await database.close()
        assert names(tmp_path) == ["a.db", "b.db"]

    async def test_a_closed_database_is_not_copied(self, database: SqliteDatabase, tmp_path: Path) -> None:
        await database.close()
        with pytest.raises(StorageError, match="closed"):
            await database.copy_to(tmp_path / "b.db")


async def test_everything_acknowledged_survives_a_kill(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    database = await open_database(path)
    await database.write(make_table)
    await database.close()
    acknowledged: set[int] = set()
    with running(WRITER, path) as process:
        assert process.stdout is not None
        for line in process.stdout:
            acknowledged.add(int(line))
            if len(acknowledged) == 2000:
                process.kill()
            # what was still in the pipe when it died was acknowledged too
    database = await open_database(path)
    stored = set(await database.read(numbers))
    await database.close()
    assert len(acknowledged) >= 2000
    assert acknowledged <= stored
