"""Telling open windows that something was said: they are woken and read the news themselves.

A window keeps no queue, only the revision it has seen, so a slow one can never fill the memory and one that comes back
after a break misses nothing.
"""

from __future__ import annotations

import asyncio
from typing import Final

from bot.platforms.web.limits import STREAMS


class Window:
    """One open page that follows a chat."""

    __slots__ = ("chat", "moved", "news")

    def __init__(self, chat: str) -> None:
        self.chat: Final = chat
        self.news = asyncio.Event()
        self.moved = True
        """Whether the demo clock was moved since this was last told; a new window is told once."""


class Windows:
    """All open pages."""

    def __init__(self, most: int = STREAMS) -> None:
        self._open: set[Window] = set()
        self._most = most
        self.closing = False

    def __len__(self) -> int:
        return len(self._open)

    def open(self, chat: str) -> Window | None:
        """Let a page follow a chat, or return None if there are too many or the bot is stopping."""
        if self.closing or len(self._open) >= self._most:
            return None
        window = Window(chat)
        self._open.add(window)
        return window

    def close(self, window: Window) -> None:
        """Forget a page; forgetting it twice is fine."""
        self._open.discard(window)

    def said(self, chat: str) -> None:
        """Wake the pages that follow a chat."""
        for window in self._open:
            if window.chat == chat:
                window.news.set()

    def time_moved(self) -> None:
        """Wake every page: the demo clock was moved."""
        for window in self._open:
            window.moved = True
            window.news.set()

    def close_all(self) -> None:
        """Wake every page so that it ends, and let no other in."""
        self.closing = True
        for window in self._open:
            window.news.set()
