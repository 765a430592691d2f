"""A conversation in a terminal, from the first prompt to the last."""

from __future__ import annotations

import asyncio
import contextlib
import getpass
import os
import shutil
import sys
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from types import ModuleType
from typing import TextIO

from bot.kit.clock import Clock, Dice
from bot.kit.command import Command
from bot.kit.naming import Names
from bot.kit.platform import Answer, Delivery, Respond, Suggest
from bot.kit.reply import Document, FieldKind, Form, Reply
from bot.kit.request import Incoming, Role, Trigger
from bot.kit.text import CodeBlock
from bot.kit.wording import _
from bot.platforms.terminal import incoming, limits
from bot.platforms.terminal.files import keep
from bot.platforms.terminal.render import Screen, choices_of, draw, render, words

PROMPT = "› "
READLINE_PROMPT = "\x01\x1b[36m\x02› \x01\x1b[0m\x02"


class _NobodyReadsError(Exception):
    """The other end of the pipe was closed."""


class TerminalPlatform:
    """One person, one terminal. Lines are read on a thread, so that the bot never waits for the keyboard."""

    name = incoming.PLATFORM
    courier = None
    surroundings = None

    def __init__(
        self,
        *,
        clock: Clock,
        dice: Dice,
        commands: Callable[[], Sequence[Command]],
        suggest: Suggest,
        reads: TextIO,
        writes: TextIO,
        account: str,
        called: str,
        role: Role,
        language: str,
        zone: str,
        history: Path | None,
        files: Path | None,
        names: Names,
    ) -> None:
        self._clock = clock
        self._session = dice.token(10)
        self._commands = commands
        self._suggest = suggest
        self._reads = reads
        self._writes = writes
        self._account = account
        self._called = called
        self._role = role
        self._language = language
        self._zone = zone
        self._history = history
        self._files = files
        self._names = names
        self._events = 0
        self._latest: Reply | None = None
        self._talk: asyncio.Task[None] | None = None
        self._lines: asyncio.Queue[str | None] = asyncio.Queue()
        self._wanted = threading.Semaphore(0)

    @property
    def _is_screen(self) -> bool:
        return self._writes.isatty()

    @property
    def _is_keyboard(self) -> bool:
        return self._reads.isatty() and self._is_screen

    async def start(self, respond: Respond) -> None:
        """Greet and begin to read."""
        loop = asyncio.get_running_loop()
        threading.Thread(target=self._read_lines, args=(loop,), daemon=True, name="keyboard").start()
        self._talk = asyncio.create_task(self._talk_until_the_end(respond))

    async def wait(self) -> None:
        """Return when the conversation has ended."""
        if self._talk is not None:
            await asyncio.wait([self._talk])

    async def stop(self) -> None:
        """End the conversation. The thread that reads the keyboard ends with the process."""
        if self._talk is not None:
            self._talk.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._talk

    def _read_lines(self, loop: asyncio.AbstractEventLoop) -> None:
        ask = self._keyboard() if self._is_keyboard else self._piped
        while True:
            self._wanted.acquire()
            line = ask()
            try:
                loop.call_soon_threadsafe(self._lines.put_nowait, line)
            except RuntimeError:  # the loop is closed: the process is ending
                return
            if line is None:
                return

    def _piped(self) -> str | None:
        line = self._reads.readline(limits.LONGEST_LINE)
        return line.rstrip("\n") if line else None

    def _keyboard(self) -> Callable[[], str | None]:
        """Return what asks for a line, with history and completion where the system has them."""
        readline = _readline()
        if readline is not None:
            if self._history is not None:
                with contextlib.suppress(OSError):
                    readline.read_history_file(self._history)
            readline.set_completer_delims("")
            readline.set_completer(self._complete)
            readline.parse_and_bind("tab: complete")

        def ask() -> str | None:
            try:
                line = input(READLINE_PROMPT if self._colour else PROMPT)
            except (EOFError, KeyboardInterrupt):
                return None
            if readline is not None and self._history is not None:
                with contextlib.suppress(OSError):
                    self._history.parent.mkdir(parents=True, exist_ok=True)
                    readline.write_history_file(self._history)
            return line

        return ask

    def _complete(self, text: str, state: int) -> str | None:
        return dict(enumerate(self.completions(text))).get(state)

    def completions(self, text: str) -> list[str]:
        """Return whole lines that may continue what was typed so far."""
        word, gap, rest = text.partition(" ")
        if not word.startswith("/"):
            return []
        if not gap:
            return [f"/{command.name}" for command in self._commands() if f"/{command.name}".startswith(word)]
        wanted = [command for command in self._commands() if f"/{command.name}" == word and command.params]
        if not wanted:
            return []
        return [f"{word} {found.value}" for found in self._suggest(wanted[0].params[-1].suggests, rest)]

    @property
    def _colour(self) -> bool:
        return self._is_screen and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"

    def _screen(self, *, reveal: bool = False) -> Screen:
        width = (
            shutil.get_terminal_size((limits.FALLBACK_WIDTH, 24)).columns if self._is_screen else limits.FALLBACK_WIDTH
        )
        return Screen(
            width=max(limits.NARROWEST, min(limits.WIDEST, width)), colour=self._colour, zone=self._zone, reveal=reveal
        )

    def _say(self, text: str) -> None:
        """Write a text; raises ``_NobodyReadsError`` if whoever read along has gone (a closed pipe)."""
        try:
            self._writes.write(text if text.endswith("\n") else text + "\n")
            self._writes.flush()
        except BrokenPipeError as error:
            if self._writes is sys.stdout:  # what is left would be written, and fail, once more at exit
                os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            raise _NobodyReadsError from error

    async def _next_line(self) -> str | None:
        self._wanted.release()
        return await self._lines.get()

    async def _talk_until_the_end(self, respond: Respond) -> None:
        with contextlib.suppress(_NobodyReadsError):
            await self._converse(respond)

    async def _converse(self, respond: Respond) -> None:
        self._say(_("Roadmate in your terminal. Type a command, words to look up, or the number of a choice."))
        self._say(_("/start greets you, /help shows everything, quit ends.") + "\n")
        while (line := await self._next_line()) is not None:
            line = line.strip()
            match line.lower():
                case "":
                    continue
                case "quit" | "exit" | "/quit" | "/exit":
                    break
                case "again" | "show":
                    if self._latest is not None:
                        self._say(render(self._latest, self._screen(reveal=line.lower() == "show")))
                    continue
            if not await self._answer(respond, line):
                break
        self._say(_("See you."))

    async def _answer(self, respond: Respond, line: str) -> bool:
        """Answer one line; return whether the conversation goes on."""
        if (named := self._named(line)) is not None:
            answer = await respond(self._event(Trigger.PRESS, named))
        elif line.isdigit() and self._latest is not None and (listed := choices_of(self._latest)):
            if not 1 <= int(line) <= len(listed):
                self._say(_("Please type a number from 1 to {most}.").format(most=len(listed)))
                return True
            data = listed[int(line) - 1][2]
            if data.startswith("url:"):
                self._say(data.removeprefix("url:"))
                return True
            answer = await respond(self._event(Trigger.PRESS, data))
        else:
            line = self._names.translated(line, self._language)
            answer = await respond(self._event(Trigger.COMMAND, line))
        return await self._show(respond, answer)

    def _named(self, line: str) -> str | None:
        """Return the data of the choice that is called what was typed, such as ``B`` under a question."""
        listed = choices_of(self._latest) if self._latest is not None else []
        found = [data for label, _more, data in listed if label.casefold() == line.casefold()]
        return found[0] if len(found) == 1 and not found[0].startswith("url:") else None

    def _event(self, trigger: Trigger, text: str, values: dict[str, str] | None = None) -> Incoming:
        self._events += 1
        number = f"{self._session}-{self._events}"
        now = self._clock.now()
        return incoming.event(
            self._account, self._called, self._role, self._language, number, trigger, text, now, values
        )

    async def _show(self, respond: Respond, answer: Answer) -> bool:
        if answer.delivery is Delivery.NOTHING:
            return True
        self._say("\n" + render(answer.reply, self._screen()))
        if answer.reply.document is not None:
            self._keep(answer.reply.document)
        if answer.delivery is not Delivery.NOTICE:
            self._latest = answer.reply
        if answer.reply.form is not None:
            return await self._ask(respond, answer.reply.form)
        return True

    def _keep(self, document: Document) -> None:
        """Write a file and say where, or show what is in it."""
        if self._files is not None:
            try:
                self._say(_("Kept in {path}").format(path=keep(document, self._files)))
            except OSError as trouble:
                self._say(_("It cannot be kept in {folder}: {why}").format(folder=self._files, why=trouble.strerror))
            else:
                return
        self._say(draw(CodeBlock(document.text), self._screen()))

    def _typed_names(self) -> set[str]:
        """Return the names of all commands."""
        return {command.name for command in self._commands()}

    async def _ask(self, respond: Respond, form: Form) -> bool:
        """Ask a form's questions one after another, then send it."""
        values: dict[str, str] = {}
        for asked in form.one_by_one.fields:
            hint = f" ({asked.hint})" if asked.hint else ""
            self._say(f"{asked.label}{hint}")
            if asked.kind is FieldKind.FILE:
                self._say(_("Type the path of the file."))
            for number, (_value, label) in enumerate(asked.choices, 1):
                self._say(f"[{number}] {label}")
            while True:
                line = await self._next_line()
                if line is None:
                    return False
                if line.strip().lower() == "cancel":
                    self._say(_("Left without sending."))
                    return True
                if line.startswith("/") and line.split(maxsplit=1)[0][1:].lower() in self._typed_names():
                    return await self._answer(respond, line.strip())
                value, trouble = await asyncio.to_thread(incoming.check_answer, asked, line)  # a file may take a while
                if trouble is None:
                    values[asked.name] = value
                    break
                self._say(words(trouble, self._screen()))
        return await self._show(respond, await respond(self._event(Trigger.FORM, form.data, values)))


def build(
    *,
    clock: Clock,
    dice: Dice,
    commands: Callable[[], Sequence[Command]],
    suggest: Suggest,
    zone: str = "UTC",
    reads: TextIO | None = None,
    writes: TextIO | None = None,
    account: str = "me",
    called: str = "",
    role: Role = Role.MEMBER,
    language: str = "",
    history: Path | None = None,
    files: Path | None = None,
    names: Names | None = None,
) -> TerminalPlatform:
    """Return the terminal, not yet reading. ``called`` is the name to greet, the system's user if empty.

    ``files`` is the folder for files that come with answers; without it their text is shown. ``names`` knows
    what commands are called in other languages.
    """
    return TerminalPlatform(
        clock=clock,
        dice=dice,
        commands=commands,
        suggest=suggest,
        reads=reads or sys.stdin,
        writes=writes or sys.stdout,
        account=account,
        called=called or _user(),
        role=role,
        language=language or os.environ.get("LANG", "").partition(".")[0],
        zone=zone,
        history=history,
        files=files,
        names=names or Names(commands, {}),
    )


def _readline() -> ModuleType | None:
    """Return the line editor of this system, if it has one (Windows has none)."""
    try:
        import readline
    except ImportError:
        return None
    return readline


def _user() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return "you"
