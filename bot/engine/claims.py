"""Taking what is due, so that nobody else does it too, and recording what became of it. Moments are Unix seconds.

Everything here happens inside a unit of work. An occurrence is taken by making its row; whoever has it holds a lease
and a fence. When a lease ends, another may take it, with a higher fence, after which the earlier hand stores nothing.
"""

from __future__ import annotations

import logging
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from typing import Final
from zoneinfo import ZoneInfo

from bot.engine.calendar import Occurrence, Passed, next_after, passed, zone_of
from bot.engine.pacing import LONGEST_PAUSE, SECOND, pause_after
from bot.engine.store.occurrences import Occurrences
from bot.engine.store.plans import Plans, moment_of, plan_of, rule_of
from bot.kit.database import Row, Transaction, Value
from bot.kit.errors import AlreadyHandledError
from bot.kit.schedule import Due, Job, Planned

log = logging.getLogger("roadmate.jobs")
LEASE: Final = 10
LATE: Final = 60
MOST_RECORDED: Final = 31
"""How many of the occurrences that a plan missed in a row get a row of their own; the earlier ones are only counted."""
_FAR: Final = LONGEST_PAUSE // SECOND + LEASE


@dataclass(frozen=True, slots=True)
class Claimed:
    """An occurrence in our hand: what to run with what, which row it is, its turn, and when to give it up."""

    job: Job
    due: Due
    fence: int
    attempts: int
    give_up_at: int

    @property
    def name(self) -> tuple[int, str]:
        """Which occurrence it is: plan and key."""
        return self.due.plan.id, self.due.key

    @property
    def hand(self) -> dict[str, Value]:
        """The row and the turn, as values of a statement."""
        return {"plan": self.due.plan.id, "key": self.due.key, "fence": self.fence}


@dataclass(slots=True)
class Round:
    """What one look found.

    Attributes:
        claimed: what is to be run now.
        odd: plans that need a look of their own: they missed something, or something about them is not in order.
        is_full: whether there may be more.
        look_at: when to look again; None: nothing is planned.
    """

    claimed: list[Claimed] = field(default_factory=list)
    odd: list[int] = field(default_factory=list)
    is_full: bool = False
    look_at: int | None = None


