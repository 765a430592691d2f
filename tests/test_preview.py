"""The preview shows how each platform draws a question, without connecting to any."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bot.cli import main
from bot.domain.questions import draw
from bot.domain.questions.shapes import CHOICES, Question
from bot.preview import PLATFORMS, preview
from tests.content.test_questions import QUESTIONS
from tests.domain.questions.samples import GOOD, question

KINDS = sorted({one.kind for one in QUESTIONS})
WIDE = question("wide", "ж" * 280, *("W" * 80 + letter for letter in "abcd"), explanation="ж" * 200)


def views(text: str) -> list[str]:
    """The parts of a preview without their headings."""
    return [part.partition(" ──\n")[2] for part in text.split("── ")[1:]]


@pytest.mark.parametrize("platform", PLATFORMS)
@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_is_drawn_for_every_platform(platform: str, kind: str) -> None:
    one = next(one for one in QUESTIONS if one.kind == kind)
    asked, answered, solved = views(preview(one, platform))
    assert asked.strip()
    assert "Not quite." in answered
    assert solved.strip()
    if platform in ("telegram", "discord"):
        assert json.loads(asked)


def test_another_seed_shows_another_order() -> None:
    shown = {preview(WIDE, "terminal", str(seed)) for seed in range(9)}
    assert len(shown) > 1


@pytest.mark.parametrize("one", [*QUESTIONS, WIDE], ids=lambda one: one.id)
def test_each_question_fits_one_message_and_one_poll(one: Question) -> None:
    messages = json.loads(views(preview(one, "telegram"))[0])
    assert len(messages) == 1
    assert len(messages[0]["text"]) <= 4096
    cards = json.loads(views(preview(one, "discord"))[0])
    assert len(cards) == 1
    if one.how in CHOICES:
        poll = draw.poll(one, draw.shown_order(one, ""), str).poll
        assert poll is not None
        assert len(poll.question) <= 300
        assert all(len(choice.label) <= 100 for choice in poll.choices)
        assert len(poll.explanation) <= 200
        assert poll.explanation.count("\n") <= 2


def test_the_command_shows_a_question_and_a_generated_one(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["question", "q-alg-knn-1"]) == 0
    assert "Which part becomes much slower?" in " ".join(capsys.readouterr().out.split())
    assert main(["question", "g-precision", "--seed", "a", "--platform", "discord"]) == 0
    first = capsys.readouterr().out
    assert main(["question", "g-precision", "--seed", "b", "--platform", "discord"]) == 0
    assert capsys.readouterr().out != first


def test_an_unknown_question_is_refused_with_those_that_are_near(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["question", "alg-knn"]) == 2
    told = capsys.readouterr()
    assert "There is no question “alg-knn”" in told.err
    assert "q-alg-knn-1" in told.out.split()


def test_the_check_counts_questions_and_holds_them_to_the_rules(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["check"]) == 0
    assert f"{len(QUESTIONS)} questions." in capsys.readouterr().out
    (tmp_path / "quiz").mkdir()
    own = (
        GOOD.replace("q-one-1", "q-own-1")
        .replace("one", "py-syntax")
        .replace("book", "python-tutorial")
        .replace("The second", "Always the second")
    )
    (tmp_path / "quiz" / "own.yaml").write_text(own)
    assert main(["check", str(tmp_path)]) == 2
    assert "own.yaml:9: “Always” gives an option away" in capsys.readouterr().out


def test_the_check_writes_every_schema(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "--schemas", str(tmp_path)]) == 0
    assert "questions.json" in capsys.readouterr().out
    names = {path.name for path in tmp_path.iterdir()}
    assert {"stage.json", "resources.json", "glossary.json", "tips.json", "questions.json", "subjects.json"} <= names
