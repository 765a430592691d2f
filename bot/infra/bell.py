"""Wakes the schedules on time, whatever happens to the computer's clock. Rung by APScheduler, which knows no plan.

A sleeper alone would trust that the computer's clock is not set forward meanwhile. Therefore APScheduler rings every
second, in UTC, and whoever sleeps looks at the clock. It keeps time by the same clock: set back, it would be silent for
as long, so once a minute of real time we see that it is not. The clock handed in may run faster or be moved.
"""

from __future__ import annotations

import asyncio
import logging
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from bot.infra.clock import SystemClock
from bot.kit.clock import Clock

EVERY: Final = 1
"""Seconds between two rings."""
LOOK_AFTER: Final = 60.0
"""Seconds of real time after which a sleeper sees whether the bell still rings."""
_TOO_FAR: Final = timedelta(seconds=5 * EVERY)


class ScheduledBell:
    """The ``Bell`` port: rings inside of ``async with``; before and afterwards it is as good as the clock alone."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._computer = SystemClock()  # the one APScheduler goes by
        self._rung = asyncio.Event()
        self._scheduler: Any = None  # the library has no types
        self._job: Any = None

    async def __aenter__(self) -> ScheduledBell:
        """Begin to ring on the loop that runs now."""
        from apscheduler.schedulers.asyncio import AsyncIOScheduler  # type: ignore[import-untyped]

        logging.getLogger("apscheduler").setLevel(logging.WARNING)  # it would log every ring
        self._scheduler = AsyncIOScheduler(timezone=UTC)
        self._job = self._scheduler.add_job(
            self._ring, _every_second(), coalesce=True, misfire_grace_time=None, max_instances=1
        )
        self._scheduler.start()
        return self

    async def __aexit__(self, *_error: object) -> None:
        """Ring no more."""
        if self._scheduler is not None:
            self._scheduler.shutdown(wait=False)
        self._scheduler = self._job = None

    def now(self) -> datetime:
        """Return the present moment of the clock, in UTC."""
        return self._clock.now()

    async def sleep_until(self, moment: datetime) -> None:
        """Return at ``moment`` on the clock, at once if it has passed."""
        sleeping = asyncio.ensure_future(self._clock.sleep_until(moment))
        try:
            while not sleeping.done() and self._clock.now() < moment:
                rung = asyncio.ensure_future(self._rung.wait())
                try:
                    await asyncio.wait([sleeping, rung], timeout=LOOK_AFTER, return_when=asyncio.FIRST_COMPLETED)
                finally:
                    rung.cancel()
                self._see_that_it_rings()
        finally:
            sleeping.cancel()
            await asyncio.gather(sleeping, return_exceptions=True)

    async def _ring(self) -> None:
        rung, self._rung = self._rung, asyncio.Event()
        rung.set()

    def _see_that_it_rings(self) -> None:
        """Let the bell ring again if it waits for a moment that the computer's clock was set back from."""
        if self._job is not None and self._job.next_run_time - self._computer.now() > _TOO_FAR:
            self._job.reschedule(_every_second())


def _every_second() -> object:
    from apscheduler.triggers.interval import IntervalTrigger  # type: ignore[import-untyped]

    trigger: object = IntervalTrigger(seconds=EVERY, timezone=UTC)
    return trigger
