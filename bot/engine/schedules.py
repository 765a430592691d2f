"""Keeps what is planned: works out when each plan is next due, through every change. ``jobs.py`` does it."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from bot.engine.calendar import DAY, Occurrence, due_at, first_from, next_after, passed, zone_of
from bot.engine.store.occurrences import Occurrences
from bot.engine.store.plans import Plans, moment_of, planned, rule_of, rule_text
from bot.kit.clock import Clock
from bot.kit.database import Database, Row, Transaction, Value
from bot.kit.schedule import Daily, Once, Owner, Plan, Planned, Rule, Weekly

KEPT: Final = timedelta(days=8)
"""How long an occurrence is remembered after it was due: longer than any change of a plan could bring it back."""
KEPT_REMOVED: Final = timedelta(days=3)
"""How long a removed plan is remembered; then planning it again makes a new one, on which no today's date is left."""
_CHUNK: Final = 1000


def _nobody() -> None:
    """Wake nobody: whoever does the jobs looks by themselves now and then."""


def seconds(moment: datetime) -> int:
    """Return a moment (aware) as Unix seconds, cut off."""
    return int(moment.timestamp())


class Timetable:
    """The ``Schedules`` port over the tables of ``migrations/0002_plans.sql``.

    ``ring`` is called inside the unit of work, on whichever thread it runs, after a plan may have become due earlier.
    """

    def __init__(self, clock: Clock, ring: Callable[[], None] = _nobody) -> None:
        self._clock = clock
        self._ring = ring
        self._plans = Plans()
        self._occurrences = Occurrences()

    async def plan(self, tx: Transaction, plan: Plan) -> int:
        """Keep a plan and return its id; a known job, owner and tag is changed. ``ValueError``: an unknown zone."""
        zone = zone_of(plan.zone)
        row = await self._plans.find(tx, plan.job, plan.owner, plan.tag)
        if row is None:
            made = await self._plans.add(tx, plan)
            if made is not None:
                await self._arm(tx, made, plan, zone)
                return made
            row = await self._plans.find(tx, plan.job, plan.owner, plan.tag)
            assert row is not None  # noqa: S101 - it was refused as known
        known = int(row["id"])
        await self._plans.change(tx, known, plan)
        if row["paused"]:
            return known
        if row["removed_at"] is not None:
            await self._arm(tx, known, plan, zone)
        elif (row["rule"], row["zone"]) != (rule_text(plan.rule), plan.zone) and not self._is_due(row):
            await self._arm(tx, known, plan, zone, owed=row["next_key"])
        return known

    async def pause(self, tx: Transaction, plan: int, *, paused: bool) -> None:
        """Pause a plan or let it go on; what fell into the pause is not made up for."""
        row = await self._present(tx, plan)
        if row is None or bool(row["paused"]) == paused:
            return
        await self._plans.pause(tx, plan, paused=paused)
        if not paused:
            kept = planned(row).plan
            await self._arm(tx, plan, kept, zone_of(kept.zone), also_passed=False)
            return
        await self._plans.arm(tx, plan, None, None)
        now = seconds(self._clock.now())
        for occurrence in await self._occurrences.open_of(tx, plan):
            if occurrence["state"] == "waiting" or occurrence["until"] <= now:  # in nobody's hand
                await self._occurrences.close(tx, plan, occurrence["key"], "skipped")

    async def skip(self, tx: Transaction, plan: int) -> datetime | None:
        """Leave the next occurrence out; return when the one after it is due."""
        row = await self._present(tx, plan)
        if row is None or row["next_due"] is None:
            return None
        last = Occurrence(row["next_key"], row["next_due"])
        await self._occurrences.settle_new(tx, "skipped", [{"plan": plan, "key": last.key, "at": last.at}])
        following = next_after(rule_of(row["rule"]), zone_of(row["zone"]), last)
        following = await self._first_open(tx, plan, rule_of(row["rule"]), zone_of(row["zone"]), following)
        await self._set(tx, plan, following)
        return moment_of(following.at) if following is not None else None

    async def forget(self, tx: Transaction, plan: int) -> None:
        """Remove a plan; what it has begun has no effect any more."""
        await self._plans.remove(tx, plan, seconds(self._clock.now()))
        for occurrence in await self._occurrences.open_of(tx, plan):
            await self._occurrences.close(tx, plan, occurrence["key"], "skipped")

    async def of(self, tx: Transaction, owner: Owner) -> list[Planned]:
        """Return everything planned for an owner, soonest first."""
        return [planned(row) for row in await self._plans.of(tx, owner)]

    async def soonest(self, tx: Transaction, job: str) -> Planned | None:
        """Return the plan of a job that is due next, of whichever owner."""
        row = await self._plans.soonest(tx, job)
        return None if row is None else planned(row)

    def moments(self, planned: Planned, until: datetime, most: int) -> list[datetime]:
        """Return when a plan will be due up to ``until``, at most ``most`` times."""
        if planned.due is None:
            return []
        rule, zone, last = planned.plan.rule, zone_of(planned.plan.zone), seconds(until)
        found: list[datetime] = []
        following = first_from(rule, zone, seconds(planned.due)) if not isinstance(rule, Once) else None
        if following is None:
            return [planned.due] if seconds(planned.due) <= last else []
        while following is not None and following.at <= last and len(found) < most:
            found.append(moment_of(following.at))
            following = next_after(rule, zone, following)
        return found

    def _is_due(self, row: Row) -> bool:
        """Return whether a plan only waits for its turn: that happens as it was planned, a change counts afterwards."""
        return row["next_due"] is not None and row["next_due"] <= seconds(self._clock.now())

    async def _present(self, tx: Transaction, plan: int) -> Row | None:
        row = await self._plans.get(tx, plan)
        return row if row is not None and row["removed_at"] is None else None

    async def _arm(
        self,
        tx: Transaction,
        plan: int,
        to: Plan,
        zone: ZoneInfo,
        *,
        owed: str | None = None,
        also_passed: bool = True,
    ) -> None:
        """Work out which occurrence is next. ``owed`` is the key of the next one before a change of the plan."""
        now = seconds(self._clock.now())
        due = _owed(to.rule, zone, owed, now)
        if due is None or await self._occurrences.is_settled(tx, plan, due.key):
            due = await self._first_open(tx, plan, to.rule, zone, first_from(to.rule, zone, now))
        if due is not None and due.at < now and isinstance(to.rule, Once):
            if not also_passed:
                due = None
            elif now - due.at <= to.grace.total_seconds():
                due = Occurrence(due.key, now)
        await self._set(tx, plan, due)

    async def _first_open(
        self, tx: Transaction, plan: int, rule: Rule, zone: ZoneInfo, found: Occurrence | None
    ) -> Occurrence | None:
        while found is not None and await self._occurrences.is_settled(tx, plan, found.key):
            found = next_after(rule, zone, found)
        return found

    async def _set(self, tx: Transaction, plan: int, due: Occurrence | None) -> None:
        await self._plans.arm(tx, plan, due.key if due else None, due.at if due else None)
        if due is not None:
            self._ring()


