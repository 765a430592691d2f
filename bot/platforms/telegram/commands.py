"""The list of commands Telegram offers while typing: set for members and for administrators, only when it changed."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from typing import Any, Final

from bot.kit.command import Command
from bot.kit.naming import called
from bot.kit.request import Role
from bot.kit.wording import Catalogue, speaking
from bot.kit.wording import _ as translated
from bot.platforms.telegram.api import Api, TelegramTroubleError
from bot.platforms.telegram.limits import COMMAND_SUMMARY, COMMANDS

log = logging.getLogger("roadmate.telegram")
SCOPES: Final = {
    "default": Role.MEMBER,
    "all_private_chats": Role.MEMBER,
    "all_group_chats": Role.MEMBER,
    "all_chat_administrators": Role.OWNER,
}
"""Telegram's scopes and the highest role whose commands are listed there; the narrower list replaces the wider one."""


def listed(commands: Sequence[Command], most: Role, catalogue: Catalogue) -> list[dict[str, Any]]:
    """Return the commands up to a role as Telegram's BotCommand, their names and summaries in a language."""
    names = called([command.name for command in commands], catalogue)
    with speaking(catalogue):
        return [
            {
                "command": names.get(command.name, command.name),
                "description": translated(command.summary)[:COMMAND_SUMMARY],
            }
            for command in commands
            if most.may(command.needs)
        ][:COMMANDS]


async def set_commands(
    api: Api, commands: Sequence[Command], catalogue: Callable[[str], Catalogue], languages: Sequence[str]
) -> int:
    """Tell Telegram the commands of every scope and language where its list differs; returns how many differed.

    ``languages`` are two-letter codes beside English, which serves everybody else. Trouble is logged, not raised:
    people can type commands that are not listed.
    """
    changed = 0
    for scope, most in SCOPES.items():
        for language in ("", *(code for code in languages if len(code) == 2 and code != "en")):
            wanted = listed(commands, most, catalogue(language or "en"))
            where: dict[str, Any] = {"scope": {"type": scope}}
            if language:
                where["language_code"] = language
            try:
                present = await api.call("getMyCommands", **where)
                if _told(present) != _told(wanted):
                    await api.call("setMyCommands", commands=wanted, **where)
                    changed += 1
            except TelegramTroubleError as trouble:
                log.warning("the list of commands could not be set: %s", trouble)
                return changed
    if changed:
        log.info("Telegram lists %d commands now", len(commands))
    return changed


def _told(commands: Any) -> list[tuple[str, str]]:
    if not isinstance(commands, list):
        return []
    return [(str(one.get("command")), str(one.get("description"))) for one in commands if isinstance(one, dict)]
