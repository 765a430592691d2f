"""Content's small markup becomes spans; everything else stays as written."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.kit.markup import marked
from bot.kit.text import Bold, Code, Formula, Italic, Link, Plain, Span, plain


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("plain", (Plain("plain"),)),
        ("a `b*c` d", (Plain("a "), Code("b*c"), Plain(" d"))),
        ("**b** and *i*", (Bold((Plain("b"),)), Plain(" and "), Italic((Plain("i"),)))),
        ("$x² + 1$.", (Formula("x² + 1"), Plain("."))),
        ("[w](https://x.org/a)", (Link((Plain("w"),), "https://x.org/a"),)),
        ("[w](javascript:x)", (Plain("[w](javascript:x)"),)),
        ("2 * 3 * 4", (Plain("2 * 3 * 4"),)),
        ("costs $5 or $ 6", (Plain("costs $5 or $ 6"),)),
        ("a*b*c", (Plain("a*b*c"),)),
        ("**open", (Plain("**open"),)),
        ("snake_case_name", (Plain("snake_case_name"),)),
    ],
)
def test_marks_are_read(text: str, expected: tuple[Span, ...]) -> None:
    assert marked(text) == expected


@given(st.text(max_size=200))
def test_no_text_breaks_it_and_no_letter_is_lost(text: str) -> None:
    kept = plain(marked(text))
    assert [char for char in kept if char.isalnum()] == [char for char in text if char.isalnum()] or "](http" in text


def test_code_wins_over_everything_inside() -> None:
    assert marked("`**a** $b$`") == (Code("**a** $b$"),)
