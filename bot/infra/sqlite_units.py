"""Running units of work on one SQLite connection, from beginning to end without a pause.

Both SQLite drivers are made of this: one calls it on a thread of its own, one calls it in place. Nothing here waits for
anything but the disk, so a transaction is never open while something else happens.
"""

from __future__ import annotations

import asyncio
import re
import sqlite3
from collections.abc import Sequence
from contextlib import suppress
from contextvars import copy_context
from functools import lru_cache
from typing import Final, cast

from bot.kit.database import Result, Row, Transaction, Value, Work
from bot.kit.errors import ConstraintError, StorageError, SuspendedInTransactionError

BUSY_SECONDS: Final = 1.0  # only a foreign program can hold the file; our own writer is alone
STATEMENTS_KEPT: Final = 128  # prepared statements kept for each connection
CACHE_KIB: Final = 1024  # page cache of each connection; the operating system caches the file as well
_WAL_BYTES: Final = 4 * 1024 * 1024  # what the write-ahead log may keep on disk after a checkpoint
_REFUSALS: Final = (sqlite3.Error, sqlite3.Warning, OverflowError, ValueError)
_CONTROL: Final = re.compile(
    r"(?:\s|;|--[^\n]*+|/\*.*?\*/)*+"  # possessive, so that a long line of dashes costs nothing
    r"(?:BEGIN|COMMIT|END|ROLLBACK|SAVEPOINT|RELEASE|PRAGMA|ATTACH|DETACH|VACUUM)\b",
    re.IGNORECASE | re.DOTALL,
)
SUSPENDED: Final = (
    "A unit of work awaited something other than its transaction, so it was undone. "
    "Await everything else before or after it."
)
_WRITES: Final = re.compile(r"\b(?:INTO|UPDATE|FROM|TABLE)\s+([a-z]+)_", re.IGNORECASE)
_SENTENCES: Final = {
    sqlite3.SQLITE_FULL: "The disk that holds {place} is full; this step was undone. Free some space and try again.",
    sqlite3.SQLITE_READONLY: "{place} can be read but not changed. Make the file and its folder writable.",
    sqlite3.SQLITE_IOERR: "Reading or writing {place} failed ({error}). Check the disk and its free space.",
    sqlite3.SQLITE_CORRUPT: "{place} is damaged ({error}). Stop Roadmate and run “roadmate restore”.",
    sqlite3.SQLITE_NOTADB: "{place} is not a database, or is damaged. Stop Roadmate and run “roadmate restore”.",
    sqlite3.SQLITE_CANTOPEN: "{place} cannot be opened ({error}). Check that its folder exists and is writable.",
    sqlite3.SQLITE_BUSY: "{place} is held by another program. Close whatever has it open and try again.",
    sqlite3.SQLITE_LOCKED: "{place} is held by another program. Close whatever has it open and try again.",
}


class DiskTroubleError(StorageError):
    """The file or the disk under it is at fault, not what was asked of it."""


def explain(error: Exception, place: str, sql: str = "", *, reading: bool = False) -> StorageError:
    """Return the sentence for what SQLite refused: what, where and the next step.

    Args:
        error: what the sqlite3 module raised.
        place: the file, as shown to a person.
        sql: the statement, if one was at fault; values are never shown, they may be private.
        reading: whether the unit was given to ``read``.
    """
    code = getattr(error, "sqlite_errorcode", None)
    cause = code & 0xFF if isinstance(code, int) else None  # the low byte is the kind, the rest is detail
    if isinstance(error, sqlite3.IntegrityError):
        return ConstraintError(f"A rule of the database was not kept: {error}.")
    if reading and cause == sqlite3.SQLITE_READONLY:
        return StorageError("A unit of work given to read tried to change something. Give it to write instead.")
    if cause in _SENTENCES:
        return DiskTroubleError(_SENTENCES[cause].format(place=place, error=error))
    shown = " ".join(sql.split())[:120]
    return StorageError(
        f"{place} refused a statement: {error} ({shown}). This is a mistake in Roadmate; please report it."
    )


def prepare(connection: sqlite3.Connection, *, reading: bool = False) -> None:
    """Set up a connection made with ``isolation_level=None``: safe on power loss, and modest with memory."""
    connection.row_factory = sqlite3.Row
    for setting in (
        "synchronous = FULL",  # a commit is on the disk before anyone hears of it
        "foreign_keys = ON",
        "secure_delete = ON",  # what is deleted is overwritten, in the file and in the log
        "temp_store = MEMORY",
        f"cache_size = -{CACHE_KIB}",
        f"journal_size_limit = {_WAL_BYTES}",
        "trusted_schema = OFF",
        f"query_only = {'ON' if reading else 'OFF'}",
    ):
        connection.execute(f"PRAGMA {setting}").close()


