"""A Bot API or a Discord where a crowd answers one question, each of them new; only the bot is measured.

``python -m tests.bench.storm_server poll|press|discord PEOPLE SECONDS`` prints its port, ``ASKED`` once the quiz of the
day stands there, and after a line from outside lets everybody answer, spread over so many seconds, or as fast as they
are heard if that is 0; then it prints how that went, as JSON. Some press twice, on different answers, and the events of
some come twice.
"""

from __future__ import annotations

import asyncio
import json
import sys
from typing import Any, Final

from aiohttp import web

from tests.bench.storm_bot import CHANNEL, GROUP, SERVER
from tests.bench.storm_crowd import Crowd

FIRST_PERSON: Final = 1_000_000
CHANNEL_NAME: Final = {"id": CHANNEL, "type": 0, "name": "general", "guild_id": SERVER, "position": 0}


def _json(value: Any) -> web.Response:
    return web.Response(body=json.dumps(value).encode(), content_type="application/json")


class Telegram:
    """The few methods of the Bot API that a quiz needs. Nobody has opened a private chat with the bot."""

    def __init__(self, crowd: Crowd, *, polls: bool) -> None:
        self._crowd = crowd
        self._polls = polls
        self._updates: list[str] = []
        self._there = asyncio.Event()
        self._sent = iter(range(1, 10**9))

    def join(self, app: web.Application) -> None:
        app.router.add_route("*", "/{token}/{method}", self._serve)

    async def __call__(self, number: int, place: int, event: int) -> None:
        person = FIRST_PERSON + number
        who = f'{{"id":{person},"is_bot":false,"first_name":"Ana {number}","language_code":"en"}}'
        if self._polls:
            told = (
                f'"poll_answer":{{"poll_id":"77","user":{who},"option_ids":[{place}],'
                f'"option_persistent_ids":["p{place}"]}}'
            )
        else:
            message = (
                f'{{"message_id":1,"date":1,"chat":{{"id":{GROUP},"type":"supergroup","title":"Hall"}},'
                '"from":{"id":1,"is_bot":true,"first_name":"R","username":"roadmate_bot"},"text":"x"}'
            )
            told = (
                f'"callback_query":{{"id":"{number}","from":{who},"chat_instance":"1","message":{message},'
                f'"data":"{self._crowd.choices[place]}"}}'
            )
        self._updates.append(f'{{"update_id":{700_000 + event},{told}}}')
        self._there.set()

    async def _serve(self, request: web.Request) -> web.Response:
        name = request.match_info["method"]
        if "json" in request.content_type:
            body: dict[str, Any] = await request.json()
        else:
            body = dict(await request.post())
        if name == "getUpdates":
            return await self._hand_out(int(body.get("timeout", 0)))
        if name == "answerCallbackQuery":
            self._crowd.heard(int(body["callback_query_id"]))
        if name == "getMe":
            return _ok({"id": 1, "is_bot": True, "first_name": "R", "username": "roadmate_bot"})
        if name == "sendPoll":
            options = json.loads(body["options"]) if isinstance(body["options"], str) else body["options"]
            self._crowd.question([str(place) for place in range(len(options))])
            return _ok(self._said(body) | {"poll": {"id": "77", "question": "x", "options": options}})
        if name == "sendMessage" and int(body["chat_id"]) > 0:
            said = "Forbidden: bot can't initiate conversation with a user"
            return web.json_response({"ok": False, "error_code": 403, "description": said}, status=403)
        if name in ("sendMessage", "editMessageText", "editMessageReplyMarkup"):
            markup = body.get("reply_markup") or "{}"
            rows = (json.loads(markup) if isinstance(markup, str) else markup).get("inline_keyboard", [])
            self._crowd.question([key["callback_data"] for row in rows for key in row if _votes(key, "callback_data")])
            return _ok(self._said(body) | {"text": "x"})
        return _ok([] if name.startswith("getMy") else True)

    async def _hand_out(self, patience: int) -> web.Response:
        if patience:
            await self._there.wait()
        found, self._updates = self._updates[:100], self._updates[100:]
        if not self._updates:
            self._there.clear()
        return web.Response(text=f'{{"ok":true,"result":[{",".join(found)}]}}', content_type="application/json")

    def _said(self, body: dict[str, Any]) -> dict[str, Any]:
        return {"message_id": next(self._sent), "date": 1, "chat": {"id": int(body["chat_id"]), "type": "supergroup"}}


def _ok(result: Any) -> web.Response:
    return _json({"ok": True, "result": result})


def _votes(part: dict[str, Any], name: str) -> bool:
    return str(part.get(name, "")).startswith("quiz.vote")


