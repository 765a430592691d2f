"""When something happens by itself: rules in a person's own words, and the port that remembers them.

A rule speaks of the clock on the wall of a place ("daily at 09:00 in Berlin"). ``engine/calendar.py`` turns it into
moments; each occurrence has a key, for daily and weekly rules its local date, under which it happens at most once.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from typing import Final, Protocol

from bot.kit.clock import Clock
from bot.kit.database import Transaction
from bot.kit.reply import Reply

MINUTES_OF_A_DAY: Final = 1440
SHORTEST_GRACE: Final = timedelta(minutes=1)


def _refuse_odd_time(at: time) -> None:
    if at.tzinfo is not None or at.second or at.microsecond:
        raise ValueError(f"{at.isoformat()} is no time on the wall of a place: hours and minutes, without a zone")


@dataclass(frozen=True, slots=True)
class Daily:
    """Every day at ``at``, the local time without seconds."""

    at: time

    def __post_init__(self) -> None:
        _refuse_odd_time(self.at)


@dataclass(frozen=True, slots=True)
class Weekly:
    """On some days of the week at ``at``. ``days`` are ISO numbers, 1 for Monday to 7 for Sunday; at least one."""

    days: frozenset[int]
    at: time

    def __post_init__(self) -> None:
        if not self.days or not self.days <= set(range(1, 8)):
            raise ValueError(f"a weekly rule needs days from 1 (Monday) to 7 (Sunday), not {sorted(self.days)}")
        _refuse_odd_time(self.at)


@dataclass(frozen=True, slots=True)
class Every:
    """Every so many whole minutes (1 to 1440) of real time, counted from the Unix epoch, whatever clocks show."""

    minutes: int

    def __post_init__(self) -> None:
        if not 1 <= self.minutes <= MINUTES_OF_A_DAY:
            raise ValueError(f"an interval of {self.minutes} minutes is not from 1 minute to a day")


@dataclass(frozen=True, slots=True)
class Once:
    """A single time: ``at`` is the local date and time in whole seconds, without a zone of its own."""

    at: datetime

    def __post_init__(self) -> None:
        if self.at.tzinfo is not None:
            raise ValueError("a single time is written on the wall of a place; its zone belongs to the plan")
        if self.at.microsecond:
            raise ValueError(f"a single time is given in whole seconds, not {self.at.isoformat()}")


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
        grace: how late it may still be done after the bot was down, at least a minute; later, or once the plan's next
            occurrence is due, it is recorded as missed.
    """

    job: str
    owner: Owner
    rule: Rule
    zone: str
    tag: str = ""
    data: Mapping[str, str | int] = field(default_factory=dict)
    grace: timedelta = timedelta(hours=3)

    def __post_init__(self) -> None:
        if self.grace < SHORTEST_GRACE:
            raise ValueError(
                f"a grace of {self.grace.total_seconds():g} s would miss what is a moment late; give a minute"
            )


@dataclass(frozen=True, slots=True)
class Planned:
    """A plan as it is kept: with its id, whether it is paused, and when it is next due.

    ``due`` is aware, in UTC; None: never again, or not while it is paused.
    """

    id: int
    plan: Plan
    paused: bool
    due: datetime | None


@dataclass(frozen=True, slots=True)
class Due:
    """One occurrence to be done now.

    Attributes:
        plan: what.
        key: names the occurrence: the local date for daily and weekly rules (``2026-11-21``), the local date and time
            for a single one, the minute in UTC for an interval (``2026-11-21T08:05Z``).
        at: when it was due, aware, UTC.
        next: when the plan is due after this, aware, UTC; None: never again.
        late: whether it is done more than a minute late, mostly because the bot was down; a post may say so.
        times: how many occurrences this stands for: of several in a row that were missed, only the latest is told.
    """

    plan: Planned
    key: str
    at: datetime
    next: datetime | None
    late: bool = False
    times: int = 1


@dataclass(frozen=True, slots=True)
class Job:
    """What the clock starts. A ``Feature`` lists its jobs.

    ``run`` does all its writing in one unit of work: the engine notes the occurrence as done in the first writing unit,
    so that a second run changes nothing. It never sends anything itself; it writes posts. If it raises, it is tried
    again, at first after a second and then less and less often, as long as ``grace`` allows. Two occurrences of one
    plan never run at once; after a quarter of an hour a run is broken off and counts as failed.

    ``missed`` is told, in the unit of work that records it, of what came too late or failed to the end. Of several in a
    row it is told the latest, with their number in ``times``. What it raises is logged and changes nothing else.

    For ``/schedule``: ``title`` (marked with ``N_``) is what people call it, empty for what concerns nobody;
    ``preview`` shows what would be posted now; ``setting`` names the preference that holds its time.
    """

    name: str
    run: Callable[[Due], Awaitable[None]]
    missed: Callable[[Transaction, Due], Awaitable[None]] | None = None
    title: str = ""
    preview: Callable[[Planned], Awaitable[Reply]] | None = None
    setting: str = ""


class Schedules(Protocol):
    """The port to what is planned. Everything happens inside the caller's unit of work."""

    async def plan(self, tx: Transaction, plan: Plan) -> int:
        """Keep a plan and return its id. The same job, owner and tag: the plan is changed, and stays paused if it was.

        A new plan is first due at its rule's next time; a single time that has passed is due at once, or missed if it
        is older than the grace. A change of time or zone neither doubles nor drops today's occurrence: one that
        happened or was skipped does not happen again, one that the plan still owed and whose new time has passed
        happens at once. Raises ``ValueError`` for an unknown zone.
        """
        ...

    async def pause(self, tx: Transaction, plan: int, *, paused: bool) -> None:
        """Pause a plan or let it go on; what fell into the pause is not made up for. An unknown plan is left alone."""
        ...

    async def skip(self, tx: Transaction, plan: int) -> datetime | None:
        """Leave the next occurrence out; return when the one after it is due (aware, UTC).

        None: never again; also for a plan that is paused, over or unknown, of which nothing is left out.
        """
        ...

    async def forget(self, tx: Transaction, plan: int) -> None:
        """Remove a plan; what it has begun has no effect any more. Planned again within days, it doubles nothing."""
        ...

    async def of(self, tx: Transaction, owner: Owner) -> list[Planned]:
        """Return everything planned for an owner, soonest first."""
        ...

    async def soonest(self, tx: Transaction, job: str) -> Planned | None:
        """Return the plan of a job that is due next, of whichever owner; None: nothing is planned."""
        ...

    def moments(self, planned: Planned, until: datetime, most: int) -> list[datetime]:
        """Return when a plan will be due up to ``until`` (aware), at most ``most`` times; never while it is paused."""
        ...


class Bell(Clock, Protocol):
    """The port to what wakes the schedules; it knows nothing of plans.

    A clock on which whoever sleeps wakes on time even if the computer's clock was set in the meantime: within seconds
    if it was set forward.
    """
