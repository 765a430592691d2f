"""Time that passes only when nothing else can happen: hours of sending and waiting in a moment, the same every time.

For worlds that live on one loop alone (the inline database, fakes without sockets): the loop is idle exactly when its
queue of calls is empty, and then the clock goes on to the next moment somebody sleeps for.
"""

from __future__ import annotations

import asyncio
import heapq
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from itertools import count

START = datetime(2026, 11, 21, 18, 0, tzinfo=UTC)
_OUTSIDE: set[asyncio.Future[None]] = set()


@contextmanager
def outside() -> Iterator[None]:
    """Around something that happens outside of the loop, such as a query to a server: virtual time waits for it."""
    busy: asyncio.Future[None] = asyncio.get_running_loop().create_future()
    _OUTSIDE.add(busy)
    try:
        yield
    finally:
        _OUTSIDE.discard(busy)
        busy.cancel()


async def nothing_outside() -> None:
    """Return when nothing happens outside of the loop."""
    while _OUTSIDE:
        await asyncio.wait(_OUTSIDE)


class VirtualClock:
    """The ``Clock`` port on virtual time."""

    def __init__(self, start: datetime = START) -> None:
        self._now = start
        self._sleepers: list[tuple[datetime, int, asyncio.Future[None]]] = []
        self._order = count()

    def now(self) -> datetime:
        return self._now

    async def sleep_until(self, moment: datetime) -> None:
        if moment <= self._now:
            return
        woken: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        heapq.heappush(self._sleepers, (moment, next(self._order), woken))
        await woken

    def jump(self, by: timedelta) -> None:
        """Set the clock, forward or back, without waking anybody."""
        self._now += by

    async def settle(self) -> None:
        """Let everything happen that happens without time passing."""
        loop = asyncio.get_running_loop()
        idle = 0
        while idle < 3:
            turn: asyncio.Future[None] = loop.create_future()
            loop.call_soon(turn.set_result, None)
            await turn
            if _OUTSIDE and not loop._ready:  # type: ignore[attr-defined]
                await nothing_outside()
                idle = 0
                continue
            idle = 0 if loop._ready else idle + 1  # type: ignore[attr-defined]

    async def advance(self, by: timedelta) -> None:
        """Let so much time pass."""
        await self._run(self._now + by, lambda: False)

    async def run_until(self, is_done: Callable[[], bool], most: timedelta = timedelta(days=1)) -> None:
        """Let time pass until something is so; raise ``AssertionError`` if it is not after ``most``."""
        await self._run(self._now + most, is_done)
        assert is_done(), f"not within {most}"

    async def _run(self, end: datetime, is_done: Callable[[], bool]) -> None:
        await self.settle()
        while not is_done():
            while self._sleepers and self._sleepers[0][2].done():
                heapq.heappop(self._sleepers)
            if not self._sleepers or self._sleepers[0][0] > end:
                self._now = max(self._now, end)
                return
            moment, _order, woken = heapq.heappop(self._sleepers)
            self._now = max(self._now, moment)
            woken.set_result(None)
            await self.settle()
