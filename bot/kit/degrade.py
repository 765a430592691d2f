"""Rewriting what a platform cannot draw: every node has a path that ends in a paragraph, so nothing is ever lost."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Final
from zoneinfo import ZoneInfo

from bot.kit.reply import Button, Choice, Reply, rows
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
    Mention,
    Moment,
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
    bullets,
    join,
    plain,
    small,
    spans,
)
from bot.kit.wording import N_, _, quoted

TABLE_COLUMNS: Final = 60
"""Columns of a fixed-width drawing that still fit a phone held upright; wider tables become lists."""


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What a platform draws by itself. Everything not named here is rewritten before it arrives.

    Attributes:
        spans: types of spans drawn.
        blocks: types of blocks drawn. ``Paragraph`` is always drawn.
        pictures, menus, polls, forms, several: whether these are drawn.
        buttons_a_row, button_rows: limits of a keyboard.
        table_columns: widest table drawn; wider ones are rewritten.
    """

    spans: frozenset[type]
    blocks: frozenset[type]
    pictures: bool = True
    menus: bool = True
    polls: bool = True
    forms: bool = True
    buttons_a_row: int = 5
    button_rows: int = 5
    table_columns: int = 6
    several: bool = False


EVERYTHING = Capabilities(
    spans=frozenset((Plain, Bold, Italic, Strike, Spoiler, Code, Link, Mention, When, Formula)),
    blocks=frozenset((Paragraph, Heading, Bullets, Steps, Quote, CodeBlock, Table, Facts, Progress, Divider)),
)
BARE = Capabilities(
    spans=frozenset((Plain,)),
    blocks=frozenset((Paragraph,)),
    pictures=False,
    menus=False,
    polls=False,
    forms=False,
    buttons_a_row=1,
)


def degrade(reply: Reply, can: Capabilities) -> Reply:
    """Return ``reply`` with only what the platform can draw; forms are left to the platform's own dialogue.

    A menu or poll that cannot be drawn becomes buttons, one a row; rows are packed when there are more than fit. Where
    even that is too much, every button is still there: the platform spreads them over several messages.
    """
    blocks: list[Block] = []
    if reply.picture is not None and not can.pictures and not reply.blocks:
        blocks.append(Paragraph((Plain(reply.picture.alt),)))
    blocks.extend(reply.below_picture if can.pictures else reply.blocks)
    buttons: list[tuple[Button, ...]] = []
    if reply.menu is not None and not can.menus:
        blocks.append(Paragraph((Plain(reply.menu.prompt),)))
        blocks.extend(_described(reply.menu.choices))
        buttons += [(Button(choice.label, choice.data),) for choice in reply.menu.choices]
    if reply.poll is not None and not can.polls:
        blocks.append(Heading((Plain(reply.poll.question),), 3))
        blocks.extend(_described(reply.poll.choices))
        blocks.extend((small(reply.poll.note),) if reply.poll.note else ())
        blocks.extend(reply.poll.below)
        buttons += [(Button(choice.label, choice.data),) for choice in reply.poll.choices]
    buttons += _without(reply.several.instead_of, reply.buttons) if reply.several and can.several else reply.buttons
    return replace(
        reply,
        blocks=tuple(drawn for block in blocks for drawn in degrade_block(block, can)),
        picture=reply.picture if can.pictures else None,
        menu=reply.menu if can.menus else None,
        poll=reply.poll if can.polls else None,
        several=reply.several if can.several else None,
        buttons=_laid_out(buttons, can),
    )


def _without(data: str, buttons: tuple[tuple[Button, ...], ...]) -> tuple[tuple[Button, ...], ...]:
    """Leave out the button that a list of several makes needless."""
    kept = (tuple(button for button in row if button.data != data) for row in buttons)
    return tuple(row for row in kept if row)


def _described(choices: tuple[Choice, ...]) -> Blocks:
    """Keep what a button has no room for."""
    lines = [f"{choice.label}: {choice.description}" for choice in choices if choice.description]
    return (bullets(lines),) if lines else ()


