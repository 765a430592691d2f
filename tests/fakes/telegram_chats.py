"""Chats as their readers see them, and the people in them, who type, press and vote."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.fakes.telegram_server import FakeTelegram

USERNAME = "roadmate_bot"
BOT = {"id": 123456, "is_bot": True, "first_name": "Roadmate", "username": USERNAME}
ANONYMOUS = {"id": 1087968824, "is_bot": True, "first_name": "Group", "username": "GroupAnonymousBot"}
CHANNEL_BOT = {"id": 136817688, "is_bot": True, "first_name": "Channel", "username": "Channel_Bot"}
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
    photo: bytes = b""
    document: bytes = b""
    file_name: str = ""
    is_old: bool = False
    """Whether it was said more than 48 hours ago, so that no bot may delete it."""
    poll: Json = field(default_factory=dict)
    """What was asked for with ``sendPoll``, if it is one."""

    @property
    def labels(self) -> list[str]:
        return [key["text"] for row in self.rows for key in row]

    @property
    def options(self) -> list[str]:
        """The answers of a poll."""
        return [option["text"] for option in self.poll.get("options", ())]

    @property
    def words(self) -> str:
        """Everything that can be read; what shows nothing is left out."""
        lines = (*filter(None, (self.text, self.poll.get("question", ""))), *self.options, *self.labels)
        return "\n".join(lines).replace("\u2060", "")

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
    topics: dict[int, str] = field(default_factory=dict)
    """Forum topics beside the general one: ``open``, ``closed`` or ``deleted``."""
    sees_all: bool = False
    """Whether the bot gets every message here, as administrators do."""
    another_bot_spoke: bool = False
    """Whether another bot spoke last, so that commands without a name are not meant for ours."""
    no_photos: bool = False
    bot_standing: Json = field(default_factory=lambda: {"status": "member"})
    permissions: Json = field(default_factory=dict)
    """What members may not do, by Telegram's names, such as ``{"can_send_polls": False}``."""

    @property
    def seen(self) -> list[Message]:
        """What the bot said here, oldest first."""
        return [message for message in self.messages.values() if message.mine]

    @property
    def as_json(self) -> Json:
        more: Json = {"is_forum": True} if self.topics else {}
        return {"id": self.id, "type": self.type} | ({"title": self.title} if self.title else {}) | more


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

    async def types(self, text: str, chat: Chat | None = None, *, topic: int | None = None, behind: Chat | None = None, **more: Any) -> int:  # fmt: skip
        """Type a text in the private chat or in a group; 0 if the bot does not get to see it.

        ``behind``: the group or channel in whose name it is written; ``more`` goes into Telegram's message.
        """
        chat = chat or self.alone
        if chat is self.alone and text.startswith("/start"):
            chat.forbidden = ""
        message = Message(next(self.server.numbers), chat.id, text, mine=False, sender=self.user, thread=topic)
        chat.messages[message.number] = message
        sender: Json = {"from": self.user}
        if behind is not None:
            sender = {"from": ANONYMOUS if behind is chat else CHANNEL_BOT, "sender_chat": behind.as_json}
        body = {
            "message_id": message.number,
            "date": 1,
            "chat": chat.as_json,
            **sender,
            "text": text,
            **_in(topic),
        } | more
        if not self._reaches_the_bot(chat, text, more):
            return 0
        return await self.server.push({"message": body})

    async def sends_file(self, data: bytes, *, size: int | None = None) -> int:
        """Send a file in the private chat; ``size`` is what Telegram says of it, if not the truth."""
        file = f"file-{next(self.server.numbers)}"
        self.server.sent_files[file] = data
        document = {"file_id": file, "file_unique_id": file, "file_name": "questions.yaml",
                    "mime_type": "application/x-yaml", "file_size": len(data) if size is None else size}  # fmt: skip
        message = Message(next(self.server.numbers), self.alone.id, "", mine=False, sender=self.user)
        self.alone.messages[message.number] = message
        body = {"message_id": message.number, "date": 1, "chat": self.alone.as_json, "from": self.user}
        return await self.server.push({"message": body | {"document": document}})

    async def posts(self, text: str, channel: Chat, **more: Any) -> int:
        """Post in a channel."""
        message = Message(next(self.server.numbers), channel.id, text, mine=False)
        channel.messages[message.number] = message
        here = channel.as_json
        body = {"message_id": message.number, "date": 1, "chat": here, "sender_chat": here, "text": text} | more
        return await self.server.push({"channel_post": body})

    async def presses(self, message: Message, label: str) -> tuple[int, str]:
        """Press a button by its words; returns (update, press)."""
        return await self.sends(message, message.key(label)["callback_data"])

    async def sends(self, message: Message, data: str, more: Json | None = None) -> tuple[int, str]:
        """Press a button that carries ``data``, whether or not it is there; ``more`` goes into Telegram's query.

        Returns (update, press).
        """
        query = f"{self.id}-{next(self.presses_made)}"
        self.server.answers[query] = None
        chat = self.server.chats[message.chat]
        shown: Json = {
            "message_id": message.number,
            "date": 1,
            "chat": chat.as_json,
            "from": BOT,
            **_in(message.thread),
        }
        if message.photo:
            shown |= {
                "photo": [{"file_id": "x", "file_unique_id": "x", "width": 1, "height": 1}],
                "caption": message.text,
            }
        body: Json = {"id": query, "from": self.user, "chat_instance": "1", "data": data, "message": shown}
        return await self.server.push({"callback_query": body | (more or {})}), query

    async def votes(self, message: Message, *labels: str, behind: Chat | None = None) -> int:
        """Choose answers of a poll, or take the vote back if none is named."""
        assert message.poll, "that is no poll"
        chosen = [message.options.index(label) for label in labels]
        voter = {"voter_chat": behind.as_json} if behind is not None else {"user": self.user}
        ids = {"option_ids": chosen, "option_persistent_ids": [f"p{number}" for number in chosen]}
        return await self.server.push({"poll_answer": {"poll_id": message.poll["id"], **voter, **ids}})

    async def changes_bot(self, chat: Chat, was: Json | str, now: Json | str, *, behind: Chat | None = None) -> int:
        """Let the bot into a chat, out of it, or change its rights: standings as statuses, or with rights."""
        standings = [{"user": BOT, **({"status": one} if isinstance(one, str) else one)} for one in (was, now)]
        by = self.user if behind is None else ANONYMOUS
        body = {"chat": chat.as_json, "from": by, "date": 1, "old_chat_member": standings[0]}
        return await self.server.push({"my_chat_member": body | {"new_chat_member": standings[1]}})

    async def brings(self, chat: Chat, *people: Person | Json) -> int:
        """Let people into a group, or come in oneself; Telegram tells by a message of its own."""
        users = [one.user if isinstance(one, Person) else one for one in people]
        return await self.types("", chat, new_chat_members=users)

    async def tells(self, chat: Chat, topic: int, **service: Any) -> int:
        """Change a topic; Telegram tells by a message of its own in it."""
        return await self.types("", chat, topic=topic, **service)

    async def follows(self, url: str) -> int:
        """Open a link into the private chat and press Start."""
        found = re.fullmatch(rf"https://t\.me/{USERNAME}(?:\?start=([A-Za-z0-9_-]{{1,64}}))?", url)
        assert found, f"{url} does not lead to the bot"
        return await self.types(f"/start {found[1]}" if found[1] else "/start")

    def _reaches_the_bot(self, chat: Chat, text: str, more: Json) -> bool:
        """Whether privacy mode lets a message through."""
        if chat.type == "private" or chat.sees_all:
            return True
        answered = more.get("reply_to_message", {}).get("from", {}).get("id")
        if answered == BOT["id"]:
            return True
        command = re.match(r"/\w+(?:@(\w+))?", text)
        if command is None:
            return any(name.startswith(("migrate_", "new_chat", "left_chat", "forum_topic")) for name in more)
        return command[1].lower() == USERNAME if command[1] else not chat.another_bot_spoke


def _in(topic: int | None) -> Json:
    return {} if topic is None else {"message_thread_id": topic, "is_topic_message": True}
