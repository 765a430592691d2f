"""From a fresh group, channel or server to its first planned post, on the real platforms' fakes."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from tests.journeys.discord_place import discord
from tests.journeys.place import Place, begins, goes_on, walks
from tests.journeys.places import PLACES
from tests.journeys.telegram_place import telegram

MOST_TAPS = 8
PROOF = "posting here works"
POLLS_SHOW_VOTERS = ("telegram-group", "telegram-supergroup", "telegram-topic")


@pytest.fixture(params=PLACES)
async def place(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Place]:
    """Each kind of place in turn, with the bot just let in."""
    async with PLACES[request.param](tmp_path / "journey.db") as here:
        await here.adds_bot()
        await here.is_told("Hello, I am Roadmate")
        yield here


async def test_a_few_taps_lead_from_a_fresh_place_to_the_first_planned_post(place: Place) -> None:
    mo = place.person("Mo", moderates=True)
    card = await begins(place, mo)
    assert "1 of 5: Language" in card
    card = await goes_on(place, mo, card)
    assert "Language: English" in card
    assert "Time zone: Berlin (Europe/Berlin)" in card
    assert "Test post: in ten minutes" in card
    assert mo.taps == 6 <= MOST_TAPS
    place.clock.travel(timedelta(minutes=9))
    assert not any(PROOF in said for said in place.heard)
    place.clock.travel(timedelta(minutes=2))
    await place.hears(PROOF)


async def test_where_polls_show_who_chose_what_buttons_can_be_chosen_instead(
    request: pytest.FixtureRequest, place: Place
) -> None:
    mo = place.person("Mo", moderates=True)
    card = await goes_on(place, mo, await begins(place, mo), until="Daily quiz")
    assert "4 of 5" in card
    assert "Telegram" not in card
    card = await mo.presses("18:00")
    if request.node.callspec.params["place"] not in POLLS_SHOW_VOTERS:
        assert "5 of 5: Test post" in card
        return
    assert "5 of 6: Look of the quiz" in card
    assert mo.labels == ["Poll: everyone sees who chose what", "Buttons: only you see your answer", "Back"]
    assert "6 of 6: Test post" in await mo.presses("Buttons: only you see your answer")
    card = await mo.presses("in ten minutes")
    assert "Look of the quiz: Buttons: only you see your answer" in card
    assert mo.taps <= MOST_TAPS
    place.clock.travel(timedelta(minutes=11))
    await place.hears(PROOF)
    place.clock.travel(timedelta(hours=24))
    await place.hears("Quiz of the day")
    asked = next(said for said in reversed(place.heard) if "Quiz of the day" in said)
    assert "Choose one" in asked, "a poll says no such thing"


async def test_the_bot_says_one_short_thing_when_let_in_and_then_nothing(place: Place) -> None:
    (hello,) = place.heard
    assert "Set up" in hello
    assert len(hello) < 500
    place.clock.travel(timedelta(days=1))
    await place.restart()
    assert place.heard == [hello]


async def test_only_those_who_set_up_read_it_where_the_platform_can_hide(place: Place) -> None:
    hello = place.heard
    await walks(place, place.person("Mo", moderates=True))
    if place.hides:
        assert place.heard == hello
    else:
        assert len(place.heard) == len(hello) + place.is_inner, "one card that changes, not one for each question"


async def test_a_plain_members_press_is_refused_kindly_and_changes_nothing(place: Place) -> None:
    before = place.heard
    ana = place.person("Ana")
    pressed = await (ana.says("/setup") if place.is_inner else ana.presses("Set up"))
    assert "Only moderators of this community can do that" in pressed
    if not place.is_inner or place.hides:
        assert place.heard == before
    if place.hides:
        return
    await begins(place, place.person("Mo", moderates=True))
    before = place.heard
    assert "Only moderators" in await ana.presses("English")
    assert place.heard == before


async def test_it_is_taken_back_and_run_again(place: Place) -> None:
    mo = place.person("Mo", moderates=True)
    await walks(place, mo)
    assert "I took back what you set" in await mo.presses("Undo this set-up")
    place.clock.travel(timedelta(minutes=11))
    await goes_on(place, mo, await mo.presses("Set up"))
    place.clock.travel(timedelta(minutes=11))
    await place.hears(PROOF)
    assert sum(PROOF in said for said in place.heard) == 1, "what was taken back is not posted"


async def test_a_restart_in_the_middle_loses_nothing(place: Place) -> None:
    mo = place.person("Mo", moderates=True)
    card = await walks(place, mo, until="Place")
    await place.restart()
    await goes_on(place, mo, card)
    await place.restart()
    place.clock.travel(timedelta(minutes=11))
    await place.hears(PROOF)


async def test_a_city_can_be_typed_and_the_set_up_goes_on_where_it_began(place: Place) -> None:
    mo = place.person("Mo", moderates=True)
    await walks(place, mo, until="Time zone")
    await mo.presses("Type it")
    assert "no place called “Mars”" in await mo.fills(value="Mars")
    await mo.presses("Try again")
    card = await mo.fills(value="mumbai")
    assert "Time zone: Kolkata (Asia/Kolkata)" in await goes_on(place, mo, card)


async def test_a_moderator_demoted_in_the_middle_goes_no_further(place: Place) -> None:
    mo = place.person("Mo", moderates=True)
    await begins(place, mo)
    place.demotes(mo)
    assert "Only moderators" in await mo.presses("English")


async def test_a_bot_that_lost_its_rights_says_which_and_goes_on_once_it_has_them(place: Place) -> None:
    mo = place.person("Mo", moderates=True)
    await walks(place, mo, until="Place")
    place.loses_bot()
    card = await mo.presses(place.here)
    assert "I am missing" in card
    assert "I can post nothing" in card
    place.regains_bot()
    assert re.match(r"\d of \d", await mo.presses("Check again"))


async def test_two_moderators_at_once_do_no_harm(place: Place) -> None:
    mo, max_ = place.person("Mo", moderates=True), place.person("Max", moderates=True)
    card = await walks(place, mo, until="Place")
    theirs = card
    if place.hides:
        theirs = await goes_on(place, max_, await max_.says("/setup"), until="Place")
    await goes_on(place, max_, theirs)
    if place.hides:
        await goes_on(place, mo, card)
    place.clock.travel(timedelta(minutes=11))
    await place.hears(PROOF)
    await place.restart()
    assert sum(PROOF in said for said in place.heard) == 1


async def test_a_place_deleted_before_the_post_harms_nothing(place: Place, caplog: pytest.LogCaptureFixture) -> None:
    mo = place.person("Mo", moderates=True)
    await walks(place, mo)
    place.deletes_place()
    place.clock.travel(timedelta(minutes=11))
    await place.gives_up()
    assert not any(PROOF in said for said in place.heard)
    assert [record.getMessage() for record in caplog.records if record.levelname == "ERROR"] == []


async def test_a_group_that_becomes_a_supergroup_in_the_middle_keeps_its_set_up(tmp_path: Path) -> None:
    async with telegram(tmp_path / "journey.db", "group") as place:
        await place.adds_bot()
        await place.is_told("Hello, I am Roadmate")
        mo = place.person("Mo", moderates=True)
        await begins(place, mo)
        await mo.presses("English")
        await place.migrates()
        assert "Language: English" in await mo.says("/settings community")
        await goes_on(place, mo, await mo.says("/setup"))
        old = place.chat
        await place.migrates()
        place.clock.travel(timedelta(minutes=11))
        await place.hears(PROOF)
        assert not any(PROOF in said.words for said in old.seen)
        assert not any("Hello, I am" in said for said in place.heard), "it is no new group"


async def test_a_channel_deleted_in_the_middle_is_said_and_another_is_offered(tmp_path: Path) -> None:
    async with discord(tmp_path / "journey.db", "text") as place:
        papers = place.server.channels.add("6010", name="papers")
        await place.adds_bot()
        await place.is_told("Hello, I am Roadmate")
        mo = place.person("Mo", moderates=True)
        await walks(place, mo, until="Place")
        papers.is_gone = True
        assert "I cannot post there" in await mo.presses("#papers")
        card = await mo.presses("Choose a place")
        assert "papers" not in card
        await goes_on(place, mo, card)
        place.clock.travel(timedelta(minutes=11))
        await place.hears(PROOF)
