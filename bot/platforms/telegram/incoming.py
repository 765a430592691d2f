"""Telegram's updates as the engine wants to hear them: pure, over plain data, and unmoved by anything unknown."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Final

from bot.kit.request import Incoming, Role, Sender, Setting, Trigger, Where
from bot.platforms.telegram.limits import ANONYMOUS_ADMIN

PLATFORM: Final = "telegram"
NAME_LONGEST: Final = 64
ALLOWED_UPDATES: Final = ("message", "channel_post", "callback_query", "poll_answer", "my_chat_member")
"""Everything else Telegram offers is of no use yet, so it is not asked for."""

SETTINGS: Final = {
    "private": Setting.PRIVATE, "group": Setting.GROUP, "supergroup": Setting.GROUP, "channel": Setting.CHANNEL
}  # fmt: skip
_COMMAND: Final = re.compile(r"/([A-Za-z0-9_]{1,32})(?:@([A-Za-z0-9_]{3,64}))?(?=\s|$)")


@dataclass(frozen=True, slots=True)
class Sent:
    """A file that somebody sent: Telegram's id of it, and how many bytes it says there are, 0 if it does not."""

    id: str
    size: int


@dataclass(frozen=True, slots=True)
class Heard:
    """Somebody typed or pressed something.

    Attributes:
        event: Telegram's id of the update.
        chat: where to answer.
        thread: the forum topic to answer in, or None.
        message: id of what was typed, or of the pressed message.
        text: what was typed, empty for a picture and the like; or what the pressed button carries.
        query: for presses: Telegram's id of the press, which has to be answered; else empty.
        can_edit: for presses: whether the pressed message may still be changed.
        on_photo: for presses: whether the pressed message is a photo with words below it.
        alone: chat id of the sender's own private chat, or None for somebody who hides behind a group or channel.
        addressed: whether a command named this bot (``/next@bot``).
        file: what was sent as a file, in a private chat.
    """

    event: str
    chat: int
    thread: int | None
    message: int
    sender: Sender
    where: Where
    text: str
    query: str = ""
    can_edit: bool = False
    on_photo: bool = False
    alone: int | None = None
    addressed: bool = False
    file: Sent | None = None

    @property
    def is_private(self) -> bool:
        """Whether it happened in the sender's own chat with the bot."""
        return self.where.setting is Setting.PRIVATE

    @property
    def command(self) -> str:
        """The command's name in lower case, or empty if no command was typed."""
        found = _COMMAND.match(self.text) if not self.query else None
        return found[1].lower() if found else ""

    def incoming(self, at: datetime) -> Incoming:
        """Return this as an event for the engine."""
        return Incoming(
            platform=PLATFORM,
            event=self.event,
            trigger=Trigger.PRESS if self.query else Trigger.COMMAND,
            sender=self.sender,
            where=self.where,
            text=self.text,
            at=at,
            on_public=bool(self.query) and not self.is_private,
        )

    def with_role(self, role: Role) -> Heard:
        """Return this with another role of the sender."""
        return replace(self, sender=replace(self.sender, role=role))


@dataclass(frozen=True, slots=True)
class Moved:
    """A group became a supergroup and has another id from now on."""

    old: int
    new: int


@dataclass(frozen=True, slots=True)
class Orphan:
    """A press of a button whose message Telegram no longer shows to bots."""

    query: str
    language: str = field(default="")


@dataclass(frozen=True, slots=True)
class Vote:
    """Somebody answered one of the bot's polls; ``choice`` is the position of the answer, None if taken back."""

    event: str
    poll: str
    sender: Sender
    choice: int | None


def hear(update: Mapping[str, Any], username: str) -> Heard | Moved | Orphan | Vote | None:
    """Read one update; None for whatever is not meant for the bot. ``username`` is the bot's own.

    Raises:
        KeyError, TypeError, ValueError, AttributeError: the update is not as Telegram describes it.
    """
    if (message := update.get("message")) is not None:
        return _message(str(update["update_id"]), message, username)
    if (post := update.get("channel_post")) is not None:
        return _message(str(update["update_id"]), post, username)
    if (query := update.get("callback_query")) is not None:
        return _press(str(update["update_id"]), query)
    if (answer := update.get("poll_answer")) is not None:
        return _vote(str(update["update_id"]), answer)
    return None


