"""What follows from a person's progress: percentages, what is open, what comes next. Pure decisions."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from typing import Final

from bot.domain.contributions import Mastered
from bot.domain.curriculum.curriculum import Curriculum
from bot.domain.curriculum.shapes import Resource, Subtopic, Topic

HALF: Final = 0.5
"""Mean score below which most answers are wrong."""
KNOWN_FROM: Final = 4
"""So many answers show where somebody stands; the test that finds a level needs no fewer."""
MINUTES_A_DAY: Final = 30
DAYS_A_MONTH: Final = 30.4


class Status(StrEnum):
    """What a person says about a topic."""

    LEARNING = "learning"
    DONE = "done"


class Sign(StrEnum):
    """How far a group of topics is, as a sign; the words stand beside it wherever it matters."""

    OPEN = "○"
    BEGUN = "◐"
    FINISHED = "✔"


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a person stands: the status of each topic begun, and since when (Unix seconds).

    ``answers`` are (right, all) answers to questions about a topic, where they were looked up.
    """

    status: Mapping[str, Status]
    since: Mapping[str, int]
    answers: Mapping[str, tuple[int, int]] = field(default_factory=dict)

    @property
    def done(self) -> frozenset[str]:
        """Topics marked as done."""
        return frozenset(topic for topic, status in self.status.items() if status is Status.DONE)

    @property
    def learning(self) -> frozenset[str]:
        """Topics marked as being learned."""
        return frozenset(topic for topic, status in self.status.items() if status is Status.LEARNING)


class Reason(StrEnum):
    """Why a topic is offered next."""

    CONTINUE = "continue"
    WRONG = "wrong"
    SHAKY = "shaky"
    FOLLOWS = "follows"
    START = "start"
    ORDER = "order"


@dataclass(frozen=True, slots=True)
class Step:
    """A topic to do next, why, the finished topic it follows (if that is the reason), and where to begin.

    ``is_done``: it is marked as done, and offered because answers on it were weak.
    """

    topic: Topic
    subtopic: Subtopic
    reason: Reason
    after: Topic | None
    resource: Resource | None
    position: int
    of: int
    is_done: bool = False


def sign(curriculum: Curriculum, topics: Iterable[Topic], standing: Standing) -> Sign:
    """Return how far a group of topics is: finished when every core topic is covered."""
    topics = tuple(topics)
    counted = tuple(topic for topic in topics if topic.core) or topics
    covered = [curriculum.is_covered(topic.id, standing.done) for topic in counted]
    if all(covered):
        return Sign.FINISHED
    if any(covered) or any(topic.id in standing.status for topic in topics):
        return Sign.BEGUN
    return Sign.OPEN


def steps(
    curriculum: Curriculum,
    standing: Standing,
    mastery: Mapping[str, Mastered],
    snoozed: Collection[str],
    scores: Mapping[str, float] | None = None,
) -> list[Step]:
    """Return every topic that could be done now, the best first: what was begun, what is shaky, then the road's order.

    Only topics whose prerequisites are covered are offered, optional ones only if they were begun.

    Args:
        curriculum: the road.
        standing: what the person marked.
        mastery: what their answers show, by topic.
        snoozed: topics they do not want to be offered.
        scores: mean scores (0 to 1) of their answers, by topic, to say why.
    """
    scores = scores or {}
    done = standing.done
    latest = max(
        (topic for topic in done if topic in curriculum.places),
        key=lambda topic: (standing.since.get(topic, 0), topic),
        default=None,
    )
    ranked: list[tuple[int, int, Topic, Subtopic, Reason, Topic | None]] = []
    for position, spotted in enumerate(curriculum.places.values()):
        topic = spotted.topic
        if topic.id in snoozed:
            continue
        begun = topic.id in standing.learning
        shaky = (known := mastery.get(topic.id)) is not None and known.is_weak
        finished = curriculum.is_covered(topic.id, done)
        if finished and not (shaky and topic.id in done):
            continue
        if not finished and not begun and (not topic.core or curriculum.missing(topic.id, done)):
            continue
        after = curriculum.places[latest].topic if latest and latest in topic.requires else None
        if begun:
            rank, reason = 0, Reason.CONTINUE
        elif shaky:
            rank, reason = 1, Reason.WRONG if scores.get(topic.id, 1.0) < HALF else Reason.SHAKY
        elif not done:
            rank, reason = 2, Reason.START
        elif after is not None:
            rank, reason = 2, Reason.FOLLOWS
        else:
            rank, reason = 2, Reason.ORDER
        ranked.append((rank, position, topic, spotted.subtopic, reason, after))
    ranked.sort(key=lambda entry: entry[:2])
    return [
        Step(topic, subtopic, reason, after, first_resource(curriculum, topic), number, len(ranked), topic.id in done)
        for number, (_rank, _position, topic, subtopic, reason, after) in enumerate(ranked)
    ]


