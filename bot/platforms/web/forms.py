"""Checking what was filled into a form before the engine hears of it, so that nothing typed is ever lost."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.domain.links import no_link, read_link
from bot.kit.reply import Field, FieldKind, Form
from bot.kit.text import plain
from bot.kit.uploads import UploadError, missing, text_of
from bot.kit.wording import _, say


@dataclass(frozen=True, slots=True)
class Draft:
    """A form as somebody filled it in.

    Attributes:
        message: the id of the message that asks.
        values: what was filled in, by field.
        problems: a sentence for each field that has to be mended.
    """

    message: int
    values: Mapping[str, str]
    problems: Mapping[str, str] = field(default_factory=dict)


def check(form: Form, message: int, typed: Mapping[str, str], files: Mapping[str, bytes]) -> Draft:
    """Return what was filled in, with a sentence for everything that does not fit; unknown fields are dropped."""
    values: dict[str, str] = {}
    problems: dict[str, str] = {}
    for asked in form.fields:
        if asked.kind is FieldKind.FILE:
            try:
                values[asked.name] = _said(asked, files.get(asked.name))
            except UploadError as refused:
                problems[asked.name] = str(refused)
            continue
        value = typed.get(asked.name, "").strip("\n").rstrip()  # code keeps its indentation
        if asked.kind is not FieldKind.TEXT:
            value = " ".join(value.split("\n")).strip()
        values[asked.name] = value
        if sentence := _problem(asked, value):
            problems[asked.name] = sentence
    return Draft(message, values, problems)


def _said(asked: Field, data: bytes | None) -> str:
    """Return what a file says. Raises ``UploadError``."""
    if data is not None:
        return text_of(data)
    if asked.required:
        raise missing()
    return ""


def _problem(asked: Field, value: str) -> str:
    if not value:
        return _("Please fill this in.") if asked.required else ""
    if asked.kind is FieldKind.CHOICE:
        return "" if value in dict(asked.choices) else _("Please choose one of these.")
    if len(value) > asked.longest:
        sentence = _("That is {count} characters long; at most {most} fit. Please shorten it.")
        return plain(say(sentence, count=len(value), most=asked.longest))
    if asked.is_link and read_link(value, asked.longest) is None:
        return plain(no_link(asked.longest))
    return ""
