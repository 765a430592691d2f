"""What people type: numbers of any size, letters, and names that hold a number."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.domain.questions.shapes import Kind
from bot.domain.questions.store import Kind as Changed
from tests.fakes.core import ROOM, CoreWorld, Person, shipped_shelf
from tests.features.quiz.playing import answer, asked, change, copy, onward, place_of, put, rows

CURRICULUM = shipped_shelf().curriculum


@pytest.mark.parametrize(
    ("typed", "told"), [("1,234,567", "1234567"), ("123456789012", "123456789012"), ("0.1234567", "0.1234567")]
)
async def test_a_number_is_told_and_kept_as_it_was_typed(world: CoreWorld, ana: Person, typed: str, told: str) -> None:
    bank = await world.app.tools.shelf.bank()
    card = await ana.says("/quiz bayes")
    run, number = await put(world, card, next(one for one in bank if one.how is Kind.NUMERIC))
    forms = [await ana.sends(f"quiz.type:{run}:{number}", copy(card)) for _ in range(3)]
    first = await ana.fills(forms[0], answer=typed)
    assert f"Your answer: {told}\n" in first.text
    assert await rows(world, "SELECT chosen FROM quiz_answer") == [(told,)]
    again = await ana.fills(forms[1], answer=typed)
    assert "first answer counts" in again.text
    assert f"Your answer: {told}\n" in again.text
    assert "no number" in (await ana.fills(forms[2], answer="a lot")).text


async def test_what_is_off_by_one_in_a_million_is_off(world: CoreWorld, ana: Person) -> None:
    await ana.says("/start", ROOM)
    bank = await world.app.tools.shelf.bank()
    question = next(one for one in bank if one.how is Kind.NUMERIC)
    big = replace(
        question, answer=(replace(question.answer[0], text="1234567"),), formula="1234567", tolerance=0.0, unit=""
    )
    await change(world, Changed.FIXED, big)
    card = await ana.says("/quiz bayes")
    run, number = await put(world, card, big)
    told = await ana.fills(await ana.sends(f"quiz.type:{run}:{number}", copy(card)), answer="1234568")
    assert "Not quite." in told.text
    assert "Your answer: 1234568\n" in told.text


@pytest.mark.parametrize("typed", ["stage 2", "Stage 2", "stage 2 hard", "hard stage 2"])
async def test_a_stage_can_be_named_by_its_number(world: CoreWorld, ana: Person, typed: str) -> None:
    inside = {topic.id for subtopic in CURRICULUM.stages[1].subtopics for topic in subtopic.topics}
    card = await ana.says(f"/quiz {typed}")
    assert card.reply.title.startswith("Question 1 of 5")
    for _ in range(5):
        question, _run, _number = await asked(world, card)
        assert question.topic in inside
        assert question.level == "hard" or "hard" not in typed
        card = await onward(ana, await answer(world, ana, card, right=True))


async def test_a_number_after_a_topic_is_still_how_many(ana: Person) -> None:
    assert (await ana.says("/quiz bayes 2")).reply.title.startswith("Question 1 of 2")
    assert (await ana.says("/quiz 2")).reply.title.startswith("Question 1 of 5"), "stage 2"
    assert "/roadmap" in (await ana.says("/quiz qwertyuiop 2")).text


async def test_some_steps_are_no_order(world: CoreWorld, ana: Person) -> None:
    bank = await world.app.tools.shelf.bank()
    question = next(one for one in bank if one.how is Kind.ORDER)
    card = await ana.says("/quiz bayes")
    run, number = await put(world, card, question)
    form = await ana.sends(f"quiz.type:{run}:{number}", copy(card))
    letters = "ABCDEF"[: len(question.options)]
    for typed in ("A", letters[:-1]):
        refused = await ana.fills(form, answer=typed)
        assert "every step once" in refused.text
        assert letters[::-1] in refused.text
    assert not await rows(world, "SELECT id FROM quiz_answer")
    told = await ana.fills(form, answer=letters)
    assert told.reply.look == "quiz.verdict"


@pytest.mark.parametrize("chosen", ["9" * 5000, "", ",,", "٣", "-1", "999"])
async def test_what_no_list_sends_is_taken_for_nothing(world: CoreWorld, ana: Person, chosen: str) -> None:
    bank = await world.app.tools.shelf.bank()
    card = await ana.says("/quiz bayes")
    run, number = await put(world, card, next(one for one in bank if one.how is Kind.SEVERAL))
    refused = await ana.chooses(chosen, f"quiz.several:{run}:{number}", card)
    assert refused.reply.form is not None
    assert not ana.notices
    assert place_of(await ana.sends(f"quiz.next:{run}", card)) == (run, number)
