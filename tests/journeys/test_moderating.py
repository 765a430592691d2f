"""Running a community on the real platforms' fakes: help, settings, roles, the schedule, and a word for newcomers."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from tests.journeys.places import PLACES, Place, Visitor

GROUPS = [name for name in PLACES if name != "telegram-channel"]
"""In a channel, administrators type in its name, so that nothing can be said to one of them alone."""
MODERATORS_VERBS = ("/setup", "/roles")


@pytest.fixture(params=GROUPS)
async def place(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Place]:
    """Each kind of place people talk in, with the bot just let in."""
    async with PLACES[request.param](tmp_path / "journey.db") as here:
        await here.adds_bot()
        await here.is_greeted()
        yield here


@pytest.fixture
def mo(place: Place) -> Visitor:
    """A moderator."""
    return place.person("Mo", moderates=True)


@pytest.fixture
def ana(place: Place) -> Visitor:
    """A member."""
    return place.person("Ana")


async def test_help_shows_moderators_their_verbs_and_members_their_own(place: Place, mo: Visitor, ana: Visitor) -> None:
    theirs, hers = await mo.says("/help"), await ana.says("/help")
    for verb in MODERATORS_VERBS:
        assert verb in theirs
        assert verb not in hers
    assert "/roadmap" in hers
    assert not any("What you can ask" in said for said in place.heard), "help is for whoever asked"


async def test_ones_own_settings_are_shown_and_changed_where_nobody_else_reads_them(
    place: Place, mo: Visitor, ana: Visitor
) -> None:
    card = await ana.says("/settings")
    assert "Quiet hours" in card
    assert "moderators" not in card
    assert not any("Quiet hours" in said for said in place.heard)
    before = place.heard
    await ana.presses("Language")
    assert "Saved" in await ana.presses("English")
    assert place.heard == before


async def test_settings_of_the_community_are_changed_and_taken_back_in_place(place: Place, mo: Visitor) -> None:
    card = await mo.says("/settings community")
    assert "Welcome newcomers" in card
    await mo.presses("Welcome newcomers")
    assert "Saved" in await mo.presses("on")
    changes = await mo.says("/settings changes")
    assert "Mo: Welcome newcomers from off to on" in changes
    await mo.presses("Undo Welcome newcomers")
    assert "off" in await mo.says("/settings community")


async def test_a_newcomer_is_greeted_only_where_that_was_wanted(place: Place, mo: Visitor) -> None:
    await place.newcomer("Ben")
    await mo.says("/settings community")
    assert not any("Welcome, Ben" in said for said in place.heard)
    await mo.presses("Welcome newcomers")
    await mo.presses("on")
    place.clock.travel(timedelta(minutes=2))
    await place.newcomer("Cem")
    await place.is_told("Welcome, Cem!")
    (word,) = [said for said in place.heard if "Welcome, Cem!" in said]
    assert "/roadmap" in word
    assert "/next" in word


async def test_a_role_is_given_and_holds(place: Place, mo: Visitor, ana: Visitor) -> None:
    await ana.says("/help")
    assert "Ana" in await mo.says("/roles")
    await mo.presses("Ana")
    assert "Ana is host here" in await mo.presses("Host")
    assert "Only moderators" in await ana.says("/roles")


async def test_the_schedule_is_previewed_paused_moved_skipped_and_run(place: Place, mo: Visitor) -> None:
    await mo.says("/setup")
    await place.finishes(mo, test_post="tomorrow at 9:00")
    before = place.heard
    assert "Test post" in await mo.says("/schedule")
    await mo.presses("Test post")
    assert "posting here works" in await mo.presses("Preview")
    assert not any("posting here works" in said for said in place.heard)
