"""Discord's REST interface and gateway over real sockets on this computer, for the unmodified library to talk to.

It refuses what Discord refuses (limits, deadlines, second answers, wrong tokens, missing rights) by its codes, checks
every request against Discord's published description, and can be told to fail in every way Discord fails.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

from aiohttp import BodyPartReader, web
from discord.gateway import DiscordWebSocket
from discord.http import Route

from bot.kit.clock import TravelClock
from tests.fakes.discord_answers import Ban, Fault, Pace, answer, refusal, too_many, user
from tests.fakes.discord_channels import DM, FORUM, TEXT, THREAD, Channel, Channels, Message
from tests.fakes.discord_files import Files
from tests.fakes.discord_gateway import Gateway
from tests.fakes.discord_guild import Guild
from tests.fakes.discord_interactions import Interaction, Interactions
from tests.fakes.discord_spec import operation, problems_of

__all__ = ["DM", "FORUM", "TEXT", "THREAD", "Channel", "FakeDiscord", "Interaction", "Message", "fake_discord"]

TOKEN = "MTA.fake.token"
APPLICATION = "4001"
GUILD = "5001"
OWNER = "900"
EPOCH = datetime(2015, 1, 1, tzinfo=UTC)
Payload = dict[str, Any]
Handler = Callable[[web.Request, Any, dict[str, bytes]], Awaitable[web.Response]]


class FakeDiscord:
    """One server, one application, any number of people."""

    def __init__(self, clock: TravelClock) -> None:
        self.clock = clock
        self._last_id = 0
        self.commands: list[Payload] = []
        self.registrations = 0
        self.requests: list[tuple[str, str]] = []
        self.problems: list[str] = []
        """What is wrong with requests the bot made, by the published description."""
        self.faults: list[Fault] = []
        self.paces: dict[str, Pace] = {}
        self.ban = Ban(clock.now)
        self.line = Gateway(TOKEN, self._welcome)
        self.channels = Channels(clock.now, self.next_id, APPLICATION, GUILD)
        self.channels.add("6001", name="general")
        self.channels.add("6002", FORUM, name="questions")
        self.channels.add("6003", THREAD, name="a thread", parent="6001")
        self.guild = Guild(self.channels, APPLICATION, GUILD, OWNER)
        self.talk = Interactions(clock.now, self.next_id, self.channels, APPLICATION, GUILD)
        self.files = Files(self.next_id, self._tell_changed)
        self.knows_commands = asyncio.Event()
        self.changed = asyncio.Condition()
        self._runner: web.AppRunner | None = None
        self.address = ""

    def next_id(self) -> str:
        """An id as Discord makes them: the time in its upper bits."""
        milliseconds = int((self.clock.now() - EPOCH).total_seconds() * 1000)
        self._last_id = max(self._last_id + 1, milliseconds << 22)
        return str(self._last_id)

    # what goes wrong

    def fail(self, path: str, status: int, times: int = 1, body: Payload | None = None, *, after: bool = False) -> None:
        """Answer the next requests whose path contains ``path`` with ``status``; ``after`` doing what they ask for."""
        told = body or {"message": "fault", "code": 0}
        self.faults += [Fault(path, partial(answer, told, status), after=after) for _time in range(times)]

    def cut(self, path: str, times: int = 1, *, after: bool = False) -> None:
        """Break the connection of the next requests whose path contains ``path``."""
        self.faults += [Fault(path, None, after=after) for _time in range(times)]

    def limit(self, path: str, pause: float, scope: str = "user", times: int = 1) -> None:
        """Answer the next requests whose path contains ``path`` that they come too often."""
        self.faults += [Fault(path, partial(too_many, pause, scope)) for _time in range(times)]

    def pace(self, name: str, most: int, seconds: float, scope: str = "user") -> None:
        """Limit an operation, such as ``POST /channels/{channel_id}/messages``, for each address; ``*`` is all of them."""
        self.paces[name] = Pace(most, timedelta(seconds=seconds), scope)

    # its life

    async def start(self) -> None:
        app = web.Application(client_max_size=30 * 2**20)
        routes: list[tuple[str, str, Handler]] = [
            ("GET", "/users/@me", self._me),
            ("GET", "/oauth2/applications/@me", self._application),
            ("PUT", "/applications/{application}/commands", self._register),
            ("POST", "/interactions/{id}/{token}/callback", self.talk.callback),
            ("POST", "/webhooks/{application}/{token}", self.talk.follow),
            ("PATCH", "/webhooks/{application}/{token}/messages/@original", self.talk.replace),
            ("DELETE", "/webhooks/{application}/{token}/messages/@original", self.talk.withdraw),
            ("GET", "/guilds/{guild}", self.guild.look),
            ("GET", "/guilds/{guild}/channels", self.guild.list_channels),
            ("GET", "/guilds/{guild}/roles", self.guild.list_roles),
            ("GET", "/guilds/{guild}/members/{user}", self.guild.look_at_member),
            ("PUT", "/guilds/{guild}/members/{user}/roles/{role}", self.guild.give_role),
            ("DELETE", "/guilds/{guild}/members/{user}/roles/{role}", self.guild.take_role),
            ("GET", "/guilds/{guild}/threads/active", self.channels.active),
            ("GET", "/channels/{channel}", self.channels.look),
            ("PATCH", "/channels/{channel}", self.channels.change),
            ("GET", "/channels/{channel}/messages", self.channels.history),
            ("POST", "/channels/{channel}/messages", self.channels.send),
            ("GET", "/channels/{channel}/messages/{message}", self.channels.fetch),
            ("PATCH", "/channels/{channel}/messages/{message}", self.channels.edit),
            ("DELETE", "/channels/{channel}/messages/{message}", self.channels.delete),
            ("POST", "/channels/{channel}/typing", self.channels.show_typing),
            ("POST", "/channels/{channel}/threads", self.channels.open_thread),
            ("POST", "/channels/{channel}/messages/{message}/threads", self.channels.open_thread_at),
            ("POST", "/users/@me/channels", self.channels.open_private),
        ]
        for method, path, handler in routes:
            app.router.add_route(method, "/api" + path, partial(self._serve, handler))
        app.router.add_get("/gateway", self.line.handle)
        app.router.add_get("/ephemeral-attachments/{id}/{name}", self.files.send)
        app.router.add_route("*", "/{rest:.*}", partial(self._serve, self._nothing))
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0, backlog=1024).start()
        self.address = self.files.address = f"127.0.0.1:{self._runner.addresses[0][1]}"

    @property
    def api(self) -> str:
        return f"http://{self.address}/api"

    @property
    def gateway(self) -> str:
        return f"ws://{self.address}/gateway"

    async def stop(self) -> None:
        await self.line.stop()
        if self._runner is not None:
            await self._runner.cleanup()

    async def _serve(self, handler: Handler, request: web.Request) -> web.StreamResponse:
        path = request.path.removeprefix("/api")
        self.requests.append((request.method, request.path))
        body, files = await _read(request)
        self.problems += problems_of(request.method, path, dict(request.query), body)
        response = await self._respond(handler, request, path, body, files)
        self.ban.note(response)
        await self._tell_changed()
        return response

    async def _tell_changed(self) -> None:
        async with self.changed:
            self.changed.notify_all()

    async def _respond(
        self, handler: Handler, request: web.Request, path: str, body: Any, files: dict[str, bytes]
    ) -> web.StreamResponse:
        if self.ban.holds:
            return web.Response(status=429, text="<html>You are being banned</html>", content_type="text/html")
        fault = next((fault for fault in self.faults if fault.path in request.path), None)
        if fault is not None:
            self.faults.remove(fault)
            if fault.after:
                await handler(request, body, files)
            if fault.response is not None:
                return fault.response()
            assert request.transport is not None
            request.transport.abort()
            return web.Response(status=500)
        found = operation(request.method, path)
        open_to_all = found is not None and bool(found[1].get("open"))
        if not open_to_all and request.headers.get("Authorization") != f"Bot {TOKEN}":
            return refusal(401, 0, "401: Unauthorized")
        if (late := self._too_fast("*", "", known=not open_to_all)) is not None:
            return late[0] or answer({})
        limited = self._too_fast(found[0] if found else "", request.path)
        if limited is not None and limited[0] is not None:
            return limited[0]
        response = await handler(request, body, files)
        if limited is not None:
            response.headers.update(limited[1])
        return response

    def _too_fast(
        self, name: str, key: str, *, known: bool = True
    ) -> tuple[web.Response | None, dict[str, str]] | None:  # fmt: skip
        """A refusal or None, and what the bot is told of the limit; nothing at all where there is no limit."""
        pace = self.paces.get(name)
        if pace is None or not known:
            return None
        left, seconds = pace.take(key, self.clock.now())
        told = {
            "X-RateLimit-Limit": str(pace.most), "X-RateLimit-Remaining": str(max(0, left)),
            "X-RateLimit-Reset-After": f"{seconds:.3f}", "X-RateLimit-Bucket": f"bucket-{name}".replace(" ", ""),
        }  # fmt: skip
        if left >= 0:
            return None if name == "*" else (None, told)
        response = too_many(round(seconds, 3), pace.scope)
        response.headers.update(told)
        return response, told

    async def _nothing(self, _request: web.Request, _body: Any, _files: dict[str, bytes]) -> web.Response:
        return refusal(404, 0, "404: Not Found")

    async def _me(self, _request: web.Request, _body: Any, _files: dict[str, bytes]) -> web.Response:
        return answer(user(APPLICATION, "Roadmate", is_bot=True))

    async def _application(self, _request: web.Request, _body: Any, _files: dict[str, bytes]) -> web.Response:
        return answer(
            {
                "id": APPLICATION, "name": "Roadmate", "description": "", "icon": None, "bot_public": True,
                "bot_require_code_grant": False, "owner": user(OWNER, "owner"), "verify_key": "", "flags": 0,
            }
        )  # fmt: skip

    async def _register(self, _request: web.Request, body: Any, _files: dict[str, bytes]) -> web.Response:
        self.commands = body
        self.registrations += 1
        self.knows_commands.set()
        return answer(self.commands)

    def _welcome(self) -> list[tuple[str, Payload]]:
        ready = {
            "user": user(APPLICATION, "Roadmate", is_bot=True), "guilds": [{"id": GUILD, "unavailable": True}],
            "session_id": self.line.session.id if self.line.session else "", "resume_gateway_url": self.gateway,
            "application": {"id": APPLICATION, "flags": 0},
        }  # fmt: skip
        return [("READY", ready), ("GUILD_CREATE", self.guild.event())]

    # as people use it

    async def until(self, happened: Callable[[], bool]) -> None:
        """Wait until something is true, looked at after each request."""
        async with asyncio.timeout(10), self.changed:
            await self.changed.wait_for(happened)

    @property
    def interactions(self) -> dict[str, Interaction]:
        return self.talk.all

    async def tell(self, event: str, data: Any) -> None:
        """Send an event to the bot."""
        await self.line.tell(event, data)

    async def write(self, account: str, text: str, *, name: str = "", **more: Any) -> str:
        """Let somebody write a message to the bot alone; returns its id. ``more`` is told otherwise than usual."""
        number = self.next_id()
        message = {
            "id": number, "type": 0, "channel_id": self.channels.of_person(account).id, "content": text, "tts": False,
            "author": user(account, name or f"user{account}"), "timestamp": self.clock.now().isoformat(), "pinned": False,
            "mentions": [], "mention_roles": [], "mention_everyone": False, "attachments": [], "embeds": [], "components": [],
            "edited_timestamp": None, "flags": 0, "channel_type": DM, "nonce": number,
        }  # fmt: skip
        await self.tell("MESSAGE_CREATE", message | more)
        return number

    async def interact(self, kind: int, account: str, data: Payload, **more: Any) -> Interaction:
        """Let somebody do something, and let the bot know."""
        one = self.talk.begin(kind, account, data, **more)
        await self.tell("INTERACTION_CREATE", one.raw)
        return one


async def _read(request: web.Request) -> tuple[Any, dict[str, bytes]]:
    """The JSON of a request and the files that come along."""
    files: dict[str, bytes] = {}
    if not request.content_type.startswith("multipart/"):
        text = await request.read()
        return (json.loads(text) if text else None), files
    body: Any = None
    reader = await request.multipart()
    while (part := await reader.next()) is not None:
        assert isinstance(part, BodyPartReader)
        if part.name == "payload_json":
            body = json.loads(await part.text())
        else:
            assert part.name == f"files[{len(files)}]"
            assert part.filename
            files[part.filename] = bytes(await part.read())
    return body, files


@asynccontextmanager
async def fake_discord(clock: TravelClock) -> AsyncIterator[FakeDiscord]:
    """A running server; what the library was told of it is taken back afterwards, and what was asked of it is judged."""
    base, gateway = Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY
    server = FakeDiscord(clock)
    await server.start()
    try:
        yield server
    finally:
        Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY = base, gateway
        with contextlib.suppress(ConnectionError):
            await server.stop()
    assert server.problems == []
    assert server.talk.refused == []
