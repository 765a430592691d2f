"""Pauses between attempts: each twice as long as the one before, or as long as Telegram asks for."""

from __future__ import annotations

from datetime import timedelta

from bot.kit.clock import Clock
from bot.platforms.telegram.api import WaitError
from bot.platforms.telegram.limits import FIRST_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS


class BackOff:
    """Waits after trouble. ``seconds`` is how long the next pause lasts."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.seconds = FIRST_PAUSE_SECONDS

    def all_is_well(self) -> None:
        """Begin with the shortest pause the next time."""
        self.seconds = FIRST_PAUSE_SECONDS

    async def pause(self, trouble: Exception | None = None) -> None:
        """Wait; the next pause will be longer."""
        wait = trouble.pause if isinstance(trouble, WaitError) else timedelta(seconds=self.seconds)
        self.seconds = min(self.seconds * 2, LONGEST_PAUSE_SECONDS)
        await self._clock.sleep_until(self._clock.now() + wait)
