"""A small storm: strangers answer a quiz of the day within a third of a second over real sockets, and each counts once."""

from __future__ import annotations

import pytest

from tests.bench.bench_storm import storm

PEOPLE = 300


@pytest.mark.parametrize("way", ["poll", "press", "discord"])
def test_nobody_is_lost_or_counted_twice_and_everybody_is_told(way: str) -> None:
    found = storm(way, PEOPLE, 0.3)
    assert (found.lost, found.extra, found.wrong, found.untold) == (0, 0, 0, 0)
    assert found.grown_mib < 30
