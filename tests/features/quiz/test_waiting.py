"""What waits for an answer and what waits no more: old cards answer nothing that nobody read there."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.domain.questions.body import dump
from bot.domain.questions.shapes import Kind, Question
from bot.domain.questions.store import Kind as Changed
from bot.kit.database import Transaction
from bot.kit.reply import Reply
from bot.kit.request import Role
from tests.fakes.core import ROOM, CoreWorld, Message, Person
from tests.features.quiz.community import Quiz
from tests.features.quiz.playing import answer, asked, change, copy, onward, place_of, put, rows


async def on_card(world: CoreWorld, person: Person, kind: Kind, length: int = 5) -> tuple[Message, Question]:
    """Return a card with a shipped question of a kind that others may be put in the place of."""
    await person.says("/start", ROOM)
    bank = await world.app.tools.shelf.bank()
    question = next(one for one in bank if one.how is kind)
    card = await person.says(f"/quiz bayes {length}")
    run, _number = await put(world, card, question)
    return await person.sends(f"quiz.next:{run}", card), question


async def answers(world: CoreWorld) -> int:
    return len(await rows(world, "SELECT id FROM quiz_answer"))


@pytest.mark.parametrize("kind", [Kind.NUMERIC, Kind.SEVERAL, Kind.ORDER])
async def test_one_taken_out_while_an_answer_is_typed_makes_room_for_another(
    world: CoreWorld, ana: Person, kind: Kind
) -> None:
    card, question = await on_card(world, ana, kind)
    form = await ana.presses("Answer", on=copy(card))
    await change(world, Changed.RETIRED, question.id)
    for told in (await ana.fills(form, answer="AB"), await ana.presses("Answer", on=copy(card))):
        assert not ana.notices
        assert "was taken out" in told.text
        assert told.reply.title.startswith("Question 1 of 5")
        assert question.stem not in told.text
    assert not await answers(world)


async def test_an_old_card_does_not_answer_what_came_in_its_place(world: CoreWorld, ana: Person) -> None:
    card, question = await on_card(world, ana, Kind.SINGLE)
    run, number = place_of(card)
    await change(world, Changed.RETIRED, question.id)
    new = await ana.sends(f"quiz.next:{run}", copy(card))
    assert new.reply.title.startswith("Question 1 of 5"), "none was answered yet"
    assert place_of(new) == (run, number + 1)
    for place in (0, 1):
        told = await ana.sends(f"quiz.answer:{run}:{number}:{place}", copy(card))
        assert "was taken out" in told.text
        assert place_of(told) == (run, number + 1)
    assert not await answers(world)
    verdict = await answer(world, ana, new, right=True)
    assert verdict.reply.title.startswith("Question 1 of 5")
    for count in range(2, 6):
        assert "Next question" in verdict.labels
        card = await onward(ana, verdict)
        assert card.reply.title.startswith(f"Question {count} of 5")
        verdict = await answer(world, ana, card, right=True)
        assert verdict.reply.title.startswith(f"Question {count} of 5")
    result = await ana.presses("Result", on=verdict)
    assert "5 of 5 questions right." in result.text
    assert "All right" in result.text


async def test_an_old_card_does_not_answer_the_new_wording(world: CoreWorld, ana: Person) -> None:
    card, question = await on_card(world, ana, Kind.SINGLE)
    run, number = place_of(card)
    await change(world, Changed.FIXED, replace(question, stem="What is it now?"))
    new = await ana.sends(f"quiz.next:{run}", copy(card))
    assert "What is it now?" in new.text
    told = await ana.sends(f"quiz.answer:{run}:{number}:0", copy(card))
    assert "corrected" in told.text
    assert "What is it now?" in told.text
    assert not await answers(world)
    assert "Right." in (await ana.sends(f"quiz.answer:{run}:{number + 1}:0", told)).text


async def test_one_that_comes_back_is_not_answered_from_its_old_card(world: CoreWorld, ana: Person) -> None:
    card, question = await on_card(world, ana, Kind.SINGLE)
    run, number = place_of(card)
    await change(world, Changed.HIDDEN, question.id)
    await ana.sends(f"quiz.next:{run}", copy(card))
    await change(world, Changed.PLAIN, question.id)
    for data in (f"quiz.answer:{run}:{number}:0", f"quiz.type:{run}:{number}"):
        told = await ana.sends(data, copy(card))
        assert told.reply.look == "quiz.question"
        assert place_of(told) == (run, number + 1)
    assert not await answers(world)


async def test_where_nothing_is_left_it_ends_with_what_was_answered(world: CoreWorld, ana: Person) -> None:
    card, question = await on_card(world, ana, Kind.SINGLE, 2)
    told = await answer(world, ana, card, right=True)
    card = await onward(ana, told)
    run, _number = place_of(card)
    bank = await world.app.tools.shelf.bank()
    await change(world, Changed.RETIRED, *(one.id for one in bank if one.id != question.id))
    result = await answer(world, ana, card, right=True)
    assert "1 of 1 question right." in result.text
    assert "was taken out" in result.text
    again = await ana.sends(f"quiz.next:{run}", copy(result))
    assert "1 of 1 question right." in again.text


async def test_a_run_whose_questions_are_replaced_for_ever_ends(world: CoreWorld, ana: Person) -> None:
    card, question = await on_card(world, ana, Kind.SINGLE)
    run, _number = place_of(card)

    async def replaced(tx: Transaction) -> None:
        await tx.many(
            "INSERT INTO quiz_asked (run_id, number, question, asked_at) VALUES (:run, :number, :name, 0)",
            [{"run": run, "number": number, "name": question.id} for number in range(1, 250)],
        )

    await world.database.write(replaced)
    assert (await ana.sends(f"quiz.next:{run}", copy(card))).reply.look == "quiz.question"
    await change(world, Changed.RETIRED, question.id)
    assert (await ana.sends(f"quiz.next:{run}", copy(card))).reply.look == "quiz.result", "a button holds 255 at most"


async def becomes_today(world: CoreWorld, question: Question, hours: int = 12) -> None:
    """Let the community of the room ask this as its question of the day."""
    now = int(world.clock.now().timestamp())

    async def work(tx: Transaction) -> None:
        await tx.execute(
            """
            INSERT INTO quiz_round (community_id, day, question, edition, points, opened_at, closes_at, body)
            VALUES (1, 'today', :question, :edition, 1, :now, :closes, :body)
            """,
            question=question.id, edition=question.edition, now=now, closes=now + hours * 3600, body=dump(question),
        )  # fmt: skip

    await world.database.write(work)


async def test_one_that_waits_when_it_becomes_the_question_of_the_day_is_not_judged(
    world: CoreWorld, ana: Person
) -> None:
    card, question = await on_card(world, ana, Kind.SINGLE)
    run, number = place_of(card)
    await becomes_today(world, question)
    for _ in range(2):
        told = await ana.sends(f"quiz.answer:{run}:{number}:0", copy(card))
        assert "question of the day" in told.text
        assert "Right." not in told.text
        assert question.explanation not in told.text
        assert told.reply.title.startswith("Question 1 of 5")
        assert (await asked(world, told))[0].id != question.id
    assert not await answers(world)
    assert "Right." in (await answer(world, ana, told, right=True)).text


async def test_one_that_waits_to_be_typed_is_held_back_as_well(world: CoreWorld, ana: Person) -> None:
    card, question = await on_card(world, ana, Kind.NUMERIC)
    form = await ana.presses("Answer", on=copy(card))
    await becomes_today(world, question)
    for told in (
        await ana.presses("Answer", on=copy(card)),
        await ana.fills(form, answer=question.answer[0].text),
        await ana.presses("Answer", on=copy(card)),
    ):
        assert told.reply.form is None
        assert "question of the day" in told.text
        assert question.stem not in told.text
    assert not await answers(world)


async def test_what_was_answered_before_it_became_that_is_told_again(world: CoreWorld, ana: Person) -> None:
    card, question = await on_card(world, ana, Kind.SINGLE)
    run, number = place_of(card)
    await ana.sends(f"quiz.answer:{run}:{number}:0", copy(card))
    await becomes_today(world, question)
    assert "first answer counts" in (await ana.sends(f"quiz.answer:{run}:{number}:1", copy(card))).text


async def test_the_question_of_the_day_does_not_count_as_due(quiz: Quiz, ana: Person) -> None:
    world = quiz.core
    card, question = await on_card(world, ana, Kind.SINGLE, 1)
    run, number = place_of(card)
    await ana.sends(f"quiz.answer:{run}:{number}:1", copy(card))
    await world.database.write(lambda tx: tx.execute("UPDATE quiz_card SET due = 1"))
    assert "1 question waits for review" in (await ana.says("/progress")).text
    await becomes_today(world, question)
    assert "waits for review" not in (await ana.says("/progress")).text
    assert "for review" not in (await ana.sends(f"quiz.next:{run}", copy(card))).text
    assert "Nothing" in (await ana.says("/review")).text


async def test_a_review_whose_only_question_becomes_that_of_the_day_says_so(world: CoreWorld, ana: Person) -> None:
    card, question = await on_card(world, ana, Kind.SINGLE, 1)
    run, number = place_of(card)
    await ana.sends(f"quiz.answer:{run}:{number}:1", copy(card))
    await world.database.write(lambda tx: tx.execute("UPDATE quiz_card SET due = 1"))
    card = await ana.says("/review")
    await becomes_today(world, question)
    told = await answer(world, ana, card, right=True)
    assert "question of the day now" in told.text
    assert "Right." not in told.text
    assert await answers(world) == 1


async def test_who_left_is_not_kept_from_practising_the_question_of_the_day(world: CoreWorld, ana: Person) -> None:
    card, question = await on_card(world, ana, Kind.SINGLE)
    run, number = place_of(card)
    await becomes_today(world, question)
    await world.person("Ana", Role.STRANGER).sends("questions.why:q-any:answer", Message(Reply(), True, ROOM))
    assert "Right." in (await ana.sends(f"quiz.answer:{run}:{number}:0", copy(card))).text
