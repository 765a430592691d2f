"""Roles of a Discord server that the bot may give: found by name, number or mention; never one that brings power."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from bot.kit.platform import Lacking, Rank, RankRefusedError
from bot.kit.posting import Address, GoneError, NotSentError
from bot.kit.wording import N_, _, quoted
from bot.platforms.discord.exchange import RefusedError
from bot.platforms.discord.permissions import in_server
from bot.platforms.discord.rest import Rest
from bot.platforms.discord.rights import ADMINISTRATOR, CANNOT_DO, CANNOT_SEE, MANAGE_ROLES, MANAGE_SERVER

MOST: Final = 10
"""So many roles of a like name are offered."""
_MENTION: Final = re.compile(r"<@&(\d{1,20})>")
_POWERS: Final = (
    ADMINISTRATOR
    | MANAGE_SERVER
    | MANAGE_ROLES
    | 1 << 1  # Kick Members
    | 1 << 2  # Ban Members
    | 1 << 4  # Manage Channels
    | 1 << 7  # View Audit Log
    | 1 << 13  # Manage Messages
    | 1 << 17  # Mention Everyone
    | 1 << 22  # Mute Members
    | 1 << 23  # Deafen Members
    | 1 << 24  # Move Members
    | 1 << 27  # Manage Nicknames
    | 1 << 29  # Manage Webhooks
    | 1 << 30  # Manage Expressions
    | 1 << 33  # Manage Events
    | 1 << 34  # Manage Threads
    | 1 << 40  # Moderate Members
)
"""What lets somebody run a server or disturb everybody in it; nobody should come by it through a project."""
_UNKNOWN_SERVER, _UNKNOWN_MEMBER, _UNKNOWN_ROLE, _UNKNOWN_USER = 10004, 10007, 10011, 10013
_NOT_THERE: Final = frozenset((_UNKNOWN_SERVER, _UNKNOWN_MEMBER, _UNKNOWN_USER, CANNOT_SEE))
Json = Mapping[str, Any]


class DiscordRoles:
    """Implements ``kit.platform.Ranks``. Of an address only the server matters."""

    def __init__(self, rest: Rest, me: Callable[[], str]) -> None:
        self._rest = rest
        self._me = me

    async def find(self, here: Address, wanted: str) -> Sequence[Rank]:
        """Return the role of this number, mention or name; else at most ten whose name contains it.

        Raises:
            DeliveryError: Discord tells nothing just now.
        """
        roles = [role for role in await self._roles(here) if str(role["id"]) != here.chat]  # @everyone is the server
        mention = _MENTION.fullmatch(wanted.strip())
        number = mention[1] if mention else wanted.strip()
        named = wanted.strip().lstrip("@").casefold()
        matches: tuple[Callable[[Json], bool], ...] = (
            lambda role: str(role["id"]) == number,
            lambda role: str(role["name"]) == wanted.strip(),
            lambda role: str(role["name"]).casefold() == named,
            lambda role: bool(named) and named in str(role["name"]).casefold(),
        )
        for fits in matches:
            if found := [role for role in roles if fits(role)]:
                return [_rank(role) for role in found[:MOST]]
        return []

    async def lacking(self, here: Address, rank: str) -> Lacking | None:
        """Return what the bot lacks: the right to manage roles, or a place above the role.

        Raises:
            DeliveryError: Discord tells nothing just now.
        """
        try:
            guild, member = await asyncio.gather(
                self._rest.once("GET", f"/guilds/{here.chat}"),
                self._rest.once("GET", f"/guilds/{here.chat}/members/{self._me()}"),
            )
            roles = {str(role["id"]): role for role in guild["roles"]}
            if rank not in roles:
                return _gone()
            if not in_server(guild, {"user": {"id": self._me()}, **member}) & (MANAGE_ROLES | ADMINISTRATOR):
                return _no_right()
            own = [_height(roles[str(one)]) for one in member.get("roles", ()) if str(one) in roles]
            wanted = roles[rank]
        except RefusedError as error:
            raise _untold(error) from error
        except (KeyError, TypeError, ValueError, AttributeError) as odd:
            raise NotSentError(f"Discord tells nothing that can be read of server {here.chat} ({odd!r})") from odd
        return None if own and max(own) > _height(wanted) else _too_low(str(wanted["name"]))

    async def give(self, here: Address, account: str, rank: str) -> None:
        """Give somebody a role.

        Raises:
            RankRefusedError: a right or a place above the role is missing, or the role is gone.
            GoneError: they are no longer in the server, or the bot is not.
            DeliveryError: Discord was not reached.
        """
        await self._change("PUT", here, account, rank)

    async def take(self, here: Address, account: str, rank: str) -> None:
        """Take a role from somebody; raises as ``give`` does. A role that is gone was taken with it."""
        try:
            await self._change("DELETE", here, account, rank)
        except RankRefusedError as refused:
            if refused.lack != _gone():
                raise

    async def _change(self, method: str, here: Address, account: str, rank: str) -> None:
        try:
            await self._rest.once(method, f"/guilds/{here.chat}/members/{account}/roles/{rank}")
        except RefusedError as error:
            if error.code in _NOT_THERE:
                raise GoneError(N_("they are not in the server any more, or the bot is not")) from error
            if error.code == _UNKNOWN_ROLE:
                raise RankRefusedError(_gone()) from error
            raise RankRefusedError(await self._why(here, rank)) from error

    async def _why(self, here: Address, rank: str) -> Lacking:
        """Return what lacks, in words people can act on, after Discord refused without saying."""
        try:
            return await self.lacking(here, rank) or _refused()
        except (NotSentError, GoneError):
            return _refused()

    async def _roles(self, here: Address) -> Sequence[Json]:
        try:
            found = await self._rest.once("GET", f"/guilds/{here.chat}/roles")
            return sorted(found, key=_height, reverse=True)
        except RefusedError as error:
            raise _untold(error) from error
        except (KeyError, TypeError, ValueError, AttributeError) as odd:
            raise NotSentError(f"Discord tells nothing that can be read of server {here.chat} ({odd!r})") from odd


def _height(role: Json) -> tuple[int, int]:
    """Return how high a role stands; of two at one position the older one, with the smaller id, is higher."""
    return int(role["position"]), -int(role["id"])


def _rank(role: Json) -> Rank:
    refused = ""
    if role.get("managed"):
        refused = _("Discord gives it by itself, to a bot, to boosters or to subscribers.")
    elif int(role["permissions"]) & _POWERS:
        refused = _("It comes with rights to run the server. Choose a role that is only seen.")
    return Rank(str(role["id"]), str(role["name"]), refused)


def _no_right() -> Lacking:
    grant = _("Open Server settings → Roles → Roadmate → Permissions, and allow “Manage Roles”.")
    return Lacking(_("Manage Roles"), grant, _cost())


def _too_low(name: str) -> Lacking:
    grant = _("Open Server settings → Roles, and drag the role of Roadmate above {role}.").format(role=quoted(name))
    return Lacking(_("a place above {role}").format(role=quoted(name)), grant, _cost())


def _gone() -> Lacking:
    return Lacking(_("the role"), _("Choose another one."), _cost(), sentence=_("The role was deleted."))


def _refused() -> Lacking:
    grant = _("Look at Server settings → Roles: Roadmate needs “Manage Roles” and a place above the role.")
    return Lacking(_("Manage Roles"), grant, _cost())


def _cost() -> str:
    return _("Until then the milestone counts, and the role waits.")


def _untold(error: RefusedError) -> Exception:
    if error.status == 404 or error.code in (CANNOT_SEE, CANNOT_DO):
        return GoneError(N_("the server is not there any more, or the bot is no longer in it"))
    return NotSentError(f"Discord tells nothing (code {error.code})")
