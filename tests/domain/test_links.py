"""Links that people type: plain addresses of the web are taken as typed, everything else is refused in a sentence."""

from __future__ import annotations

import pytest

from bot.domain.links import no_link, read_link
from bot.kit.text import plain


@pytest.mark.parametrize(
    "text",
    ["https://github.com/you/project", "http://example.org", "https://example.org:8080/a?b=c#d", "https://bücher.example/x",
     "  https://example.org/x\n"],
)  # fmt: skip
def test_a_plain_address_of_the_web_is_taken_as_typed(text: str) -> None:
    assert read_link(text, 300) == text.strip()


@pytest.mark.parametrize(
    "text",
    ["", "github.com/ana", "ftp://example.org/x", "javascript:alert(1)", "https://github.com@evil.example/x", "https://",
     "https://localhost/x", "https://example.org/a b", "https://exa\u202emple.org/", "https://example.org:99999999/"],
)  # fmt: skip
def test_what_is_no_plain_address_is_not_taken(text: str) -> None:
    assert read_link(text, 300) is None


def test_the_limit_counts_characters_and_is_named_in_the_refusal() -> None:
    link = "https://example.org/" + "x" * 10
    assert read_link(link, 30) == link
    assert read_link(link, 29) is None
    assert "at most 29 characters" in plain(no_link(29))
