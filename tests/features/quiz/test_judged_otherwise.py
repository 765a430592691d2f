"""When a correction turns a verdict around, what was learned from the answer turns with it: once, and back as well."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.contributions import Answers, Figures, Mastered, Mastery
from bot.domain.learning.ledger import Evidence, Pace
from bot.domain.questions.shapes import Question
from bot.features.quiz import rules
from bot.kit.reply import Reply
from tests.fakes.core import ROOM, Message, Person
from tests.features.quiz.community import Quiz
from tests.features.quiz.playing import practice
from tests.features.quiz.test_corrected import with_answer


async def known(quiz: Quiz, person: int) -> dict[str, Mastered]:
    """Return what somebody's answers show."""
    (offer,) = quiz.core.app.tools.contributions.of(Mastery)
    return dict(await quiz.core.database.read(lambda tx: offer.of(tx, person)))


async def told(quiz: Quiz, person: int) -> dict[str, Evidence]:
    """Return what the ledger says of somebody."""
    return await quiz.core.database.read(lambda tx: quiz.core.app.tools.ledger.evidence(tx, person))


async def pace(quiz: Quiz, person: int) -> Pace:
    """Return on how many days somebody studied lately."""
    since = quiz.core.clock.now().date() - timedelta(days=30)
    return await quiz.core.database.read(lambda tx: quiz.core.app.tools.ledger.pace(tx, person, since))


async def figures(quiz: Quiz, question: Question) -> Figures:
    """Return what answers tell of a question."""
    (offer,) = quiz.core.app.tools.contributions.of(Answers)
    return await quiz.core.database.read(lambda tx: offer.figures(tx, 1, question))


async def number(quiz: Quiz, name: str) -> int:
    """Return somebody's number."""
    people: dict[str, int] = dict(await quiz.rows("SELECT name, id FROM community_person"))
    return people[name]


async def retract(who: Person) -> None:
    """Take a vote back."""
    await who.sends("quiz.retract:1", Message(Reply(), public=True, where=ROOM))


async def test_who_is_right_after_all_is_taken_to_know_as_much_as_who_was_right_at_once(
    quiz: Quiz, ana: Person, ben: Person
) -> None:
    await quiz.pass_time(days=1)
    asked = await quiz.asked()
    await quiz.vote(ana, 0)
    await quiz.vote(ben, 1)
    await quiz.pass_time(hours=15)
    ana_id, ben_id = await number(quiz, "Ana"), await number(quiz, "Ben")
    before = {person: (await known(quiz, person))[asked.topic].share for person in (ana_id, ben_id)}
    days = await pace(quiz, ben_id)
    assert before[ana_id] > before[ben_id]
    await quiz.correct(with_answer(asked, 1))
    after = {person: (await known(quiz, person))[asked.topic].share for person in (ana_id, ben_id)}
    assert after[ben_id] == pytest.approx(before[ana_id], abs=0.02)
    assert after[ana_id] == pytest.approx(before[ben_id], abs=0.02)
    assert (await told(quiz, ben_id))[asked.topic].score == 1.0
    assert (await told(quiz, ana_id))[asked.topic].score == 0.0
    assert (await told(quiz, ben_id))[asked.topic].answers == 1
    assert await pace(quiz, ben_id) == days


async def test_a_topics_card_and_progress_tell_of_the_verdict_that_holds(quiz: Quiz, ana: Person) -> None:
    await quiz.pass_time(days=1)
    asked = await quiz.asked()
    title = quiz.core.app.tools.shelf.curriculum.places[asked.topic].topic.title
    await quiz.vote(ana, 1)
    assert "Your answers: 0 of 1 right." in (await ana.says(f"/roadmap {title}")).text
    await quiz.correct(with_answer(asked, 1))
    assert "Your answers: 1 of 1 right." in (await ana.says(f"/roadmap {title}")).text
    assert "1 of 1 answer right" in (await ana.says("/progress")).text


async def test_the_same_correction_again_and_fixed_words_alone_move_nothing(quiz: Quiz, ana: Person) -> None:
    await quiz.pass_time(days=1)
    asked = await quiz.asked()
    await quiz.vote(ana, 0)
    fixed = with_answer(asked, 1)
    await quiz.correct(fixed)
    ledger, skill = await quiz.rows("SELECT * FROM learning_record"), await quiz.rows("SELECT * FROM quiz_skill")
    assert len(ledger) == 3, "the answer, that it was taken back, and what it is now"
    await quiz.correct(fixed)
    await quiz.correct(replace(fixed, stem="Better words?"))
    assert await quiz.rows("SELECT * FROM learning_record") == ledger
    assert await quiz.rows("SELECT * FROM quiz_skill") == skill


