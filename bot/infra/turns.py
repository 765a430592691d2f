"""Doing something for as long as a turn is held."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager

from bot.kit.shared import Turn


async def work_in(taking: AbstractAsyncContextManager[Turn], work: Callable[[], Awaitable[None]]) -> bool:
    """Wait for a turn and do ``work`` while it is ours; return whether it ended by itself, raise what it raised.

    A turn that was lost is left only after the work has ended.
    """
    async with taking as turn:
        working, losing = asyncio.ensure_future(work()), asyncio.ensure_future(turn.lost())
        try:
            await asyncio.wait((working, losing), return_when=asyncio.FIRST_COMPLETED)
            if not working.done():
                return False
            working.result()
            return True
        finally:
            working.cancel()
            losing.cancel()
            await asyncio.gather(working, losing, return_exceptions=True)
