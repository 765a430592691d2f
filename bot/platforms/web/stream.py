"""Live updates of one window, as Server-Sent Events: what was said or changed since, and a moved clock."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from datetime import datetime

from aiohttp import web

from bot.domain.commons.cast import Persona, Room
from bot.platforms.web.limits import (
    PAGE_MESSAGES,
    STREAM_PAUSE_SECONDS,
    STREAM_RETRY_MS,
    STREAM_WRITE_SECONDS,
)
from bot.platforms.web.live import Window, Windows
from bot.platforms.web.messages import draw_message
from bot.platforms.web.store import MessageStore


class Stream:
    """Writes to one window until it is closed, too slow, or the bot stops."""

    def __init__(
        self, response: web.StreamResponse, window: Window, windows: Windows, store: MessageStore, zone: str
    ) -> None:
        self._response = response
        self._window = window
        self._windows = windows
        self._store = store
        self._zone = zone

    async def follow(self, room: Room, persona: Persona, seen: int, now: Callable[[], datetime] | None) -> None:
        """Tell everything after the revision ``seen``, then everything as it happens, until there is a reason to end.

        Raises:
            ConnectionError: the browser is gone.
            TimeoutError: it reads too slowly.
        """
        await self._write(f"retry: {STREAM_RETRY_MS}\n\n")
        while not self._windows.closing:
            self._window.news.clear()
            if self._window.moved and now is not None:
                self._window.moved = False
                await self._tell("clock", {"now": now().isoformat()})
            seen = await self._tell_changes(room, persona, seen)
            try:
                await asyncio.wait_for(self._window.news.wait(), STREAM_PAUSE_SECONDS)
            except TimeoutError:
                await self._write(": still here\n\n")

    async def _tell_changes(self, room: Room, persona: Persona, seen: int) -> int:
        while True:
            changes = await self._store.changes(chat=room.chat(persona), account=persona.account, after=seen)
            for message in changes:
                html = draw_message(message, persona, self._zone)
                await self._tell("message", {"id": message.id, "html": str(html)}, message.revision)
                seen = message.revision
            if len(changes) < PAGE_MESSAGES:
                return seen

    async def _tell(self, kind: str, data: dict[str, str | int], number: int | None = None) -> None:
        head = f"id: {number}\n" if number is not None else ""
        await self._write(f"{head}event: {kind}\ndata: {json.dumps(data)}\n\n")

    async def _write(self, text: str) -> None:
        await asyncio.wait_for(self._response.write(text.encode()), STREAM_WRITE_SECONDS)
