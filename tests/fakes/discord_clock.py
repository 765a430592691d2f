"""A clock that lets exactly the time pass that somebody waits for."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from datetime import datetime, timedelta
from typing import TypeVar

from tests.fakes.clock import FakeClock

Result = TypeVar("Result")


class PatientClock(FakeClock):
    """Stands still until told; knows who sleeps for how long."""

    def __init__(self) -> None:
        super().__init__()
        self._due: list[datetime] = []
        self._lay_down = asyncio.Event()

    async def sleep_until(self, moment: datetime) -> None:
        self._due.append(moment)
        self._lay_down.set()
        try:
            await super().sleep_until(moment)
        finally:
            self._due.remove(moment)

    async def passes(self, at_most: float) -> float:
        """Wait until somebody sleeps for at most so many seconds, let that time pass, and return how much it was."""
        async with asyncio.timeout(10):
            while (gap := self._gap(at_most)) is None:
                self._lay_down.clear()
                await self._lay_down.wait()
        self.travel(gap)
        return gap.total_seconds()

    async def passes_until(self, work: Awaitable[Result], at_most: float) -> Result:
        """Let time pass whenever somebody sleeps for at most so many seconds, until ``work`` is done."""
        doing = asyncio.ensure_future(work)
        async with asyncio.timeout(10):
            while not doing.done():
                self._lay_down.clear()
                if (gap := self._gap(at_most)) is not None:
                    self.travel(gap)
                    continue
                lies_down = asyncio.ensure_future(self._lay_down.wait())
                await asyncio.wait((doing, lies_down), return_when=asyncio.FIRST_COMPLETED)
                lies_down.cancel()
        return await doing

    def _gap(self, at_most: float) -> timedelta | None:
        now = self.now()
        near = [due for due in self._due if now < due <= now + timedelta(seconds=at_most)]
        return min(near) - now if near else None
