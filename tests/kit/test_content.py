"""Dataclasses as schemas: strict reading with a sentence for every mistake, and the JSON Schema of the same."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal

import jsonschema
import pytest
import yaml

from bot.infra.content_files import read_text
from bot.kit.content import Address, Id, Rule, json_schema, read, read_list
from bot.kit.problems import NOWHERE, Problems, Spot


@dataclass(frozen=True, slots=True)
class Inner:
    """A part."""

    name: Annotated[str, Rule("Its name.", 5)]


@dataclass(frozen=True, slots=True)
class Outer:
    """A whole."""

    id: Id
    kind: Literal["red", "blue"]
    count: Annotated[int, Rule("How many.", least=1, most=9)]
    parts: Annotated[tuple[Inner, ...], Rule("Parts.", fewest=1, many=2)]
    share: float = 1.0
    url: Address | None = None
    on: bool = True
    spot: Spot = NOWHERE


GOOD = "id: an-id\nkind: red\ncount: 3\nparts:\n  - name: one\n"


def outcome(text: str) -> tuple[Outer | None, list[str]]:
    problems = Problems()
    tree = read_text("f.yaml", text.encode(), problems)
    assert tree is not None, list(problems)
    return read(Outer, tree, problems), [str(problem) for problem in problems]


def test_what_fits_is_read_with_defaults_and_its_place() -> None:
    value, problems = outcome(GOOD + "share: 2\n")
    assert problems == []
    assert value == Outer("an-id", "red", 3, (Inner("one"),), 2.0, None, True, Spot("f.yaml", 1))


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (GOOD.replace("id: an-id\n", ""), "f.yaml:1: “id” is missing"),
        (GOOD.replace("an-id", "An Id"), "f.yaml:1: “id” is “An Id”; it must be letters, digits, hyphens"),
        (GOOD.replace("red", "green"), "f.yaml:2: “kind” is “green”; it must be one of red, blue"),
        (GOOD.replace("3", "'3'"), "f.yaml:3: “count” must be a whole number, found the text “3”"),
        (GOOD.replace("3", "10"), "f.yaml:3: “count” is 10; it must be from 1 to 9"),
        (GOOD.replace("3", "true"), "f.yaml:3: “count” must be a whole number, found the truth value true"),
        (GOOD.replace("one", "longer"), "f.yaml:5: “name” has 6 characters; at most 5 fit"),
        (GOOD.replace("one", "''"), "f.yaml:5: “name” is empty"),
        (GOOD.replace("one", "1"), "f.yaml:5: “name” must be text (put it in quotes), found the number 1"),
        (GOOD + "  - name: b\n  - name: c\n", "f.yaml:5: “parts” has 3 entries; at most 2 are allowed"),
        (GOOD.replace("\n  - name: one", " []"), "f.yaml:4: “parts” has 0 entries; at least 1 are needed"),
        (GOOD.replace("\n  - name: one", " one"), "f.yaml:4: “parts” must be a list, found the text “one”"),
        (GOOD.replace("- name: one", "- one"), "f.yaml:5: expected keys and values, found the text “one”"),
        (GOOD + "colour: red\n", "f.yaml:6: unknown key “colour”; known here: id, kind, count, parts, share, url, on"),
        (GOOD + "url: ftp://x\n", "f.yaml:6: “url” is “ftp://x”; it must be an address that begins with https://"),
        (GOOD + "spot: 1\n", "f.yaml:6: unknown key “spot”"),
        ("- a\n", "f.yaml:1: expected keys and values, found a list"),
    ],
)
def test_each_mistake_has_its_sentence(text: str, sentence: str) -> None:
    value, problems = outcome(text)
    assert value is None
    assert any(problem.startswith(sentence) for problem in problems), problems


def test_all_mistakes_are_told_at_once() -> None:
    _value, problems = outcome("id: A\nkind: green\ncount: 0\nparts: []\nmore: 1\n")
    assert len(problems) == 5


def test_good_entries_of_a_list_are_kept_beside_bad_ones() -> None:
    problems = Problems()
    tree = read_text("f.yaml", b"- name: a\n- nam: b\n- name: c\n", problems)
    assert tree is not None
    assert [entry.name for entry in read_list(Inner, tree, problems)] == ["a", "c"]
    assert {problem.spot.line for problem in problems} == {2}


@pytest.mark.parametrize(
    "text",
    [GOOD, GOOD + "url: https://x.org\n", GOOD.replace("red", "green"), GOOD + "colour: red\n", GOOD.replace("3", "10"),
     GOOD.replace("one", "longer"), GOOD.replace("an-id", "An Id"), GOOD.replace("id: an-id\n", "")],
)  # fmt: skip
def test_editors_and_reader_agree(text: str) -> None:
    schema = json_schema(Outer, title="Outer")
    valid = jsonschema.Draft202012Validator(schema).is_valid(yaml.safe_load(text))
    assert valid == (outcome(text)[0] is not None)
