from __future__ import annotations

import asyncio
import sqlite3
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.infra.backup import DailyBackups, back_up, check_copy, swap
from bot.infra.backup_names import copies, folder_of
from bot.infra.database_sqlite import SqliteDatabase, open_database
from bot.infra.sqlite_care import newest_good, trouble_with
from bot.kit.database import Transaction
from bot.kit.errors import StorageError
from tests.fakes.clock import FakeClock
from tests.infra.suite_database import adding, make_table

NOW = datetime(2026, 11, 21, 7, 0, tzinfo=UTC)


def names(folder: Path) -> list[str]:
    return sorted(entry.name for entry in folder.iterdir())


def write_nothing(path: Path) -> None:
    path.parent.mkdir(exist_ok=True)
    path.touch()


async def give_ledger(tx: Transaction) -> None:
    await tx.execute(
        "CREATE TABLE schema_migration (owner TEXT, number INTEGER, name TEXT, checksum TEXT, applied_at INTEGER)"
    )
    await tx.execute("INSERT INTO schema_migration VALUES ('engine', 1, 'inbox', 'abc', 0)")


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[SqliteDatabase]:
    opened = await open_database(tmp_path / "a.db")
    await opened.write(make_table)
    await opened.write(give_ledger)
    yield opened
    await opened.close()


async def stopped(path: Path, *, rows: int = 300) -> Path:
    """A database at rest with some pages."""
    opened = await open_database(path)
    await opened.write(make_table)
    await opened.write(give_ledger)
    await asyncio.gather(*(opened.write(adding(number, f"{number} " * 50)) for number in range(rows)))
    await opened.close()
    return path


def stored(path: Path) -> list[int]:
    with closing(sqlite3.connect(path)) as raw:
        return [row[0] for row in raw.execute("SELECT id FROM word ORDER BY id")]


@contextmanager
def writing(path: Path) -> Iterator[list[int]]:
    """Somebody who writes as fast as they can, from outside; the list grows with each row."""
    written: list[int] = []
    stop = threading.Event()

    def write() -> None:
        with closing(sqlite3.connect(path, isolation_level=None, timeout=30)) as raw:
            raw.execute("PRAGMA synchronous = OFF")
            while not stop.is_set():
                number = 10_000 + len(written)
                raw.execute("INSERT INTO word (id, text) VALUES (?, ?)", (number, f"{number} " * 200))
                written.append(number)

    thread = threading.Thread(target=write)
    thread.start()
    try:
        yield written
    finally:
        stop.set()
        thread.join()


