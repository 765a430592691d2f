"""What moderators change in the moment between choosing the question of the day and asking it holds."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import pytest

from bot.domain.questions.bank import Bank
from bot.domain.questions.shapes import Question
from bot.features.quiz.daily import DailyQuiz
from tests.fakes.core import ROOM
from tests.features.quiz.community import Quiz

Act = Callable[[Question], Awaitable[None]]


@pytest.fixture
def meanwhile(monkeypatch: pytest.MonkeyPatch) -> Callable[[Act], list[Question]]:
    """Let somebody act once the question of the day is chosen; returns the list it will stand in."""
    choose = DailyQuiz._chosen

    def arrange(act: Act) -> list[Question]:
        seen: list[Question] = []

        async def chosen(self: DailyQuiz, base: Bank, community: int, day: str) -> Question | None:
            question = await choose(self, base, community, day)
            if question is not None and not seen:
                seen.append(question)
                await act(question)
            return question

        monkeypatch.setattr(DailyQuiz, "_chosen", chosen)
        return seen

    return arrange


async def test_a_question_that_was_just_retired_is_not_asked(
    quiz: Quiz, meanwhile: Callable[[Act], list[Question]]
) -> None:
    async def retire(question: Question) -> None:
        card = await quiz.mo.says(f"/question show {question.id}", ROOM)
        assert "Retired" in (await quiz.mo.sends(f"questions.retire:{question.id}:0", card)).text

    seen = meanwhile(retire)
    await quiz.pass_time(days=1)
    asked = await quiz.rows("SELECT question FROM quiz_round")
    assert len(asked) == len(seen) == 1
    assert asked[0][0] != seen[0].id


async def test_an_answer_that_was_just_called_right_is_right(
    quiz: Quiz, meanwhile: Callable[[Act], list[Question]]
) -> None:
    async def turn(question: Question) -> None:
        card = await quiz.mo.says(f"/question show {question.id}", ROOM)
        await quiz.mo.sends(f"questions.key:{question.id}:0:1", card)

    seen = meanwhile(turn)
    await quiz.pass_time(days=1)
    asked = await quiz.asked()
    assert asked.id == seen[0].id
    assert [option.text for option in asked.answer] == [seen[0].options[1].text]