@lru_cache(maxsize=512)
def _is_control(sql: str) -> bool:
    """Tell whether a statement would end the unit or change the connection; the same few texts are asked again."""
    return _CONTROL.match(sql) is not None


@lru_cache(maxsize=1024)
def _owners(sql: str) -> frozenset[str]:
    """Return whose tables a statement may change: none for a query, else the owners of all tables it names."""
    if sql.lstrip()[:6].upper() == "SELECT":
        return frozenset()
    return frozenset(owner.lower() for owner in _WRITES.findall(sql))


class SqliteTransaction:
    """What a unit of work may await. Nothing in it ever suspends.

    A refused statement ends the unit, even when the unit catches the error: PostgreSQL works like this, and so a
    unit cannot go on in a transaction that SQLite has quietly rolled back.
    """

    __slots__ = ("_connection", "_place", "_reading", "refusal", "touched")

    def __init__(self, connection: sqlite3.Connection, place: str, *, reading: bool) -> None:
        self._connection: sqlite3.Connection | None = connection
        self._place = place
        self._reading = reading
        self.refusal: StorageError | None = None
        self.touched: set[str] = set()

    async def execute(self, sql: str, /, **values: Value) -> int:
        """Run one statement and return the number of rows it changed."""
        try:
            cursor = self._ready(sql).execute(sql, values)
            if cursor.description is not None:
                cursor.fetchall()  # rows of a RETURNING are counted only once they were taken
            changed = cursor.rowcount
        except _REFUSALS as error:
            raise self._refuse(error, sql) from error
        return max(changed, 0)

    async def one(self, sql: str, /, **values: Value) -> Row | None:
        """Run one query and return its first row, or None."""
        try:
            row: Row | None = self._ready(sql).execute(sql, values).fetchone()
        except _REFUSALS as error:
            raise self._refuse(error, sql) from error
        return row

    async def all(self, sql: str, /, **values: Value) -> Sequence[Row]:
        """Run one query and return all of its rows."""
        try:
            rows: Sequence[Row] = self._ready(sql).execute(sql, values).fetchall()
        except _REFUSALS as error:
            raise self._refuse(error, sql) from error
        return rows

    async def many(self, sql: str, rows: Sequence[dict[str, Value]], /) -> None:
        """Run one statement once for each mapping of values."""
        try:
            self._ready(sql).executemany(sql, rows)
        except _REFUSALS as error:
            raise self._refuse(error, sql) from error

    def end(self) -> None:
        """Make this transaction useless, for whoever kept it."""
        self._connection = None

    def _ready(self, sql: str) -> sqlite3.Connection:
        if self._connection is None:
            raise self.refusal or StorageError("This unit of work has ended; its transaction cannot be used any more.")
        if _is_control(sql):
            self.refusal = StorageError(f"A unit of work may not begin, end or configure anything itself: {sql[:40]}.")
            self._connection = None
            raise self.refusal
        if not self._reading:
            self.touched |= _owners(sql)
        return self._connection

    def _refuse(self, error: Exception, sql: str) -> StorageError:
        self.refusal = explain(error, self._place, sql, reading=self._reading)
        self._connection = None
        return self.refusal


class Stamps:
    """Counts, by owner of tables, the writes that were stored; for one thread."""

    def __init__(self) -> None:
        self._counts: dict[str, int] = {}

    def of(self, owner: str) -> int:
        """Return the count of an owner."""
        return self._counts.get(owner, 0)

    def count(self, unit: Unit) -> None:
        """Count what a unit may have changed; call it before anybody hears that the unit is stored."""
        for owner in unit.touched:
            self._counts[owner] = self._counts.get(owner, 0) + 1


def drive(work: Work[Result], tx: Transaction) -> Result:
    """Run ``work`` to its end here and now; raise ``SuspendedInTransactionError`` if it waits for something else."""
    try:
        steps = work(tx).__await__()
        steps.send(None)
    except StopIteration as end:
        return cast("Result", end.value)
    with suppress(RuntimeError):  # it may even try to wait while being closed
        steps.close()
    raise SuspendedInTransactionError(SUSPENDED)


class NoLoop:
    """Stands where asyncio looks for the running loop, on a thread where nothing may wait."""

    def __getattr__(self, name: str) -> object:
        raise SuspendedInTransactionError(SUSPENDED)


