"""Plans made, changed, paused, skipped and removed at random, with crashes, failures, downtime and clocks set wrong.

Whatever happens: each local date of a plan at most once; while the bot is up exactly once and at its time; after downtime
the latest within its grace, and every other one on record. What is due when is read from what walls show, going forward
a quarter of an hour at a time, never from the calendar under test. ``python -m tests.engine.test_jobs_at_random 500``
tells as many stories.
"""

from __future__ import annotations

import asyncio
import logging
import sys
from collections.abc import Awaitable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import TypeVar
from zoneinfo import ZoneInfo

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from bot.infra.clock import use_own_zone_data
from bot.kit.schedule import Daily, Due, Owner, Weekly
from tests.fakes.databases import ON_POSTGRES
from tests.fakes.schedule_world import ScheduleWorld

Result = TypeVar("Result")
STEP = timedelta(minutes=15)
ZONES = (
    "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Africa/Cairo", "Asia/Kathmandu", "Pacific/Chatham",
    "Pacific/Kiritimati", "Pacific/Niue", "America/Havana", "Antarctica/Troll", "UTC",
)  # fmt: skip
STARTS = {
    (2026, 11, 21): "UTC",
    (2027, 3, 13): "America/New_York",
    (2027, 3, 27): "Europe/Berlin",
    (2027, 4, 3): "Pacific/Chatham",
    (2027, 4, 29): "Africa/Cairo",
    (2027, 10, 2): "Australia/Lord_Howe",
    (2027, 10, 30): "Europe/Berlin",
    (2027, 11, 6): "America/Havana",
}
"""Days before a change of clocks, and where."""
EVERY_DAY = frozenset(range(1, 8))

owners = st.integers(1, 2)
times = st.one_of(
    st.sampled_from([time(0, 0), time(0, 15), time(1, 45), time(2, 0), time(2, 15), time(2, 30), time(23, 45)]),
    st.builds(time, st.integers(0, 23), st.sampled_from([0, 15, 30, 45])),
)
rules = st.one_of(
    st.builds(Daily, times), st.builds(Weekly, st.frozensets(st.integers(1, 7), min_size=1, max_size=4), times)
)
zones = st.one_of(st.just(""), st.sampled_from(ZONES))  # "" is the one where clocks change soon
pauses = st.sampled_from([0, 30, 100, 150, 200])
graces = st.sampled_from([timedelta(minutes=15), timedelta(hours=3), timedelta(days=1)])


@lru_cache(maxsize=100_000)
def wall_at(zone: str, moment: datetime) -> datetime:
    """What a wall in a zone shows."""
    return moment.astimezone(ZoneInfo(zone)).replace(tzinfo=None, fold=0)


@dataclass
class Wish:
    """What somebody planned, as the model remembers it.

    Attributes:
        since: when the clock showed that it was planned, changed or resumed; it owes nothing of before.
        settled: the latest date that is over with.
    """

    plan: int
    rule: Daily | Weekly
    zone: str
    grace: timedelta
    since: datetime
    paused: bool = False
    settled: str = ""
    skipped: set[str] = field(default_factory=set)

    def due_at(self, moment: datetime) -> str | None:
        """The local date whose time a wall shows or passes for the first time at ``moment``; None: none, or paused."""
        if self.paused:
            return None
        wall = wall_at(self.zone, moment)
        shown = max(wall_at(self.zone, moment - number * STEP) for number in range(1, 17))
        for day in (wall.date() - timedelta(days=1), wall.date()):
            if shown < datetime.combine(day, self.rule.at) <= wall and self.is_on(day):
                return day.isoformat()
        return None

    def is_on(self, day: date) -> bool:
        return day.isoweekday() in (self.rule.days if isinstance(self.rule, Weekly) else EVERY_DAY)


