"""Ratings find the truth about simulated learners; what is typed is read; reviews and rounds end when they should."""

from __future__ import annotations

import math
import random
from datetime import datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.app import open_shelf
from bot.domain.questions.shapes import Question
from bot.features.quiz import rules
from bot.features.quiz.memory import Card, after_answer
from bot.features.quiz.rules import Rating, by_chance, chance, closing, first_rating, learned, letters_of

DAY = 86_400


@pytest.fixture(scope="module")
def questions() -> list[Question]:
    shelf = open_shelf()
    shelf.reload(is_thorough=True).refuse()
    assert shelf.indexes.bank is not None
    return [question for question in shelf.indexes.bank if question.how in rules.ASKED]


def test_after_two_hundred_answers_difficulty_is_known(questions: list[Question]) -> None:
    """Correlates at least 0.9 with the truth; the truth is drawn anew, apart from the levels in the files."""
    chances = random.Random(7)
    items = questions[:120]
    truth = {item.id: chances.gauss(1500, 250) for item in items}
    known: dict[str, Rating] = {}
    people = [[chances.gauss(1500, 200), Rating(rules.SKILL_AT_FIRST)] for _ in range(400)]
    for _ in range(200):
        for item in items:
            person = people[chances.randrange(len(people))]
            guess = by_chance(item)
            correct = chances.random() < chance(person[0], truth[item.id], guess)  # type: ignore[arg-type]
            rating = known.get(item.id) or first_rating(item)
            person[1], known[item.id] = learned(person[1], rating, guess, correct=correct)  # type: ignore[arg-type]
    assert all(rating.answers == 200 for rating in known.values())
    assert correlation([truth[item.id] for item in items], [known[item.id].value for item in items]) >= 0.9


def correlation(one: list[float], other: list[float]) -> float:
    """Pearson's."""
    mean_one, mean_other = sum(one) / len(one), sum(other) / len(other)
    over = sum((a - mean_one) * (b - mean_other) for a, b in zip(one, other, strict=True))
    return over / math.sqrt(sum((a - mean_one) ** 2 for a in one) * sum((b - mean_other) ** 2 for b in other))


@given(st.floats(500, 2500), st.floats(500, 2500), st.floats(0, 0.5), st.booleans())
def test_a_right_answer_raises_the_person_and_lowers_the_question(
    skill: float, difficulty: float, guess: float, correct: bool
) -> None:
    person, item = learned(Rating(skill), Rating(difficulty), guess, correct=correct)
    assert (person.value >= skill) is correct or person.value == skill
    assert (item.value <= difficulty) is correct or item.value == difficulty
    assert person.answers == item.answers == 1


@pytest.mark.parametrize(
    ("typed", "places"),
    [("ac", (0, 2)), ("C, A, B", (2, 0, 1)), ("b", (1,)), ("", None), ("AA", None), ("AF", None), ("1", None)],
)
def test_letters_are_read_as_people_type_them(typed: str, places: tuple[int, ...] | None) -> None:
    assert letters_of(typed, 4) == places


def test_intervals_grow_with_right_answers_and_fall_back_with_a_wrong_one() -> None:
    card = after_answer(None, 0, None, correct=False)
    intervals = [card.due]
    for _ in range(5):
        at = card.due
        card = after_answer(card, at, 20, correct=True)
        intervals.append(card.due - at)
    assert all(later > sooner for sooner, later in pairwise(intervals))
    assert all(interval >= DAY and interval % DAY == 0 for interval in intervals)
    missed = after_answer(card, card.due, 20, correct=False)
    assert missed.due - card.due < intervals[-1]


def test_a_quick_right_answer_comes_back_later_than_a_slow_one() -> None:
    card = Card(2, 5.0, 5.0, 5 * DAY, 0)
    quick, slow = (after_answer(card, 5 * DAY, seconds, correct=True) for seconds in (3, 200))
    assert quick.due > slow.due
    assert after_answer(card, 5 * DAY, None, correct=True) == after_answer(card, 5 * DAY, 20, correct=True)


@pytest.mark.parametrize(
    ("opens", "hours", "closes"),
    [
        ("2026-11-21T09:00", 12, "2026-11-21T21:00"),
        ("2026-11-21T18:00", 3, "2026-11-21T21:00"),
        ("2026-11-21T18:00", 12, "2026-11-22T08:00"),
        ("2026-11-21T16:00", 6, "2026-11-22T08:00"),
        ("2026-11-21T20:00", 12, "2026-11-22T08:00"),
        ("2026-11-21T07:30", 20, "2026-11-22T03:30"),  # the next one comes before eight
    ],
)
def test_nobody_is_told_an_answer_at_night(opens: str, hours: int, closes: str) -> None:
    zone = ZoneInfo("Europe/Berlin")
    opened = datetime.fromisoformat(opens).replace(tzinfo=zone)
    assert closing(opened, hours, opened + timedelta(days=1)) == datetime.fromisoformat(closes).replace(tzinfo=zone)
