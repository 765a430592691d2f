"""A Bot API server over real HTTP: takes what Telegram takes, refuses what it refuses, and shows people their chats."""

from __future__ import annotations

import asyncio
import json
import re
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from aiohttp import web

from tests.fakes.telegram_reader import read
from tests.fakes.telegram_spec import problems_of

TOKEN = "123456:AAFakeTokenOfATestServer-_0123456789"
USERNAME = "roadmate_bot"
Json = dict[str, Any]


@dataclass(slots=True)
class Message:
    """A message as its readers see it; edits change it."""

    number: int
    chat: int
    text: str
    mine: bool
    """Whether the bot said it."""
    sender: Json = field(default_factory=dict)
    entities: list[Json] = field(default_factory=list)
    rows: list[list[Json]] = field(default_factory=list)
    asks: bool = False
    answers: int | None = None
    thread: int | None = None
    edits: int = 0

    @property
    def labels(self) -> list[str]:
        return [key["text"] for row in self.rows for key in row]

    def key(self, label: str) -> Json:
        for row in self.rows:
            for key in row:
                if key["text"] == label:
                    return key
        raise AssertionError(f"no “{label}” among {self.labels} in:\n{self.text}")


@dataclass(slots=True)
class Chat:
    """A place: who may do what in it, and everything said there."""

    id: int
    type: str
    title: str = ""
    statuses: dict[int, str] = field(default_factory=dict)
    messages: dict[int, Message] = field(default_factory=dict)
    forbidden: str = ""
    """If set, the bot may not write here, for this reason."""
    moved_to: int | None = None

    @property
    def seen(self) -> list[Message]:
        """What the bot said here, oldest first."""
        return [message for message in self.messages.values() if message.mine]

    @property
    def as_json(self) -> Json:
        return {"id": self.id, "type": self.type} | ({"title": self.title} if self.title else {})


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


class RefusedError(Exception):
    """An answer other than 200."""

    def __init__(self, status: int, words: str, **parameters: Any) -> None:
        super().__init__(words)
        self.body: Json = {"ok": False, "error_code": status, "description": words}
        if parameters:
            self.body["parameters"] = parameters


