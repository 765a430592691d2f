"""What people can touch in a reply, as plain HTML forms that work without any script."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from markupsafe import Markup

from bot.kit.reply import Button, Choice, Field, FieldKind, Form, Menu, Poll, Style
from bot.kit.wording import _
from bot.platforms.web import icons
from bot.platforms.web.forms import Draft

RADIOS_MOST: Final = 5
"""A field with more choices than this is drawn as a list to open, so that a form stays short."""

FIELD_PREFIX: Final = "f."
"""Before the names of a form's own fields, so that they never meet the page's."""


@dataclass(frozen=True, slots=True)
class Drawing:
    """What a drawing has to know beside the reply.

    Attributes:
        message: id of the message, unique on the page.
        revision: of its latest change, so that a browser fetches a changed picture again.
        stamp: id of this page, from which a second press of the same button is known; empty where a script makes one.
        zone: in which times are written out.
        draft: what was filled into this message's form and has to be mended.
    """

    message: int
    revision: int
    stamp: str = ""
    zone: str = "UTC"
    draft: Draft | None = None


def _hidden(drawing: Drawing) -> Markup:
    hidden = Markup('<input type="hidden" name="message" value="{}">').format(drawing.message)
    if drawing.stamp:
        hidden += Markup('<input type="hidden" name="event" value="{}">').format(drawing.stamp)
    return hidden


def draw_buttons(rows: tuple[tuple[Button, ...], ...], drawing: Drawing) -> Markup:
    """Draw rows of buttons; narrow screens wrap them."""
    drawn = Markup().join(
        Markup('<div class="row">{}</div>').format(Markup().join(map(_draw_button, row))) for row in rows if row
    )
    return Markup('<form class="keys" method="post" action="press">{}{}</form>').format(_hidden(drawing), drawn)


def _draw_button(button: Button) -> Markup:
    if button.data:
        return Markup('<button class="button {}" name="data" value="{}"><bdi>{}</bdi></button>').format(
            button.style.value, button.data, button.label
        )
    if not button.url.startswith(("https://", "http://")):
        return Markup('<span class="button off"><bdi>{}</bdi></span>').format(button.label)
    return Markup(
        '<a class="button {}" href="{}" target="_blank" rel="noopener noreferrer"><bdi>{}</bdi>{}'
        '<span class="unseen">{}</span></a>'
    ).format(button.style.value, button.url, button.label, icons.AWAY, _("(opens a new tab)"))


def draw_menu(menu: Menu, drawing: Drawing) -> Markup:
    """Draw a list to choose one entry from."""
    options = Markup().join(
        Markup('<option value="{}">{}</option>').format(choice.data, _in_one_line(choice)) for choice in menu.choices
    )
    return Markup(
        '<form class="menu" method="post" action="press">{}<label for="m{}-menu">{}</label>'
        '<div class="row"><select id="m{}-menu" name="data" required><option value="">{}</option>{}</select>'
        '<button class="button">{}</button></div></form>'
    ).format(_hidden(drawing), drawing.message, menu.prompt, drawing.message, _("Choose …"), options, _("Go"))


def _in_one_line(choice: Choice) -> str:
    return f"{choice.label} · {choice.description}" if choice.description else choice.label


def draw_poll(poll: Poll, drawing: Drawing) -> Markup:
    """Draw a question with one answer to choose."""
    choices = Markup().join(
        _draw_radio("data", choice.data, choice.label, choice.description, is_chosen=False) for choice in poll.choices
    )
    note = Markup('<p class="more">{}</p>').format(poll.note) if poll.note else Markup()
    return Markup(
        '<form class="poll" method="post" action="press">{}<fieldset><legend dir="auto">{}</legend>{}</fieldset>'
        '{}<div class="row"><button class="button {}">{}</button></div></form>'
    ).format(_hidden(drawing), poll.question, choices, note, Style.PRIMARY.value, _("Vote"))


def _draw_radio(
    name: str, value: str, label: str, description: str, *, is_chosen: bool, required: bool = True
) -> Markup:
    more = Markup('<span class="more">{}</span>').format(description) if description else Markup()
    return Markup(
        '<label class="choice"><input type="radio" name="{}" value="{}"{}{}><span dir="auto">{}{}</span></label>'
    ).format(name, value, _flag("checked", is_chosen), _flag("required", required), label, more)


def _flag(name: str, is_set: bool) -> Markup:
    return Markup(" {}").format(name) if is_set else Markup()


def draw_form(form: Form, drawing: Drawing) -> Markup:
    """Draw questions asked together, with what was filled in before and what has to be mended."""
    draft = drawing.draft
    paired = {name for asked in form.fields if asked.instead_of for name in (asked.name, asked.instead_of)}
    fields = Markup().join(
        _draw_field(
            asked,
            f"m{drawing.message}-{position}",
            draft.values.get(asked.name, "") if draft else asked.value,
            draft.problems.get(asked.name, "") if draft else "",
            is_optional=not asked.required and asked.name not in paired,
        )
        for position, asked in enumerate(form.fields)
    )
    has_file = any(asked.kind is FieldKind.FILE for asked in form.fields)
    way = Markup(' enctype="multipart/form-data"') if has_file else Markup()
    return Markup(
        '<form class="ask" method="post" action="form"{} aria-label="{}">{}<h3 dir="auto">{}</h3>{}'
        '<div class="row"><button class="button {}">{}</button></div></form>'
    ).format(way, form.title, _hidden(drawing), form.title, fields, Style.PRIMARY.value, form.submit)


def _draw_field(asked: Field, anchor: str, value: str, problem: str, *, is_optional: bool) -> Markup:
    told = [f"{anchor}-problem"] * bool(problem) + [f"{anchor}-hint"] * bool(asked.hint)
    described = Markup(' aria-describedby="{}"').format(" ".join(told)) if told else Markup()
    if problem:
        described += Markup(' aria-invalid="true"')
    label = Markup("{}").format(asked.label)
    if is_optional:
        label += Markup(' <span class="more">{}</span>').format(_("optional"))
    notes = Markup()
    if asked.hint:
        notes += Markup('<p class="hint" id="{}-hint" dir="auto">{}</p>').format(anchor, asked.hint)
    if problem:
        notes += Markup('<p class="problem" id="{}-problem">{}{}</p>').format(anchor, icons.WARNING, problem)
    name = FIELD_PREFIX + asked.name
    if asked.kind is FieldKind.CHOICE and len(asked.choices) <= RADIOS_MOST:
        radios = Markup().join(
            _draw_radio(name, key, words, "", is_chosen=key == value, required=asked.required)
            for key, words in asked.choices
        )
        return Markup('<fieldset class="field"{}><legend>{}</legend>{}{}</fieldset>').format(
            described, label, radios, notes
        )
    return Markup('<div class="field"><label for="{}">{}</label>{}{}</div>').format(
        anchor, label, _draw_input(asked, name, anchor, value, described), notes
    )


def _draw_input(asked: Field, name: str, anchor: str, value: str, described: Markup) -> Markup:
    common = Markup('id="{}" name="{}"{}{}').format(anchor, name, described, _flag("required", asked.required))
    match asked.kind:
        case FieldKind.CHOICE:
            options = Markup().join(
                Markup('<option value="{}"{}>{}</option>').format(key, _flag("selected", key == value), words)
                for key, words in asked.choices
            )
            return Markup('<select {}><option value="">{}</option>{}</select>').format(common, _("Choose …"), options)
        case FieldKind.TEXT:
            # HTML drops one line end after the opening tag; giving it one keeps what was typed.
            return Markup('<textarea {} rows="4" maxlength="{}" dir="auto">\n{}</textarea>').format(
                common, asked.longest, value
            )
        case FieldKind.FILE:
            return Markup('<input type="file" {} accept=".yaml,.yml,text/*">').format(common)
        case FieldKind.LINE:
            return Markup('<input type="text" {} maxlength="{}" value="{}" dir="auto" autocomplete="off">').format(
                common, asked.longest, value
            )
