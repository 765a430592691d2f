"""A field that takes a link refuses what is none before the next question is asked."""

from __future__ import annotations

from bot.kit.reply import Field
from bot.kit.text import plain
from bot.platforms.telegram.forms import take

LINK = Field("link", "Link", is_link=True)


def test_what_is_no_link_is_refused_at_once() -> None:
    value, trouble = take(LINK, "my project")
    assert value == ""
    assert "That is no link I can show" in plain(trouble)


def test_a_link_is_taken_and_other_fields_take_any_words() -> None:
    assert take(LINK, " https://example.org/x ") == ("https://example.org/x", ())
    assert take(Field("name", "Name"), "my project") == ("my project", ())