class Plans(RuleBasedStateMachine):
    """The bot, its database, and what should have happened."""

    def __init__(self) -> None:
        super().__init__()
        self.loop = asyncio.new_event_loop()
        self.wishes: dict[int, Wish] = {}
        self.failing = False
        self.doubtful: set[tuple[int, str]] = set()
        """Occurrences that failed or were in hand at a crash: they may come later, or be missed."""

    def run(self, work: Awaitable[Result]) -> Result:
        async def wait() -> Result:
            return await work

        return self.loop.run_until_complete(wait())

    @initialize(start=st.sampled_from(list(STARTS)), hour=st.integers(0, 23), first=rules, second=rules, zone=zones)
    def open(
        self, start: tuple[int, int, int], hour: int, first: Daily | Weekly, second: Daily | Weekly, zone: str
    ) -> None:
        self.home = STARTS[start]
        self.world = self.run(ScheduleWorld.open(now=datetime(*start, hour, tzinfo=UTC)))
        self.world.before = self.before
        self.keep(1, first, zone or self.home, timedelta(hours=3))
        self.keep(2, second, self.home, timedelta(days=1))

    async def before(self, due: Due) -> None:
        if self.failing:
            self.doubtful.add((due.plan.id, due.key))
            raise RuntimeError

    def posts(self) -> list[tuple[int, str]]:
        found = self.run(self.world.database.read(lambda tx: tx.all("SELECT plan, key FROM post WHERE what = 'post'")))
        return [(row[0], row[1]) for row in found]

    def states(self) -> dict[tuple[int, str], str]:
        found = self.run(self.world.database.read(lambda tx: tx.all("SELECT plan, key, state FROM engine_occurrence")))
        return {(row[0], row[1]): row[2] for row in found}

    def note_settled(self) -> None:
        found = self.run(
            self.world.database.read(lambda tx: tx.all("SELECT plan, max(key) FROM engine_occurrence GROUP BY plan"))
        )
        latest = {row[0]: row[1] for row in found}
        for wish in self.wishes.values():
            wish.settled = max(wish.settled, latest.get(wish.plan, ""))

    def is_owed(self, wish: Wish, key: str) -> bool:
        return key > wish.settled and self.world.bell.now() >= wish.since

    def catch_up(self) -> None:
        """Let the bot do what is due now, and see that it brought nothing that happened before."""
        self.run(self.world.jobs.run_due())

    @rule(owner=owners, to=rules, zone=zones, grace=graces, then=pauses)
    def plan(self, owner: int, to: Daily | Weekly, zone: str, grace: timedelta, then: int) -> None:
        self.keep(owner, to, zone or self.home, grace)
        self.pass_time(then)

    def keep(self, owner: int, to: Daily | Weekly, zone: str, grace: timedelta) -> None:
        known, now = self.wishes.get(owner), self.world.bell.now()
        plan = self.run(self.world.plan(to, zone, owner=Owner(owner), grace=grace))
        if known is None:
            self.wishes[owner] = Wish(plan, to, zone, grace, now)
        else:
            assert plan == known.plan
            if not known.paused and (to, zone) != (known.rule, known.zone):
                known.settled, known.since = "", now
            known.rule, known.zone, known.grace = to, zone, grace
        self.catch_up()

    @precondition(lambda self: self.wishes)
    @rule(owner=owners, paused=st.booleans(), then=pauses)
    def pause(self, owner: int, paused: bool, then: int) -> None:
        wish = self.wishes.get(owner)
        if wish is not None:
            self.run(self.world.pause(wish.plan, paused=paused))
            if wish.paused and not paused:
                wish.settled, wish.since = "", self.world.bell.now()
            wish.paused = paused
            self.catch_up()
            self.pass_time(then)

    @precondition(lambda self: self.wishes)
    @rule(owner=owners, then=pauses)
    def skip(self, owner: int, then: int) -> None:
        wish = self.wishes.get(owner)
        if wish is not None:
            before = self.states()
            self.run(self.world.skip(wish.plan))
            after = self.states()
            new = [
                key for (plan, key) in after if after[plan, key] == "skipped" and before.get((plan, key)) != "skipped"
            ]
            assert len(new) <= 1
            wish.skipped.update(new)
            wish.settled = max([wish.settled, *new])
            self.pass_time(then)

    @precondition(lambda self: self.wishes)
    @rule(owner=owners, then=pauses)
    def forget(self, owner: int, then: int) -> None:
        wish = self.wishes.pop(owner, None)
        if wish is not None:
            self.run(self.world.forget(wish.plan))
            self.catch_up()
            self.pass_time(then)

    @rule(failing=st.booleans())
    def let_jobs_fail(self, failing: bool) -> None:
        self.failing = failing

    @rule(steps=pauses)
    def time_passes_while_the_bot_is_up(self, steps: int) -> None:
        self.pass_time(steps)

    def pass_time(self, steps: int) -> None:
        self.note_settled()
        after = set(self.posts())
        for _step in range(steps):
            before, so_far = after, (len(self.world.begun), len(self.world.told))
            self.world.bell.travel(STEP)
            self.catch_up()
            happened = so_far != (len(self.world.begun), len(self.world.told))
            after = set(self.posts()) if happened else before
            new = after - before
            must, may = set(), set(self.doubtful)
            for wish in self.wishes.values():
                key = wish.due_at(self.world.bell.now())
                if key is None or key in wish.skipped or (wish.plan, key) in before:
                    continue
                may.add((wish.plan, key))
                if self.is_owed(wish, key) and not self.failing:
                    must.add((wish.plan, key))
            assert must <= new, f"{must - new} should have happened at {self.world.bell.now()}"
            assert new <= may, f"{new - may} happened at {self.world.bell.now()}"
            if happened:
                self.note_settled()

    @rule(steps=st.integers(1, 400))
    def the_bot_is_down(self, steps: int) -> None:
        self.note_settled()
        owed: dict[tuple[int, str], datetime] = {}
        before = set(self.posts())
        for _step in range(steps):
            self.world.bell.travel(STEP)
            for wish in self.wishes.values():
                key = wish.due_at(self.world.bell.now())
                if key is not None and self.is_owed(wish, key) and key not in wish.skipped:
                    owed.setdefault((wish.plan, key), self.world.bell.now())
        self.world.begin()
        self.catch_up()
        new = set(self.posts()) - before
        states = self.states()
        for wish in self.wishes.values():
            ours = {key: at for (plan, key), at in owed.items() if plan == wish.plan and (plan, key) not in before}
            if not ours:
                continue
            latest = max(ours, key=lambda key: ours[key])
            in_time = self.world.bell.now() - ours[latest] <= wish.grace
            assert ((wish.plan, latest) in new) == (in_time and not self.failing)
            assert [key for plan, key in new if plan == wish.plan and key in ours] in ([], [latest])
            assert all((wish.plan, key) in states for key in ours), "some are lost without a record"

    @precondition(lambda self: self.wishes)
    @rule()
    def the_bot_dies_at_the_next_job(self) -> None:
        async def die() -> None:
            reached, never = asyncio.Event(), asyncio.Event()

            async def hang(due: Due) -> None:
                self.doubtful.add((due.plan.id, due.key))
                reached.set()
                await never.wait()

            self.world.before = hang
            for _step in range(200):
                self.world.bell.travel(STEP)
                running = asyncio.ensure_future(self.world.jobs.run_due())
                reaching = asyncio.ensure_future(reached.wait())
                await asyncio.wait([running, reaching], return_when=asyncio.FIRST_COMPLETED)
                tasks = [running, reaching, *(hand.task for hand in self.world.jobs._hands.values())]
                for task in tasks:
                    task.cancel()
                await asyncio.gather(*tasks, return_exceptions=True)
                if reached.is_set():
                    break

        before = self.posts()
        self.run(die())
        assert self.posts() == before
        self.world.before = self.before
        self.world.begin()
        self.world.bell.travel(timedelta(seconds=10))
        self.catch_up()
        self.world.bell.set_to(self.world.bell.now() + STEP - timedelta(seconds=10))
        self.catch_up()

    @rule(hours=st.integers(-40, 40).filter(bool))
    def the_clock_is_set(self, hours: int) -> None:
        self.note_settled()
        before = set(self.posts())
        self.world.bell.set_to(self.world.bell.now() + timedelta(hours=hours))
        self.catch_up()
        if hours < 0:
            assert set(self.posts()) - before <= self.doubtful, "nothing new is due when a clock is set back"

    @invariant()
    def no_date_of_a_plan_happens_twice(self) -> None:
        if hasattr(self, "world"):
            posts = self.posts()
            assert len(posts) == len(set(posts))

    @invariant()
    def what_is_done_has_its_effect(self) -> None:
        if hasattr(self, "world"):
            done = {name for name, state in self.states().items() if state == "done"}
            assert done <= set(self.posts())

    def teardown(self) -> None:
        if hasattr(self, "world"):
            self.failing = False
            for _hour in range(48):
                self.world.bell.travel(timedelta(hours=1))
                self.catch_up()
            self.no_date_of_a_plan_happens_twice()
            assert set(self.states().values()) <= {"done", "missed", "skipped"}, "something is never settled"
            self.run(self.world.close())
        self.loop.close()


def effort(examples: int, steps: int) -> settings:
    """How long to look; every run looks elsewhere."""
    return settings(
        max_examples=examples, stateful_step_count=steps, deadline=None, suppress_health_check=list(HealthCheck)
    )


TestPlansAtRandom = Plans.TestCase
TestPlansAtRandom.settings = effort(2 if ON_POSTGRES else 30, 25)

if __name__ == "__main__":
    logging.disable(logging.CRITICAL)
    use_own_zone_data()
    run_state_machine_as_test(Plans, settings=effort(int(sys.argv[1]), 40))
    print(f"{sys.argv[1]} stories, and nothing was done twice or lost")
