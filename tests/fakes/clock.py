"""A clock that only moves when told, and dice that always fall the same way."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta


class FakeClock:
    """Stands still until ``travel``; whoever sleeps past the new moment wakes."""

    def __init__(self, start: datetime = datetime(2026, 11, 21, 18, 0, tzinfo=UTC)) -> None:
        self._now = start
        self._moved = asyncio.Event()

    def now(self) -> datetime:
        return self._now

    def travel(self, by: timedelta) -> None:
        if by <= timedelta():
            raise ValueError("time only moves forward")
        self._now += by
        moved, self._moved = self._moved, asyncio.Event()
        moved.set()

    async def sleep_until(self, moment: datetime) -> None:
        while self._now < moment:
            await self._moved.wait()


class FakeDice:
    """Counts instead of rolling, so that references are known beforehand."""

    def __init__(self) -> None:
        self._count = 0

    def token(self, length: int) -> str:
        self._count += 1
        return f"{self._count:0{length}d}".replace("0", "A")[-length:]
