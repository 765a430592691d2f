"""Moving the clock on for trying things out: never past what is planned, so that it happens on the way."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Final

from bot.kit.clock import TravelClock
from bot.kit.reply import Reply, notice
from bot.kit.text import bold
from bot.kit.wording import _, say

NextEvent = Callable[[], Awaitable[tuple[datetime, str] | None]]
"""Tells what happens next by itself, and when; None: nothing is planned."""
_MOMENT: Final = timedelta(seconds=1)


async def travel(clock: TravelClock, next_event: NextEvent, by: timedelta | None) -> Reply | None:
    """Move the clock on by a positive span, None: to what happens next; stop where something happens on the way.

    Returns what happens then, or that nothing is planned; None where the clock simply moved.
    """
    event = await next_event()
    if event is None:
        if by is None:
            return notice(_("Nothing is planned yet, so there is nowhere to travel to."))
        clock.travel(by)
        return None
    ahead = event[0] - clock.now()
    if by is not None and not timedelta() < ahead <= by:
        clock.travel(by)
        return None
    clock.travel(max(ahead, timedelta()) + _MOMENT)
    return notice(say(_("Now: {what}"), what=bold(event[1])))
