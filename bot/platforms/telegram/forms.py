"""Forms as questions, one after another: what is asked, and whether an answer can be taken. Pure."""

from __future__ import annotations

from bot.domain.links import no_link, read_link
from bot.kit.reply import Button, Field, FieldKind, Form, Style
from bot.kit.text import Blocks, Spans, bold, code, para, small, spans
from bot.kit.uploads import UploadError, text_of
from bot.kit.wording import _, say
from bot.platforms.telegram.keyboard import keyboards
from bot.platforms.telegram.limits import PLACEHOLDER, TEXT
from bot.platforms.telegram.markup import clean, draw
from bot.platforms.telegram.render import Message

PREFIX = "~"
"""Begins the data of our own buttons; no action's name does."""
SKIP, LEAVE = "s", "x"
_ROOM = TEXT // 8  # for each of label, hint and value: all of them and our own words fit one message


def data(event: str, step: int, choice: str) -> str:
    """Return what a button of a question carries; ``event`` names the dialogue."""
    return f"{PREFIX}{event}:{step}:{choice}"


def read(text: str) -> tuple[str, int, str] | None:
    """Return (event, step, choice) of a question's button, or None if it is none."""
    event, _colon, rest = text.removeprefix(PREFIX).partition(":")
    step, _colon, choice = rest.partition(":")
    if not text.startswith(PREFIX) or not (step.isascii() and step.isdigit() and len(step) < 3) or not choice:
        return None
    return event, int(step), choice


def ask(form: Form, step: int, event: str, trouble: Spans = ()) -> Message:
    """Return the question of one field; ``trouble`` says why the last answer could not be taken."""
    field = form.fields[step]
    of = f" ({step + 1}/{len(form.fields)})" if len(form.fields) > 1 else ""
    blocks: Blocks = (para(bold(_short(form.title) + of)), para(_short(field.label)))
    if trouble:
        blocks = (para(trouble), *blocks)
    if field.hint:
        blocks = (*blocks, small(_short(field.hint)))
    if field.kind is FieldKind.FILE:
        blocks = (*blocks, para(_("Send me the file here, or its text as a message.")))
    elif field.value:
        blocks = (*blocks, para(_("So far: "), code(_short(_shown(field)))))
    text, entities = draw((*blocks, small(_ways_out(field))))
    if field.kind is FieldKind.CHOICE:
        chosen = [
            (Button(label, data(event, step, str(number))),) for number, (_value, label) in enumerate(field.choices)
        ]
        out = [Button(_("Cancel"), data(event, step, LEAVE))]
        if not field.required or field.value:
            label = _("Keep it") if field.value else _("Skip")
            out.insert(0, Button(label, data(event, step, SKIP), style=Style.NORMAL))
        return Message(text, entities, keyboards([*chosen, tuple(out)])[0])
    return Message(text, entities, asks=" ".join(clean(field.hint or field.label).split())[:PLACEHOLDER])


def _ways_out(field: Field) -> Spans:
    if field.value:
        return say(_("{skip} keeps it, {cancel} leaves."), skip="/skip", cancel="/cancel")
    if not field.required:
        return say(_("{skip} leaves it empty, {cancel} leaves the form."), skip="/skip", cancel="/cancel")
    return say(_("{cancel} leaves."), cancel="/cancel")


def _shown(field: Field) -> str:
    return dict(field.choices).get(field.value, field.value)


def _short(text: str) -> str:
    return text if len(text) <= _ROOM else text[: _ROOM - 1] + "…"


def answered(form: Form, step: int, shown: str) -> Message:
    """Return a question with buttons once it is answered: the question and what was chosen, nothing to press."""
    text, entities = draw((para(bold(_short(form.title))), para(_short(form.fields[step].label)), para("→ ", shown)))
    return Message(text, entities)


def take(field: Field, text: str) -> tuple[str, Spans]:
    """Return a typed answer as the field's value and, if it cannot be taken, why not (else nothing)."""
    if field.kind is FieldKind.FILE:
        return take_file(text.encode("utf-8", "replace")) if text.strip() else ("", _no_file())
    text = text.strip()
    if not text:
        return "", spans(_("Please answer with a text message."))
    if field.kind is FieldKind.CHOICE:
        for value, label in field.choices:
            if text.casefold() in (value.casefold(), label.casefold()):
                return value, ()
        return "", spans(_("Please choose one of these."))
    if field.kind is FieldKind.LINE:
        text = " ".join(text.split("\n"))
    if len(text) > field.longest:
        sentence = _("That is {count} characters long; at most {most} fit here. Please shorten it.")
        return "", say(sentence, count=len(text), most=field.longest)
    if field.is_link and read_link(text, field.longest) is None:
        return "", no_link(field.longest)
    return text, ()


def take_file(data: bytes) -> tuple[str, Spans]:
    """Return what a file says and, if it cannot be taken, why not (else nothing)."""
    try:
        return text_of(data), ()
    except UploadError as refused:
        return "", spans(str(refused))


def _no_file() -> Spans:
    return spans(_("That is neither a file nor a text message. Please send the file with the paper clip, as a file."))


def skip(field: Field) -> tuple[str, Spans]:
    """Return what a field holds when its question is skipped and, if it cannot be, why not."""
    if field.value or not field.required:
        return field.value, ()
    return "", spans(_("This one has to be answered."))
