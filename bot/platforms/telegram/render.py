"""Replies as Telegram messages, as plain data: cut to every limit before anything is sent."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Final

from bot.kit.degrade import EVERYTHING, Capabilities, degrade
from bot.kit.pages import pages, shorten
from bot.kit.reply import Button, Document, Picture, Reply
from bot.kit.text import Block, Blocks, Heading, Mention, Plain, bullets, para, plain
from bot.kit.wording import _
from bot.platforms.telegram.keyboard import Keyboard, can_be_pressed, keyboards
from bot.platforms.telegram.limits import CAPTION, ENTITY_SHARE, HEADER, HEADER_TITLE, NOTICE, TEXT
from bot.platforms.telegram.markup import Drawn, Entity, clean, draw, shows_something, unpinged, utf16
from bot.platforms.telegram.polls import Question, question

CAPABILITIES: Final = Capabilities(
    spans=EVERYTHING.spans - {Mention},
    blocks=EVERYTHING.blocks,
    pictures=False,
    menus=False,
    polls=False,
    forms=False,
    buttons_a_row=1_000,
    button_rows=1_000,
    table_columns=2,
)
"""What is drawn as it is. Keyboards are laid out here; photos and polls of Telegram's own stand beside the text."""
_NO_PREVIEW: Final = {"is_disabled": True}


@dataclass(frozen=True, slots=True)
class Message:
    """One message as plain data.

    Attributes:
        text: its characters, 1 to 4,096; below a picture at most 1,024.
        entities: its formatted stretches.
        keyboard: its rows of buttons, maybe none.
        asks: for a question that is answered by typing: the hint in the input field, else None.
        picture: for a photo: what it shows; ``text`` stands below it.
        document: for a file to keep; ``text``, which may be empty, stands below it.
        question: for a poll: what it asks, and then there is no text.
        instead: messages that say the same without a photo, file or poll, for when Telegram takes none.
    """

    text: str
    entities: tuple[Entity, ...] = ()
    keyboard: Keyboard = ()
    asks: str | None = None
    picture: Picture | None = None
    document: Document | None = None
    question: Question | None = None
    instead: tuple[Message, ...] = ()

    @property
    def parameters(self) -> dict[str, Any]:
        """What the method for it takes beside the place to send it to and the photo or file itself."""
        if self.question is not None:
            taken = self.question.parameters
        elif self.picture is not None or self.document is not None:
            taken = self.caption
        else:
            taken = {"text": self.text, "link_preview_options": _NO_PREVIEW}
            if self.entities:
                taken["entities"] = list(self.entities)
        if self.keyboard:
            taken["reply_markup"] = {"inline_keyboard": [list(row) for row in self.keyboard]}
        elif self.asks is not None:
            taken["reply_markup"] = {"force_reply": True}
            if self.asks:
                taken["reply_markup"]["input_field_placeholder"] = self.asks
        return taken

    @property
    def caption(self) -> dict[str, Any]:
        """What stands below a photo or file."""
        taken: dict[str, Any] = {"caption": self.text} if self.text else {}
        if self.entities:
            taken["caption_entities"] = list(self.entities)
        return taken


