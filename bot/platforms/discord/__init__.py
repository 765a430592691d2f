"""Discord: slash commands, buttons, menus, forms, and words written in private, with no privileged intent.

Set-up, five minutes:

1. On https://discord.com/developers choose "New Application" and give it a name.
2. On its page "Bot" choose "Reset Token" and copy the token. Leave all three privileged intents off.
3. Set ``ROADMATE_DISCORD_TOKEN`` to the token and start Roadmate. It prints a line "invite Roadmate to a server" with a
   link that asks for the rights that posts need.
4. Open the link, choose your server, and type ``/roadmap`` there. In a private chat with the bot it works too, and
   there words alone are looked up: Discord gives a bot what people write to it in private.

Commands are registered by themselves, for all servers at once, and only when they changed; a client that does not show
a new one yet shows it after Ctrl-R. "Explain this term" is in the menu of every message, under "Apps". Answers need no
rights. What the bot posts by itself needs "View Channel" and "Send Messages" (in threads "Send Messages in Threads")
in its channel; if one is missing, Roadmate names it.

Who comes into a server is told by Discord's own message in the channel set for those (Server Settings, "Send a random
welcome message when someone joins"); without it newcomers are not welcomed. To hear it, the bot is sent all messages of
the channels it sees, without their words, and drops the others unread: 6 µs each.

If it does not connect, the log says why, and it goes on trying by itself. Only a token that Discord rejects, or one
that cannot be a token of Discord, ends it, with the sentence that says what to do.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from importlib.resources import files
from importlib.resources.abc import Traversable
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from bot.kit.wording import ENGLISH, Catalogue
from bot.platforms.discord.options import DiscordOptions
from bot.platforms.discord.personal import PERSONAL

if TYPE_CHECKING:
    from bot.kit.clock import Clock
    from bot.kit.command import Command
    from bot.kit.database import Database
    from bot.kit.platform import Suggest
    from bot.kit.shared import Shared
    from bot.platforms.discord.adapter import DiscordPlatform
    from bot.platforms.discord.commands import Catalogues
    from bot.platforms.discord.pictures import Draw

__all__ = ["PERSONAL", "DiscordOptions", "build", "migrations"]

_NONE: Final[Catalogues] = MappingProxyType({})


def migrations() -> Traversable:
    """Return the folder of this platform's numbered SQL files; their owner is ``discord``."""
    return files(__package__) / "migrations"


def _english(_language: str) -> Catalogue:
    return ENGLISH


def build(
    options: DiscordOptions,
    *,
    database: Database,
    clock: Clock,
    commands: Callable[[], Sequence[Command]],
    suggest: Suggest,
    catalogue: Callable[[str], Catalogue] = _english,
    languages: Catalogues = _NONE,
    draw: Draw | None = None,
    shared: Shared | None = None,
) -> DiscordPlatform:
    """Return Discord, not yet connected.

    ``languages`` are the catalogues in which commands are described, by Discord's names of languages. ``draw`` turns a
    drawing into a PNG; without it the words that say the same stand alone. ``shared`` is what processes over the same
    database leave to each other, if there are any. The library is imported here and not with
    the package, so that a bot without a token for Discord never pays for it.
    """
    from bot.platforms.discord.adapter import DiscordPlatform

    return DiscordPlatform(
        options,
        database=database,
        clock=clock,
        commands=commands,
        suggest=suggest,
        catalogue=catalogue,
        languages=languages,
        draw=draw,
        shared=shared,
    )
