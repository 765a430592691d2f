"""Topics whose answers were weak come back, but never right after they were marked as done."""

from __future__ import annotations

from datetime import timedelta

from tests.fakes.core import CoreWorld, Person
from tests.features.quiz.playing import practice

FIRST = "Next: Python syntax"


async def test_what_was_just_marked_as_done_is_not_the_next_thing_however_weak_its_answers(
    world: CoreWorld, ana: Person
) -> None:
    await practice(world, ana, "/quiz 1.1.1", "-----")
    assert FIRST in (await ana.says("/next")).text
    await ana.presses("Done")
    card = await ana.presses("What next?")
    assert "Next: " in card.text
    assert FIRST not in card.text


async def test_a_day_later_it_comes_back_with_questions_and_without_another_done(world: CoreWorld, ana: Person) -> None:
    await practice(world, ana, "/quiz 1.1.1", "-----")
    await ana.says("/done 1.1.1")
    world.clock.travel(timedelta(hours=23))
    assert FIRST not in (await ana.says("/next")).text
    world.clock.travel(timedelta(hours=2))
    card = await ana.says("/next")
    assert FIRST in card.text
    assert "pays to look again" in card.text
    assert "Done" not in card.labels
    assert "Quiz me" in card.labels
    assert "Python syntax" not in (await ana.says("/done")).text  # which asks what else was finished


async def test_saying_again_that_it_is_done_puts_it_off_for_another_day(world: CoreWorld, ana: Person) -> None:
    await practice(world, ana, "/quiz 1.1.1", "-----")
    await ana.says("/done 1.1.1")
    world.clock.travel(timedelta(days=2))
    assert FIRST in (await ana.says("/next")).text
    assert "marked as done before" in (await ana.says("/done 1.1.1")).text
    assert FIRST not in (await ana.says("/next")).text


async def test_a_mark_that_is_taken_back_at_once_leaves_the_topic_where_it_was(world: CoreWorld, ana: Person) -> None:
    await practice(world, ana, "/quiz 1.1.1", "-----")
    await ana.says("/done 1.1.1")
    await ana.presses("Undo")
    assert FIRST in (await ana.says("/next")).text


async def test_what_turns_out_weak_after_its_mark_is_offered_at_once(world: CoreWorld, ana: Person) -> None:
    await ana.says("/done 1.1.1")
    await practice(world, ana, "/quiz 1.1.1", "-----")
    assert FIRST in (await ana.says("/next")).text