def is_new(standing: Standing, mastery: Mapping[str, Mastered]) -> bool:
    """Whether nobody knows yet where a person stands: they marked nothing, and hardly answered a question."""
    return not standing.status and sum(known.answers for known in mastery.values()) < KNOWN_FROM


def first_resource(curriculum: Curriculum, topic: Topic) -> Resource | None:
    """Return where to begin: the first free resource that is still kept up, else the first."""
    listed = [curriculum.resources[resource] for resource in topic.resources]
    for resource in listed:
        if resource.cost == "free" and resource.status not in ("archived", "superseded", "unknown"):
            return resource
    return listed[0] if listed else None


def sorted_resources(curriculum: Curriculum, ids: Iterable[str]) -> list[Resource]:
    """Return resources with the free ones first, superseded and archived ones last, else in the content's order."""
    listed = [curriculum.resources[resource] for resource in dict.fromkeys(ids)]
    past = ("archived", "superseded")
    cost = {"free": 0, "freemium": 1, "paid": 2, "unknown": 2}
    return sorted(listed, key=lambda resource: (resource.status in past, cost[resource.cost]))


def opened(curriculum: Curriculum, before: Collection[str], after: Collection[str]) -> list[Topic]:
    """Return the topics whose prerequisites were missing before and are covered now, in study order."""
    fresh = set(after) - set(before)
    waiting = {later for topic in fresh for later in curriculum.unlocks.get(topic, ())}
    return [
        spotted.topic
        for spotted in curriculum.places.values()
        if spotted.topic.id in waiting
        and not curriculum.is_covered(spotted.topic.id, after)
        and curriculum.missing(spotted.topic.id, before)
        and not curriculum.missing(spotted.topic.id, after)
    ]


def to_mark(subtopic: Subtopic, status: Status | None) -> tuple[Topic, ...]:
    """Return the topics of a sub-topic that a mark on the whole sets: the core ones, or all if it is taken back."""
    core = tuple(topic for topic in subtopic.topics if topic.core)
    return core if core and status is not None else subtopic.topics


def months(hours: float, minutes_a_day: float = MINUTES_A_DAY) -> float:
    """Return the months that ``hours`` take at so many minutes a day."""
    return hours * 60 / minutes_a_day / DAYS_A_MONTH


def recent_pace(
    curriculum: Curriculum, standing: Standing, today: date, day_of: Callable[[int], date], days: int = 28
) -> float:
    """Return hours of core topics finished a day over the last ``days``, in the person's own study days.

    ``day_of`` tells the study day of a moment (Unix seconds). The first day with a mark does not count, since it holds
    what somebody knew before they came. Zero until two weeks have passed since then and three days have marks.
    """
    finished = {
        topic: day_of(standing.since.get(topic, 0))
        for topic in standing.done
        if topic in curriculum.places and curriculum.places[topic].topic.core
    }
    first = min(finished.values(), default=today)
    begin = max(first, today - timedelta(days=days))
    recent = {topic: day for topic, day in finished.items() if day > begin}
    if (today - first).days < 14 or len(set(recent.values())) < 3:
        return 0.0
    return sum(curriculum.places[topic].topic.hours for topic in recent) / (today - begin).days


def day_number(at: datetime) -> int:
    """Return the number of the UTC day of a moment, small enough to travel in a button."""
    return at.astimezone(UTC).date().toordinal() - date(2020, 1, 1).toordinal()
