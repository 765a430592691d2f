"""Units of work on PostgreSQL: driven step by step, so that they can wait for nothing but their transaction.

Each call on a transaction hands a request out to whoever drives the unit, who performs it on a connection and sends
the answer back in. Anything else a unit waits for comes out in the same way, and is refused at once.
"""

from __future__ import annotations

import asyncio
from collections.abc import Generator, Mapping, Sequence
from contextlib import suppress
from contextvars import Context, ContextVar, copy_context
from dataclasses import dataclass, field
from typing import Any, Final, Protocol, cast

from bot.infra.postgres_dialect import statement
from bot.infra.sqlite_units import SUSPENDED
from bot.kit.database import Row, Value, Work
from bot.kit.errors import StorageError, SuspendedInTransactionError


@dataclass(frozen=True, slots=True)
class Ask:
    """One request of a unit: ``how`` is ``execute``, ``one``, ``all`` or ``many``; ``many`` has ``rows``."""

    tx: PostgresTransaction
    how: str
    sql: str
    values: Mapping[str, Value]
    rows: Sequence[Mapping[str, Value]] = ()

    def __await__(self) -> Generator[Ask, Any, Any]:
        """Hand the request out; the answer comes back in."""
        answer = yield self
        return answer


class Performer(Protocol):
    """Performs requests, on one connection."""

    async def perform(self, ask: Ask) -> object:
        """Return the answer; raise ``StorageError`` if it is refused.

        ``ConflictError`` and ``LostError`` concern the whole unit.
        """
        ...


class PostgresTransaction:
    """What a unit of work may await. A refused statement ends the unit, even when the unit catches the error."""

    __slots__ = ("is_ended", "reading", "refusal", "was_duplicate")

    def __init__(self, *, reading: bool) -> None:
        self.reading = reading
        self.refusal: StorageError | None = None
        self.is_ended = False
        self.was_duplicate = False

    async def execute(self, sql: str, /, **values: Value) -> int:
        """Run one statement and return the number of rows it changed."""
        return cast("int", await self._ask("execute", sql, values))

    async def one(self, sql: str, /, **values: Value) -> Row | None:
        """Run one query and return its first row, or None."""
        return cast("Row | None", await self._ask("one", sql, values))

    async def all(self, sql: str, /, **values: Value) -> Sequence[Row]:
        """Run one query and return all of its rows."""
        return cast("Sequence[Row]", await self._ask("all", sql, values))

    async def many(self, sql: str, rows: Sequence[dict[str, Value]], /) -> None:
        """Run one statement once for each mapping of values."""
        if rows:
            await self._ask("many", sql, {}, rows)

    def _ask(self, how: str, sql: str, values: Mapping[str, Value], rows: Sequence[Mapping[str, Value]] = ()) -> Ask:
        if self.is_ended or self.refusal is not None:
            raise self.refusal or StorageError("This unit of work has ended; its transaction cannot be used any more.")
        with suppress(ValueError):  # what cannot even be read is refused when it is performed
            if statement(sql).is_control:
                self.refusal = StorageError(
                    f"A unit of work may not begin, end or configure anything itself: {sql[:40]}."
                )
                raise self.refusal
        return Ask(self, how, sql, values, rows)


@dataclass(slots=True)
class _Inside:
    """The unit that runs in a context: which channels are rung once it is stored."""

    rings: dict[str, None] = field(default_factory=dict)
    is_open: bool = True


_INSIDE: Final[ContextVar[_Inside | None]] = ContextVar("inside_unit", default=None)


def refuse_inside() -> None:
    """Raise ``SuspendedInTransactionError`` if a unit of work is running here: it may not wait for another."""
    inside = _INSIDE.get()
    if inside is not None and inside.is_open:
        raise SuspendedInTransactionError(SUSPENDED)


def ring_when_stored(channel: str) -> bool:
    """Let the unit running here ring a channel once it is stored; return False if none is running."""
    inside = _INSIDE.get()
    if inside is None or not inside.is_open:
        return False
    inside.rings[channel] = None
    return True


class Unit:
    """One unit of work, whoever waits for it, and how it ended. It may be run more than once."""

    __slots__ = ("_context", "_error", "_future", "_result", "_work", "rings", "was_duplicate")

    def __init__(self, work: Work[object], future: asyncio.Future[object]) -> None:
        self._work = work
        self._future = future
        self._context = copy_context()
        self._result: object = None
        self._error: BaseException | None = None
        self.rings: Sequence[str] = ()
        """The channels to ring when it is stored."""
        self.was_duplicate = False
        """Whether it ended because a row like one of its own is there."""

    def is_wanted(self) -> bool:
        """Tell whether someone still waits for this unit."""
        return not self._future.cancelled()

    async def run(self, session: Performer, *, reading: bool) -> bool:
        """Run the work from its beginning, keep its result or its error, and tell whether it went well.

        Raises:
            ConflictError: somebody else changed the same; nothing it did may stay.
            LostError: the connection is gone, and what it did with it.
        """
        tx = PostgresTransaction(reading=reading)
        inside = _Inside()
        context = self._context.copy()  # a second run must not see what the first one set
        context.run(_INSIDE.set, inside)
        self._result = self._error = None
        try:
            await self._drive(session, tx, context)
        finally:
            tx.is_ended = True
            inside.is_open = False
        if self._error is None:
            self._error = tx.refusal
        self.rings = tuple(inside.rings)
        self.was_duplicate = tx.was_duplicate
        return self._error is None

    async def _drive(self, session: Performer, tx: PostgresTransaction, context: Context) -> None:
        answer: object = None
        refusal: StorageError | None = None
        try:
            steps = context.run(lambda: self._work(tx).__await__())
        except BaseException as error:  # noqa: BLE001 - it belongs to whoever waits, whatever it is
            self._error = error
            return
        while True:
            try:
                asked = context.run(steps.send, answer) if refusal is None else context.run(steps.throw, refusal)
            except StopIteration as end:
                self._result = end.value
                return
            except BaseException as error:  # noqa: BLE001 - as above
                self._error = error
                return
            if not isinstance(asked, Ask) or asked.tx is not tx:
                context.run(_stop, steps)
                self._error = SuspendedInTransactionError(SUSPENDED)
                return
            answer, refusal = None, None
            try:
                answer = await session.perform(asked)
            except StorageError as error:
                if tx.refusal is None:  # it concerns more than this statement
                    context.run(_stop, steps)
                    raise
                refusal = error
            except BaseException:
                context.run(_stop, steps)
                raise

    def fail(self, error: StorageError) -> None:
        """Note that the database failed this unit, unless it failed by itself."""
        if self._error is None:
            self._error = error

    def abandon(self, place: str) -> None:
        """Tell whoever waits that nobody knows how it ended."""
        if not self._future.done():
            self._future.set_exception(StorageError(f"Roadmate stopped before {place} answered. Start it again."))

    def settle(self) -> None:
        """Tell whoever waits how it ended."""
        if not self._future.done():
            if self._error is not None:
                self._future.set_exception(self._error)
            else:
                self._future.set_result(self._result)
        self._result = self._error = None


def _stop(steps: Generator[Any, Any, Any]) -> None:
    with suppress(BaseException):  # it may even try to wait while being closed, or raise something of its own
        steps.close()
