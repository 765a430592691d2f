"""Who or what is new in a chat: the bot itself, or people. Pure, over plain data."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from bot.kit.request import Incoming, Sender, Setting, Trigger
from bot.platforms.telegram.incoming import PLATFORM, SETTINGS, sender_of, where_of

NEWCOMERS: Final = 20
"""So many people are met of those who came in together; Telegram itself tells of no more in one message."""


def arrivals(update: Mapping[str, Any], at: datetime) -> tuple[Incoming, ...]:
    """Return who arrived by an update, each as an event of its own; nothing for any other update.

    The bot arrives where it may say something that it could not say before; people arrive by a message of Telegram's
    own, which groups of many thousands do not have.

    Raises:
        KeyError, TypeError, ValueError, AttributeError: the update is not as Telegram describes it.
    """
    event = str(update["update_id"])
    if (changed := update.get("my_chat_member")) is not None:
        return _bot(event, changed, at)
    message = update.get("message")
    if isinstance(message, dict) and isinstance(people := message.get("new_chat_members"), list):
        return _people(event, message, people, at)
    return ()


def _bot(event: str, changed: Mapping[str, Any], at: datetime) -> tuple[Incoming, ...]:
    chat = changed["chat"]
    setting = SETTINGS.get(chat["type"])
    if setting not in (Setting.GROUP, Setting.CHANNEL):
        return ()  # somebody opened their own chat with the bot, or blocked it
    was, now = (_can_speak(changed[name], setting) for name in ("old_chat_member", "new_chat_member"))
    if was or not now:
        return ()
    sender, _alone = sender_of(changed.get("from"), None, chat)
    if sender is None:  # an administrator who stays anonymous, or another bot
        sender = Sender("", "")
    return (Incoming(PLATFORM, event, Trigger.ADDED, sender, where_of(chat, {}, setting), "", at),)


def _can_speak(member: Mapping[str, Any], setting: Setting) -> bool:
    """Whether somebody of this standing is in the chat and may write there, as far as their own rights go."""
    match member["status"]:
        case "creator":
            return True
        case "administrator":
            return setting is not Setting.CHANNEL or bool(member.get("can_post_messages"))
        case "member":
            return setting is not Setting.CHANNEL
        case "restricted":
            return bool(member.get("is_member")) and bool(member.get("can_send_messages"))
        case _:
            return False


def _people(event: str, message: Mapping[str, Any], people: list[Any], at: datetime) -> tuple[Incoming, ...]:
    chat = message["chat"]
    setting = SETTINGS.get(chat["type"])
    if setting is not Setting.GROUP:
        return ()
    where = where_of(chat, message, setting)
    found = []
    for person in people[:NEWCOMERS]:
        sender, _alone = sender_of(person, None, chat)
        if sender is not None:
            found.append(Incoming(PLATFORM, f"{event}.{sender.account}", Trigger.JOINED, sender, where, "", at))
    return tuple(found)
