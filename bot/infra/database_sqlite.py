"""Remembering everything in one SQLite file: one connection that writes, others that read, each on its own thread.

Units of work that arrive while the disk is busy are stored together with one commit (*group commit*), so fifty people
pressing buttons cost little more than one. A caller who is cancelled while waiting gets nothing done if the unit had
not begun; if it had, it is committed like any other.

One process writes: an operating-system lock on ``<file>.lock`` refuses a second one and vanishes with the process,
however it ends. SQLite before 3.51.3 can damage a file that two processes write and tidy up at the same time.

Files up to ``CHECKED_BYTES`` are checked for damage when they are opened (well under a second); for larger ones the
check would delay every start, so they are left to ``copy_to``, which checks each copy.
"""

from __future__ import annotations

import asyncio
import errno
import os
import sqlite3
import sys
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final, TypeVar, cast

import aiosqlite

from bot.infra.sqlite_units import BUSY_SECONDS, STATEMENTS_KEPT, NoLoop, Unit, explain, prepare, run_reads, run_writes
from bot.kit.database import Result, Work
from bot.kit.errors import StorageError

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

MOST_TOGETHER: Final = 256  # units in one commit; more would keep the first of them waiting
CHECKED_BYTES: Final = 64 * 1024 * 1024
_HEADER: Final = b"SQLite format 3\0"  # https://www.sqlite.org/fileformat.html#magic_header_string
_ELSEWHERE: Final = "set ROADMATE_DATABASE to another file"
_APPLICATION: Final = 0x526F6D74  # "Romt", kept in the file's header so that other programs' files are told apart
_LOCKED_BYTE: Final = 1 << 20  # Windows hides locked bytes from others, so we lock one far behind the process id
Answer = TypeVar("Answer")


async def on_thread(connection: aiosqlite.Connection, function: Callable[[sqlite3.Connection], Answer]) -> Answer:
    """Run ``function`` on the connection's own thread, in one hop.

    aiosqlite offers this only under private names. They are used here and nowhere else; a test notices if they go.
    """
    raw = connection._conn  # noqa: SLF001
    return cast("Answer", await connection._execute(function, raw))  # type: ignore[no-untyped-call]  # noqa: SLF001


class Lane:
    """One connection and the units that wait for it, taken together whenever its thread is free."""

    def __init__(self, connection: aiosqlite.Connection, path: Path, *, reading: bool) -> None:
        self._connection = connection
        self._place = str(path)
        self._is_reading = reading
        self._run_units = run_reads if reading else run_writes
        self._waiting: deque[Unit] = deque()
        self._emptying: asyncio.Task[None] | None = None

    @classmethod
    async def open(cls, path: Path, *, reading: bool = False) -> Lane:
        """Connect to a file, on a new thread; raises ``sqlite3.Error`` or ``StorageError``."""
        connection = await aiosqlite.connect(
            path, timeout=BUSY_SECONDS, isolation_level=None, cached_statements=STATEMENTS_KEPT
        )
        try:
            await on_thread(connection, lambda raw: _set_up(raw, path, reading=reading))
        except BaseException:
            await connection.close()
            raise
        return cls(connection, path, reading=reading)

    def length(self) -> int:
        """Return how many units wait."""
        return len(self._waiting)

    def submit(self, work: Work[object]) -> asyncio.Future[object]:
        """Let ``work`` be run with the next group; the future brings its result or its error."""
        loop = asyncio.get_running_loop()
        future: asyncio.Future[object] = loop.create_future()
        self._waiting.append(Unit(work, future))
        if self._emptying is None:
            self._emptying = loop.create_task(self._empty())
        return future

    async def finish(self) -> None:
        """Wait until nothing waits here."""
        while self._emptying is not None:
            await asyncio.wait([self._emptying])

    async def close(self) -> None:
        """Move the log into the file, if this is the writer, and end the thread."""
        if not self._is_reading:
            with suppress(sqlite3.Error):  # what is committed is safe in the log as well; the next start moves it
                await on_thread(self._connection, lambda raw: raw.execute("PRAGMA wal_checkpoint(TRUNCATE)").close())
        await self._connection.close()

    async def _empty(self) -> None:
        units: list[Unit] = []
        try:
            while self._waiting:
                units = [self._waiting.popleft() for _ in range(min(len(self._waiting), MOST_TOGETHER))]
                await on_thread(self._connection, partial(self._run_units, units=units, place=self._place))
                for unit in units:
                    unit.settle()
                units.clear()  # the idle thread still holds this list; it must not hold anybody's results
        except BaseException:  # the loop is being torn down around us
            for unit in (*units, *self._waiting):
                unit.abandon(self._place)
            self._waiting.clear()
            raise
        finally:
            self._emptying = None


