"""What can be touched, as components: buttons, menus and the fields of forms. Plain data, within every limit."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any, Final
from urllib.parse import urlsplit

from bot.kit.reply import Button, Choice, Field, FieldKind, Form, Menu, Several, Style
from bot.kit.reply import rows as rows_of
from bot.kit.text import Blocks, link, para
from bot.platforms.discord import limits
from bot.platforms.discord.markup import clean, cut, draw, one_line, units

Payload = dict[str, Any]  # JSON

ROW: Final = 1
BUTTON: Final = 2
SELECT: Final = 3
TEXT_INPUT: Final = 4
TEXT_DISPLAY: Final = 10
GALLERY: Final = 12
FILE: Final = 13
SEPARATOR: Final = 14
CONTAINER: Final = 17
LABEL: Final = 18
UPLOAD: Final = 19

MENU: Final = "discord.menu"
"""``custom_id`` of menus; what was chosen says all."""

_STYLES: Final = {Style.NORMAL: 2, Style.PRIMARY: 1, Style.DANGER: 4}
_LINK_STYLE: Final = 5
_TWIN: Final = re.compile(r"#\d+$")


class Names:
    """Makes ids that are unique in a message: a second button of the same action gets ``#2`` after its data."""

    def __init__(self) -> None:
        self._given: set[str] = set()

    def give(self, data: str) -> str:
        """Return an id of at most 100 characters that no one else was given."""
        name, number = data[: limits.CUSTOM_ID], 1
        while name in self._given:
            number += 1
            name = f"{data[: limits.CUSTOM_ID - 5]}#{number}"
        self._given.add(name)
        return name


def data_of(custom_id: str) -> str:
    """Return the action's data that an id carries."""
    return _TWIN.sub("", custom_id)


def shown(text: str, limit: int) -> str:
    """Return a label as one line of at most ``limit``; a label that shows nothing becomes an ellipsis."""
    line = cut(one_line(text), limit)
    return line if any(char.isprintable() and not char.isspace() for char in line) else "…"


def is_cut(text: str, limit: int) -> bool:
    """Whether a label does not fit."""
    return units(one_line(text)) > limit


def opens(button: Button) -> bool:
    """Whether Discord takes a button's address."""
    try:
        address = urlsplit(button.url)
        host, _port = address.hostname or "", address.port
    except ValueError:
        return False
    return (
        address.scheme in ("https", "http")
        and "." in host.strip(".")
        and units(button.url) <= limits.BUTTON_URL
        and button.url.isascii()
        and not any(char.isspace() for char in button.url)
    )


def row_of(components: Iterable[Payload]) -> Payload:
    """Return an action row."""
    return {"type": ROW, "components": list(components)}


def draw_buttons(rows: Iterable[Iterable[Button]], names: Names) -> list[Payload]:
    """Return action rows; addresses Discord would refuse are left to ``addresses``."""
    drawn: list[Payload] = []
    for row in rows:
        kept = [button for button in row if button.data or opens(button)]
        drawn += [row_of(draw_button(button, names) for button in part) for part in rows_of(kept, limits.ROW_BUTTONS)]
    return drawn


def draw_button(button: Button, names: Names) -> Payload:
    """Return one button."""
    label = shown(button.label, limits.BUTTON_LABEL)
    if button.url:
        return {"type": BUTTON, "style": _LINK_STYLE, "label": label, "url": button.url}
    return {"type": BUTTON, "style": _STYLES[button.style], "label": label, "custom_id": names.give(button.data)}


def addresses(rows: Iterable[Iterable[Button]]) -> Blocks:
    """Return paragraphs for the buttons that lead to addresses Discord takes on no button."""
    return tuple(
        para(link(button.label, button.url))
        for row in rows
        for button in row
        if button.url and not opens(button)
    )  # fmt: skip


