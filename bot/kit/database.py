"""The port to whatever remembers things: units of work over plain SQL.

A *unit of work* is one ``async def work(tx)`` that awaits nothing but ``tx``. It is all or nothing: it commits when
it returns and leaves no trace when it raises. Because it may await only its transaction, no transaction can stay open
across a network call, and two tasks can never share one by accident.

SQL is the subset SQLite and PostgreSQL share: named parameters (``:name``), ``ON CONFLICT``, ``RETURNING``, common
table expressions, partial indexes; moments are integers (Unix microseconds or seconds as the column says), JSON is
text.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Protocol, TypeVar, runtime_checkable

Value = str | int | float | bytes | None
Result = TypeVar("Result")


class Row(Protocol):
    """One row of an answer, by column name or position."""

    def __getitem__(self, key: str | int, /) -> Any:  # a column holds whatever SQL put there
        """Return the value of one column; raise ``KeyError`` or ``IndexError`` for a column that is not there."""
        ...


class Transaction(Protocol):
    """What a unit of work may await. Every method raises ``StorageError`` when the database refuses to work."""

    async def execute(self, sql: str, /, **values: Value) -> int:
        """Run one statement and return the number of rows it changed."""
        ...

    async def one(self, sql: str, /, **values: Value) -> Row | None:
        """Run one query and return its first row, or None."""
        ...

    async def all(self, sql: str, /, **values: Value) -> Sequence[Row]:
        """Run one query and return all of its rows."""
        ...

    async def many(self, sql: str, rows: Sequence[dict[str, Value]], /) -> None:
        """Run one statement once for each mapping of values."""
        ...


Work = Callable[[Transaction], Awaitable[Result]]


class Database(Protocol):
    """Where units of work are run."""

    async def read(self, work: Work[Result], /) -> Result:
        """Run ``work`` on one consistent snapshot; any attempt to write raises ``StorageError``."""
        ...

    async def write(self, work: Work[Result], /) -> Result:
        """Run ``work`` durably: when this returns, the effect survives a power cut."""
        ...

    async def close(self) -> None:
        """Finish what was accepted, then let go of the database. Later calls raise ``StorageError``."""
        ...


@runtime_checkable
class Stamped(Protocol):
    """A database that can tell whether anything was written, because nobody else writes to it."""

    def stamp(self, owner: str, /) -> int | None:
        """Return a number that is another one after any write to a table whose name begins with ``owner`` and ``_``.

        It has changed by the time ``write`` returns. None: others may write as well, so nobody here can tell.
        """
        ...
