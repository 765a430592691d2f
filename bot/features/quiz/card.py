"""What a run of questions looks like: plain values that store, service and replies share."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from bot.domain.questions.shapes import Question

PRACTICE: Final = "practice"
REVIEW: Final = "review"
PLACEMENT: Final = "placement"
GATE: Final = "gate"
TESTS: Final = frozenset((PLACEMENT, GATE))


class Note(StrEnum):
    """What happened to the question that waited."""

    NONE = ""
    CHANGED = "changed"
    GONE = "gone"
    TODAY = "today"
    """It is the question of the day in a community of the person now."""
    OVER = "over"
    """It waits still, but its run was ended."""


@dataclass(frozen=True, slots=True)
class Run:
    """A row of questions of one person; ``began_at`` in Unix seconds."""

    id: int
    person: int
    kind: str
    about: str
    level: str
    length: int
    began_at: int
    ended: bool


@dataclass(frozen=True, slots=True)
class Asked:
    """One question of a run; ``correct`` and ``chosen`` are None until it is answered.

    Only the one with the highest ``number`` waits; others without an answer were replaced.

    ``edition`` is that of the question as it was asked, empty where it was not kept; ``seed`` made its numbers.
    """

    number: int
    question: str
    asked_at: int
    correct: bool | None
    chosen: str | None
    edition: str = ""
    seed: str = ""


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a run stands: its questions so far, and the one that waits; None if there is nothing more to answer.

    ``note`` tells what became of the question that waited before.
    """

    run: Run
    asked: Sequence[Asked]
    question: Question | None
    waiting: Asked | None
    note: Note = Note.NONE

    @property
    def answered(self) -> int:
        """How many were answered."""
        return sum(one.correct is not None for one in self.asked)

    @property
    def correct(self) -> int:
        """How many were right."""
        return sum(one.correct is True for one in self.asked)


@dataclass(frozen=True, slots=True)
class Answered:
    """What came of an answer. ``is_new`` is False for one that had been given before; then that one is told."""

    standing: Standing
    question: Question
    chosen: tuple[int, ...]
    typed: float | None
    correct: bool
    is_new: bool
    due: datetime | None = None
    asked: Asked | None = None
