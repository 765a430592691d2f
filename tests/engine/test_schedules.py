"""What is planned, and when it is next due, through every change somebody may make."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest

from bot.engine.schedules import KEPT, KEPT_REMOVED, forget_old_plans, use_zone_data
from bot.engine.store.plans import rule_of, rule_text
from bot.kit.database import Transaction
from bot.kit.schedule import Daily, Every, Once, Owner, Plan, Rule, Weekly
from tests.fakes.schedule_world import JOB, OURS, QUIET, ScheduleWorld

# The world begins on Saturday, 21 November 2026 at 06:00 UTC, 07:00 in Berlin.


@pytest.fixture
async def world() -> AsyncIterator[ScheduleWorld]:
    world = await ScheduleWorld.open()
    yield world
    await world.close()


def daily(hour: int, minute: int = 0) -> Daily:
    return Daily(time(hour, minute))


def utc(day: int, hour: int, minute: int = 0, second: int = 0) -> datetime:
    return datetime(2026, 11, day, hour, minute, second, tzinfo=UTC)


@pytest.mark.parametrize(
    ("rule", "due"),
    [
        (daily(9), utc(21, 8)),
        (daily(7), utc(21, 6)),
        (daily(6, 59), utc(22, 5, 59)),
        (Weekly(frozenset((1, 2)), time(9, 0)), utc(23, 8)),
        (Weekly(frozenset((6,)), time(6, 0)), utc(28, 5)),
        (Every(25), utc(21, 6, 20)),
        (Once(datetime(2026, 11, 30, 12, 0)), utc(30, 11)),
        (Once(datetime(2026, 11, 21, 6, 30)), utc(21, 6)),  # half an hour ago: at once
        (Once(datetime(2026, 11, 21, 3, 30)), utc(21, 2, 30)),  # older than its grace: it will be recorded as missed
    ],
)
async def test_a_new_plan_is_due_at_the_next_time_of_its_rule(world: ScheduleWorld, rule: Rule, due: datetime) -> None:
    await world.plan(rule)
    assert await world.next_due() == due


async def test_a_plan_is_kept_as_it_was_made(world: ScheduleWorld) -> None:
    plan = Plan(
        JOB,
        Owner(community=7, person=3),
        Weekly(frozenset((2, 5)), time(18, 30)),
        "Asia/Kathmandu",
        tag="sprint-4",
        data={"sprint": 4, "name": "Ünïcode ☕"},
        grace=timedelta(minutes=20),
    )
    made = await world.database.write(lambda tx: world.timetable.plan(tx, plan))
    (kept,) = await world.of(plan.owner)
    assert (kept.id, kept.plan, kept.paused) == (made, plan, False)
    assert await world.of(Owner(community=7)) == []
    assert await world.of(Owner(person=3)) == []


async def test_one_plan_for_each_job_owner_and_tag(world: ScheduleWorld) -> None:
    plans = {
        await world.plan(daily(9), owner=owner, tag=tag, job=job)
        for owner in (OURS, Owner(community=2), Owner(person=1), Owner(person=2), Owner(), Owner(1, 1))
        for tag in ("", "a")
        for job in (JOB, QUIET)
    }
    assert len(plans) == 24
    again = await world.plan(daily(10), owner=Owner(), tag="a", job=QUIET)
    assert again in plans
    assert len(await world.of(Owner())) == 4


async def test_what_is_planned_is_listed_soonest_first(world: ScheduleWorld) -> None:
    await world.plan(daily(6), tag="tomorrow")
    await world.plan(daily(8), tag="soon")
    over = await world.plan(daily(8), tag="paused")
    await world.pause(over)
    await world.plan(Every(1), tag="first")
    assert [planned.plan.tag for planned in await world.of()] == ["first", "soon", "tomorrow", "paused"]


@pytest.mark.parametrize("zone", ["Europe/Berln", "", "Europe", "../../x"])
async def test_an_unknown_zone_is_refused_and_changes_nothing(world: ScheduleWorld, zone: str) -> None:
    await world.plan(daily(9))
    with pytest.raises(ValueError, match="no time zone"):
        await world.plan(daily(10), zone)
    (planned,) = await world.of()
    assert planned.plan.rule == daily(9)


class TestChanges:
    """A change of time or zone neither doubles nor drops today's occurrence."""

    async def test_to_later_before_it_happened(self, world: ScheduleWorld) -> None:
        await world.plan(daily(9))
        await world.plan(daily(11))
        assert await world.next_due() == utc(21, 10)

    async def test_to_earlier_before_it_happened_and_still_to_come(self, world: ScheduleWorld) -> None:
        await world.plan(daily(9))
        await world.plan(daily(8))
        assert await world.next_due() == utc(21, 7)

    async def test_to_a_time_that_has_passed_before_it_happened_means_at_once(self, world: ScheduleWorld) -> None:
        await world.plan(daily(9))
        await world.plan(daily(4), grace=timedelta(minutes=1))
        assert await world.next_due() == utc(21, 6)
        await world.jobs.run_due()
        assert await world.rows() == ["2026-11-21"]
        assert not world.begun[0].late, "it is not late: it was not due before"
        assert await world.next_due() == utc(22, 3)

    async def test_to_later_after_it_happened_means_tomorrow(self, world: ScheduleWorld) -> None:
        await world.plan(daily(8))
        await world.goes_to(21, 7, 30)
        await world.plan(daily(20))
        assert await world.next_due() == utc(22, 19)

    async def test_to_earlier_after_it_happened_means_tomorrow(self, world: ScheduleWorld) -> None:
        await world.plan(daily(8))
        await world.goes_to(21, 7, 30)
        await world.plan(daily(7))
        assert await world.next_due() == utc(22, 6)

    async def test_a_new_plan_owes_nothing_for_today(self, world: ScheduleWorld) -> None:
        await world.plan(daily(6))
        await world.plan(daily(6, 30))
        assert await world.next_due() == utc(22, 5, 30)

    async def test_a_new_plan_moved_to_later_today_happens_today(self, world: ScheduleWorld) -> None:
        await world.plan(daily(6))
        await world.plan(daily(10))
        assert await world.next_due() == utc(21, 9)

    async def test_what_is_due_and_only_waits_for_its_turn_happens_as_it_was_planned(
        self, world: ScheduleWorld
    ) -> None:
        await world.plan(daily(9))
        world.bell.set_to(utc(21, 8, 0, 1))
        await world.plan(daily(18))
        await world.jobs.run_due()
        assert await world.rows() == ["2026-11-21"]
        assert await world.next_due() == utc(22, 17)

    async def test_to_a_zone_where_the_day_is_over_already(self, world: ScheduleWorld) -> None:
        await world.plan(daily(8))
        await world.goes_to(21, 7)
        world.bell.set_to(utc(21, 20))
        await world.plan(daily(8), "Pacific/Kiritimati")  # there it is the 22nd, 10:00
        await world.jobs.run_due()
        assert await world.rows() == ["2026-11-21", "2026-11-22"]
        assert await world.next_due() == utc(22, 18)

    async def test_to_a_zone_where_it_is_still_yesterday(self, world: ScheduleWorld) -> None:
        await world.plan(daily(9), "Pacific/Kiritimati")
        await world.goes_to(21, 19, 30)  # the 22nd there
        assert await world.rows() == ["2026-11-22"]
        await world.plan(daily(9), "Pacific/Honolulu")  # the 21st there, 09:30
        assert await world.next_due() == utc(23, 19), "the 22nd happened already"

    async def test_across_the_date_line_when_both_dates_have_passed(self, world: ScheduleWorld) -> None:
        world.bell.set_to(utc(21, 9, 30))
        await world.plan(Daily(time(23, 59)), "Pacific/Niue")  # the 20th there: due at 10:59
        await world.plan(Daily(time(0, 1)), "Pacific/Kiritimati")  # the 21st there, 23:30
        await world.jobs.run_due()
        assert await world.rows() == ["2026-11-21"], "never two at once"

    async def test_from_weekly_to_daily_and_back(self, world: ScheduleWorld) -> None:
        await world.plan(Weekly(frozenset((6,)), time(8, 0)))
        await world.goes_to(21, 7)
        await world.plan(daily(9))
        assert await world.next_due() == utc(22, 8)
        await world.plan(Weekly(frozenset((6, 7)), time(7, 0)))
        assert await world.next_due() == utc(22, 6)

    async def test_from_an_interval_to_a_day(self, world: ScheduleWorld) -> None:
        await world.plan(Every(5))
        await world.goes_to(21, 6, 30)
        await world.plan(daily(9))
        assert await world.next_due() == utc(21, 8)

    async def test_to_another_interval(self, world: ScheduleWorld) -> None:
        await world.plan(Every(30))
        await world.goes_to(21, 6, 30)
        await world.plan(Every(15))
        assert await world.next_due() == utc(21, 6, 45)

    async def test_a_single_time_that_happened_is_over_wherever_one_moves(self, world: ScheduleWorld) -> None:
        single = Once(datetime(2026, 11, 21, 8, 0))
        await world.plan(single)
        await world.goes_to(21, 7)
        await world.plan(single, "America/New_York")
        assert await world.next_due() is None
        await world.plan(Once(datetime(2026, 11, 21, 12, 0)), "America/New_York")
        assert await world.next_due() == utc(21, 17), "another time is another wish"

    async def test_new_words_and_grace_leave_the_time_alone(self, world: ScheduleWorld) -> None:
        plan = await world.plan(daily(9))
        world.bell.set_to(utc(21, 8, 30))
        await world.plan(daily(9), grace=timedelta(minutes=5))
        assert await world.next_due() == utc(21, 8)
        await world.skip(plan)
        await world.plan(daily(9), grace=timedelta(minutes=50))
        assert await world.next_due() == utc(22, 8)

    async def test_what_was_missed_today_may_be_made_up_for_by_a_later_time(self, world: ScheduleWorld) -> None:
        await world.plan(daily(8))
        await world.goes_to(21, 14)
        assert await world.states() == {"2026-11-21": "missed"}
        await world.plan(daily(20))
        assert await world.next_due() == utc(21, 19)
        await world.goes_to(21, 19)
        assert await world.rows() == ["2026-11-21"]


