"""A Bot API or a Discord that keeps so many ``/roadmap 2`` in flight, in a process of its own: only the bot is measured.

``python -m tests.bench.platform_server telegram|discord COUNT IN_FLIGHT`` prints its port, ``WARM`` after the first
questions, and at the end how long the others took, as JSON. It waits for a line before it begins to count.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web

PEOPLE = 200
"""Who ask on Discord, over and over; each is met once, before anything is measured."""
WARM = 300
Ask = Callable[[int], Awaitable[None]]


class Pump:
    """Asks ``count`` questions after ``WARM`` others, at most so many at a time, and notes how soon each is answered."""

    def __init__(self, ask: Ask, count: int, in_flight: int) -> None:
        self._ask = ask
        self._count = count
        self._free = asyncio.Semaphore(in_flight)
        self._in_flight = in_flight
        self._asked: dict[int, float] = {}
        self._took: list[float] = []

    def answered(self, number: int) -> None:
        """Note that a question was answered."""
        if (asked := self._asked.pop(number, None)) is not None:
            self._took.append(time.perf_counter() - asked)
            self._free.release()

    async def run(self) -> None:
        """Ask everything and print how it went."""
        await self._burst(0, WARM)
        self._took.clear()
        print("WARM", flush=True)
        await asyncio.get_running_loop().run_in_executor(None, sys.stdin.readline)
        begun = time.perf_counter()
        await self._burst(WARM, WARM + self._count)
        seconds = time.perf_counter() - begun
        took = sorted(self._took)
        marks = {name: took[min(int(len(took) * share), len(took) - 1)] * 1000 for name, share in SHARES.items()}
        print(json.dumps({"per_s": self._count / seconds, **marks}), flush=True)

    async def _burst(self, first: int, last: int) -> None:
        for number in range(first, last):
            await self._free.acquire()
            self._asked[number] = time.perf_counter()
            await self._ask(number)
        for _one in range(self._in_flight):
            await self._free.acquire()
        for _one in range(self._in_flight):
            self._free.release()


SHARES = {"p50_ms": 0.5, "p99_ms": 0.99, "p999_ms": 0.999}


def _json(value: Any) -> web.Response:
    return web.Response(body=json.dumps(value).encode(), content_type="application/json")


async def telegram(app: web.Application, count: int, in_flight: int) -> tuple[Pump, asyncio.Event]:
    """The few methods a bot needs; each ``sendMessage`` answers its chat's question."""
    updates: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
    listening = asyncio.Event()
    sent = iter(range(1, 10**9))

    async def ask(number: int) -> None:
        chat = 10_000 + number
        updates.put_nowait(
            {
                "update_id": 700_000 + number,
                "message": {
                    "message_id": number + 1,
                    "date": int(time.time()),
                    "chat": {"id": chat, "type": "private", "first_name": "Ana"},
                    "from": {"id": chat, "is_bot": False, "first_name": "Ana", "language_code": "en"},
                    "text": "/roadmap 2",
                    "entities": [{"type": "bot_command", "offset": 0, "length": 8}],
                },
            }
        )

    pump = Pump(ask, count, in_flight)

    async def method(request: web.Request) -> web.Response:
        name = request.match_info["method"]
        body: dict[str, Any] = (
            dict(await request.post()) if "json" not in request.content_type else await request.json()
        )
        if name == "getMe":
            return _json(
                {"ok": True, "result": {"id": 1, "is_bot": True, "first_name": "R", "username": "roadmate_bot"}}
            )
        if name == "getUpdates":
            if int(body.get("timeout", 0)) == 0:
                return _json({"ok": True, "result": []})
            listening.set()
            found = [await updates.get()]
            while not updates.empty() and len(found) < 100:
                found.append(updates.get_nowait())
            return _json({"ok": True, "result": found})
        if name == "sendMessage":
            chat = int(str(body["chat_id"]))
            pump.answered(chat - 10_000)
            said = {"message_id": next(sent), "date": 1, "chat": {"id": chat, "type": "private"}, "text": "x"}
            return _json({"ok": True, "result": said})
        return _json({"ok": True, "result": [] if name.startswith("getMy") else True})

    app.router.add_route("*", "/{token}/{method}", method)
    return pump, listening


