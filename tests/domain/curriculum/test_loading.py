"""The curriculum is refused as a whole if any of it is wrong, and every problem is named."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.domain.curriculum.loading import load
from bot.domain.curriculum.shelf import Shelf
from bot.infra.content_files import read_folder
from bot.kit.problems import Problems

TOPIC = {
    "title": "Topic", "hours": 2, "core": True, "why": "because", "learn": ["a", "b", "c"], "resources": ["book"],
}  # fmt: skip
STAGE = {
    "id": "stage-1",
    "number": 1,
    "title": "First",
    "why": "because",
    "milestone": {"title": "m", "text": "t", "evidence": ["a", "b"]},
    "subtopics": [
        {
            "id": "sub",
            "number": "1.1",
            "title": "Sub",
            "why": "because",
            "topics": [{"id": "one", **TOPIC}, {"id": "two", **TOPIC, "requires": ["one"]}],
        }
    ],
}
BOOK = {
    "id": "book", "name": "Book", "url": "https://example.org/", "by": "me", "kind": "book", "cost": "free",
    "level": "all", "status": "current", "verified": "unverified", "note": "good",
}  # fmt: skip
TERM = {"term": "word", "topic": "one", "definition": "what it is"}

Change = Callable[[dict[str, object], list[dict[str, object]], list[dict[str, object]]], None]


def write(folder: Path, change: Change | None = None) -> None:
    stage, resources, terms = json.loads(json.dumps([STAGE, [BOOK], [TERM]]))
    if change is not None:
        change(stage, resources, terms)
    for name, value in (("roadmap", stage), ("resources", resources), ("glossary", terms)):
        (folder / name).mkdir(exist_ok=True, parents=True)
        (folder / name / "f.yaml").write_text(json.dumps(value, indent=1))


def problems_of(folder: Path) -> list[str]:
    problems = Problems()
    assert (load(lambda under, told: read_folder(folder, under, "content", told), problems) is None) == bool(problems)
    return [str(problem) for problem in problems]


def topic(stage: dict[str, object], position: int) -> dict[str, object]:
    return stage["subtopics"][0]["topics"][position]  # type: ignore[index, no-any-return]


def test_a_sound_folder_loads(tmp_path: Path) -> None:
    write(tmp_path)
    assert problems_of(tmp_path) == []


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (lambda s, _r, _t: topic(s, 1).update(requires=["three"]), "names the topic “three”, which does not exist"),
        (
            lambda s, _r, _t: topic(s, 0).update(requires=["two"]),
            "the prerequisites run in a circle: one needs two needs one",
        ),
        (lambda s, _r, _t: topic(s, 0).update(requires=["one"]), "topic “one” needs itself"),
        (lambda s, _r, _t: topic(s, 1).update(id="one"), "the roadmap id “one” is taken by"),
        (lambda s, _r, _t: topic(s, 1).update(resources=["nothing"]), "names the resource “nothing”"),
        (lambda s, _r, _t: topic(s, 1).update(one_of="group"), "“group” is a choice of one"),
        (lambda s, _r, _t: s["subtopics"][0].update(number="1.2"), "sub-topic 1.2 stands where 1.1 belongs"),
        (lambda _s, r, _t: r.append({**BOOK, "id": "b2"}), "the address “https://example.org/” is taken by"),
        (lambda _s, r, _t: r.append({**BOOK, "id": "b2", "url": "https://e.org"}), "uses the resource “b2”"),
        (lambda _s, r, _t: r[0].update(successor="b9"), "the successor “b9” does not exist"),
        (lambda _s, r, _t: r[0].update(status="superseded"), "is superseded but names no successor"),
        (lambda _s, _r, t: t[0].update(topic="zero"), "names the topic “zero”, which does not exist"),
        (lambda _s, _r, t: t[0].update(see=["other"]), "points to “other”, which is no term of the glossary"),
        (lambda _s, _r, t: t.append({**TERM, "term": "Wo-rd"}), "the name “Wo-rd” is taken in the glossary by"),
        (lambda _s, _r, t: t[0].update(aliases=["WORD"]), "the name “WORD” reads the same as “word” here"),
        (lambda _s, _r, t: t[0].update(aliases=["!?"]), "holds no letter or digit"),
        (
            lambda s, _r, _t: [topic(s, at).update(aliases=["x"]) for at in (0, 1)],
            "is taken in the roadmap by",
        ),
    ],
)
def test_each_broken_reference_is_named(tmp_path: Path, change: Change, sentence: str) -> None:
    write(tmp_path, change)
    found = problems_of(tmp_path)
    assert any(sentence in problem for problem in found), found


def test_an_empty_folder_is_refused(tmp_path: Path) -> None:
    assert any("holds no stage" in problem for problem in problems_of(tmp_path))


def test_bad_content_leaves_the_old_in_use(tmp_path: Path) -> None:
    write(tmp_path)
    shelf = Shelf(lambda under, problems: read_folder(tmp_path, under, "content", problems))
    assert not shelf.reload()
    before = shelf.curriculum
    write(tmp_path, lambda _s, r, _t: r[0].update(url="nowhere"))
    assert shelf.reload()
    assert shelf.curriculum is before
    write(tmp_path, lambda s, _r, _t: s.update(title="Renamed"))
    assert not shelf.reload()
    assert shelf.curriculum.stages[0].title == "Renamed"