class Unit:
    """One unit of work, whoever waits for it, and how it ended."""

    __slots__ = ("_context", "_error", "_future", "_result", "_work", "touched")

    def __init__(self, work: Work[object], future: asyncio.Future[object] | None = None) -> None:
        self._work = work
        self._future = future
        self._context = copy_context()  # the unit sees the caller's context variables on whichever thread it runs
        self._result: object = None
        self._error: BaseException | None = None
        self.touched: set[str] = set()
        """The owners of the tables it may have changed."""

    def is_wanted(self) -> bool:
        """Tell whether someone still waits for this unit."""
        return self._future is None or not self._future.cancelled()

    def run(self, connection: sqlite3.Connection, place: str, *, reading: bool) -> bool:
        """Run the work, keep its result or its error, and tell whether it went well."""
        tx = SqliteTransaction(connection, place, reading=reading)
        try:
            self._result = self._context.run(drive, self._work, tx)
            self._error = tx.refusal
        except BaseException as error:  # noqa: BLE001  # it belongs to whoever waits, whatever it is
            self._error = error
        tx.end()
        self.touched = tx.touched
        return self._error is None

    def fail(self, cause: sqlite3.Error, place: str) -> None:
        """Note that the database failed this unit, unless it failed by itself."""
        if self._error is None:
            self._error = explain(cause, place)
            self._error.__cause__ = cause

    def refuse(self, error: StorageError) -> None:
        """Note that this unit was not even begun."""
        self._error = error

    def trouble(self) -> str | None:
        """Return the sentence if the disk or the file failed this unit, nothing if it went well, else None."""
        if self._error is None:
            return ""
        return str(self._error) if isinstance(self._error, DiskTroubleError) else None

    def lose(self, place: str) -> None:
        """Note that this unit went well but was rolled back together with another."""
        self._error = StorageError(f"{place} failed while this step was being stored; it was undone. Try again.")

    def abandon(self, place: str) -> None:
        """Tell whoever waits that nobody knows how it ended."""
        if self._future is not None and not self._future.done():
            self._future.set_exception(StorageError(f"Roadmate stopped before {place} answered. Start it again."))

    def settle(self) -> None:
        """Tell whoever waits how it ended; on the loop's thread only."""
        if self._future is not None and not self._future.done():
            if self._error is not None:
                self._future.set_exception(self._error)
            else:
                self._future.set_result(self._result)
        self._result = self._error = None

    def outcome(self) -> object:
        """Return the result or raise the error, for a caller that waited in place."""
        if self._error is not None:
            raise self._error
        return self._result


def run_writes(connection: sqlite3.Connection, units: Sequence[Unit], place: str) -> None:
    """Run the units in their order and make them durable with one commit; each is undone alone if it fails.

    A unit nobody waits for any more is skipped; once it has begun it is committed all the same.
    """
    alone = len(units) == 1  # then the transaction is savepoint enough
    kept: list[Unit] = []
    try:
        for unit in units:
            if not unit.is_wanted():
                continue
            if not connection.in_transaction:
                connection.execute("BEGIN IMMEDIATE")
            if not alone:
                connection.execute("SAVEPOINT unit")
            if unit.run(connection, place, reading=False):
                kept.append(unit)
            elif not connection.in_transaction:  # SQLite rolled everything back, as it does when the disk is full
                for lost in kept:
                    lost.lose(place)
                kept.clear()
                continue
            else:
                connection.execute("ROLLBACK" if alone else "ROLLBACK TO unit")
            if not alone:
                connection.execute("RELEASE unit")
        if connection.in_transaction:
            connection.execute("COMMIT")
    except sqlite3.Error as error:
        for unit in units:
            unit.fail(error, place)
        _give_up(connection)


def run_reads(connection: sqlite3.Connection, units: Sequence[Unit], place: str) -> None:
    """Run the units in their order on one snapshot, no older than the last commit before the first of them began."""
    try:
        for unit in units:
            if not unit.is_wanted():
                continue
            if not connection.in_transaction:
                connection.execute("BEGIN")
            unit.run(connection, place, reading=True)
        if connection.in_transaction:
            connection.execute("COMMIT")
    except sqlite3.Error as error:
        for unit in units:
            unit.fail(error, place)
        _give_up(connection)


def scrub(connection: sqlite3.Connection, most_bytes: int) -> bool:
    """Write the file anew and empty the log, so that neither shows anything deleted; False: not all of it was done.

    Overwriting what is deleted is not enough: SQLite moves rows between pages and leaves what was there before in the
    gaps. A file above ``most_bytes`` is not written anew, and the log stays if somebody else is reading.
    """
    pages, size = (connection.execute(f"PRAGMA {name}").fetchone()[0] for name in ("page_count", "page_size"))
    is_small = pages * size <= most_bytes
    if is_small:
        connection.execute("PRAGMA temp_store = FILE").close()  # the copy in between may be larger than the memory
        try:
            connection.execute("VACUUM").close()
        finally:
            connection.execute("PRAGMA temp_store = MEMORY").close()
    row = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    return bool(is_small and row[0] == 0)


def _give_up(connection: sqlite3.Connection) -> None:
    with suppress(sqlite3.Error):
        if connection.in_transaction:
            connection.execute("ROLLBACK")