def _laid_out(buttons: list[tuple[Button, ...]], can: Capabilities) -> tuple[tuple[Button, ...], ...]:
    wrapped = tuple(part for row in buttons for part in rows(row, can.buttons_a_row))
    if len(wrapped) <= can.button_rows:
        return wrapped
    return rows([button for row in wrapped for button in row], can.buttons_a_row)


def degrade_block(block: Block, can: Capabilities) -> Blocks:
    """Return blocks the platform can draw that say the same."""
    drawn = type(block) in can.blocks and not (isinstance(block, Table) and len(block.header) > can.table_columns)
    if drawn or isinstance(block, Paragraph):
        return (_map_spans(block, lambda body: degrade_spans(body, can)),)
    return tuple(part for step in _rewrite(block) for part in degrade_block(step, can))


def _rewrite(block: Block) -> Blocks:
    """Say a block with simpler ones; each step is closer to a paragraph."""
    match block:
        case Heading(body):
            return (Paragraph((Bold(body),)),)
        case Bullets(items):
            return tuple(Paragraph(spans("• ", item)) for item in items)
        case Steps(items, start):
            return tuple(Paragraph(spans(f"{number}. ", item)) for number, item in enumerate(items, start))
        case Quote(body):
            begin, end = quoted("\n").split("\n")
            return (Paragraph(spans(begin, body, end)),)
        case CodeBlock(text):
            return tuple(Paragraph((Code(line),)) for line in text.splitlines() if line.strip())
        case Table():
            return _rewrite_table(block)
        case Facts(pairs):
            return tuple(Paragraph(spans(_named((Plain(label),)), value)) for label, value in pairs)
        case Progress(label, note=note):
            tail: Spans = spans("  ", note) if note else ()
            return (Paragraph(spans(label, f"  {block.bar()} {block.percent} %", tail)),)
        case Divider():
            return (Paragraph((Plain("———"),)),)
        case Paragraph():
            return (block,)


def _rewrite_table(table: Table) -> Blocks:
    """Two columns read best as lines; a narrow table is drawn; a wide one names its columns in every row."""
    if len(table.header) == 2:
        named = any(plain(cell).strip() for cell in table.header)
        title = (Paragraph((Bold(spans(table.header[0], ": ", table.header[1])),)),) if named else ()
        return (*title, *(Paragraph(spans(_named(row[0]), row[1])) for row in table.rows))
    said = Table(_said(table.header), tuple(map(_said, table.rows)))
    drawing = draw_table(said)
    cells = [plain(cell) for row in (said.header, *said.rows) for cell in row]
    if columns(drawing.partition("\n")[2].partition("\n")[0]) <= TABLE_COLUMNS and not any(
        "\n" in cell for cell in cells
    ):
        return (CodeBlock(drawing),)
    if not table.rows:
        return (Paragraph((Bold(join(table.header, " · ")),)),)
    return tuple(
        Facts(tuple((plain(name), cell) for name, cell in zip(said.header, row, strict=True))) for row in table.rows
    )


def _said(cells: tuple[Spans, ...]) -> tuple[Spans, ...]:
    """Say cells in characters alone, so that addresses, hidden words and moments survive a fixed-width drawing."""
    return tuple(degrade_spans(cell, BARE) for cell in cells)


def _named(label: Spans) -> Spans:
    return (Bold(label), Plain(": ")) if plain(label) else ()


def degrade_spans(body: Spans, can: Capabilities) -> Spans:
    """Return spans the platform can draw that say the same."""
    return spans(*(_degrade_span(span, can) for span in body))


def _degrade_span(span: Span, can: Capabilities) -> Spans:
    if type(span) in can.spans and not (isinstance(span, Link) and not span.is_safe):
        if isinstance(span, Bold | Italic | Strike | Spoiler | Link):
            return (replace(span, body=degrade_spans(span.body, can)),)
        return (span,)
    match span:
        case Link(body, url):
            words = degrade_spans(body, can)
            if not span.is_safe or plain(words) == url:
                return words
            return spans(words, f" ({url})") if words else (Plain(url),)
        case Spoiler(body):
            return spans("[", degrade_spans(body, can), "]")
        case Bold(body) | Italic(body) | Strike(body):
            return degrade_spans(body, can)
        case Code(text) | Formula(text):
            return (Plain(text),)
        case Mention(_, name):
            return (Plain(name),)
        case When(at, style, zone):
            return (Plain(written_out(at, zone, style)),)
        case Plain():
            return (span,)


