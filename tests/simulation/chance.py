"""Time and chance of a simulation: everything follows from one seed."""

from __future__ import annotations

import asyncio
import random
from datetime import UTC, datetime, timedelta

UNSETTLED = 180.0
"""Seconds after a change of the clock in which nobody can keep a pace by it."""
LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"


class SimulatedClock:
    """The wall clock of the computer the bot runs on. It follows virtual time, and may be set wrong for a while."""

    def __init__(self, start: datetime) -> None:
        self._start = start
        self._off = timedelta()
        self._moved_at = -1e9
        self._moved = asyncio.Event()

    def now(self) -> datetime:
        """What the computer's clock shows."""
        return self.true() + self._off

    def true(self) -> datetime:
        """What the time really is."""
        return self._start + timedelta(seconds=asyncio.get_running_loop().time())

    def jump(self, off: timedelta) -> None:
        """Set the clock wrong by ``off``; zero sets it right."""
        self._off = off
        self._moved_at = asyncio.get_running_loop().time()
        moved, self._moved = self._moved, asyncio.Event()
        moved.set()

    @property
    def is_settled(self) -> bool:
        """Whether the clock was not set for long enough that the paces of the platforms can be kept by it."""
        return asyncio.get_running_loop().time() - self._moved_at > UNSETTLED

    async def sleep_until(self, moment: datetime) -> None:
        """Return when the clock shows ``moment`` or later."""
        while (seconds := (moment - self.now()).total_seconds()) > 0:
            moved = self._moved
            try:
                async with asyncio.timeout(max(seconds, 1e-6)):
                    await moved.wait()
            except TimeoutError:
                continue


class SeededDice:
    """Chance that falls the same way for the same seed."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)

    def token(self, length: int) -> str:
        return "".join(self._random.choice(LETTERS) for _letter in range(length))


def start_of(seed: int) -> datetime:
    """A day near a change of clocks in Europe, so that most runs of a month meet one."""
    days = random.Random(seed).randrange(0, 12)
    return datetime(2026, 3, 20 if seed % 2 else 16, 3, 0, tzinfo=UTC) + timedelta(days=days)
