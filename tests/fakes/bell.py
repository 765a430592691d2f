"""A bell that rings when told: a clock that may also be set back, as computers' clocks are."""

from __future__ import annotations

import asyncio
from datetime import datetime

from tests.fakes.clock import FakeClock


class FakeBell(FakeClock):
    """Stands still until ``travel`` or ``set_to``; whoever sleeps past the new moment wakes."""

    def set_to(self, moment: datetime) -> None:
        """Set the clock, forward or back."""
        self._now = moment
        moved, self._moved = self._moved, asyncio.Event()
        moved.set()
