"""From a fresh group, channel or server to its first planned post, on the real platforms' fakes."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from tests.journeys.places import PLACES, Place, Visitor

MOST_TAPS = 8
PROOF = "posting here works"


@pytest.fixture(params=PLACES)
async def place(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Place]:
    """Each kind of place in turn, with the bot just let in."""
    async with PLACES[request.param](tmp_path / "journey.db") as here:
        await here.adds_bot()
        await here.hears("Hello, I am Roadmate")
        yield here


async def begins(place: Place, mo: Visitor) -> str:
    """Come to the first question; where the hello stands elsewhere, by the command."""
    return await mo.says("/setup") if place.is_inner else await mo.presses("Set up")


async def walks(place: Place, mo: Visitor) -> str:
    """Answer every question with the first offer, and want a test post."""
    await begins(place, mo)
    await mo.presses("English")
    await mo.presses("Berlin (Europe/Berlin)")
    await mo.presses(place.here)
    return await mo.presses("in ten minutes")


async def test_a_few_taps_lead_from_a_fresh_place_to_the_first_planned_post(place: Place) -> None:
    mo = place.person("Mo", moderates=True)
    assert "1 of 4: Language" in await begins(place, mo)
    assert "2 of 4: Time zone" in await mo.presses("English")
    assert "3 of 4: Place" in await mo.presses("Berlin (Europe/Berlin)")
    assert "4 of 4: Test post" in await mo.presses(place.here)
    card = await mo.presses("in ten minutes")
    assert "All set" in card
    assert "Test post" in card
    assert mo.taps == 5 <= MOST_TAPS
    place.clock.travel(timedelta(minutes=9))
    assert not any(PROOF in said for said in place.heard)
    place.clock.travel(timedelta(minutes=2))
    await place.hears(PROOF)
