"""The test of a whole stage: what it asks, and when it is passed. Pure decisions."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Final

from bot.domain.questions.seeds import weight
from bot.domain.questions.shapes import Level, Question

LENGTH: Final = 10
PASS: Final = 8
"""Right answers of ten."""


def following(
    parts: Sequence[Sequence[Question]], asked: Collection[str], answered: Mapping[str, int], number: int, seed: str
) -> Question | None:
    """Return question ``number`` (from 0) of a test: every sub-topic in turn, medium and hard in turn.

    Args:
        parts: the questions of each sub-topic that has any.
        asked: ids of those that were asked in this test.
        answered: when (Unix seconds) the person last answered a question lately; others come first.
        number: of the question in the test.
        seed: of the chance among those that are left.
    """
    if not parts:
        return None
    turn = number % len(parts)
    level = (Level.MEDIUM, Level.HARD)[(number + number // len(parts)) % 2]

    def rank(part: int, question: Question) -> tuple[bool, bool, int, bool, int]:
        return (
            Level(question.level) is Level.EASY,  # only where nothing else is left
            part != turn,
            answered.get(question.id, 0),
            Level(question.level) is not level,
            weight(seed, question.id),
        )

    left = [(rank(part, one), one) for part, ones in enumerate(parts) for one in ones if one.id not in asked]
    return min(left, key=lambda entry: entry[0])[1] if left else None


def is_passed(correct: int) -> bool:
    """Whether so many right answers pass the test."""
    return correct >= PASS


def weakest(results: Sequence[tuple[str, bool]], most: int = 3) -> list[str]:
    """Return the sub-topics of (sub-topic, right) pairs with the most wrong answers, at most ``most`` of them."""
    wrong: dict[str, int] = {}
    for subtopic, correct in results:
        if not correct:
            wrong[subtopic] = wrong.get(subtopic, 0) + 1
    return sorted(wrong, key=lambda subtopic: -wrong[subtopic])[:most]
