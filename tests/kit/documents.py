"""Random documents and replies, for properties that hold for everything that can be said.

Drawing is what such a test spends its time on, and each draw costs the same whether it decides much or little. So the
shape of a part (how many, what kind, what around what) is one draw of bytes, which a ``Pen`` reads; characters, numbers
with a point and single parts are drawn one by one.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import TypeVar

from hypothesis import strategies as st

from bot.kit.reply import Button, Choice, Field, FieldKind, Form, Menu, Picture, Poll, Reply, Style, Tone
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
    small,
    spans,
)

HOSTILE = [
    "<b>&amp;</b>",
    "*_`~|[]()#-",
    "@everyone <@1> <t:1:R>",
    "\u202eabc\u2066",
    "👩‍👩‍👧‍👦🏽",
    "e\u0301",
    "'; DROP",
    "\\*",
    "1. x",
    "> y",
]
free = st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=60)
names = st.text("abcdefghijklmnopqrstuvwxyz", min_size=1, max_size=9)
ADDRESSES = ["https://example.org/a?b=1&c=2", "http://x.org", "javascript:alert(1)"]
Leaf = Callable[[], Span]
WORDS: list[Callable[[str], Span]] = [Plain, Code, Formula]
Mark = Callable[[Spans], Span]
MARKS: list[Mark] = [Bold, Italic, Strike, Spoiler]
FIRST, LAST = datetime(2020, 1, 1, tzinfo=UTC), datetime(2035, 1, 1, tzinfo=UTC)
T = TypeVar("T")


class Pen:
    """Writes parts whose shape is read from a row of bytes; zeros, and whatever is behind its end, make the simplest."""

    def __init__(self, draw: st.DrawFn, least: int, *, moments: bool = True) -> None:
        self._draw = draw
        self._leaves = 5 if moments else 4
        self._shape = iter(draw(st.binary(min_size=least, max_size=2048)))

    def below(self, limit: int) -> int:
        """Return a number from 0 to ``limit`` - 1."""
        value, size = 0, 1
        while size < limit:
            value, size = value * 256 + next(self._shape, 0), size * 256
        return value % limit

    def yes(self) -> bool:
        return self.below(2) == 1

    def one_of(self, options: Sequence[T]) -> T:
        return options[self.below(len(options))]

    def several(self, make: Callable[[], T], least: int, most: int) -> tuple[T, ...]:
        return tuple(make() for _number in range(least + self.below(most - least + 1)))

    def words(self) -> str:
        kind = self.below(256)
        if not kind:
            return "x"  # nothing more to draw, so that an example that fails can be made small
        return self.one_of(HOSTILE) if kind % 2 else self._draw(free)

    def sentence(self) -> Spans:
        return self.nested(self._leaf, [*MARKS, self._link], 5, 5)

    def nested(self, leaf: Leaf, marks: Sequence[Mark], most: int, leaves: int) -> Spans:
        """Return up to ``most`` spans of up to so many ``leaves`` each, up to three marks deep."""
        left = 0

        def span(deep: int) -> Spans:
            nonlocal left
            if not left:
                return ()
            if not deep:
                left -= 1
                return (leaf(),)
            body = spans(*self.several(lambda: span(self.below(deep)), 1, 3))
            return (self.one_of(marks)(body),)

        parts: list[Spans] = []
        for _number in range(1 + self.below(most)):
            left = leaves
            parts.append(span(self.below(4)))
        return spans(*parts)

    def _link(self, body: Spans) -> Span:
        return Link(body, self.one_of(ADDRESSES))

    def _leaf(self) -> Span:
        match self.below(self._leaves):
            case 3:
                return Mention(1 + self.below(9), self.words())
            case 4:
                at = FIRST + timedelta(seconds=self.below(int((LAST - FIRST).total_seconds()) + 1))
                return When(at, self.one_of(list(Moment)), self.one_of(["UTC", "Europe/Berlin"]))
            case kind:
                return WORDS[kind](self.words())

    def block(self, kind: type[Block]) -> Block:
        sentence = self.sentence
        if kind is Paragraph:
            return Paragraph(sentence(), self.yes())
        if kind is Heading:
            return Heading(sentence(), 1 + self.below(3))
        if kind is Bullets:
            return Bullets(self.several(sentence, 1, 6))
        if kind is Steps:
            return Steps(self.several(sentence, 1, 6), 1 + self.below(50))
        if kind is Quote:
            return Quote(sentence())
        if kind is CodeBlock:
            return CodeBlock("\n".join(self.several(self.words, 1, 5)), self.one_of(["", "python"]))
        if kind is Table:
            wide = 1 + self.below(4)
            return Table(self._row(wide), self.several(lambda: self._row(wide), 0, 4))
        if kind is Facts:
            return Facts(self.several(lambda: (self.words(), sentence()), 1, 4))
        if kind is Progress:
            done, total = self._draw(st.floats(0, 10)), self._draw(st.floats(1, 10))
            return Progress(sentence(), done, total, sentence())
        return Divider()

    def _row(self, wide: int) -> tuple[Spans, ...]:
        return self.several(self.sentence, wide, wide)

    def data(self) -> str:
        """Return what a button carries: a name such as ``quiz.next`` and perhaps a number."""
        digits = "".join(self.several(lambda: self.one_of("0123456789"), 0, 4))
        return f"{self._draw(names)}.{self._draw(names)}" + (f":{digits}" if digits else "")

    def button(self) -> Button:
        if self.yes():
            return Button(self.words(), url="https://x.org")
        return Button(self.words(), data=self.data(), style=self.one_of(list(Style)))

    def choices(self) -> tuple[Choice, ...]:
        return self.several(lambda: Choice(self.words(), self.data(), self.words()), 1, 6)

    def field(self) -> Field:
        return Field(
            self.one_of("abcdef"), self.words(), self.one_of(list(FieldKind)), self.yes(), 1 + self.below(900), self.words(),
            choices=self.several(lambda: (self.words(), self.words()), 0, 3),
        )  # fmt: skip


@st.composite
def _sentences(draw: st.DrawFn) -> Spans:
    return Pen(draw, 32).sentence()


@st.composite
def _blocks(draw: st.DrawFn, *, moments: bool = True) -> Block:
    kind = draw(
        st.sampled_from([Divider, Paragraph, Heading, Quote, CodeBlock, Bullets, Steps, Facts, Progress, Table])
    )
    return Divider() if kind is Divider else Pen(draw, 96, moments=moments).block(kind)


@st.composite
def _rows(draw: st.DrawFn) -> tuple[Button, ...]:
    pen = Pen(draw, 32)
    return pen.several(pen.button, 1, 9)


@st.composite
def _menus(draw: st.DrawFn) -> Menu:
    pen = Pen(draw, 32)
    return Menu(pen.words(), pen.choices())


@st.composite
def _polls(draw: st.DrawFn) -> Poll:
    pen = Pen(draw, 32)
    return Poll(pen.words(), pen.choices(), below=(small(pen.words()),) if pen.yes() else ())


@st.composite
def _forms(draw: st.DrawFn) -> Form:
    pen = Pen(draw, 32)
    return Form(pen.words(), pen.several(pen.field, 1, 5), pen.data(), pen.words())


sentences = _sentences()
blocks = _blocks()
documents = st.lists(blocks, max_size=8).map(tuple)
without_moments = st.lists(_blocks(moments=False), max_size=8).map(tuple)
replies = st.builds(
    Reply,
    documents,
    st.one_of(st.just(""), free, st.sampled_from(HOSTILE)),
    st.sampled_from(list(Tone)),
    st.none() | st.just(Picture("<svg/>", "a drawing", 10, 10)),
    st.lists(_rows(), max_size=4).map(tuple),
    st.none() | _menus(),
    st.none() | _polls(),
    st.none() | _forms(),
    st.booleans(),
)
