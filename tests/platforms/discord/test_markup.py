"""Whatever is written is read back exactly: nothing pings, links, formats or gets lost."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.kit.text import (
    Block,
    Bold,
    Bullets,
    Code,
    CodeBlock,
    Divider,
    Formula,
    Heading,
    Italic,
    Link,
    Mention,
    Paragraph,
    Plain,
    Progress,
    Quote,
    Spans,
    Spoiler,
    Steps,
    Strike,
    When,
    bold,
    bullets,
    italic,
    para,
    small,
    spans,
)
from bot.platforms.discord.markup import clean, cut, draw, escape, units, words
from tests.fakes.discord_markdown import read
from tests.kit.documents import MARKS, WORDS, Pen, documents, sentences
from tests.platforms.suite import HOSTILE

SIGNS = "*_~|`<>#-+@:/[]()\\ \nab1.é😀!&"
salad = st.text(SIGNS, min_size=1, max_size=24)


def bare(text: str) -> str:
    """Without white space and what only steers."""
    return re.sub(r"[\s\u2066-\u2069\u202a-\u202e\u200b\ufffd]", "", text)


def said(body: Spans) -> str:
    """What a sentence says; moments and addresses are looked at elsewhere."""
    out = ""
    for span in body:
        match span:
            case Plain(text) | Code(text) | Formula(text):
                out += clean(text)
            case Mention(_person, name):
                out += clean(name)
            case Bold(inner) | Italic(inner) | Strike(inner) | Spoiler(inner):
                out += said(inner)
            case Link(inner, _url):
                out += said(inner)
            case When(at):
                out += read(f"<t:{int(at.timestamp())}:f>").text
    return bare(out)


@settings(max_examples=600, deadline=None)
@given(salad)
def test_a_text_is_read_as_it_was_written(text: str) -> None:
    seen = read(escape(text))
    assert bare(seen.text) == bare(text)
    assert not [*seen.mentions, *seen.links, *seen.styles, *seen.codes, *seen.emoji]


@st.composite
def salads(draw: st.DrawFn) -> Spans:
    """Hostile words in emphasis in emphasis."""
    pen = Pen(draw, 32)
    return pen.nested(lambda: pen.one_of(WORDS)(draw(salad)), MARKS, 4, 6)


@settings(max_examples=1500, deadline=None, suppress_health_check=list(HealthCheck))
@given(salads())
def test_nested_emphasis_around_hostile_words_is_read_as_written(body: Spans) -> None:
    for block in (Paragraph(body), Paragraph(body, small=True), Heading(body), Heading(body, 3), Quote(body)):
        seen = read(draw((para("x"), block, para("y"))))
        assert bare(seen.text) == "x" + said(body) + "y", draw((block,))
        assert not [*seen.mentions, *seen.links, *seen.emoji]
    for listed in (Bullets((body, body)), Steps((body, body), 7)):
        seen = read(draw((para("x"), listed, para("y"))))
        counted = isinstance(listed, Steps)
        first, second = ("7.", "8.") if counted else ("•", "•")
        assert bare(seen.text) == f"x{first}{said(body)}{second}{said(body)}y"


@settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))
@given(sentences)
def test_any_sentence_keeps_its_words(body: Spans) -> None:
    source = words(body)
    seen = read(source)
    assert not seen.mentions
    assert not seen.emoji
    text = bare(re.sub(r"\(?https?://\S+", "", seen.text))
    for span in body:
        if isinstance(span, Plain):
            assert bare(re.sub(r"\(?https?://\S+", "", clean(span.text))) in text or "http" in source


@settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))
@given(documents)
def test_documents_never_ping(blocks: tuple[Block, ...]) -> None:
    seen = read(draw(tuple(block for block in blocks if not isinstance(block, Divider))))
    assert not seen.mentions
    assert not seen.emoji


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_words_are_harmless_in_a_link(text: str) -> None:
    seen = read(words((Link((Plain(text),), "https://example.org/a_b*c(d)"),)))
    assert bare(text) in bare(seen.text)
    assert len(seen.links) == 1
    assert seen.links[0].startswith("https://example.org/a")


def test_emphasis_is_really_drawn() -> None:
    source = words(spans("a ", bold("b"), " ", italic("c"), Strike((Plain("d"),)), Spoiler((Plain("e"),)), Code("f_g")))
    seen = read(source)
    assert seen.styles == [("strong", "b"), ("em", "c"), ("strike", "d"), ("spoiler", "e")]
    assert seen.codes == ["f_g"]
    assert source == "a **b** _c_~~d~~||e||`f_g`"


def test_emphasis_inside_emphasis_is_drawn_once() -> None:
    assert words((bold("a", bold("b")),)) == "**ab**"
    assert read(words((bold("a ", italic("b"), " c"),))).styles == [("em", "b"), ("strong", "a b c")]


def test_outer_spaces_stay_outside_of_emphasis() -> None:
    assert words((Plain("a"), bold(" b "), Plain("c"))) == "a **b** c"


def test_a_link_is_a_link_and_its_words_are_words() -> None:
    seen = read(words((Link((Plain("the page"),), "https://example.org/x?y=1&z=2"),)))
    assert seen.links == ["https://example.org/x?y=1&z=2"]
    assert seen.text == "the page"
    assert words((Link((Plain("https://example.org"),), "https://example.org"),)) == "<https://example.org>"
    assert words((Link((Plain("a trap"),), "javascript:alert(1)"),)) == "a trap"


def test_a_link_in_italics_keeps_its_address() -> None:
    seen = read(words((italic(Link((Plain("title"),), "https://example.org/a_b_c")),)))
    assert seen.links == ["https://example.org/a%5Fb%5Fc"]


def test_moments_are_shown_in_the_readers_own_time() -> None:
    at = datetime(2026, 11, 21, 17, 0, tzinfo=UTC)
    assert words((When(at),)) == "<t:1795280400:f>"
    assert read(words((When(at),)), "Europe/Berlin").text == "21 November 2026 18:00"


def test_two_lists_stay_two_lists() -> None:
    source = draw((Steps((spans("a"), spans("b"))), Steps((spans("c"),)), bullets(["d"]), para("end")))
    assert bare(read(source).text) == "1.a2.b1.c•dend"


def test_steps_count_from_where_they_start() -> None:
    assert "4. first" in read(draw((Steps((spans("first"),), 4),))).text


def test_a_code_block_keeps_what_looks_like_its_end() -> None:
    seen = read(draw((CodeBlock("a\n```\nb `c` ``d``", "python"),)))
    assert [bare(code) for code in seen.codes] == ["a```b`c```d``"]


def test_a_code_block_keeps_a_first_line_that_looks_like_a_language() -> None:
    assert read(draw((CodeBlock("python\nx = 1"),))).codes == ["python\nx = 1"]


def test_small_print_reaches_over_its_lines() -> None:
    seen = read(draw((small(bold("a\nb")), para("c"))))
    assert [style for style in seen.styles if style[0] == "small"] == [("small", "a"), ("small", "b")]


def test_progress_is_text_and_percent() -> None:
    seen = read(draw((Progress(spans("Stage 1"), 3, 10, spans("2 of 7")),)))
    assert seen.text == "Stage 1  ▓▓▓░░░░░░░ 30 % — 2 of 7"


def test_what_steers_instead_of_being_read_is_replaced() -> None:
    assert clean("a\r\nb\rc\x00\u202e\ud800\u2028d") == "a\nb\nc\ufffd\ufffd\ufffd\nd"


def test_lengths_are_counted_as_strictly_as_anybody_counts() -> None:
    assert units("a😀") == 3
    assert cut("😀😀😀", 4) == "😀…"
    assert cut("abc", 3) == "abc"
