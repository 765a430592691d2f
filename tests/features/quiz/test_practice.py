"""Practice and review: five questions that suit, the reasons after each, and what was missed comes back."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from bot.domain.questions.shapes import Kind, Question
from bot.features.quiz.replies import order_of
from bot.kit.action import name_of
from bot.kit.request import Role
from tests.fakes.core import PRIVATE, ROOM, CoreWorld, Message, Person, presses_of


async def asked(world: CoreWorld, card: Message) -> tuple[Question, int, int]:
    """Return the question on a card, its run, and its place there."""
    data = next(data for data in presses_of(card.reply).values() if name_of(data) in ("quiz.answer", "quiz.type"))
    _name, run, number, *_rest = data.split(":")
    bank = await world.app.tools.shelf.bank()
    stems = {question.stem: question for question in bank}
    return next(question for stem, question in stems.items() if stem in card.text), int(run), int(number)


async def answer(world: CoreWorld, person: Person, card: Message, *, right: bool) -> Message:
    """Answer the question on a card."""
    question, run, number = await asked(world, card)
    if question.how in (Kind.NUMERIC, Kind.SEVERAL, Kind.ORDER):
        form = await person.presses("Answer", on=card)
        if question.how is Kind.NUMERIC:
            text = question.answer[0].text if right else "-987654"
        else:
            order = order_of(question, run, number)
            places = list(range(len(question.answer)))
            if not right:
                places = places[::-1] if question.how is Kind.ORDER else places[:1]
            text = "".join("ABCDEF"[order.index(place)] for place in places)
        return await person.fills(form, answer=text)
    place = 0 if right else 1
    return await person.sends(f"quiz.answer:{run}:{number}:{place}", card)


async def practice(world: CoreWorld, person: Person, text: str, rights: str) -> Message:
    """Play a whole run: ``+`` for right, ``-`` for wrong; return its result."""
    card = await person.says(text)
    for mark in rights:
        card = await answer(world, person, card, right=mark == "+")
        card = await person.presses("Next question" if "Next question" in card.labels else "Result", on=card)
    return card


async def test_five_questions_each_with_the_reasons_and_a_result(world: CoreWorld, ana: Person) -> None:
    card = await ana.says("/quiz bayes")
    assert card.reply.title.startswith("Question 1 of 5 · ")
    told = await answer(world, ana, card, right=False)
    assert "Not quite." in told.text
    question, *_rest = [q for q in await world.app.tools.shelf.bank() if q.stem in told.text]
    assert question.explanation in told.text
    card = await ana.presses("Next question", on=told)
    for _ in range(4):
        card = await answer(world, ana, card, right=True)
        assert "Right." in card.text
        card = await ana.presses("Next question" if "Next question" in card.labels else "Result", on=card)
    assert "4 of 5 questions right." in card.text
    assert "Worth another look" in card.text
    assert {"Five more", "To the topic"} <= set(card.labels)


async def test_only_questions_about_what_was_asked_for(world: CoreWorld, ana: Person) -> None:
    card = await ana.says("/quiz 1.2")
    inside = {topic.id for topic in world.app.tools.shelf.curriculum.subtopics["math"].topics}
    seen: set[str] = set()
    for _ in range(5):
        question, _run, _number = await asked(world, card)
        assert question.topic in inside
        seen.add(question.id)
        card = await answer(world, ana, card, right=True)
        card = await ana.presses("Next question" if "Next question" in card.labels else "Result", on=card)
    assert len(seen) == 5


async def test_a_level_and_a_number_can_be_asked_for(world: CoreWorld, ana: Person) -> None:
    card = await ana.says("/quiz python hard 3")
    assert card.reply.title.startswith("Question 1 of 3")
    assert (await asked(world, card))[0].level == "hard"


async def test_nothing_comes_again_while_other_questions_are_left(world: CoreWorld, ana: Person) -> None:
    seen: list[str] = []
    for _ in range(4):
        card = await ana.says("/quiz linear algebra")
        for _ in range(5):
            seen.append((await asked(world, card))[0].id)
            card = await answer(world, ana, card, right=True)
            card = await ana.presses("Next question" if "Next question" in card.labels else "Result", on=card)
    topic = world.app.tools.shelf.indexes.lookup.find("linear algebra").entry
    bank = await world.app.tools.shelf.bank()
    assert topic is not None
    there = len(bank.topics[topic.id])
    assert len(set(seen)) == min(20, there)


@pytest.mark.parametrize("typed", ["/quiz qwertyuiop", "/quiz " + "x" * 120])
async def test_an_unknown_topic_is_met_kindly(ana: Person, typed: str) -> None:
    assert "/roadmap" in (await ana.says(typed)).text


async def test_a_slip_in_the_name_is_met_half_way(ana: Person) -> None:
    card = await ana.says("/quiz back propagatoin")
    assert card.reply.title.startswith("Question 1 of 5") or "Which topic" in card.text


async def test_it_goes_on_after_a_restart_in_the_middle(tmp_path: Path) -> None:
    world = await CoreWorld.open(tmp_path / "bot.db")
    told = await answer(world, world.person("Ana"), await world.person("Ana").says("/quiz bayes"), right=True)
    await world.close()
    again = await CoreWorld.open(tmp_path / "bot.db", clock=world.clock)
    again.events = world.events
    following = await again.person("Ana").presses("Next question", on=told)
    assert following.reply.title.startswith("Question 2 of 5")
    twice = await again.person("Ana").sends("quiz.next:1", following)
    assert twice.reply.title.startswith("Question 2 of 5")
    await again.close()


async def test_pressing_twice_counts_once_and_tells_the_first_answer(world: CoreWorld, ana: Person) -> None:
    card = await ana.says("/quiz ml concepts easy")
    question, run, number = await asked(world, card)
    while question.how not in (Kind.SINGLE, Kind.CODE, Kind.TRUE_FALSE):
        card = await ana.says("/quiz ml concepts easy")
        question, run, number = await asked(world, card)
    first = await ana.sends(f"quiz.answer:{run}:{number}:0", card)
    assert "Right." in first.text
    second = await ana.sends(f"quiz.answer:{run}:{number}:1", card)
    assert "first answer counts" in second.text
    assert "Right." in second.text


@pytest.mark.parametrize("data", ["quiz.answer:1:0:0", "quiz.next:1", "quiz.type:1:0", "quiz.typed:1:0"])
async def test_somebody_elses_run_is_left_alone(world: CoreWorld, ana: Person, ben: Person, data: str) -> None:
    card = await ana.says("/quiz bayes")
    await ben.says("/start")
    await ben.sends(data, card)
    assert "not yours" in ben.notices[-1]
    assert (await ana.sends("quiz.next:1", card)).reply.title.startswith("Question 1 of 5")


@pytest.mark.parametrize("data", ["quiz.answer:1:0:250", "quiz.answer:1:9:0", "quiz.answer:9:0:0", "quiz.next:99"])
async def test_what_was_never_offered_changes_nothing(ana: Person, data: str) -> None:
    card = await ana.says("/quiz bayes")
    await ana.sends(data, card)
    assert "not yours" in ana.notices[-1]


async def test_what_was_missed_comes_back_when_it_is_due_and_not_before(world: CoreWorld, ana: Person) -> None:
    await practice(world, ana, "/quiz bayes", "-++++")
    assert "Nothing is due now" in (await ana.says("/review")).text
    world.clock.travel(timedelta(days=3))
    card = await ana.says("/review")
    assert card.reply.title.startswith("Review 1 of 1")
    told = await answer(world, ana, card, right=True)
    assert "It comes back" in told.text
    done = await ana.presses("Result", on=told)
    assert done.reply.title == "Review done"
    assert "Nothing is due now" in (await ana.says("/review")).text


async def test_without_anything_missed_the_review_says_so(ana: Person) -> None:
    assert "Nothing waits for you" in (await ana.says("/review")).text


async def test_in_a_group_it_is_answered_privately(world: CoreWorld) -> None:
    card = await world.person("Ana").says("/quiz bayes", ROOM)
    assert not card.public
    assert card.reply.only_you


async def test_a_number_is_read_as_people_type_it(world: CoreWorld, ana: Person) -> None:
    bank = await world.app.tools.shelf.bank()
    numeric = next(
        question for question in bank if question.how is Kind.NUMERIC and question.topic == "math-prob-stats"
    )
    for _ in range(30):
        card = await ana.says("/quiz probability and statistics")
        if (await asked(world, card))[0].how is Kind.NUMERIC:
            break
        for _ in range(5):
            card = await answer(world, ana, card, right=True)
            card = await ana.presses("Next question" if "Next question" in card.labels else "Result", on=card)
            if "quiz.type" in str(presses_of(card.reply)):
                break
        if "quiz.type" in str(presses_of(card.reply)) and (await asked(world, card))[0].how is Kind.NUMERIC:
            break
    question, _run, _number = await asked(world, card)
    assert question.how is Kind.NUMERIC, numeric.id
    form = await ana.presses("Answer", on=card)
    refused = await ana.fills(form, answer="about half")
    assert "no number" in refused.text
    again = await ana.presses("Try again", on=refused)
    assert "Right." in (await ana.fills(again, answer=f" {question.answer[0].text} ")).text


async def test_a_topics_card_offers_a_quiz(ana: Person) -> None:
    card = await ana.says("/roadmap bayes", PRIVATE)
    assert "Quiz me" in card.labels
    assert (await ana.presses("Quiz me")).reply.title.startswith("Question 1 of 5")


async def test_answers_reach_the_ledger(world: CoreWorld) -> None:
    ana = world.person("Ana", Role.MEMBER)
    await practice(world, ana, "/quiz bayes", "-++++")
    evidence = await world.database.read(lambda tx: world.app.tools.ledger.evidence(tx, 1))
    assert sum(one.answers for one in evidence.values()) == 5


async def test_progress_tells_of_answers_and_of_what_is_due(world: CoreWorld, ana: Person) -> None:
    assert "answers right" not in (await ana.says("/progress")).text
    await practice(world, ana, "/quiz bayes", "-++++")
    assert "4 of 5 answers right" in (await ana.says("/progress")).text
    world.clock.travel(timedelta(days=3))
    assert "1 question waits for review." in (await ana.says("/progress")).text
