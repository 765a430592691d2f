"""Whether what was typed into a field of a form can be taken."""

from __future__ import annotations

from typing import Final

from bot.domain.links import no_link, read_link
from bot.kit.reply import Field, FieldKind
from bot.kit.text import Spans, code, spans
from bot.kit.uploads import UploadError
from bot.kit.wording import _, say
from bot.platforms.terminal.files import read

LONGEST_NUMBER: Final = 4
"""Digits of a number that may name a choice."""


def check_answer(asked: Field, text: str) -> tuple[str, Spans | None]:
    """Return a form's value and, if it cannot be taken, why not. Choices may be given by number, files by path.

    Nothing typed keeps what the field held already.
    """
    text = text.strip()
    if not text:
        if asked.required and not asked.value:
            return "", say(_("Please type something, or {cancel} to leave."), cancel=code("cancel"))
        return asked.value, None
    if asked.kind is FieldKind.FILE:
        try:
            return read(text), None
        except UploadError as refused:
            return "", spans(str(refused))
    if asked.kind is FieldKind.CHOICE:
        if text.isdecimal() and len(text) <= LONGEST_NUMBER and 1 <= int(text) <= len(asked.choices):
            return asked.choices[int(text) - 1][0], None
        for value, label in asked.choices:
            if text.casefold() in (value.casefold(), label.casefold()):
                return value, None
        return "", say(_("Please type a number from 1 to {most}."), most=len(asked.choices))
    if len(text) > asked.longest:
        return "", say(
            _("That is {count} characters long; at most {most} fit here."), count=len(text), most=asked.longest
        )
    if asked.is_link and read_link(text, asked.longest) is None:
        return "", no_link(asked.longest)
    return text, None
