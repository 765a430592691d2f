"""Roadmate on Telegram: private chats, groups and forum topics, by long polling.

Set-up:

1. In Telegram, write to @BotFather: ``/newbot``, then a name, then a username that ends in ``bot``.
2. Put the token it answers with into ``ROADMATE_TELEGRAM_TOKEN`` and start Roadmate.
3. Leave privacy mode on (BotFather, ``/setprivacy``): Roadmate reads commands, presses and answers to it, nothing else.
4. Add the bot to a group. It needs no administrator rights.

A self-hosted Bot API server is named by ``ROADMATE_TELEGRAM_API``; ``/bot<token>`` is added to it.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Sequence
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import TYPE_CHECKING

from bot.kit.errors import SettingsError
from bot.kit.wording import ENGLISH, Catalogue

if TYPE_CHECKING:
    from bot.kit.clock import Clock, Dice
    from bot.kit.command import Command
    from bot.kit.database import Database
    from bot.kit.request import Role, Trigger
    from bot.platforms.telegram.adapter import TelegramPlatform

__all__ = ["build", "check_token", "migrations"]

API = "https://api.telegram.org"


def migrations() -> Traversable:
    """Return the folder of this platform's numbered SQL files; their owner is ``telegram``."""
    return files(__package__) / "migrations"


def check_token(token: str) -> None:
    """Refuse what cannot be a token of Telegram before anything is sent anywhere.

    Raises:
        SettingsError: with what it looks like and the next step.
    """
    if re.fullmatch(r"\d{1,20}:[A-Za-z0-9_-]{10,}", token):
        return
    if re.fullmatch(r"[\w-]{20,30}\.[\w-]{5,8}\.[\w-]{20,}", token):
        raise SettingsError(
            "ROADMATE_TELEGRAM_TOKEN holds a token of Discord. Put it into ROADMATE_DISCORD_TOKEN, "
            "or set the token you got from @BotFather."
        )
    raise SettingsError(
        "ROADMATE_TELEGRAM_TOKEN is no token of Telegram. It looks like 123456789:AbC... "
        "and comes from @BotFather; copy it whole."
    )


def _english(_language: str) -> Catalogue:
    return ENGLISH


def build(
    token: str,
    *,
    database: Database,
    clock: Clock,
    dice: Dice,
    commands: Callable[[], Sequence[Command]],
    root: str = API,
    catalogue: Callable[[str], Catalogue] = _english,
    languages: Sequence[str] = (),
    needs: Callable[[Trigger, str], Role] | None = None,
    moved: Callable[[str, str], Awaitable[None]] | None = None,
) -> TelegramPlatform:
    """Return the platform, not yet connected. The library is imported here and not with the package.

    Args:
        token: the bot's token.
        database: where updates in hand, forms half-way and waiting answers are kept.
        clock: time.
        dice: chance, for keys nobody can guess.
        commands: every command, for the list Telegram offers.
        root: address of the Bot API; ``/bot<token>`` is added.
        catalogue: the sentences of a language.
        languages: two-letter codes for which the list of commands is set as well.
        needs: the role that a command's text or a button's data asks for; without it every press in a group has its
            presser's role looked up, at most once in five minutes.
        moved: told when a group gets another id (old, new), so that what belongs to it can follow.

    Raises:
        SettingsError: the token cannot be one of Telegram.
    """
    check_token(token)
    from bot.platforms.telegram.adapter import TelegramPlatform

    return TelegramPlatform(
        token,
        root=root,
        database=database,
        clock=clock,
        dice=dice,
        commands=commands,
        catalogue=catalogue,
        languages=languages,
        needs=needs,
        moved=moved,
    )
