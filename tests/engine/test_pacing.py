"""The pace: never more than allowed in any window, however late messages are, and nearly all that is allowed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.engine.pacing import FIRST_PAUSE, LONGEST_PAUSE, SECOND, Rate, micros, moment_of, pause_after
from tests.fakes.courier import Window

LIMITS = st.tuples(st.integers(1, 60), st.integers(100_000, 120 * SECOND))


def simulate(limit: tuple[int, int], lateness: list[int]) -> list[int]:
    """Moments of messages that each go so much later than they may."""
    rate = Rate.of((limit[0], timedelta(microseconds=limit[1])))
    free, now, sent = 0, 1_000 * SECOND, []
    for late in lateness:
        now = max(now, free) + late
        free = rate.take(free, now)
        sent.append(now)
    return sent


@given(LIMITS, st.lists(st.one_of(st.integers(0, 50_000), st.integers(0, 120 * SECOND)), min_size=2, max_size=200))
@example((30, SECOND), [0] * 100)
@example((20, 60 * SECOND), [0, 1_500_000] * 50)
def test_no_window_ever_holds_more_than_allowed(limit: tuple[int, int], lateness: list[int]) -> None:
    window = Window((limit[0], timedelta(microseconds=limit[1])))
    for at in simulate(limit, lateness):
        assert window.wait(moment_of(at)) == timedelta(), "a platform would have refused this"
        window.came.append(moment_of(at))


@given(LIMITS, st.integers(200, 400))
def test_nearly_all_that_is_allowed_is_used_even_by_a_sender_that_is_always_a_little_late(
    limit: tuple[int, int], count: int
) -> None:
    late = min(limit[1] // 40, limit[1] // limit[0] // 2)  # where it is later, it sends several at once
    sent = simulate(limit, [late] * count)
    ideal = (count - 1) * limit[1] / limit[0]
    assert ideal / (sent[-1] - sent[0]) >= 0.95


@given(LIMITS, st.integers(0, 10 * SECOND), st.integers(0, 10 * SECOND))
def test_room_is_exactly_how_many_may_go_one_after_the_other(limit: tuple[int, int], free: int, now: int) -> None:
    rate = Rate.of((limit[0], timedelta(microseconds=limit[1])))
    count, moved = 0, free
    while moved <= now:
        moved = rate.take(moved, now)
        count += 1
    assert rate.room(free, now) == count


def test_a_first_message_waits_for_nothing() -> None:
    assert Rate.of((1, timedelta(seconds=1))).room(0, 1_000 * SECOND) == 1


@pytest.mark.parametrize("limit", [(0, timedelta(seconds=1)), (1, timedelta())])
def test_a_limit_of_nothing_is_refused(limit: tuple[int, timedelta]) -> None:
    with pytest.raises(ValueError, match="no limit"):
        Rate.of(limit)


@given(st.datetimes(datetime(1970, 1, 2), datetime(2200, 1, 1)))
def test_moments_survive_as_microseconds_exactly(moment: datetime) -> None:
    aware = moment.replace(tzinfo=UTC)
    assert moment_of(micros(aware)) == aware


@given(st.integers(1, 2**53))
@settings(max_examples=30)
def test_pauses_grow_to_a_bound_and_differ_between_posts(post: int) -> None:
    for attempts in range(1, 40):
        whole = min(FIRST_PAUSE * 2 ** (attempts - 1), LONGEST_PAUSE)
        assert whole // 2 <= pause_after(attempts, post) <= whole
    assert pause_after(9, post) == pause_after(9, post)
    assert len({pause_after(9, post + more) for more in range(10)}) > 5
