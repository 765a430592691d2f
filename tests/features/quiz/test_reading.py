"""What people type: numbers of any size, letters, and names that hold a number."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.domain.questions.bank import Bank
from bot.domain.questions.shapes import Kind
from bot.domain.questions.store import Kind as Changed
from bot.features.quiz import rules
from bot.kit.reply import Tone
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
    assert "first answer counts" in (await ana.fills(forms[2], answer="a lot")).text


@pytest.mark.parametrize(("how", "wrong"), [(Kind.NUMERIC, "a lot"), (Kind.ORDER, "A"), (Kind.SEVERAL, "XYZ")])
async def test_slips_stay_on_one_card_that_keeps_the_question(
    world: CoreWorld, ana: Person, how: Kind, wrong: str
) -> None:
    bank = await world.app.tools.shelf.bank()
    question = next(one for one in bank if one.how is how)
    card = await ana.says("/quiz bayes")
    run, number = await put(world, card, question)
    form = await ana.sends(f"quiz.type:{run}:{number}", card)
    count = len(ana.seen)
    for _ in range(3):
        card = await ana.fills(form, answer=wrong)
        assert card.reply.tone is Tone.WARNING
        assert question.stem in card.text
        assert card.labels == ["Try again"]
        form = await ana.presses("Try again", on=card)
        assert form.reply.form is not None
        assert question.stem in form.text
        assert form.labels == []
    assert len(ana.seen) == count
    assert not await rows(world, "SELECT id FROM quiz_answer")


async def test_another_try_at_what_was_answered_elsewhere_meanwhile_says_so(world: CoreWorld, ana: Person) -> None:
    bank = await world.app.tools.shelf.bank()
    question = next(one for one in bank if one.how is Kind.NUMERIC)
    card = await ana.says("/quiz bayes")
    run, number = await put(world, card, question)
    slip = copy(await ana.fills(await ana.sends(f"quiz.type:{run}:{number}", copy(card)), answer="a lot"))
    told = await ana.fills(await ana.sends(f"quiz.type:{run}:{number}", copy(card)), answer=question.answer[0].text)
    await ana.presses("Next question", on=told)
    again = await ana.presses("Try again", on=slip)
    assert question.stem in again.text
    assert "first answer counts" in (await ana.fills(again, answer="-1")).text


@pytest.mark.parametrize("typed", ["/quiz 2", "/quiz 12"])
async def test_where_there_is_nothing_to_ask_no_number_is_promised(
    world: CoreWorld, ana: Person, monkeypatch: pytest.MonkeyPatch, typed: str
) -> None:
    monkeypatch.setattr(world.app.tools.shelf.indexes, "bank", Bank([]))
    told = (await ana.says(typed)).text
    assert "I have no questions about" in told
    assert "12 questions" not in told
    assert "Stage 2: " not in told


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
        refused = await ana.fills(copy(form), answer=typed)
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


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("schwer", ("", "hard", None)), ("python leicht 3", ("python", "easy", 3)), ("Mittel", ("", "medium", None))],
)
def test_levels_are_read_as_the_german_hint_names_them(typed: str, meant: tuple[str, str, int | None]) -> None:
    assert rules.wanted(typed) == meant
