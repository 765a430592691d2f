"""The same bot in a terminal: type commands, press buttons by their numbers, be one person after another.

Set-up: nothing. ``roadmate chat`` begins; ``keys`` tells what else can be typed; ``quit`` ends it.
"""

from __future__ import annotations

from importlib import resources
from importlib.resources.abc import Traversable

from bot.platforms.terminal.adapter import TerminalPlatform, build
from bot.platforms.terminal.personal import PERSONAL

__all__ = ["PERSONAL", "TerminalPlatform", "build", "migrations"]


def migrations() -> Traversable:
    """Return the folder of this platform's numbered SQL files; their owner is ``terminal``."""
    return resources.files(__package__) / "migrations"
