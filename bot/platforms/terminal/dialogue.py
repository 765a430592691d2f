"""A form as questions one after another, with a way out on every line."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from bot.kit.command import Command
from bot.kit.reply import Field, FieldKind, Form
from bot.kit.wording import _
from bot.platforms.terminal import keys
from bot.platforms.terminal.forms import check_answer
from bot.platforms.terminal.keyboard import Keyboard
from bot.platforms.terminal.keys import Key
from bot.platforms.terminal.paper import Paper
from bot.platforms.terminal.render import clean, words, wrap

CANCEL: Final = "cancel"
_COMMAND: Final = re.compile(r"/([^\s/@]+)(\s.*)?")


@dataclass(frozen=True, slots=True)
class Filled:
    """What became of a form.

    Attributes:
        values: the answers by field, or None if it was left.
        left_with: the line it was left with, empty for the mere word; None: the input ended.
    """

    values: Mapping[str, str] | None = None
    left_with: str | None = None


class _LeftError(Exception):
    """Somebody leaves the form with this line; None: the input ended."""

    def __init__(self, line: str | None) -> None:
        super().__init__(line)
        self.line = line


class Dialogue:
    """Asks the fields of a form, each until its answer can be taken. ``is_name``: whether one can be called so here."""

    def __init__(
        self, paper: Paper, keyboard: Keyboard, commands: Sequence[Command], is_name: Callable[[str], bool]
    ) -> None:
        self._paper = paper
        self._keyboard = keyboard
        self._names = {command.name for command in commands}
        self._is_name = is_name

    async def ask(self, form: Form) -> Filled:
        """Ask everything; what is typed is sent by whoever called."""
        self._paper.tell(_("“cancel” leaves without sending."))
        values: dict[str, str] = {}
        try:
            for field in form.one_by_one.fields:
                values[field.name] = await self._value(field)
        except _LeftError as left:
            if left.line is not None:
                self._paper.tell(_("Left without sending."))
            return Filled(left_with="" if left.line is not None and _is_cancel(left.line) else left.line)
        return Filled(values)

    async def _value(self, field: Field) -> str:
        self._show(field)
        while True:
            typed = await self._typed(field)
            value, trouble = await asyncio.to_thread(check_answer, field, typed)  # a file may take a while
            if trouble is None:
                return value
            screen = self._paper.screen()
            told = words(trouble, screen)
            self._paper.say(told if field.kind is FieldKind.FILE else wrap(told, screen))  # a path stays whole

    def _show(self, field: Field) -> None:
        hint = f" ({field.hint})" if field.hint else ""
        self._paper.tell(f"{field.label}{hint}")
        if field.kind is FieldKind.FILE:
            self._paper.tell(_("Type the path of the file."))
        if field.kind is FieldKind.TEXT:
            self._paper.tell(_("Several lines are fine; an empty line ends them."))
        if field.value:
            held = dict(field.choices).get(field.value, field.value)
            self._paper.tell(_("So far: {value}").format(value=clean(held)))
            self._paper.tell(_("An empty line keeps it."))
        for number, (_value, label) in enumerate(field.choices, 1):
            self._paper.tell(f"[{number}] {label}")

    async def _typed(self, field: Field) -> str:
        """Return what is typed into a field, until an empty line where several fit; raises ``_LeftError``."""
        lines: list[str] = []
        while (line := await self._keyboard.next_line()) is not None:
            pressed = keys.read(line.strip())
            if pressed is not None and pressed.key in {Key.AGAIN, Key.SHOW}:
                self._show(field)
                continue
            if self._leaves(line.strip(), field, is_first=not lines):
                raise _LeftError(line.strip())
            lines.append(line)
            if field.kind is not FieldKind.TEXT or not line.strip():
                return "\n".join(lines)
        raise _LeftError(None)

    def _leaves(self, line: str, field: Field, *, is_first: bool) -> bool:
        """Whether somebody goes elsewhere instead of answering; a slash may also begin a path, or a line of a text."""
        pressed = keys.read(line)
        if _is_cancel(line) or (pressed is not None and (pressed.key is not Key.AS or self._is_name(pressed.rest))):
            return True
        command = _COMMAND.fullmatch(line)
        if command is None:
            return False
        return command[1].lower() in self._names or (is_first and field.kind is not FieldKind.FILE)


def _is_cancel(line: str) -> bool:
    return line.lower() in {CANCEL, f"/{CANCEL}"}
