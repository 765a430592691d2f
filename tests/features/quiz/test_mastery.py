"""What answers show of a topic reaches everything that chooses or tells of it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.contributions import Mastered, Mastery
from bot.domain.questions.shapes import Level
from bot.features.quiz import rules
from bot.features.quiz.rules import Rating
from tests.fakes.core import ROOM, CoreWorld, Person
from tests.features.quiz.playing import asked, practice


def test_few_answers_show_little_and_many_show_what_the_rating_says() -> None:
    assert rules.mastered(Rating(1800, 0)) == 0
    shares = [rules.mastered(Rating(1800, count)) for count in (1, 3, 10, 100)]
    assert shares == sorted(shares)
    assert 0.8 < shares[-1] < rules.chance(1800, 1500, 0)
    assert rules.mastered(Rating(1500, 10_000)) > 0.499


def test_mostly_wrong_is_weak_mostly_right_is_not() -> None:
    for wrong, right in ((3, 0), (4, 1), (7, 3)):
        assert mastered("-" * wrong + "+" * right).is_weak
    for wrong, right in ((0, 3), (1, 4), (2, 8), (2, 0)):
        assert not mastered("-" * wrong + "+" * right).is_weak
    assert mastered("+" * 10).is_strong
    assert not mastered("+").is_strong


@pytest.mark.parametrize("level", list(rules.STARTS))
@pytest.mark.parametrize("marks", ["++-", "+-+", "-++", "+++-", "-+++", "+-++", "-+-++++"])
def test_two_of_three_right_are_never_weak_however_few(level: Level, marks: str) -> None:
    assert not mastered(marks, rules.STARTS[level], 1 / 3).is_weak


def mastered(marks: str, difficulty: float = 1500, guess: float = 0.25) -> Mastered:
    """What questions of a difficulty (as a rule medium ones with four options), answered so, show."""
    skill = Rating(rules.SKILL_AT_FIRST)
    for mark in marks:
        skill, _item = rules.learned(skill, Rating(difficulty, 100), guess, correct=mark == "+")
    latest = marks[-rules.LATELY :]
    return Mastered(rules.mastered(skill, latest.count("+") / len(latest)), skill.answers)


@given(st.lists(st.booleans(), min_size=3, max_size=30), st.sampled_from(list(rules.STARTS)), st.floats(0, 0.5))
def test_whoever_answers_most_rightly_of_late_is_growing_and_not_weak(
    rights: list[bool], level: Level, guess: float
) -> None:
    marks = "".join("+" if right else "-" for right in rights)
    late = rights[-rules.LATELY :]
    if sum(late) * 2 > len(late):
        assert not mastered(marks, rules.STARTS[level], guess).is_weak


@pytest.mark.parametrize("marks", ["+++--", "--+++", "+-+-+", "-++-+", "++-+--+-++"])
def test_three_of_five_easy_ones_are_neither_weak_nor_strong(marks: str) -> None:
    found = mastered(marks, rules.STARTS[Level.EASY])
    assert (found.is_weak, found.is_strong) == (False, False)


@pytest.mark.parametrize("marks", ["++---", "-+-+-", "---", "-----+++++", "++++++++++" + "-" * 10])
def test_half_of_the_easy_ones_wrong_of_late_are_weak(marks: str) -> None:
    assert mastered(marks, rules.STARTS[Level.EASY]).is_weak


async def test_what_answers_show_is_told_to_other_features(world: CoreWorld, ana: Person) -> None:
    await practice(world, ana, "/quiz 1.1.1", "-----")
    (offer,) = world.app.tools.contributions.of(Mastery)
    found = await world.database.read(lambda tx: offer.of(tx, 1))
    topic = world.app.tools.shelf.curriculum.stages[0].subtopics[0].topics[0]
    assert list(found) == [topic.id]
    assert found[topic.id].answers == 5
    assert found[topic.id].is_weak


async def test_what_is_weak_comes_before_new_ground_and_it_says_why(world: CoreWorld, ana: Person) -> None:
    topics = world.app.tools.shelf.curriculum.stages[0].subtopics[0].topics
    await ana.says("/done 1.1.1")
    assert f"Next: {topics[0].title}" not in (await ana.says("/next")).text
    await practice(world, ana, "/quiz 1.1.1", "-----")
    told = (await ana.says("/next")).text
    assert f"Next: {topics[0].title}" in told
    assert f"Your answers on {topics[0].title} are right less than half the time" in told
    await practice(world, ana, "/quiz 1.1.1 20", "+" * 14)
    assert f"Next: {topics[0].title}" not in (await ana.says("/next")).text


async def test_progress_names_the_strongest_and_the_weakest(world: CoreWorld, ana: Person) -> None:
    topics = world.app.tools.shelf.curriculum.stages[0].subtopics[0].topics
    await practice(world, ana, "/quiz 1.1.1", "-----")
    text = (await ana.says("/progress")).text
    assert f"Weakest: {topics[0].title}" in text
    assert "Strongest" not in text
    await practice(world, ana, "/quiz 1.1.2 8", "++++++++")
    assert f"Strongest: {topics[1].title}" in (await ana.says("/progress")).text


async def test_practice_without_a_topic_prefers_what_is_weak(world: CoreWorld, ana: Person) -> None:
    await practice(world, ana, "/quiz 1.1.1 8", "++++++++")
    await practice(world, ana, "/quiz 1.1.2 6", "------")
    weak = world.app.tools.shelf.curriculum.stages[0].subtopics[0].topics[1].id
    about = [(await asked(world, await ana.says("/quiz")))[0].topic for _ in range(10)]
    assert about.count(weak) >= 8


async def test_a_topics_card_tells_of_your_answers_and_nobody_elses(world: CoreWorld, ana: Person, ben: Person) -> None:
    await practice(world, ana, "/quiz 1.1.1", "-++++")
    assert "Your answers: 4 of 5 right." in (await ana.says("/roadmap 1.1.1")).text
    assert "Your answers" not in (await ana.says("/roadmap 1.1.1", ROOM)).text
    assert "Your answers" not in (await ben.says("/roadmap 1.1.1")).text


async def test_two_of_three_right_are_no_weakness_to_anybody(world: CoreWorld, ana: Person) -> None:
    await practice(world, ana, "/quiz python syntax easy 3", "++-")
    assert "Weakest" not in (await ana.says("/progress")).text
    await ana.says("/done python syntax")
    assert "Next: Python syntax" not in (await ana.says("/next")).text


async def test_three_of_five_easy_ones_are_no_weakness_to_anybody(world: CoreWorld, ana: Person) -> None:
    topics = world.app.tools.shelf.curriculum.stages[0].subtopics[0].topics
    await ana.says("/done 1.1.1")
    await practice(world, ana, "/quiz 1.1.1 easy", "+--++")
    assert "Weakest" not in (await ana.says("/progress")).text
    assert f"Next: {topics[0].title}" not in (await ana.says("/next")).text
    await practice(world, ana, "/quiz 1.1.1 easy", "-----")
    assert f"Weakest: {topics[0].title}" in (await ana.says("/progress")).text
    assert f"Next: {topics[0].title}" in (await ana.says("/next")).text
