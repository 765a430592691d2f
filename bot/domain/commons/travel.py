"""Moving the clock on for trying things out: never past what is planned, so that it happens on the way."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Final

from bot.kit.clock import TravelClock
from bot.kit.reply import Reply, notice
from bot.kit.text import bold
from bot.kit.wording import _, say

NextEvent = Callable[[], Awaitable[tuple[datetime, str] | None]]
"""Tells what happens next by itself, and when; None: nothing is planned."""
Rests = Callable[[], Awaitable[None]]
"""Returns once nothing that was due is still to be done."""
PATIENCE: Final = 5.0
"""Seconds to wait for what is being done."""
LATEST: Final = datetime(2100, 1, 1, tzinfo=UTC)
"""How far the clock goes: far enough to try anything, and not so far that dates run out."""
_MOMENT: Final = timedelta(seconds=1)


async def travel(clock: TravelClock, next_event: NextEvent, rests: Rests, by: timedelta | None) -> Reply | None:
    """Move the clock on by a positive span, None: to what happens next; stop where something happens on the way.

    What is due is done before the clock moves and has happened when this returns, unless it takes more than seconds.
    Returns what happens then, or why the clock stays; None where it simply moved all the way.
    """
    await _at_rest(rests)
    event = await next_event()
    if event is None and by is None:
        return notice(_("Nothing is planned yet, so there is nowhere to travel to."))
    ahead = event[0] - clock.now() if event is not None else timedelta()
    stops = event is not None and (by is None or timedelta() < ahead <= by)
    way = max(ahead, timedelta()) + _MOMENT if stops or by is None else by
    if way > LATEST - clock.now():
        return notice(_("The clock goes no further."))
    clock.travel(way)
    await _at_rest(rests)
    return notice(say(_("Now: {what}"), what=bold(event[1]))) if event is not None and stops else None


async def nothing_in_hand() -> None:
    """Stand for a bot that does nothing by itself."""


async def _at_rest(rests: Rests) -> None:
    with suppress(TimeoutError):
        async with asyncio.timeout(PATIENCE):
            await rests()
