"""Replies survive being stored, and whatever is not a stored reply is refused."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.kit.codec import dump, load
from bot.kit.reply import Document, Reply, reply
from tests.kit.documents import replies


@settings(max_examples=300, deadline=None)
@given(replies)
def test_a_reply_comes_back_as_it_was(said: Reply) -> None:
    assert load(dump(said)) == said


@pytest.mark.parametrize(
    "text",
    [
        "",
        "null",
        "[]",
        "{}",
        '"x"',
        '{"~":"Reply","nope":1}',
        '{"~":"Unknown"}',
        '{"~":"Plain","text":"x"}',
        "[" * 100_000,
    ],
)
def test_garbage_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        load(text)


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=5),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(st.sampled_from(["~", "=", "text", "body"]), inner, max_size=3)
        ),
        max_leaves=8,
    )
)
def test_no_json_crashes_it(value: object) -> None:
    with pytest.raises(ValueError, match=r".*"):
        load(json.dumps(value))


def test_what_is_at_its_default_takes_no_room() -> None:
    assert dump(reply("hi")) == '{"~":"Reply","blocks":[{"~":"Paragraph","body":[{"~":"Plain","text":"hi"}]}]}'


def test_a_file_comes_back_as_it_was() -> None:
    said = reply("Here it is.", document=Document("export.json", '{"name": "Zoë"}', "application/json"))
    assert load(dump(said)) == said


@pytest.mark.parametrize("name", ["", "../x.json", "a/b", "x" * 65, "a\nb.json", "ü.json", ".hidden", "a.b.c", "a b"])
def test_a_file_whose_name_could_do_harm_is_none(name: str) -> None:
    with pytest.raises(ValueError, match="cannot be called"):
        Document(name, "x", "text/plain")
    stored = '{"~":"Reply","document":{"~":"Document","name":"N","text":"x","media_type":"text/plain"}}'
    with pytest.raises(ValueError, match="cannot be called"):
        load(stored.replace('"N"', json.dumps(name)))
