"""How a round was answered is kept when it closes, and follows a correction: what a community gets wrong comes again."""

from __future__ import annotations

from tests.fakes.core import Person
from tests.features.quiz.community import Quiz
from tests.features.quiz.test_corrected import with_answer

OUTCOME = "SELECT answers, correct FROM quiz_round WHERE id = 1"


async def test_a_correction_turns_how_a_closed_round_was_answered(quiz: Quiz, ana: Person, ben: Person) -> None:
    cleo = quiz.core.person("Cleo")
    await quiz.pass_time(days=1)
    asked = await quiz.asked()
    for person, choice in ((ana, 0), (ben, 1), (cleo, 1)):
        await quiz.vote(person, choice)
    await quiz.pass_time(hours=15)
    assert await quiz.rows(OUTCOME) == [(3, 1)]
    await quiz.correct(with_answer(asked, 1))
    assert await quiz.rows(OUTCOME) == [(3, 2)]
    await quiz.correct(asked)
    assert await quiz.rows(OUTCOME) == [(3, 1)]


async def test_an_open_round_tells_nothing_of_how_it_is_answered_even_when_it_is_corrected(
    quiz: Quiz, ana: Person
) -> None:
    await quiz.pass_time(days=1)
    await quiz.vote(ana, 1)
    await quiz.correct(with_answer(await quiz.asked(), 1))
    assert await quiz.rows(OUTCOME) == [(0, 0)]
    await quiz.pass_time(hours=15)
    assert await quiz.rows(OUTCOME) == [(1, 1)]
