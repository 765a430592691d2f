"""Fixtures of the quiz's tests."""

from __future__ import annotations

import pytest

from bot.kit.request import Role
from tests.fakes.core import ROOM, CoreWorld
from tests.features.quiz.community import Quiz


@pytest.fixture
async def quiz(world: CoreWorld) -> Quiz:
    mo = world.person("Mo", Role.MODERATOR)
    card = await mo.says("/setup", ROOM)
    await mo.sends("setup.room:", card)
    await mo.sends("setup.set:quiz-at:18,00", card)
    return Quiz(world, mo)