class TestBackingUp:
    async def test_a_busy_database_is_copied_as_of_one_moment(self, tmp_path: Path) -> None:
        opened = await open_database(tmp_path / "a.db")
        await opened.write(make_table)
        await asyncio.gather(*(opened.write(adding(number, f"{number} " * 2000)) for number in range(2000)))
        rounds: list[int] = []
        with writing(tmp_path / "a.db") as written:
            made = await asyncio.to_thread(
                back_up, tmp_path / "a.db", tmp_path / "b.db", lambda done, _of: rounds.append(done)
            )
            during = len(written)
        await opened.close()
        assert during > 0
        assert rounds == sorted(rounds), "it never had to begin again"
        found = stored(made.path)
        assert found[:2000] == list(range(2000))
        assert found[2000:] == list(range(10_000, 10_000 + len(found) - 2000))
        assert made.rows == len(found)

    async def test_what_only_stands_in_the_log_is_copied_too(self, database: SqliteDatabase, tmp_path: Path) -> None:
        await database.write(adding(7))
        assert (tmp_path / "a.db-wal").stat().st_size > 0
        back_up(tmp_path / "a.db", tmp_path / "b.db")
        assert stored(tmp_path / "b.db") == [7]

    async def test_nothing_is_left_beside_a_database_at_rest(self, tmp_path: Path) -> None:
        await stopped(tmp_path / "a.db")
        back_up(tmp_path / "a.db", tmp_path / "copies" / "b.db")
        assert names(tmp_path) == ["a.db", "copies"]
        assert names(tmp_path / "copies") == ["b.db"]

    async def test_progress_ends_with_everything(self, tmp_path: Path) -> None:
        await stopped(tmp_path / "a.db")
        seen: list[tuple[int, int]] = []
        back_up(tmp_path / "a.db", tmp_path / "b.db", lambda done, of: seen.append((done, of)))
        assert seen[-1][0] == seen[-1][1] > 0

    async def test_a_damaged_database_makes_no_copy(self, tmp_path: Path) -> None:
        path = await stopped(tmp_path / "a.db", rows=2000)
        data = bytearray(path.read_bytes())
        data[-4096 * 4 : -4096 * 2] = b"\xa5" * 4096 * 2
        path.write_bytes(data)
        with pytest.raises(StorageError, match=r"is damaged .* (no good backup|newest good backup)"):
            back_up(path, tmp_path / "b.db")
        assert names(tmp_path) == ["a.db"]

    async def test_rows_that_point_at_nothing_make_no_copy(self, tmp_path: Path) -> None:
        path = await stopped(tmp_path / "a.db")
        with closing(sqlite3.connect(path)) as raw:
            raw.execute("INSERT INTO letter (word_id, letter) VALUES (99999, 'x')")
            raw.commit()
        with pytest.raises(StorageError, match="point at nothing"):
            back_up(path, tmp_path / "b.db")
        assert "b.db" not in names(tmp_path)

    async def test_a_full_disk_is_noticed_before_it_is_full(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        path = await stopped(tmp_path / "a.db")
        monkeypatch.setattr("bot.infra.backup._SPARE_BYTES", 10**18)
        monkeypatch.undo()
        monkeypatch.setattr("bot.infra.backup._SPARE_BYTES", 10**18)
        with pytest.raises(StorageError, match="MiB free, and a copy needs"):
            back_up(path, tmp_path / "b.db")
        assert names(tmp_path) == ["a.db"]

    async def test_a_name_that_comes_to_be_meanwhile_is_not_taken(self, tmp_path: Path) -> None:
        def take_the_name(_done: int, _of: int) -> None:
            (tmp_path / "b.db").write_text("mine")

        path = await stopped(tmp_path / "a.db")
        with pytest.raises(StorageError, match="exists already"):
            back_up(path, tmp_path / "b.db", take_the_name)
        assert (tmp_path / "b.db").read_text() == "mine"
        assert names(tmp_path) == ["a.db", "b.db"]

    async def test_another_programs_database_is_not_copied(self, tmp_path: Path) -> None:
        with closing(sqlite3.connect(tmp_path / "a.db")) as other:
            other.execute("CREATE TABLE cookie (name)")
        with pytest.raises(StorageError, match="another program"):
            back_up(tmp_path / "a.db", tmp_path / "b.db")

    async def test_a_copy_is_given_up_when_told_to_stop(self, tmp_path: Path) -> None:
        path = await stopped(tmp_path / "a.db", rows=3000)
        stop = threading.Event()
        with pytest.raises(StorageError, match="given up"):
            back_up(path, tmp_path / "b.db", lambda _done, _of: stop.set(), stop=stop)
        assert names(tmp_path) == ["a.db"]

    async def test_closing_does_not_wait_long_for_a_copy(
        self, database: SqliteDatabase, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("bot.infra.database_sqlite.COPY_SECONDS", 0)
        begun = threading.Event()

        def endless(_source: Path, _target: Path, *, stop: threading.Event) -> None:
            begun.set()
            assert stop.wait(30)
            raise StorageError("given up")

        monkeypatch.setattr("bot.infra.database_sqlite.back_up", endless)
        copying = asyncio.ensure_future(database.copy_to(tmp_path / "b.db"))
        await asyncio.to_thread(begun.wait, 30)
        await database.close()
        with pytest.raises(StorageError, match="given up"):
            await copying


class TestPuttingBack:
    async def test_the_file_before_is_kept_whole(self, tmp_path: Path) -> None:
        old, fresh = await stopped(tmp_path / "a.db", rows=3), await stopped(tmp_path / "fresh", rows=5)
        old.chmod(0o640)
        done = swap(old, fresh, NOW)
        assert done.before == tmp_path / "a-2026-11-21T0700-replaced.db"
        assert (len(stored(old)), len(stored(done.before))) == (5, 3)
        assert old.stat().st_mode & 0o777 == 0o640
        assert names(tmp_path) == ["a-2026-11-21T0700-replaced.db", "a.db"]

    async def test_what_a_killed_bot_left_in_the_log_goes_with_the_old_file(self, tmp_path: Path) -> None:
        database = await open_database(tmp_path / "live.db")
        await database.write(make_table)
        await database.write(adding(1))
        for ending in ("", "-wal"):  # as a crash leaves them
            (tmp_path / f"a.db{ending}").write_bytes((tmp_path / f"live.db{ending}").read_bytes())
        await database.close()
        fresh = await stopped(tmp_path / "fresh", rows=5)
        done = swap(tmp_path / "a.db", fresh, NOW)
        assert not (tmp_path / "a.db-wal").exists()
        assert len(stored(tmp_path / "a.db")) == 5
        assert done.before is not None
        assert stored(done.before) == [1]

    async def test_a_log_beside_a_damaged_file_is_never_read_with_the_fresh_one(self, tmp_path: Path) -> None:
        path = tmp_path / "a.db"
        path.write_bytes(b"damaged beyond reading" * 500)
        (tmp_path / "a.db-wal").write_bytes(b"some log")
        fresh = await stopped(tmp_path / "fresh", rows=5)
        done = swap(path, fresh, NOW)
        assert len(stored(path)) == 5
        assert done.before is not None
        assert done.before.read_bytes().startswith(b"damaged")
        assert done.before.with_name(done.before.name + "-wal").read_bytes() == b"some log"
        assert not (tmp_path / "a.db-wal").exists()

    async def test_at_every_moment_a_whole_file_has_the_name(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        old, fresh = await stopped(tmp_path / "a.db", rows=3), await stopped(tmp_path / "fresh", rows=5)

        def fail(*_ignored: object) -> None:
            assert len(stored(old)) == 3
            raise OSError(5, "Input/output error")

        monkeypatch.setattr("bot.infra.backup.Path.replace", fail)
        with pytest.raises(StorageError, match="cannot be replaced: Input/output error"):
            swap(old, fresh, NOW)
        assert len(stored(old)) == 3

    @pytest.mark.parametrize(
        ("made", "words"),
        [
            ("missing", "does not exist"), ("folder", "not an ordinary file"), ("text", "is not a database"),
            ("foreign", "another program"), ("empty", "is not a database"), ("itself", "the database itself"),
            ("blank", "holds nothing of Roadmate"), ("damaged", "is damaged"), ("index", "is damaged"),
        ],
    )  # fmt: skip
    async def test_what_cannot_serve_is_refused_in_a_sentence(self, tmp_path: Path, made: str, words: str) -> None:
        database = await stopped(tmp_path / "a.db")
        file = tmp_path / "file.db"
        if made == "folder":
            file.mkdir()
        elif made == "text":
            file.write_text("SELECT 1; -- a dump\n" * 100)
        elif made == "foreign":
            with closing(sqlite3.connect(file)) as other:
                other.execute("CREATE TABLE cookie (name)")
        elif made == "empty":
            file.touch()
        elif made == "itself":
            file.symlink_to(database)
        elif made == "blank":
            await (await open_database(file)).close()
        elif made == "damaged":
            data = bytearray((await stopped(file, rows=2000)).read_bytes())
            data[4096 * 10 : 4096 * 14] = b"\xa5" * 4096 * 4
            file.write_bytes(data)
        elif made == "index":  # an index that lacks a row: only the thorough check sees it
            await stopped(file)
            with closing(sqlite3.connect(file)) as raw:
                raw.execute("CREATE INDEX extra ON word (id, text)")
                raw.execute("PRAGMA writable_schema = ON")
                sql = "UPDATE sqlite_master SET sql = replace(sql, '(id, text)', '(id, id)') WHERE name = 'extra'"
                raw.execute(sql)
                raw.commit()
        with pytest.raises(StorageError, match=words):
            check_copy(file, database)

    async def test_the_newest_good_copy_is_found_behind_a_damaged_one(self, tmp_path: Path) -> None:
        database = tmp_path / "a.db"
        folder = folder_of(database)
        folder.mkdir()
        assert newest_good(database) is None
        good = await stopped(folder / "a-2026-11-19T0300-daily.db")
        (folder / "a-2026-11-20T0300-daily.db").write_bytes(b"SQLite format 3\0" + b"\xff" * 9000)
        assert newest_good(database) == good
        assert "damaged" in trouble_with(folder / "a-2026-11-20T0300-daily.db")


class TestEveryDay:
    async def turns(self, rounds: int = 200) -> None:
        for _round in range(rounds):
            await asyncio.sleep(0)

    async def days(self, tmp_path: Path, clock: FakeClock, hours: int, copy_to: object = None) -> list[Path]:
        made: list[Path] = []

        async def touch(path: Path) -> None:
            write_nothing(path)
            made.append(path)

        task = asyncio.ensure_future(DailyBackups(copy_to or touch, tmp_path / "a.db", clock).run())  # type: ignore[arg-type]
        for _hour in range(hours):
            await self.turns()
            clock.travel(timedelta(hours=1))
        await self.turns()
        task.cancel()
        await asyncio.wait([task])
        return made

    async def test_a_bot_that_is_only_tried_out_leaves_no_copies(self, tmp_path: Path) -> None:
        clock = FakeClock(NOW)
        assert await self.days(tmp_path, clock, 0) == []
        assert names(tmp_path) == []

    async def test_one_copy_a_day_and_old_ones_go(self, tmp_path: Path) -> None:
        clock = FakeClock(NOW)
        assert len(await self.days(tmp_path, clock, 24 * 60)) == 60
        assert 10 <= len(copies(tmp_path / "a.db")) <= 11

    async def test_restarts_neither_double_nor_put_off_a_copy(self, tmp_path: Path) -> None:
        clock = FakeClock(NOW)
        made = [len(await self.days(tmp_path, clock, 2)) for _restart in range(24)]
        assert sum(made) == 2

    async def test_files_of_others_stay(self, tmp_path: Path) -> None:
        folder = folder_of(tmp_path / "a.db")
        folder.mkdir()
        mine = ["a-2020-01-01T0000.db", "b-2020-01-01T0000-daily.db", "notes.txt"]
        for name in mine:
            (folder / name).touch()
        await self.days(tmp_path, FakeClock(NOW), 24 * 30)
        assert set(mine) <= set(names(folder))

    async def test_copies_that_may_hold_erased_people_go_after_forty_days(self, tmp_path: Path) -> None:
        folder = folder_of(tmp_path / "a.db")
        folder.mkdir()
        old = folder / "a-2020-01-01T0000-before-0.1.0.db", tmp_path / "a-2020-01-01T0000-replaced.db"
        for file in old:
            file.touch()
        await self.days(tmp_path, FakeClock(NOW), 30)
        assert not any(file.exists() for file in old)

    async def test_a_copy_from_the_future_does_not_put_off_the_next(self, tmp_path: Path) -> None:
        folder = folder_of(tmp_path / "a.db")
        folder.mkdir()
        (folder / "a-2036-01-01T0000-daily.db").touch()
        assert len(await self.days(tmp_path, FakeClock(NOW), 30)) == 2

    async def test_trouble_is_said_and_tried_again_within_the_hour(
        self, tmp_path: Path, caplog: pytest.LogCaptureFixture
    ) -> None:
        tries: list[Path] = []

        async def fail(path: Path) -> None:
            tries.append(path)
            raise StorageError("The disk is full. Free some space.")

        await self.days(tmp_path, FakeClock(NOW), 5, fail)
        assert len(tries) == 5
        assert "the daily backup was not made: The disk is full" in caplog.text
