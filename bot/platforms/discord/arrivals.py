"""Who or what is new in a server: the bot itself, or people. Pure functions over plain JSON objects."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from bot.kit.request import Incoming, Role, Sender, Setting, Trigger, Where
from bot.platforms.discord.incoming import PLATFORM, Server
from bot.platforms.discord.permissions import in_channel, member_of
from bot.platforms.discord.rights import Right

JUST_NOW: Final = timedelta(minutes=10)
"""A server told of is new if the bot came into it no longer ago; whatever is older was told of before."""
TEXT: Final = 0
_CAME_IN: Final = 7
_SPEAKS: Final = Right.VIEW_CHANNEL | Right.SEND_MESSAGES


def bot_arrived(guild: Mapping[str, Any], me: str, at: datetime) -> Incoming | None:
    """Return the bot's arrival in a server that Discord tells of, or None if it has been there for a while.

    A word about it belongs into the channel for the server's own messages, else into the first one the bot may write
    to. Who let it in is not told.

    Raises:
        KeyError, TypeError, ValueError, AttributeError: the server is not as Discord describes it.
    """
    if guild.get("unavailable") or not guild.get("joined_at"):
        return None
    joined = datetime.fromisoformat(str(guild["joined_at"]))
    if abs(at - joined) > JUST_NOW:
        return None
    server = str(guild["id"])
    return Incoming(
        platform=PLATFORM,
        event=f"{server}.{int(joined.timestamp())}",
        trigger=Trigger.ADDED,
        sender=Sender("", "", language=str(guild.get("preferred_locale") or "")),
        where=Where(server, Setting.GROUP, str(guild.get("name") or ""), _place_to_speak(guild, me, at)),
        text="",
        at=at,
    )


def _place_to_speak(guild: Mapping[str, Any], me: str, at: datetime) -> str:
    """Return the channel to say something in unasked; an empty text if there is none."""
    member = member_of(guild.get("members", ()), me, guild.get("roles", ()))
    rooms = sorted(
        (channel for channel in guild.get("channels", ()) if channel.get("type") == TEXT),
        key=lambda channel: (str(channel["id"]) != str(guild.get("system_channel_id")), channel.get("position", 0)),
    )
    for room in rooms:
        if in_channel(guild, member, room, at) & _SPEAKS == _SPEAKS:
            return str(room["id"])
    return ""


def person_arrived(message: Mapping[str, Any], server: Callable[[str], Server], at: datetime) -> Incoming | None:
    """Return somebody's arrival, if a message is Discord's own word about it; None for every other message.

    ``server`` tells what is known of a server. Of other messages no more is looked at than their kind.

    Raises:
        KeyError, TypeError, ValueError, AttributeError: the message is not as Discord describes it.
    """
    if message.get("type") != _CAME_IN or not message.get("guild_id"):
        return None
    author = message["author"]
    if author.get("bot"):
        return None
    name = str(author.get("global_name") or author["username"])
    known = server(str(message["guild_id"]))
    return Incoming(
        platform=PLATFORM,
        event=str(message["id"]),
        trigger=Trigger.JOINED,
        sender=Sender(str(author["id"]), name, Role.MEMBER),
        where=Where(str(message["guild_id"]), Setting.GROUP, known.name, str(message["channel_id"])),
        text="",
        at=at,
    )
