"""A milestone from the project to the badge, in the places where people learn together."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.domain.contributions import Gate
from tests.fakes.discord_guild import MANAGE_ROLES
from tests.journeys.clubs import KINDS
from tests.journeys.discord_place import DiscordPlace, DiscordVisitor, discord
from tests.journeys.place import Place, Visitor, walks
from tests.journeys.telegram_place import telegram

LINK = "https://github.com/ana/houses"
GROUPS = ("telegram-supergroup", "telegram-topic", "discord-text", "discord-forum")


def without_test(place: Place) -> Place:
    """Let the stages of a bot have no test; that one is a journey of its own."""
    offers = place.bot.app.tools.contributions._offers  # type: ignore[attr-defined]
    offers[:] = [offer for offer in offers if not isinstance(offer, Gate)]
    return place


@pytest.fixture(params=GROUPS)
async def place(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Place]:
    """Each kind of place, with the bot set up in it."""
    async with KINDS[request.param](tmp_path / "journey.db") as here:
        await here.adds_bot()
        await here.is_told("Hello, I am Roadmate")
        await walks(without_test(here), here.person("Mo", moderates=True))
        yield here


async def asks_for_review(place: Place, who: Visitor) -> None:
    """Give a project and ask for a review of it, as somebody of this place."""
    await who.says("/help")
    await who.asks("/milestone 1")
    await who.presses("Give my project")
    card = await who.fills(link=LINK, summary="Prices of houses in my town.")
    assert LINK in card
    card = await who.presses("Ask for a review")
    if "Who should look at your project?" in card:
        card = await who.presses("Hall")
    assert "Review: asked for in" in " ".join(card.split())
    await place.hears("A project to look at")


async def test_a_project_is_looked_at_and_becomes_a_badge(place: Place) -> None:
    mo, ana, ben = place.person("Mo", moderates=True), place.person("Ana"), place.person("Ben")
    await asks_for_review(place, ana)
    await ben.says("/help")
    assert "people who have this milestone can answer" in " ".join((await ben.presses("Approve")).split())
    assert "☐ " in await mo.presses("Approve")
    assert "It counts" in await mo.presses("Yes, all of it")
    await place.hears("Ana reached First dataset explained")
    assert "Milestones: First dataset explained" in " ".join((await ana.asks("/progress")).split())
    await mo.asks("/start")
    before = len(place.heard)
    assert "Whose milestone goes?" in " ".join((await mo.presses("Take back")).split())
    assert "Taken back" in await mo.fills(whose="1")
    assert "Milestones" not in await ana.asks("/progress")
    assert not any("Ana" in said or "milestone" in said.lower() for said in place.heard[before:])


async def test_what_is_typed_to_take_a_milestone_back_is_answered_to_the_moderator_alone(place: Place) -> None:
    mo, ana = place.person("Mo", moderates=True), place.person("Ana")
    await asks_for_review(place, ana)
    await mo.presses("Approve")
    await mo.presses("Yes, all of it")
    await place.hears("Ana reached First dataset explained")
    await mo.asks("/start")
    before = len(place.heard)
    assert "Whose milestone goes?" in " ".join((await mo.says("/milestone revoke Ana 1")).split())
    assert "Taken back" in await mo.fills(whose="1")
    await mo.says("/milestone revoke Zoe 1")
    assert not any("Ana" in said or "Zoe" in said for said in place.heard[before:])
    assert "Milestones" not in await ana.asks("/progress")


async def test_who_left_posts_nothing_into_the_room_from_their_own_chat(tmp_path: Path) -> None:
    async with telegram(tmp_path / "journey.db", "supergroup") as place:
        await place.adds_bot()
        await place.is_told("Hello, I am Roadmate")
        await walks(without_test(place), place.person("Mo", moderates=True))
        ana = place.person("Ana")
        await ana.says("/help")
        await ana.asks("/milestone 1")
        await ana.presses("Give my project")
        await ana.fills(link=LINK, summary="Prices of houses in my town.")
        assert "Who should look at your project?" in await ana.presses("Ask for a review")
        place.chat.statuses[ana.person.id] = "kicked"
        assert "or you have left it" in " ".join((await ana.presses("Hall")).split())
        assert not any("A project to look at" in said for said in place.heard)
        place.chat.statuses[ana.person.id] = "member"
        await ana.presses("Ask for a review")
        assert "Asked." in await ana.presses("Hall")


async def test_what_is_missing_is_read_by_the_learner_alone(place: Place) -> None:
    mo, ana = place.person("Mo", moderates=True), place.person("Ana")
    await asks_for_review(place, ana)
    await mo.presses("Say what is missing")
    await mo.fills(words="Please add a README.")
    await place.hears("has an answer")
    assert not any("add a README" in said for said in place.heard)
    assert "Please add a README." in await ana.asks("/milestone 1")


async def test_on_discord_the_milestone_gives_a_role_or_says_what_stands_in_the_way(tmp_path: Path) -> None:
    async with discord(tmp_path / "journey.db", "text") as place:
        await place.adds_bot()
        await place.is_told("Hello, I am Roadmate")
        without_test(place)
        mo, ana = place.person("Mo", moderates=True), place.person("Ana")
        await walks(place, mo)
        place.server.guild.make_role("7101", "ML Basics", height=3)
        told = " ".join((await mo.says("/milestone role 1 ML Basics")).split())
        assert "I lack: “Manage Roles”" in told
        place.server.guild.bot_rights |= MANAGE_ROLES
        told = " ".join((await mo.says("/milestone role 1 <@&7101>")).split())
        assert "I lack: “a place above “ML Basics””" in told
        await asks_for_review(place, ana)
        await mo.presses("Approve")
        assert "It counts" in await mo.presses("Yes, all of it")
        await place.hears("Ana reached First dataset explained")
        await tries_to_give(place)
        told = " ".join((await mo.says("/milestone role")).split())
        assert "Not given to 1 person: I lack “a place above “ML Basics””" in told
        place.server.guild.bot_height = 5
        assert "1 person has it already" in " ".join((await mo.says("/milestone role 1 7101")).split())
        assert isinstance(ana, DiscordVisitor)
        account = ana.person.account
        place.clock.travel(timedelta(seconds=5))
        await place.server.until(lambda: place.server.guild.worn.get(account) == {"7101"})
        sure = await mo.says(f"/milestone revoke <@{account}> 1")
        assert "Whose milestone goes?" in " ".join(sure.split())
        await mo.fills(whose="1")
        place.clock.travel(timedelta(seconds=5))
        await place.server.until(lambda: place.server.guild.worn.get(account) == set())


async def tries_to_give(place: DiscordPlace) -> None:
    """Wait until the bot has found out that it cannot give the role."""
    place.clock.travel(timedelta(seconds=5))
    await place.server.until(
        lambda: any(method == "PUT" and "/roles/" in path for method, path in place.server.requests)
    )
    while "Not given" not in await place.person("Mo", moderates=True).says("/milestone role"):
        await place.bot.database.next_write()
