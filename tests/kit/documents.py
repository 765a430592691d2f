"""Random documents and replies, for properties that hold for everything that can be said."""

from __future__ import annotations

from datetime import UTC, datetime

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
    Spoiler,
    Steps,
    Strike,
    Table,
    When,
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
words = st.one_of(
    st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=60), st.sampled_from(HOSTILE)
)
moments = st.datetimes(datetime(2020, 1, 1), datetime(2035, 1, 1)).map(lambda at: at.replace(tzinfo=UTC, microsecond=0))
leaves: st.SearchStrategy[Span] = st.one_of(
    st.builds(Plain, words),
    st.builds(Code, words),
    st.builds(Formula, words),
    st.builds(Mention, st.integers(1, 9), words),
    st.builds(When, moments, st.sampled_from(list(Moment)), st.sampled_from(["UTC", "Europe/Berlin"])),
)


def _around(inner: st.SearchStrategy[Span]) -> st.SearchStrategy[Span]:
    bodies = st.lists(inner, min_size=1, max_size=3).map(lambda parts: spans(*parts))
    addresses = st.sampled_from(["https://example.org/a?b=1&c=2", "http://x.org", "javascript:alert(1)"])
    return st.one_of(
        *(st.builds(kind, bodies) for kind in (Bold, Italic, Strike, Spoiler)), st.builds(Link, bodies, addresses)
    )


sentences = st.lists(st.recursive(leaves, _around, max_leaves=5), min_size=1, max_size=5).map(
    lambda parts: spans(*parts)
)
lists = st.lists(sentences, min_size=1, max_size=6).map(tuple)


@st.composite
def tables(draw: st.DrawFn) -> Table:
    wide = draw(st.integers(1, 4))
    row = st.lists(sentences, min_size=wide, max_size=wide).map(tuple)
    return Table(draw(row), draw(st.lists(row, max_size=4).map(tuple)))


blocks: st.SearchStrategy[Block] = st.one_of(
    st.builds(Paragraph, sentences, st.booleans()),
    st.builds(Heading, sentences, st.integers(1, 3)),
    st.builds(Bullets, lists),
    st.builds(Steps, lists, st.integers(1, 50)),
    st.builds(Quote, sentences),
    st.builds(CodeBlock, st.lists(words, min_size=1, max_size=5).map("\n".join), st.sampled_from(["", "python"])),
    tables(),
    st.builds(Facts, st.lists(st.tuples(words, sentences), min_size=1, max_size=4).map(tuple)),
    st.builds(Progress, sentences, st.floats(0, 10), st.floats(1, 10), sentences),
    st.just(Divider()),
)
documents = st.lists(blocks, max_size=8).map(tuple)
data = st.from_regex(r"[a-z]{1,9}\.[a-z]{1,9}(:[0-9]{1,4})?", fullmatch=True)
buttons = st.one_of(
    st.builds(Button, words, data=data, style=st.sampled_from(list(Style))),
    st.builds(Button, words, url=st.just("https://x.org")),
)
choices = st.lists(st.builds(Choice, words, data, words), min_size=1, max_size=6).map(tuple)
fields = st.builds(
    Field, st.sampled_from("abcdef"), words, st.sampled_from(list(FieldKind)), st.booleans(), st.integers(1, 900), words,
    choices=st.lists(st.tuples(words, words), max_size=3).map(tuple),
)  # fmt: skip
replies = st.builds(
    Reply,
    documents,
    st.one_of(st.just(""), words),
    st.sampled_from(list(Tone)),
    st.none() | st.just(Picture("<svg/>", "a drawing", 10, 10)),
    st.lists(st.lists(buttons, min_size=1, max_size=9).map(tuple), max_size=4).map(tuple),
    st.none() | st.builds(Menu, words, choices),
    st.none() | st.builds(Poll, words, choices),
    st.none() | st.builds(Form, words, st.lists(fields, min_size=1, max_size=5).map(tuple), data, words),
    st.booleans(),
)
