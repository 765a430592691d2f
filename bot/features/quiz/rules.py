"""Decisions about answers: how hard a question is for somebody, what it teaches us, and which one suits. Pure.

Skill and difficulty share one scale, as in Elo's ratings of chess players: 400 points are a factor of ten in the odds.
Guessing is reckoned with: among k options one is right by chance in one of k cases.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from bot.domain.questions.seeds import weight
from bot.domain.questions.shapes import CHOICES, Kind, Level, Question

STARTS: Final = {Level.EASY: 1300.0, Level.MEDIUM: 1500.0, Level.HARD: 1700.0}
"""How hard a question is taken to be until people have answered it."""
SKILL_AT_FIRST: Final = 1400.0
AIM: Final = 0.78
"""The chance of a right answer that practice aims at: mostly right, and always something to learn."""
SCALE: Final = 400.0
_MOST: Final = 120.0
"""How far the first answer moves a rating; later ones move it less."""
_LEAST_SKILL: Final = 24.0
"""A person learns, so their rating never settles."""
_LEAST_ITEM: Final = 4.0
_SETTLING: Final = 0.18
SPREAD: Final = 60.0
"""Points by which chance may move a question in the order of those that suit."""
ASKED: Final = CHOICES | {Kind.NUMERIC, Kind.SEVERAL, Kind.ORDER}


@dataclass(frozen=True, slots=True)
class Rating:
    """A rating and how many answers stand behind it."""

    value: float
    answers: int = 0


def first_rating(question: Question) -> Rating:
    """Return what a question's difficulty is taken to be before anybody answered."""
    return Rating(STARTS[Level(question.level)])


def by_chance(question: Question) -> float:
    """Return how likely somebody is right who knows nothing."""
    match question.how:
        case Kind.NUMERIC:
            return 0.0
        case Kind.SEVERAL | Kind.ORDER:
            return 0.05
        case _:
            return 1 / len(question.options)


def chance(skill: float, difficulty: float, guess: float) -> float:
    """Return the chance of a right answer, from ``guess`` to 1."""
    known = 1 / (1 + 10 ** ((difficulty - skill) / SCALE))
    return guess + (1 - guess) * known


def learned(skill: Rating, item: Rating, guess: float, *, correct: bool) -> tuple[Rating, Rating]:
    """Return both ratings after an answer."""
    surprise = float(correct) - chance(skill.value, item.value, guess)
    person = max(_LEAST_SKILL, _MOST / (1 + _SETTLING * skill.answers))
    thing = max(_LEAST_ITEM, _MOST / (1 + _SETTLING * item.answers))
    return (
        Rating(skill.value + person * surprise, skill.answers + 1),
        Rating(item.value - thing * surprise, item.answers + 1),
    )


def choose(
    questions: Iterable[Question],
    skills: Mapping[str, Rating],
    items: Mapping[str, Rating],
    answered: Mapping[str, int],
    seed: str,
) -> Question | None:
    """Return the question that suits best: never or longest ago answered, and neither too easy nor too hard.

    Args:
        questions: to choose from.
        skills: the person's rating by topic.
        items: ratings of questions, where they differ from their first.
        answered: when (Unix seconds) the person last answered a question lately; others count as new.
        seed: of the chance among those that suit alike.
    """
    best: tuple[tuple[int, float], Question] | None = None
    for question in questions:
        skill = skills.get(question.topic, Rating(SKILL_AT_FIRST)).value
        item = items.get(question.id) or first_rating(question)
        off = abs(chance(skill, item.value, by_chance(question)) - AIM) * SCALE
        jitter = SPREAD * (weight(seed, question.id) / 2**64)
        rank = (answered.get(question.id, 0), off + jitter)
        if best is None or rank < best[0]:
            best = (rank, question)
    return None if best is None else best[1]


def letters_of(text: str, count: int) -> tuple[int, ...] | None:
    """Return positions (from 0) of the letters somebody typed, such as ``ac`` or ``C, A, B``; None: not readable."""
    letters = [letter for letter in text.upper() if letter.isalnum()]
    places = [ord(letter) - ord("A") for letter in letters]
    if not places or any(not 0 <= place < count for place in places) or len(set(places)) != len(places):
        return None
    return tuple(places)


def share(correct: int, count: int) -> int:
    """Return percent, rounded; 0 of 0 is 0."""
    return round(100 * correct / count) if count else 0


def weakest(results: Sequence[tuple[str, bool]]) -> str | None:
    """Return the topic with the most wrong answers among (topic, right) pairs; None if all were right."""
    wrong: dict[str, int] = {}
    for topic, correct in results:
        if not correct:
            wrong[topic] = wrong.get(topic, 0) + 1
    return max(wrong, key=lambda topic: wrong[topic]) if wrong else None


POINTS: Final = {Level.EASY: 1, Level.MEDIUM: 2, Level.HARD: 3}
"""For a right answer in time to the question of the day."""
MIX: Final = (Level.EASY, Level.MEDIUM, Level.EASY, Level.MEDIUM, Level.HARD)
"""Levels of five days in a row, in an order of chance."""


def of_the_day(
    questions: Sequence[Question], interest: Mapping[str, float], asked: frozenset[str], seed: str
) -> Question | None:
    """Return the question of a day.

    Args:
        questions: to choose from; those with one right choice.
        interest: how much a community has to do with a topic, from 0; a topic that is not there counts 0.
        asked: ids of questions asked lately; they come only if nothing else is left.
        seed: names the community and the day.
    """
    level = MIX[weight(seed, "level") % len(MIX)]
    best: tuple[tuple[bool, bool, float], Question] | None = None
    for question in questions:
        draw = (weight(seed, question.id) + 1) / 2**64
        wanted = draw ** (1 / (0.05 + interest.get(question.topic, 0.0)))  # as a weighted draw without replacement
        rank = (question.id not in asked, question.level == level, wanted)
        if best is None or rank > best[0]:
            best = (rank, question)
    return None if best is None else best[1]


def placed(points: Sequence[int]) -> list[int]:
    """Return the place of each, for points from high to low: equal points share a place (1, 2, 2, 4)."""
    places: list[int] = []
    for number, mine in enumerate(points):
        places.append(places[-1] if number and points[number - 1] == mine else number + 1)
    return places


def goal(active: int) -> int:
    """Return how many right answers a community aims at in a week, from how many answered in the last one."""
    return max(10, 4 * active)
