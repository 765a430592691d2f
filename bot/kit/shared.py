"""The port to the other processes that may share our database: waking them, and doing something one at a time."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from typing import Protocol


class Turn(Protocol):
    """Something that only one process does at a time, and it is ours."""

    @property
    def is_ours(self) -> bool:
        """Whether no other process can have the turn at this moment."""
        ...

    async def lost(self) -> None:
        """Return when another process may have the turn; whoever holds it stops then."""
        ...


class Shared(Protocol):
    """What processes over one database tell and leave to each other. A process may be the only one."""

    @property
    def is_alone(self) -> bool:
        """Whether there can be no other process."""
        ...

    def ring(self, channel: str) -> None:
        """Wake everyone who listens to a channel, here too: inside a unit of work, once and only if it is stored."""
        ...

    async def listen(self, channel: str, callback: Callable[[], None]) -> None:
        """Call ``callback`` on the loop whenever the channel is rung, and when a ring may have been missed."""
        ...

    def turn(self, name: str) -> AbstractAsyncContextManager[Turn]:
        """Wait until no other process has the turn of this name, for as long as it takes, and hold it for the block."""
        ...

    async def in_turn(self, name: str, work: Callable[[], Awaitable[None]]) -> bool:
        """Wait for a turn and do ``work`` while it is ours.

        Returns:
            Whether the work ended by itself; False: the turn was lost, and the work was cancelled and has ended.

        Raises:
            Exception: what the work raised.
        """
        ...


async def in_turn(shared: Shared | None, name: str, work: Callable[[], Awaitable[None]]) -> bool:
    """Do ``work`` as ``Shared.in_turn`` does; with None there is no other process, and it is done at once."""
    if shared is not None:
        return await shared.in_turn(name, work)
    await work()
    return True


async def in_turns(shared: Shared | None, name: str, work: Callable[[], Awaitable[None]]) -> None:
    """Do ``work`` whenever the turn is ours, until it ends by itself; raises what the work raised."""
    while not await in_turn(shared, name, work):
        pass