async def discord(app: web.Application, count: int, in_flight: int) -> tuple[Pump, asyncio.Event]:
    """REST and gateway; each callback acknowledges its interaction."""
    me = {"id": "4001", "username": "r", "global_name": "R", "discriminator": "0", "avatar": None, "bot": True}
    line: list[web.WebSocketResponse] = []
    listening = asyncio.Event()

    async def ask(number: int) -> None:
        await line[0].send_str(
            json.dumps({"op": 0, "t": "INTERACTION_CREATE", "s": 3 + number, "d": _interaction(number)})
        )

    pump = Pump(ask, count, in_flight)

    async def who(_request: web.Request) -> web.Response:
        return _json(me)

    async def application(_request: web.Request) -> web.Response:
        return _json({"id": "4001", "name": "R", "description": "", "icon": None, "bot_public": True,
                      "bot_require_code_grant": False, "owner": me, "verify_key": "", "flags": 0})  # fmt: skip

    async def commands(request: web.Request) -> web.Response:
        told = await request.json()
        return _json(
            [{**one, "id": str(77 + i), "application_id": "4001", "version": "1"} for i, one in enumerate(told)]
        )

    async def callback(request: web.Request) -> web.Response:
        await request.read()
        pump.answered(int(request.match_info["token"]))
        if request.query.get("with_response"):
            return _json({"interaction": {"id": request.match_info["id"], "type": 2}, "resource": {"type": 4}})
        return web.Response(status=204)

    async def gateway(request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        await socket.send_json({"op": 10, "d": {"heartbeat_interval": 45_000}})
        async for frame in socket:
            told = json.loads(frame.data)
            if told["op"] == 1:
                await socket.send_json({"op": 11})
            if told["op"] == 2:
                ready = {"user": me, "guilds": [], "session_id": "s", "application": {"id": "4001", "flags": 0},
                         "resume_gateway_url": str(request.url.with_scheme("ws"))}  # fmt: skip
                await socket.send_json({"op": 0, "t": "READY", "s": 1, "d": ready})
                line.append(socket)
                listening.set()
        return socket

    app.router.add_get("/api/users/@me", who)
    app.router.add_get("/api/oauth2/applications/@me", application)
    app.router.add_put("/api/applications/4001/commands", commands)
    app.router.add_post("/api/interactions/{id}/{token}/callback", callback)
    app.router.add_get("/gateway", gateway)
    return pump, listening


def _interaction(number: int) -> dict[str, Any]:
    user = {
        "id": str(10_000 + number % PEOPLE),
        "username": "ana",
        "global_name": "Ana",
        "discriminator": "0",
        "avatar": None,
    }
    channel = {"id": "6001", "type": 0, "name": "general", "guild_id": "5001", "position": 0, "permissions": "0",
               "permission_overwrites": []}  # fmt: skip
    member: dict[str, Any] = {"user": user, "nick": None, "permissions": "0", "roles": [], "joined_at": "2026-01-01T00:00:00+00:00",
              "deaf": False, "mute": False, "flags": 0}  # fmt: skip
    options = [{"name": "what", "type": 3, "value": "2"}]
    return {
        "id": str(10**17 + number), "application_id": "4001", "type": 2, "token": str(number), "version": 1,
        "channel_id": "6001", "locale": "en-US", "app_permissions": "1125899906842623", "channel": channel,
        "entitlements": [], "attachment_size_limit": 1, "guild_id": "5001", "guild_locale": "en-US",
        "data": {"id": "77", "name": "roadmap", "type": 1, "options": options},
        "guild": {"id": "5001", "locale": "en-US", "features": []}, "member": member,
        "authorizing_integration_owners": {}, "context": 0,
    }  # fmt: skip


async def main() -> None:
    kind, count, in_flight = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    app = web.Application()
    pump, listening = await {"telegram": telegram, "discord": discord}[kind](app, count, in_flight)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0, backlog=1024).start()
    print(runner.addresses[0][1], flush=True)
    async with asyncio.timeout(120):
        await listening.wait()
        await asyncio.sleep(0.5)
        await pump.run()
        await asyncio.get_running_loop().run_in_executor(None, sys.stdin.readline)


if __name__ == "__main__":
    asyncio.run(main())
