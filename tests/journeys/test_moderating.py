"""Running a community on the real platforms' fakes: help, settings, roles, the schedule, and a word for newcomers."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from tests.journeys.place import Place, Visitor, goes_on
from tests.journeys.places import PLACES
from tests.journeys.telegram_place import telegram

GROUPS = [name for name in PLACES if name != "telegram-channel"]
"""In a channel, administrators type in its name, so that nothing can be said to one of them alone."""
MODERATORS_VERBS = ("/setup", "/roles")


@pytest.fixture(params=GROUPS)
async def place(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Place]:
    """Each kind of place people talk in, with the bot just let in."""
    async with PLACES[request.param](tmp_path / "journey.db") as here:
        await here.adds_bot()
        await here.is_told("Hello, I am Roadmate")
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
    await mo.presses("Undo: Welcome newcomers")
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
    assert "Ana, role given here: host." in await mo.presses("host")
    assert "Only moderators" in await ana.says("/roles")


PROOF = "posting here works"


@pytest.fixture
async def planned(place: Place, mo: Visitor) -> Place:
    """A place in which a test post comes tomorrow at nine."""
    await goes_on(place, mo, await mo.says("/setup"), test_post="tomorrow at 9:00")
    return place


async def test_what_is_planned_is_previewed_to_a_moderator_alone(planned: Place, mo: Visitor, ana: Visitor) -> None:
    assert "Test post" in await mo.says("/schedule")
    await mo.presses("Test post")
    assert PROOF in await mo.presses("Preview")
    assert not any(PROOF in said for said in planned.heard)
    hers = await ana.says("/schedule")
    assert "Test post" in hers
    assert "Preview" not in hers


async def test_a_paused_plan_waits_until_it_may_go_on(planned: Place, mo: Visitor) -> None:
    await mo.says("/schedule")
    await mo.presses("Test post")
    assert "Nothing comes until you let it go on" in await mo.presses("Pause")
    planned.clock.travel(timedelta(days=2))
    assert "Paused: Test post" in await mo.says("/schedule")
    assert not any(PROOF in said for said in planned.heard)


async def test_a_plan_is_moved_by_typing_an_hour(planned: Place, mo: Visitor) -> None:
    await mo.says("/schedule")
    await mo.presses("Test post")
    await mo.presses("Move")
    assert "Moved" in await mo.fills(at="7:30")
    planned.clock.travel(timedelta(hours=12, minutes=25))  # 7:25 in Berlin
    await mo.says("/schedule")
    assert not any(PROOF in said for said in planned.heard)
    planned.clock.travel(timedelta(minutes=6))
    await planned.hears(PROOF)


async def test_an_hour_that_is_none_is_met_with_a_sentence_and_another_try(planned: Place, mo: Visitor) -> None:
    await mo.says("/schedule")
    await mo.presses("Test post")
    await mo.presses("Move")
    assert "25:99" in await mo.fills(at="25:99")
    await mo.presses("Try again")
    assert "Moved" in await mo.fills(at="18:30")


async def test_the_only_time_of_a_plan_is_left_out(planned: Place, mo: Visitor) -> None:
    await mo.says("/schedule")
    await mo.presses("Test post")
    assert "left out" in await mo.presses("Skip the next")
    assert "Nothing is planned" in await mo.says("/schedule")
    planned.clock.travel(timedelta(days=2))
    await mo.says("/schedule")
    assert not any(PROOF in said for said in planned.heard)


async def test_run_now_posts_within_seconds_besides_what_is_planned(planned: Place, mo: Visitor) -> None:
    await mo.says("/schedule")
    await mo.presses("Test post")
    assert "It starts within seconds" in await mo.presses("Run now")
    await planned.hears(PROOF)
    planned.clock.travel(timedelta(hours=14, minutes=1))
    await planned.hears(PROOF, 2)


async def test_a_channel_is_run_by_posts_in_its_name_and_buttons(tmp_path: Path) -> None:
    async with telegram(tmp_path / "journey.db", "channel") as place:
        await place.adds_bot()
        await place.is_told("Hello, I am Roadmate")
        mo = place.person("Mo", moderates=True)
        await goes_on(place, mo, await mo.says("/setup"), test_post="tomorrow at 9:00")
        assert "Test post" in await mo.says("/schedule")
        await mo.presses("Test post")
        assert "Only moderators" in await place.person("Ana").presses("Pause")
        assert "Paused" in await mo.presses("Pause")
        await mo.says("/settings community")
        await mo.presses("Rules")
        await mo.presses("Type it")
        assert "https://example.org/rules" in await mo.fills(value="https://example.org/rules")
        assert "for you alone" in await mo.says("/settings")
