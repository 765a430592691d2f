"""Each event has its effect once: the first writing unit of a request also notes the event it answers.

Features know nothing of it. They get a database that remembers, for the request being answered, which event that is.
If the event was noted before, the unit is rolled back and ``AlreadyHandledError`` tells the router. What the clock
starts works in the same way: the first writing unit of a job notes the occurrence it does.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Final, TypeVar

from bot.engine.store.inbox import Inbox
from bot.kit.database import Database, Stamped, Transaction, Work
from bot.kit.errors import AlreadyHandledError
from bot.kit.request import Incoming

Result = TypeVar("Result")


Note = Callable[[Transaction], Awaitable[None]]
"""Notes, in a unit of work, that something had its effect; raises ``AlreadyHandledError`` if it had before."""


@dataclass(slots=True)
class Noting:
    """What the first writing unit of a block notes, and whether that is stored."""

    note: Note
    is_noted: bool = False


_current: ContextVar[Noting | None] = ContextVar("current_note", default=None)


@contextmanager
def noting(note: Note) -> Iterator[Noting]:
    """Inside this block, the first writing unit of work also runs ``note``, so that both are stored or neither is."""
    current = Noting(note)
    token = _current.set(current)
    try:
        yield current
    finally:
        _current.reset(token)


@contextmanager
def answering(incoming: Incoming) -> Iterator[None]:
    """Inside this block, the first writing unit of work notes ``incoming``."""

    async def note(tx: Transaction) -> None:
        if not await Inbox().note(tx, incoming.platform, incoming.event, int(incoming.at.timestamp())):
            raise AlreadyHandledError(f"{incoming.platform} event {incoming.event} was handled before")

    with noting(note):
        yield


REMEMBERED_SECONDS: Final = 7 * 86_400
"""Platforms deliver an event again for a day at most; a week leaves room for a bot that was down."""


async def forget_old_events(database: Database, now: int) -> int:
    """Drop events that no platform can deliver again; ``now`` is in Unix seconds. Returns how many."""

    async def work(tx: Transaction) -> int:
        return await Inbox().forget(tx, now - REMEMBERED_SECONDS)

    return await database.write(work)


class OnceOnly:
    """A database whose writing units happen once for what is noted. Wraps another, and adds nothing outside of that."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def read(self, work: Work[Result], /) -> Result:
        """Run a reading unit of work."""
        return await self._database.read(work)

    async def write(self, work: Work[Result], /) -> Result:
        """Run a writing unit of work; raises ``AlreadyHandledError`` if what it answers had its effect before."""
        current = _current.get()
        if current is None or current.is_noted:
            return await self._database.write(work)

        async def once(tx: Transaction) -> Result:
            await current.note(tx)
            return await work(tx)

        result = await self._database.write(once)
        current.is_noted = True
        return result

    def stamp(self, owner: str, /) -> int | None:
        """Return the stamp of the database inside; None if it has none."""
        return self._database.stamp(owner) if isinstance(self._database, Stamped) else None

    async def close(self) -> None:
        """Close the database inside."""
        await self._database.close()
