"""Discord's REST interface and gateway over real sockets on this computer, for the unmodified library to talk to.

It refuses what Discord refuses (limits, deadlines, second answers, wrong tokens), and can be told to fail.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from aiohttp import WSMsgType, web
from discord.gateway import DiscordWebSocket
from discord.http import Route

from tests.fakes.clock import FakeClock
from tests.fakes.discord_payloads import EPHEMERAL, modal_refusals, refusals, shown

TOKEN = "MTA.fake.token"
APPLICATION = "4001"
GUILD = "5001"
OWNER = "900"
Payload = dict[str, Any]


@dataclass
class Message:
    """A message in a channel; ``seen_by`` is the one account that sees it, or empty."""

    id: str
    payload: Payload
    channel: str
    seen_by: str = ""
    is_gone: bool = False

    @property
    def text(self) -> str:
        return shown(self.payload, "Europe/Berlin")


@dataclass
class Interaction:
    """What somebody did and what came of it."""

    id: str
    token: str
    raw: Payload
    at: datetime
    account: str
    channel: str
    source: Message | None = None
    answers: list[Payload] = field(default_factory=list)
    original: Message | None = None
    messages: list[Message] = field(default_factory=list)
    modal: Payload | None = None
    choices: list[Payload] = field(default_factory=list)
    is_loading: bool = False
    answered: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def kinds(self) -> list[int]:
        return [answer["type"] for answer in self.answers]


class FakeDiscord:
    """One server, one application, any number of people."""

    def __init__(self, clock: FakeClock) -> None:
        self.clock = clock
        self.commands: list[Payload] = []
        self.registrations = 0
        self.identifies: list[Payload] = []
        self.interactions: dict[str, Interaction] = {}
        self.requests: list[tuple[str, str]] = []
        self.failures: list[tuple[str, int, Payload]] = []
        self.refuses_gateway = False
        self.rejects_identify = False
        self.connected = asyncio.Event()
        self.knows_commands = asyncio.Event()
        self._sockets: list[web.WebSocketResponse] = []
        self._sequence = 0
        self._last_id = 7_000_000
        self._runner: web.AppRunner | None = None
        self.address = ""

    def next_id(self) -> str:
        self._last_id += 1
        return str(self._last_id)

    def fail(self, path: str, status: int, times: int = 1, body: Payload | None = None) -> None:
        """Answer the next requests whose path contains ``path`` with ``status``."""
        self.failures += [(path, status, body or {"message": "fault", "code": 0})] * times

    async def start(self) -> None:
        app = web.Application(middlewares=[self._checked])
        app.router.add_get("/api/users/@me", self._me)
        app.router.add_get("/api/oauth2/applications/@me", self._application)
        app.router.add_put("/api/applications/{application}/commands", self._register)
        app.router.add_post("/api/interactions/{id}/{token}/callback", self._callback)
        app.router.add_post("/api/webhooks/{application}/{token}", self._follow)
        app.router.add_patch("/api/webhooks/{application}/{token}/messages/@original", self._replace)
        app.router.add_delete("/api/webhooks/{application}/{token}/messages/@original", self._withdraw)
        app.router.add_get("/gateway", self._gateway)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.address = f"127.0.0.1:{self._runner.addresses[0][1]}"

    @property
    def api(self) -> str:
        return f"http://{self.address}/api"

    @property
    def gateway(self) -> str:
        return f"ws://{self.address}/gateway"

    async def stop(self) -> None:
        for socket in self._sockets:
            await socket.close()
        if self._runner is not None:
            await self._runner.cleanup()

    @web.middleware
    async def _checked(self, request: web.Request, handler: Any) -> web.StreamResponse:
        self.requests.append((request.method, request.path))
        for failure in self.failures:
            if failure[0] in request.path:
                self.failures.remove(failure)
                return _json(failure[2], failure[1])
        authorized = request.headers.get("Authorization") == f"Bot {TOKEN}"
        open_to_all = request.path.startswith(("/api/interactions/", "/api/webhooks/", "/gateway"))
        if not authorized and not open_to_all:
            return _error(401, 0, "401: Unauthorized")
        result: web.StreamResponse = await handler(request)
        return result

    async def _me(self, _request: web.Request) -> web.Response:
        return _json(_user(APPLICATION, "Roadmate", is_bot=True))

    async def _application(self, _request: web.Request) -> web.Response:
        return _json(
            {
                "id": APPLICATION, "name": "Roadmate", "description": "", "icon": None, "bot_public": True,
                "bot_require_code_grant": False, "owner": _user(OWNER, "owner"), "verify_key": "", "flags": 0,
            }
        )  # fmt: skip

    async def _register(self, request: web.Request) -> web.Response:
        self.commands = await request.json()
        self.registrations += 1
        self.knows_commands.set()
        return _json(self.commands)

    # interactions

    def _of_token(self, request: web.Request) -> Interaction | None:
        token = request.match_info["token"]
        found = next((one for one in self.interactions.values() if one.token == token), None)
        if found is None or self.clock.now() - found.at > timedelta(minutes=15):
            return None
        return found

    async def _callback(self, request: web.Request) -> web.Response:
        body = await request.json()
        one = self.interactions.get(request.match_info["id"])
        if one is None or one.token != request.match_info["token"]:
            return _error(404, 10062, "Unknown interaction")
        if one.answers:
            return _error(400, 40060, "Interaction has already been acknowledged.")
        if self.clock.now() - one.at > timedelta(seconds=3):
            return _error(404, 10062, "Unknown interaction")
        data = body.get("data", {})
        problems = self._problems(one, body["type"], data)
        if problems:
            return _error(400, 50035, f"Invalid Form Body {problems}")
        one.answers.append(body)
        match body["type"]:
            case 4:
                one.original = self._post(one, data)
            case 5:
                one.is_loading = True
                one.original = self._post(one, data)
            case 6:
                one.original = one.source
            case 7:
                assert one.source is not None
                one.original = one.source
                one.source.payload = data
                one.messages.append(one.source)
            case 8:
                one.choices = data["choices"]
            case 9:
                one.modal = data
        one.answered.set()
        return web.Response(status=204)

    def _problems(self, one: Interaction, kind: int, data: Payload) -> list[str]:
        if (kind == 8) != (one.raw["type"] == 4):
            return ["choices answer completions and nothing else"]
        match kind:
            case 4:
                return self._message_problems(data)
            case 5:
                return [] if set(data) <= {"flags"} else ["a deferral carries only flags"]
            case 6:
                return [] if one.source else ["there is no message to leave as it is"]
            case 7:
                return self._message_problems(data) if one.source else ["there is no message to edit"]
            case 8:
                return [
                    f"bad choice {choice}"
                    for choice in data["choices"]
                    if not 1 <= len(choice["name"]) <= 100 or not 1 <= len(choice["value"]) <= 100
                ] + ([] if len(data["choices"]) <= 25 else ["too many choices"])
            case 9:
                return modal_refusals(data) if one.raw["type"] != 5 else ["a form cannot answer a form"]
            case _:
                return [f"unknown type {kind}"]

    @staticmethod
    def _message_problems(data: Payload) -> list[str]:
        return refusals({name: value for name, value in data.items() if value is not None and value != []})

    def _post(self, one: Interaction, data: Payload) -> Message:
        hidden = data.get("flags", 0) & EPHEMERAL
        message = Message(self.next_id(), data, one.channel, one.account if hidden else "")
        one.messages.append(message)
        return message

    async def _follow(self, request: web.Request) -> web.Response:
        body = await request.json()
        one = self._of_token(request)
        if one is None:
            return _error(404, 10015, "Unknown Webhook")
        if not one.answers:
            return _error(404, 10015, "Unknown Webhook")
        if problems := self._message_problems(body):
            return _error(400, 50035, f"Invalid Form Body {problems}")
        if one.is_loading and one.original is not None:
            one.is_loading = False
            one.original.payload = body
            return _json({"id": one.original.id})
        return _json({"id": self._post(one, body).id})

    async def _replace(self, request: web.Request) -> web.Response:
        body = await request.json()
        one = self._of_token(request)
        if one is None or one.original is None or one.original.is_gone:
            return _error(404, 10008, "Unknown Message")
        if problems := self._message_problems(body):
            return _error(400, 50035, f"Invalid Form Body {problems}")
        one.is_loading = False
        one.original.payload = body
        if one.original not in one.messages:
            one.messages.append(one.original)
        return _json({"id": one.original.id})

    async def _withdraw(self, request: web.Request) -> web.Response:
        one = self._of_token(request)
        if one is None or one.original is None:
            return _error(404, 10008, "Unknown Message")
        one.original.is_gone = True
        one.messages.remove(one.original)
        return web.Response(status=204)

    # the gateway

    async def _gateway(self, request: web.Request) -> web.StreamResponse:
        if self.refuses_gateway:
            return web.Response(status=503)
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        await socket.send_json({"op": 10, "d": {"heartbeat_interval": 45_000}})
        async for frame in socket:
            if frame.type is not WSMsgType.TEXT:
                break
            said = json.loads(frame.data)
            if said["op"] == 1:
                await socket.send_json({"op": 11})
            elif said["op"] == 2:
                self.identifies.append(said["d"])
                if self.rejects_identify or said["d"]["token"] != TOKEN:
                    await socket.close(code=4004)
                    break
                self._sockets.append(socket)
                await self._welcome()
        if socket in self._sockets:
            self._sockets.remove(socket)
        return socket

    async def _welcome(self) -> None:
        guild = {
            "id": GUILD, "name": "Study hall", "owner_id": OWNER, "roles": [], "emojis": [], "members": [],
            "channels": [], "member_count": 3, "unavailable": False,
        }  # fmt: skip
        await self.tell(
            "READY",
            {
                "user": _user(APPLICATION, "Roadmate", is_bot=True), "guilds": [{"id": GUILD, "unavailable": True}],
                "session_id": "s", "resume_gateway_url": self.gateway, "application": {"id": APPLICATION, "flags": 0},
            },
        )  # fmt: skip
        await self.tell("GUILD_CREATE", guild)
        self.connected.set()

    async def tell(self, event: str, data: Any) -> None:
        """Send an event to the bot."""
        self._sequence += 1
        await self._sockets[-1].send_json({"op": 0, "t": event, "s": self._sequence, "d": data})

    async def say_raw(self, text: str) -> None:
        """Send the bot something that is no event at all."""
        await self._sockets[-1].send_str(text)

    async def hang_up(self, code: int = 1001) -> None:
        """Close the bot's connection."""
        self.connected.clear()
        await self._sockets.pop().close(code=code)

    async def interact(
        self, kind: int, account: str, data: Payload, *, name: str = "", alone: bool = False, source: Message | None = None,
        permissions: int = 0, locale: str = "en-US",
    ) -> Interaction:  # fmt: skip
        """Let somebody do something, and wait until they got a first sign of it."""
        number = self.next_id()
        channel = f"8{account}" if alone else "6001"
        user = _user(account, name or f"user{account}")
        raw: Payload = {
            "id": number, "application_id": APPLICATION, "type": kind, "data": data, "token": f"token-{number}",
            "version": 1, "channel_id": channel, "channel": {"id": channel, "type": 1 if alone else 0},
            "locale": locale, "context": 1 if alone else 0, "entitlements": [],
        }  # fmt: skip
        if alone:
            raw["user"] = user
        else:
            raw |= {"guild_id": GUILD, "guild_locale": "en-US"}
            raw["member"] = {"user": user, "nick": None, "permissions": str(permissions), "roles": []}
        if source is not None:
            raw["message"] = {"id": source.id, "flags": source.payload.get("flags", 0), "components": []}
        one = Interaction(number, raw["token"], raw, self.clock.now(), account, channel, source)
        self.interactions[number] = one
        await self.tell("INTERACTION_CREATE", raw)
        return one


def _json(data: Any, status: int = 200) -> web.Response:
    return web.Response(body=json.dumps(data).encode(), status=status, content_type="application/json")


def _error(status: int, code: int, message: str) -> web.Response:
    return _json({"code": code, "message": message}, status)


def _user(account: str, name: str, *, is_bot: bool = False) -> Payload:
    return {
        "id": account, "username": name.lower(), "global_name": name, "discriminator": "0", "avatar": None, "bot": is_bot,
    }  # fmt: skip


@asynccontextmanager
async def fake_discord(clock: FakeClock) -> AsyncIterator[FakeDiscord]:
    """A running server; what the library was told of it is taken back afterwards."""
    base, gateway = Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY
    server = FakeDiscord(clock)
    await server.start()
    try:
        yield server
    finally:
        Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY = base, gateway
        with contextlib.suppress(ConnectionError):
            await server.stop()