WEEKDAYS: Final = (N_("Mon"), N_("Tue"), N_("Wed"), N_("Thu"), N_("Fri"), N_("Sat"), N_("Sun"))
MONTHS: Final = (
    *(N_("Jan"), N_("Feb"), N_("Mar"), N_("Apr"), N_("May"), N_("Jun")),
    *(N_("Jul"), N_("Aug"), N_("Sep"), N_("Oct"), N_("Nov"), N_("Dec")),
)


_UTC: Final = frozenset(
    prefix + name for prefix in ("", "Etc/") for name in ("UTC", "UCT", "Universal", "Zulu", "GMT", "GMT0", "Greenwich")
)


def day_in_words(local: date) -> str:
    """Write a day in the language being spoken, such as ``Sat 21 Nov 2026``."""
    return _("{weekday} {day} {month} {year}").format(
        weekday=_(WEEKDAYS[local.weekday()]), day=local.day, month=_(MONTHS[local.month - 1]), year=local.year
    )


def written_out(at: datetime, zone: str, style: Moment = Moment.DATE_TIME) -> str:
    """Write a moment out with its zone, such as ``Sat 21 Nov 2026, 18:00 (Europe/Berlin)``; a date needs no zone.

    A zone this computer does not know is read as UTC, since a message must never fail for it.
    """
    try:
        local = at.astimezone(ZoneInfo(zone))
    except (
        ValueError,
        OSError,
        KeyError,
    ):  # ZoneInfoNotFoundError is a KeyError; OSError for a folder such as "Europe"
        zone, local = "UTC", at.astimezone(UTC)
    if style is Moment.DATE:
        return day_in_words(local)
    if style is Moment.TIME:
        return f"{local:%H:%M} ({called(zone)})"
    return f"{day_in_words(local)}, {local:%H:%M} ({called(zone)})"


def called(zone: str) -> str:
    """Return an IANA zone as people are told it; computers that run on UTC call that by several names."""
    return "UTC" if zone in _UTC else zone


def _map_spans(block: Block, change: Callable[[Spans], Spans]) -> Block:
    match block:
        case Paragraph(body) | Heading(body) | Quote(body):
            return replace(block, body=change(body))
        case Bullets(items) | Steps(items):
            return replace(block, items=tuple(change(item) for item in items))
        case Table(header, table_rows):
            return Table(
                tuple(change(cell) for cell in header),
                tuple(tuple(change(cell) for cell in row) for row in table_rows),
            )
        case Facts(pairs):
            return Facts(tuple((label, change(value)) for label, value in pairs))
        case Progress(label, note=note):
            return replace(block, label=change(label), note=change(note))
        case CodeBlock() | Divider():
            return block


def draw_table(table: Table) -> str:
    """Draw a table with fixed-width characters."""
    cells = [[plain(cell) for cell in row] for row in (table.header, *table.rows)]
    widths = [max(columns(row[position]) for row in cells) for position in range(len(table.header))]
    lines = [
        "  ".join(cell + " " * (width - columns(cell)) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in cells
    ]
    return "\n".join([lines[0], "  ".join("─" * width for width in widths), *lines[1:]])


def columns(text: str) -> int:
    """Return how many columns of a fixed-width screen a text takes; an emoji made of several characters takes two."""
    if text.isascii():
        return len(text)
    width, joined = 0, False
    for char in text:
        if not joined and not "\U0001f3fb" <= char <= "\U0001f3ff":
            width += _columns_of(char)
        elif char == "\u200d" or _columns_of(char) == 0:
            continue
        joined = char == "\u200d"
    return width


def _columns_of(char: str) -> int:
    if char.isascii():
        return 1
    if unicodedata.category(char) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1
