"""One lane for each private chat: what is written there is answered in order, and a slow chat delays no other."""

from __future__ import annotations

from collections import deque
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any

Work = Callable[[], Awaitable[None]]


class Lanes:
    """Does the work of one lane in its order. ``begin`` runs something beside all else; works handle their errors."""

    def __init__(self, begin: Callable[[Coroutine[Any, Any, None]], object], most: int) -> None:
        self._begin = begin
        self._most = most
        self._lanes: dict[str, deque[Work]] = {}

    def put(self, lane: str, work: Work) -> bool:
        """Add work to the end of a lane; returns False, with nothing added, if too much waits there already."""
        waiting = self._lanes.get(lane)
        if waiting is None:
            self._lanes[lane] = deque((work,))
            self._begin(self._walk(lane))
            return True
        if len(waiting) >= self._most:
            return False
        waiting.append(work)
        return True

    async def _walk(self, lane: str) -> None:
        waiting = self._lanes[lane]
        try:
            while waiting:
                await waiting.popleft()()
        finally:
            del self._lanes[lane]