class TestPauses:
    async def test_what_fell_into_a_pause_is_not_made_up_for(self, world: ScheduleWorld) -> None:
        plan = await world.plan(daily(9))
        await world.pause(plan)
        (planned,) = await world.of()
        assert (planned.paused, planned.due) == (True, None)
        await world.goes_to(21, 9)
        await world.pause(plan, paused=False)
        await world.jobs.run_due()
        assert await world.rows() == []
        assert await world.next_due() == utc(22, 8)

    async def test_a_pause_that_ends_in_time_costs_nothing(self, world: ScheduleWorld) -> None:
        plan = await world.plan(daily(9))
        await world.pause(plan)
        world.bell.set_to(utc(21, 7, 59))
        await world.pause(plan, paused=False)
        await world.goes_to(21, 8)
        assert await world.rows() == ["2026-11-21"]

    async def test_a_paused_plan_stays_paused_when_it_is_changed(self, world: ScheduleWorld) -> None:
        plan = await world.plan(daily(9))
        await world.pause(plan)
        await world.plan(daily(10))
        await world.goes_to(21, 12)
        assert await world.rows() == []
        await world.pause(plan, paused=False)
        assert await world.next_due() == utc(22, 9)

    async def test_to_pause_twice_or_to_go_on_unpaused_changes_nothing(self, world: ScheduleWorld) -> None:
        plan = await world.plan(daily(9))
        world.bell.set_to(utc(21, 8, 5))
        await world.pause(plan, paused=False)
        await world.jobs.run_due()
        assert await world.rows() == ["2026-11-21"], "going on did not drop what was due"
        await world.pause(plan)
        await world.pause(plan)
        await world.pause(plan, paused=False)
        assert await world.next_due() == utc(22, 8)

    async def test_a_single_time_that_fell_into_a_pause_is_over(self, world: ScheduleWorld) -> None:
        plan = await world.plan(Once(datetime(2026, 11, 21, 9, 0)))
        await world.pause(plan)
        world.bell.set_to(utc(21, 8, 5))
        await world.pause(plan, paused=False)
        assert await world.next_due() is None

    async def test_nothing_happens_to_an_unknown_plan(self, world: ScheduleWorld) -> None:
        await world.pause(77)
        assert await world.skip(77) is None
        await world.forget(77)
        assert await world.of() == []


