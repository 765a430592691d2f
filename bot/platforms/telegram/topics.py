"""What updates tell in passing of forum topics, which Telegram does not let a bot ask for. Pure, over plain data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.platforms.telegram.limits import TOPIC_NAME


@dataclass(frozen=True, slots=True)
class Topic:
    """A topic of a group; ``name`` is empty and ``is_closed`` None where nothing was told about it."""

    chat: str
    thread: str
    name: str = ""
    is_closed: bool | None = None


def topic_of(update: Mapping[str, Any]) -> Topic | None:
    """Return what an update tells of a topic, or None: it was opened, renamed, closed, or something was said in it.

    Raises:
        KeyError, TypeError, ValueError, AttributeError: the update is not as Telegram describes it.
    """
    message = update.get("message")
    if not isinstance(message, dict) or not message.get("is_topic_message"):
        return None
    chat, thread = str(int(message["chat"]["id"])), str(int(message["message_thread_id"]))
    began = (message.get("reply_to_message") or {}).get("forum_topic_created")  # what is said in it answers its opening
    if (opened := message.get("forum_topic_created")) is not None:
        return Topic(chat, thread, _name(opened), is_closed=False)
    if (renamed := message.get("forum_topic_edited")) is not None:
        return Topic(chat, thread, _name(renamed))
    if "forum_topic_closed" in message or "forum_topic_reopened" in message:
        return Topic(chat, thread, is_closed="forum_topic_closed" in message)
    return Topic(chat, thread, _name(began)) if began is not None else None


def _name(told: Mapping[str, Any]) -> str:
    return " ".join(str(told.get("name") or "").split())[:TOPIC_NAME]
