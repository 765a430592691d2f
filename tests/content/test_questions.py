"""The questions that ship: sound, provable, and free of every habit that gives an answer away."""

from __future__ import annotations

import ast
import json
import math
import subprocess
import sys
from functools import cache
from pathlib import Path

import jsonschema
import pytest
import yaml

from bot.app import open_shelf
from bot.domain.questions import loading
from bot.domain.questions.bank import Bank
from bot.domain.questions.formula import compute
from bot.domain.questions.lint import lint
from bot.domain.questions.shapes import Kind, Option, Question, Subject
from bot.kit.problems import Problems
from tests.house.test_docs import fields_that_differ, read

CONTENT = Path(__file__).resolve().parents[2] / "content"
QUIZ = CONTENT / "quiz"
PATIENCE = 300


@cache
def bank() -> Bank:
    shelf = open_shelf()
    shelf.reload(is_thorough=True).refuse()
    assert shelf.indexes.bank is not None
    return shelf.indexes.bank


QUESTIONS = list(bank())
CODE = [question for question in QUESTIONS if question.how is Kind.CODE or question.proof is not None]
NUMERIC = [question for question in QUESTIONS if question.how is Kind.NUMERIC]
NAMES = {name: getattr(math, name) for name in ("sqrt", "exp", "log", "log2", "log10", "sin", "cos", "tanh", "pi", "e")}
NAMES |= {"floor": math.floor, "ceil": math.ceil, "comb": math.comb, "factorial": math.factorial}
NAMES |= {"abs": abs, "round": round, "min": min, "max": max, "__builtins__": {}}


@cache
def results() -> dict[str, dict[str, str]]:
    """What each piece of code prints, all of it run once in a process of its own."""
    items = json.dumps([(question.code, question.proof) for question in CODE])
    script = Path(__file__).parent / "code_runs.py"
    done = subprocess.run(
        [sys.executable, "-I", script], input=items, capture_output=True, text=True, timeout=PATIENCE, check=True
    )
    return {question.id: result for question, result in zip(CODE, json.loads(done.stdout), strict=True)}


def test_there_are_questions_of_every_kind_and_level() -> None:
    assert {question.how for question in QUESTIONS} == set(Kind)
    assert {question.level for question in QUESTIONS} == {"easy", "medium", "hard"}


def test_no_question_breaks_a_writing_rule() -> None:
    problems = Problems()
    lint(QUESTIONS, problems)
    assert [str(problem) for problem in problems] == []


@pytest.mark.parametrize("question", CODE, ids=lambda question: question.id)
def test_code_gives_the_stored_answer(question: Question) -> None:
    result = results()[question.id]
    assert "failed" not in result, result
    printed = result["printed"]
    if printed:
        assert printed == question.answer[0].text
        assert printed not in [option.text for option in question.wrong]
    else:
        assert question.proof is not None
        assert any(isinstance(node, ast.Assert) for node in ast.walk(ast.parse(question.proof))), "proves nothing"


@pytest.mark.parametrize("question", NUMERIC, ids=lambda question: question.id)
def test_numbers_follow_from_their_formula(question: Question) -> None:
    assert question.formula is not None
    value = compute(question.formula)
    assert value == pytest.approx(eval(question.formula, dict(NAMES)))  # noqa: S307 - our own content, two ways
    assert abs(value - question.number) <= max(question.tolerance, 1e-9 * abs(value))


def test_each_id_names_its_topic() -> None:
    assert [question.id for question in QUESTIONS if not question.id.startswith(f"q-{question.topic}-")] == []


def test_files_lie_by_stage_and_carry_the_name_of_what_they_are_about() -> None:
    curriculum = open_shelf()
    curriculum.reload().refuse()
    stages = {path.stem for path in (CONTENT / "roadmap").glob("[1-9]-*.yaml")} | {"career"}
    known = {*curriculum.curriculum.subtopics, *curriculum.curriculum.places, "career"}
    for path in QUIZ.glob("*/*.yaml"):
        assert path.parent.name in stages, path
        assert path.stem in known, path


@pytest.mark.parametrize("path", sorted(QUIZ.rglob("*.yaml")), ids=lambda path: path.name)
def test_every_file_fits_the_schema_it_names(path: Path) -> None:
    first, text = path.read_text("utf-8").split("\n", 1)
    schema = json.loads((path.parent / first.split("$schema=")[1].strip()).read_text("utf-8"))
    jsonschema.validate(yaml.safe_load(text), schema)


def test_schemas_are_fresh() -> None:
    for name, text in loading.schemas().items():
        stored = (CONTENT / "schemas" / name).read_text("utf-8")
        assert stored == text, f"{name} is stale; run: roadmate check --schemas content/schemas"


@pytest.mark.parametrize(("shape", "title"), [(Question, "Question"), (Option, "Option"), (Subject, "Subject")])
def test_every_field_is_described_with_its_limits(shape: type, title: str) -> None:
    assert fields_that_differ(read("content/README.md"), shape, title) == []


def test_the_example_of_the_guide_can_be_copied(tmp_path: Path) -> None:
    text = read("content/README.md")
    example = text.split("```yaml\n- id: q-")[1].split("```")[0]
    folder = tmp_path / "quiz"
    folder.mkdir()
    (folder / "own.yaml").write_text("- id: q-" + example.replace("alg-knn-1", "own-1", 1), "utf-8")
    shelf = open_shelf(tmp_path)
    shelf.reload().refuse()
    assert shelf.indexes.bank is not None
    assert shelf.indexes.bank.get("q-own-1") is not None