def draw_menu(menu: Menu, names: Names) -> list[Payload]:
    """Return select menus, one for each 25 choices."""
    size = limits.SELECT_OPTIONS
    parts = [menu.choices[start : start + size] for start in range(0, len(menu.choices), size)]
    rows: list[Payload] = []
    for number, choices in enumerate(parts, 1):
        which = f" ({number}/{len(parts)})" if len(parts) > 1 else ""
        values = Names()
        select = {
            "type": SELECT,
            "custom_id": names.give(MENU),
            "placeholder": shown(menu.prompt, limits.PLACEHOLDER - len(which)) + which,
            "options": [_option(choice, values) for choice in choices],
        }
        rows.append(row_of([select]))
    return rows


def draw_several(several: Several, names: Names) -> list[Payload]:
    """Return a select menu that sends all that was chosen in one go, with its action as ``custom_id``."""
    values = Names()
    select = {
        "type": SELECT,
        "custom_id": names.give(several.data),
        "placeholder": shown(several.prompt, limits.PLACEHOLDER),
        "options": [_option(choice, values) for choice in several.choices],
        "min_values": 1,
        "max_values": len(several.choices),
    }
    return [row_of([select])]


def _option(choice: Choice, values: Names) -> Payload:
    option = {"label": shown(choice.label, limits.OPTION_TEXT), "value": values.give(choice.data)}
    if one_line(choice.description):
        option["description"] = shown(choice.description, limits.OPTION_TEXT)
    return option


def draw_modal(form: Form, text: Blocks = ()) -> Payload | None:
    """Return a form as a modal with ``text`` above its fields, or None if that does not fit into one."""
    parts: list[Payload] = []
    if is_cut(form.title, limits.MODAL_TITLE):
        text = (para(form.title), *text)
    if content := draw(text):
        if units(content) > limits.TEXT:
            return None
        parts.append({"type": TEXT_DISPLAY, "content": content})
    names = Names()
    parts += [_draw_field(asked, names) for asked in form.fields]
    if len(parts) > limits.MODAL_PARTS or len(form.data) > limits.CUSTOM_ID:
        return None
    return {"custom_id": form.data, "title": shown(form.title, limits.MODAL_TITLE), "components": parts}


def _draw_field(asked: Field, names: Names) -> Payload:
    label: Payload = {"type": LABEL, "label": shown(asked.label, limits.FIELD_LABEL)}
    more = [asked.label] if is_cut(asked.label, limits.FIELD_LABEL) else []
    if asked.hint:
        more.append(asked.hint)
    if more:
        label["description"] = shown(" · ".join(more), limits.FIELD_DESCRIPTION)
    name = names.give(asked.name)
    if asked.kind is FieldKind.CHOICE and 1 <= len(asked.choices) <= limits.SELECT_OPTIONS:
        label["component"] = _draw_choices(asked, name)
    elif asked.kind is FieldKind.FILE:
        label["component"] = {"type": UPLOAD, "custom_id": name, "required": asked.required}  # one file, if any
    else:
        label["component"] = _draw_input(asked, name)
    return label


def _draw_choices(asked: Field, name: str) -> Payload:
    values = Names()
    options: list[Payload] = []
    for value, words in asked.choices:
        option: Payload = {"label": shown(words, limits.OPTION_TEXT), "value": values.give(value or "#")}
        if value and value == asked.value and not any("default" in other for other in options):
            option["default"] = True
        options.append(option)
    return {"type": SELECT, "custom_id": name, "options": options, "required": asked.required}


def _draw_input(asked: Field, name: str) -> Payload:
    longest = max(1, min(asked.longest, limits.FIELD_TEXT))
    drawn: Payload = {
        "type": TEXT_INPUT,
        "custom_id": name,
        "style": 2 if asked.kind is FieldKind.TEXT else 1,
        "required": asked.required,
        "max_length": longest,
    }
    if asked.choices:
        drawn["placeholder"] = shown(", ".join(value for value, _words in asked.choices), limits.FIELD_PLACEHOLDER)
    if asked.value:
        drawn["value"] = _begin(clean(asked.value), longest)
    return drawn


def _begin(text: str, limit: int) -> str:
    """Return as much of a text as fits, with nothing added: it is what somebody goes on editing."""
    while units(text) > limit:
        text = text[:limit] if len(text) > limit else text[:-1]
    return text
