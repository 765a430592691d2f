"""Replies as Telegram messages, as plain data: cut to every limit before anything is sent."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, replace
from typing import Any, Final

from bot.kit.degrade import EVERYTHING, Capabilities, degrade
from bot.kit.pages import pages, shorten
from bot.kit.reply import Button, Reply
from bot.kit.text import Block, Blocks, Bullets, Heading, Mention, Plain, plain
from bot.kit.wording import _
from bot.platforms.telegram.keyboard import Keyboard, can_be_pressed, keyboards
from bot.platforms.telegram.limits import ENTITY_SHARE, HEADER, HEADER_TITLE, NOTICE, ROW_BUTTONS, TEXT
from bot.platforms.telegram.markup import Drawn, Entity, draw, utf16

CAPABILITIES: Final = Capabilities(
    spans=EVERYTHING.spans - {Mention},
    blocks=EVERYTHING.blocks,
    pictures=False,
    menus=False,
    polls=False,
    forms=False,
    buttons_a_row=ROW_BUTTONS,
    button_rows=1_000,
    table_columns=2,
)
"""What is drawn as it is. Pictures are said in words: Telegram takes no SVG. Keyboards are laid out here."""

_BLANK: Final = "\u115f\u1160\u2800\u3164\uffa0"
"""Letters that show nothing."""


@dataclass(frozen=True, slots=True)
class Message:
    """One message as plain data.

    Attributes:
        text: its characters, 1 to 4,096.
        entities: its formatted stretches.
        keyboard: its rows of buttons, maybe none.
        asks: for a question that is answered by typing: the hint in the input field, else None.
    """

    text: str
    entities: tuple[Entity, ...] = ()
    keyboard: Keyboard = ()
    asks: str | None = None

    @property
    def parameters(self) -> dict[str, Any]:
        """What ``sendMessage`` takes beside the place to send it to."""
        taken: dict[str, Any] = {"text": self.text, "link_preview_options": {"is_disabled": True}}
        if self.entities:
            taken["entities"] = list(self.entities)
        if self.keyboard:
            taken["reply_markup"] = {"inline_keyboard": [list(row) for row in self.keyboard]}
        elif self.asks is not None:
            taken["reply_markup"] = {"force_reply": True}
            if self.asks:
                taken["reply_markup"]["input_field_placeholder"] = self.asks
        return taken


def render(reply: Reply) -> tuple[Message, ...]:
    """Return a reply as messages, buttons on the last one; none if it says nothing and only asks a form."""
    drawn = degrade(reply, CAPABILITIES)
    title = " ".join(reply.title.split())
    blocks: Blocks = (*((Heading((Plain(title),), 1),) if title else ()), *drawn.blocks)
    left_out = tuple((Plain(_said(button)),) for row in drawn.buttons for button in row if not can_be_pressed(button))
    if left_out:
        blocks = (*blocks, Bullets(left_out))
    boards = keyboards(drawn.buttons)
    parts = [Message(text, entities) for text, entities in _cut(blocks, title) if shows_something(text)]
    if not parts and (boards or reply.form is None):
        parts = [Message("…")]
    if boards:
        parts[-1] = replace(parts[-1], keyboard=boards[0])
        parts += [Message(_("More to choose from:"), keyboard=board) for board in boards[1:]]
    return tuple(parts)


def _said(button: Button) -> str:
    return f"{button.label} ({button.url})" if button.url else button.label


def _cut(blocks: Blocks, title: str) -> list[Drawn]:
    """Draw blocks as one text, or as several that say which part they are."""
    whole = draw(blocks)
    if _size(whole) <= TEXT:
        return [whole]
    cut = pages(blocks, TEXT - HEADER, lambda part: _size(draw(part)))
    named = plain(shorten((Plain(title),), HEADER_TITLE)) if title else ""
    drawn: list[Drawn] = []
    for number, page in enumerate(cut, 1):
        shown = page
        if number == 1 and title and isinstance(page[0], Heading) and plain(page[0]) == title:
            shown = page[1:]
        line: Block = Heading((Plain(f"{named} ({number}/{len(cut)})".strip()),), 1)
        if len(title) > HEADER_TITLE and number == 1:
            shown = page  # too long to stand in the line whole
        drawn.append(draw((line, *shown)))
    return drawn


def _size(drawn: Drawn) -> int:
    """Return the length of a text, a formatted stretch counted as no less than its share."""
    text, entities = drawn
    return max(len(text), len(entities) * ENTITY_SHARE)


def shows_something(text: str) -> bool:
    """Whether a person sees anything of a text; Telegram refuses it otherwise."""
    return any(
        char not in _BLANK and unicodedata.category(char) not in ("Cc", "Cf", "Zs", "Zl", "Zp", "Mn") for char in text
    )


def remark(reply: Reply) -> str | None:
    """Return a reply as the bare text that answers a press, or None if it is too long or more than words."""
    if any((reply.buttons, reply.menu, reply.poll, reply.form)):
        return None
    text = _bare(reply)
    return text if utf16(text) <= NOTICE and shows_something(text) else None


def short_remark(reply: Reply) -> str:
    """Return a reply as the bare text that answers a press, cut where it is too long."""
    text = _bare(reply)
    while utf16(text) > NOTICE:
        text = text[: NOTICE - 1 - max(0, utf16(text[:NOTICE]) - NOTICE)].rstrip() + "…"
    return text


def _bare(reply: Reply) -> str:
    drawn = degrade(reply, CAPABILITIES)
    title: Blocks = (Heading((Plain(reply.title),), 1),) if reply.title else ()
    return draw((*title, *drawn.blocks))[0]