class SqliteDatabase:
    """The ``Database`` port over one SQLite file; made by ``open_database``."""

    def __init__(self, claim: _Claim, writer: Lane, readers: Sequence[Lane]) -> None:
        self._claim = claim
        self._writer = writer
        self._readers = readers
        self._copying: set[asyncio.Task[None]] = set()
        self._closing: asyncio.Task[None] | None = None

    async def read(self, work: Work[Result], /) -> Result:
        """Run ``work`` on one consistent snapshot that holds every write that had returned before."""
        self._check_open()
        lane = self._readers[0] if len(self._readers) == 1 else min(self._readers, key=Lane.length)
        return cast("Result", await lane.submit(work))

    async def write(self, work: Work[Result], /) -> Result:
        """Run ``work`` durably, in the order of the calls."""
        self._check_open()
        return cast("Result", await self._writer.submit(work))

    async def copy_to(self, path: Path) -> None:
        """Write a consistent, checked copy of everything stored so far to a new file, while work goes on.

        Raises ``StorageError`` if the file exists or cannot be written; then nothing is left behind.
        """
        self._check_open()
        copying = asyncio.get_running_loop().create_task(asyncio.to_thread(_copy, self._claim.path, path))
        self._copying.add(copying)
        copying.add_done_callback(self._copying.discard)
        await asyncio.shield(copying)  # its thread cannot be stopped, so closing waits for it in any case

    async def close(self) -> None:
        """Finish what was accepted, tidy up, and let go of the file. May be called again."""
        if self._closing is None:
            self._closing = asyncio.get_running_loop().create_task(self._close())
        await asyncio.shield(self._closing)  # a caller who gives up must not leave it half closed

    async def _close(self) -> None:
        try:
            if self._copying:
                await asyncio.wait(self._copying)
            for lane in (self._writer, *self._readers):
                await lane.finish()
            for lane in (*self._readers, self._writer):  # the last one to close moves the log into the file
                await lane.close()
        finally:
            self._claim.release()

    def _check_open(self) -> None:
        if self._closing is not None:
            raise StorageError(f"{self._claim.path} has been closed, because Roadmate is stopping. Start it again.")


async def open_database(path: Path, *, readers: int = 1) -> SqliteDatabase:
    """Open the database at ``path`` for this process alone; create it, and the folders above it, if missing.

    Args:
        path: the file; ``~`` and symbolic links are followed.
        readers: connections for reading, at least 1; each has a thread of its own and costs about 0.3 MiB.

    Raises:
        StorageError: if the file cannot be used. Whatever was created for it is removed again.
    """
    if readers < 1:
        raise ValueError("at least one connection must read")
    lanes: list[Lane] = []
    claim: _Claim | None = None
    try:
        claim = _Claim.of(path)
        for reading in (False, *(True,) * readers):
            lanes.append(await Lane.open(claim.path, reading=reading))  # noqa: PERF401  # those opened must be known
    except BaseException as error:
        for lane in reversed(lanes):
            await lane.close()
        if claim is not None:
            claim.release(forget=True)
        if isinstance(error, sqlite3.Error):
            raise explain(error, str(path)) from error
        if isinstance(error, (OSError, RuntimeError)):  # resolving a loop of links is a RuntimeError before 3.13
            raise _unusable(path, error) from error
        raise
    return SqliteDatabase(claim, lanes[0], lanes[1:])


@dataclass(frozen=True, slots=True)
class _Claim:
    """A file that belongs to this process for as long as the descriptor of its lock is open."""

    path: Path
    descriptor: int
    is_new: bool
    folders: tuple[Path, ...]  # made for it, innermost first

    @classmethod
    def of(cls, wanted: Path) -> _Claim:
        """Lock a file and see that it may be a database; raises ``StorageError`` or ``OSError``."""
        path = wanted.expanduser().resolve()  # one file must have one lock, whatever link leads to it
        if path.is_dir():
            raise StorageError(f"{path} is a folder. Name a file in it, or {_ELSEWHERE}.")
        is_new = not path.exists()
        folders = tuple(folder for folder in path.parents if not folder.exists())
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            descriptor = _lock(path)
        except BaseException:
            _remove(folders)
            raise
        claim = cls(path, descriptor, is_new, folders)
        try:
            claim.check()
        except BaseException:
            claim.release(forget=True)
            raise
        return claim

    def check(self) -> None:
        """Refuse what is surely no database of ours, before SQLite writes to it."""
        if self.is_new:
            return
        if not self.path.is_file():
            raise StorageError(f"{self.path} is not an ordinary file. Name another, or {_ELSEWHERE}.")
        # Closing a file drops SQLite's own locks on it in this process: look only while nobody else here has it.
        with self.path.open("r+b") as file:  # for writing too, so that a file we may only read is refused here
            header = file.read(len(_HEADER))
        if header not in {_HEADER, b""}:
            raise StorageError(f"{self.path} is not a database, or is damaged. Restore a copy of it, or {_ELSEWHERE}.")

    def release(self, *, forget: bool = False) -> None:
        """Let others have the file; with ``forget``, also remove what was created for it."""
        if forget and self.is_new:
            for ending in ("", "-wal", "-shm", "-journal"):
                self.path.with_name(self.path.name + ending).unlink(missing_ok=True)
        lock = _lock_path(self.path)
        if sys.platform == "win32":  # an open file cannot be removed there
            os.close(self.descriptor)
            with suppress(OSError):
                lock.unlink()
        else:
            lock.unlink(missing_ok=True)
            os.close(self.descriptor)
        if forget:
            _remove(self.folders)