class TestSkips:
    async def test_the_next_one_is_left_out(self, world: ScheduleWorld) -> None:
        plan = await world.plan(daily(9))
        assert await world.skip(plan) == utc(22, 8)
        await world.goes_to(21, 9)
        await world.goes_to(22, 9)
        assert await world.rows() == ["2026-11-22"]
        assert await world.states() == {"2026-11-21": "skipped", "2026-11-22": "done"}

    async def test_a_second_skip_leaves_out_another(self, world: ScheduleWorld) -> None:
        plan = await world.plan(daily(9))
        await world.skip(plan)
        assert await world.skip(plan) == utc(23, 8)

    async def test_what_was_skipped_stays_so_when_the_time_is_changed(self, world: ScheduleWorld) -> None:
        plan = await world.plan(daily(9))
        await world.skip(plan)
        await world.plan(daily(12))
        assert await world.next_due() == utc(22, 11)

    async def test_a_single_time_that_is_skipped_is_over(self, world: ScheduleWorld) -> None:
        plan = await world.plan(Once(datetime(2026, 11, 22, 9, 0)))
        assert await world.skip(plan) is None
        assert await world.next_due() is None
        assert await world.skip(plan) is None

    async def test_a_paused_plan_has_nothing_to_skip(self, world: ScheduleWorld) -> None:
        plan = await world.plan(daily(9))
        await world.pause(plan)
        assert await world.skip(plan) is None
        assert await world.states() == {}


