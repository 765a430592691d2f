"""What the ledger holds and tells, in plain types."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum


class Deed(StrEnum):
    """What somebody did about a topic."""

    STARTED = "started"
    FINISHED = "finished"
    STUDIED = "studied"
    ANSWERED = "answered"
    REVIEWED = "reviewed"
    ATTENDED = "attended"


@dataclass(frozen=True, slots=True)
class Entry:
    """One deed to be written.

    Attributes:
        person, community: who, and where (None in private).
        topic: topic id of the curriculum.
        at: when, aware; ``day`` is the person's own study day.
        minutes: time spent, where known.
        score: how well, 0 to 1, where that makes sense.
        source: the feature that writes it.
        is_chosen: whether the person chose what they did; False where everybody was asked the same, which tells
            nothing of what a community studies.
    """

    person: int
    topic: str
    deed: Deed
    at: datetime
    day: date
    source: str
    community: int | None = None
    minutes: int | None = None
    score: float | None = None
    is_chosen: bool = True


@dataclass(frozen=True, slots=True)
class Evidence:
    """What the ledger knows of one person about one topic.

    ``minutes`` studied in all; ``answers`` given and their mean ``score`` (0 to 1, None without answers); the last
    deed's moment in Unix seconds.
    """

    minutes: int
    answers: int
    score: float | None
    last: int


@dataclass(frozen=True, slots=True)
class Studied:
    """What members of a community chose to do about a topic.

    ``deeds`` in all, ``answers`` among them, and how many of these were ``right``.
    """

    deeds: int
    answers: int
    right: float


@dataclass(frozen=True, slots=True)
class Pace:
    """How a person has been studying: days with any deed and minutes logged, since ``since``."""

    days: int
    minutes: int
    since: date | None
