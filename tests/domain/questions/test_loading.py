"""Questions are refused as a whole if any is wrong, and every problem is named with its line."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest
import yaml

from bot.domain.questions.bank import Bank
from bot.domain.questions.loading import load_bank, schemas
from bot.infra.content_files import read_folder
from bot.kit.problems import Problems
from tests.domain.questions.samples import CODE, GOOD, NUMERIC, ORDER, SEVERAL, VERDICT
from tests.fakes.core import shipped_shelf

ALL = GOOD + NUMERIC + CODE + ORDER + SEVERAL + VERDICT


def loaded(folder: Path, *files: str) -> tuple[Bank | None, list[str]]:
    """Read files of questions on the topic py-syntax with the source python-tutorial."""
    place = folder / "quiz" / "part"
    place.mkdir(parents=True, exist_ok=True)
    for number, text in enumerate(files):
        known = text.replace("topic: one", "topic: py-syntax").replace("source: book", "source: python-tutorial")
        (place / f"f{number}.yaml").write_text(known)
    problems = Problems()
    curriculum = shipped_shelf().curriculum
    bank = load_bank(lambda under, told: read_folder(folder, under, "content", told), curriculum, problems)
    assert (bank is None) == bool(problems)
    return bank, [str(problem) for problem in problems]


def test_every_kind_is_read_from_folders_inside_the_folder(tmp_path: Path) -> None:
    bank, problems = loaded(tmp_path, GOOD + NUMERIC, CODE + ORDER + SEVERAL + VERDICT)
    assert problems == []
    assert bank is not None
    assert [question.kind for question in bank] == ["single", "numeric", "code", "order", "several", "true-false"]
    question = bank.get("q-one-1")
    assert question is not None
    assert str(question.spot) == "content/quiz/part/f0.yaml:1"
    assert str(question.wrong[1].spot) == "content/quiz/part/f0.yaml:11"
    assert question.asked == "concept"
    assert question.right == {0}


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (GOOD.replace("topic: one", "topic: two"), "f0.yaml:1: “q-one-1” names the topic “two”, which does not exist"),
        (GOOD.replace("book", "film"), "f0.yaml:1: “q-one-1” names the resource “film”, which does not exist"),
        (GOOD + GOOD, "f0.yaml:15: the question id “q-one-1” is taken by content/quiz/part/f0.yaml:1"),
        (GOOD.replace("q-one-1", "one-1"), "f0.yaml:1: “id” is “one-1”; it must be “q-”"),
        (GOOD.replace("level: easy", "level: light"), "f0.yaml:3: “level” is “light”; it must be one of easy"),
        (GOOD.replace("Which part", "x" * 280), "f0.yaml:4: “stem” has 287 characters; at most 280 fit"),
        (GOOD.replace("The first\n", "x" * 81 + "\n"), "f0.yaml:6: “text” has 81 characters; at most 80 fit"),
        (GOOD.replace("The first grows", "x" * 201), "f0.yaml:13: “explanation” has 202 characters; at most 200 fit"),
        (GOOD.replace("The first grows.", '"a\\nb\\nc\\nd"'), "“explanation” has 3 line feeds; at most 2 fit"),
        (GOOD.replace("The second", '"The\\nsecond"'), "f0.yaml:9: “text” has 1 line feeds; at most 0 fit"),
        (GOOD.replace("The second", '"The\\u200esecond"'), "f0.yaml:9: “text” holds a character that cannot be seen"),
        (GOOD.replace("The second", "' The second'"), "f0.yaml:9: “text” begins or ends with a space"),
        (GOOD.replace("The second", "the first"), "f0.yaml:9: the option “the first” is here twice"),
        (GOOD.replace("  explanation: The first grows.\n", ""), "f0.yaml:1: “explanation” is missing"),
        (GOOD.replace("      why: Nor does it.\n", ""), "f0.yaml:11: “why” is missing"),
        (GOOD.replace("  level", "  answers: 2\n  level"), "f0.yaml:3: unknown key “answers”"),
        (GOOD.split("    - text: The third")[0] + GOOD[GOOD.index("  expl") :], "2 to 3 entries under “wrong”, not 1"),
        (SEVERAL.replace("kind: several", "kind: single"), "a single question has 1 entry under “answer”, not 2"),
        (GOOD.replace("  stem", "  kind: several\n  stem"), "a several question has 2 to 5 entries under “answer”, not 1"),
        (GOOD.replace("  stem", "  kind: code\n  stem"), "a code question shows code; “code” is missing"),
        (GOOD.replace("  stem", "  proof: x\n  stem"), "“proof” belongs to questions with code"),
        (CODE.replace("print(1)", '"a\\nb\\nc\\nd\\ne\\nf\\ng"'), "“code” has 7 lines; at most 6 fit a phone"),
        (CODE.replace("print(1)", '"' + "a" * 61 + '"'), "a line of “code” has 61 characters; at most 60 fit a phone"),
        (CODE.replace("print(1)", '"print(1"'), "“code” is not Python"),
        (CODE.replace("  stem", "  language: sql\n  stem"), "sql cannot be run by itself; add “proof”"),
        (CODE.replace("  stem", "  proof: 'a b'\n  stem"), "“proof” is not Python"),
        (GOOD.replace("  stem", "  formula: 1 + 1\n  stem"), "“formula” belongs to numeric questions; this one is single"),
        (NUMERIC.replace("  formula: 100 * 30 / 40\n", ""), "a formula that gives its number; “formula” is missing"),
        (NUMERIC.replace("100 * 30 / 40", "100 * 30 / 50"), "“formula” gives 60, the answer says 75"),
        (NUMERIC.replace("100 * 30 / 40", "x + 1"), "“formula” uses “x”; known are sqrt"),
        (NUMERIC.replace("'75'", "about 75"), "f0.yaml:7: “about 75” is not a number"),
        (NUMERIC.replace("'133'", "'75.2'"), "f0.yaml:10: 75.2 is called wrong, but is as near to the answer"),
        (VERDICT.replace("'False: it has no time'", "It has no time"), "begins with “True: ” or “False: ”"),
        (VERDICT.replace("False: ", "True: "), "all options give the same verdict"),
        (ORDER.replace("  expl", "  wrong:\n    - text: x\n      why: y\n  expl"), "0 entries under “wrong”, not 1"),
    ],
)  # fmt: skip
def test_each_mistake_has_its_sentence(tmp_path: Path, text: str, sentence: str) -> None:
    bank, problems = loaded(tmp_path, text)
    assert bank is None
    assert any(sentence in problem for problem in problems), problems


def test_all_problems_of_all_files_are_told_at_once_and_nothing_is_kept(tmp_path: Path) -> None:
    bank, problems = loaded(
        tmp_path, GOOD.replace("easy", "light"), "a: &x 1\n", NUMERIC.replace("'75'", "'76'"), ORDER
    )
    assert bank is None
    assert {problem.split(":")[0].rpartition("/")[2] for problem in problems} == {"f0.yaml", "f1.yaml", "f2.yaml"}


def test_subjects_stand_beside_topics(tmp_path: Path) -> None:
    (tmp_path / "quiz").mkdir()
    subjects = tmp_path / "quiz" / "subjects.yaml"
    subjects.write_text("- id: job\n  title: Looking for a job\n")
    bank, problems = loaded(tmp_path, GOOD.replace("topic: one", "topic: job"))
    assert problems == []
    assert bank is not None
    assert bank.subjects["job"].title == "Looking for a job"
    assert [question.id for question in bank.find(topics=["job"])] == ["q-one-1"]
    subjects.write_text("- id: py-syntax\n  title: Twice\n")
    assert "is a topic of the roadmap already" in loaded(tmp_path, GOOD)[1][0]


def test_no_questions_are_an_empty_bank(tmp_path: Path) -> None:
    problems = Problems()
    bank = load_bank(
        lambda under, told: read_folder(tmp_path, under, "content", told), shipped_shelf().curriculum, problems
    )
    assert bank is not None
    assert len(bank) == 0


def test_editors_and_reader_agree_on_the_shape(tmp_path: Path) -> None:
    schema = jsonschema.Draft202012Validator(json.loads(schemas()["questions.json"]))
    for text in (ALL, GOOD.replace("easy", "light"), GOOD.replace("  level", "  answers: 2\n  level")):
        assert schema.is_valid(yaml.safe_load(text)) == (loaded(tmp_path, text)[0] is not None)
