"""What Discord tells of the places the bot is in: which rights it lacks there, and which channels there are."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final

from bot.kit.clock import Clock
from bot.kit.platform import Lacking, Room
from bot.kit.posting import Address, GoneError, NotSentError
from bot.kit.wording import N_, _
from bot.platforms.discord.exchange import RefusedError
from bot.platforms.discord.incoming import PLATFORM
from bot.platforms.discord.permissions import in_channel
from bot.platforms.discord.rest import Rest
from bot.platforms.discord.rights import CANNOT_SEE, NAMES, Right
from bot.platforms.discord.roles import DiscordRoles

ROOMS: Final = 25
"""So many places fit one list on every platform."""
_CHANNELS: Final = (0, 5)
_FORUMS: Final = (15, 16)
_THREADS: Final = (10, 11, 12)
_COSTS: Final = {
    Right.VIEW_CHANNEL: N_("I cannot see this channel, so I can post nothing in it."),
    Right.SEND_MESSAGES: N_("I can post nothing in this channel."),
    Right.SEND_MESSAGES_IN_THREADS: N_("I can post nothing in this thread."),
    Right.MANAGE_THREADS: N_("This thread is locked, so I can post nothing in it."),
    Right.EMBED_LINKS: N_("Links in posts are shown without their preview."),
    Right.ATTACH_FILES: N_("Pictures are left out; the words beside them say the same."),
    Right.READ_MESSAGE_HISTORY: N_(
        "After a broken connection I cannot look whether a post arrived, so it may wait for a moderator's word."
    ),
}
_OPTIONAL: Final = (Right.EMBED_LINKS, Right.ATTACH_FILES, Right.READ_MESSAGE_HISTORY)
_NOBODY: Final = (10007, 10013)
"""Unknown member, unknown user."""
Json = Mapping[str, Any]


class DiscordSurroundings:
    """Implements ``kit.platform.Surroundings``: asks for roles and channels, and works the rights out."""

    marks_polls = False

    def __init__(self, rest: Rest, me: Callable[[], str], clock: Clock) -> None:
        self._rest = rest
        self._me = me
        self._clock = clock
        self.ranks = DiscordRoles(rest, me)
        """What gives people the server's roles."""

    async def lacking(self, to: Address) -> Sequence[Lacking]:
        """Return the rights that posting needs and the bot lacks; a private chat needs none.

        Raises:
            GoneError: the channel or server is not there any more.
            DeliveryError: Discord tells nothing just now.
        """
        if not to.thread:
            return ()
        try:
            guild, member = await self._home(to)
            channel = await self._ask(f"/channels/{to.thread}")
            is_thread = channel.get("type") in _THREADS
            around = await self._ask(f"/channels/{channel['parent_id']}") if is_thread else channel
            bits = in_channel(guild, member, around, self._clock.now())
        except RefusedError as error:
            if error.code == CANNOT_SEE:
                return (_lacking(Right.VIEW_CHANNEL, vital=True),)
            raise _untold(error) from error
        except (KeyError, TypeError, ValueError, AttributeError) as odd:
            raise NotSentError(f"Discord tells nothing that can be read of channel {to.thread} ({odd!r})") from odd
        return tuple(_all_lacking(bits, channel, is_thread=is_thread))

    async def rooms(self, here: Address) -> Sequence[Room]:
        """Return the channels, forums and open threads of the server that the bot may post to, ``here`` first.

        Raises:
            GoneError: the server is not there any more.
            DeliveryError: Discord tells nothing just now.
        """
        if not here.thread:
            return (Room(here, _("Our private chat")),)
        try:
            guild, member = await self._home(here)
            channels = await self._ask(f"/guilds/{here.chat}/channels")
            threads = (await self._ask(f"/guilds/{here.chat}/threads/active"))["threads"]
            found = list(self._open_rooms(here.chat, guild, member, channels, threads))
            if not any(room.to == here for room in found):
                titles = _titles(channels, threads)
                found.append(Room(here, titles.get(here.thread, _("This channel"))))
        except RefusedError as error:
            raise _untold(error) from error
        except (KeyError, TypeError, ValueError, AttributeError) as odd:
            raise NotSentError(f"Discord tells nothing that can be read of server {here.chat} ({odd!r})") from odd
        found.sort(key=lambda room: room.to != here)  # the rest stay in their order
        return tuple(found[:ROOMS])

    async def has(self, here: Address, account: str) -> bool:
        """Return whether somebody is a member of a server.

        Raises:
            DeliveryError: Discord tells nothing just now, or the bot is no longer there.
        """
        try:
            await self._ask(f"/guilds/{here.chat}/members/{account}")
        except RefusedError as error:
            if error.code in _NOBODY:
                return False
            raise _untold(error) from error
        return True

    def _open_rooms(
        self, server: str, guild: Json, member: Json, channels: Sequence[Json], threads: Sequence[Json]
    ) -> Iterator[Room]:
        now = self._clock.now()
        titles = _titles(channels, threads)
        around = {str(channel["id"]): channel for channel in channels}
        for channel in sorted(channels, key=lambda one: (int(one.get("position") or 0), int(one["id"]))):
            if channel.get("type") not in (*_CHANNELS, *_FORUMS):
                continue
            if not _vital(in_channel(guild, member, channel, now), channel, is_thread=False):
                yield Room(Address(PLATFORM, server, str(channel["id"])), titles[str(channel["id"])])
        for thread in threads:
            parent = around.get(str(thread.get("parent_id")))
            if parent is not None and not _vital(in_channel(guild, member, parent, now), thread, is_thread=True):
                yield Room(Address(PLATFORM, server, str(thread["id"])), titles[str(thread["id"])])

    async def _home(self, to: Address) -> tuple[Json, Json]:
        """Return a server with its roles, and the bot as its member."""
        guild, member = await asyncio.gather(
            self._ask(f"/guilds/{to.chat}"), self._ask(f"/guilds/{to.chat}/members/{self._me()}")
        )
        return guild, {"user": {"id": self._me()}, **member}

    async def _ask(self, path: str) -> Any:
        return await self._rest.once("GET", path)


