"""Waiting for everything that starts, unless the bot is told to stop before."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

from bot.kit.errors import StoppedEarlyError


async def all_ended(starting: Sequence[asyncio.Future[None]], stop: asyncio.Event | None) -> None:
    """Return when all of them have ended, in whatever way; raise ``StoppedEarlyError`` if ``stop`` is set before."""
    stopping = asyncio.ensure_future(stop.wait()) if stop is not None else None
    left: set[asyncio.Future[Any]] = set(starting)
    try:
        while left:
            done, _waiting = await asyncio.wait(
                left | {stopping} if stopping is not None else left, return_when=asyncio.FIRST_COMPLETED
            )
            left -= done
            if stopping is not None and stopping in done and left:
                raise StoppedEarlyError
    finally:
        late = [*left, *([stopping] if stopping is not None else [])]
        for task in late:
            task.cancel()
        await asyncio.gather(*late, return_exceptions=True)
