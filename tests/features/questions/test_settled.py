"""What a moderator looked at stays settled, unless the very change that settled it is taken back."""

from __future__ import annotations

import pytest

from tests.fakes.core import CoreWorld, presses_of
from tests.features.questions.world import Hall, hall_of


@pytest.fixture
async def hall(world: CoreWorld) -> Hall:
    return await hall_of(world)


async def waiting(hall: Hall) -> str:
    return (await hall.asked("/question flagged")).text


async def test_a_flag_said_anew_and_looked_at_stays_settled_when_an_earlier_change_is_undone(hall: Hall) -> None:
    question = await hall.question()
    for name in ("Ana", "Ben", "Cleo"):
        await hall.flag(name, question.id)
    card = await hall.asked(f"/question show {question.id}")
    again = await hall.mo.presses("Show again", card)
    undo = presses_of(again.reply)["Undo"]
    await hall.flag("Ana", question.id, "words")
    await hall.asked(f"/question show {question.id}")
    await hall.mo.presses("It is fine")
    assert "No question waits" in await waiting(hall)
    await hall.mo.sends(undo, again)
    text = await waiting(hall)
    assert "The answer is wrong (2)" in text
    assert "misspelt" not in text, "Ana's was looked at since"


async def test_a_flag_said_anew_waits_still_when_an_earlier_change_is_undone(hall: Hall) -> None:
    question = await hall.question()
    for name in ("Ana", "Ben", "Cleo"):
        await hall.flag(name, question.id)
    card = await hall.asked(f"/question show {question.id}")
    again = await hall.mo.presses("Show again", card)
    await hall.flag("Ana", question.id, "words")
    await hall.mo.sends(presses_of(again.reply)["Undo"], again)
    text = await waiting(hall)
    assert "The answer is wrong (2)" in text
    assert "Unclear or misspelt (1)" in text