def _titles(channels: Sequence[Json], threads: Sequence[Json]) -> dict[str, str]:
    titles = {str(channel["id"]): f"#{channel.get('name') or ''}" for channel in channels}
    for thread in threads:
        parent = titles.get(str(thread.get("parent_id")))
        titles[str(thread["id"])] = f"{parent} › {thread['name']}" if parent else str(thread["name"])
    return titles


def _vital(bits: int, channel: Json, *, is_thread: bool) -> list[Right]:
    """Return what lacks so that nothing can be posted at all."""
    if not bits & Right.VIEW_CHANNEL:
        return [Right.VIEW_CHANNEL]
    found = []
    send = Right.SEND_MESSAGES_IN_THREADS if is_thread else Right.SEND_MESSAGES
    if not bits & send:
        found.append(send)
    if (channel.get("thread_metadata") or {}).get("locked") and not bits & Right.MANAGE_THREADS:
        found.append(Right.MANAGE_THREADS)
    return found


def _all_lacking(bits: int, channel: Json, *, is_thread: bool) -> Iterator[Lacking]:
    vital = _vital(bits, channel, is_thread=is_thread)
    yield from (_lacking(right, vital=True, in_forum=channel.get("type") in _FORUMS) for right in vital)
    if Right.VIEW_CHANNEL not in vital:
        yield from (_lacking(right) for right in _OPTIONAL if not bits & right)


def _lacking(right: Right, *, vital: bool = False, in_forum: bool = False) -> Lacking:
    # in forums, Discord's settings call the right to send messages by what it does there
    name = _("Create Posts") if in_forum and right is Right.SEND_MESSAGES else _(NAMES[right])
    if right is Right.MANAGE_THREADS:
        grant = _("Unlock the thread, or allow me “Manage Threads” in the settings of its channel.")
    else:
        grant = _("Open the channel's settings → Permissions → add Roadmate, and allow it.")
    return Lacking(name, grant, _(_COSTS[right]), vital)


def _untold(error: RefusedError) -> Exception:
    if error.status == 404 or error.code == CANNOT_SEE:
        return GoneError(N_("the channel or the server is not there any more, or the bot is no longer in it"))
    return NotSentError(f"Discord tells nothing (code {error.code})")
