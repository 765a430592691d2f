"""Rewriting what a platform cannot draw: every node has a path that ends in a paragraph, so nothing is ever lost."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.kit.reply import Button, Reply, rows
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
    spans,
)


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What a platform draws by itself. Everything not named here is rewritten before it arrives.

    Attributes:
        spans: types of spans drawn.
        blocks: types of blocks drawn. ``Paragraph`` is always drawn.
        pictures, menus, polls, forms: whether these are drawn.
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
    """Return ``reply`` with only what the platform can draw; forms are left to the platform's own dialogue."""
    blocks: list[Block] = []
    if reply.picture is not None and not can.pictures and not reply.blocks:
        blocks.append(Paragraph((Plain(reply.picture.alt),)))
    for block in reply.blocks:
        blocks.extend(degrade_block(block, can))
    buttons = list(reply.buttons)
    if reply.menu is not None and not can.menus:
        blocks.append(Paragraph((Plain(reply.menu.prompt),)))
        buttons[:0] = [(Button(choice.label, choice.data),) for choice in reply.menu.choices]
    if reply.poll is not None and not can.polls:
        blocks.extend(degrade_block(Heading((Plain(reply.poll.question),), 3), can))
        buttons[:0] = [(Button(choice.label, choice.data),) for choice in reply.poll.choices]
    wrapped = tuple(part for row in buttons for part in rows(row, can.buttons_a_row))
    return replace(
        reply,
        blocks=tuple(blocks),
        picture=reply.picture if can.pictures else None,
        menu=reply.menu if can.menus else None,
        poll=reply.poll if can.polls else None,
        buttons=wrapped,
    )


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
            return (Paragraph(spans("“", body, "”")),)
        case CodeBlock(text):
            return tuple(Paragraph((Code(line),)) for line in text.splitlines() if line)
        case Table(header, table_rows) if len(header) == 2:
            return tuple(Paragraph(spans(Bold(row[0]), ": ", row[1])) for row in table_rows)
        case Table():
            return (CodeBlock(draw_table(block)),)
        case Facts(pairs):
            return tuple(Paragraph(spans(Bold((Plain(label),)), ": ", value)) for label, value in pairs)
        case Progress(label, note=note):
            tail: Spans = spans("  ", note) if note else ()
            return (Paragraph(spans(label, f"  {block.bar()} {block.percent} %", tail)),)
        case Divider():
            return (Paragraph((Plain("———"),)),)
        case Paragraph():
            return (block,)


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
            return spans(words, f" ({url})") if span.is_safe and plain(words) != url else words
        case Spoiler(body):
            return spans("[", degrade_spans(body, can), "]")
        case Bold(body) | Italic(body) | Strike(body):
            return degrade_spans(body, can)
        case Code(text) | Formula(text):
            return (Plain(text),)
        case Mention(_, name):
            return (Plain(name),)
        case When(at, _, zone):
            return (Plain(written_out(at, zone)),)
        case Plain():
            return (span,)


def written_out(at: datetime, zone: str) -> str:
    """Write a moment out with its zone, such as ``Sat 21 Nov 2026, 18:00 (Europe/Berlin)``."""
    local = at.astimezone(ZoneInfo(zone))
    return f"{local:%a} {local.day} {local:%b %Y, %H:%M} ({zone})"


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
    """Return how many columns of a fixed-width screen a text takes."""
    return sum(
        0 if unicodedata.combining(char) else 2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text
    )
