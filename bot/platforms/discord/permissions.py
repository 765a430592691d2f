"""What somebody may do in a channel, worked out as Discord documents it (Permissions). Pure, over plain JSON."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, Final

from bot.platforms.discord.rights import ADMINISTRATOR, Right

EVERYTHING: Final = (1 << 64) - 1
_WHILE_TIMED_OUT: Final = Right.VIEW_CHANNEL | Right.READ_MESSAGE_HISTORY
_FOR_ROLE, _FOR_MEMBER = 0, 1
Json = Mapping[str, Any]


def in_server(guild: Json, member: Json) -> int:
    """Return the rights that a member has by their roles, as Discord's bits; ``guild`` with its roles and owner."""
    account = str((member.get("user") or {}).get("id", ""))
    if account and account == str(guild.get("owner_id", "")):
        return EVERYTHING
    theirs = {str(guild["id"]), *map(str, member.get("roles", ()))}  # @everyone has the id of the server
    bits = 0
    for role in guild.get("roles", ()):
        if str(role["id"]) in theirs:
            bits |= int(role["permissions"])
    return EVERYTHING if bits & ADMINISTRATOR else bits


def in_channel(guild: Json, member: Json, channel: Json, now: datetime) -> int:
    """Return the rights that a member has in a channel, as Discord's bits; for a thread, give the channel it is in."""
    bits = in_server(guild, member)
    if bits == EVERYTHING:
        return bits
    everyone = str(guild["id"])
    account = str((member.get("user") or {}).get("id", ""))
    roles = set(map(str, member.get("roles", ())))
    overwrites = list(channel.get("permission_overwrites") or ())
    for ids, kind in (({everyone}, _FOR_ROLE), (roles - {everyone}, _FOR_ROLE), ({account}, _FOR_MEMBER)):
        bits = _overwritten(bits, (one for one in overwrites if str(one["id"]) in ids and int(one["type"]) == kind))
    if not bits & Right.VIEW_CHANNEL:
        return 0
    if _is_timed_out(member, now):
        bits &= _WHILE_TIMED_OUT
    return bits


def _overwritten(bits: int, overwrites: Iterable[Json]) -> int:
    """Return rights after the overwrites of one step: what any of them allows wins over what another denies."""
    allow = deny = 0
    for one in overwrites:
        allow |= int(one["allow"])
        deny |= int(one["deny"])
    return bits & ~deny | allow


def _is_timed_out(member: Json, now: datetime) -> bool:
    until = member.get("communication_disabled_until")
    return bool(until) and datetime.fromisoformat(str(until)) > now


def member_of(members: Iterable[Json], account: str, roles: Iterable[Json] = ()) -> Json:
    """Return somebody among members; if they are not told, what is known of a bot by the role Discord made for it."""
    for member in members:
        if str((member.get("user") or {}).get("id", "")) == account:
            return member
    own = [str(role["id"]) for role in roles if str((role.get("tags") or {}).get("bot_id", "")) == account]
    return {"user": {"id": account}, "roles": own}
