"""The port to the other processes that may share our database: waking them, and doing something one at a time."""

from __future__ import annotations

from collections.abc import Callable
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

    def ring(self, channel: str) -> None:
        """Wake everyone who listens to a channel, here too: inside a unit of work, once and only if it is stored."""
        ...

    async def listen(self, channel: str, callback: Callable[[], None]) -> None:
        """Call ``callback`` on the loop whenever the channel is rung, and when a ring may have been missed."""
        ...

    def turn(self, name: str) -> AbstractAsyncContextManager[Turn]:
        """Wait until no other process has the turn of this name, for as long as it takes, and hold it for the block."""
        ...
