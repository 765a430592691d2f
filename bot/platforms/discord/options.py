"""What an operator sets for Discord, and what is wrong with it before anything is sent."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final

from bot.kit.errors import SettingsError
from bot.platforms.discord.rights import Right

_TELEGRAM_TOKEN: Final = re.compile(r"\d{5,}:[\w-]{20,}")

RIGHTS: Final = (
    Right.VIEW_CHANNEL
    | Right.SEND_MESSAGES
    | Right.SEND_MESSAGES_IN_THREADS
    | Right.EMBED_LINKS
    | Right.ATTACH_FILES
    | Right.READ_MESSAGE_HISTORY
)
"""Rights asked for when the bot is invited: what posts need. Answering commands and buttons needs none at all."""


@dataclass(frozen=True, slots=True)
class DiscordOptions:
    """How to reach Discord. ``api`` and ``gateway`` name another server; empty means Discord's own."""

    token: str = field(repr=False)
    api: str = ""
    gateway: str = ""

    def check(self) -> None:
        """Raise ``SettingsError`` if the token cannot be one."""
        token = self.token.strip()
        if _TELEGRAM_TOKEN.fullmatch(token):
            raise SettingsError(
                "ROADMATE_DISCORD_TOKEN holds a token of Telegram. Set it as ROADMATE_TELEGRAM_TOKEN instead."
            )
        if not token or not token.isascii() or not token.isprintable() or " " in token:
            raise SettingsError(
                "ROADMATE_DISCORD_TOKEN is no token: it must be letters, digits, dots, hyphens and underscores only. "
                "Copy it again from the page “Bot” of your application on discord.com/developers."
            )
        if self.gateway and not self.gateway.startswith(("ws://", "wss://")):
            raise SettingsError(
                f"ROADMATE_DISCORD_GATEWAY is “{self.gateway}”; it must be an address that begins with wss://"
            )


def rejected() -> SettingsError:
    """Return what to say when Discord does not know the token."""
    return SettingsError(
        "Discord rejects ROADMATE_DISCORD_TOKEN. Make a new one with “Reset Token” on the page “Bot” of your "
        "application on discord.com/developers, and set it."
    )


def invite_link(application: str) -> str:
    """Return the address under which somebody adds the bot to their server, with the rights that posts need."""
    return (
        f"https://discord.com/oauth2/authorize?client_id={application}&permissions={int(RIGHTS)}"
        "&integration_type=0&scope=bot+applications.commands"
    )
