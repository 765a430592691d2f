"""The ports for time and chance, so that a whole bot can be run on virtual time from one seed."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol


class Clock(Protocol):
    """What time it is."""

    def now(self) -> datetime:
        """Return the present moment, aware, in UTC."""
        ...

    async def sleep_until(self, moment: datetime) -> None:
        """Return at ``moment`` (aware) on this clock, at once if it has passed."""
        ...


class Dice(Protocol):
    """Chance, for references and for choices that should differ."""

    def token(self, length: int) -> str:
        """Return ``length`` characters of A-Z and 2-9 that are hard to mix up."""
        ...
