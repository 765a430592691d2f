"""Wakes whoever sends posts or does jobs, from any thread, and in every process that shares our database."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from datetime import datetime

from bot.kit.clock import Clock
from bot.kit.errors import StorageError
from bot.kit.shared import Shared


class Alarm:
    """Rung when there is something new. Bind it to the running loop before anyone waits."""

    def __init__(self) -> None:
        self._loop: asyncio.AbstractEventLoop | None = None
        self._event: asyncio.Event | None = None
        self._rung_outside = False
        self._shared: Shared | None = None
        self._channel = ""

    async def share(self, shared: Shared, channel: str) -> None:
        """From now on wake every process that shares a channel of this name; a ring goes out once it is stored."""
        await shared.listen(channel, self._ring)
        self._shared, self._channel = shared, channel

    def bind(self) -> None:
        """Use the loop that runs now."""
        self._loop = asyncio.get_running_loop()
        self._event = asyncio.Event()

    def ring(self) -> None:
        """Wake whoever waits. May be called from any thread, and before anyone waits."""
        if self._shared is not None:
            with suppress(StorageError):  # the database is being closed: nobody is left to be woken
                self._shared.ring(self._channel)
        elif self._loop is not None:
            with suppress(RuntimeError):  # the loop is closed: nobody is left to be woken
                self._loop.call_soon_threadsafe(self._ring)

    def ring_here(self) -> None:
        """Wake whoever waits, from the loop itself: something went on that is already stored."""
        if self._event is not None:
            self._event.set()

    def _ring(self) -> None:
        self._rung_outside = True
        self.ring_here()

    def was_rung_outside(self) -> bool:
        """Return whether ``ring`` was called since this was asked last: what it tells of may be stored only soon."""
        rung, self._rung_outside = self._rung_outside, False
        return rung

    async def wait(self, clock: Clock, until: datetime) -> None:
        """Return when rung since the last return, or at ``until`` (aware)."""
        event = self._event
        if event is None:
            raise RuntimeError("the alarm belongs to no loop yet")
        if not event.is_set():
            waits = [asyncio.ensure_future(clock.sleep_until(until)), asyncio.ensure_future(event.wait())]
            try:
                await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
            finally:
                for wait in waits:
                    wait.cancel()
                await asyncio.gather(*waits, return_exceptions=True)
        event.clear()
