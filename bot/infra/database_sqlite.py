"""Remembering everything in one SQLite file: one connection that writes, others that read, each on its own thread.

Units of work that arrive while the disk is busy are stored together with one commit (*group commit*), so fifty people
pressing buttons cost little more than one. A caller who is cancelled while waiting gets nothing done if the unit had
not begun; if it had, it is committed like any other.

One process writes, see ``sqlite_claim``. A file that is moved, deleted or replaced while it is in use takes no more
writes: SQLite would go on with the one that has no name any more, and everything since would be lost.

Files up to ``CHECKED_BYTES`` are checked for damage when they are opened (well under a second). Larger ones are checked
while people are served already; ``trouble`` tells what was found.
"""

from __future__ import annotations

import asyncio
import logging
import os
import sqlite3
import threading
from collections import deque
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from functools import partial
from pathlib import Path
from typing import Final, TypeVar, cast

import aiosqlite

from bot.infra.backup import Made, back_up
from bot.infra.sqlite_care import APPLICATION, CHECKED_BYTES, advice, check_sound, damage, is_ours, read_only
from bot.infra.sqlite_claim import ELSEWHERE, Claim, unusable
from bot.infra.sqlite_units import (
    BUSY_SECONDS,
    CACHE_KIB,
    STATEMENTS_KEPT,
    DiskTroubleError,
    NoLoop,
    Stamps,
    Unit,
    explain,
    prepare,
    run_reads,
    run_writes,
    scrub,
)
from bot.kit.database import Result, Work
from bot.kit.errors import StorageError

log = logging.getLogger("roadmate.database")

COPY_SECONDS: Final = 3.0  # how long closing waits for a copy before it is given up
SPARING_KIB: Final = 256  # page cache of the writer while tables are made
MOST_TOGETHER: Final = 256  # units in one commit; more would keep the first of them waiting
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
        self._footing = None if reading else Footing(path)
        self._waiting: deque[Unit] = deque()
        self._emptying: asyncio.Task[None] | None = None
        self.stamps = Stamps()
        self.trouble = ""
        """What the disk did to the last units; empty if it did nothing."""

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

    async def cache(self, kib: int) -> None:
        """Let the connection keep at most so many KiB of pages from now on."""
        await on_thread(self._connection, lambda raw: raw.execute(f"PRAGMA cache_size = -{kib}").close())

    async def scrub(self, most_bytes: int) -> bool:
        """Do so once everything accepted so far is stored; raises ``StorageError`` if the disk fails."""
        await self.finish()
        try:
            return await on_thread(self._connection, partial(scrub, most_bytes=most_bytes))
        except sqlite3.Error as error:
            raise explain(error, self._place) from error

    async def close(self) -> None:
        """Move the log into the file, if this is the writer, and end the thread."""
        if not self._is_reading:
            with suppress(sqlite3.Error):  # what is committed is safe in the log as well; the next start moves it
                await on_thread(self._connection, lambda raw: raw.execute("PRAGMA wal_checkpoint(TRUNCATE)").close())
        await self._connection.close()

    def _run(self, raw: sqlite3.Connection, units: Sequence[Unit]) -> None:
        if self._footing is None:
            run_reads(raw, units, self._place)
        elif trouble := self._footing.trouble():
            for unit in units:
                unit.refuse(DiskTroubleError(trouble))
        else:
            run_writes(raw, units, self._place)

    async def _empty(self) -> None:
        units: list[Unit] = []
        try:
            while self._waiting:
                units = [self._waiting.popleft() for _ in range(min(len(self._waiting), MOST_TOGETHER))]
                await on_thread(self._connection, partial(self._run, units=units))
                for unit in units:
                    if (trouble := unit.trouble()) is not None:
                        self.trouble = trouble
                    self.stamps.count(unit)
                    unit.settle()
                units.clear()  # the idle thread still holds this list; it must not hold anybody's results
        except BaseException:  # the loop is being torn down around us
            for unit in (*units, *self._waiting):
                unit.abandon(self._place)
            self._waiting.clear()
            raise
        finally:
            self._emptying = None


