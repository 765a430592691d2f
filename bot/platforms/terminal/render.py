"""Replies as text for a terminal: pure, and no typed or fed text can send control codes."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from bot.kit.degrade import EVERYTHING, Capabilities, columns, draw_table, written_out
from bot.kit.reply import Reply, Tone
from bot.kit.text import (
    Block,
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
    Mention,
    Paragraph,
    Plain,
    Progress,
    Quote,
    Span,
    Spans,
    Spoiler,
    Steps,
    Strike,
    Table,
    When,
    plain,
)
from bot.kit.wording import _

CAPABILITIES: Final[Capabilities] = EVERYTHING
"""Everything is drawn here, pictures by their words."""

_CONTROL: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_TOKEN: Final = re.compile(r"\x1b\[[0-9;]*m|\x1b\]8;;.*?\x1b\\|\n|[^\S\n]+|[^\s\x1b]+")

BOLD, DIM, ITALIC, UNDERLINE, STRUCK, CYAN = "1", "2", "3", "4", "9", "36"


@dataclass(frozen=True, slots=True)
class Screen:
    """How wide lines may be, whether colour and hyperlinks are understood, and the reader's zone."""

    width: int = 80
    colour: bool = False
    zone: str = "UTC"
    reveal: bool = False


def choices_of(reply: Reply) -> list[tuple[str, str, str]]:
    """Return what can be chosen, in the order of its numbers: (label, description, data), an address as ``url:``."""
    found = [
        (choice.label, choice.description, choice.data)
        for offered in (reply.menu, reply.poll)
        if offered is not None
        for choice in offered.choices
    ]
    found += [(button.label, "", button.data or f"url:{button.url}") for row in reply.buttons for button in row]
    return found


def render(reply: Reply, screen: Screen) -> str:
    """Draw a whole reply, its choices numbered from 1. Ends with a line break."""
    parts: list[tuple[str, Block | None]] = []
    if reply.tone is Tone.WARNING:
        parts.append((_style(_("Please note"), DIM, screen), None))
    if reply.title:
        title = clean(reply.title)
        rule = "─" * min(columns(title), screen.width)
        parts.append((_style(wrap(title, screen), f"{BOLD};{CYAN}", screen) + "\n" + rule, None))
    if reply.picture is not None and not reply.blocks:
        parts.append((wrap(clean(reply.picture.alt), screen), None))
    parts += [(draw(block, screen), block) for block in reply.blocks]
    parts += [
        (_style(wrap(clean(line), screen), BOLD, screen), None)
        for line in (
            reply.poll.question if reply.poll else "",
            reply.form.title if reply.form else "",
            f"{reply.menu.prompt}:" if reply.menu else "",
        )
        if line
    ]
    if reply.poll is not None and reply.poll.note:
        parts.append((_style(wrap(clean(reply.poll.note), screen), DIM, screen), None))
    parts += [(draw(block, screen), block) for block in (reply.poll.below if reply.poll is not None else ())]
    if reply.document is not None:
        parts.append((_style(wrap(_("File: {name}").format(name=reply.document.name), screen), BOLD, screen), None))
    text = _stack(parts)
    listed = choices_of(reply)
    if listed:
        text += "\n\n" + _choices(reply, listed, screen)
    return text.strip("\n") + "\n"


def _stack(parts: list[tuple[str, Block | None]]) -> str:
    """Set parts below each other; progress bars stand close together, other parts apart."""
    text = ""
    before: Block | None = None
    for part, block in parts:
        close = isinstance(block, Progress) and isinstance(before, Progress)
        text += part if not text else ("\n" if close else "\n\n") + part
        before = block
    return text


def _choices(reply: Reply, listed: list[tuple[str, str, str]], screen: Screen) -> str:
    menu = len(listed) - sum(map(len, reply.buttons))
    lines = [
        _item(number, label, description, screen) for number, (label, description, _data) in enumerate(listed[:menu], 1)
    ]
    number = menu
    for row in reply.buttons:
        line = ""
        for button in row:
            number += 1
            item = _item(number, button.label, "", screen)
            if line and columns(_bare(line)) + columns(_bare(item)) + 2 > screen.width:
                lines.append(line)
                line = ""
            line += ("  " if line else "") + item
        lines.append(line)
    return "\n".join(lines)


def _item(number: int, label: str, description: str, screen: Screen) -> str:
    tail = _style(f" · {clean(description)}", DIM, screen) if description else ""
    return wrap(f"{_style(f'[{number}]', CYAN, screen)} {clean(label)}{tail}", screen, "", " " * len(f"[{number}] "))


