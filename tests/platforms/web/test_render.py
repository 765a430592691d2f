"""Drawing: every node has its own shape, and no text whatever can become anything but text."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.commons.cast import PERSONAS
from bot.kit import codec
from bot.kit.reply import Button, Choice, Field, FieldKind, Form, Menu, Picture, Poll, Reply, Style, Tone, notice, reply
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
from bot.platforms.web.controls import Drawing
from bot.platforms.web.conversation import readable
from bot.platforms.web.messages import draw_message
from bot.platforms.web.render import CAPABILITIES, draw_block, draw_remark, draw_span, render
from bot.platforms.web.store import Message
from tests.fakes.web_page import Element, parse

AT = datetime(2026, 11, 21, 17, 5, tzinfo=UTC)
ANA = PERSONAS[0]
TAGS = set(
    re.findall(
        r"\w+",
        "li article span svg path circle rect img div p h2 h3 h4 h5 b i s code a time details summary bdi ul ol"
        " blockquote pre table thead tbody tr th td dl dt dd hr progress figure form input label select option button"
        " fieldset legend textarea",
    )
)
NASTY = st.sampled_from(
    (
        "<script>alert(1)</script>",
        '"><img src=x onerror=alert(1)>',
        "' onmouseover='alert(1)",
        "</textarea></details></li>",
        "&lt;b&gt; &amp;amp; &#x41;",
        "{0} {} %s {x.__class__}",
        "'; DROP TABLE web_message; --",
        "@everyone",
        "🎉👩‍👩‍👧‍👦",
        "\u202eright to left\u202c مرحبا",
        "<!-- -->",
        "javascript:alert(1)",
        "]]>",
        "  spaces \n and lines\n",
    )
)
TEXT = st.one_of(NASTY, st.text(max_size=30))
WORD = TEXT.filter(bool)
MOMENT = st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))
URL = st.one_of(NASTY, st.sampled_from(('https://example.org/?a="><b>&c', "http://x", "data:text/html,x", "//evil")))
LEAF: st.SearchStrategy[Span] = st.one_of(
    st.builds(Plain, TEXT),
    st.builds(Code, TEXT),
    st.builds(Formula, TEXT),
    st.builds(Mention, st.integers(1, 9), TEXT),
    st.builds(When, MOMENT, st.sampled_from(Moment), st.sampled_from(("UTC", "Europe/Berlin"))),
)


def _around(inner: st.SearchStrategy[Span]) -> st.SearchStrategy[Span]:
    body = st.lists(inner, max_size=3).map(tuple)
    return st.one_of(
        st.builds(Bold, body),
        st.builds(Italic, body),
        st.builds(Strike, body),
        st.builds(Spoiler, body),
        st.builds(Link, body, URL),
    )


SPANS = st.lists(st.recursive(LEAF, _around, max_leaves=6), max_size=4).map(tuple)
ITEMS = st.lists(SPANS, max_size=3).map(tuple)
BLOCK: st.SearchStrategy[Block] = st.one_of(
    st.builds(Paragraph, SPANS, st.booleans()),
    st.builds(Heading, SPANS, st.integers(1, 3)),
    st.builds(Bullets, ITEMS),
    st.builds(Steps, ITEMS, st.integers(1, 9)),
    st.builds(Quote, SPANS),
    st.builds(CodeBlock, TEXT, TEXT),
    st.builds(Table, st.tuples(SPANS, SPANS), st.lists(st.tuples(SPANS, SPANS), max_size=2).map(tuple)),
    st.builds(Facts, st.lists(st.tuples(TEXT, SPANS), max_size=3).map(tuple)),
    st.builds(Progress, SPANS, st.floats(0, 10), st.floats(1, 10), SPANS),
    st.just(Divider()),
)
CHOICES = st.lists(st.builds(Choice, TEXT, WORD, TEXT), min_size=1, max_size=3).map(tuple)
BUTTON = st.one_of(
    st.builds(lambda label, data, style: Button(label, data=data, style=style), TEXT, WORD, st.sampled_from(Style)),
    st.builds(lambda label, url: Button(label, url=url), TEXT, URL),
)
FIELD = st.builds(
    Field,
    TEXT,
    TEXT,
    st.sampled_from(FieldKind),
    st.booleans(),
    st.integers(1, 99),
    TEXT,
    TEXT,
    st.lists(st.tuples(TEXT, TEXT), max_size=7).map(tuple),
)
REPLY = st.builds(
    Reply,
    blocks=st.lists(BLOCK, max_size=4).map(tuple),
    title=TEXT,
    tone=st.sampled_from(Tone),
    picture=st.none() | st.builds(Picture, TEXT, st.just("<b>alt</b>"), st.integers(1, 9), st.integers(1, 9)),
    buttons=st.lists(st.lists(BUTTON, max_size=3).map(tuple), max_size=2).map(tuple),
    menu=st.none() | st.builds(Menu, TEXT, CHOICES),
    poll=st.none() | st.builds(Poll, TEXT, CHOICES),
    form=st.none() | st.builds(Form, TEXT, st.lists(FIELD, min_size=1, max_size=3).map(tuple), TEXT, TEXT),
)


def message(text: str = "", answer: Reply | None = None, only_for: str = "") -> Message:
    return Message(3, 7, "hall", "" if answer else "ben", only_for, AT, text, answer)


def check_harmless(drawn: Element) -> None:
    """Nothing but our own elements, no handlers or styles, and links that lead only to the web."""
    for element in drawn.all():
        assert element.tag in TAGS
        for name, value in element.attributes.items():
            assert not name.startswith("on")
            assert name != "style"
            if name == "href":
                assert value.startswith(("https://", "http://"))
                assert (element.attributes["rel"], element.attributes["target"]) == ("noopener noreferrer", "_blank")
            if name == "src":
                assert value in {"/static/logo.svg", "picture/3.svg?r=7"}
            if name == "action":
                assert value in {"press", "form"}


@given(TEXT)
def test_what_people_type_is_shown_as_typed(text: str) -> None:
    typed = readable(text)
    drawn = parse(draw_message(message(typed), ANA, "UTC"))
    check_harmless(drawn)
    assert drawn.one("div", "bubble").text == typed
    assert drawn.one("div", "bubble").attributes["dir"] == "auto"


@settings(max_examples=150)
@given(REPLY)
def test_no_reply_can_draw_anything_but_itself(answer: Reply) -> None:
    drawn = parse(draw_message(message(answer=answer), ANA, "Europe/Berlin", stamp='"><script>'))
    check_harmless(drawn)
    if answer.title:
        assert drawn.one("h2").text == answer.title
    labels = [button.label for row in answer.buttons for button in row]
    shown = [bdi.text for form in drawn.all("form", "keys") for bdi in form.all("bdi")]
    assert shown == labels
    if answer.picture is not None:
        assert drawn.one("figure").one("img").attributes["alt"] == answer.picture.alt


@settings(max_examples=50)
@given(REPLY)
def test_a_stored_reply_is_drawn_like_the_first_time(answer: Reply) -> None:
    again = codec.load(codec.dump(answer))
    assert render(again, Drawing(1, 1)) == render(answer, Drawing(1, 1))


@pytest.mark.parametrize("text", ["\x00\x1b\x7f\x85", "\ud800", "\ufffe\U0001ffff\ufdd0"])
def test_characters_no_page_may_carry_are_replaced(text: str) -> None:
    assert readable(text) == "\ufffd" * len(text)
    assert readable("a\r\nb\rc\td") == "a\nb\nc\td"


@pytest.mark.parametrize(
    ("span", "html"),
    [
        (Bold(spans("x")), "<b>x</b>"),
        (Italic(spans("x")), "<i>x</i>"),
        (Strike(spans("x")), "<s>x</s>"),
        (Code("x<y"), "<code>x&lt;y</code>"),
        (Link(spans("x", Bold(spans("y"))), "https://e.org"), '<a href="https://e.org" target="_blank" rel="noopener noreferrer">x<b>y</b></a>'),
        (Link(spans("x"), "javascript:alert(1)"), "x"),
        (Link(spans(Link(spans("x"), "https://a.org")), "https://b.org"), '<a href="https://b.org" target="_blank" rel="noopener noreferrer">x</a>'),
        (Spoiler(spans("x")), '<details class="spoiler"><summary>Show</summary><span>x</span></details>'),
        (Mention(1, "Ben"), '<span class="mention"><bdi>@Ben</bdi></span>'),
        (Formula("x²"), '<span class="formula" role="math" aria-label="x²">x²</span>'),
    ],
)  # fmt: skip
def test_spans(span: Span, html: str) -> None:
    assert draw_span(span, "UTC") == html


@pytest.mark.parametrize(
    ("style", "words"),
    [
        (Moment.DATE, "Sat 21 Nov 2026"),
        (Moment.TIME, "18:05 (Europe/Berlin)"),
        (Moment.DATE_TIME, "Sat 21 Nov 2026, 18:05 (Europe/Berlin)"),
        (Moment.RELATIVE, "Sat 21 Nov 2026, 18:05 (Europe/Berlin)"),
    ],
)
def test_moments_are_written_out_for_pages_without_script(style: Moment, words: str) -> None:
    drawn = parse(draw_span(When(AT, style), "Europe/Berlin")).one("time")
    assert drawn.text == words
    assert drawn.attributes["datetime"] == "2026-11-21T17:05:00+00:00"
    assert drawn.attributes["data-style"] == style.value
    assert drawn.attributes["data-zone"] == "Europe/Berlin"  # the script names the reader's zone if it is another


def block(one: Block) -> Element:
    return parse(draw_block(one, "UTC"))


def test_blocks() -> None:
    assert block(Paragraph(spans("x"), small=True)).one("p", "small").text == "x"
    assert block(Paragraph(spans(Bold(spans(Spoiler(spans("x"))))))).one("div", "p").text == "Showx"
    assert [block(Heading(spans("x"), level)).one(f"h{level + 2}").text for level in (1, 2, 3)] == ["x"] * 3
    assert [item.text for item in block(Bullets((spans("a"), spans("b")))).one("ul").all("li")] == ["a", "b"]
    assert block(Steps((spans("a"),), 4)).one("ol").attributes["start"] == "4"
    assert block(Quote(spans("x"))).one("blockquote").text == "x"
    assert block(CodeBlock("\n  x\n", "python")).one("pre").one("code").text == "\n  x\n"
    table = block(Table((spans("A"), spans("B")), ((spans("1"), spans("2")),)))
    assert [cell.text for cell in table.all("th", scope="col")] == ["A", "B"]
    assert [cell.text for cell in table.all("td")] == ["1", "2"]
    facts = block(Facts((("Cost", spans("free")),)))
    assert (facts.one("dt").text, facts.one("dd").text) == ("Cost", "free")
    assert block(Divider()).one("hr").text == ""


def test_progress_is_a_bar_and_a_number() -> None:
    drawn = block(Progress(spans("Maths"), 7, 10, spans("3 to go")))
    bar = drawn.one("progress")
    assert (bar.attributes["value"], bar.attributes["max"], bar.attributes["aria-label"]) == ("70", "100", "Maths")
    assert drawn.one("span", "percent").text == "70 %"
    assert drawn.one("span", "note").text == "3 to go"


def test_every_node_is_drawn_natively() -> None:
    assert len(CAPABILITIES.blocks) == 10
    assert len(CAPABILITIES.spans) == 10
    assert CAPABILITIES.pictures
    assert CAPABILITIES.forms


def test_moods_have_a_sign_beside_their_colour() -> None:
    for tone, words in ((Tone.GOOD, "Good news:"), (Tone.WARNING, "Please note:")):
        drawn = parse(draw_message(message(answer=reply("x", tone=tone)), ANA, "UTC"))
        assert tone.value in drawn.one("li").kinds
        assert drawn.one("span", "sign").text == words
    assert not list(parse(draw_message(message(answer=reply("x")), ANA, "UTC")).all("span", "sign"))


def test_fields_are_labelled_and_limited() -> None:
    form = Form(
        "Check in",
        (
            Field("a", "Minutes", longest=4, hint="a number", value="30"),
            Field("b", "Notes", FieldKind.TEXT, required=False, longest=50, value="\nsecond line"),
            Field("c", "Mood", FieldKind.CHOICE, choices=(("x", "Fine"), ("y", "Tired")), value="y"),
            Field("d", "Topic", FieldKind.CHOICE, choices=tuple((str(n), f"T{n}") for n in range(9)), value="4"),
        ),
        "a.b",
        "Send",
    )
    drawn = parse(render(reply(form=form), Drawing(3, 7)))
    line = drawn.one("input", name="f.a")
    assert line.attributes["maxlength"] == "4"
    assert line.attributes["value"] == "30"
    assert "required" in line.attributes
    assert drawn.one("label", **{"for": line.attributes["id"]}).text == "Minutes"
    assert drawn.one(id=line.attributes["aria-describedby"]).text == "a number"
    notes = drawn.one("textarea")
    assert notes.text == "\nsecond line"
    assert "required" not in notes.attributes
    assert drawn.one("label", **{"for": notes.attributes["id"]}).text == "Notes optional"
    radios = list(drawn.one("fieldset").all("input", type="radio"))
    assert ["checked" in radio.attributes for radio in radios] == [False, True]
    chosen = [option.text for option in drawn.one("select").all("option") if "selected" in option.attributes]
    assert chosen == ["T4"]


def test_a_remark_is_words_only() -> None:
    assert draw_remark(notice("Saved ", Bold(spans("it"))), "UTC") == '<p class="p" dir="auto">Saved <b>it</b></p>'


def test_only_you_is_said_in_words() -> None:
    drawn = parse(draw_message(message(answer=reply("x"), only_for="ana"), ANA, "UTC"))
    assert drawn.one("span", "shade").text == "Only you can see this"


def test_the_words_below_a_picture_are_the_short_ones() -> None:
    picture = Picture("<svg/>", "alt", 10, 10, beside=(Paragraph(spans("short")),))
    drawn = parse(render(reply("long and whole", picture=picture), Drawing(1, 1)))
    assert [line.text for line in drawn.all("p", "p")] == ["short"]