def _lock_path(path: Path) -> Path:
    return path.with_name(path.name + ".lock")


def _lock(path: Path) -> int:
    """Return the descriptor of the lock file, locked and holding our process id."""
    lock = _lock_path(path)
    while True:
        descriptor = os.open(lock, os.O_RDWR | os.O_CREAT, 0o644)
        try:
            if sys.platform == "win32":
                os.lseek(descriptor, _LOCKED_BYTE, os.SEEK_SET)
                msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
                os.lseek(descriptor, 0, os.SEEK_SET)
            else:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if os.path.samestat(os.fstat(descriptor), lock.stat()):
                os.ftruncate(descriptor, 0)
                os.write(descriptor, str(os.getpid()).encode())
                return descriptor
        except FileNotFoundError:  # whoever held it has just removed it: try again with a new one
            pass
        except OSError as error:
            if error.errno in {errno.EAGAIN, errno.EACCES, errno.EDEADLK}:
                os.lseek(descriptor, 0, os.SEEK_SET)
                holder = os.read(descriptor, 20).decode("ascii", "replace")
                os.close(descriptor)
                which = f" (process {holder})" if holder.isdigit() else ""
                raise StorageError(
                    f"Roadmate is already running on {path}{which}. Stop it first, or {_ELSEWHERE}."
                ) from error
            os.close(descriptor)
            raise
        os.close(descriptor)


def _remove(folders: Sequence[Path]) -> None:
    for folder in folders:
        with suppress(OSError):  # never made, or somebody else put something into it
            folder.rmdir()


def _unusable(path: Path, error: Exception) -> StorageError:
    cause = getattr(error, "strerror", None) or error
    return StorageError(f"{path} cannot be used: {cause}. Check the path and who may write there, or {_ELSEWHERE}.")


def _set_up(raw: sqlite3.Connection, path: Path, *, reading: bool) -> None:
    """Prepare a connection on its own thread; the writer's also sees that the file is sound and ours."""
    # Whoever waits inside a unit looks for the running loop first, and is told at once.
    asyncio._set_running_loop(cast("asyncio.AbstractEventLoop", NoLoop()))  # noqa: SLF001
    if not reading:
        _check_sound(raw, path)
        application = raw.execute("PRAGMA application_id").fetchone()[0]
        if application not in {0, _APPLICATION}:
            raise StorageError(f"{path} belongs to another program. Name another file, or {_ELSEWHERE}.")
        if raw.execute("PRAGMA page_count").fetchone()[0] == 0:
            raw.execute(f"PRAGMA application_id = {_APPLICATION}")
        if raw.execute("PRAGMA journal_mode = WAL").fetchone()[0] != "wal":
            raise StorageError(f"{path} lies where no write-ahead log can be kept. Move it to a local disk.")
    prepare(raw, reading=reading)


def _check_sound(raw: sqlite3.Connection, path: Path, most_bytes: int = CHECKED_BYTES) -> None:
    """Raise ``StorageError`` if the file is damaged; files above ``most_bytes`` are not looked through."""
    if path.stat().st_size <= most_bytes:
        found = raw.execute("PRAGMA quick_check(1)").fetchone()[0]
        if found != "ok":
            raise StorageError(f"{path} is damaged ({found}). Move it away and restore the newest copy.")


def _copy(source: Path, target: Path) -> None:
    """Copy a database in one step, checked and on the disk before it gets its name."""
    target = target.expanduser().absolute()
    if target.exists():
        raise StorageError(f"The copy {target} exists already. Move it away or choose another name.")
    part = target.with_name(f"{target.name}.part")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        part.unlink(missing_ok=True)  # left by a copy that was cut off
        part.touch(mode=source.stat().st_mode & 0o777)  # what nobody else may read stays so
        with (
            closing(sqlite3.connect(f"{source.as_uri()}?mode=ro", uri=True, timeout=BUSY_SECONDS)) as original,
            closing(sqlite3.connect(part, isolation_level=None)) as copy,
        ):
            original.backup(copy)
            copy.execute("PRAGMA journal_mode = DELETE")  # one plain file, nothing beside it
            _check_sound(copy, part, most_bytes=sys.maxsize)
        part.replace(target)
    except sqlite3.Error as error:
        part.unlink(missing_ok=True)
        raise explain(error, str(target)) from error
    except OSError as error:
        with suppress(OSError):
            part.unlink(missing_ok=True)
        raise StorageError(f"The copy {target} cannot be written: {error.strerror}. Choose another place.") from error
    except StorageError:
        part.unlink(missing_ok=True)
        raise
