"""Replies as Discord messages: plain data, no SDK, every limit kept before anything is sent.

Every answer is a card of Components V2: a container with the text, a line between parts, the menu and the buttons. It
holds 4,000 characters where plain content holds 2,000, draws no previews of links, and keeps text and buttons
together. One form for all answers also means that any card can take the place of any other when a button is pressed:
a message may become V2 but never plain again. Only passing remarks are plain content.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from bot.kit.degrade import Capabilities, degrade
from bot.kit.pages import pages, shorten
from bot.kit.reply import Button, Choice, Document, Form, Menu, Picture, Reply, Style, Tone
from bot.kit.text import (
    Block,
    Blocks,
    Bold,
    Bullets,
    Code,
    CodeBlock,
    Divider,
    Facts,
    Formula,
    Heading,
    Italic,
    Link,
    Paragraph,
    Plain,
    Progress,
    Quote,
    Spoiler,
    Steps,
    Strike,
    When,
    bullets,
    para,
    small,
    spans,
)
from bot.kit.wording import _
from bot.platforms.discord import limits
from bot.platforms.discord.controls import (
    CONTAINER,
    FILE,
    GALLERY,
    SEPARATOR,
    TEXT_DISPLAY,
    Names,
    Payload,
    addresses,
    draw_buttons,
    draw_menu,
    draw_modal,
    draw_several,
    is_cut,
    shown,
)
from bot.platforms.discord.markup import GAP, draw, units

CAPABILITIES: Final = Capabilities(
    spans=frozenset((Plain, Bold, Italic, Strike, Spoiler, Code, Link, When, Formula)),
    blocks=frozenset((Paragraph, Heading, Bullets, Steps, Quote, CodeBlock, Facts, Progress, Divider)),
    pictures=True,  # shown only where somebody draws them as PNG; the words stand beside them or alone
    polls=False,  # votes belong to the feature that asked, so answers are buttons
    buttons_a_row=limits.ROW_BUTTONS,
    button_rows=5,
    several=True,
)

EPHEMERAL: Final = 1 << 6
IS_COMPONENTS_V2: Final = 1 << 15
NO_MENTIONS: Final[Payload] = {"parse": []}
_ACCENTS: Final = {Tone.GOOD: 0x2E9E5B, Tone.WARNING: 0xE0A030}


def render(reply: Reply, form_button: str = "", picture: str = "") -> list[Payload]:
    """Draw a reply as one or more messages, the picture on the first and buttons on the last.

    ``form_button`` is the data that opens its form; ``picture`` is the name of the file attached to the first message.
    """
    said = _said(reply, with_picture=bool(picture))
    rows = said.buttons
    if said.form is not None and form_button:
        rows = ((Button(said.form.title, form_button, style=Style.PRIMARY),), *rows)
    names = Names()
    controls = draw_menu(said.menu, names) if said.menu is not None and said.menu.choices else []
    controls += draw_several(said.several, names) if said.several is not None else []
    controls += draw_buttons(rows, names)
    texts = _texts(replace(said, buttons=rows))
    if not texts and not controls and said.picture is None:
        texts = [[_text("…")]]
    if said.picture is not None:
        texts = texts or [[]]
        texts[0].insert(0, _gallery(said.picture, picture))
    cards = [(children, said.tone) for children in texts]
    messages = [_message(children, tone) for children, tone in _with_controls(cards, controls, said.tone)]
    if said.picture is not None:
        messages[0]["attachments"] = [{"id": 0, "filename": picture, "description": _alt(said.picture)}]
    return messages


def _said(reply: Reply, *, with_picture: bool = False) -> Reply:
    """Return what is drawn of a reply, in ways Discord knows."""
    if not with_picture and reply.picture is not None:
        blocks = reply.blocks or (para(reply.picture.alt),)
        reply = replace(reply, picture=None, blocks=blocks)
    if reply.poll is not None and len(reply.poll.choices) > limits.POLL_BUTTONS and reply.menu is None:
        poll = reply.poll
        question = Heading((Plain(poll.question),), 3)
        said = (*((small(poll.note),) if poll.note else ()), *poll.below)
        reply = replace(
            reply, poll=None, blocks=(*reply.blocks, question, *said), menu=Menu(_("Your answer"), poll.choices)
        )
    return degrade(reply, CAPABILITIES)


def _gallery(picture: Picture, name: str) -> Payload:
    return {
        "type": GALLERY,
        "items": [{"media": {"url": f"attachment://{name}"}, "description": _alt(picture)}],
    }


def _alt(picture: Picture) -> str:
    return shown(picture.alt, limits.ALT_TEXT)


def render_file(document: Document) -> Payload:
    """Draw a file as a message of its own; it is attached under its name."""
    part = {"type": FILE, "file": {"url": f"attachment://{document.name}"}}
    attached = [{"id": 0, "filename": document.name}]
    return {"components": [part], "attachments": attached, "flags": IS_COMPONENTS_V2, "allowed_mentions": NO_MENTIONS}


def render_modal(reply: Reply) -> Payload | None:
    """Draw a reply as a modal if that says everything it says, or None: then it is a message that leads to the form."""
    if reply.form is None or reply.buttons or reply.menu or reply.poll or reply.several:
        return None
    said = _said(reply)
    title = (Heading((Plain(said.title),), 1),) if said.title and said.title != reply.form.title else ()
    return draw_modal(reply.form, (*title, *said.blocks))


def render_form(form: Form) -> Payload | None:
    """Draw a form by itself as a modal."""
    return draw_modal(form)


def render_notice(reply: Reply) -> Payload:
    """Draw a passing remark as plain content."""
    said = _said(reply)
    first = pages(said.blocks, limits.CONTENT, lambda part: units(draw(part)))[0]
    return {"content": draw(first) or "…", "allowed_mentions": NO_MENTIONS}


def render_bare(reply: Reply) -> Payload:
    """Draw a reply as the simplest message there is, for when Discord refused the card."""
    said = _said(reply)
    blocks = (para(said.title), *said.blocks) if said.title else said.blocks
    return render_notice(Reply(blocks))


def _with_controls(
    cards: list[tuple[list[Payload], Tone]], controls: list[Payload], tone: Tone
) -> list[tuple[list[Payload], Tone]]:
    """Put rows below the last text as far as they fit, the rest into messages of their own."""
    if not cards:
        cards = [([], tone)]
    for row in controls:
        size = 1 + len(row["components"])
        if _size(cards[-1][0]) + size > limits.COMPONENTS:
            cards.append(([], tone))
        cards[-1][0].append(row)
    return cards


def _size(children: list[Payload]) -> int:
    return 1 + sum(1 + len(child.get("components") or child.get("items") or ()) for child in children)


def _message(children: list[Payload], tone: Tone) -> Payload:
    container: Payload = {"type": CONTAINER, "components": children}
    if tone in _ACCENTS:
        container["accent_color"] = _ACCENTS[tone]
    return {"components": [container], "flags": IS_COMPONENTS_V2, "allowed_mentions": NO_MENTIONS}


def _texts(said: Reply) -> list[list[Payload]]:
    """Return the text of each message as text displays and separators."""
    blocks: list[Block] = []
    if said.tone is Tone.WARNING:
        blocks.append(small("⚠️ ", _("Please note")))
    if said.title:
        blocks.append(Heading((Plain(said.title),), 1))
    blocks += said.blocks
    blocks += _what_labels_cut(said)
    blocks += addresses(said.buttons)
    most = limits.TEXT - limits.HEADER
    whole = _split(tuple(blocks))
    if _size_of(whole) <= most:  # as nearly always; finding where to cut means drawing many times
        return [_children(whole)] if whole else []
    cut = pages(tuple(blocks), most, _measure)
    drawn = [children for part in cut if (children := _children(_split(part)))]
    for number, children in enumerate(drawn[1:], 2):
        children.insert(0, _text(_header(said.title, number, len(drawn))))
    return drawn


def _measure(blocks: Blocks) -> int:
    return _size_of(_split(blocks))


def _size_of(texts: list[str]) -> int:
    return sum(units(text) + 2 for text in texts)


def _split(blocks: Blocks) -> list[str]:
    """Return the texts between the separators of a message."""
    groups: list[list[Block]] = [[]]
    for block in blocks:
        if isinstance(block, Divider) and len(groups) <= limits.SEPARATORS:
            groups.append([])
        else:
            groups[-1].append(block)
    return [text for group in groups if (text := draw(tuple(group)))]


def _children(texts: list[str]) -> list[Payload]:
    """Return texts as text displays with separators between them."""
    children: list[Payload] = []
    for text in texts:
        if children:
            children.append({"type": SEPARATOR})
        children.append(_text(text))
    return children


def _text(content: str) -> Payload:
    return {"type": TEXT_DISPLAY, "content": content}


def _header(title: str, number: int, count: int) -> str:
    which = f"({number}/{count})"
    if not title:
        return f"-# {which}"
    named = shorten(
        (Plain(" ".join(title.split())),), limits.HEADER_TITLE, lambda body: units(draw((Paragraph(body),)))
    )
    return draw((Paragraph(spans(named, f" {which}"), small=True),)) or GAP


def _what_labels_cut(said: Reply) -> list[Block]:
    """Return in full whatever a label, a placeholder or a title has no room for."""
    lines: list[str] = []
    if said.menu is not None:
        if is_cut(said.menu.prompt, limits.PLACEHOLDER - 8):
            lines.append(said.menu.prompt)
        lines += [_described(choice) for choice in said.menu.choices if _is_cut(choice)]
    if said.several is not None:
        lines += [said.several.prompt] if is_cut(said.several.prompt, limits.PLACEHOLDER) else []
        lines += [_described(choice) for choice in said.several.choices if _is_cut(choice)]
    lines += [
        button.label
        for row in said.buttons
        for button in row
        if is_cut(button.label, limits.BUTTON_LABEL)
    ]  # fmt: skip
    return [bullets(lines)] if lines else []


def _is_cut(choice: Choice) -> bool:
    return is_cut(choice.label, limits.OPTION_TEXT) or is_cut(choice.description, limits.OPTION_TEXT)


def _described(choice: Choice) -> str:
    return f"{choice.label}: {choice.description}" if choice.description else choice.label
