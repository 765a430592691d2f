"""Generated questions are right by an independent computation, whatever the seed, and keep every writing rule."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.questions.draw import shown_order
from bot.domain.questions.families import FAMILIES
from bot.domain.questions.families.family import Asked, Family, listed, num, short
from bot.domain.questions.habits import habits
from bot.domain.questions.loading import faults
from bot.domain.questions.shapes import EXPLANATION, OPTION_GOOD, STEM, Question, number_of
from tests.domain.questions.proofs import PROOFS
from tests.fakes.core import shipped_shelf

SEEDS = [str(number) for number in range(60)]


def places_of(text: str) -> int:
    """Decimals shown in a number."""
    return len(text.removesuffix("%").strip().partition(".")[2])


def check(question: Question) -> None:
    """What holds for each generated question."""
    assert list(faults(question)) == []
    assert list(habits(question)) == []
    assert len(question.stem) <= STEM
    assert len(question.explanation) <= EXPLANATION
    assert len(question.answer) == 1
    assert 2 <= len(question.wrong) <= 3
    assert all(len(option.text) <= OPTION_GOOD and len(option.why) <= 140 for option in question.options)
    assert len({number_of(option.text) for option in question.options}) == len(question.options)


def test_there_are_at_least_thirty_families_each_with_its_proof() -> None:
    assert len(FAMILIES) >= 30
    assert set(FAMILIES) == set(PROOFS)
    assert all(name.startswith("g-") for name in FAMILIES)


@pytest.mark.parametrize("name", FAMILIES)
@settings(max_examples=40, deadline=None)
@given(seed=st.text(max_size=12))
def test_the_answer_is_right_by_another_computation(name: str, seed: str) -> None:
    family = FAMILIES[name]
    question = family.make(seed)
    text = question.answer[0].text
    room = 0.5 * 10 ** -places_of(text) * 1.001 + 1e-5
    right = PROOFS[name](family.given(seed))
    assert abs(number_of(text) - right) <= room
    assert all(abs(number_of(option.text) - right) > room for option in question.wrong)
    check(question)


@pytest.mark.parametrize("name", FAMILIES)
def test_seeds_give_new_numbers_and_the_same_seed_the_same_question(name: str) -> None:
    family = FAMILIES[name]
    made = [family.make(seed) for seed in SEEDS]
    assert made == [family.make(seed) for seed in SEEDS]
    assert len({question.stem for question in made}) >= 25


@pytest.mark.parametrize("name", FAMILIES)
def test_the_place_of_the_answer_gives_nothing_away(name: str) -> None:
    made = [FAMILIES[name].make(str(number)) for number in range(200)]
    places = Counter((len(question.options), shown_order(question, "").index(0)) for question in made)
    assert max(places.values()) <= 0.62 * len(made), places


def test_families_belong_to_topics_and_sources_that_exist() -> None:
    curriculum = shipped_shelf().curriculum
    for family in FAMILIES.values():
        assert family.topic in curriculum.places
        assert family.source in curriculum.resources


def test_slips_that_come_too_near_are_rolled_again_and_in_the_end_refused() -> None:
    def ask(number: int) -> Asked:
        return Asked("How many?", number, "so", [(0, "a"), (number, "b"), (number + 0.2, "c"), (5, "d")], "so")

    family = Family("g-test", "alg-knn", "easy", "sklearn-docs", lambda draws: draws.below(3), ask)
    assert family.given("x") in (1, 2), "zero leaves one slip only"
    hopeless = Family("g-test", "alg-knn", "easy", "sklearn-docs", lambda _draws: 0, ask)
    with pytest.raises(ValueError, match="g-test makes no question"):
        hopeless.make("x")


@pytest.mark.parametrize(
    ("value", "places", "text"), [(1024, 0, "1,024"), (-0.5, 2, "−0.50"), (-0.001, 1, "0.0"), (2.5, 1, "2.5")]
)
def test_numbers_are_written_as_people_read_them(value: float, places: int, text: str) -> None:
    assert num(value, places) == text
    assert number_of(text) == round(value, places)


def test_short_numbers_lose_their_zeros() -> None:
    assert [short(value) for value in (3.0, -1.25, 0.1 + 0.2, 1000)] == ["3", "−1.25", "0.3", "1,000"]
    assert listed((1, 2.5, 3)) == "1, 2.5 and 3"
    assert listed((1,)) == "1"
