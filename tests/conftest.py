"""Fixtures every room of the tests may use."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import TYPE_CHECKING

import pytest

from bot.infra.clock import use_own_zone_data
from tests.fakes.core import CoreWorld, Person

if TYPE_CHECKING:
    from tests.fakes.postgres import Server

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


@pytest.fixture(scope="session")
def postgres() -> Server:
    """A PostgreSQL server that lasts as long as this process."""
    from tests.fakes.postgres import NoServerError, shared_server

    try:
        return shared_server()
    except NoServerError as error:
        pytest.skip(str(error))


@pytest.fixture
async def postgres_url(postgres: Server) -> AsyncIterator[str]:
    """The address of an empty database of its own."""
    async with postgres.fresh() as url:
        yield url
