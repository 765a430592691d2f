"""When a question comes back: spaced repetition by the ``fsrs`` library, in steps of days and without chance."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from fsrs import Scheduler

QUICK: Final = 8
SLOW: Final = 75
"""Seconds to a right answer that count as easy, and as hard."""


@dataclass(frozen=True, slots=True)
class Card:
    """What is remembered of one question for one person; moments in Unix seconds."""

    state: int
    stability: float
    difficulty: float
    due: int
    reviewed_at: int


@lru_cache(maxsize=1)
def _scheduler() -> Scheduler:
    from fsrs import Scheduler  # not needed to start

    return Scheduler(learning_steps=(), relearning_steps=(), enable_fuzzing=False, maximum_interval=365)


def after_answer(card: Card | None, at: int, seconds: int | None, *, correct: bool) -> Card:
    """Return the card after an answer at ``at`` (Unix seconds) that took ``seconds``; None begins a new one."""
    from fsrs import Card as Remembered
    from fsrs import Rating, State

    if not correct:
        rating = Rating.Again
    elif seconds is not None and seconds <= QUICK:
        rating = Rating.Easy
    elif seconds is not None and seconds >= SLOW:
        rating = Rating.Hard
    else:
        rating = Rating.Good
    moment = datetime.fromtimestamp(at, UTC)
    known = (
        Remembered(card_id=1, due=moment)
        if card is None
        else Remembered(
            card_id=1,
            state=State(card.state),
            stability=card.stability,
            difficulty=card.difficulty,
            due=datetime.fromtimestamp(card.due, UTC),
            last_review=datetime.fromtimestamp(card.reviewed_at, UTC),
        )
    )
    after, _log = _scheduler().review_card(known, rating, review_datetime=moment)
    return Card(after.state.value, after.stability or 0.0, after.difficulty or 0.0, int(after.due.timestamp()), at)
