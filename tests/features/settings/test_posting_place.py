"""What is planned before a place for it was chosen says so at once, and one tap mends it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.kit.database import Transaction
from bot.kit.platform import Lacking
from bot.kit.posting import GoneError
from bot.kit.request import Role
from tests.fakes.bell import FakeBell
from tests.fakes.core import ROOM, CoreWorld, Message, Person
from tests.fakes.surroundings import FakeSurroundings

MISSING = "I do not know yet where to post it."


@pytest.fixture
def mo(world: CoreWorld) -> Person:
    """A moderator of a community that nobody set up."""
    return world.person("Mo", Role.MODERATOR)


@pytest.fixture
def surroundings(world: CoreWorld) -> FakeSurroundings:
    """What the platform tells of its places."""
    world.app.surroundings["core"] = told = FakeSurroundings()
    return told


async def sets(mo: Person, name: str, value: str) -> Message:
    """Set something for the community, as its list offers it."""
    return await mo.sends(
        f"settings.our.set:{name}:{value.replace(':', ',')}", await mo.says("/settings community", ROOM)
    )


async def a_day_passes(world: CoreWorld) -> list[str]:
    """Let everything of a day happen; return the keys of what is to be posted."""
    for _hour in range(24):
        world.clock.travel(timedelta(hours=1))
        await world.app.jobs(world.database, FakeBell(world.clock.now())).run_due()

    async def work(tx: Transaction) -> list[str]:
        return [row["key"] for row in await tx.all("SELECT key FROM engine_post ORDER BY id")]

    return await world.database.read(work)


async def test_an_hour_without_a_place_says_so_and_here_makes_the_quiz_come(world: CoreWorld, mo: Person) -> None:
    card = await sets(mo, "quiz-at", "20:00")
    assert "Saved." in card.text
    assert MISSING in card.text
    assert card.labels[:2] == ["Here", "Set up"]
    assert await a_day_passes(world) == []
    await mo.presses("Here", on=card)
    assert "From now on I post in Hall." in card.text
    assert "Now: 20:00" in card.text
    assert MISSING not in card.text
    assert any(key.startswith("quiz:") for key in await a_day_passes(world))


async def test_here_is_a_change_that_is_listed_and_taken_back(mo: Person) -> None:
    await mo.presses("Here", on=await sets(mo, "quiz-at", "20:00"))
    listed = await mo.says("/settings changes", ROOM)
    assert "Mo: where I post from nowhere to Hall" in listed.text
    await mo.presses("Undo: where I post", on=listed)
    assert MISSING in listed.text
    await mo.presses("Here", on=listed)
    assert "From now on I post in Hall." in listed.text
    assert "Daily quiz" in listed.text


async def test_the_set_up_is_the_other_way_on(mo: Person) -> None:
    card = await mo.presses("Set up", on=await sets(mo, "quiz-at", "20:00"))
    assert card.reply.title.startswith("1 of ")


async def test_a_set_up_left_before_its_place_is_no_place(mo: Person) -> None:
    await mo.says("/setup", ROOM)
    await mo.presses("English")
    assert MISSING in (await sets(mo, "quiz-at", "20:00")).text


@pytest.mark.parametrize(("name", "value"), [("welcome", "on"), ("quiz-style", "buttons"), ("our-language", "en")])
async def test_what_plans_nothing_asks_for_no_place(mo: Person, name: str, value: str) -> None:
    await sets(mo, "quiz-at", "20:00")
    assert MISSING not in (await sets(mo, name, value)).text


async def test_nothing_is_asked_once_nothing_is_planned_or_a_place_is_chosen(mo: Person) -> None:
    await sets(mo, "quiz-at", "20:00")
    assert MISSING not in (await sets(mo, "quiz-at", "off")).text
    await mo.presses("Here", on=await sets(mo, "quiz-at", "20:00"))
    assert MISSING not in (await sets(mo, "quiz-at", "19:00")).text


async def test_a_place_i_may_not_post_in_is_not_taken(mo: Person, surroundings: FakeSurroundings) -> None:
    surroundings.missing[""] = [Lacking("Send Messages", "Grant it under Roles.", "Nothing can be posted.", vital=True)]
    card = await mo.presses("Here", on=await sets(mo, "quiz-at", "20:00"))
    assert "In Hall I am missing:" in card.text
    assert "Send Messages: Nothing can be posted. Grant it under Roles." in card.text
    assert MISSING in (await sets(mo, "quiz-at", "19:00")).text
    surroundings.missing[""] = [Lacking("Attach Files", "Grant it under Roles.", "Pictures come as words.")]
    await mo.presses("Check again", on=card)
    assert "From now on I post in Hall." in card.text
    assert "Attach Files: Pictures come as words." in card.text


async def test_a_place_that_is_gone_is_not_taken(mo: Person, surroundings: FakeSurroundings) -> None:
    surroundings.gone[""] = GoneError("the channel was deleted")
    card = await mo.presses("Here", on=await sets(mo, "quiz-at", "20:00"))
    assert "I cannot post there (the channel was deleted)." in card.text
    await mo.presses("Back", on=card)
    assert "Now: 20:00" in card.text
    assert MISSING in (await sets(mo, "quiz-at", "19:00")).text


async def test_a_platform_that_tells_nothing_just_now_does_not_stand_in_the_way(
    mo: Person, surroundings: FakeSurroundings
) -> None:
    surroundings.is_silent = True
    card = await mo.presses("Here", on=await sets(mo, "quiz-at", "20:00"))
    assert "From now on I post in Hall." in card.text
