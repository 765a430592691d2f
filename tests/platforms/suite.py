"""One suite every platform runs: each kind of text, each part of a reply, each way down, hostile words, any length.

A platform gives a class below ``PlatformSuite`` one method, ``shown``: what a person reads of a drawn reply, found by a
reader that knows the platform's format but none of our code.
"""

from __future__ import annotations

import re
from abc import abstractmethod
from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings

from bot.kit.reply import Button, Choice, Document, Field, FieldKind, Form, Menu, Picture, Poll, Reply, Tone, reply
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
    Spoiler,
    Steps,
    Strike,
    Table,
    When,
    para,
)
from tests.kit.documents import replies

MOMENT = datetime(2026, 11, 21, 17, 0, tzinfo=UTC)
SPANS: list[tuple[Span, str]] = [
    (Plain("some words"), "some words"),
    (Bold((Plain("strong words"),)), "strong words"),
    (Italic((Plain("light words"),)), "light words"),
    (Strike((Plain("old words"),)), "old words"),
    (Code("x = 1"), "x = 1"),
    (Formula("∂L/∂w = 0"), "∂L/∂w = 0"),
    (Link((Plain("the page"),), "https://example.org/"), "the page"),
    (Link((Plain("a trap"),), "javascript:alert(1)"), "a trap"),
    (Mention(7, "Ana"), "Ana"),
    (When(MOMENT, zone="Europe/Berlin"), "18:00"),
    (Bold((Italic((Code("deep"),)),)), "deep"),
]
BLOCKS: list[tuple[Block, list[str]]] = [
    (para("a paragraph"), ["a paragraph"]),
    (Paragraph((Plain("small print"),), small=True), ["small print"]),
    (Heading((Plain("a title"),), 1), ["a title"]),
    (Heading((Plain("a lower title"),), 3), ["a lower title"]),
    (Bullets(((Plain("one"),), (Plain("two"),))), ["one", "two"]),
    (Steps(((Plain("first"),), (Plain("second"),)), 4), ["4", "first", "5", "second"]),
    (Quote((Plain("said by others"),)), ["said by others"]),
    (CodeBlock("for x in y:\n    print(x)", "python"), ["for x in y:", "    print(x)"]),
    (Table(((Plain("name"),), (Plain("hours"),)), (((Plain("knn"),), (Plain("3"),)),)), ["name", "hours", "knn", "3"]),
    (Facts((("Cost", (Plain("free"),)), ("Level", (Plain("beginner"),)))), ["Cost", "free", "Level", "beginner"]),
    (Progress((Plain("Stage 1"),), 3, 10, (Plain("going well"),)), ["Stage 1", "30 %", "going well"]),
]
HOSTILE = [
    "<b>bold</b> & <script>alert(1)</script>",
    "*stars* _lines_ ~~waves~~ ||bars|| `ticks` ```",
    "[words](https://evil.example) <https://x> https://x.org/_a_b_",
    "@everyone @here <@123> <@&1> <#5> <t:1:R> </cmd:1>",
    "# not a heading",
    "- not a list",
    "1. not a step",
    "> not a quote",
    "-# not small",
    "&amp; &lt; &#60;",
    "'; DROP TABLE x; --",
    "back\\slash \\* \\\\",
    "😀 👩‍👩‍👧‍👦 🏳️‍🌈",
    "e\u0301 ﷽ שלום مرحبا 你好",
    "{0} {name} %s $x$",
]


def squeezed(text: str) -> str:
    """Without white space and without marks that only steer how text runs."""
    return re.sub(r"[\s\u2066-\u2069\u200b\u2060\ufffd]", "", text)


