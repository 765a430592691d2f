"""The real clock, a clock for rehearsals and trying things out, and real chance."""

from __future__ import annotations

import asyncio
import os
import re
import secrets
import time
import zoneinfo
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

LETTERS: Final = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
FASTEST: Final = 3600.0
"""How many times as fast as the real one a clock may run in a rehearsal."""
LONGEST_NAP: Final = 3600.0
"""Seconds after which a sleeper looks at the clock again: the computer's clock may have been set."""


def use_own_zone_data() -> None:
    """Read zone data from the ``tzdata`` package only: the system's copy may be a year old."""
    zoneinfo.reset_tzpath(to=[])


class SystemClock:
    """The computer's clock."""

    def now(self) -> datetime:
        """Return the present moment in UTC."""
        return datetime.now(UTC)

    async def sleep_until(self, moment: datetime) -> None:
        """Return at ``moment``, at once if it has passed."""
        while (seconds := (moment - self.now()).total_seconds()) > 0:  # noqa: ASYNC110 - only time itself passes
            await asyncio.sleep(min(seconds, LONGEST_NAP))


class MovableClock:
    """A clock that starts where it is told, runs ``speed`` times as fast, and can be moved forward."""

    def __init__(self, start: datetime | None = None, speed: float = 1.0) -> None:
        if speed <= 0:
            raise ValueError(f"a clock cannot run {speed} times as fast")
        self._speed = speed
        self._origin = start or datetime.now(UTC)
        self._began = time.monotonic()
        self._follows = start is None and speed == 1.0
        self._travelled = timedelta()
        self._moved = asyncio.Event()

    def now(self) -> datetime:
        """Return the present moment of this clock in UTC."""
        if self._follows:  # the computer's own clock, which goes on while it sleeps
            return datetime.now(UTC) + self._travelled
        return self._origin + self._travelled + timedelta(seconds=(time.monotonic() - self._began) * self._speed)

    def travel(self, by: timedelta) -> None:
        """Move on by ``by`` and wake whoever sleeps, so that they look again."""
        if by <= timedelta():
            raise ValueError("time only moves forward")
        self._travelled += by
        moved, self._moved = self._moved, asyncio.Event()
        moved.set()

    async def sleep_until(self, moment: datetime) -> None:
        """Return at ``moment`` on this clock, at once if it has passed."""
        while (seconds := (moment - self.now()).total_seconds()) > 0:
            moved = self._moved
            try:
                await asyncio.wait_for(moved.wait(), min(seconds / self._speed, LONGEST_NAP))
            except TimeoutError:
                continue


_REHEARSAL: Final = re.compile(r"(?P<start>[^*]+)(?:\*(?P<speed>\d+(?:\.\d+)?))?")


def rehearsal_clock(text: str) -> MovableClock:
    """Return the clock that a text such as ``2026-11-20T08:58Z*60`` describes; raise ``ValueError`` if none."""
    found = _REHEARSAL.fullmatch(text.strip())
    if found is None:
        raise ValueError(text)
    start, speed = datetime.fromisoformat(found["start"]), float(found["speed"] or 1)
    if not 1970 < start.year < 2200 or speed > FASTEST:  # a clock that runs off the calendar ends the bot
        raise ValueError(text)
    if start.tzinfo is None:
        start = start.replace(tzinfo=UTC)
    return MovableClock(start.astimezone(UTC), speed)


class SystemDice:
    """Chance nobody can foresee."""

    def token(self, length: int) -> str:
        """Return ``length`` letters and digits that are hard to mix up."""
        return "".join(secrets.choice(LETTERS) for _position in range(length))


def zone_data_edition() -> str:
    """Return which edition of the zone data is in use, such as ``2026b``."""
    import tzdata  # type: ignore[import-untyped]

    return str(tzdata.IANA_VERSION)


def local_zone() -> str:
    """Return the IANA name of this computer's time zone, or ``UTC`` where none can be told."""
    for name in (os.environ.get("TZ", "").lstrip(":"), _zone_of_system()):
        if name:
            try:
                zoneinfo.ZoneInfo(name)
            except (OSError, ValueError, zoneinfo.ZoneInfoNotFoundError):
                continue
            return name
    return "UTC"


def _zone_of_system() -> str:
    link = Path("/etc/localtime")
    try:
        _before, found, name = str(link.readlink()).partition("zoneinfo/")
    except OSError:
        return ""
    return name if found else ""
