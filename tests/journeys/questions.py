"""Which question somebody has before them, read from the card as they see it."""

from __future__ import annotations

from collections.abc import Collection
from functools import cache

from bot.domain.questions.families import FAMILIES
from bot.domain.questions.shapes import CHOICES, Kind, Question
from tests.fakes.core import shipped_shelf
from tests.journeys.place import Visitor

LETTERS = "ABCDEF"


def _plain(text: str) -> str:
    return " ".join(text.split())


async def asked(card: str, kinds: Collection[Kind] = CHOICES) -> Question | None:
    """Return the question of these kinds on a card, however its lines are broken; None if it is another one."""
    plain = _plain(card)
    known = [*await shipped_shelf().bank(), *_made()]
    found = [one for one in known if one.how in kinds and _plain(one.stem) in plain]
    return max(found, key=lambda one: len(one.stem), default=None)


@cache
def _made(runs: int = 8, length: int = 5) -> tuple[Question, ...]:
    """Return the questions made from numbers that the first quizzes of a world may ask: practiced, and reviewed."""
    return tuple(
        family.make(seed)
        for family in FAMILIES.values()
        for run in range(1, runs + 1)
        for number in range(length)
        for seed in (f"{run}:{number}:{family.id}", f"{run}:{number}")
    )


def letter(card: str, question: Question, place: int) -> str:
    """Return the letter before an option of a question, however its lines are broken."""
    plain = _plain(card)
    for one in LETTERS:
        after = [option for option in question.options
                 if any(f"{one}{gap}{_plain(option.text)}" in plain for gap in (": ", " ", ""))]  # fmt: skip
        if after and max(after, key=lambda option: len(option.text)) == question.options[place]:
            return one
    raise AssertionError(f"no letter before “{question.options[place].text}” in:\n{card}")


async def solve(visitor: Visitor, card: str) -> str:
    """Answer the question on a card rightly, whatever kind it is; returns what is said then."""
    question = await asked(card, set(Kind))
    assert question is not None, card
    if question.how in CHOICES:
        return await visitor.presses(letter(card, question, 0))
    text = question.answer[0].text
    if question.how is not Kind.NUMERIC:
        text = "".join(letter(card, question, place) for place in range(len(question.answer)))
    await visitor.presses("Answer")
    return await visitor.fills(answer=text)
