"""Long texts are cut to any limit without losing a character or breaking anything."""

from __future__ import annotations

import re
from collections import Counter

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from bot.kit.degrade import BARE, degrade_block
from bot.kit.pages import pages, shorten
from bot.kit.text import Blocks, Bullets, Code, CodeBlock, Heading, Link, Paragraph, Plain, Steps, Table, para, plain
from tests.kit.documents import documents, sentences, without_moments


def characters(blocks: Blocks) -> int:
    return sum(len(plain(block)) + 1 for block in blocks)


def utf16(blocks: Blocks) -> int:
    return sum(len(plain(block).encode("utf-16-le", "surrogatepass")) // 2 + 1 for block in blocks)


def bare(blocks: Blocks) -> str:
    """What is left of a text when layout is taken away: letters in order."""
    return re.sub(r"[\s…:|]", "", "".join(plain(block) for block in blocks))


def letters(blocks: Blocks) -> str:
    return re.sub(r"[\s…:|▓░%0-9]", "", "".join(plain(block) for block in blocks))


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow])
@given(without_moments, st.integers(200, 600))
def test_every_page_fits_and_nothing_is_lost(document: Blocks, limit: int) -> None:
    cut = pages(document, limit, characters)
    assert all(characters(page) <= limit for page in cut)
    if len(cut) > 1:
        assert all(cut)
    said, shown = letters(document), letters(tuple(block for page in cut for block in page))
    if any(isinstance(block, Table) for block in document):  # a cut table says its header again, beside each row
        assert Counter(said) <= Counter(shown)
    else:
        assert shown == said


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow])
@given(documents, st.integers(64, 200))
def test_plain_documents_fit_even_small_limits_in_utf16(document: Blocks, limit: int) -> None:
    simple = tuple(part for block in document for part in degrade_block(block, BARE))
    cut = pages(simple, limit, utf16)
    assert all(utf16(page) <= limit for page in cut)
    assert bare(tuple(block for page in cut for block in page)) == bare(simple)


def test_a_short_text_is_one_page_and_is_measured_once_a_block() -> None:
    counted = 0

    def measure(blocks: Blocks) -> int:
        nonlocal counted
        counted += 1
        return characters(blocks)

    document = (para("one"), para("two"))
    assert pages(document, 4000, measure) == (document,)
    assert counted <= 2
    assert pages((), 10, characters) == ((),)


def test_cuts_fall_between_blocks_then_sentences_then_words() -> None:
    blocks = (para("a" * 40), para("b" * 40))
    assert pages(blocks, 60, characters) == ((blocks[0],), (blocks[1],))
    cut = pages((para("First sentence here. Second sentence there."),), 30, characters)
    assert [plain(page[0]) for page in cut] == ["First sentence here. ", "Second sentence there."]
    cut = pages((para("alpha beta gamma delta"),), 14, characters)
    assert [plain(page[0]).strip() for page in cut] == ["alpha beta", "gamma delta"]


def test_a_heading_stays_with_what_follows() -> None:
    cut = pages((para("x" * 30), Heading((Plain("Title"),)), para("y" * 30)), 44, characters)
    assert [type(page[0]) for page in cut] == [Paragraph, Heading]


def test_lists_go_on_counting() -> None:
    steps = Steps(tuple((Plain(f"step {number}"),) for number in range(1, 9)))
    cut = pages((steps,), 25, characters)
    starts = [page[0].start for page in cut if isinstance(page[0], Steps)]
    assert starts == [1, 4, 7]


def test_a_word_longer_than_a_page_is_cut() -> None:
    cut = pages((para("x" * 1000),), 100, characters)
    assert "".join(plain(page[0]) for page in cut) == "x" * 1000


def test_a_table_repeats_its_header() -> None:
    table = Table(
        ((Plain("a"),), (Plain("b"),)), tuple(((Plain(str(number)),), (Plain("y" * 10),)) for number in range(9))
    )
    cut = pages((table,), 60, characters)
    assert len(cut) > 1
    assert all(isinstance(page[0], Table) and page[0].header == table.header for page in cut)


def test_code_is_cut_between_lines() -> None:
    cut = pages((CodeBlock("\n".join("line" for _number in range(20)), "python"),), 30, characters)
    assert all(isinstance(block, CodeBlock) and block.language == "python" for page in cut for block in page)
    assert all(set(plain(page[0]).split()) == {"line"} for page in cut)


def test_an_emoji_of_several_characters_is_not_cut_apart() -> None:
    family = "👩‍👩‍👧‍👦"
    cut = pages((para(family * 12),), 50, characters)
    assert all(plain(page[0]).replace(family, "") == "" for page in cut)


def test_a_limit_that_holds_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="holds no text"):
        pages((para("x"),), 0, characters)


def test_marks_stay_around_what_they_mark() -> None:
    cut = pages((para(Link((Plain("word " * 30),), "https://x.org")),), 60, characters)
    assert len(cut) > 1
    assert all(
        isinstance(span, Link) for page in cut for block in page if isinstance(block, Paragraph) for span in block.body
    )


@given(sentences, st.integers(1, 80))
@example((Code("x" * 100),), 10)
def test_shortened_text_fits_and_shows_that_it_was(body: tuple[Plain, ...], limit: int) -> None:
    short = shorten(body, limit)
    assert len(plain(short)) <= limit
    if len(plain(body)) > limit:
        assert plain(short).endswith("…")
    else:
        assert short == body


def test_bullets_are_kept_whole_where_they_fit() -> None:
    bullets = Bullets(tuple((Plain("item " * 3),) for _number in range(6)))
    cut = pages((bullets,), 40, characters)
    assert all(isinstance(page[0], Bullets) for page in cut)
