"""Roadmate on Telegram: private chats, groups, forum topics and channels, by long polling or a webhook.

Set-up:

1. In Telegram, write to @BotFather: ``/newbot``, then a name, then a username that ends in ``bot``.
2. Put the token it answers with into ``ROADMATE_TELEGRAM_TOKEN`` and start Roadmate.
3. Leave privacy mode on (BotFather, ``/setprivacy``): Roadmate reads commands, presses and votes, and is
   told when it is let in, when people come into the group, and what topics are called; nothing else.
4. Add the bot to a group. It needs no administrator rights there. In a channel it has to be an administrator that may
   post messages, since Telegram lets no other bot in; administrators of the channel type commands as posts.

A self-hosted Bot API server is named by ``ROADMATE_TELEGRAM_API``; ``/bot<token>`` is added to it.

Updates are fetched (long polling), which needs no address of one's own. With a web server and a certificate, Telegram
can bring them instead (webhook):

1. Set ``ROADMATE_TELEGRAM_WEBHOOK_URL`` to an https address that Telegram can reach, on port 443, 80, 88 or 8443,
   such as ``https://bot.example.org/telegram``.
2. Set ``ROADMATE_TELEGRAM_WEBHOOK_LISTEN`` to where Roadmate listens on the same computer, such as ``127.0.0.1:8443``.
3. Let the web server pass calls of the first address on to the second, in plain HTTP, with their headers. In nginx:
   ``location /telegram { proxy_pass http://127.0.0.1:8443; }``.

Roadmate tells Telegram the address and a secret made from the token, and refuses every call without that secret.
Without the two settings the next start fetches again.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Sequence
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import TYPE_CHECKING

from bot.kit.errors import SettingsError
from bot.kit.wording import ENGLISH, Catalogue
from bot.platforms.telegram.options import WebhookOptions
from bot.platforms.telegram.personal import PERSONAL

if TYPE_CHECKING:
    from bot.kit.clock import Clock, Dice
    from bot.kit.command import Command
    from bot.kit.database import Database
    from bot.kit.reply import Picture
    from bot.kit.request import Role, Trigger
    from bot.kit.shared import Shared
    from bot.platforms.telegram.adapter import TelegramPlatform

__all__ = ["PERSONAL", "WebhookOptions", "build", "check_token", "migrations"]

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
    webhook: WebhookOptions | None = None,
    draw: Callable[[Picture], Awaitable[bytes]] | None = None,
    shared: Shared | None = None,
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
        moved: told when a group gets another id (old, new), so that what belongs to it can follow. May be told twice.
        webhook: how Telegram brings updates by itself; None: they are fetched.
        draw: turns a picture into a PNG; without it pictures are said in words.
        shared: what processes over the same database leave to each other; None: there is no other.

    Raises:
        SettingsError: the token cannot be one of Telegram, or the webhook cannot work.
    """
    check_token(token)
    from bot.platforms.telegram.adapter import TelegramPlatform

    called = None
    if webhook is not None:
        webhook.check()
        from bot.platforms.telegram.webhook import Webhook

        called = Webhook(webhook, token)
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
        webhook=called,
        draw=draw,
        shared=shared,
    )
