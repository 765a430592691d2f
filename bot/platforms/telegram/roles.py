"""What somebody may do in a group: asked from Telegram only where it matters, and remembered for a few minutes."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Final

from bot.kit.clock import Clock
from bot.kit.command import Command
from bot.kit.request import Incoming, Role, Setting, Trigger
from bot.platforms.telegram.api import Api, TelegramTroubleError
from bot.platforms.telegram.limits import ROLE_SECONDS, ROLES

log = logging.getLogger("roadmate.telegram")
Needs = Callable[[Trigger, str], Role]
"""The role that a command's text or a button's data asks for."""

_ROLES: Final = {
    "creator": Role.OWNER, "administrator": Role.MODERATOR, "left": Role.STRANGER, "kicked": Role.STRANGER
}  # fmt: skip


def needs_of(commands: Callable[[], Sequence[Command]]) -> Needs:
    """Return what commands declare; a press is taken to need a role, since a button does not say what it needs."""

    def needs(trigger: Trigger, text: str) -> Role:
        if trigger is not Trigger.COMMAND:
            return Role.MODERATOR
        name = text.lstrip("/").split(maxsplit=1)[:1]
        found = [command.needs for command in commands() if [command.name] == [name[0].partition("@")[0].lower()]]
        return found[0] if found else Role.MEMBER

    return needs


class Roles:
    """Tells roles."""

    def __init__(self, api: Api, clock: Clock, needs: Needs) -> None:
        self._api = api
        self._clock = clock
        self._needs = needs
        self._known: dict[tuple[str, str], tuple[datetime, Role]] = {}

    async def of(self, incoming: Incoming) -> Role:
        """Return the sender's role where the event happened, ``MEMBER`` wherever it makes no difference.

        Whoever types is in the group; a button may still be pressed by somebody who left it or was banned.
        """
        role = incoming.sender.role
        if incoming.where.setting is Setting.PRIVATE or role is not Role.MEMBER or incoming.sender.account[:1] == "-":
            return role
        harmless = Role.MEMBER if incoming.trigger is Trigger.COMMAND else Role.STRANGER
        if self._needs(incoming.trigger, incoming.text).rank <= harmless.rank:
            return role
        key = (incoming.where.chat, incoming.sender.account)
        now = self._clock.now()
        if key in self._known and now < self._known[key][0]:
            return self._known[key][1]
        try:
            member = await self._api.once("getChatMember", chat_id=int(key[0]), user_id=int(key[1]))
            found = _ROLES.get(member["status"], Role.MEMBER)
            if member["status"] == "restricted" and not member.get("is_member", True):
                found = Role.STRANGER
        except (TelegramTroubleError, KeyError, TypeError, AttributeError) as trouble:
            log.info("nobody told the role of somebody in chat %s (%s); taken for a member", key[0], trouble)
            return role
        while len(self._known) >= ROLES:
            del self._known[next(iter(self._known))]
        self._known[key] = (now + timedelta(seconds=ROLE_SECONDS), found)
        return found
