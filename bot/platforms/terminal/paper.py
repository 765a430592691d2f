"""What is written to, and how wide it is."""

from __future__ import annotations

import os
import shutil
import sys
from datetime import datetime
from typing import TextIO

from bot.kit.degrade import written_out
from bot.platforms.terminal import limits
from bot.platforms.terminal.keyboard import has_colour
from bot.platforms.terminal.render import Screen, clean, wrap


class NobodyReadsError(Exception):
    """The other end of the pipe was closed."""


class Paper:
    """Where everything is shown. ``zone`` is the reader's time zone."""

    def __init__(self, writes: TextIO, zone: str) -> None:
        self._writes = writes
        self._zone = zone
        self.is_screen = writes.isatty()
        self.colour = has_colour(writes)

    def screen(self, *, reveal: bool = False) -> Screen:
        """Return how things are drawn now: a window may have changed its width."""
        width = (
            shutil.get_terminal_size((limits.FALLBACK_WIDTH, 24)).columns if self.is_screen else limits.FALLBACK_WIDTH
        )
        width = max(limits.NARROWEST, min(limits.WIDEST, width))
        return Screen(width=width, colour=self.colour, zone=self._zone, reveal=reveal)

    def moment(self, at: datetime) -> str:
        """Return a moment as the reader's clock shows it, with the day."""
        return written_out(at, self._zone)

    def tell(self, sentence: str) -> None:
        """Write a sentence of the terminal's own, wrapped; raises ``NobodyReadsError`` as ``say`` does."""
        self.say(wrap(clean(sentence), self.screen()))

    def say(self, text: str) -> None:
        """Write a text, ended with a line break; raises ``NobodyReadsError`` if whoever read along has gone."""
        self.put(text if text.endswith("\n") else text + "\n")

    def put(self, text: str) -> None:
        """Write a text as it is; raises ``NobodyReadsError`` likewise (a closed pipe)."""
        try:
            self._writes.write(text)
            self._writes.flush()
        except BrokenPipeError as error:
            if self._writes is sys.stdout:  # what is left would be written, and fail, once more at exit
                os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            raise NobodyReadsError from error
