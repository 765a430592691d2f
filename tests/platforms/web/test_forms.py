"""A field that takes a link says on the page what is wrong with another text, and keeps what was typed."""

from __future__ import annotations

from bot.kit.reply import Field, Form
from bot.platforms.web.forms import check

FORM = Form("My project", (Field("link", "Link", is_link=True), Field("name", "Name")), "x", "Save")


def test_what_is_no_link_is_told_beside_its_field_and_nothing_typed_is_lost() -> None:
    draft = check(FORM, 1, {"link": "my project", "name": "Ana"}, {})
    assert dict(draft.values) == {"link": "my project", "name": "Ana"}
    assert list(draft.problems) == ["link"]
    assert "That is no link I can show" in draft.problems["link"]


def test_a_link_is_taken() -> None:
    assert check(FORM, 1, {"link": "https://example.org/x", "name": "Ana"}, {}).problems == {}
