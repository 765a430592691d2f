"""Every change of clocks against a walk through the minutes around it: ``python -m tests.engine.zone_census [--all]``.

The oracle knows no rule for gaps and overlaps. It walks through the minutes of UTC, writes down what a wall in the zone
shows, and reads from that list when a local time is shown for the first time or, if never, what comes right after.
"""

from __future__ import annotations

import sys
import zoneinfo
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.engine.calendar import Occurrence, first_from, next_after, zone_of
from bot.infra.clock import use_own_zone_data
from bot.kit.schedule import Daily, Once, Rule, Weekly

HARDEST = (
    "Africa/Cairo", "Africa/Casablanca", "Africa/El_Aaiun", "America/Godthab", "America/Havana",
    "America/Los_Angeles", "America/Miquelon", "America/New_York", "America/Nuuk", "America/Port-au-Prince",
    "America/Santiago", "America/Scoresbysund", "America/St_Johns", "America/Thule", "America/Tijuana",
    "America/Vancouver", "America/Winnipeg", "Antarctica/Macquarie", "Antarctica/McMurdo", "Antarctica/Troll",
    "Asia/Beirut", "Asia/Famagusta", "Asia/Gaza", "Asia/Hebron", "Asia/Jerusalem", "Europe/Lisbon", "America/Toronto",
    "Atlantic/Azores", "Atlantic/Bermuda", "Australia/Adelaide", "Australia/Lord_Howe", "Australia/Sydney",
    "Europe/Berlin", "Europe/Chisinau", "Europe/Dublin", "Europe/London", "Pacific/Apia", "Pacific/Chatham",
    "Pacific/Easter", "Pacific/Norfolk",
)  # fmt: skip
TIMES = tuple(time(*at) for at in ((0, 0), (0, 30), (1, 0), (1, 30), (2, 15), (2, 30), (9, 0), (23, 30)))
FIRST, LAST = datetime(2026, 1, 1, tzinfo=UTC), datetime(2031, 1, 1, tzinfo=UTC)
MINUTE, HOUR, DAY = 60, 3600, 86_400


def offset(zone: ZoneInfo, at: int) -> timedelta | None:
    return datetime.fromtimestamp(at, zone).utcoffset()


def changes(zone: ZoneInfo) -> Iterator[int]:
    """Yield the minute, in Unix seconds, at which each change of the years 2026 to 2030 takes effect."""
    step = 6 * HOUR
    before = offset(zone, int(FIRST.timestamp()))
    for at in range(int(FIRST.timestamp()), int(LAST.timestamp()), step):
        after = offset(zone, at + step)
        if after != before:
            yield next(minute for minute in range(at, at + step + 1, MINUTE) if offset(zone, minute) != before)
        before = after


def walk(zone: ZoneInfo, change: int) -> list[tuple[datetime, int]]:
    """What a wall shows in each minute from three days before a change to three days after it."""
    return [
        (datetime.fromtimestamp(at, zone).replace(tzinfo=None, fold=0), at)
        for at in range(change - 3 * DAY, change + 3 * DAY, MINUTE)
    ]


def oracle(walked: list[tuple[datetime, int]], days: list[date]) -> dict[tuple[date, time], int]:
    """When each local time of each day is due, read from what the wall showed."""
    shown: dict[datetime, int] = {}
    for wall, at in walked:
        shown.setdefault(wall, at)
    due = {}
    for day in days:
        for local in TIMES:
            wanted = datetime.combine(day, local)
            due[day, local] = shown[wanted] if wanted in shown else next(at for wall, at in walked if wall > wanted)
    return due


def mistakes(name: str) -> tuple[int, list[str]]:
    """Return how many changes a zone has, and where the calendar and the oracle do not agree."""
    zone = zone_of(name)
    found: list[str] = []
    count = 0
    for change in changes(zone):
        count += 1
        middle = datetime.fromtimestamp(change, zone).date()
        days = [middle + timedelta(days=number) for number in (-1, 0, 1)]
        due = oracle(walk(zone, change), days)
        for local in TIMES:
            wanted = [Occurrence(day.isoformat(), due[day, local]) for day in days]
            daily = Daily(local)
            found += differences(f"{name} {local} daily", daily, zone, wanted)
            found += differences(
                f"{name} {local} weekly", Weekly(frozenset((middle.isoweekday(),)), local), zone, wanted[1:2]
            )
            for day in days:
                single = Once(datetime.combine(day, local))
                wished = Occurrence(single.at.isoformat(), due[day, local])
                if first_from(single, zone, 0) != wished:
                    found.append(f"{name} {single.at} once: {first_from(single, zone, 0)}, not {wished}")
    return count, found


def differences(label: str, rule: Rule, zone: ZoneInfo, wanted: list[Occurrence]) -> Iterator[str]:
    """Yield where a rule's occurrences are not those wanted, found from a moment and one after another."""
    # From the very second each is due, and from a second later.
    for number, occurrence in enumerate(wanted):
        if first_from(rule, zone, occurrence.at) != occurrence:
            yield f"{label}: {first_from(rule, zone, occurrence.at)} from {occurrence.at}, not {occurrence}"
        following = next_after(rule, zone, occurrence)
        if following != first_from(rule, zone, occurrence.at + 1):
            yield f"{label}: {following} does not follow {occurrence}"
        if number + 1 < len(wanted) and following != wanted[number + 1]:
            yield f"{label}: {following} after {occurrence}, not {wanted[number + 1]}"


def main() -> int:
    """Count changes and mistakes; exit code 1 if there is one."""
    use_own_zone_data()
    names = sorted(zoneinfo.available_timezones()) if "--all" in sys.argv[1:] else HARDEST
    changed, wrong = 0, []
    zones = 0
    for name in names:
        count, found = mistakes(name)
        changed += count
        zones += bool(count)
        wrong += found
    for line in wrong[:20]:
        print(line)
    checks = changed * len(TIMES) * 3
    print(
        f"{len(names)} zones, {zones} with changes, {changed} changes from 2026 to 2030, {checks} local times, {len(wrong)} mistakes"
    )
    return int(bool(wrong))


if __name__ == "__main__":
    sys.exit(main())