class Discord:
    """REST and gateway, as far as a quiz needs them."""

    _ME: Final = {"id": "4001", "username": "r", "global_name": "R", "discriminator": "0", "avatar": None, "bot": True}

    def __init__(self, crowd: Crowd) -> None:
        self._crowd = crowd
        self._line: web.WebSocketResponse | None = None
        self._sequence = 2
        self._said = iter(range(10**17, 10**18))
        self._template = ""

    def join(self, app: web.Application) -> None:
        add = app.router.add_route
        add("POST", "/api/interactions/{id}/{token}/callback", self._called_back)
        add("PATCH", "/api/webhooks/{application}/{token}/messages/@original", self._replaced)
        add("POST", "/api/webhooks/{application}/{token}", self._replaced)
        add("POST", "/api/channels/{channel}/messages", self._posted)
        add("PATCH", "/api/channels/{channel}/messages/{message}", self._posted)
        add("GET", "/api/users/@me", self._who)
        add("GET", "/api/oauth2/applications/@me", self._application)
        add("PUT", "/api/applications/4001/commands", self._commands)
        add("GET", "/gateway", self._gateway)

    async def __call__(self, number: int, place: int, event: int) -> None:
        assert self._line is not None
        self._sequence += 1
        if not self._template:
            self._template = json.dumps({"op": 0, "t": "INTERACTION_CREATE", "s": "@S", "d": _interaction()})
        told = self._template.replace('"@S"', str(self._sequence)).replace("@E", str(10**17 + event))
        told = told.replace("@N", str(number)).replace("@P", str(FIRST_PERSON + number))
        await self._line.send_str(told.replace("@D", self._crowd.choices[place]))

    async def _called_back(self, request: web.Request) -> web.Response:
        body = await request.read()
        if not body.startswith((b'{"type":5', b'{"type": 5', b'{"type":6', b'{"type": 6')):
            self._crowd.heard(int(request.match_info["token"].partition("-")[0]))
        if request.query.get("with_response"):
            return _json({"interaction": {"id": request.match_info["id"], "type": 3}, "resource": {"type": 4}})
        return web.Response(status=204)

    async def _replaced(self, request: web.Request) -> web.Response:
        await request.read()
        self._crowd.heard(int(request.match_info["token"].partition("-")[0]))
        return _json({"id": str(next(self._said))})

    async def _posted(self, request: web.Request) -> web.Response:
        body = await request.json()
        self._crowd.question([part["custom_id"] for part in _parts(body) if _votes(part, "custom_id")])
        return _json({"id": str(next(self._said)), "channel_id": CHANNEL, "author": self._ME, "content": ""})

    async def _who(self, _request: web.Request) -> web.Response:
        return _json(self._ME)

    async def _application(self, _request: web.Request) -> web.Response:
        return _json({"id": "4001", "name": "R", "description": "", "icon": None, "bot_public": True,
                      "bot_require_code_grant": False, "owner": self._ME, "verify_key": "", "flags": 0})  # fmt: skip

    async def _commands(self, request: web.Request) -> web.Response:
        listed = await request.json()
        return _json(
            [{**one, "id": str(77 + i), "application_id": "4001", "version": "1"} for i, one in enumerate(listed)]
        )

    async def _gateway(self, request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        await socket.send_json({"op": 10, "d": {"heartbeat_interval": 45_000}})
        async for frame in socket:
            said = json.loads(frame.data)
            if said["op"] == 1:
                await socket.send_json({"op": 11})
            if said["op"] == 2:
                ready = {"user": self._ME, "guilds": [], "session_id": "s", "application": {"id": "4001", "flags": 0},
                         "resume_gateway_url": str(request.url.with_scheme("ws"))}  # fmt: skip
                await socket.send_json({"op": 0, "t": "READY", "s": 1, "d": ready})
                self._line = socket
        return socket


def _parts(body: dict[str, Any]) -> list[dict[str, Any]]:
    """Return every component of a message, nested ones included."""
    found: list[dict[str, Any]] = []
    for part in body.get("components", []):
        found += [part, *_parts(part)]
    return found


def _interaction() -> dict[str, Any]:
    """Return a press by somebody, with signs where people differ."""
    user = {"id": "@P", "username": "ana", "global_name": "Ana @N", "discriminator": "0", "avatar": None}
    member: dict[str, Any] = {"user": user, "nick": None, "permissions": "0", "roles": [], "deaf": False,
              "joined_at": "2026-01-01T00:00:00+00:00", "mute": False, "flags": 0}  # fmt: skip
    message = {"id": "9001", "channel_id": CHANNEL, "type": 0, "flags": 1 << 15, "content": "", "components": [],
               "author": Discord._ME, "attachments": [], "embeds": []}  # fmt: skip
    return {
        "id": "@E", "application_id": "4001", "type": 3, "token": "@N-@E", "version": 1, "channel_id": CHANNEL,
        "locale": "en-US", "app_permissions": "1125899906842623", "channel": CHANNEL_NAME, "entitlements": [],
        "attachment_size_limit": 1, "guild_id": SERVER, "guild_locale": "en-US", "member": member, "context": 0,
        "data": {"component_type": 2, "custom_id": "@D"}, "message": message,
        "guild": {"id": SERVER, "locale": "en-US", "features": []}, "authorizing_integration_owners": {},
    }  # fmt: skip


async def main() -> None:
    kind, people, seconds = sys.argv[1], int(sys.argv[2]), float(sys.argv[3])
    crowd = Crowd(people, seconds)
    server = Discord(crowd) if kind == "discord" else Telegram(crowd, polls=kind == "poll")
    app = web.Application()
    server.join(app)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0, backlog=1024).start()
    print(runner.addresses[0][1], flush=True)
    loop = asyncio.get_running_loop()
    async with asyncio.timeout(120 + 2 * seconds):
        await crowd.asked.wait()
        print("ASKED", flush=True)
        await loop.run_in_executor(None, sys.stdin.readline)
        print(json.dumps(await crowd.answer(server, are_told=kind != "poll")), flush=True)
        await loop.run_in_executor(None, sys.stdin.readline)


if __name__ == "__main__":
    asyncio.run(main())
