"""Practice and review, alone with the bot on every surface: what was missed comes back when it is due."""

from __future__ import annotations

from datetime import timedelta

from tests.journeys.questions import asked, letter
from tests.journeys.worlds import World

EASY = "/quiz probability and statistics easy"
"""Has many questions, the first of them with one right choice."""


async def test_what_was_missed_comes_back_when_it_is_due_and_rests_once_it_is_known(anywhere: World) -> None:
    ana = anywhere.person("Ana")
    card = await ana.says(EASY)
    question = await asked(card)
    assert question is not None, card
    verdict = await ana.presses(letter(card, question, 1))
    assert "Not quite." in verdict
    assert "It comes back" in verdict
    assert "Nothing is due now" in await ana.says("/review")
    await anywhere.restart()
    ana = anywhere.person("Ana")
    anywhere.clock.travel(timedelta(days=1, minutes=1))
    card = await ana.says("/review")
    assert "Review 1 of 1" in card
    again = await asked(card)
    assert again is not None
    assert again.id == question.id, "one made from numbers comes with new ones"
    assert "Right." in await ana.presses(letter(card, again, 0))
    assert "Review done" in await ana.presses("Result")
    assert "Nothing is due now" in await ana.says("/review")


async def test_the_first_answer_counts_and_the_others_are_told_so(anywhere: World) -> None:
    ana, ben = anywhere.person("Ana"), anywhere.person("Ben")
    card = await ana.says(EASY)
    question = await asked(card)
    assert question is not None, card
    assert "Right." in await ana.presses(letter(card, question, 0))
    assert "1 of 1 answer right" in " ".join((await ana.says("/progress")).split())
    assert "answer right" not in await ben.says("/progress"), "what one person did is nobody else's"


async def test_five_questions_lead_to_a_result_with_what_to_read_next(anywhere: World) -> None:
    ana = anywhere.person("Ana")
    card = await ana.says(EASY)
    for number in range(5):
        assert f"Question {number + 1} of 5" in card
        question = await asked(card)
        assert question is not None, card
        verdict = await ana.presses(letter(card, question, 1))
        assert "To the topic" in verdict
        card = await ana.presses("Result" if number == 4 else "Next question")
    assert "0 of 5 questions right." in card
    assert "Worth another look: Probability and statistics" in " ".join(card.split())
