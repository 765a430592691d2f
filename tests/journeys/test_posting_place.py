"""A daily quiz whose hour was set where nobody set anything up: a place is asked for, and one tap makes it come."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from tests.journeys.place import Place
from tests.journeys.places import PLACES
from tests.journeys.terminal_place import terminal
from tests.journeys.web_place import web

EVERYWHERE = {**PLACES, "web": web, "terminal": terminal}


@pytest.fixture(params=EVERYWHERE)
async def place(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Place]:
    """Each kind of place in turn, with the bot just let in."""
    async with EVERYWHERE[request.param](tmp_path / "journey.db") as here:
        await here.adds_bot()
        if request.param in PLACES:  # rooms of our own greet nobody
            await here.is_told("Hello, I am Roadmate")
        yield here


async def test_an_hour_asks_for_its_place_and_here_is_where_the_quiz_comes(place: Place) -> None:
    mo = place.person("Mo", moderates=True)
    await mo.says("/settings community")
    await mo.presses("Daily quiz")
    assert "I do not know yet where to post it." in await mo.presses("20:00")
    assert {"Here", "Set up"} <= set(mo.labels)
    assert "I do not know yet where to post this" in await mo.says("/schedule")
    assert "From now on I post in" in await mo.presses("Here")
    place.clock.travel(timedelta(hours=2, minutes=1))
    await place.hears("Quiz of the day")


async def test_the_other_way_on_is_the_set_up(place: Place) -> None:
    mo = place.person("Mo", moderates=True)
    await mo.says("/settings community")
    await mo.presses("Daily quiz")
    await mo.presses("20:00")
    assert "1 of " in await mo.presses("Set up")
