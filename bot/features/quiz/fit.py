"""Which question suits somebody best: one they get right in three of four cases and did not answer lately. Pure.

What speaks against a question is added up in points; the one with the fewest is asked.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from bot.domain.questions.seeds import weight
from bot.domain.questions.shapes import Question
from bot.features.quiz.rules import SETTLING, SKILL_AT_FIRST, Rating, by_chance, chance, first_rating

AIM: Final = 0.81
"""The chance of a right answer that is aimed at; what seems to fit is a little harder, so it becomes less."""
MISSED: Final = 800.0
"""Points for each unit of chance that is missing, or left over."""
TODAY: Final = 1000.0
AGAIN: Final = 140.0
"""Points against a question answered just now, and at most against one answered later."""
DAY: Final = 86_400
HALVED: Final = 8 * DAY
"""Seconds after which half of those points are left."""
SPREAD: Final = 30.0
"""Points by which chance may move a question in the order of those that suit."""
DUE: Final = 40.0
WEAK: Final = 80.0
"""Points for a topic that waits for its review, and for one somebody is weak in: before others that suit as well."""
SUITS: Final = 100.0
"""With more points than that a question does not suit, and others are looked for further away."""
APART: Final = 15.0
"""Points for each step away from what somebody studies: same sub-topic, same stage, another stage."""
MADE: Final = 100.0
"""So many points worse may a made question be, where it is the turn of one."""
TRUST: Final = 8
"""With so many answers, half of what they say of a question's difficulty is believed."""
GENERAL: Final = 8
"""With so many answers, half of what they say of somebody is believed."""
ALIKE: Final = 30
"""With so many answers about a topic, half of how it differs from their other topics is believed."""
KEPT: Final = 0.33
"""How fast a rating leaves where it began; from the size of its steps and the slope of the odds."""
FURTHEST: Final = 500.0
"""No skill is thought to be further than that from where every rating begins."""


@dataclass(frozen=True, slots=True)
class Learner:
    """What is known of somebody who is to be asked.

    Attributes:
        skills: their rating by topic.
        answered: when (Unix seconds) they last answered a question lately; others count as new.
        now: Unix seconds.
        general: how skilled they are on the whole.
        weak: topics they are weak in.
    """

    skills: Mapping[str, Rating]
    answered: Mapping[str, int]
    now: int
    general: float
    weak: Collection[str]

    @classmethod
    def of(
        cls, skills: Mapping[str, Rating], answered: Mapping[str, int], now: int, weak: Collection[str] = ()
    ) -> Learner:
        """Return what ratings and answers say of somebody."""
        return cls(skills, answered, now, general(skills.values()), weak)

    def skill(self, topic: str) -> float:
        """Return how skilled they are thought to be in a topic: as on the whole, until it shows otherwise.

        Never less than that where they are weak: it would keep them from what they need.
        """
        rating = self.skills.get(topic)
        if rating is None or not rating.answers:
            return self.general
        differs = (pointed(rating) - self.general) * rating.answers / (rating.answers + ALIKE)
        return self.general + (max(0.0, differs) if topic in self.weak else differs)

    def staleness(self, question: str) -> float:
        """Return the points against asking a question again."""
        at = self.answered.get(question)
        if at is None:
            return 0.0
        age = max(0, self.now - at)
        left: float = 0.5 ** (age / HALVED)
        return (TODAY if age < DAY // 2 else AGAIN) * left


def general(skills: Iterable[Rating]) -> float:
    """Return how skilled somebody is on the whole: the mean of all their topics, more of it with more answers."""
    known = [rating for rating in skills if rating.answers]
    count = sum(rating.answers for rating in known)
    moved = sum(rating.answers * (pointed(rating) - SKILL_AT_FIRST) for rating in known)
    return SKILL_AT_FIRST + moved / (count + GENERAL)


def pointed(rating: Rating) -> float:
    """Return where a rating is on its way to: after few answers it still stands near where every rating begins."""
    kept: float = (1 + SETTLING * rating.answers) ** -KEPT
    moved = (rating.value - SKILL_AT_FIRST) / (1 - kept) if rating.answers else 0.0
    return SKILL_AT_FIRST + max(-FURTHEST, min(FURTHEST, moved))


def hardness(question: Question, item: Rating | None) -> float:
    """Return how hard a question is thought to be: few answers move it little from what its author said."""
    first = first_rating(question).value
    return first if item is None else first + (item.value - first) * item.answers / (item.answers + TRUST)


def against(question: Question, learner: Learner, item: Rating | None = None) -> float:
    """Return the points against a question for somebody; ``item`` is its rating, if it has one."""
    return _off(question, learner.skill(question.topic), item) + learner.staleness(question.id)


def _off(question: Question, skill: float, item: Rating | None) -> float:
    return abs(AIM - chance(skill, hardness(question, item), by_chance(question))) * MISSED


def choose(
    questions: Iterable[Question],
    learner: Learner,
    items: Mapping[str, Rating],
    seed: str,
    leaning: Mapping[str, float] | None = None,
) -> Question | None:
    """Return the question that suits somebody best; None: there is none.

    Args:
        questions: to choose from.
        learner: who is asked.
        items: ratings of questions by id, where they have one.
        seed: of the chance among those that suit alike.
        leaning: points by topic, fewer than 0 for those that come before others.
    """
    leaning = leaning or {}
    best: tuple[float, Question] | None = None
    skills: dict[str, float] = {}
    for question in questions:
        topic = question.topic
        if topic not in skills:
            skills[topic] = learner.skill(topic)
        points = _off(question, skills[topic], items.get(question.id)) + learner.staleness(question.id)
        points += leaning.get(topic, 0.0)
        if best is not None and points >= best[0]:
            continue  # chance only adds
        points += SPREAD * (weight(seed, question.id) / 2**64)
        if best is None or points < best[0]:
            best = (points, question)
    return None if best is None else best[1]
