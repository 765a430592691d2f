"""Text is a tree until the last moment: spans make sentences, blocks make messages.

Everything a person typed or a feed delivered enters as ``Plain`` and nothing else, so it can never act as markup.
Platforms turn the tree into their own format; whatever they cannot draw is rewritten first by ``kit.degrade``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Plain:
    """Characters shown exactly as they are."""

    text: str


@dataclass(frozen=True, slots=True)
class Bold:
    """Strong emphasis."""

    body: Spans


@dataclass(frozen=True, slots=True)
class Italic:
    """Light emphasis; titles of works."""

    body: Spans


@dataclass(frozen=True, slots=True)
class Strike:
    """Text that no longer holds."""

    body: Spans


@dataclass(frozen=True, slots=True)
class Spoiler:
    """Text hidden until the reader asks for it."""

    body: Spans


@dataclass(frozen=True, slots=True)
class Code:
    """Something to type or a name from a program, in one line."""

    text: str


@dataclass(frozen=True, slots=True)
class Link:
    """Words that lead to an address. The address is ``http`` or ``https``; anything else is drawn as words only."""

    body: Spans
    url: str

    @property
    def is_safe(self) -> bool:
        """Whether the address is a plain web address."""
        return self.url.startswith(("https://", "http://"))


@dataclass(frozen=True, slots=True)
class Mention:
    """A person of this community, by name; notifies nobody unless the reply says so."""

    person: int
    name: str


class Moment(StrEnum):
    """How a moment is shown to its reader."""

    DATE = "date"
    TIME = "time"
    DATE_TIME = "datetime"
    RELATIVE = "relative"


_zone: ContextVar[str] = ContextVar("zone", default="UTC")


@contextmanager
def reading_in(zone: str) -> Iterator[None]:
    """Inside this block, moments are for people of an IANA zone."""
    token = _zone.set(zone)
    try:
        yield
    finally:
        _zone.reset(token)


@dataclass(frozen=True, slots=True)
class When:
    """A moment (aware, UTC) shown in the reader's own time; ``zone`` serves where the reader's is not known.

    Not given, it is the zone of ``reading_in``, which the engine sets to that of whoever is answered.
    """

    at: datetime
    style: Moment = Moment.DATE_TIME
    zone: str = field(default_factory=_zone.get)


@dataclass(frozen=True, slots=True)
class Formula:
    """Mathematics written in Unicode, such as ``∂L/∂w = (ŷ − y)·x``."""

    text: str


Span = Plain | Bold | Italic | Strike | Spoiler | Code | Link | Mention | When | Formula
Spans = tuple[Span, ...]
Words = str | Span | Spans  # what constructors accept where a sentence is wanted


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A few sentences. ``small`` marks small print."""

    body: Spans
    small: bool = False


@dataclass(frozen=True, slots=True)
class Heading:
    """A line that names what follows. ``level`` is 1 (title), 2 or 3."""

    body: Spans
    level: int = 2


@dataclass(frozen=True, slots=True)
class Bullets:
    """A list whose order does not matter; one tuple of spans an item."""

    items: tuple[Spans, ...]


@dataclass(frozen=True, slots=True)
class Steps:
    """A numbered list, counted from ``start``."""

    items: tuple[Spans, ...]
    start: int = 1


@dataclass(frozen=True, slots=True)
class Quote:
    """Words set apart from ours."""

    body: Spans


