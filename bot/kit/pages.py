"""Cutting a long text to a platform's limit: on the tree, before rendering, so that markup can never break.

The caller says how long a block is in the platform's own unit (characters, UTF-16 code units, bytes); pages are cut
between blocks where possible, else between items, sentences or words, and no character is lost.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from functools import partial

from bot.kit.degrade import BARE, EVERYTHING, degrade_block
from bot.kit.text import (
    Block,
    Blocks,
    Bold,
    Bullets,
    Code,
    CodeBlock,
    Facts,
    Formula,
    Heading,
    Italic,
    Link,
    Paragraph,
    Plain,
    Quote,
    Span,
    Spans,
    Spoiler,
    Steps,
    Strike,
    Table,
    plain,
    spans,
)

_PARAGRAPHS = replace(BARE, spans=EVERYTHING.spans)
"""A platform that draws paragraphs alone, with every mark in them."""
Measure = Callable[[Blocks], int]


def pages(blocks: Blocks, limit: int, measure: Measure) -> tuple[Blocks, ...]:
    """Return ``blocks`` as pages of at most ``limit`` each, in order; at least one page, which may be empty.

    A heading is kept with what follows it. ``measure`` must grow with what it measures. Raises ``ValueError`` if not
    even one character fits, which means that ``limit`` is too small for any text.
    """
    done: list[Blocks] = []
    page: Blocks = ()
    queue = list(reversed(blocks))
    while queue:
        block = queue.pop()
        if measure((*page, block)) <= limit:
            page = (*page, block)
            continue
        if page:
            cut = len(page)
            while cut > 1 and isinstance(page[cut - 1], Heading):
                cut -= 1
            if cut == 1 and isinstance(page[0], Heading) and measure((block,)) > limit:
                cut = 0  # a heading alone: cut the block beside it
            if cut:
                done.append(page[:cut])
                queue.append(block)
                queue.extend(reversed(page[cut:]))
                page = ()
                continue
        head, tail = _split_block(block, partial(_fits_after, page, limit, measure))
        if head is None:
            if not page:  # what cannot be cut as it is can be cut once it is only words
                simpler = degrade_block(block, _PARAGRAPHS)
                if simpler == (block,):
                    simpler = degrade_block(block, BARE)
                if simpler == (block,):
                    raise ValueError(f"a limit of {limit} holds no text at all")
                queue.extend(reversed(simpler))
                continue
            done.append(page)
            page = ()
            queue.append(block)
            continue
        page = (*page, head)
        queue.append(tail)
    if page or not done:
        done.append(page)
    return tuple(done)


def _fits_after(page: Blocks, limit: int, measure: Measure, part: Block) -> bool:
    return measure((*page, part)) <= limit


def shorten(body: Spans, limit: int, measure: Callable[[Spans], int] = lambda body: len(plain(body))) -> Spans:
    """Return ``body`` cut to ``limit`` with an ellipsis where something was left out; ``limit`` is at least 1."""
    if measure(body) <= limit:
        return body
    head, _tail = split_spans(body, lambda part: measure(spans(part, "…")) <= limit)
    return spans(head, "…")


def _split_block(block: Block, fits: Callable[[Block], bool]) -> tuple[Block | None, Block]:
    """Return the largest head of ``block`` that fits, and the rest; head is None if nothing of it fits."""
    match block:
        case Bullets(items) | Steps(items):
            kept = _most(len(items), lambda count: fits(replace(block, items=items[:count])))
            if kept:
                return replace(block, items=items[:kept]), _rest(block, items[kept:], kept)
            head, tail = split_spans(items[0], lambda part: fits(replace(block, items=(part,))))
            return (replace(block, items=(head,)) if head else None), _continued(block, tail, items[1:])
        case Table(header, rows) if rows:
            kept = _most(len(rows), lambda count: fits(Table(header, rows[:count])))
            if kept:
                return Table(header, rows[:kept]), Table(header, rows[kept:])
            cells = Facts(tuple((plain(name), cell) for row in rows for name, cell in zip(header, row, strict=True)))
            return _split_block(cells, fits)
        case Facts(pairs) if pairs:
            kept = _most(len(pairs), lambda count: fits(Facts(pairs[:count])))
            if kept:
                return Facts(pairs[:kept]), Facts(pairs[kept:])
            label, value = pairs[0]
            head, tail = split_spans(spans(Bold((Plain(label),)), ": ", value), lambda part: fits(Paragraph(part)))
            if not head:
                return None, block
            # what follows the first pair keeps its own shape; the rest of the pair goes on as words
            return Paragraph(head), Facts((("…", tail), *pairs[1:])) if tail else Facts(pairs[1:])
        case CodeBlock(text):
            lines = text.splitlines(keepends=True)
            kept = _most(len(lines), lambda count: fits(replace(block, text="".join(lines[:count]))))
            if 0 < kept < len(lines):
                return replace(block, text="".join(lines[:kept])), replace(block, text="".join(lines[kept:]))
            count = _most(len(text), lambda count: fits(replace(block, text=text[:count])))
            return (replace(block, text=text[:count]) if count else None), replace(block, text=text[count:])
        case Paragraph(body) | Heading(body) | Quote(body):
            head, tail = split_spans(body, lambda part: fits(replace(block, body=part)))
            return (replace(block, body=head) if head else None), replace(block, body=tail)
        case _:
            return None, block


def _rest(block: Bullets | Steps, items: tuple[Spans, ...], kept: int) -> Block:
    if isinstance(block, Steps):
        return Steps(items, block.start + kept)
    return Bullets(items)


def _continued(block: Bullets | Steps, tail: Spans, items: tuple[Spans, ...]) -> Block:
    """Return the rest of a list whose first item was cut in two."""
    return replace(block, items=(tail, *items) if tail else items)


def split_spans(body: Spans, fits: Callable[[Spans], bool]) -> tuple[Spans, Spans]:
    """Return the longest beginning of ``body`` that fits and the rest, cut at a sentence or word where there is one."""
    kept = _most(len(body), lambda count: fits(body[:count]))
    if kept == len(body):
        return body, ()
    head, tail = body[:kept], body[kept:]
    first, second = _split_span(tail[0], lambda part: fits((*head, *part)))
    if first:
        return (*head, *first), (*second, *tail[1:])
    return head, tail


def _split_span(span: Span, fits: Callable[[Spans], bool]) -> tuple[Spans, Spans]:
    match span:
        case Plain(text) | Code(text) | Formula(text):
            most = _most(len(text), lambda count: fits((replace(span, text=text[:count]),)))
            cut = _good_cut(text, most)
            return _parts(replace(span, text=text[:cut]), replace(span, text=text[cut:]), cut, len(text))
        case Bold(body) | Italic(body) | Strike(body) | Spoiler(body) | Link(body, _):
            head, tail = split_spans(body, lambda part: fits((replace(span, body=part),)))
            return (
                (replace(span, body=head),) if head else (),
                (replace(span, body=tail),) if tail else (),
            )
        case _:
            return (), (span,)


def _parts(head: Span, tail: Span, cut: int, length: int) -> tuple[Spans, Spans]:
    return ((head,) if cut else ()), ((tail,) if cut < length else ())


_BREAKS = (re.compile(r"\n+"), re.compile(r"[.!?…]\s+"), re.compile(r"\s+"))


def _good_cut(text: str, most: int) -> int:
    """Return a cut at or before ``most`` that hurts least; never inside an emoji made of several characters."""
    if most >= len(text):
        return len(text)
    for breaks in _BREAKS:
        ends = [found.end() for found in breaks.finditer(text, 0, most)]
        if ends and ends[-1] >= most // 2:
            return ends[-1]
    cut = most
    while cut > 1 and (
        text[cut] in "\u200d\ufe0f" or text[cut - 1] == "\u200d" or "\U0001f3fb" <= text[cut] <= "\U0001f3ff"
    ):
        cut -= 1
    return cut


def _most(count: int, fits: Callable[[int], bool]) -> int:
    """Return the largest number up to ``count`` that fits, by halving; 0 if none does."""
    low, high = 0, count
    while low < high:
        middle = (low + high + 1) // 2
        if fits(middle):
            low = middle
        else:
            high = middle - 1
    return low
