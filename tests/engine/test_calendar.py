"""When rules come true: changes of clocks, days that are left out, and one occurrence after another."""

from __future__ import annotations

import subprocess
import sys
import time as stopwatch
import zoneinfo
from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.engine.calendar import Occurrence, due_at, first_from, instant, next_after, passed, zone_of
from bot.kit.schedule import Daily, Every, Once, Owner, Plan, Rule, Weekly
from tests.engine import zone_census

BERLIN = zone_of("Europe/Berlin")


def at(year: int, month: int, day: int, hour: int = 0, minute: int = 0) -> int:
    return int(datetime(year, month, day, hour, minute, tzinfo=UTC).timestamp())


def daily(hour: int, minute: int = 0) -> Daily:
    return Daily(time(hour, minute))


def test_no_change_of_forty_zones_is_handled_wrongly() -> None:
    assert len(set(zone_census.HARDEST)) == 40
    found = {name: zone_census.mistakes(name) for name in zone_census.HARDEST}
    assert [line for _count, lines in found.values() for line in lines] == []
    assert sum(count for count, _lines in found.values()) > 330


def test_the_census_notices_a_wrong_calendar(monkeypatch: pytest.MonkeyPatch) -> None:
    def later_reading(zone: zoneinfo.ZoneInfo, wall: datetime) -> int:
        return int(wall.replace(tzinfo=zone, fold=1).timestamp())

    monkeypatch.setattr("bot.engine.calendar.instant", later_reading)
    _count, lines = zone_census.mistakes("Europe/Berlin")
    assert any("02:30:00 daily" in line for line in lines)


