"""Whatever a platform cannot draw is said with what it can, and no character of it is lost."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.kit.degrade import BARE, EVERYTHING, Capabilities, degrade, degrade_block, written_out
from bot.kit.reply import Button, Choice, Picture, Reply, Several, reply
from bot.kit.text import (
    Block,
    Blocks,
    Bold,
    Italic,
    Link,
    Moment,
    Paragraph,
    Plain,
    Span,
    Spans,
    Spoiler,
    Strike,
    Table,
    plain,
)
from tests.kit.documents import blocks, documents, replies


def inner(body: Spans) -> list[Span]:
    found: list[Span] = []
    for span in body:
        found.append(span)
        if isinstance(span, Bold | Italic | Strike | Spoiler | Link):
            found += inner(span.body)
    return found


def all_spans(block: Block) -> list[Span]:
    found: list[Span] = []
    for name in ("body", "label", "note"):
        found += inner(getattr(block, name, ()))
    for item in getattr(block, "items", ()):
        found += inner(item)
    for _label, value in getattr(block, "pairs", ()):
        found += inner(value)
    if isinstance(block, Table):
        for row in (block.header, *block.rows):
            for cell in row:
                found += inner(cell)
    return found


def words(text: str) -> str:
    return re.sub(r"[^\w]", "", text)


def check_drawable(drawn: Blocks, can: Capabilities) -> None:
    for block in drawn:
        assert type(block) in can.blocks | {Paragraph}
        for span in all_spans(block):
            assert type(span) in can.spans | {Plain}


@settings(max_examples=150, deadline=None)
@given(documents)
def test_the_barest_platform_gets_paragraphs_of_characters_only(document: Blocks) -> None:
    drawn = tuple(part for block in document for part in degrade_block(block, BARE))
    check_drawable(drawn, BARE)


@settings(max_examples=150, deadline=None)
@given(blocks, st.sampled_from(sorted(EVERYTHING.blocks | EVERYTHING.spans, key=lambda kind: kind.__name__)))
def test_each_single_missing_ability_is_worked_around(block: Block, missing: type) -> None:
    can = replace(EVERYTHING, blocks=EVERYTHING.blocks - {missing}, spans=EVERYTHING.spans - ({missing} - {Plain}))
    check_drawable(degrade_block(block, can), can)


@settings(max_examples=150, deadline=None)
@given(
    st.lists(st.text(st.characters(categories=("L", "Nd")), min_size=1, max_size=12), min_size=1, max_size=4), st.data()
)
def test_words_survive_every_way_down(said: list[str], data: st.DataObject) -> None:
    block = data.draw(blocks)
    drawn = "".join(plain(part) for part in degrade_block(block, BARE))
    for span in all_spans(block):
        if isinstance(span, Plain):
            assert words(span.text) in words(drawn) or "\n" in span.text


@settings(max_examples=200, deadline=None)
@given(replies, st.integers(1, 8))
def test_everything_that_can_be_pressed_stays_pressable(said: Reply, wide: int) -> None:
    can = replace(BARE, buttons_a_row=wide)
    drawn = degrade(said, can)
    before = [button.data or button.url for row in said.buttons for button in row]
    before += [choice.data for offered in (said.menu, said.poll) if offered for choice in offered.choices]
    after = [button.data or button.url for row in drawn.buttons for button in row]
    assert sorted(before) == sorted(after)
    assert all(1 <= len(row) <= wide for row in drawn.buttons)
    assert drawn.menu is None
    assert drawn.poll is None
    assert drawn.picture is None


@pytest.mark.parametrize("url", ["javascript:alert(1)", "data:text/html,x", "file:///etc/passwd", ""])
def test_an_unsafe_address_is_words_only_everywhere(url: str) -> None:
    for can in (EVERYTHING, BARE):
        drawn = degrade(reply(Link((Plain("click"),), url)), can)
        assert drawn.blocks == (Paragraph((Plain("click"),)),)


def test_what_can_be_drawn_is_left_as_it_is() -> None:
    said = reply("a", Bold((Plain("b"),)))
    assert degrade(said, EVERYTHING) == said


def test_a_list_of_several_is_drawn_instead_of_its_button_or_the_button_stays() -> None:
    typed, later = Button("Type it", "a.type"), Button("Later", "a.later")
    several = Several("All that are right", (Choice("A", "0"), Choice("B", "1")), "a.several", typed.data)
    said = reply("x", buttons=((typed,), (later,)), several=several)
    for can in (EVERYTHING, BARE):
        drawn = degrade(said, can)
        assert drawn.several is None
        assert [button for row in drawn.buttons for button in row] == [typed, later]
    drawn = degrade(said, replace(EVERYTHING, several=True))
    assert drawn.several == several
    assert drawn.buttons == ((later,),)


@pytest.mark.parametrize(("pictures", "said"), [(True, "short"), (False, "long and whole")])
def test_the_short_words_stand_only_where_the_picture_is_drawn(pictures: bool, said: str) -> None:
    drawing = Picture("<svg/>", "words", 10, 10, beside=(Paragraph((Plain("short"),)),))
    drawn = degrade(reply("long and whole", picture=drawing), replace(EVERYTHING, pictures=pictures))
    assert plain(drawn.blocks).strip() == said


@pytest.mark.parametrize("zone", ["UTC", "Etc/UTC", "Etc/UCT", "Zulu", "Etc/GMT"])
def test_utc_is_called_that_however_the_computer_calls_it(zone: str) -> None:
    assert written_out(datetime(2026, 11, 21, 17, 5, tzinfo=UTC), zone).endswith(", 17:05 (UTC)")
    assert written_out(datetime(2026, 11, 21, 17, 5, tzinfo=UTC), zone, Moment.TIME) == "17:05 (UTC)"
