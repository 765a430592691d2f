"""Practice on Discord: where several options are right, all are chosen from one list and sent in one go."""

from __future__ import annotations

from bot.domain.questions.shapes import Kind, Question
from tests.fakes.discord_payloads import touchables
from tests.fakes.discord_people import DiscordPerson
from tests.fakes.discord_server import Message
from tests.journeys.questions import asked
from tests.platforms.discord.conftest import DiscordWorld


async def until_several(hall: DiscordWorld, ana: DiscordPerson) -> tuple[Message, Question]:
    """Practice until several options are right."""
    card = (await ana.slash("quiz", topic="ml concepts 20")).messages[0]
    for _ in range(60):
        if (question := await asked(card.text, [Kind.SEVERAL])) is not None:
            return card, question
        label = "A" if "A" in touchables(card.payload) else "Answer"
        await ana.press(label, card)
        if label == "Answer":
            await ana.fill(answer="1" if "Answer with a number" in card.text else "A")
        card = ana.latest or card
        following = next(one for one in ("Next question", "Result") if one in touchables(card.payload))
        card = (await ana.press(following, card)).messages[0]
        if "Five more" in touchables(card.payload):
            card = (await ana.press("Five more", card)).messages[0]
    raise AssertionError("nothing with several right options")


async def test_all_that_is_right_is_chosen_from_one_list(hall: DiscordWorld) -> None:
    ana = hall.person(alone=True)
    card, question = await until_several(hall, ana)
    assert "Answer" not in touchables(card.payload), "the list says it all"
    labels = [label for label in touchables(card.payload)
              if any(label[3:] == option.text for option in question.answer)]  # fmt: skip
    assert len(labels) == len(question.answer)
    told = (await ana.choose(*labels, on=card)).messages[0]
    assert "Right." in told.text
    assert hall.asked[-1].text.startswith("quiz.several:")


async def test_a_part_of_what_is_right_is_not_enough(hall: DiscordWorld) -> None:
    ana = hall.person(alone=True)
    card, question = await until_several(hall, ana)
    label = next(label for label in touchables(card.payload) if label[3:] == question.answer[0].text)
    told = (await ana.choose(label, on=card)).messages[0]
    assert "Not quite." in told.text
    assert question.explanation in told.text
