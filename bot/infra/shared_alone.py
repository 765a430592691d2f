"""A process that shares its database with nobody: with SQLite it is the only one, so every turn is its own."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress

from bot.infra.turns import work_in


class OwnTurn:
    """A turn nobody else can want; it is over when its block ends."""

    def __init__(self) -> None:
        self._over = asyncio.Event()

    @property
    def is_ours(self) -> bool:
        """Whether the block has not ended."""
        return not self._over.is_set()

    async def lost(self) -> None:
        """Return when the block ends."""
        await self._over.wait()

    def end(self) -> None:
        """Let whoever waits for the end know."""
        self._over.set()


class Alone:
    """The ``Shared`` port for one process. Turns of one name still come one after another."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._callbacks: dict[str, list[Callable[[], None]]] = {}
        self._turns: dict[str, asyncio.Lock] = {}

    @property
    def is_alone(self) -> bool:
        """Whether there can be no other process: always."""
        return True

    def ring(self, channel: str) -> None:
        """Wake everyone who listens to a channel soon; may be called from any thread.

        SQLite's units run on a thread and commit a moment later, so who is woken may have to look twice.
        """
        with suppress(RuntimeError):  # the loop is closed: nobody is left to be woken
            self._loop.call_soon_threadsafe(self._call, channel)

    async def listen(self, channel: str, callback: Callable[[], None]) -> None:
        """Call ``callback`` whenever the channel is rung."""
        self._callbacks.setdefault(channel, []).append(callback)

    @asynccontextmanager
    async def turn(self, name: str) -> AsyncIterator[OwnTurn]:
        """Wait for a turn held elsewhere in this process, and hold it for the block."""
        async with self._turns.setdefault(name, asyncio.Lock()):
            turn = OwnTurn()
            try:
                yield turn
            finally:
                turn.end()

    async def in_turn(self, name: str, work: Callable[[], Awaitable[None]]) -> bool:
        """Wait for a turn and do ``work`` while it is ours; return whether it ended by itself."""
        return await work_in(self.turn(name), work)

    def _call(self, channel: str) -> None:
        for callback in tuple(self._callbacks.get(channel, ())):
            callback()
