"""Moderators look at and mend a question while it is asked; nobody in the place reads what is right before its end."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.journeys.clubs import Club, open_club, places
from tests.journeys.telegram_place import TelegramPlace, TelegramVisitor

KINDS = ("telegram-supergroup", "telegram-buttons", "telegram-channel", "discord-text", "web", "terminal")
ALONE = "Show it to me alone"
TURN = "Another answer is right"
POLL = "The poll still marks the old answer; what counts is told at the end."


@pytest.fixture(params=KINDS)
async def club(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Club]:
    """A community on each platform."""
    async with open_club(request.param, tmp_path / "journey.db") as opened:
        yield opened


@pytest.fixture
async def group(tmp_path: Path) -> AsyncIterator[Club]:
    """A group on Telegram, where nothing can be shown to one person alone."""
    async with open_club("telegram-supergroup", tmp_path / "journey.db") as opened:
        yield opened


async def test_what_is_right_is_shown_and_turned_without_the_place_reading_it(club: Club) -> None:
    place, mo = club.place, club.mo
    await mo.asks("/start")
    question = await club.asks()
    right, wrong = question.answer[0].text, question.wrong[0].text
    await club.right.answers(right)
    await club.twice.answers(wrong)
    so_far = len(place.heard)
    card = await mo.says(f"/question show {question.id}")
    assert "being asked here now" in card
    assert question.explanation not in card
    told = await mo.presses(ALONE)
    assert question.explanation in told
    assert right in told
    await mo.presses(TURN)
    assert "Corrected." in await mo.presses(wrong)
    await place.hears("It is being asked now; the answer comes with its end.")
    since = place.heard[so_far:]
    assert not any(option.text in said or option.why in said for option in question.options for said in since)
    assert not any("answers right" in said or "The points of" in said for said in since)
    assert any(POLL in said for said in since) == (not club.tells)
    assert wrong in (await club.closes()).partition("✔")[2].partition("\n")[0]
    assert set(places(await mo.says("/leaderboard"))) == {"Cem"}


async def test_who_writes_in_the_name_of_the_group_is_shown_it_where_they_press_as_themselves(group: Club) -> None:
    place, mo = group.place, group.mo
    assert isinstance(place, TelegramPlace)
    assert isinstance(mo, TelegramVisitor)
    question = await group.asks()
    await place.bot.database.handled(
        await mo.person.types(f"/question show {question.id}", place.chat, behind=place.chat)
    )
    card = place.chat.seen[-1]
    assert "being asked here now" in card.words
    mo.person.alone.forbidden = "bot can't initiate conversation with a user"  # they have never opened it
    update, press = await mo.person.presses(card, ALONE)
    await place.bot.database.handled(update)
    link = str((place.server.answers[press] or {})["url"])
    told = await mo.asks(f"/start {link.partition('start=')[2]}")
    assert question.explanation in told
    assert "Hall" in told
    assert question.explanation not in "\n".join(place.heard)


async def test_who_moderates_nothing_is_not_shown_it(group: Club) -> None:
    ana = group.right
    question = await group.asks()
    await group.mo.says(f"/question show {question.id}")
    told = await ana.presses(ALONE)
    assert question.explanation not in told
    assert "moderator" in told.lower()