class FakeTelegram:
    """One server with one bot."""

    def __init__(self) -> None:
        self.chats: dict[int, Chat] = {}
        self.commands: dict[tuple[str, str], list[Json]] = {}
        self.calls: list[tuple[str, Json]] = []
        self.problems: list[str] = []
        self.answers: dict[str, Json | None] = {}
        """What each press was answered; None until it is."""
        self.troubles: deque[Trouble] = deque()
        self.updates: list[Json] = []
        self.confirmed = 0
        self.changed = asyncio.Condition()
        self.port = 0
        self._numbers = count(100)
        self._update_numbers = count(700_001)
        self._users = count(1001)
        self._groups = count(1)
        self._poller: object | None = None
        self._runner: web.AppRunner | None = None
        self._closing = False

    @property
    def root(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    async def start(self) -> None:
        self._closing = False
        app = web.Application()
        app.router.add_route("*", "/bot{token}/{method}", self._serve)
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

    async def push(self, update: Json, number: int | None = None) -> int:
        """Hand an update to the bot."""
        number = number or next(self._update_numbers)
        self.updates.append({"update_id": number} | update)
        await self._tell()
        return number

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
        form = {name: str(value) for name, value in (await request.post()).items()}
        if request.match_info["token"] != TOKEN:
            return _json(RefusedError(401, "Unauthorized").body)
        values, problems = problems_of(method, form)
        self.calls.append((method, values))
        self.problems += problems
        trouble = self._trouble(method, values)
        try:
            if problems:
                raise RefusedError(400, f"Bad Request: {problems[0]}")
            if trouble is None or trouble.after:
                result = await getattr(self, f"_{_snake(method)}")(values)
            if trouble is not None:
                await self._tell()
                return _trouble(trouble)
            return _json({"ok": True, "result": result})
        except RefusedError as refused:
            return _json(refused.body)
        finally:
            await self._tell()

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

    async def _get_me(self, _values: Json) -> Json:
        return {"id": 123456, "is_bot": True, "first_name": "Roadmate", "username": USERNAME}

    async def _delete_webhook(self, _values: Json) -> bool:
        return True

    async def _get_updates(self, values: Json) -> list[Json]:
        poller = self._poller = object()
        await self._tell()
        offset = values.get("offset", 0)
        if offset:
            self.updates = [update for update in self.updates if update["update_id"] >= offset]
            self.confirmed = offset - 1

        def ready() -> bool:
            return bool(self.updates) or self._poller is not poller or self._closing

        if values.get("timeout", 0):
            try:
                async with asyncio.timeout(min(values["timeout"], 50)), self.changed:
                    await self.changed.wait_for(ready)
            except TimeoutError:
                return []
        if self._poller is not poller:
            raise RefusedError(409, "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running")  # fmt: skip
        wanted = values.get("allowed_updates") or []
        handed = [
            update for update in self.updates if not wanted or set(update) & set(wanted) or "newer" in str(update)
        ]
        return handed[: values.get("limit", 100)]

    async def _send_message(self, values: Json) -> Json:
        chat = self._open(values["chat_id"])
        if "message_thread_id" in values and values["message_thread_id"] == 1:
            raise RefusedError(400, "Bad Request: message thread not found")
        text = self._text(values)
        message = Message(next(self._numbers), chat.id, text, mine=True, entities=values.get("entities", []))
        self._mark_up(message, values.get("reply_markup") or {})
        answers = values.get("reply_parameters", {}).get("message_id")
        if answers is not None:
            if answers not in chat.messages and not values["reply_parameters"].get("allow_sending_without_reply"):
                raise RefusedError(400, "Bad Request: message to be replied not found")
            message.answers = answers
        message.thread = values.get("message_thread_id")
        chat.messages[message.number] = message
        return {"message_id": message.number, "date": 1, "chat": chat.as_json, "text": text}

    async def _edit_message_text(self, values: Json) -> Json:
        chat = self._open(values["chat_id"])
        message = chat.messages.get(values["message_id"])
        if message is None:
            raise RefusedError(400, "Bad Request: message to edit not found")
        if not message.mine:
            raise RefusedError(400, "Bad Request: message can't be edited")
        text = self._text(values)
        changed = Message(message.number, chat.id, text, mine=True, entities=values.get("entities", []))
        self._mark_up(changed, values.get("reply_markup") or {})
        if (changed.text, changed.entities, changed.rows) == (message.text, message.entities, message.rows):
            raise RefusedError(400, "Bad Request: message is not modified: specified new message content and reply markup are exactly the same as a current content and reply markup of the message")  # fmt: skip
        message.text, message.entities, message.rows = changed.text, changed.entities, changed.rows
        message.edits += 1
        return {"message_id": message.number, "date": 1, "edit_date": 2, "chat": chat.as_json, "text": text}

    async def _answer_callback_query(self, values: Json) -> bool:
        query = values["callback_query_id"]
        if self.answers.get(query, 0) is not None:
            raise RefusedError(400, "Bad Request: query is too old and response timeout expired or query ID is invalid")
        self.answers[query] = values
        return True

    async def _get_my_commands(self, values: Json) -> list[Json]:
        return self.commands.get(_scope(values), [])

    async def _set_my_commands(self, values: Json) -> bool:
        for command in values["commands"]:
            if not re.fullmatch(r"[a-z0-9_]{1,32}", command["command"]):
                raise RefusedError(400, "Bad Request: BOT_COMMAND_INVALID")
        self.commands[_scope(values)] = values["commands"]
        return True

    async def _get_chat_member(self, values: Json) -> Json:
        chat = self._open(values["chat_id"])
        status = chat.statuses.get(values["user_id"])
        if status is None:
            raise RefusedError(400, "Bad Request: user not found")
        return {"status": status, "user": {"id": values["user_id"], "is_bot": False, "first_name": "x"}}

    def _open(self, number: int) -> Chat:
        chat = self.chats.get(number)
        if chat is None:
            raise RefusedError(400, "Bad Request: chat not found")
        if chat.moved_to is not None:
            words = "Bad Request: group chat was upgraded to a supergroup chat"
            raise RefusedError(400, words, migrate_to_chat_id=chat.moved_to)
        if chat.forbidden:
            raise RefusedError(403, f"Forbidden: {chat.forbidden}")
        return chat

    def _text(self, values: Json) -> str:
        if "parse_mode" in values:
            self.problems.append("a text is to be parsed; what people typed could act as markup")
        text: str = values["text"]
        if len(text.encode()) > 32_768:
            raise RefusedError(400, "Bad Request: message is too long")
        found = read(text, values.get("entities", []))
        self.problems += found.problems
        self.problems += [f"{ping} is pinged" for ping in found.pings]
        if found.problems:
            raise RefusedError(400, f"Bad Request: can't parse entities: {found.problems[0]}")
        if not found.text:
            self.problems.append("a text shows nothing")
            raise RefusedError(400, "Bad Request: message text is empty")
        return text

    def _mark_up(self, message: Message, markup: Json) -> None:
        message.asks = bool(markup.get("force_reply"))
        rows = markup.get("inline_keyboard", [])
        keys = [key for row in rows for key in row]
        wrong = [key for key in keys if not key["text"].strip()]
        if len(keys) > 100 or any(not 1 <= len(row) <= 8 for row in rows) or wrong:
            self.problems.append("a keyboard has too many buttons, an empty row or an empty label")
            raise RefusedError(400, "Bad Request: BUTTON_INVALID")
        for key in keys:
            if len({"url", "callback_data"} & set(key)) != 1:
                self.problems.append(f"{key} does not do one thing")
            if "url" in key and not re.fullmatch(r"https?://[^\s/?#.]+(\.[^\s/?#.]+)+([/?#]\S*)?", key["url"]):
                self.problems.append(f"{key['url']} is no address")
                raise RefusedError(
                    400, f"Bad Request: inline keyboard button URL '{key['url']}' is invalid: Wrong HTTP URL"
                )
        message.rows = rows


@dataclass(slots=True)
class Person:
    """Somebody with Telegram on their phone. Each call tells the server and returns the number of the update."""

    server: FakeTelegram
    user: Json
    alone: Chat
    presses_made: Iterator[int] = field(default_factory=lambda: count(1))

    @property
    def id(self) -> int:
        return int(self.user["id"])

    async def types(self, text: str, chat: Chat | None = None, **more: Any) -> int:
        """Type a text in the private chat or in a group; ``more`` goes into Telegram's message."""
        chat = chat or self.alone
        if chat is self.alone and text.startswith("/start"):
            chat.forbidden = ""
        message = Message(next(self.server._numbers), chat.id, text, mine=False, sender=self.user)
        chat.messages[message.number] = message
        body = {"message_id": message.number, "date": 1, "chat": chat.as_json, "from": self.user, "text": text} | more
        return await self.server.push({"message": body})

    async def presses(self, message: Message, label: str) -> tuple[int, str]:
        """Press a button by its words; returns (update, press)."""
        return await self.sends(message, message.key(label)["callback_data"])

    async def sends(self, message: Message, data: str, **more: Any) -> tuple[int, str]:
        """Press a button that carries ``data``, whether or not it is there; returns (update, press)."""
        query = f"{self.id}-{next(self.presses_made)}"
        self.server.answers[query] = None
        chat = self.server.chats[message.chat]
        body: Json = {
            "id": query,
            "from": self.user,
            "chat_instance": "1",
            "data": data,
            "message": {"message_id": message.number, "date": 1, "chat": chat.as_json, "from": {"id": 123456, "is_bot": True, "first_name": "Roadmate"}}
            | ({"message_thread_id": message.thread, "is_topic_message": True} if message.thread else {}),
        }  # fmt: skip
        return await self.server.push({"callback_query": body | more}), query

    async def follows(self, url: str) -> int:
        """Open a link into the private chat and press Start."""
        found = re.fullmatch(rf"https://t\.me/{USERNAME}(?:\?start=([A-Za-z0-9_-]{{1,64}}))?", url)
        assert found, f"{url} does not lead to the bot"
        return await self.types(f"/start {found[1]}" if found[1] else "/start")


def _scope(values: Json) -> tuple[str, str]:
    return values.get("scope", {}).get("type", "default"), values.get("language_code", "")


def _snake(method: str) -> str:
    return re.sub(r"[A-Z]", lambda found: "_" + found[0].lower(), method)


def _json(body: Json) -> web.Response:
    return web.json_response(body, status=body.get("error_code", 200))


def _trouble(trouble: Trouble) -> web.Response:
    if isinstance(trouble.body, str):
        return web.Response(text=trouble.body, status=trouble.status, content_type="text/html")
    return web.Response(text=json.dumps(trouble.body), status=trouble.status, content_type="application/json")
