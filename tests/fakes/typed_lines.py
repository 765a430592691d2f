"""Somebody at a terminal: types a line, and reads what is shown until the next one is asked for."""

from __future__ import annotations

import asyncio
import io
import queue
from collections.abc import Callable


class Lines(io.TextIOBase):
    """Lines typed by a test; tells when the terminal asks for the next one."""

    def __init__(self, asked: Callable[[], object]) -> None:
        self._lines: queue.Queue[str] = queue.Queue()
        self._asked = asked

    def type(self, line: str) -> None:
        self._lines.put(line + "\n")

    def readline(self, _size: int | None = -1, /) -> str:  # type: ignore[override]
        self._asked()
        return self._lines.get()


class Typist:
    """The two ends of a terminal: give ``lines`` and ``screen`` to the platform, then type."""

    def __init__(self) -> None:
        self._asked = asyncio.Event()
        loop = asyncio.get_running_loop()
        self.lines = Lines(lambda: loop.call_soon_threadsafe(self._asked.set))
        self.screen = io.StringIO()

    async def is_asked(self) -> None:
        """Return once the terminal waits for a line."""
        async with asyncio.timeout(10):
            await self._asked.wait()

    async def types(self, line: str) -> str:
        """Type one line; returns what was shown until the next is asked for."""
        before = len(self.screen.getvalue())
        self._asked.clear()
        self.lines.type(line)
        await self.is_asked()
        return self.screen.getvalue()[before:]
