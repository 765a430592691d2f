"""What can go wrong between a phone and the quiz: presses at once, on old messages, on others' cards, after a restart."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.domain.questions.shapes import Kind, Question
from tests.journeys.clubs import BY_BUTTONS, Club, open_club, places
from tests.journeys.place import Visitor, label_of
from tests.journeys.questions import asked, letter
from tests.journeys.telegram_place import TelegramVisitor

NUMBERS = "/quiz tensors hard"
"""Has few questions, most of them answered with a number."""
EASY = "/quiz probability and statistics easy"
PHONES = (BY_BUTTONS, "discord-text")
"""Where two people press at once, and where a card can be pressed that is somebody else's."""
on_phones = pytest.mark.parametrize("club", PHONES, indirect=True)


@pytest.fixture(params=(*PHONES, "web", "terminal"))
async def club(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Club]:
    """A community on each platform, whose quiz tells people their verdict."""
    async with open_club(request.param, tmp_path / "journey.db") as opened:
        yield opened


@on_phones
async def test_two_presses_at_once_are_one_answer(club: Club) -> None:
    question = await club.asks()
    right, wrong = question.answer[0].text, question.wrong[0].text
    told = await asyncio.gather(club.right.answers(right), club.right.answers(wrong))
    assert all(told), "each press is answered"
    board = await club.mo.says("/leaderboard")
    first = "Right." if "Ana" in board else "Not quite."
    assert any(first in one for one in told)
    closing = await club.closes()
    assert ("1 of 1 answer right." if first == "Right." else "0 of 1 answer right.") in closing


async def test_a_press_on_a_question_of_last_year_is_told_so_and_counts_for_nothing(club: Club) -> None:
    question = await club.asks()
    await club.closes()
    club.place.clock.travel(timedelta(days=365))
    told = await club.right.answers(question.answer[0].text)
    assert "This round is closed" in told
    assert question.explanation in told
    assert "Ana" not in await club.mo.says("/leaderboard all")


@on_phones
async def test_a_card_of_somebody_else_is_theirs_to_answer(club: Club) -> None:
    ana, ben = club.right, club.late
    card = await ana.asks(EASY)
    question = await asked(card)
    assert question is not None, card
    wrong, right = letter(card, question, 1), letter(card, question, 0)
    assert "That quiz is not yours" in await ben.borrows(ana, wrong)
    assert "answer right" not in await ben.asks("/progress")
    verdict = await ana.presses(right)
    assert "Right." in verdict
    assert "answered this already" not in verdict


@on_phones
async def test_two_presses_at_once_on_ones_own_card_are_one_answer(club: Club) -> None:
    ana = club.right
    card = await ana.asks(EASY)
    question = await asked(card)
    assert question is not None, card
    labels = [letter(card, question, place) for place in (0, 1)]
    await asyncio.gather(*(ana.borrows(ana, label) for label in labels))
    assert "of 1 answer right" in await ana.asks("/progress")


async def numeric(visitor: Visitor) -> Question:
    """Practice until a number is to be typed."""
    card = await visitor.asks(NUMBERS)
    while (question := await asked(card, {Kind.NUMERIC})) is None:
        other = await asked(card)
        assert other is not None, card
        await visitor.presses(letter(card, other, 0))
        card = await visitor.presses("Next question")
    return question


async def test_a_number_typed_after_a_restart_is_taken(club: Club) -> None:
    ana = club.right
    question = await numeric(ana)
    await ana.presses("Answer")
    await club.place.restart()
    assert "Right." in await ana.fills(answer=question.answer[0].text)


async def test_what_is_no_number_is_met_kindly_and_can_be_mended(club: Club) -> None:
    ana = club.right
    question = await numeric(ana)
    await ana.presses("Answer")
    assert "no number I can read" in await ana.fills(answer="three or so")
    await ana.presses("Try again")
    assert "Right." in await ana.fills(answer=question.answer[0].text)


async def test_whoever_erases_themselves_while_a_round_is_open_takes_their_answer_along(club: Club) -> None:
    question = await club.asks()
    await club.right.answers(question.answer[0].text)
    await club.twice.answers(question.wrong[0].text)
    await club.right.asks("/privacy erase")
    await club.right.presses("Erase everything about me")
    assert "0 of 1 answer right." in await club.closes()
    assert places(await club.mo.says("/leaderboard")) == {}


async def test_a_press_on_a_message_that_telegram_no_longer_shows_is_answered(tmp_path: Path) -> None:
    async with open_club(BY_BUTTONS, tmp_path / "journey.db") as club:
        question = await club.asks()
        ana = club.right
        assert isinstance(ana, TelegramVisitor)
        card = ana.place.chat.seen[-1]
        label = label_of(question.answer[0].text, card.words, card.labels)
        unseen = {"message": {"chat": ana.place.chat.as_json, "message_id": card.number, "date": 0}}
        told = await ana.sends(card.key(label)["callback_data"], card, unseen)
        assert "Right." in told
        assert places(await club.mo.says("/leaderboard")) == {"Ana": 1}
