"""From the first flag to corrected points: the whole loop, with the real quiz of the day and real practice."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, cast

import pytest

from bot.domain.questions.shapes import Kind, Question
from bot.features.questions.rules import briefly
from bot.kit import codec
from bot.kit.database import Transaction
from bot.kit.reply import Reply
from tests.fakes.core import ROOM, CoreWorld, Message, Person, words
from tests.features.quiz.community import Quiz
from tests.features.quiz.playing import put

VOTES = {"Ana": 0, "Ben": 1, "Cleo": 1, "Dan": 2, "Eve": 1}


@pytest.fixture
async def quiz(world: CoreWorld) -> Quiz:
    return await Quiz.open(world)


async def day(quiz: Quiz) -> tuple[Question, dict[str, Person]]:
    """Let a round come, be answered by five people, and close."""
    await quiz.pass_time(days=1)
    question = await quiz.asked()
    people = {name: quiz.core.person(name) for name in VOTES}
    for name, choice in VOTES.items():
        await quiz.vote(people[name], choice)
    await quiz.pass_time(hours=15)
    return question, people


async def flag(quiz: Quiz, who: Person, reason: str = "The answer is wrong") -> None:
    """Press the button under the answer to the round."""
    told = await quiz.told()
    await who.presses("Something wrong?", Message(told, public=True, where=ROOM))
    assert "Thank you" in (await who.presses(reason)).text


async def news(quiz: Quiz) -> list[Reply]:
    async def work(tx: Transaction) -> list[Reply]:
        rows = await tx.all("SELECT reply FROM engine_post WHERE key LIKE 'questions:%' ORDER BY id")
        return [codec.load(row["reply"]) for row in rows]

    return await quiz.core.database.read(work)


async def points(quiz: Quiz) -> dict[str, int]:
    async def work(tx: Transaction) -> dict[str, int]:
        rows = await tx.all(
            """
            SELECT p.name AS name, SUM(v.points) AS points FROM quiz_vote AS v
            JOIN community_person AS p ON p.id = v.person_id GROUP BY p.name
            """
        )
        return {row["name"]: row["points"] for row in rows}

    return await quiz.core.database.read(work)


async def test_three_flags_a_corrected_answer_and_points_that_follow(quiz: Quiz) -> None:
    question, people = await day(quiz)
    before = await points(quiz)
    assert [name for name, found in before.items() if found] == ["Ana"]
    for name in ("Ben", "Cleo", "Eve"):
        await flag(quiz, people[name])
    (waits,) = await news(quiz)
    assert "/question flagged" in words(waits)
    await quiz.mo.says("/question flagged", ROOM)
    shown = await quiz.mo.presses(briefly(question.stem))
    assert "hidden until you decide" in shown.text
    assert "3 people say: The answer is wrong (3)" in shown.text
    assert "1 of 5 answers right" in shown.text
    await quiz.mo.presses("Another answer is right")
    told = await quiz.mo.presses(question.wrong[0].text)
    assert "The points of 4 people changed" in told.text
    after = await points(quiz)
    assert [name for name, found in sorted(after.items()) if found] == ["Ben", "Cleo", "Eve"]
    assert after["Ben"] == before["Ana"]
    _waits, corrected = await news(quiz)
    assert corrected.title == "A question was corrected"
    assert f"Right is: {question.wrong[0].text}" in words(corrected)
    assert "Thanks for telling us: Ben, Cleo, Eve." in words(corrected)
    board = await people["Ana"].says("/leaderboard month", ROOM)
    assert "Ben" in board.text
    await quiz.mo.presses("Undo", told)
    assert await points(quiz) == before
    assert [post.title for post in await news(quiz)][2:] == ["A correction was taken back"]


async def test_a_correction_while_the_question_is_asked_keeps_the_answer_from_the_room(quiz: Quiz) -> None:
    await quiz.pass_time(days=1)
    question = await quiz.asked()
    await quiz.vote(quiz.core.person("Ana"), 0)
    shown = await quiz.mo.says(f"/question show {question.id}", ROOM)
    await quiz.mo.sends(f"questions.key:{question.id}:0:1", shown)
    (corrected,) = await news(quiz)
    assert corrected.title == "A question was corrected"
    assert "It is being asked now" in words(corrected)
    assert not any(option.text in words(corrected) for option in question.options)


async def test_what_the_room_reads_of_a_correction_is_not_in_the_moderators_own_language(quiz: Quiz) -> None:
    question, _people = await day(quiz)
    before = words(await quiz.told())
    quiz.mo.language = "de"
    await quiz.mo.says("/settings language de", ROOM)
    shown = await quiz.mo.says(f"/question show {question.id}", ROOM)
    await quiz.mo.sends(f"questions.key:{question.id}:0:1", shown)
    after = words(await quiz.told())
    assert after != before
    assert "answers right." in after
    assert "Corrected on" in after


async def test_what_is_retired_is_no_longer_practised(quiz: Quiz) -> None:
    ana = quiz.core.person("Ana")
    await ana.says("/start", ROOM)
    bank = await quiz.core.app.tools.shelf.bank()
    topic = min(bank.topics, key=lambda name: len(bank.topics[name]))
    for question in bank.topics[topic]:
        assert "Retired" in (await quiz.mo.says(f"/question retire {question.id}", ROOM)).text
    card = await ana.sends(f"quiz.begin:{topic}", Message(Reply(), public=False, where="private"))
    assert not any(question.stem in card.text for question in bank.topics[topic])
    ben = quiz.core.person("Ben")
    card = await ben.sends(f"quiz.begin:{topic}", Message(Reply(), public=False, where="private"))
    assert any(question.stem in card.text for question in bank.topics[topic])


async def test_after_fixed_words_the_round_reads_as_fixed_and_points_stay(quiz: Quiz) -> None:
    question, _people = await day(quiz)
    before = await points(quiz)
    form = await quiz.mo.says(f"/question fix {question.id}", ROOM)
    assert form.reply.form is not None
    values = {asked.name: asked.value for asked in form.reply.form.fields}
    told = await quiz.mo.fills(form, "", **values | {"stem": "Which of these is it?"})
    assert "Fixed." in told.text
    assert await points(quiz) == before
    assert await news(quiz) == []
    assert "in these words yet. Before they were changed: 1 of 5 answers right." in told.text
    assert "Corrected on" in words(await quiz.told())
    await quiz.mo.presses("Undo", told)
    assert "1 of 5 answers right" in told.text
    assert "in these words" not in told.text
    assert "Corrected on" not in words(await quiz.told())


async def test_a_second_delivery_of_a_press_changes_nothing_twice(quiz: Quiz) -> None:
    question, _people = await day(quiz)
    shown = await quiz.mo.says(f"/question show {question.id}", ROOM)
    for _ in range(2):
        await quiz.mo.sends(f"questions.key:{question.id}:0:1", shown, event="once")

    async def work(tx: Transaction) -> int:
        row = cast("Any", await tx.one("SELECT COUNT(*) AS count FROM questions_change"))
        return int(row["count"])

    assert await quiz.core.database.read(work) == 1
    assert len(await news(quiz)) == 1


async def test_half_of_those_who_practise_a_question_answer_it_within_the_time_on_its_card(quiz: Quiz) -> None:
    question = next(one for one in await quiz.core.app.tools.shelf.bank() if one.how is Kind.SINGLE)
    for name, seconds in {"Ana": 30, "Ben": 4, "Cleo": 9, "Dan": 3 * 3600}.items():  # Dan went away meanwhile
        person = quiz.core.person(name)
        await person.says("/start", ROOM)
        card = await person.says("/quiz any")
        run, number = await put(quiz.core, card, question)
        quiz.core.clock.travel(timedelta(seconds=seconds))
        await person.sends(f"quiz.answer:{run}:{number}:0", card)
    shown = await quiz.mo.says(f"/question show {question.id}", ROOM)
    assert "4 of 4 answers right" in shown.text
    assert "Half answer within: 9 s" in shown.text.splitlines()
    nobody = next(one for one in await quiz.core.app.tools.shelf.bank() if one.how is Kind.TRUE_FALSE)
    assert "Half answer" not in (await quiz.mo.says(f"/question show {nobody.id}", ROOM)).text