@dataclass(frozen=True, slots=True)
class CodeBlock:
    """Lines of a program or a fixed-width drawing; ``language`` may be empty."""

    text: str
    language: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under a header; every row has as many cells as the header."""

    header: tuple[Spans, ...]
    rows: tuple[tuple[Spans, ...], ...]


@dataclass(frozen=True, slots=True)
class Facts:
    """Pairs of a short label and its value."""

    pairs: tuple[tuple[str, Spans], ...]


@dataclass(frozen=True, slots=True)
class Progress:
    """How far something has come: ``done`` of ``total`` (``total`` at least 1), with a label and an optional note."""

    label: Spans
    done: float
    total: float
    note: Spans = ()

    @property
    def percent(self) -> int:
        """Whole percent, rounded down, so that 100 means finished; 0 to 100."""
        if self.total <= 0:
            return 0
        return max(0, min(100, int(100 * self.done / self.total + 1e-9)))

    def bar(self, cells: int = 10) -> str:
        """Return the bar as text, such as ``▓▓▓░░░░░░░`` for 30 percent."""
        filled = self.percent * cells // 100
        return "▓" * filled + "░" * (cells - filled)


@dataclass(frozen=True, slots=True)
class Divider:
    """A pause between parts."""


Block = Paragraph | Heading | Bullets | Steps | Quote | CodeBlock | Table | Facts | Progress | Divider
Blocks = tuple[Block, ...]


def spans(*words: Words) -> Spans:
    """Join strings, spans and tuples of spans into one sentence; neighbouring plain texts become one."""
    out: list[Span] = []
    for word in _flat(words):
        if isinstance(word, Plain):
            if not word.text:
                continue
            if out and isinstance(last := out[-1], Plain):
                out[-1] = Plain(last.text + word.text)
                continue
        out.append(word)
    return tuple(out)


def _flat(words: Iterable[Words]) -> Iterator[Span]:
    for word in words:
        if isinstance(word, str):
            yield Plain(word)
        elif isinstance(word, tuple):
            yield from word
        else:
            yield word


def bold(*words: Words) -> Bold:
    """Emphasise words strongly."""
    return Bold(spans(*words))


def italic(*words: Words) -> Italic:
    """Emphasise words lightly."""
    return Italic(spans(*words))


def strike(*words: Words) -> Strike:
    """Cross words out."""
    return Strike(spans(*words))


def code(text: str) -> Code:
    """Set a short text in fixed width."""
    return Code(text)


def link(words: Words, url: str) -> Link:
    """Let words lead to an address."""
    return Link(spans(words), url)


def para(*words: Words) -> Paragraph:
    """Make a paragraph."""
    return Paragraph(spans(*words))


def small(*words: Words) -> Paragraph:
    """Make a paragraph of small print."""
    return Paragraph(spans(*words), small=True)


def heading(*words: Words, level: int = 2) -> Heading:
    """Make a heading; level 1 is a title."""
    return Heading(spans(*words), level)


def bullets(items: Iterable[Words]) -> Bullets:
    """Make a list."""
    return Bullets(tuple(spans(item) for item in items))


def join(items: Iterable[Words], between: Words = ", ") -> Spans:
    """Join sentences with ``between``."""
    out: list[Words] = []
    for item in items:
        if out:
            out.append(between)
        out.append(item)
    return spans(*out)


def plain(body: Spans | Block | Blocks) -> str:
    """Return the bare characters of a tree, for logs, alt texts, search and tests; a block takes a line of its own."""
    if not isinstance(body, tuple):
        return _plain_block(body)
    return "".join(_plain_span(part) if isinstance(part, _SPAN_TYPES) else _plain_block(part) + "\n" for part in body)


_SPAN_TYPES = (Plain, Bold, Italic, Strike, Spoiler, Code, Link, Mention, When, Formula)


def _plain_span(span: Span) -> str:
    match span:
        case Plain(text) | Code(text) | Formula(text):
            return text
        case Bold(body) | Italic(body) | Strike(body) | Spoiler(body) | Link(body, _):
            return "".join(map(_plain_span, body))
        case Mention(_, name):
            return name
        case When(at):
            return at.strftime("%Y-%m-%d %H:%M UTC")


def _plain_block(block: Block) -> str:
    match block:
        case Paragraph(body) | Heading(body) | Quote(body):
            return plain(body)
        case Bullets(items) | Steps(items):
            return "\n".join(map(plain, items))
        case CodeBlock(text):
            return text
        case Table(header, rows):
            return "\n".join(" | ".join(map(plain, row)) for row in (header, *rows))
        case Facts(pairs):
            return "\n".join(f"{label}: {plain(value)}" for label, value in pairs)
        case Progress(label, note=note):
            return f"{plain(label)} {block.bar()} {block.percent} % {plain(note)}".rstrip()
        case Divider():
            return ""
