"""Fixtures every room of the tests may use."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from bot.infra.clock import use_own_zone_data
from tests.fakes.core import CoreWorld, Person

use_own_zone_data()


@pytest.fixture
async def world() -> AsyncIterator[CoreWorld]:
    """A bot over a database in memory."""
    world = await CoreWorld.open()
    yield world
    await world.close()


@pytest.fixture
def ana(world: CoreWorld) -> Person:
    """A learner."""
    return world.person("Ana")


@pytest.fixture
def ben(world: CoreWorld) -> Person:
    """Another learner."""
    return world.person("Ben")
