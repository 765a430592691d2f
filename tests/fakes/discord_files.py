"""Where the fake Discord keeps what people send into forms: addresses that are signed, and no token asked for."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web


class Files:
    """What people sent. ``fetched`` are the ids asked for, with the headers of each request."""

    def __init__(self, next_id: Callable[[], str], tell: Callable[[], Awaitable[None]]) -> None:
        self._next_id = next_id
        self._tell = tell
        self.address = ""
        self.kept: dict[str, bytes] = {}
        self.fetched: list[tuple[str, dict[str, str]]] = []
        self.taken = 0
        """Bytes that were taken off our hands, about."""
        self.leads_to = ""
        """If set, every request is led on to this address."""
        self.gate: asyncio.Event | None = None
        """If set, the rest of every file waits for it."""

    def keep(self, data: bytes, name: str = "questions.yaml") -> dict[str, Any]:
        """Keep what somebody sends; returns what Discord tells of it."""
        number = self._next_id()
        self.kept[number] = data
        address = f"http://{self.address}/ephemeral-attachments/{number}/{name}?ex=68dc7ce1&hm=5954f9"
        return {"id": number, "filename": name, "size": len(data), "url": address, "proxy_url": address,
                "content_type": "application/x-yaml", "ephemeral": True}  # fmt: skip

    async def send(self, request: web.Request) -> web.StreamResponse:
        number = request.match_info["id"]
        self.fetched.append((number, dict(request.headers)))
        if number not in self.kept or "hm" not in request.query:
            return web.Response(status=404, text="This content is no longer available.")
        if self.leads_to:
            return web.Response(status=302, headers={"Location": self.leads_to})
        response = web.StreamResponse()
        await response.prepare(request)
        data = self.kept[number]
        with contextlib.suppress(ConnectionError):
            for start in range(0, len(data), 1 << 16):
                await response.write(data[start : start + (1 << 16)])
                self.taken += 1 << 16
                await self._tell()
                if self.gate is not None:
                    await self.gate.wait()
        return response
