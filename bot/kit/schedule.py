"""When something happens by itself: rules in a person's own words, and the port that remembers them.

A rule speaks of the clock on the wall of a place ("daily at 09:00 in Berlin"). ``engine/calendar.py`` turns it into
moments; each occurrence has a key, for wall-clock rules its local date, under which it happens at most once.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from typing import Final, Protocol

from bot.kit.database import Transaction

MINUTES_OF_A_DAY: Final = 1440


@dataclass(frozen=True, slots=True)
class Daily:
    """Every day at ``at``, the local time without seconds."""

    at: time


@dataclass(frozen=True, slots=True)
class Weekly:
    """On some days of the week at ``at``. ``days`` are ISO numbers, 1 for Monday to 7 for Sunday; at least one."""

    days: frozenset[int]
    at: time

    def __post_init__(self) -> None:
        if not self.days or not self.days <= set(range(1, 8)):
            raise ValueError(f"a weekly rule needs days from 1 (Monday) to 7 (Sunday), not {sorted(self.days)}")


@dataclass(frozen=True, slots=True)
class Every:
    """Every so many whole minutes (1 to 1440) of real time, counted from the Unix epoch, whatever clocks show."""

    minutes: int

    def __post_init__(self) -> None:
        if not 1 <= self.minutes <= MINUTES_OF_A_DAY:
            raise ValueError(f"an interval of {self.minutes} minutes is not from 1 minute to a day")


@dataclass(frozen=True, slots=True)
class Once:
    """A single time: ``at`` is the local date and time, without a zone of its own."""

    at: datetime

    def __post_init__(self) -> None:
        if self.at.tzinfo is not None:
            raise ValueError("a single time is written on the wall of a place; its zone belongs to the plan")


Rule = Daily | Weekly | Every | Once


@dataclass(frozen=True, slots=True)
class Owner:
    """Whom a plan belongs to: a community, a person, or with neither the bot itself."""

    community: int | None = None
    person: int | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """Something planned.

    Attributes:
        job: the name of the job that does it, such as ``digest.daily``.
        owner: whose it is. A job has at most one plan for each owner and ``tag``.
        rule, zone: when, on the wall of the IANA zone.
        tag: tells apart several plans of one job and owner, such as sprints; empty otherwise.
        data: what the job needs to know, as JSON values; small.
        grace: how late it may still be done after the bot was down; later it is recorded as missed.
    """

    job: str
    owner: Owner
    rule: Rule
    zone: str
    tag: str = ""
    data: Mapping[str, str | int] = field(default_factory=dict)
    grace: timedelta = timedelta(hours=3)


@dataclass(frozen=True, slots=True)
class Planned:
    """A plan as it is kept: with its id, whether it is paused, and when it is next due (aware, UTC; None: never)."""

    id: int
    plan: Plan
    paused: bool
    due: datetime | None


@dataclass(frozen=True, slots=True)
class Due:
    """One occurrence to be done now.

    Attributes:
        plan: what.
        key: names the occurrence: the local date for wall-clock rules (``2026-11-21``), else its ordinal.
        at: when it was due, aware, UTC.
        next: when the plan is due after this, aware, UTC; None: never again.
        late: whether the bot was down at the time, so that a post may say so.
    """

    plan: Planned
    key: str
    at: datetime
    next: datetime | None
    late: bool = False


@dataclass(frozen=True, slots=True)
class Job:
    """What the clock starts. A ``Feature`` lists its jobs.

    ``run`` does all its writing in one unit of work: the engine notes the occurrence as done in the first writing unit,
    so that a second run changes nothing. It never sends anything itself; it writes posts. ``missed`` is told, in a
    unit of work, of an occurrence that came too late.
    """

    name: str
    run: Callable[[Due], Awaitable[None]]
    missed: Callable[[Transaction, Due], Awaitable[None]] | None = None


class Schedules(Protocol):
    """The port to what is planned. Everything happens inside the caller's unit of work."""

    async def plan(self, tx: Transaction, plan: Plan) -> int:
        """Keep a plan and return its id. The same job, owner and tag: the plan is changed.

        A change of time or zone neither doubles nor drops today's occurrence: one that happened does not happen again,
        one that has not and whose new time has passed happens at once.
        Raises ``ValueError`` for an unknown zone.
        """
        ...

    async def pause(self, tx: Transaction, plan: int, *, paused: bool) -> None:
        """Pause a plan or let it go on; what fell into the pause is not made up for."""
        ...

    async def skip(self, tx: Transaction, plan: int) -> datetime | None:
        """Leave the next occurrence out; return when the one after it is due."""
        ...

    async def forget(self, tx: Transaction, plan: int) -> None:
        """Remove a plan."""
        ...

    async def of(self, tx: Transaction, owner: Owner) -> list[Planned]:
        """Return everything planned for an owner, soonest first."""
        ...