class TestRemoval:
    async def test_a_removed_plan_is_gone(self, world: ScheduleWorld) -> None:
        plan = await world.plan(daily(9))
        await world.forget(plan)
        await world.goes_to(21, 9)
        assert await world.of() == []
        assert await world.rows() == []
        await world.pause(plan)
        assert await world.skip(plan) is None

    async def test_what_is_planned_again_on_the_same_day_does_not_happen_twice(self, world: ScheduleWorld) -> None:
        plan = await world.plan(daily(9))
        await world.goes_to(21, 8)
        await world.forget(plan)
        assert await world.plan(daily(10)) == plan
        assert await world.next_due() == utc(22, 9)

    async def test_it_leaves_nothing_behind_in_the_end(self, world: ScheduleWorld) -> None:
        plan = await world.plan(daily(9))
        kept = await world.plan(daily(9), tag="kept")
        await world.goes_to(21, 8)
        await world.forget(plan)
        world.bell.travel(KEPT_REMOVED + timedelta(seconds=1))
        assert await forget_old_plans(world.database, world.bell) == 1
        assert await world.states() == {"2026-11-21": "done"}
        assert await world.database.read(plans) == [kept]

    async def test_its_words_are_gone_at_once(self, world: ScheduleWorld) -> None:
        plan = Plan(JOB, OURS, daily(9), "UTC", data={"name": "Ana"})
        made = await world.database.write(lambda tx: world.timetable.plan(tx, plan))
        await world.forget(made)

        async def words(tx: Transaction) -> str:
            row = await tx.one("SELECT data FROM engine_plan")
            assert row is not None
            return str(row[0])

        assert await world.database.read(words) == "{}"


