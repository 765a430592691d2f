"""The terminal passes what every platform passes, with colour and without, wide and narrow."""

from __future__ import annotations

import re

from bot.kit.reply import Reply
from bot.platforms.terminal.render import Screen, render
from tests.platforms.suite import PlatformSuite

CODES = re.compile(r"\x1b\[[0-9;]*m|\x1b\]8;;[^\x1b]*\x1b\\")


class TestPlainTerminal(PlatformSuite):
    """A pipe or a file: no codes at all."""

    def shown(self, said: Reply) -> str:
        return render(said, Screen(width=100, zone="Europe/Berlin"))


class TestColourTerminal(PlatformSuite):
    """A screen: our own codes are taken out as a terminal would, nothing else may be one."""

    def shown(self, said: Reply) -> str:
        return CODES.sub("", render(said, Screen(width=100, colour=True, zone="Europe/Berlin")))
