"""Fixtures of the quiz's tests."""

from __future__ import annotations

import pytest

from tests.fakes.core import CoreWorld
from tests.features.quiz.community import Quiz


@pytest.fixture
async def quiz(world: CoreWorld) -> Quiz:
    return await Quiz.open(world)