async def plans(tx: Transaction) -> list[int]:
    return [row[0] for row in await tx.all("SELECT id FROM engine_plan ORDER BY id")]


async def test_old_occurrences_are_dropped_a_little_at_a_time(
    world: ScheduleWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    await world.plan(Every(1))
    await world.jobs.run_due()
    await world.passes(minutes=4)
    world.bell.travel(KEPT - timedelta(minutes=1))
    monkeypatch.setattr("bot.engine.schedules._CHUNK", 2)
    assert [await forget_old_plans(world.database, world.bell) for _turn in range(3)] == [2, 1, 0]
    assert list(await world.states()) == ["2026-11-21T06:03Z", "2026-11-21T06:04Z"], "these are younger"


async def test_what_nobody_has_done_yet_is_not_dropped_however_old(world: ScheduleWorld) -> None:
    await world.plan(daily(9))

    async def fail(_due: object) -> None:
        raise RuntimeError

    world.before = fail
    await world.goes_to(21, 8)
    world.bell.travel(KEPT * 2)
    assert await forget_old_plans(world.database, world.bell) == 0


class TestZoneData:
    async def arm(self, world: ScheduleWorld, plan: int, due: datetime) -> None:
        """Pretend that the plan was worked out by other zone data."""

        async def work(tx: Transaction) -> None:
            await tx.execute(
                "UPDATE engine_plan SET next_due = :due WHERE id = :plan", due=int(due.timestamp()), plan=plan
            )

        await world.database.write(work)

    async def test_later_zone_data_moves_what_it_changes(
        self, world: ScheduleWorld, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("bot.engine.schedules._CHUNK", 2)
        plans = [await world.plan(Once(datetime(2026, 12, 24, hour, 0)), tag=str(hour)) for hour in range(5)]
        for plan in plans[1:4]:
            await self.arm(world, plan, utc(30, 4))
        assert await use_zone_data(world.database, "2026f") == 3
        assert [planned.due for planned in await world.of()] == [
            datetime(2026, 12, 23, 23, tzinfo=UTC) + timedelta(hours=hour) for hour in range(5)
        ]

    async def test_the_same_zone_data_costs_one_look(self, world: ScheduleWorld) -> None:
        plan = await world.plan(daily(9))
        assert await use_zone_data(world.database, "2026f") == 0
        await self.arm(world, plan, utc(21, 7))
        assert await use_zone_data(world.database, "2026f") == 0
        assert await use_zone_data(world.database, "2027a") == 1

    async def test_intervals_have_nothing_to_do_with_zones(self, world: ScheduleWorld) -> None:
        plan = await world.plan(Every(10))
        await self.arm(world, plan, utc(21, 6, 30))
        assert await use_zone_data(world.database, "2026f") == 0


@pytest.mark.parametrize(
    "rule",
    [
        daily(9),
        daily(0, 5),
        Weekly(frozenset((1, 7)), time(23, 59)),
        Every(1440),
        Once(datetime(2026, 3, 29, 2, 30, 5)),
    ],
)
def test_a_rule_is_read_as_it_was_written(rule: Rule) -> None:
    assert rule_of(rule_text(rule)) == rule


@pytest.mark.parametrize(
    "text", ["", "{}", "[]", "7", '{"daily":9}', '{"weekly":"09:00"}', '{"every":0}', '{"daily":"x"}']
)
def test_a_rule_that_cannot_be_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        rule_of(text)


async def test_changes_are_announced_and_nothing_else(world: ScheduleWorld) -> None:
    rung: list[Any] = []
    object.__setattr__(world.timetable, "_ring", lambda: rung.append(1))
    plan = await world.plan(daily(9))
    assert len(rung) == 1
    await world.plan(daily(9))
    await world.of()
    await world.pause(plan)
    assert len(rung) == 1
    await world.pause(plan, paused=False)
    assert len(rung) == 2
