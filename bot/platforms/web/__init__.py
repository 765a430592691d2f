"""The web chat: try everything in a browser on your own computer, with no token and no account.

Set-up: nothing. Started without a token, Roadmate listens on http://127.0.0.1:8642 and prints that address. Two
learners and a moderator share a room and each has a private chat with the bot; open two windows to be two people.
To let others in, set a secret, bind to another address and name the host people will type.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import TYPE_CHECKING

from bot.domain.commons.travel import nothing_in_hand
from bot.kit.naming import Names
from bot.kit.wording import ENGLISH, Catalogue
from bot.platforms.web.options import WebOptions
from bot.platforms.web.personal import PERSONAL

if TYPE_CHECKING:
    from bot.kit.clock import Clock, Dice, TravelClock
    from bot.kit.command import Command
    from bot.kit.database import Database
    from bot.kit.platform import Suggest
    from bot.kit.watch import Watched
    from bot.platforms.web.adapter import WebPlatform
    from bot.platforms.web.watching import WatchServer

__all__ = ["PERSONAL", "WebOptions", "build", "build_watch", "migrations"]


def migrations() -> Traversable:
    """Return the folder of this platform's numbered SQL files; their owner is ``web``."""
    return files(__package__) / "migrations"


def build(
    options: WebOptions,
    *,
    database: Database,
    clock: Clock,
    dice: Dice,
    travel: TravelClock | None,
    commands: Callable[[], Sequence[Command]],
    suggest: Suggest,
    next_event: Callable[[], Awaitable[tuple[datetime, str] | None]],
    catalogue: Catalogue = ENGLISH,
    watched: Watched | None = None,
    names: Names | None = None,
    rests: Callable[[], Awaitable[None]] = nothing_in_hand,
) -> WebPlatform:
    """Return the web chat, not yet listening.

    ``watched`` answers programs that watch over the bot; ``names`` knows what commands are called in other languages;
    ``rests`` returns once nothing that was due is still to be done.

    The HTTP server is imported here and not with the package, so that a bot without a web chat never pays for it.
    """
    from bot.platforms.web.adapter import WebPlatform

    return WebPlatform(
        options,
        database=database,
        clock=clock,
        dice=dice,
        catalogue=catalogue,
        travel=travel,
        commands=commands,
        suggest=suggest,
        next_event=next_event,
        watched=watched,
        names=names or Names(commands, {}),
        rests=rests,
    )


def build_watch(options: WebOptions, watched: Watched) -> WatchServer:
    """Return what answers programs that watch over a bot without the web chat, not yet listening."""
    from bot.platforms.web.watching import WatchServer

    return WatchServer(watched, options)
