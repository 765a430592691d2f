"""Practice through ``/quiz`` itself keeps simulated learners at 70 to 85 % right answers, wherever the bank can.

What is held to that is the chance each learner really had with each question they were asked, so that it tells of what
was chosen and not of luck. More learners, and what they answered, are measured by ``python -m tests.bench``.
"""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.domain.questions.shapes import Level
from bot.features.quiz import rules
from tests.fakes.core import CoreWorld
from tests.features.quiz.learners import Learner, share

WARM_UP = 30
SIX_HOURS = timedelta(hours=6)


@pytest.mark.parametrize(
    ("skill", "seed"), [(1400.0, 0), (1400.0, 1), (1500.0, 2), (1600.0, 2), (1700.0, 3), (1800.0, 0), (1800.0, 1)]
)
async def test_practice_of_whatever_suits_keeps_seventy_to_eighty_five_percent_right(
    world: CoreWorld, skill: float, seed: int
) -> None:
    learner = Learner(world, skill, seed)
    await learner.practice("/quiz any 20", 160, SIX_HOURS)
    assert 0.70 <= share(learner.chances, WARM_UP) <= 0.85


@pytest.mark.parametrize("skill", [1400.0, 1650.0])
async def test_so_does_practice_of_one_stage(world: CoreWorld, skill: float) -> None:
    learner = Learner(world, skill)
    await learner.practice("/quiz stage 2 20", 160, timedelta(days=1))
    assert 0.70 <= share(learner.chances, WARM_UP) <= 0.85
    assert set(learner.stages()) == {2}


async def test_whoever_finds_even_easy_questions_hard_gets_little_else(world: CoreWorld) -> None:
    """With skill 1300 the easy questions of the bank give 64 % on the mean: 70 % cannot be had."""
    learner = Learner(world, 1300.0)
    await learner.practice("/quiz any 20", 160, SIX_HOURS)
    easy = [question for question in await world.app.tools.shelf.bank() if Level(question.level) is Level.EASY]
    possible = [rules.chance(1300.0, rules.first_rating(one).value, rules.by_chance(one)) for one in easy]
    assert share(possible, 0) < 0.70
    assert share(learner.chances, WARM_UP) >= share(possible, 0) - 0.03
    assert learner.levels()[Level.EASY] >= 0.85 * 160
