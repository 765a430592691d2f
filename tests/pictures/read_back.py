"""From what a platform was sent back to a reply, by the platform's own rules and with none of our drawing."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import Any, Final

from bot.kit.reply import Button, Reply, Style
from bot.kit.text import Block, Bold, Bullets, Code, CodeBlock, Heading, Italic, Link, Paragraph, Plain, Quote, Span

_INLINE: Final = re.compile(
    r"\\(?P<escaped>[^\w\s])|\*\*(?P<bold>.+?)\*\*|`(?P<code>[^`]+)`|\[(?P<words>(?:\\.|[^\]])+)\]\(<?(?P<url>[^)>\s]+)>?\)"
    r"|\*(?P<italic>[^*]+)\*"
)
_STYLES: Final = {1: Style.PRIMARY, 4: Style.DANGER}


def from_discord(payload: dict[str, Any]) -> Reply:
    """Return the reply that a message of components shows."""
    blocks: list[Block] = []
    rows: list[tuple[Button, ...]] = []
    for card in payload["components"]:
        for part in card.get("components", ()):
            if part["type"] == 10:
                blocks += _markdown(part["content"])
            elif part["type"] == 1:
                rows.append(tuple(_discord_button(key) for key in part["components"] if key["type"] == 2))
    return Reply(tuple(blocks), buttons=tuple(row for row in rows if row))


def _discord_button(key: dict[str, Any]) -> Button:
    if "url" in key:
        return Button(key["label"], url=key["url"])
    return Button(key["label"], key["custom_id"], style=_STYLES.get(key["style"], Style.NORMAL))


def _markdown(source: str) -> list[Block]:
    blocks: list[Block] = []
    for chunk in re.split(r"\n{2,}", source):
        items: list[tuple[Span, ...]] = []
        for line in chunk.split("\n"):
            if line.startswith("- "):
                items.append(_inline(line[2:]))
                continue
            if items:
                blocks.append(Bullets(tuple(items)))
                items = []
            if found := re.match(r"(#{1,3}) (.*)", line):
                blocks.append(Heading(_inline(found[2]), len(found[1])))
            elif line.startswith("-# "):
                blocks.append(Paragraph(_inline(line[3:]), small=True))
            elif line:
                blocks.append(Paragraph(_inline(line)))
        if items:
            blocks.append(Bullets(tuple(items)))
    return blocks


def _inline(source: str) -> tuple[Span, ...]:
    spans: list[Span] = []
    position = 0
    for found in _INLINE.finditer(source):
        if found.start() > position:
            spans.append(Plain(source[position : found.start()]))
        match found.lastgroup:
            case "escaped":
                spans.append(Plain(found["escaped"]))
            case "bold":
                spans.append(Bold(_inline(found["bold"])))
            case "italic":
                spans.append(Italic(_inline(found["italic"])))
            case "code":
                spans.append(Code(found["code"]))
            case _:
                spans.append(Link(_inline(found["words"]), found["url"]))
        position = found.end()
    return (*spans, *([Plain(source[position:])] if position < len(source) else []))


def from_telegram(text: str, entities: list[dict[str, Any]], rows: list[list[dict[str, Any]]]) -> Reply:
    """Return the reply that a message with entities and an inline keyboard shows."""
    units = text.encode("utf-16-le")
    blocks: list[Block] = []
    start = 0
    for line in text.split("\n"):
        size = len(line.encode("utf-16-le")) // 2
        if line.strip():
            inside = [one for one in entities if one["offset"] < start + size and one["offset"] + one["length"] > start]
            kinds = {one["type"] for one in inside}
            spans = _spans(units, start, start + size, inside)
            if "pre" in kinds:
                blocks.append(CodeBlock(line))
            elif kinds & {"blockquote", "expandable_blockquote"}:
                blocks.append(Quote(spans))
            else:
                blocks.append(Paragraph(spans))
        start += size + 1
    buttons = tuple(
        tuple(
            Button(key["text"], url=key["url"]) if "url" in key else Button(key["text"], key["callback_data"])
            for key in row
        )
        for row in rows
    )
    return Reply(tuple(blocks), buttons=buttons)


def _spans(units: bytes, start: int, end: int, entities: list[dict[str, Any]]) -> tuple[Span, ...]:
    """Cut a line where formatting begins or ends."""
    edges = {start, end}
    for one in entities:
        edges |= {max(start, one["offset"]), min(end, one["offset"] + one["length"])}
    spans: list[Span] = []
    points = sorted(edges)
    for first, last in pairwise(points):
        span: Span = Plain(units[2 * first : 2 * last].decode("utf-16-le"))
        for one in entities:
            if one["offset"] <= first and last <= one["offset"] + one["length"]:
                match one["type"]:
                    case "bold":
                        span = Bold((span,))
                    case "italic":
                        span = Italic((span,))
                    case "code" if isinstance(span, Plain):
                        span = Code(span.text)
                    case "text_link":
                        span = Link((span,), one["url"])
        spans.append(span)
    return tuple(spans)
