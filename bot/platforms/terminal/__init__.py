"""The same conversation in a terminal: type commands, press buttons by their numbers.

Set-up: nothing. ``roadmate chat`` begins; ``quit`` ends it.
"""

from __future__ import annotations

from bot.platforms.terminal.adapter import TerminalPlatform, build

__all__ = ["TerminalPlatform", "build"]
