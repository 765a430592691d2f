"""Notices what takes too long, with one sleeper for everything, because everything is given equally long."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.kit.clock import Clock


@dataclass(slots=True)
class Ticket:
    """Something that has begun; set ``is_done`` when it needs no watching any more."""

    due: datetime
    late: Callable[[], Awaitable[None]]
    is_done: bool = False


class Deadlines:
    """Calls ``late`` of whatever is not done after ``seconds``. Neither the core nor the database can delay that."""

    def __init__(self, clock: Clock, seconds: float) -> None:
        self._clock = clock
        self._long = timedelta(seconds=seconds)
        self._open: deque[Ticket] = deque()
        self._sleeper: asyncio.Task[None] | None = None
        self._calls: set[asyncio.Future[None]] = set()

    def watch(self, since: datetime, late: Callable[[], Awaitable[None]]) -> Ticket:
        """Begin to watch something that began at ``since``, which is never earlier than at the call before."""
        ticket = Ticket(since + self._long, late)
        self._open.append(ticket)
        if self._sleeper is None:
            self._sleeper = asyncio.get_running_loop().create_task(self._sleep())
        return ticket

    async def close(self) -> None:
        """Watch nothing any more."""
        sleeper, self._sleeper = self._sleeper, None
        self._open.clear()
        for task in (sleeper, *self._calls):
            if task is not None:
                task.cancel()
        await asyncio.gather(*filter(None, (sleeper, *self._calls)), return_exceptions=True)

    async def _sleep(self) -> None:
        while self._open:
            if not self._open[0].is_done:
                await self._clock.sleep_until(self._open[0].due)
            while self._open and (self._open[0].is_done or self._open[0].due <= self._clock.now()):
                ticket = self._open.popleft()
                if not ticket.is_done:
                    call = asyncio.ensure_future(ticket.late())
                    self._calls.add(call)
                    call.add_done_callback(self._calls.discard)
        self._sleeper = None
