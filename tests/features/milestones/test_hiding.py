"""Whoever hides from others is named only where they ask for it, and knows that before."""

from __future__ import annotations

from datetime import timedelta

from bot.kit.request import Role
from tests.fakes.core import PRIVATE, ROOM, Person
from tests.features.milestones.conftest import LINK, Hall

TITLE = "First dataset explained"


async def test_the_card_says_that_asking_shows_the_name_once_there_is_something_to_ask_about(
    hall: Hall, ana: Person
) -> None:
    shows = "Asking for a review shows your name"
    assert shows not in (await ana.says("/milestone 1", ROOM)).text
    ready = await hall.ready(ana)
    assert f"{shows}, the link and your sentence to everybody here." in ready.text
    assert "hidden" not in ready.text
    assert shows not in (await ana.presses("Ask for a review")).text


async def test_whoever_hides_is_told_that_asking_shows_their_name_all_the_same(hall: Hall, ana: Person) -> None:
    await ana.says("/settings shown off", ROOM)
    assert "shows your name, the link and your sentence to everybody all the same" in (await hall.ready(ana)).text
    await ana.says("/milestone 1", PRIVATE)
    where = await ana.presses("Ask for a review")
    assert "Everybody there will see your name" in where.text
    assert "You are hidden from lists, but" in where.text
    assert "Ana asks you" not in str([card.text for card in await hall.cards()])


async def test_what_somebody_hidden_reached_is_told_to_them_alone(hall: Hall, ana: Person) -> None:
    await ana.says("/settings shown off", ROOM)
    await hall.ready(ana, PRIVATE)
    await ana.presses("Ask for a review")
    await ana.presses("Hall")
    (card,) = await hall.cards()
    assert "Ana asks you" in card.text
    await hall.mo.presses("Approve", card)
    counts = await hall.mo.presses("Yes, all of it")
    assert counts.text == f"It counts: {TITLE}. Thank you for looking."
    (standing,) = await hall.posts()
    assert standing.text == f"Approved\nA project was looked at and approved: {TITLE}."
    assert any("You reached First dataset explained. Mo looked" in told for told in await hall.alone(ana))
    assert TITLE in (await ana.says("/progress")).text
    await hall.takes_back(await hall.mo.says("/milestone revoke Ana 1", ROOM))
    assert TITLE not in (await ana.says("/progress")).text


async def test_an_answer_to_somebody_hidden_names_nobody(hall: Hall, ana: Person) -> None:
    await ana.says("/settings shown off", ROOM)
    card = await hall.asks(ana)
    await hall.mo.presses("Say what is missing", card)
    await hall.mo.fills(words="The second chart.")
    said = [post.text for post in await hall.posts()]
    assert len(said) == 2
    assert not any("Ana" in words for words in said), said
    assert "/milestone 1 shows their answer" in said[-1]
    assert "The second chart." in (await ana.says("/milestone 1", ROOM)).text


async def test_a_reviewer_who_hides_is_named_to_nobody(hall: Hall, ana: Person) -> None:
    ben = hall.person("Ben", Role.HOST)
    await ben.says("/settings shown off", ROOM)
    await hall.ready(ana, PRIVATE)
    await ana.presses("Ask for a review")
    await ana.presses("Hall")
    await ben.presses("Say what is missing", (await hall.cards())[-1])
    await ben.fills(words="The second chart.")
    mine = await ana.says("/milestone 1")
    assert "Somebody looked at your project. Still missing:" in mine.text
    hall.core.clock.travel(timedelta(days=2))
    await ana.presses("Ask for a review", mine)
    await ana.presses("Hall", mine)
    await ben.presses("Approve", (await hall.cards())[-1])
    await ben.presses("Yes, all of it")
    told = [*await hall.alone(ana), *(post.text for post in await hall.posts()), (await ana.says("/milestone 1")).text]
    assert not any("Ben" in words for words in told), told
    assert any(f"The project of Ana was looked at and approved: {TITLE}." in words for words in told)
    assert any(LINK in words for words in told)
    assert "Ana reached" in (await hall.posts("news"))[-1].text
