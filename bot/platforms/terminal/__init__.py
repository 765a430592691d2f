"""The same bot in a terminal: type commands, press buttons by their numbers, be one person after another.

Set-up: nothing. ``roadmate chat`` begins; ``keys`` tells what else can be typed; ``quit`` ends it.
"""

from __future__ import annotations

from importlib import resources
from importlib.resources.abc import Traversable
from typing import TYPE_CHECKING

from bot.platforms.terminal.personal import PERSONAL

if TYPE_CHECKING:
    from bot.platforms.terminal.adapter import TerminalPlatform, build

__all__ = ["PERSONAL", "TerminalPlatform", "build", "migrations"]


def migrations() -> Traversable:
    """Return the folder of this platform's numbered SQL files; their owner is ``terminal``."""
    return resources.files(__package__) / "migrations"


def __getattr__(name: str) -> object:
    """Load what draws and listens when it is first asked for: a bot that serves others has no terminal."""
    if name not in ("TerminalPlatform", "build"):
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from bot.platforms.terminal import adapter

    found: object = getattr(adapter, name)
    return found