def test_the_census_runs_as_a_command() -> None:
    ended = subprocess.run(
        [
            sys.executable,
            "-c",
            "from tests.engine import zone_census as c; c.HARDEST = ('Africa/Cairo',); exit(c.main())",
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr
    assert "1 zones, 1 with changes, 10 changes from 2026 to 2030, 240 local times, 0 mistakes" in ended.stdout


@pytest.mark.parametrize(
    ("zone", "wall", "due"),
    [
        ("Europe/Berlin", (2027, 3, 28, 1, 59), (2027, 3, 28, 0, 59)),
        ("Europe/Berlin", (2027, 3, 28, 2, 0), (2027, 3, 28, 1, 0)),
        ("Europe/Berlin", (2027, 3, 28, 2, 59), (2027, 3, 28, 1, 0)),
        ("Europe/Berlin", (2027, 3, 28, 3, 0), (2027, 3, 28, 1, 0)),
        ("Europe/Berlin", (2027, 10, 31, 2, 30), (2027, 10, 31, 0, 30)),
        ("Europe/Berlin", (2027, 10, 31, 3, 0), (2027, 10, 31, 2, 0)),
        ("Africa/Cairo", (2027, 4, 30, 0, 0), (2027, 4, 29, 22, 0)),
        ("Australia/Lord_Howe", (2027, 10, 3, 2, 10), (2027, 10, 2, 15, 30)),
        ("Antarctica/Troll", (2027, 3, 28, 1, 30), (2027, 3, 28, 1, 0)),
        ("Pacific/Apia", (2011, 12, 30, 9, 0), (2011, 12, 30, 10, 0)),  # a day that never was: right after it
        ("Europe/Dublin", (2027, 10, 31, 1, 30), (2027, 10, 31, 0, 30)),
    ],
)
def test_a_local_time_is_due_when_the_wall_first_shows_it_or_a_later_one(
    zone: str, wall: tuple[int, int, int, int, int], due: tuple[int, int, int, int, int]
) -> None:
    assert instant(zone_of(zone), datetime(*wall)) == at(*due)


def test_a_plan_is_due_from_its_very_second_on() -> None:
    nine = at(2026, 11, 21, 8, 0)
    assert first_from(daily(9), BERLIN, nine) == Occurrence("2026-11-21", nine)
    assert first_from(daily(9), BERLIN, nine + 1) == Occurrence("2026-11-22", nine + 86_400)


def test_a_week_goes_from_day_to_day() -> None:
    rule = Weekly(frozenset((1, 3)), time(18, 0))
    first = first_from(rule, BERLIN, at(2026, 11, 21, 0, 0))  # a Saturday
    assert first is not None
    assert first.key == "2026-11-23"
    second = next_after(rule, BERLIN, first)
    assert second is not None
    assert second.key == "2026-11-25"
    third = next_after(rule, BERLIN, second)
    assert third is not None
    assert third.key == "2026-11-30"


def test_intervals_go_by_the_world_not_by_the_wall() -> None:
    first = first_from(Every(60), BERLIN, at(2027, 3, 28, 0, 1))  # the hour in which clocks there go forward
    assert first == Occurrence("2027-03-28T01:00Z", at(2027, 3, 28, 1, 0))
    assert next_after(Every(60), BERLIN, first) == Occurrence("2027-03-28T02:00Z", at(2027, 3, 28, 2, 0))


def test_intervals_of_different_lengths_share_their_keys() -> None:
    # Otherwise an interval that is changed could meet, days later, a key of the old one and be left out.
    assert first_from(Every(60), BERLIN, at(2026, 11, 21, 10, 0)) == first_from(
        Every(30), BERLIN, at(2026, 11, 21, 10, 0)
    )


def test_a_single_time_comes_once_even_if_it_has_passed() -> None:
    rule = Once(datetime(2026, 11, 21, 9, 0))
    only = first_from(rule, BERLIN, at(2027, 1, 1))
    assert only == Occurrence("2026-11-21T09:00:00", at(2026, 11, 21, 8, 0))
    assert next_after(rule, BERLIN, only) is None


@pytest.mark.parametrize("rule", [daily(9), Weekly(frozenset((7,)), time(9, 0)), Every(30)])
def test_a_changed_rule_goes_on_from_an_occurrence_of_another_kind(rule: Rule) -> None:
    for key in ("2026-11-21T07:30Z", "2026-11-21T07:30:00"):
        following = next_after(rule, BERLIN, Occurrence(key, at(2026, 11, 21, 7, 30)))
        assert following == first_from(rule, BERLIN, at(2026, 11, 21, 7, 30) + 1)


def test_a_single_time_may_follow_another_rule() -> None:
    single = next_after(Once(datetime(2026, 12, 24, 18, 0)), BERLIN, Occurrence("2026-11-21", at(2026, 11, 21)))
    assert single == Occurrence("2026-12-24T18:00:00", at(2026, 12, 24, 17, 0))


def test_what_passed_is_counted_and_the_latest_are_named() -> None:
    first = Occurrence("2026-11-01", at(2026, 11, 1, 8))
    found = passed(daily(9), BERLIN, first, at(2026, 11, 21, 8), most=3)
    assert found.count == 21
    assert [occurrence.key for occurrence in found.latest] == ["2026-11-19", "2026-11-20", "2026-11-21"]
    assert passed(daily(9), BERLIN, first, first.at, most=3).latest == [first]


def test_a_month_of_minutes_is_counted_without_going_through_it() -> None:
    first = Occurrence("2026-10-21T00:00Z", at(2026, 10, 21))
    began = stopwatch.process_time()
    found = passed(Every(1), BERLIN, first, at(2026, 11, 21), most=2)
    assert stopwatch.process_time() - began < 0.05
    assert found.count == 31 * 1440 + 1
    assert [occurrence.key for occurrence in found.latest] == ["2026-11-20T23:59Z", "2026-11-21T00:00Z"]
    assert passed(Every(1), BERLIN, first, first.at + 70, most=5).latest[0] == first


def test_the_end_of_the_calendar_is_the_end_of_a_plan() -> None:
    assert next_after(daily(9), BERLIN, Occurrence("9999-12-30", 0)) is not None
    assert next_after(daily(9), BERLIN, Occurrence("9999-12-31", 0)) is None


@pytest.mark.parametrize("name", ["Europe/Berln", "", "Europe", "../etc/passwd", "/etc/localtime", "x" * 300, "a\0b"])
def test_an_unknown_zone_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="no time zone"):
        zone_of(name)


rules = st.one_of(
    st.builds(daily, st.integers(0, 23), st.integers(0, 59)),
    st.builds(
        lambda days, hour: Weekly(days, time(hour, 15)),
        st.frozensets(st.integers(1, 7), min_size=1),
        st.integers(0, 23),
    ),
    st.builds(Every, st.integers(1, 1440)),
)
zones = st.sampled_from(zone_census.HARDEST).map(zone_of)
moments = st.integers(at(2026, 1, 1), at(2030, 12, 31))


@given(rules, zones, moments)
def test_occurrences_follow_each_other_without_one_left_out(rule: Rule, zone: zoneinfo.ZoneInfo, moment: int) -> None:
    found = first_from(rule, zone, moment)
    assert found is not None
    assert found.at >= moment
    keys = {found.key}
    for _step in range(10):
        following = next_after(rule, zone, found)
        assert following is not None
        assert following.at > found.at
        assert following == first_from(rule, zone, found.at + 1)
        assert following.key not in keys
        keys.add(following.key)
        found = following


@given(rules, zones, moments, st.integers(0, 400 * 3600), st.integers(1, 9))
@settings(max_examples=60)
def test_what_passed_is_what_following_would_find(
    rule: Rule, zone: zoneinfo.ZoneInfo, moment: int, span: int, most: int
) -> None:
    first = first_from(rule, zone, moment)
    assert first is not None
    until = first.at + (span if not isinstance(rule, Every) else span % (rule.minutes * 6000))
    walked = [first]
    while (following := next_after(rule, zone, walked[-1])) is not None and following.at <= until:
        walked.append(following)
    found = passed(rule, zone, first, until, most)
    assert (found.count, list(found.latest)) == (len(walked), walked[-most:])


@given(
    zones, st.dates(date(2026, 1, 1), date(2030, 12, 31)), st.times().map(lambda t: t.replace(second=0, microsecond=0))
)
def test_a_key_tells_when_it_is_due(zone: zoneinfo.ZoneInfo, day: date, local: time) -> None:
    found = first_from(Daily(local), zone, instant(zone, datetime.combine(day, local)))
    assert found is not None
    assert due_at(Daily(local), zone, found.key) == found.at
    single = Once(datetime.combine(day, local))
    assert due_at(single, zone, single.at.isoformat()) == found.at
    assert due_at(single, zone, "2026-01-01") is None
    assert due_at(Every(5), zone, "2026-01-01T00:00Z") is None


def test_a_next_occurrence_costs_microseconds() -> None:
    zones_of_all = [zone_of(name) for name in sorted(zoneinfo.available_timezones())]
    last = Occurrence("2026-11-21", at(2026, 11, 21))
    best = min(_cost(zones_of_all, last) for _try in range(5))
    assert best < 100e-6, "20 are wanted on a quiet machine; the benchmark tells"


def _cost(zones_of_all: list[zoneinfo.ZoneInfo], last: Occurrence) -> float:
    began = stopwatch.process_time()
    for zone in zones_of_all:
        next_after(daily(9), zone, last)
    return (stopwatch.process_time() - began) / len(zones_of_all)


@pytest.mark.parametrize(
    "make",
    [
        lambda: Weekly(frozenset(), time(9, 0)),
        lambda: Weekly(frozenset((0,)), time(9, 0)),
        lambda: Every(0),
        lambda: Every(1441),
        lambda: Daily(time(9, 0, 30)),
        lambda: Daily(time(9, 0, tzinfo=UTC)),
        lambda: Once(datetime(2026, 11, 21, tzinfo=UTC)),
        lambda: Once(datetime(2026, 11, 21, 9, 0, 0, 5)),
        lambda: Plan("a.b", Owner(), daily(9), "UTC", grace=timedelta(seconds=59)),
    ],
)
def test_what_no_wall_can_show_is_refused(make: object) -> None:
    assert callable(make)
    with pytest.raises(ValueError, match=r".+"):
        make()