async def test_a_correction_taken_back_leaves_people_where_they_were(quiz: Quiz, ana: Person, ben: Person) -> None:
    await quiz.pass_time(days=1)
    asked = await quiz.asked()
    await quiz.vote(ana, 0)
    await quiz.vote(ben, 1)
    for who in (ana, ben):
        await practice(quiz.core, who, f"/quiz {asked.topic}", "+-+-+")
    numbers = [await number(quiz, name) for name in ("Ana", "Ben")]
    skills = dict(await quiz.rows("SELECT person_id, rating FROM quiz_skill ORDER BY person_id"))
    evidence = [await told(quiz, person) for person in numbers]
    await quiz.correct(with_answer(asked, 1))
    moved = dict(await quiz.rows("SELECT person_id, rating FROM quiz_skill ORDER BY person_id"))
    step = rules.judged_otherwise(0, correct=True)
    assert moved[numbers[1]] - skills[numbers[1]] == pytest.approx(step), "as far as their first answer moved them"
    assert moved[numbers[0]] - skills[numbers[0]] == pytest.approx(-step)
    await quiz.correct(asked)
    assert dict(await quiz.rows("SELECT person_id, rating FROM quiz_skill ORDER BY person_id")) == pytest.approx(skills)
    assert [await told(quiz, person) for person in numbers] == evidence


async def test_the_first_answer_of_who_voted_anew_is_judged_by_itself(quiz: Quiz, ana: Person) -> None:
    await quiz.pass_time(days=1)
    asked = await quiz.asked()
    await quiz.vote(ana, 1)
    await retract(ana)
    quiz.core.clock.travel(timedelta(minutes=5))
    await quiz.vote(ana, 0)
    assert (await figures(quiz, asked)).right == 0
    fixed = with_answer(asked, 1)
    found = await quiz.correct(fixed)
    assert found.points == {}, "whoever saw the verdict gets no points"
    now = await figures(quiz, fixed)
    assert (now.answers, now.right, dict(now.options)) == (1, 1, {0: 1})
    person = await number(quiz, "Ana")
    assert (await told(quiz, person))[asked.topic].score == 1.0
    quiz.core.clock.travel(timedelta(days=5))
    assert "Nothing waits" in (await ana.says("/review")).text
    third = with_answer(fixed, 2)
    await quiz.correct(third)
    now = await figures(quiz, third)
    assert (now.answers, now.right, dict(now.options)) == (1, 0, {1: 1})
    await quiz.correct(asked)
    now = await figures(quiz, asked)
    assert (now.answers, now.right, dict(now.options)) == (1, 0, {1: 1})


async def test_other_words_keep_the_first_answer_of_who_voted_anew_apart(quiz: Quiz, ana: Person) -> None:
    await quiz.pass_time(days=1)
    asked = await quiz.asked()
    await quiz.vote(ana, 1)
    await retract(ana)
    await quiz.vote(ana, 0)
    reworded = replace(with_answer(asked, 1), stem="Better words?")
    await quiz.correct(reworded)
    found = await figures(quiz, reworded)
    assert (found.answers, found.earlier, found.earlier_right) == (0, 1, 1)
    await quiz.correct(replace(asked, stem="Better words?"))
    found = await figures(quiz, replace(asked, stem="Better words?"))
    assert (found.answers, found.earlier, found.earlier_right) == (0, 1, 0)


async def test_nobody_elses_answers_of_that_second_are_touched(quiz: Quiz, ana: Person) -> None:
    """The same topic may be answered elsewhere at the same moment."""
    await quiz.pass_time(days=1)
    asked = await quiz.asked()
    await quiz.vote(ana, 1)
    await practice(quiz.core, ana, f"/quiz {asked.topic} 2", "-+")
    await quiz.correct(with_answer(asked, 1))
    found = (await told(quiz, await number(quiz, "Ana")))[asked.topic]
    assert (found.answers, round((found.score or 0) * 3)) == (3, 2)
