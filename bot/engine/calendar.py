"""From rules to moments: when something is due by the clock on the wall of its place. Pure; moments are Unix seconds.

One definition holds for every wall-clock rule: an occurrence is due at the first instant at which the clock on the wall
shows its local time or a later one. So a time that a spring change leaves out is due right after the change, and a
time that an autumn change shows twice is due the first time only.
"""

from __future__ import annotations

import zoneinfo
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache
from itertools import chain, takewhile
from typing import Final
from zoneinfo import ZoneInfo

from bot.kit.schedule import Daily, Every, Once, Rule, Weekly

DAY: Final = timedelta(days=1)
_DATE_LENGTH: Final = len("2026-11-21")


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One time a rule comes true: the key it happens under at most once, and when it is due in Unix seconds."""

    key: str
    at: int


@dataclass(frozen=True, slots=True)
class Passed:
    """What came true in a span of time: how many occurrences, and the latest of them in their order."""

    count: int
    latest: Sequence[Occurrence]


@cache  # there are about 600 zones, 6 MiB if all of them are used
def zone_of(name: str) -> ZoneInfo:
    """Return the zone of an IANA name; raise ``ValueError`` if there is none."""
    try:
        return ZoneInfo(name)
    except (OSError, ValueError, zoneinfo.ZoneInfoNotFoundError) as error:
        raise ValueError(f"there is no time zone “{name}”") from error


def instant(zone: ZoneInfo, wall: datetime) -> int:
    """Return the first instant at which a wall in ``zone`` shows ``wall`` (naive, in whole seconds) or later."""
    first = wall.replace(tzinfo=zone, fold=0)
    early, late = first.timestamp(), first.replace(fold=1).timestamp()
    if early <= late:  # shown once, or twice and this is the first time
        return int(early)
    # Left out: the change lies between the two readings, which are the wrong way round.
    span = range(int(late), int(early) + 1)
    return span[bisect_left(span, wall, key=lambda at: _wall(zone, at))]


def first_from(rule: Rule, zone: ZoneInfo, moment: int) -> Occurrence | None:
    """Return the first occurrence that is due at ``moment`` or later; a single time comes even if it has passed."""
    match rule:
        case Every():
            return _interval(rule, -(-moment // (rule.minutes * 60)))
        case Once():
            return Occurrence(rule.at.isoformat(), instant(zone, rule.at))
        case _:
            # A change at midnight may have put the occurrence of the day before after this moment.
            day = _wall(zone, moment).date() - 2 * DAY
            return next((found for found in _after_day(rule, zone, day) if found.at >= moment), None)


def next_after(rule: Rule, zone: ZoneInfo, last: Occurrence) -> Occurrence | None:
    """Return the occurrence after ``last``, which may be of an earlier rule of the same plan; None: there is none."""
    match rule:
        case Every():
            return first_from(rule, zone, last.at + 1)
        case Once():
            single = first_from(rule, zone, last.at)
            return single if single is not None and single.key != last.key else None
        case _:
            if len(last.key) != _DATE_LENGTH:  # an interval or a single time until now
                return first_from(rule, zone, last.at + 1)
            return next(_after_day(rule, zone, date.fromisoformat(last.key)), None)


def passed(rule: Rule, zone: ZoneInfo, first: Occurrence, until: int, most: int) -> Passed:
    """Return what came true from ``first`` up to ``until``, both included, with at most ``most`` of the latest."""
    if isinstance(rule, Every):
        step = rule.minutes * 60
        start, end = first.at // step + 1, until // step  # those after the first
        later = [_interval(rule, number) for number in range(max(start, end - most + 1), end + 1)]
        return Passed(1 + max(end - start + 1, 0), [*([first] if len(later) < most else []), *later])
    found = list(takewhile(lambda occurrence: occurrence.at <= until, chain([first], _after(rule, zone, first))))
    return Passed(len(found), found[-most:])


def due_at(rule: Rule, zone: ZoneInfo, key: str) -> int | None:
    """Return when the occurrence of a key is due by today's zone data; None if the key is not of this rule."""
    match rule:
        case Once():
            return instant(zone, rule.at) if key == rule.at.isoformat() else None
        case Daily() | Weekly() if len(key) == _DATE_LENGTH:
            return instant(zone, datetime.combine(date.fromisoformat(key), rule.at))
        case _:
            return None


def _after(rule: Rule, zone: ZoneInfo, last: Occurrence) -> Iterator[Occurrence]:
    while (following := next_after(rule, zone, last)) is not None:
        yield following
        last = following


def _after_day(rule: Daily | Weekly, zone: ZoneInfo, day: date) -> Iterator[Occurrence]:
    """Yield the occurrences after ``day``, until the calendar ends."""
    try:
        while True:
            day += DAY
            if isinstance(rule, Daily) or day.isoweekday() in rule.days:
                yield Occurrence(day.isoformat(), instant(zone, datetime.combine(day, rule.at)))
    except OverflowError:
        return


def _interval(rule: Every, number: int) -> Occurrence:
    at = number * rule.minutes * 60
    return Occurrence(f"{datetime.fromtimestamp(at, UTC):%Y-%m-%dT%H:%MZ}", at)


def _wall(zone: ZoneInfo, at: int) -> datetime:
    """Return what a wall in ``zone`` shows."""
    return datetime.fromtimestamp(at, zone).replace(tzinfo=None, fold=0)
