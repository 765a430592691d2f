"""The fake Discord's channels: messages with nonces, threads, forum posts, rights, private chats that are refused."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from aiohttp import web

from tests.fakes.discord_answers import answer, refusal, user
from tests.fakes.discord_payloads import EPHEMERAL, V2, attached, refusals, shown

Payload = dict[str, Any]
TEXT, DM, THREAD, FORUM = 0, 1, 11, 15
VIEW, SEND, EMBED, ATTACH, HISTORY = 1 << 10, 1 << 11, 1 << 14, 1 << 15, 1 << 16
MANAGE_THREADS, MAKE_THREADS, SEND_IN_THREADS = 1 << 34, 1 << 35, 1 << 38
EVERYTHING = (1 << 52) - 1 & ~(1 << 3 | MANAGE_THREADS)
NONCE_MINUTES = 5


@dataclass
class Message:
    """A message in a channel; ``seen_by`` is the one account that sees it, or empty."""

    id: str
    payload: Payload
    channel: str
    seen_by: str = ""
    is_gone: bool = False
    at: datetime | None = None
    nonce: str = ""
    files: dict[str, bytes] = field(default_factory=dict)
    edits: list[datetime] = field(default_factory=list)

    @property
    def text(self) -> str:
        return shown(self.payload, "Europe/Berlin")

    def put(self, payload: Payload, files: dict[str, bytes]) -> None:
        """Change what it says: files not named any more are dropped, those not mentioned at all stay."""
        before = self.payload.get("attachments", [])
        flags = self.payload.get("flags", 0) & (V2 | EPHEMERAL) | payload.get("flags", 0)
        self.payload = {**payload, "flags": flags}
        if "attachments" in payload:
            kept = {str(file["id"]) for file in payload["attachments"]}
            self.payload["attachments"] = [file for file in before if file["id"] in kept]
        else:
            self.payload["attachments"] = before
        self.payload["attachments"] = [*self.payload["attachments"], *attached(payload, files)]
        names = {file["filename"] for file in self.payload["attachments"]}
        self.files = {name: data for name, data in (self.files | files).items() if name in names}

    def refused(self, payload: Payload, files: dict[str, bytes]) -> list[str]:
        """Why this message cannot be changed to that."""
        if self.payload.get("flags", 0) & V2 and (payload.get("content") or not payload.get("components")):
            return ["a message of components never becomes plain again"]
        names = [file["filename"] for file in self.payload.get("attachments", [])]
        return refusals(
            {name: value for name, value in payload.items() if value is not None and value != []}, files, names
        )

    def as_json(self, application: str) -> Payload:
        return {
            "id": self.id, "channel_id": self.channel, "author": user(application, "Roadmate", is_bot=True),
            "nonce": self.nonce or None, "flags": self.payload.get("flags", 0), "content": self.payload.get("content", ""),
            "components": self.payload.get("components", []), "attachments": self.payload.get("attachments", []),
            "timestamp": self.at.isoformat() if self.at else None, "type": 0, "mentions": [], "embeds": [], "tts": False,
        }  # fmt: skip


@dataclass
class Channel:
    """A place for messages. ``rights`` is what the bot may do there."""

    id: str
    type: int = TEXT
    parent: str = ""
    name: str = ""
    rights: int = EVERYTHING
    archived: bool = False
    locked: bool = False
    is_gone: bool = False
    owner: str = ""
    refuses: bool = False
    typing: list[datetime] = field(default_factory=list)
    """When the bot showed that it is writing something."""
    messages: list[Message] = field(default_factory=list)

    def as_json(self, guild: str) -> Payload:
        told: Payload = {"id": self.id, "type": self.type, "name": self.name}
        if self.type != DM:
            told["guild_id"] = guild
        if self.type == THREAD:
            told |= {
                "owner_id": self.owner,
                "parent_id": self.parent,
                "thread_metadata": {"archived": self.archived, "locked": self.locked},
            }
        return told


class Channels:
    """All channels, and what a bot may ask of them."""

    def __init__(self, now: Callable[[], datetime], next_id: Callable[[], str], application: str, guild: str) -> None:
        self._now = now
        self._next_id = next_id
        self._application = application
        self._guild = guild
        self.all: dict[str, Channel] = {}

    def add(self, id: str = "", type: int = TEXT, **more: Any) -> Channel:  # noqa: A002 - Discord's own words
        channel = Channel(id or self._next_id(), type, **more)
        self.all[channel.id] = channel
        return channel

    def of(self, id: str) -> Channel:  # noqa: A002 - Discord's own word
        return self.all.get(id) or self.add(id)

    def _refusal(self, channel: Channel | None, needed: int = 0) -> web.Response | None:
        if channel is None or channel.is_gone:
            return refusal(404, 10003, "Unknown Channel")
        if channel.refuses:
            return refusal(403, 50007, "Cannot send messages to this user")
        if not channel.rights & VIEW:
            return refusal(403, 50001, "Missing Access")
        if channel.rights & needed != needed:
            return refusal(403, 50013, "Missing Permissions")
        return None

    async def look(self, request: web.Request, _body: Payload, _files: dict[str, bytes]) -> web.Response:
        channel = self.all.get(request.match_info["channel"])
        return self._refusal(channel) or answer(self.told(channel))  # type: ignore[arg-type]

    def told(self, channel: Channel) -> Payload:
        """A channel with overwrites that let the bot do there what it may."""
        told = channel.as_json(self._guild)
        if channel.type in (DM, THREAD):
            return told
        denied = (1 << 53) - 1 & ~channel.rights
        own = {"id": self._application, "type": 1, "allow": str(channel.rights), "deny": str(denied)}
        return told | {"permission_overwrites": [own]}

    async def send(self, request: web.Request, body: Payload, files: dict[str, bytes]) -> web.Response:
        channel = self.all.get(request.match_info["channel"])
        needed = SEND_IN_THREADS if channel is not None and channel.type == THREAD else SEND
        if (refused := self._refusal(channel, needed | (ATTACH if files else 0))) is not None:
            return refused
        assert channel is not None
        if channel.type == FORUM:
            return refusal(400, 50008, "Cannot send messages in a non-text channel")
        if channel.locked and not channel.rights & MANAGE_THREADS:
            return refusal(400, 160005, "Thread is locked")
        nonce = str(body.get("nonce") or "")
        if nonce and body.get("enforce_nonce"):
            for known in channel.messages:
                assert known.at is not None
                if known.nonce == nonce and self._now() - known.at <= timedelta(minutes=NONCE_MINUTES):
                    if known.is_gone:
                        return refusal(404, 10008, "Unknown Message")
                    return answer(known.as_json(self._application))
        if problems := refusals(body, files):
            return refusal(400, 50035, f"Invalid Form Body {problems}")
        channel.archived = False
        return answer(self._post(channel, body, files).as_json(self._application))

    def _post(self, channel: Channel, body: Payload, files: dict[str, bytes], id: str = "") -> Message:  # noqa: A002
        message = Message(id or self._next_id(), {}, channel.id, at=self._now(), nonce=str(body.get("nonce") or ""))
        message.put(body, files)
        channel.messages.append(message)
        return message

    async def show_typing(self, request: web.Request, _body: Payload, _files: dict[str, bytes]) -> web.Response:
        channel = self.all.get(request.match_info["channel"])
        if (refused := self._refusal(channel, SEND)) is not None:
            return refused
        assert channel is not None
        channel.typing.append(self._now())
        return web.Response(status=204)

    async def history(self, request: web.Request, _body: Payload, _files: dict[str, bytes]) -> web.Response:
        channel = self.all.get(request.match_info["channel"])
        if (refused := self._refusal(channel, 1 << 16)) is not None:
            return refused
        assert channel is not None
        found = [message for message in channel.messages if not message.is_gone]
        if after := request.query.get("after"):
            found = [message for message in found if int(message.id) > int(after)][
                : int(request.query.get("limit", 50))
            ]
        if before := request.query.get("before"):
            found = [message for message in found if int(message.id) < int(before)]
        found = found[-int(request.query.get("limit", 50)) :]
        return answer([message.as_json(self._application) for message in reversed(found)])

    async def edit(self, request: web.Request, body: Payload, files: dict[str, bytes]) -> web.Response:
        channel, message = self._message(request)
        if (refused := self._refusal(channel)) is not None:
            return refused
        if message is None:
            return refusal(404, 10008, "Unknown Message")
        now = self._now()
        assert message.at is not None
        message.edits = [moment for moment in message.edits if now - moment < timedelta(hours=1)]
        if now - message.at > timedelta(hours=1) and len(message.edits) >= 3:
            return refusal(429, 30046, "Maximum number of edits to messages older than 1 hour reached")
        if problems := message.refused(body, files):
            return refusal(400, 50035, f"Invalid Form Body {problems}")
        message.edits.append(now)
        message.put(body, files)
        return answer(message.as_json(self._application))

    async def delete(self, request: web.Request, _body: Payload, _files: dict[str, bytes]) -> web.Response:
        channel, message = self._message(request)
        if (refused := self._refusal(channel)) is not None:
            return refused
        if message is None:
            return refusal(404, 10008, "Unknown Message")
        message.is_gone = True
        return web.Response(status=204)

    def _message(self, request: web.Request) -> tuple[Channel | None, Message | None]:
        channel = self.all.get(request.match_info["channel"])
        known = channel.messages if channel is not None else []
        wanted = request.match_info["message"]
        return channel, next((message for message in known if message.id == wanted and not message.is_gone), None)

    async def fetch(self, request: web.Request, _body: Payload, _files: dict[str, bytes]) -> web.Response:
        channel, message = self._message(request)
        if (refused := self._refusal(channel, 1 << 16)) is not None:
            return refused
        if message is None:
            return refusal(404, 10008, "Unknown Message")
        return answer(message.as_json(self._application))

    async def active(self, _request: web.Request, _body: Payload, _files: dict[str, bytes]) -> web.Response:
        """Every open thread of the server."""
        open_ones = [one for one in self.all.values() if one.type == THREAD and not one.archived]
        return answer({"threads": [one.as_json(self._guild) for one in open_ones], "members": []})

    async def open_thread(self, request: web.Request, body: Payload, files: dict[str, bytes]) -> web.Response:
        """A thread in a text channel, or an entry in a forum with its first message."""
        channel = self.all.get(request.match_info["channel"])
        needed = SEND if channel is not None and channel.type == FORUM else MAKE_THREADS
        if (refused := self._refusal(channel, needed)) is not None:
            return refused
        assert channel is not None
        if ("message" in body) != (channel.type == FORUM):
            return refusal(400, 50035, "Invalid Form Body: a forum wants a first message, and only a forum")
        if channel.type == FORUM and (problems := refusals(body["message"], files)):
            return refusal(400, 50035, f"Invalid Form Body {problems}")
        thread = self.add(
            "", THREAD, parent=channel.id, name=body["name"], rights=channel.rights, owner=self._application
        )
        told = thread.as_json(self._guild)
        if channel.type == FORUM:
            told["message"] = self._post(thread, body["message"], files, thread.id).as_json(self._application)
        return answer(told, 201)

    async def open_thread_at(self, request: web.Request, body: Payload, _files: dict[str, bytes]) -> web.Response:
        channel, message = self._message(request)
        if (refused := self._refusal(channel, MAKE_THREADS)) is not None:
            return refused
        if channel is None or message is None:
            return refusal(404, 10008, "Unknown Message")
        if message.id in self.all:
            return refusal(400, 160004, "A thread has already been created for this message")
        return answer(self.add(message.id, THREAD, parent=channel.id, name=body["name"]).as_json(self._guild), 201)

    async def change(self, request: web.Request, body: Payload, _files: dict[str, bytes]) -> web.Response:
        channel = self.all.get(request.match_info["channel"])
        if (refused := self._refusal(channel)) is not None:
            return refused
        assert channel is not None
        channel.name = body.get("name", channel.name)
        channel.archived = body.get("archived", channel.archived)
        channel.locked = body.get("locked", channel.locked)
        return answer(channel.as_json(self._guild))

    async def open_private(self, _request: web.Request, body: Payload, _files: dict[str, bytes]) -> web.Response:
        """A chat with one person; that they refuse it shows only when something is said there."""
        return answer(self.of_person(str(body["recipient_id"])).as_json(self._guild))

    def of_person(self, account: str) -> Channel:
        """The private chat with somebody."""
        return self.all.get(f"8{account}") or self.add(f"8{account}", DM)
