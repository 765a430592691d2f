"""A Bot API server over real HTTP that the unmodified library talks to: requests, troubles, and updates both ways."""

from __future__ import annotations

import asyncio
import contextlib
import json
import re
from collections import deque
from dataclasses import dataclass
from itertools import count
from typing import Any

import aiohttp
from aiohttp import web

from tests.fakes.telegram_chats import USERNAME, Chat, Json, Message, Person
from tests.fakes.telegram_methods import Methods, RefusedError
from tests.fakes.telegram_spec import problems_of

__all__ = ["TOKEN", "USERNAME", "Chat", "FakeTelegram", "Message", "Person"]

TOKEN = "123456:AAFakeTokenOfATestServer-_0123456789"


@dataclass(slots=True)
class Trouble:
    """What the server does wrong with the next requests of a method."""

    method: str
    status: int
    times: int
    body: Json | str
    chat: int | None = None
    after: bool = False
    """Whether the request is carried out all the same."""

    @property
    def answer(self) -> web.Response:
        if isinstance(self.body, str):
            return web.Response(text=self.body, status=self.status, content_type="text/html")
        return web.Response(text=json.dumps(self.body), status=self.status, content_type="application/json")


class FakeTelegram(Methods):
    """One server with one bot."""

    def __init__(self) -> None:
        super().__init__()
        self.calls: list[tuple[str, Json]] = []
        self.troubles: deque[Trouble] = deque()
        self.updates: list[Json] = []
        self.confirmed = 0
        self.token = TOKEN
        self.webhook: Json = {}
        self.deliveries: list[int] = []
        """How each call of the webhook was answered; 0 if nobody answered."""
        self.downloads: list[str] = []
        """The files that were fetched, by their ids."""
        self.file_bytes = 0
        """How much of files was taken off our hands, about."""
        self.file_gate: asyncio.Event | None = None
        """If set, the rest of every file waits for it."""
        self.changed = asyncio.Condition()
        self.port = 0
        self._update_numbers = count(700_001)
        self._users = count(1001)
        self._groups = count(1)
        self._unasked: set[int] = set()
        self._poller: object | None = None
        self._runner: web.AppRunner | None = None
        self._closing = False

    @property
    def root(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    async def start(self) -> None:
        self._closing = False
        app = web.Application(client_max_size=1 << 26)
        app.router.add_route("*", "/bot{token}/{method}", self._serve)
        app.router.add_get("/file/bot{token}/documents/{file}.yaml", self._send_file)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.5)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", self.port).start()
        self.port = self._runner.addresses[0][1]

    async def stop(self) -> None:
        self._closing = True
        await self._tell()
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    # what tests do -------------------------------------------------------------------------------------------------

    def group(self, title: str = "Roadmates", kind: str = "supergroup") -> Chat:
        number = next(self._groups)
        chat = Chat(-(1_001_000_000_000 + number) if kind != "group" else -number, kind, title)
        self.chats[chat.id] = chat
        return chat

    def person(self, name: str, language: str = "en", *, has_started: bool = True) -> Person:
        number = next(self._users)
        chat = Chat(number, "private")
        if not has_started:
            chat.forbidden = "bot can't initiate conversation with a user"
        self.chats[number] = chat
        return Person(self, {"id": number, "is_bot": False, "first_name": name, "language_code": language}, chat)

    def fail(self, method: str, status: int, times: int = 1, *, words: str = "", chat: int | None = None, after: bool = False, page: str = "", **parameters: Any) -> None:  # fmt: skip
        """Answer the next requests of a method with trouble: JSON as Telegram's, or a proxy's ``page``."""
        body: Json | str = page or RefusedError(status, words or f"Trouble {status}", **parameters).body
        self.troubles.append(Trouble(method, status, times, body, chat, after))

    def break_off(self, method: str, times: int = 1, *, chat: int | None = None, after: bool = False) -> None:
        """Break the connection at the next requests of a method, before or after carrying them out."""
        self.troubles.append(Trouble(method, 0, times, "", chat, after))

    async def push(self, update: Json, number: int | None = None, *, unasked: bool = False) -> int:
        """Hand an update to the bot; ``unasked``: even if it did not ask for that kind."""
        number = number or next(self._update_numbers)
        if unasked:
            self._unasked.add(number)
        self.updates.append({"update_id": number} | update)
        await self._tell()
        if self.webhook:
            await self.deliver()
        return number

    async def deliver(self) -> None:
        """Call the webhook with what waits; what is not taken waits for the next time."""
        headers = {"X-Telegram-Bot-Api-Secret-Token": self.webhook["secret_token"]}
        async with aiohttp.ClientSession() as http:
            for update in self._asked_for(self.webhook["allowed_updates"]):
                try:
                    async with http.post(self.webhook["url"], json=update, headers=headers) as response:
                        self.deliveries.append(response.status)
                except aiohttp.ClientError:
                    self.deliveries.append(0)
                if self.deliveries[-1] // 100 != 2:
                    break
                self.updates.remove(update)
                self.confirmed = update["update_id"]

    async def until(self, happened: Any) -> None:
        """Wait until something is true, looked at after each request."""
        async with asyncio.timeout(10), self.changed:
            await self.changed.wait_for(happened)

    def called(self, method: str) -> list[Json]:
        """Every request of a method, in order."""
        return [values for name, values in self.calls if name == method]

    # what the bot asks for -----------------------------------------------------------------------------------------

    async def _serve(self, request: web.Request) -> web.Response:
        method = request.match_info["method"]
        form: dict[str, str] = {}
        files: dict[str, bytes] = {}
        names: dict[str, str] = {}
        if request.content_type == "application/json":
            sent: Json = await request.json()
            form = {name: value if isinstance(value, str) else json.dumps(value) for name, value in sent.items()}
        for name, value in (await request.post()).items():
            if isinstance(value, web.FileField):
                files[name] = value.file.read()
                names[name] = value.filename
                value.file.close()
            else:
                form[name] = str(value)
        if request.match_info["token"] != self.token:
            return _json(RefusedError(401, "Unauthorized").body)
        values, problems = problems_of(method, form)
        self.calls.append((method, values))
        self.problems += problems
        trouble = self._trouble(method, values)
        try:
            if problems:
                answer = _json(RefusedError(400, f"Bad Request: {problems[0]}").body)
            elif trouble is None or trouble.after:
                self.files, self.file_names = files, names
                answer = _json({"ok": True, "result": await self.carry_out(method, values)})
        except RefusedError as refused:
            answer = _json(refused.body)
        finally:
            await self._tell()
        if trouble is None:
            return answer
        if trouble.status == 0 and request.transport is not None:
            request.transport.abort()
            return web.Response()
        return trouble.answer

    async def _send_file(self, request: web.Request) -> web.StreamResponse:
        """Send what somebody sent, without telling how much it is."""
        file = request.match_info["file"]
        if request.match_info["token"] != self.token or file not in self.sent_files:
            return _json(RefusedError(404, "Not Found").body)
        self.downloads.append(file)
        await self._tell()
        trouble = self._trouble("download", {})
        if trouble is not None and trouble.status == 0 and request.transport is not None:
            request.transport.abort()
            return web.Response()
        if trouble is not None:
            return trouble.answer
        response = web.StreamResponse(headers={"Content-Type": "application/octet-stream"})
        await response.prepare(request)
        data = self.sent_files[file]
        with contextlib.suppress(ConnectionError):
            for start in range(0, len(data), 1 << 16):
                await response.write(data[start : start + (1 << 16)])
                self.file_bytes += 1 << 16
                if self.file_gate is not None:
                    await self.file_gate.wait()
        return response

    def _trouble(self, method: str, values: Json) -> Trouble | None:
        for trouble in self.troubles:
            if trouble.method == method and trouble.chat in (None, values.get("chat_id")):
                trouble.times -= 1
                if trouble.times == 0:
                    self.troubles.remove(trouble)
                return trouble
        return None

    async def _tell(self) -> None:
        async with self.changed:
            self.changed.notify_all()

    async def _set_webhook(self, values: Json) -> bool:
        if not re.match(r"https://|http://(127\.0\.0\.1|localhost)[:/]", values["url"]):
            raise RefusedError(400, "Bad Request: bad webhook: An HTTPS URL must be provided for webhook")
        if not re.fullmatch(r"[A-Za-z0-9_-]{1,256}", values.get("secret_token", "x")):
            raise RefusedError(400, "Bad Request: secret token contains unallowed characters")
        self.webhook = values
        self._poller = None
        return True

    async def _delete_webhook(self, _values: Json) -> bool:
        self.webhook = {}
        return True

    async def _get_updates(self, values: Json) -> list[Json]:
        if self.webhook:
            raise RefusedError(409, "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first")  # fmt: skip
        poller = self._poller = object()
        await self._tell()
        offset = values.get("offset", 0)
        if offset:
            self.updates = [update for update in self.updates if update["update_id"] >= offset]
            self.confirmed = offset - 1

        kinds = values.get("allowed_updates") or []

        def ready() -> bool:
            return bool(self._asked_for(kinds)) or self._poller is not poller or self._closing

        if values.get("timeout", 0):
            try:
                async with asyncio.timeout(min(values["timeout"], 50)), self.changed:
                    await self.changed.wait_for(ready)
            except TimeoutError:
                return []
        if self._poller is not poller:
            raise RefusedError(409, "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running")  # fmt: skip
        return self._asked_for(kinds)[: values.get("limit", 100)]

    def _asked_for(self, kinds: list[str]) -> list[Json]:
        return [
            update
            for update in self.updates
            if not kinds or set(update) & set(kinds) or update["update_id"] in self._unasked
        ]


def _json(body: Json) -> web.Response:
    return web.json_response(body, status=body.get("error_code", 200))
