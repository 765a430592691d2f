"""What the disk, the operating system and careless hands can do to the database, each done for real.

How the faults are made: a full disk and a read-only one are small file systems in memory where mounting is allowed, and
otherwise the largest file this process may write (``RLIMIT_FSIZE``) and rights taken away; rights are tried as the user
nobody; damage is bytes overwritten in the file; an interrupted log is one cut off; a file that vanishes is renamed under
the open bot; a foreign program is another connection or process. No function of SQLite is replaced.

Each row must be answered with a sentence that names the file and a next step, or survived without one. Faults while it runs
must leave reads working, and writes too once the cause is gone where that can be.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import ExitStack, asynccontextmanager, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.infra.backup import back_up
from bot.infra.backup_names import folder_of
from bot.infra.database_sqlite import SqliteDatabase, open_database
from bot.infra.sqlite_claim import Claim
from bot.kit.database import Transaction
from bot.kit.errors import StorageError
from tests.infra.suite_database import adding, make_table, numbers
from tests.infra.test_database_sqlite import as_nobody, names, permit, shared_folder

if sys.platform == "win32":
    pytest.skip("these faults are made with the means of Unix", allow_module_level=True)
import resource

__all__ = ["shared_folder"]
ROWS = 400
PAGE = 4096
MEBIBYTE = 1024 * 1024


async def fill(path: Path) -> Path:
    """A database at rest: a small table that is read, and a large one beside it."""
    database = await open_database(path)
    await database.write(make_table)

    async def add_ballast(tx: Transaction) -> None:
        await tx.execute("CREATE TABLE ballast (id INTEGER PRIMARY KEY, text TEXT)")
        await tx.many(
            "INSERT INTO ballast VALUES (:id, :text)", [{"id": number, "text": "x" * 3000} for number in range(ROWS)]
        )

    await database.write(adding(1))
    await database.write(add_ballast)
    await database.close()
    return path


@asynccontextmanager
async def opened(path: Path) -> AsyncIterator[SqliteDatabase]:
    database = await open_database(path)
    try:
        yield database
    finally:
        await database.close()


async def read_ballast(tx: Transaction) -> int:
    rows = await tx.all("SELECT id, length(text) AS n FROM ballast ORDER BY id DESC")
    return len(rows)


async def add_much(tx: Transaction) -> None:
    await tx.execute("INSERT INTO word (id, text) VALUES (77, hex(zeroblob(1500000)))")


def overwrite(path: Path, start: int, data: bytes) -> None:
    with path.open("r+b") as file:
        file.seek(start)
        file.write(data)


@contextmanager
def small_disk(folder: Path) -> Iterator[bool]:
    """Let ``folder`` be a disk of its own with 8 MiB; tells whether that was allowed."""
    command = ["mount", "-t", "tmpfs", "-o", "size=8m,mode=755", "roadmate-test", str(folder)]
    is_mounted = os.geteuid() == 0 and subprocess.run(command, capture_output=True, check=False).returncode == 0
    try:
        yield is_mounted
    finally:
        if is_mounted:
            subprocess.run(["umount", "--lazy", str(folder)], check=True)


def remount(folder: Path) -> None:
    subprocess.run(["mount", "-o", "remount,ro", str(folder)], check=True)


@contextmanager
def largest_file(count: int) -> Iterator[None]:
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (count, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@contextmanager
def full(folder: Path, *, is_disk: bool) -> Iterator[None]:
    """Leave no room in ``folder``."""
    if not is_disk:
        with largest_file(8192):
            yield
        return
    ballast = folder / "ballast"
    with ballast.open("wb", buffering=0) as file:
        try:
            while True:
                file.write(b"x" * 4096)
        except OSError:
            pass
    try:
        yield
    finally:
        ballast.unlink()


@dataclass(frozen=True, slots=True)
class AtStart:
    """A fault that is there before the bot starts: how it is made, and the words with which it is refused, if it is."""

    make: Callable[[Path], object]
    words: tuple[str, ...] = ()


def _cut_log(path: Path) -> None:
    """Leave what a power cut leaves: a log whose last entry was not written to its end."""
    with closing(sqlite3.connect(path, isolation_level=None)) as raw:
        raw.execute("PRAGMA wal_autocheckpoint = 0")
        for number in (2, 3):
            raw.execute("INSERT INTO word (id, text) VALUES (?, ?)", (number, f"word {number}"))
        data, log = path.read_bytes(), path.with_name(path.name + "-wal").read_bytes()
    path.write_bytes(data)
    path.with_name(path.name + "-wal").write_bytes(log[:-100])


def _foreign(path: Path) -> None:
    path.unlink()
    with closing(sqlite3.connect(path)) as raw:
        raw.execute("CREATE TABLE cookie (name)")


def _another_programs(path: Path) -> None:
    _foreign(path)
    with closing(sqlite3.connect(path)) as raw:
        raw.execute("PRAGMA application_id = 77")


def _folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


AT_START = {
    "text over the header": AtStart(lambda path: overwrite(path, 0, b"Dear diary, "), ("not a database, or is damaged",)),
    "garbage behind the header": AtStart(lambda path: overwrite(path, 16, b"\xff" * 2000), ("not a database",)),
    "pages of garbage": AtStart(lambda path: overwrite(path, PAGE * 20, b"\xa5" * PAGE * 9), ("is damaged",)),
    "one wrong byte in a page's header": AtStart(lambda path: overwrite(path, PAGE * 30, b"\x07"), ("is damaged",)),
    "the second half lost": AtStart(
        lambda path: os.truncate(path, path.stat().st_size // 2 // PAGE * PAGE), ("is damaged",)
    ),
    "zeros where pages were": AtStart(lambda path: overwrite(path, PAGE * 8, bytes(PAGE * 30)), ("is damaged",)),
    "a log cut off by a power cut": AtStart(_cut_log),
    "garbage in the log's index": AtStart(lambda path: path.with_name(path.name + "-shm").write_bytes(b"\xa5" * 32768)),
    "the lock of a dead process": AtStart(lambda path: path.with_name(path.name + ".lock").write_text("1")),
    "a foreign database without a mark": AtStart(_foreign, ("belongs to another program",)),
    "a foreign database with its mark": AtStart(_another_programs, ("belongs to another program",)),
    "a folder in its place": AtStart(_folder, ("is a folder",)),
}  # fmt: skip


@pytest.mark.parametrize("name", AT_START)
async def test_a_fault_before_the_start_is_refused_in_a_sentence_or_survived(tmp_path: Path, name: str) -> None:
    fault = AT_START[name]
    path = await fill(tmp_path / "roadmate.db")
    good = folder_of(path) / "roadmate-2026-11-20T0300-daily.db"
    back_up(path, good)
    fault.make(path)
    before = path.read_bytes() if path.is_file() else b""
    if not fault.words:
        async with opened(path) as database:
            assert 1 in await database.read(numbers)
            assert await database.write(adding(99)) == 1
        return
    with pytest.raises(StorageError) as caught:
        await open_database(path)
    sentence = str(caught.value)
    for words in (str(path), *fault.words):
        assert words in sentence
    if "damaged" in sentence:
        assert f"roadmate restore {good}" in sentence
    assert not path.is_file() or path.read_bytes() == before, "what is damaged stays as it is"
    assert names(tmp_path) == ["backups", "roadmate.db"]


async def test_a_process_that_has_the_file_keeps_others_out(tmp_path: Path) -> None:
    path = await fill(tmp_path / "roadmate.db")
    held = Claim.of(path)
    with pytest.raises(StorageError, match=r"already running .* Stop it first"):
        await open_database(path)
    held.release()


@pytest.mark.parametrize(
    ("folder_mode", "file_mode"),
    [(0o555, 0o666), (0o777, 0o444), (0o777, 0o000), (0o000, 0o666)],
    ids=["folder read-only", "file read-only", "file unreadable", "folder closed"],
)
async def test_missing_rights_are_said(shared_folder: Path, folder_mode: int, file_mode: int) -> None:
    path = await fill(shared_folder / "roadmate.db")
    before = path.read_bytes()
    permit(path, file_mode)
    permit(shared_folder, folder_mode)
    with as_nobody(), pytest.raises(StorageError) as caught:
        await open_database(path)
    permit(shared_folder, 0o755)
    permit(path, 0o644)
    assert str(path) in str(caught.value)
    assert "Permission denied" in str(caught.value)
    assert "ROADMATE_DATABASE" in str(caught.value)
    assert path.read_bytes() == before


async def test_a_read_only_disk_is_said(shared_folder: Path) -> None:
    with small_disk(shared_folder) as is_disk, ExitStack() as after:
        path = await fill(shared_folder / "roadmate.db")
        if is_disk:
            remount(shared_folder)
        else:
            permit(shared_folder, 0o555)
            after.enter_context(as_nobody())
        with pytest.raises(StorageError, match=r"Read-only file system|Permission denied"):
            await open_database(path)


async def test_a_disk_full_at_the_start_is_said(tmp_path: Path) -> None:
    with small_disk(tmp_path) as is_disk:
        path = await fill(tmp_path / "roadmate.db")
        with full(tmp_path, is_disk=is_disk), pytest.raises(StorageError) as caught:
            async with opened(path) as database:  # where only files are limited, it starts, and the first write fails
                await database.write(add_much)
        assert str(path) in str(caught.value)
        assert "space" in str(caught.value)
        async with opened(path) as database:
            assert await database.write(adding(2)) == 1


Making = Callable[[Path, ExitStack], object]


@dataclass(frozen=True, slots=True)
class Running:
    """A fault under a running bot.

    Attributes:
        make: how it is made; what it puts on the stack ends the cause.
        words: what whoever meets it is told.
        heals: whether writes work again once the cause is gone.
        reads: whether a read of the damaged part meets it, not a write.
    """

    make: Making
    words: tuple[str, ...]
    heals: bool = True
    reads: bool = False


def _full_disk(path: Path, cause: ExitStack) -> None:
    cause.enter_context(full(path.parent, is_disk=os.path.ismount(path.parent)))


def _no_larger_file(_path: Path, cause: ExitStack) -> None:
    cause.enter_context(largest_file(8192))


def _moved(path: Path, cause: ExitStack) -> None:
    path.rename(path.with_name("elsewhere.db"))
    cause.callback(lambda: path.with_name("elsewhere.db").rename(path))


def _deleted(path: Path, _cause: ExitStack) -> None:
    path.unlink()


def _replaced(path: Path, _cause: ExitStack) -> None:
    shutil.copy(path, path.with_name("other.db"))
    path.with_name("other.db").replace(path)


def _log_deleted(path: Path, _cause: ExitStack) -> None:
    path.with_name(path.name + "-wal").unlink()


def _held_by_another(path: Path, cause: ExitStack) -> None:
    other = cause.enter_context(closing(sqlite3.connect(path, isolation_level=None)))
    other.execute("BEGIN IMMEDIATE")


def _damaged(path: Path, _cause: ExitStack) -> None:
    overwrite(path, PAGE * 20, b"\xa5" * PAGE * 20)


def _cut_short(path: Path, _cause: ExitStack) -> None:
    os.truncate(path, PAGE * 20)


GONE = ("was moved, deleted or replaced", "put the file back", "roadmate restore")
RUNNING = {
    "a full disk": Running(_full_disk, ("is full", "Free some space")),
    "no room in the log": Running(_no_larger_file, ("failed", "Check the disk")),
    "the file moved away and back": Running(_moved, GONE),
    "the file deleted": Running(_deleted, GONE, heals=False),
    "another file in its place": Running(_replaced, GONE, heals=False),
    "the log deleted": Running(_log_deleted, GONE, heals=False),
    "another program holds it": Running(_held_by_another, ("another program", "try again")),
    "pages damaged": Running(_damaged, ("is damaged", "roadmate restore"), heals=False, reads=True),
    "the second half lost": Running(_cut_short, ("is damaged", "roadmate restore"), heals=False, reads=True),
}


@pytest.mark.parametrize("name", RUNNING)
async def test_a_fault_while_it_runs_is_said_and_reads_go_on(tmp_path: Path, name: str) -> None:
    fault = RUNNING[name]
    folder = tmp_path / "disk"
    folder.mkdir()
    with small_disk(folder) as is_disk, ExitStack() as cause:
        if name == "a full disk" and not is_disk:
            pytest.skip("mounting is not allowed here; the row “no room in the log” makes the same write fail")
        path = await fill(folder / "roadmate.db")
        async with opened(path) as database:
            await database.write(adding(2))
            assert database.trouble == ""
            fault.make(path, cause)
            with pytest.raises(StorageError) as caught:
                await (database.read(read_ballast) if fault.reads else database.write(add_much))
            for words in (str(path), *fault.words):
                assert words in str(caught.value)
            assert database.trouble == str(caught.value)
            assert await database.read(numbers) == [1, 2], "reads are still served"
            cause.close()
            if fault.heals:
                assert await database.write(adding(3)) == 1
                assert await database.read(numbers) == [1, 2, 3]
                assert database.trouble == ""


async def test_a_full_disk_fails_a_backup_and_nothing_else(tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    async with opened(await fill(tmp_path / "roadmate.db")) as database:
        with small_disk(disk) as is_disk:
            if is_disk:
                with pytest.raises(StorageError, match="free, and a copy needs"):
                    await database.copy_to(disk / "b.db")
            assert names(disk) == []
        with largest_file(64 * 1024), pytest.raises(StorageError, match=r"b\.db failed"):
            await database.copy_to(disk / "b.db")
        assert names(disk) == []
        assert await database.write(adding(2)) == 1


async def test_damage_in_a_large_file_is_found_while_people_are_served(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    path = await fill(tmp_path / "roadmate.db")
    monkeypatch.setattr("bot.infra.database_sqlite.CHECKED_BYTES", 1000)
    overwrite(path, PAGE * 20, b"\xa5" * PAGE * 9)
    async with opened(path) as database:
        assert await database.read(numbers) == [1]
        assert database._check is not None
        await asyncio.wait([database._check])
        assert "is damaged" in database.trouble
        assert "is damaged" in caplog.text


def test_there_are_at_least_twenty_faults() -> None:
    others = 8  # a process, four rights, a read-only disk, a full one at the start, a backup
    assert len(AT_START) + len(RUNNING) + others >= 20
