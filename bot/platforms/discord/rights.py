"""Rights the bot may lack in a place, by the names Discord's own settings show, and how to grant them. Pure."""

from __future__ import annotations

from enum import IntFlag
from typing import Final

from bot.kit.reply import Reply, Tone, reply
from bot.kit.text import bold, join
from bot.kit.wording import N_, _, quoted, say

CANNOT_SEE: Final = 50001
CANNOT_DO: Final = 50013
LACKS_A_RIGHT: Final = frozenset((CANNOT_SEE, CANNOT_DO))
"""Discord's codes for Missing Access and Missing Permissions."""


class Right(IntFlag):
    """What the bot may ever need; the numbers are Discord's (Permissions)."""

    VIEW_CHANNEL = 1 << 10
    SEND_MESSAGES = 1 << 11
    EMBED_LINKS = 1 << 14
    ATTACH_FILES = 1 << 15
    READ_MESSAGE_HISTORY = 1 << 16
    MANAGE_THREADS = 1 << 34
    CREATE_PUBLIC_THREADS = 1 << 35
    SEND_MESSAGES_IN_THREADS = 1 << 38
    CREATE_EVENTS = 1 << 44
    PIN_MESSAGES = 1 << 51


ADMINISTRATOR: Final = 1 << 3
MANAGE_SERVER: Final = 1 << 5
MANAGE_ROLES: Final = 1 << 28
_MANAGE_CHANNELS: Final = 1 << 4

NAMES: Final = {
    Right.VIEW_CHANNEL: N_("View Channel"),
    Right.SEND_MESSAGES: N_("Send Messages"),
    Right.EMBED_LINKS: N_("Embed Links"),
    Right.ATTACH_FILES: N_("Attach Files"),
    Right.READ_MESSAGE_HISTORY: N_("Read Message History"),
    Right.MANAGE_THREADS: N_("Manage Threads"),
    Right.CREATE_PUBLIC_THREADS: N_("Create Public Threads"),
    Right.SEND_MESSAGES_IN_THREADS: N_("Send Messages in Threads"),
    Right.CREATE_EVENTS: N_("Create Events"),
    Right.PIN_MESSAGES: N_("Pin Messages"),
}


def missing_rights(app_permissions: int, needed: Right) -> tuple[str, ...]:
    """Return the names of the needed rights that ``app_permissions`` of an interaction lack, in Discord's order."""
    if app_permissions & ADMINISTRATOR:
        return ()
    return tuple(_(NAMES[right]) for right in NAMES if right & needed and not right & app_permissions)


def may_grant(permissions: int) -> bool:
    """Whether somebody with these permissions in a channel can give the bot rights there."""
    return bool(permissions & (ADMINISTRATOR | MANAGE_SERVER | _MANAGE_CHANNELS | MANAGE_ROLES))


def lacking(names: tuple[str, ...], *, can_grant: bool) -> Reply:
    """Say which rights are missing and what the asker, or somebody else, can do about it."""
    listed = join([bold(quoted(name)) for name in names])
    if names:
        lack = say(_("I may not do that here. I lack: {rights}."), rights=listed)
    else:
        lack = say(_("I may not do that here: Discord says that I lack a right in this channel."))
    steps = say(_("Channel settings → Permissions → add Roadmate → allow it, and try again."))
    if not can_grant:
        steps = say(_("Somebody who manages this channel can allow it: Channel settings → Permissions → add Roadmate."))
    return reply(lack, steps, only_you=True, tone=Tone.WARNING)