class PlatformSuite:
    """What every platform must do with a reply. ``obeys_controls``: whether control characters would steer it."""

    obeys_controls = True

    @abstractmethod
    def shown(self, said: Reply) -> str:
        """Return what a person reads of ``said``, with labels of everything they can touch."""

    @pytest.mark.parametrize(("span", "words"), SPANS, ids=lambda value: type(value).__name__)
    def test_each_kind_of_words_is_shown(self, span: Span, words: str) -> None:
        shown = self.shown(reply((Plain("before "), span, Plain(" after"))))
        assert words in shown
        assert "before" in shown
        assert "after" in shown

    @pytest.mark.parametrize(("block", "words"), BLOCKS, ids=lambda value: type(value).__name__)
    def test_each_kind_of_block_is_shown_in_order(self, block: Block, words: list[str]) -> None:
        shown = self.shown(reply(para("before"), block, para("after")))
        position = shown.index("before")
        for word in (*words, "after"):
            position = shown.index(word, position)

    def test_a_divider_parts_what_it_parts(self) -> None:
        shown = self.shown(reply(para("before"), Divider(), para("after")))
        assert shown.index("before") < shown.index("after")

    def test_a_spoiler_is_not_read_by_accident_and_not_lost(self) -> None:
        shown = self.shown(reply((Plain("The answer: "), Spoiler((Plain("forty-two"),)))))
        assert "The answer:" in shown

    def test_an_unsafe_address_never_becomes_one(self) -> None:
        assert "javascript:" not in self.shown(reply(Link((Plain("a trap"),), "javascript:alert(1)")))

    @pytest.mark.parametrize("words", HOSTILE)
    def test_words_that_look_like_markup_are_shown_as_typed(self, words: str) -> None:
        for said in (
            reply(words),
            reply(Bold((Plain(words),))),
            reply(Heading((Plain(words),))),
            reply(Bullets(((Plain(words),),))),
            reply(Quote((Plain(words),))),
            reply(Code(words)),
            reply(CodeBlock(words)),
            reply(Facts(((words, (Plain("x"),)),))),
            Reply((para("x"),), title=words),
            reply("x", buttons=((Button(words[:60], "a.b"),),)),
            reply("x", menu=Menu(words, (Choice(words[:60], "a.b"),))),
        ):
            assert squeezed(words[:60]) in squeezed(self.shown(said)), said

    @pytest.mark.parametrize(
        "odd",
        [
            "\x1b[31mred\x1b[0m",
            "bell\x07",
            "\x00nul",
            "\u202eright to left",
            "\x9b31m",
            "a\rb",
            "\x1b]8;;http://x\x1b\\y",
        ],
    )
    def test_control_characters_steer_nothing(self, odd: str) -> None:
        shown = self.shown(reply(odd, title=odd))
        if not self.obeys_controls:
            return
        assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]", shown)

    def test_everything_that_can_be_touched_has_its_words(self) -> None:
        said = reply(
            "text",
            title="Title",
            tone=Tone.WARNING,
            picture=Picture("<svg xmlns='http://www.w3.org/2000/svg'/>", "What the drawing shows", 10, 10),
            buttons=(
                (Button("Press me", "a.b"), Button("Open", url="https://example.org/")),
                (Button("Third", "a.c"),),
            ),
            menu=Menu("Choose one", (Choice("First choice", "a.d", "about it"), Choice("Second choice", "a.e"))),
        )
        shown = self.shown(said)
        for words in (
            "Title",
            "text",
            "Press me",
            "Open",
            "Third",
            "Choose one",
            "First choice",
            "about it",
            "Second choice",
        ):
            assert words in shown

    def test_a_poll_shows_its_question_and_answers(self) -> None:
        shown = self.shown(reply("x", poll=Poll("Which day?", (Choice("Monday", "a.m"), Choice("Friday", "a.f")))))
        for words in ("Which day?", "Monday", "Friday"):
            assert words in shown

    def test_a_file_is_offered_under_its_name(self) -> None:
        shown = self.shown(reply("Here it is.", document=Document("export.json", "{}", "application/json")))
        assert "Here it is." in shown
        assert "export.json" in shown

    def test_a_form_shows_what_it_asks(self) -> None:
        form = Form(
            "Check in",
            (
                Field("a", "How long?"),
                Field("b", "How?", FieldKind.CHOICE, choices=(("g", "Good"),)),
                Field("c", "Your notes", FieldKind.FILE, required=False),
                Field("d", "Or their text", FieldKind.TEXT, required=False, instead_of="c"),
            ),
            "a.b",
            "Send",
        )
        assert "Check in" in self.shown(reply("x", form=form))

    def test_a_very_long_text_loses_nothing(self) -> None:
        words = " ".join(f"word{number}" for number in range(4000))
        shown = self.shown(reply(words))
        for number in (0, 1999, 3999):
            assert f"word{number}" in shown

    @settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
    @given(replies)
    def test_nothing_that_can_be_said_breaks_it(self, said: Reply) -> None:
        shown = squeezed(self.shown(said))
        for row in said.buttons:
            for button in row:
                visible = re.sub(r"[^\w]", "", button.label)
                assert visible[:20] in re.sub(r"[^\w]", "", shown)
