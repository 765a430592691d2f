"""The ports for time and chance, so that a whole bot can be run on virtual time from one seed."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """What time it is."""

    def now(self) -> datetime:
        """Return the present moment, aware, in UTC."""
        ...

    async def sleep_until(self, moment: datetime) -> None:
        """Return at ``moment`` (aware) on this clock, at once if it has passed."""
        ...


class TravelClock(Clock, Protocol):
    """A clock for trying things out: it can be moved forward, and whoever sleeps past the new moment wakes."""

    def travel(self, by: timedelta) -> None:
        """Move on by ``by``, which is positive; raise ``ValueError`` otherwise."""
        ...


class Dice(Protocol):
    """Chance, for references and for choices that should differ."""

    def token(self, length: int) -> str:
        """Return ``length`` characters of A-Z and 2-9 that are hard to mix up."""
        ...
