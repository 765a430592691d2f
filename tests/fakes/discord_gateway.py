"""The fake Discord's gateway: sessions that can be lost, resumed with events seen before, invalidated, and flap."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from aiohttp import WSMsgType, web

Payload = dict[str, Any]


@dataclass
class Session:
    """What a bot may come back to."""

    id: str
    sent: list[Payload] = field(default_factory=list)
    seen: int = 0
    """The last event known to have been received, as the bot told when it came back."""


class Gateway:
    """Takes a bot in and brings it events."""

    def __init__(self, token: str, welcome: Callable[[], list[tuple[str, Payload]]]) -> None:
        self._token = token
        self._welcome = welcome
        self.identifies: list[Payload] = []
        self.resumes: list[Payload] = []
        self.heartbeats = 0
        self.refuses = False
        self.rejects_identify = False
        self.drops = 0
        """How many of the next connections break as soon as the bot was greeted."""
        self.drops_ready = 0
        """How many of the next connections break as soon as the bot was taken in."""
        self.is_deaf = False
        """Whether the bot's hanging up goes unnoticed."""
        self.repeats = 0
        """How many events the bot has seen already are sent again when it comes back."""
        self.connected = asyncio.Event()
        self._awake = asyncio.Event()
        self.session: Session | None = None
        self.sockets: list[web.WebSocketResponse] = []

    async def handle(self, request: web.Request) -> web.StreamResponse:
        if self.refuses:
            return web.Response(status=503)
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        await socket.send_json({"op": 10, "d": {"heartbeat_interval": 45_000}})
        if self.drops:
            self.drops -= 1
            await socket.close(code=4000)
            return socket
        async for frame in socket:
            if frame.type is not WSMsgType.TEXT:
                break
            assert len(frame.data) <= 4096
            said = json.loads(frame.data)
            if said["op"] == 1:
                self.heartbeats += 1
                await socket.send_json({"op": 11})
            elif said["op"] == 2:
                self.identifies.append(said["d"])
                if self.rejects_identify or said["d"]["token"] != self._token:
                    await socket.close(code=4004)
                    break
                await self._take_in(socket)
                if self.is_deaf:
                    await self._awake.wait()
            elif said["op"] == 6:
                self.resumes.append(said["d"])
                await self._take_back(socket, said["d"])
        if socket in self.sockets:
            self.sockets.remove(socket)
        return socket

    async def _take_in(self, socket: web.WebSocketResponse) -> None:
        self.session = Session(f"session{len(self.identifies)}")
        self.sockets.append(socket)
        for event, data in self._welcome():
            await self.tell(event, data)
        if self.drops_ready:
            self.drops_ready -= 1
            await self.hang_up(4000)
            return
        self.connected.set()

    async def _take_back(self, socket: web.WebSocketResponse, said: Payload) -> None:
        session = self.session
        if session is None or said["session_id"] != session.id:
            await socket.send_json({"op": 9, "d": False})
            return
        self.sockets.append(socket)
        for event in session.sent[max(0, said["seq"] - self.repeats) :]:
            await socket.send_json(event)
        await self.tell("RESUMED", {})
        self.connected.set()

    async def tell(self, event: str, data: Any) -> None:
        """Send an event to the bot; while it is away, it waits for it."""
        assert self.session is not None
        told = {"op": 0, "t": event, "s": len(self.session.sent) + 1, "d": data}
        self.session.sent.append(told)
        if self.sockets:
            await self.sockets[-1].send_json(told)

    async def say_raw(self, text: str) -> None:
        """Send the bot something that is no event at all."""
        await self.sockets[-1].send_str(text)

    async def say(self, operation: int, data: Any = None) -> None:
        """Send the bot an operation: 7 asks it to come again, 9 ends its session, 1 asks for a heartbeat."""
        await self.sockets[-1].send_json({"op": operation, "d": data})

    async def hang_up(self, code: int = 1001) -> None:
        """Close the bot's connection in good order."""
        self.connected.clear()
        await self.sockets.pop().close(code=code)

    def cut(self) -> None:
        """Let the bot's connection break without a word."""
        self.connected.clear()
        socket = self.sockets.pop()
        assert socket._req is not None
        assert socket._req.transport is not None
        socket._req.transport.abort()

    def forget(self) -> None:
        """Forget the session, so that nobody can come back to it."""
        self.session = None

    async def stop(self) -> None:
        self._awake.set()
        for socket in self.sockets:
            await socket.close()
