"""Somebody tries the quiz out by moving the clock on, without waiting: nothing that was due on the way is lost."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.domain.questions.shapes import CHOICES
from tests.fakes.core import shipped_shelf
from tests.journeys.clubs import Club, open_club
from tests.journeys.own_place import OwnPlace
from tests.journeys.terminal_place import TerminalVisitor
from tests.journeys.web_place import WebVisitor


@pytest.fixture(params=("web", "terminal"))
async def club(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Club]:
    """A community on each surface whose clock can be moved on."""
    async with open_club(request.param, tmp_path / "journey.db") as opened:
        yield opened


async def test_four_days_in_a_few_taps_have_their_quizzes_and_their_answers(club: Club) -> None:
    place, mo = club.place, club.mo
    assert isinstance(place, OwnPlace)
    assert isinstance(mo, WebVisitor | TerminalVisitor)
    stems = [one.stem for one in await shipped_shelf().bank() if one.how in CHOICES]
    for _tap in range(8):
        await mo.travels()
    await place.look()
    asked = [said for said in place.heard if "Quiz of the day" in said and any(stem in said for stem in stems)]
    answered = [said for said in place.heard if "The answer to the quiz" in said]
    assert len(asked) == len(answered) == 4, "it stops at each question and at each answer"


async def test_what_is_due_has_happened_when_the_clock_has_been_moved(club: Club) -> None:
    place, mo = club.place, club.mo
    assert isinstance(place, OwnPlace)
    assert isinstance(mo, WebVisitor | TerminalVisitor)
    await mo.travels()
    assert any("Quiz of the day" in said for said in await place.look())