def _message(event: str, message: Mapping[str, Any], username: str) -> Heard | Moved | None:
    chat = message["chat"]
    if (new := message.get("migrate_to_chat_id")) is not None:
        return Moved(int(chat["id"]), int(new))
    if (old := message.get("migrate_from_chat_id")) is not None:
        return Moved(int(old), int(chat["id"]))
    setting = SETTINGS.get(chat["type"])
    if setting is None or message.get("is_automatic_forward") or message.get("via_bot"):
        return None
    text = message.get("text", "")
    private = setting is Setting.PRIVATE
    command = _COMMAND.match(text)
    if not private and command is None:
        return None
    if command and command[2] and command[2].lower() != username.lower():
        return None
    group = chat if setting is Setting.CHANNEL else message.get("sender_chat")
    sender, alone = sender_of(message.get("from"), group, chat)
    if sender is None or (private and not text and not _is_content(message)):
        return None
    where = where_of(chat, message, setting)
    return Heard(
        event=event,
        chat=int(chat["id"]),
        thread=int(where.thread) if where.thread else None,
        message=int(message["message_id"]),
        sender=sender,
        where=where,
        text=str(text),
        alone=alone,
        addressed=bool(command and command[2]),
        file=_file(message) if private else None,
    )


def _press(event: str, query: Mapping[str, Any]) -> Heard | Orphan:
    sender, alone = sender_of(query["from"], None, {})
    message = query.get("message")
    setting = SETTINGS.get(message["chat"]["type"]) if message is not None else None
    if message is None or setting is None or sender is None or not isinstance(query.get("data"), str):
        return Orphan(str(query["id"]), sender.language if sender else "")
    where = where_of(message["chat"], message, setting)
    return Heard(
        event=event,
        chat=int(message["chat"]["id"]),
        thread=int(where.thread) if where.thread else None,
        message=int(message["message_id"]),
        sender=sender,
        where=where,
        text=query["data"],
        query=str(query["id"]),
        can_edit=message.get("date", 0) != 0,
        on_photo="photo" in message,
        alone=alone,
    )


def _vote(event: str, answer: Mapping[str, Any]) -> Vote | None:
    sender, _alone = sender_of(answer.get("user"), answer.get("voter_chat"), {})
    chosen = answer["option_ids"]
    if sender is None or not isinstance(chosen, list):
        return None
    return Vote(event, str(answer["poll_id"]), sender, int(chosen[0]) if chosen else None)


def where_of(chat: Mapping[str, Any], message: Mapping[str, Any], setting: Setting | None) -> Where:
    """Return the place of a message, with its topic."""
    topic = message.get("message_thread_id") if message.get("is_topic_message") else None
    thread = "" if topic in (None, 1) else str(int(topic))  # the General topic is 1 and must never be named
    return Where(str(int(chat["id"])), setting or Setting.GROUP, str(chat.get("title", "")), thread)


def sender_of(
    user: Mapping[str, Any] | None, group: Mapping[str, Any] | None, chat: Mapping[str, Any]
) -> tuple[Sender | None, int | None]:
    """Return who it was, and the id of their private chat if they have one."""
    if group is not None:
        # Only administrators write in a channel, and only they may write in the name of their own group.
        is_here = group["id"] == chat.get("id")
        hidden = is_here and (chat.get("type") == "channel" or (user is not None and user["id"] == ANONYMOUS_ADMIN))
        role = Role.MODERATOR if hidden else Role.MEMBER
        return Sender(str(int(group["id"])), _name(group.get("title")), role), None
    if user is None or user.get("is_bot"):
        return None, None
    name = " ".join(str(user.get(part) or "") for part in ("first_name", "last_name"))
    number = int(user["id"])
    sender = Sender(str(number), _name(name) or str(number), Role.MEMBER, str(user.get("language_code") or ""))
    return sender, number


def _name(text: object) -> str:
    return " ".join(str(text or "").split())[:NAME_LONGEST]


def _file(message: Mapping[str, Any]) -> Sent | None:
    document = message.get("document")
    return Sent(str(document["file_id"]), int(document.get("file_size") or 0)) if document else None


def _is_content(message: Mapping[str, Any]) -> bool:
    """Whether somebody sent something that is not text, rather than Telegram telling about the chat."""
    return any(kind in message for kind in ("photo", "document", "voice", "audio", "video", "sticker", "video_note"))