class Footing:
    """Whether the files a writer works on still are where they were when it began."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._known = {place: identity for place in self._places() if (identity := _identity(place))}

    def _places(self) -> tuple[str, str]:
        return str(self._path), f"{self._path}-wal"

    def trouble(self) -> str:
        """Return a sentence if one of them is gone or another is in its place; costs a few microseconds."""
        for place in self._places():
            identity = _identity(place)
            if identity is not None:
                self._known.setdefault(place, identity)
            if identity != self._known.get(place):
                return (
                    f"{place} was moved, deleted or replaced while Roadmate uses it, so nothing more is stored. "
                    "Stop Roadmate and put the file back, or run “roadmate restore”."
                )
        return ""


def _identity(place: str) -> tuple[int, int] | None:
    try:
        found = os.stat(place)  # noqa: PTH116 - a Path costs as much again, and this comes before every commit
    except FileNotFoundError:
        return None
    return found.st_dev, found.st_ino


class SqliteDatabase:
    """The ``Database`` port over one SQLite file; made by ``open_database``."""

    def __init__(self, claim: Claim, writer: Lane, readers: Sequence[Lane]) -> None:
        self._claim = claim
        self._writer = writer
        self._readers = readers
        self._copying: set[asyncio.Task[Made]] = set()
        self._closing: asyncio.Task[None] | None = None
        self._stop = threading.Event()
        self._check: asyncio.Task[None] | None = None
        self._damage = ""
        if claim.path.stat().st_size > CHECKED_BYTES:
            self._check = asyncio.get_running_loop().create_task(self._look_through())

    @property
    def path(self) -> Path:
        """The file."""
        return self._claim.path

    @property
    def trouble(self) -> str:
        """What is wrong with the file or its disk at the moment, as a sentence; empty if nothing is known."""
        return self._damage or next((lane.trouble for lane in (self._writer, *self._readers) if lane.trouble), "")

    async def read(self, work: Work[Result], /) -> Result:
        """Run ``work`` on one consistent snapshot that holds every write that had returned before."""
        self._check_open()
        lane = self._readers[0] if len(self._readers) == 1 else min(self._readers, key=Lane.length)
        return cast("Result", await lane.submit(work))

    async def write(self, work: Work[Result], /) -> Result:
        """Run ``work`` durably, in the order of the calls."""
        self._check_open()
        return cast("Result", await self._writer.submit(work))

    def stamp(self, owner: str, /) -> int:
        """Return a number that is another one after any write to a table of ``owner``."""
        return self._writer.stamps.of(owner)

    async def copy_to(self, path: Path) -> Made:
        """Write a consistent, checked copy of everything stored so far to a new file, while work goes on.

        Raises ``StorageError`` if the file exists or cannot be written; then nothing is left behind.
        """
        self._check_open()
        making = asyncio.to_thread(back_up, self._claim.path, path, stop=self._stop)
        copying = asyncio.get_running_loop().create_task(making)
        self._copying.add(copying)
        copying.add_done_callback(self._copying.discard)
        return await asyncio.shield(copying)  # its thread goes on in any case, so closing waits for it

    async def scrub(self, most_bytes: int) -> bool:
        """Leave nothing of what was deleted in the file and its log; writing waits, reading goes on.

        False: it has to be done later, as a copy is being made, or the file is larger than ``most_bytes``.
        """
        self._check_open()
        return await self._writer.scrub(most_bytes)

    @asynccontextmanager
    async def sparing(self) -> AsyncIterator[None]:
        """Write with little memory inside the block, for work after which its pages are not needed again.

        What a connection once took for its pages stays with the process, even when SQLite lets go of it.
        """
        await self._writer.cache(SPARING_KIB)
        try:
            yield
        finally:
            await self._writer.cache(CACHE_KIB)

    async def close(self) -> None:
        """Finish what was accepted, tidy up, and let go of the file. May be called again."""
        if self._closing is None:
            self._closing = asyncio.get_running_loop().create_task(self._close())
        await asyncio.shield(self._closing)  # a caller who gives up must not leave it half closed

    async def _close(self) -> None:
        try:
            await self._end_threads()
            for lane in (self._writer, *self._readers):
                await lane.finish()
            for lane in (*self._readers, self._writer):  # the last one to close moves the log into the file
                await lane.close()
        finally:
            self._claim.release()

    async def _end_threads(self) -> None:
        """Let copies be finished for a while, then see that they and the check are given up."""
        if self._copying:
            await asyncio.wait(self._copying, timeout=COPY_SECONDS)
        self._stop.set()
        left = [*self._copying, *([self._check] if self._check is not None else [])]
        if left:
            await asyncio.wait(left)

    async def _look_through(self) -> None:
        self._damage = await asyncio.to_thread(_found_in, self._claim.path, self._stop)
        if self._damage:
            log.error("%s", self._damage)

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
    claim: Claim | None = None
    try:
        claim = Claim.of(path)
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
            raise unusable(path, error) from error
        raise
    return SqliteDatabase(claim, lanes[0], lanes[1:])


def _set_up(raw: sqlite3.Connection, path: Path, *, reading: bool) -> None:
    """Prepare a connection on its own thread; the writer's also sees that the file is sound and ours."""
    # Whoever waits inside a unit looks for the running loop first, and is told at once.
    asyncio._set_running_loop(cast("asyncio.AbstractEventLoop", NoLoop()))  # noqa: SLF001
    if not reading:
        if path.stat().st_size <= CHECKED_BYTES:
            check_sound(raw, path)
        if not is_ours(raw):
            raise StorageError(f"{path} belongs to another program. Name another file, or {ELSEWHERE}.")
        if raw.execute("PRAGMA application_id").fetchone()[0] != APPLICATION:
            raw.execute(f"PRAGMA application_id = {APPLICATION}")
        if raw.execute("PRAGMA journal_mode = WAL").fetchone()[0] != "wal":
            raise StorageError(f"{path} lies where no write-ahead log can be kept. Move it to a local disk.")
    prepare(raw, reading=reading)


def _found_in(path: Path, stop: threading.Event) -> str:
    """Look a large file through while it is in use; return a sentence if it is damaged."""
    try:
        with read_only(path, stop) as raw:
            found = damage(raw)
    except sqlite3.Error as error:
        return "" if stop.is_set() else str(explain(error, str(path)))
    return f"{path} is damaged ({found}). {advice(path)}" if found else ""
