"""What somebody put off themselves stays put off, whatever is marked and taken back meanwhile."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.fakes.core import CoreWorld, Person
from tests.features.quiz.playing import copy, practice

FIRST = "Next: Python syntax"


@pytest.mark.parametrize("answers", ["", "-----"])
async def test_undoing_a_mark_leaves_what_was_put_off_as_it_was(world: CoreWorld, ana: Person, answers: str) -> None:
    """With weak answers as well, after which a mark makes a topic rest by itself."""
    if answers:
        await practice(world, ana, "/quiz 1.1.1", answers)
    assert FIRST in (await ana.says("/next")).text
    await ana.presses("Not today")
    await ana.says("/done 1.1.1")
    await ana.presses("Undo")
    assert FIRST not in (await ana.says("/next")).text
    world.clock.travel(timedelta(days=1))
    assert FIRST in (await ana.says("/next")).text, "until the day they said"


async def test_what_is_put_off_after_it_was_marked_stays_so_when_the_mark_is_undone(
    world: CoreWorld, ana: Person
) -> None:
    await practice(world, ana, "/quiz 1.1.1", "-----")
    offered = copy(await ana.says("/next"))
    done = await ana.says("/done 1.1.1")
    await ana.presses("Not today", on=offered)
    await ana.presses("Undo", on=done)
    assert FIRST not in (await ana.says("/next")).text