def _owed(rule: Rule, zone: ZoneInfo, owed: str | None, now: int) -> Occurrence | None:
    """Return what a changed plan still owes although its new time has passed; it is due now.

    ``owed`` is the local date of the occurrence that was next before the change; a day before it owes nothing.
    """
    if owed is None or not isinstance(rule, Daily | Weekly):
        return None
    try:
        day_before = date.fromisoformat(owed) - DAY
    except ValueError:  # it was an interval or a single time
        return None
    first = next_after(rule, zone, Occurrence(day_before.isoformat(), 0))
    if first is None or first.at >= now:
        return None
    return Occurrence(passed(rule, zone, first, now, most=1).latest[-1].key, now)


async def use_zone_data(database: Database, edition: str) -> int:
    """Work out anew what later zone data moves; return how many plans it moved.

    ``edition`` names the zone data in use, such as ``2026f``. Nothing is done if the plans were worked out by the same.
    To be called before jobs begin.
    """
    plans = Plans()

    async def look(tx: Transaction) -> bool:
        return await plans.edition(tx) == edition

    async def note(tx: Transaction) -> None:
        await plans.follow(tx, edition)

    async def move(tx: Transaction) -> tuple[int, int]:
        """Work out the next plans by id; return how many moved, and the id of the last, or 0 if there was none."""
        moved: list[dict[str, Value]] = []
        rows = await plans.armed(tx, last, _CHUNK)
        for row in rows:
            with suppress(ValueError):  # a rule or zone that cannot be read is dealt with when it is due
                due = due_at(rule_of(row["rule"]), zone_of(row["zone"]), row["next_key"])
                if due is not None and due != row["next_due"]:
                    moved.append({"plan": row["id"], "key": row["next_key"], "due": due})
        await plans.arm_many(tx, moved)
        return len(moved), int(rows[-1]["id"]) if rows else 0

    if await database.read(look):
        return 0
    last = 0
    count, last = await database.write(move)
    while last:
        moved, last = await database.write(move)
        count += moved
    await database.write(note)
    return count


async def forget_old_plans(database: Database, clock: Clock) -> int:
    """Drop a little of what nobody can ask for any more; return how much, 0 when nothing is left to drop."""
    now = clock.now()

    async def work(tx: Transaction) -> int:
        count = await Occurrences().forget(tx, seconds(now - KEPT), _CHUNK)
        return count + await Plans().forget(tx, seconds(now - KEPT_REMOVED), _CHUNK // 10)

    return await database.write(work)