def render(reply: Reply, *, polls: bool = False, pictures: bool = False) -> tuple[Message, ...]:
    """Return a reply as messages, buttons on the last one; none if it says nothing and only asks a form.

    Args:
        reply: what to say.
        polls: whether a poll becomes Telegram's own where it fits; such a poll comes last.
        pictures: whether a picture becomes a photo; else it is left to the words.
    """
    asked = question(reply.poll) if polls and reply.poll is not None else None
    shown = replace(reply, blocks=reply.below_picture) if pictures else reply
    if asked is not None and reply.poll is not None:
        shown = replace(shown, poll=None, blocks=(*shown.blocks, *reply.poll.below))
    drawn = degrade(shown, CAPABILITIES)
    title = " ".join(reply.title.split())
    blocks: Blocks = (*((Heading((Plain(title),), 1),) if title else ()), *drawn.blocks)
    left_out = [_said(button) for row in drawn.buttons for button in row if not can_be_pressed(button)]
    if asked is not None and reply.poll is not None:
        left_out += [f"{choice.label}: {choice.description}" for choice in reply.poll.choices if choice.description]
    if left_out:
        blocks = (*blocks, bullets(left_out))
    boards = keyboards(drawn.buttons)
    parts = [Message(text, entities) for text, entities in _cut(blocks, title) if shows_something(text)]
    if not parts and asked is None and (boards or reply.form is None):
        parts = [Message("…")]
    if pictures and reply.picture is not None:
        parts = _below_picture(parts, reply)
    if reply.document is not None:
        parts = _below_file(parts, reply.document)
    if asked is not None and reply.poll is not None:
        told = replace(reply.poll, below=())  # it stands above
        told = told if asked.is_closed else replace(told, note="")  # a new count is no reason to edit
        instead = render(Reply(poll=told, menu=reply.menu, buttons=reply.buttons))
        parts.append(Message("", question=asked, instead=instead))
    if boards:
        parts[-1] = _with_keyboard(parts[-1], boards[0])
        parts += [Message(_("More to choose from:"), keyboard=board) for board in boards[1:]]
    return tuple(parts)


def _below_picture(parts: list[Message], reply: Reply) -> list[Message]:
    """Return messages with a photo above the text, or before it where the text is too long to stand below."""
    picture = reply.picture
    assert picture is not None  # noqa: S101 - asked before
    if len(parts) == 1 and len(parts[0].text) <= CAPTION:
        whole = render(replace(reply, picture=None, document=None, poll=None)) if picture.beside else ()
        instead = replace(whole[0], keyboard=()) if len(whole) == 1 else parts[0]
        return [replace(parts[0], picture=picture, instead=(instead,))]
    alt = " ".join(unpinged(clean(picture.alt)).split())
    return [Message(alt if len(alt) <= CAPTION else alt[: CAPTION - 1] + "…", picture=picture), *parts]


def _below_file(parts: list[Message], document: Document) -> list[Message]:
    """Return messages with a file above the text, or before it where the text has no place below."""
    lost = Message(
        _("The file {name} cannot be sent here. Ask me for it in our private chat.").format(name=document.name)
    )
    if len(parts) == 1 and len(parts[0].text) <= CAPTION and parts[0].picture is None:
        return [replace(parts[0], document=document, instead=(lost, parts[0]))]
    return [Message("", document=document, instead=(lost,)), *parts]


def _with_keyboard(message: Message, board: Keyboard) -> Message:
    if message.question is not None:
        return replace(message, keyboard=board)  # the text that may stand in its place has all buttons already
    if not message.instead:
        return replace(message, keyboard=board)
    *others, last = message.instead
    return replace(message, keyboard=board, instead=(*others, replace(last, keyboard=board)))


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


def remark(reply: Reply) -> str | None:
    """Return a reply as the bare text that answers a press, or None if it is too long or more than words."""
    if any((reply.buttons, reply.menu, reply.poll, reply.form)):
        return None
    text = _bare(reply)
    return text if utf16(text) <= NOTICE and shows_something(text) else None


def gist(reply: Reply) -> str | None:
    """Return a reply, or at least its gist, as the bare text that answers a press; None if it has no gist."""
    whole = remark(reply)
    return short_remark(Reply((para(reply.brief),))) if whole is None and reply.brief else whole


def short_remark(reply: Reply) -> str:
    """Return a reply as the bare text that answers a press, cut where it is too long."""
    text = _bare(reply)
    if utf16(text) <= NOTICE:
        return text
    room = NOTICE - 1
    for cut, char in enumerate(text):
        room -= utf16(char)
        if room < 0:
            return text[:cut].rstrip() + "…"
    return text


def _bare(reply: Reply) -> str:
    drawn = degrade(reply, CAPABILITIES)
    title: Blocks = (Heading((Plain(reply.title),), 1),) if reply.title else ()
    return draw((*title, *drawn.blocks))[0]