class Claims:
    """Takes and settles occurrences of the jobs given by name."""

    def __init__(self, jobs: Mapping[str, Job]) -> None:
        self._jobs = jobs
        self._plans = Plans()
        self._occurrences = Occurrences()

    async def look(self, tx: Transaction, now: int, room: int, ours: Collection[tuple[int, str]]) -> Round:
        """Take what is due, at most ``room`` occurrences; ``ours`` are in our hand already."""
        found = Round()
        if room > 0:
            lapsed = await self._occurrences.lapsed(tx, now, now + _FAR, room + len(ours))
            await self._take_again(
                tx, [row for row in lapsed if (row["id"], row["key"]) not in ours][:room], now, found
            )
            room -= len(found.claimed)
            due = await self._plans.due(tx, now, now + _FAR, room)
            await self._begin(tx, due, now, found)
            found.is_full = len(due) == room
        moments = (await self._plans.next_due(tx, now, now + _FAR), await self._occurrences.next_lapse(tx))
        found.look_at = min((moment for moment in moments if moment is not None), default=None)
        return found

    async def keep(self, tx: Transaction, claims: Collection[Claimed], now: int) -> None:
        """Hold on to what is in our hand."""
        await self._occurrences.keep(tx, [{**claimed.hand, "until": now + LEASE} for claimed in claims])

    async def note(self, tx: Transaction, claimed: Claimed) -> None:
        """Record an occurrence as done; raise ``AlreadyHandledError`` if it is not in our hand any more."""
        if not await self._occurrences.settle(tx, claimed.hand, "done"):
            plan, key = claimed.name
            raise AlreadyHandledError(f"{claimed.job.name} of plan {plan} for {key} is in another hand, or done")

    async def put_off(self, tx: Transaction, claimed: Claimed, now: int, *, tell: bool) -> int | None:
        """Try a failed occurrence again later: return when; None if it is too late for that, or not in our hand."""
        again = now + max(pause_after(claimed.attempts, claimed.due.plan.id) // SECOND, 1)
        if again <= claimed.give_up_at:
            return again if await self._occurrences.settle(tx, claimed.hand, "waiting", again) else None
        if await self._occurrences.settle(tx, claimed.hand, "missed") and tell and claimed.job.missed is not None:
            await claimed.job.missed(tx, replace(claimed.due, late=True))
        return None

    async def shelve(self, tx: Transaction, plan: int) -> None:
        """Do nothing more about a plan that cannot be worked out, until it is changed."""
        await self._plans.arm(tx, plan, None, None)
        for row in await self._occurrences.open_of(tx, plan):
            await self._occurrences.close(tx, plan, row["key"], "missed")

    async def catch_up(self, tx: Transaction, plan: int, now: int, *, tell: bool) -> Claimed | None:
        """Record what a plan missed, tell its job, and take the latest occurrence if it is not too late for that.

        Raises ``ValueError`` if its rule cannot be read.
        """
        row = await self._plans.get(tx, plan)
        if row is None:
            return None
        job = self._jobs.get(row["job"])
        behind = _behind(row, now)
        newest = behind.latest[-1] if behind.count else None
        closed: list[Occurrence] = []
        for known in await self._occurrences.open_of(tx, plan):
            if known["state"] == "running" and now < known["until"] <= now + _FAR:
                return None  # its hand will be done with it soon
            if newest is None and job is not None and not _is_over(row) and now <= _give_up_at(row, known["at"]):
                continue  # the next look takes it
            await self._occurrences.close(tx, plan, known["key"], "skipped" if _is_over(row) else "missed")
            if not _is_over(row):
                closed.append(Occurrence(known["key"], known["at"]))
        claimed = None
        fresh: list[Occurrence] = []
        if newest is not None:
            following = next_after(rule_of(row["rule"]), _zone(row), newest)
            fresh = [found for found in behind.latest if not await self._occurrences.is_known(tx, plan, found.key)]
            if job is not None and now - newest.at <= row["grace"]:
                fence = await self._occurrences.begin_one(tx, plan, newest.key, newest.at, now + LEASE)
                fresh = [found for found in fresh if found != newest]
                if fence is not None:
                    claimed = _claim(job, row, newest, following.at if following else None, now, fence)
            await self._plans.arm_many(tx, [_armed(plan, following)])
            await self._occurrences.settle_new(
                tx, "missed", [{"plan": plan, "key": found.key, "at": found.at} for found in fresh]
            )
        missed = sorted(closed + fresh, key=lambda found: found.at)
        if missed:
            times = len(missed) + behind.count - len(behind.latest)
            log.warning("%s of plan %d was missed %d times, last for %s", row["job"], plan, times, missed[-1].key)
            if tell and job is not None and job.missed is not None:
                following_at = following.at if newest is not None and following else row["next_due"]
                await job.missed(tx, _due(row, missed[-1], following_at, now, times))
        return claimed

    async def _take_again(self, tx: Transaction, rows: Collection[Row], now: int, found: Round) -> None:
        """Take occurrences that another hand, or an earlier turn, did not get done."""
        taken: list[dict[str, Value]] = []
        for row in rows:
            job = self._jobs.get(row["job"])
            if job is None or _is_over(row) or now > _give_up_at(row, row["at"]):
                found.odd.append(row["id"])
                continue
            occurrence = Occurrence(row["key"], row["at"])
            try:
                claimed = _claim(job, row, occurrence, row["next_due"], now, row["fence"] + 1, row["attempts"] + 1)
            except ValueError:
                found.odd.append(row["id"])
                continue
            found.claimed.append(claimed)
            taken.append({"plan": row["id"], "key": occurrence.key, "until": now + LEASE})
        if taken:
            await self._occurrences.take(tx, taken)

    async def _begin(self, tx: Transaction, rows: Collection[Row], now: int, found: Round) -> None:
        """Take occurrences that are due for the first time, where nothing is out of the ordinary."""
        begun: list[dict[str, Value]] = []
        armed: list[dict[str, Value]] = []
        for row in rows:
            job = self._jobs.get(row["job"])
            occurrence = Occurrence(row["next_key"], row["next_due"])
            if job is None or row["happened"] or row["is_open"] or now - occurrence.at > row["grace"]:
                found.odd.append(row["id"])
                continue
            try:
                following = next_after(rule_of(row["rule"]), _zone(row), occurrence)
                claimed = _claim(job, row, occurrence, following.at if following else None, now, 1)
            except ValueError:
                found.odd.append(row["id"])
                continue
            if following is not None and following.at <= now:
                found.odd.append(row["id"])
                continue
            found.claimed.append(claimed)
            begun.append({"plan": row["id"], "key": occurrence.key, "at": occurrence.at, "until": now + LEASE})
            armed.append(_armed(row["id"], following))
        if begun:
            await self._occurrences.begin(tx, begun)
            await self._plans.arm_many(tx, armed)


def _behind(row: Row, now: int) -> Passed:
    """Return what a plan should have done by now."""
    if row["next_due"] is None or row["next_due"] > now:
        return Passed(0, ())
    first = Occurrence(row["next_key"], row["next_due"])
    return passed(rule_of(row["rule"]), _zone(row), first, now, MOST_RECORDED)


def _is_over(row: Row) -> bool:
    return bool(row["paused"]) or row["removed_at"] is not None


def _give_up_at(row: Row, at: int) -> int:
    """Return until when an occurrence may be done; the plan's next one takes its place."""
    following = row["next_due"]
    end = at + int(row["grace"])
    return end if following is None or following <= at else min(end, following - 1)


def _claim(
    job: Job, row: Row, occurrence: Occurrence, following: int | None, now: int, fence: int, attempts: int = 1
) -> Claimed:
    """Return what to run; raises ``ValueError`` for a rule this version cannot read."""
    end = occurrence.at + int(row["grace"])
    if following is not None and following > occurrence.at:
        end = min(end, following - 1)
    return Claimed(job, _due(row, occurrence, following, now), fence, attempts, end)


def _due(row: Row, occurrence: Occurrence, following: int | None, now: int, times: int = 1) -> Due:
    following_at = moment_of(following) if following is not None else None
    return Due(
        Planned(row["id"], plan_of(row), paused=False, due=following_at),
        occurrence.key,
        moment_of(occurrence.at),
        following_at,
        now - occurrence.at > LATE,
        times,
    )


def _armed(plan: int, following: Occurrence | None) -> dict[str, Value]:
    key, due = (following.key, following.at) if following is not None else (None, None)
    return {"plan": plan, "key": key, "due": due}


def _zone(row: Row) -> ZoneInfo:
    try:
        return zone_of(row["zone"])
    except ValueError:
        log.warning("plan %d is in %s, which the zone data does not know; UTC is used instead", row["id"], row["zone"])
        return zone_of("UTC")
