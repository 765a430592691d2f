"""One lane for each chat: its updates are answered in order, and a slow chat delays no other."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

Item = TypeVar("Item")


class Lanes(Generic[Item]):
    """Carries items to ``work``, those of one lane after another. ``work`` handles its own errors."""

    def __init__(self, work: Callable[[Item], Awaitable[None]], most: int) -> None:
        self._work = work
        self._most = most
        self._lanes: dict[str, deque[Item]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._waiting = 0
        self._changed = asyncio.Event()

    def put(self, lane: str, item: Item) -> None:
        """Add an item to the end of a lane."""
        self._waiting += 1
        if lane in self._lanes:
            self._lanes[lane].append(item)
            return
        self._lanes[lane] = deque((item,))
        task = asyncio.get_running_loop().create_task(self._walk(lane))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    @property
    def is_full(self) -> bool:
        """Whether as many items are waiting as allowed."""
        return self._waiting >= self._most

    async def room(self) -> None:
        """Return once fewer items than the most allowed are waiting."""
        while self.is_full:
            self._changed.clear()
            await self._changed.wait()

    async def finish(self, seconds: float) -> None:
        """Wait for everything in hand, at most so long; then let it go."""
        if self._tasks:
            _done, late = await asyncio.wait(self._tasks, timeout=seconds)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    async def _walk(self, lane: str) -> None:
        items = self._lanes[lane]
        try:
            while items:
                await self._work(items.popleft())
                self._waiting -= 1
                self._changed.set()
        finally:
            del self._lanes[lane]
