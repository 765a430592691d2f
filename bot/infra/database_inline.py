"""Remembering everything in place, without a thread: for simulations that must repeat exactly, and for quick tests.

It takes no lock and stops the loop while it works, so never open the file of a running bot with it.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path
from typing import cast

from bot.infra.sqlite_units import SUSPENDED, Stamps, Unit, prepare, run_reads, run_writes, scrub
from bot.kit.database import Result, Work
from bot.kit.errors import StorageError, SuspendedInTransactionError

Runner = Callable[[sqlite3.Connection, Sequence[Unit], str], None]


class InlineDatabase:
    """The ``Database`` port over one connection on the caller's own thread; made by ``open_inline``."""

    def __init__(self, connection: sqlite3.Connection, place: str) -> None:
        self._connection = connection
        self._place = place
        self._is_closed = False
        self._is_busy = False
        self._stamps = Stamps()

    async def read(self, work: Work[Result], /) -> Result:
        """Run ``work``; any attempt to write raises ``StorageError``."""
        return self._run(run_reads, work, query_only=True)

    async def write(self, work: Work[Result], /) -> Result:
        """Run ``work`` and commit it."""
        return self._run(run_writes, work, query_only=False)

    def stamp(self, owner: str, /) -> int:
        """Return a number that is another one after any write to a table of ``owner``."""
        return self._stamps.of(owner)

    async def scrub(self, most_bytes: int) -> bool:
        """Leave nothing of what was deleted in the file and its log, unless it is larger than ``most_bytes``."""
        return scrub(self._connection, most_bytes)

    async def close(self) -> None:
        """Let go of the file; what was only in memory is gone. May be called again."""
        if self._is_busy:
            raise SuspendedInTransactionError(SUSPENDED)
        self.close_now()

    def close_now(self) -> None:
        """Let go of the file without a loop to wait on."""
        self._is_closed = True
        self._connection.close()

    def _run(self, run: Runner, work: Work[Result], *, query_only: bool) -> Result:
        if self._is_closed:
            raise StorageError(f"{self._place} has been closed. Open it again.")
        if self._is_busy:
            raise SuspendedInTransactionError(SUSPENDED)
        self._is_busy = True
        unit = Unit(work)
        try:
            with closing(self._connection.execute(f"PRAGMA query_only = {int(query_only)}")):
                run(self._connection, (unit,), self._place)
        finally:
            self._is_busy = False
            self._stamps.count(unit)
        return cast("Result", unit.outcome())


def open_inline(path: Path | None = None) -> InlineDatabase:
    """Open the file at ``path``, or a database in memory that lasts until it is closed."""
    place = ":memory:" if path is None else str(path)
    connection = sqlite3.connect(place, isolation_level=None)
    prepare(connection)
    return InlineDatabase(connection, "The database in memory" if path is None else place)
