"""Lines somebody types, read on a thread of their own so that the bot never waits for the keyboard."""

from __future__ import annotations

import asyncio
import contextlib
import os
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from types import ModuleType
from typing import TextIO

from bot.platforms.terminal import limits

CYAN, PLAIN = "\x01\x1b[36m\x02", "\x01\x1b[0m\x02"
"""Colour in a prompt: the marks around the codes tell the line editor that they take no room."""


class Keyboard:
    """Reads one line when it is asked for one, with history and completion where the system has a line editor.

    ``prompt`` is asked each time; ``completions`` returns whole lines that may continue what was typed so far.
    """

    def __init__(
        self,
        reads: TextIO,
        *,
        is_screen: bool,
        colour: bool,
        prompt: Callable[[], str],
        completions: Callable[[str], Sequence[str]],
        history: Path | None,
    ) -> None:
        self._reads = reads
        self._is_typed = is_screen and reads.isatty()
        self._colour = colour
        self._prompt = prompt
        self._completions = completions
        self._history = history
        self._lines: asyncio.Queue[str | None] = asyncio.Queue()
        self._wanted = threading.Semaphore(0)
        self._editor: ModuleType | None = None
        self._is_asking = False

    def start(self) -> None:
        """Begin to read. The thread ends with the process or with the input."""
        loop = asyncio.get_running_loop()
        threading.Thread(target=self._read_lines, args=(loop,), daemon=True, name="keyboard").start()

    async def next_line(self) -> str | None:
        """Return the next line, without its end; None at the end of the input."""
        self._wanted.release()
        return await self._lines.get()

    @property
    def is_typing(self) -> bool:
        """Whether a line has been begun: it was meant for what stood on the screen before."""
        return self._is_typed and self._is_asking and self._editor is not None and bool(self._editor.get_line_buffer())

    def around(self, text: str) -> str:
        """Return how a text is written while somebody types: in place of their line, which comes again below it."""
        if not (self._is_typed and self._is_asking):
            return text
        typed = self._editor.get_line_buffer() if self._editor is not None else ""
        prompt = self._shown_prompt().replace("\x01", "").replace("\x02", "")
        return f"\r\x1b[K{text}\n{prompt}{typed}"

    def _read_lines(self, loop: asyncio.AbstractEventLoop) -> None:
        ask = self._typed() if self._is_typed else self._piped
        while True:
            self._wanted.acquire()
            line = _readable(ask())
            try:
                loop.call_soon_threadsafe(self._lines.put_nowait, line)
            except RuntimeError:  # the loop is closed: the process is ending
                return
            if line is None:
                return

    def _piped(self) -> str | None:
        line = piece = self._reads.readline(limits.LONGEST_LINE)
        while piece and not piece.endswith("\n"):  # the rest of an endless line is dropped; what is too long is told
            piece = self._reads.readline(limits.LONGEST_LINE)
        return line.rstrip("\n") if line else None

    def _shown_prompt(self) -> str:
        return f"{CYAN}{self._prompt()}{PLAIN}" if self._colour else self._prompt()

    def _typed(self) -> Callable[[], str | None]:
        """Return what asks for a line."""
        editor = self._editor = _readline()
        if editor is not None:
            if self._history is not None:
                with contextlib.suppress(OSError):
                    editor.read_history_file(self._history)
            editor.set_completer_delims("")
            editor.set_completer(lambda text, state: dict(enumerate(self._completions(text))).get(state))
            editor.parse_and_bind("tab: complete")

        def ask() -> str | None:
            self._is_asking = True
            try:
                line = input(self._shown_prompt())
            except (EOFError, KeyboardInterrupt):
                return None
            finally:
                self._is_asking = False
            if editor is not None and self._history is not None:
                with contextlib.suppress(OSError):
                    self._history.parent.mkdir(parents=True, exist_ok=True)
                    editor.write_history_file(self._history)
            return line

        return ask


def _readable(line: str | None) -> str | None:
    """Return a line as text: bytes that are none, such as those of another encoding, become ``�``."""
    return line.encode("utf-8", "surrogateescape").decode("utf-8", "replace") if line is not None else None


def has_colour(writes: TextIO) -> bool:
    """Whether what is written to may have colour."""
    return writes.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def _readline() -> ModuleType | None:
    """Return the line editor of this system, if it has one (Windows has none)."""
    try:
        import readline
    except ImportError:
        return None
    return readline