def draw(block: Block, screen: Screen) -> str:
    """Draw one block, wrapped at the screen's width."""
    match block:
        case Paragraph(body, small):
            text = wrap(words(body, screen), screen)
            return _style(text, DIM, screen) if small else text
        case Heading(body):
            return _style(wrap(words(body, screen), screen), BOLD, screen)
        case Bullets(items):
            return "\n".join(wrap(words(item, screen), screen, "• ", "  ") for item in items)
        case Steps(items, start):
            return "\n".join(
                wrap(words(item, screen), screen, f"{number}. ", " " * len(f"{number}. "))
                for number, item in enumerate(items, start)
            )
        case Quote(body):
            return wrap(words(body, screen), screen, "> ", "> ")
        case CodeBlock(text):
            return "\n".join("    " + clean(line) for line in text.splitlines())
        case Table():
            return clean(draw_table(block))
        case Facts(pairs):
            widest = min(24, max(columns(clean(label)) for label, _value in pairs)) if pairs else 0
            return "\n".join(
                wrap(words(value, screen), screen, f"{clean(label)}: ".ljust(widest + 2), " " * (widest + 2))
                for label, value in pairs
            )
        case Progress(label, note=note):
            return _progress(block, words(label, screen), words(note, screen), screen)
        case Divider():
            return "─" * min(24, screen.width)


def _progress(block: Progress, label: str, note: str, screen: Screen) -> str:
    bar = f"{block.bar()} {block.percent:3d} %"
    room = min(44, max(20, screen.width - 20))
    gap = room - columns(_bare(label))
    line = label + " " * gap + bar if gap >= 2 else f"{wrap(label, screen)}\n   {bar}"
    if not note:
        return line
    if columns(_bare(line.rpartition("\n")[2])) + 2 + columns(_bare(note)) <= screen.width:
        return f"{line}  {_style(note, DIM, screen)}"
    return line + "\n" + _style(wrap(note, screen, "   ", "   "), DIM, screen)


def words(body: Spans, screen: Screen) -> str:
    """Draw a sentence; only our own codes are in it."""
    return "".join(_span(span, screen) for span in body)


def _span(span: Span, screen: Screen) -> str:
    match span:
        case Plain(text):
            return clean(text)
        case Bold(body):
            return _style(words(body, screen), BOLD, screen)
        case Italic(body):
            return _style(words(body, screen), ITALIC, screen)
        case Strike(body):
            return _style(words(body, screen), STRUCK, screen)
        case Spoiler(body):
            if screen.reveal:
                return words(body, screen)
            return "▒" * max(3, min(12, len(plain(body)))) + " " + _("(type show)")
        case Code(text) | Formula(text):
            return _style(clean(text), CYAN, screen)
        case Mention(_id, name):
            return "@" + clean(name)
        case When():
            return _moment(span, screen)
        case Link(body, url):
            return _link(words(body, screen), url, span.is_safe, screen)


def _link(shown: str, url: str, safe: bool, screen: Screen) -> str:
    address = clean(url).replace(" ", "%20")
    if not safe:
        return shown
    if screen.colour:
        return f"\x1b]8;;{address}\x1b\\\x1b[{UNDERLINE}m{shown}\x1b[24m\x1b]8;;\x1b\\"
    return shown if _bare(shown) == address else f"{shown} <{address}>"


def _moment(span: When, screen: Screen) -> str:
    return written_out(span.at, screen.zone if span.zone == "UTC" else span.zone, span.style)


def clean(text: str) -> str:
    """Return text without anything a terminal would obey; line breaks and tabs stay."""
    return _CONTROL.sub("�", text.replace("\r\n", "\n"))


def _style(text: str, codes: str, screen: Screen) -> str:
    if not screen.colour or not text:
        return text
    return "\n".join(f"\x1b[{codes}m{line}\x1b[0m" if line else line for line in text.split("\n"))


def _bare(text: str) -> str:
    return re.sub(r"\x1b\[[0-9;]*m|\x1b\]8;;.*?\x1b\\", "", text)


def wrap(text: str, screen: Screen, first: str = "", other: str = "") -> str:
    """Break text at spaces to the screen's width; words longer than a line are cut, nothing is lost."""
    width = max(screen.width, 20)
    lines: list[str] = []
    line, used = first, columns(first)
    gap = held = ""
    empty = True
    for token in _TOKEN.findall(text):
        if token.startswith("\x1b"):
            if gap:
                held += token  # it belongs to the next word, on whichever line that stands
            else:
                line += token
            continue
        if token == "\n":  # noqa: S105 - a token of text
            lines.append(line.rstrip() + held)
            line, used, gap, held, empty = other, columns(other), "", "", True
            continue
        if token.isspace():
            gap = " " if not empty else ""
            continue
        size = columns(token)
        if not empty and used + columns(gap) + size > width:
            lines.append(line.rstrip())
            line, used, gap, empty = other, columns(other), "", True
        line += gap + held
        used += columns(gap)
        gap = held = ""
        while used + columns(token) > width and len(token) > 1:
            cut = _fitting(token, width - used)
            lines.append(line + token[:cut])
            token = token[cut:]  # noqa: PLW2901
            line, used = other, columns(other)
        line += token
        used += columns(token)
        empty = False
    lines.append(line.rstrip() + held)
    return "\n".join(lines)


def _fitting(token: str, room: int) -> int:
    used = 0
    for number, char in enumerate(token):
        used += columns(char)
        if used > room:
            return max(1, number)
    return len(token)
