"""A learner says that something is wrong, a moderator mends the question in a form: the same on each platform."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.journeys.clubs import Club, open_club
from tests.journeys.questions import asked, solve

KINDS = ("telegram-supergroup", "discord-text", "web", "terminal")
GIT = "/quiz git easy"


@pytest.fixture(params=KINDS)
async def club(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Club]:
    """A community on each platform."""
    async with open_club(request.param, tmp_path / "journey.db") as opened:
        yield opened


async def test_from_something_wrong_to_other_words(club: Club) -> None:
    ana, mo = club.right, club.mo
    await ana.says("/help")
    card = await ana.asks(GIT)
    question = await asked(card)
    assert question is not None, card
    await solve(ana, card)
    assert "What is wrong with this question?" in await ana.presses("Something wrong?")
    await ana.presses("Something else")
    assert "Thank you" in await ana.fills(note="Both could be right")
    assert question.stem in await mo.says("/question flagged")
    shown = await mo.says(f"/question show {question.id}")
    assert "Both could be right" in shown
    assert "Ana" not in shown
    await mo.presses("Fix the words")
    values = {"stem": "Which of these is it?", "right": "The first — So it is", "wrong": "", "explanation": "It is so."}
    told = await mo.fills(**values | {"wrong": "The second\nThe second"})
    assert "the option “The second” is here twice" in told
    done = await mo.fills(**values | {"wrong": "The second\nThe third"})
    assert "Fixed." in done
    assert "The third" in done
    assert "No question waits" in await mo.says("/question flagged")
    assert "Restored" in await mo.says(f"/question restore {question.id}")


async def test_many_questions_are_pasted_and_taken_back(club: Club) -> None:
    from tests.features.questions.world import YAML

    mo = club.mo
    await mo.says("/question import")
    told = await mo.fills(yaml=YAML.replace("alg-knn", "nowhere"))
    assert "line 1: " in told
    assert "nowhere" in told
    assert "Added: q-c" in await mo.fills(yaml=YAML)
    assert "retired" in await mo.presses("Undo")
