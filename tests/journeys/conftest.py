"""Every journey runs in every world."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.journeys.worlds import WORLDS, World


@pytest.fixture(params=WORLDS)
async def anywhere(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[World]:
    """A running bot on each platform in turn."""
    async with WORLDS[request.param](tmp_path / "journey.db") as world:
        yield world
