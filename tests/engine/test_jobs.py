"""What is due is done once: after pauses, failures, crashes, clocks set wrong, and with several processes at work."""

from __future__ import annotations

import asyncio
import itertools
import logging
from collections.abc import AsyncIterator
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import TypeVar

import pytest

from bot.engine.claims import LEASE, MOST_RECORDED
from bot.engine.discover import join
from bot.engine.inbox import OnceOnly, noting
from bot.engine.jobs import AT_ONCE, LONGEST_RUN, OTHERS, PATIENCE
from bot.kit.database import Transaction, Value, Work
from bot.kit.errors import AlreadyHandledError, StorageError
from bot.kit.feature import Feature
from bot.kit.schedule import Daily, Due, Every, Job, Once, Owner, Weekly
from tests.fakes.databases import open_kept
from tests.fakes.schedule_world import QUIET, ScheduleWorld, turns

# The world begins on Saturday, 21 November 2026 at 06:00 UTC, 07:00 in Berlin.
Result = TypeVar("Result")
NINE = Daily(time(9, 0))


def utc(day: int, hour: int, minute: int = 0, second: int = 0) -> datetime:
    return datetime(2026, 11, day, hour, minute, second, tzinfo=UTC)


@pytest.fixture
async def world() -> AsyncIterator[ScheduleWorld]:
    world = await ScheduleWorld.open()
    yield world
    await world.close()


async def fail(_due: Due) -> None:
    raise RuntimeError("a detail of the feature")


async def sql(world: ScheduleWorld, text: str, **values: Value) -> int:
    async def work(tx: Transaction) -> int:
        return await tx.execute(text, **values)

    return await world.database.write(work)


class TestInTime:
    async def test_what_is_due_is_done_at_its_second_and_once(self, world: ScheduleWorld) -> None:
        await world.plan(NINE)
        await world.goes_to(21, 7, 59, 59)
        assert world.begun == []
        await world.goes_to(21, 8)
        await world.goes_to(21, 8, 0, 1)
        assert await world.rows() == ["2026-11-21"]
        assert await world.states() == {"2026-11-21": "done"}

    async def test_a_job_is_told_what_it_is_for(self, world: ScheduleWorld) -> None:
        plan = await world.plan(NINE, owner=Owner(community=5, person=6), tag="x")
        await world.goes_to(21, 8)
        (due,) = world.begun
        assert (due.plan.id, due.plan.plan.owner, due.plan.plan.tag) == (plan, Owner(5, 6), "x")
        assert (due.key, due.at, due.next) == ("2026-11-21", utc(21, 8), utc(22, 8))
        assert (due.late, due.times) == (False, 1)

    async def test_every_day_and_every_week_while_the_bot_is_up(self, world: ScheduleWorld) -> None:
        await world.plan(NINE)
        await world.plan(Weekly(frozenset((1, 7)), time(22, 0)), tag="week")
        await world.passes(timedelta(minutes=20), days=3)
        assert await world.rows() == ["2026-11-21", "2026-11-22", "2026-11-22", "2026-11-23", "2026-11-23"]
        assert await world.rows("missed") == []

    async def test_intervals_are_kept_to_the_minute(self, world: ScheduleWorld) -> None:
        await world.plan(Every(15), job=QUIET)
        await world.jobs.run_due()
        await world.passes(hours=1)
        assert [due.at for due in world.begun] == [utc(21, 6, minute) for minute in (0, 15, 30, 45)] + [utc(21, 7)]

    async def test_a_single_time_is_over_afterwards(self, world: ScheduleWorld) -> None:
        await world.plan(Once(datetime(2026, 11, 21, 9, 30)))
        await world.goes_to(21, 8, 30)
        assert world.begun[0].next is None
        assert await world.next_due() is None
        await world.passes(timedelta(hours=6), days=2)
        assert len(await world.rows()) == 1

    async def test_a_job_that_stores_nothing_is_done_all_the_same(self, world: ScheduleWorld) -> None:
        await world.plan(NINE, job=QUIET)
        await world.goes_to(21, 8)
        assert await world.states() == {"2026-11-21": "done"}
        assert world.jobs.counts["done"] == 1

    async def test_many_at_the_same_instant_are_all_done(self, world: ScheduleWorld) -> None:
        for number in range(AT_ONCE * 2 + 5):
            await world.plan(NINE, owner=Owner(community=number + 1))
        most = 0

        async def look(_due: Due) -> None:
            nonlocal most
            most = max(most, len(world.jobs._hands))
            await asyncio.sleep(0)

        world.before = look
        await world.goes_to(21, 8)
        assert len(await world.rows()) == AT_ONCE * 2 + 5
        assert most == AT_ONCE


class TestAfterDowntime:
    async def test_what_is_younger_than_its_grace_is_done_late(self, world: ScheduleWorld) -> None:
        await world.plan(NINE)
        await world.goes_to(21, 11)
        assert [(due.late, due.at) for due in world.begun] == [(True, utc(21, 8))]
        assert await world.rows("missed") == []

    async def test_a_minute_is_not_late(self, world: ScheduleWorld) -> None:
        await world.plan(NINE)
        await world.goes_to(21, 8, 1)
        assert not world.begun[0].late

    async def test_what_is_older_is_recorded_and_told(
        self, world: ScheduleWorld, caplog: pytest.LogCaptureFixture
    ) -> None:
        await world.plan(NINE)
        with caplog.at_level(logging.WARNING):
            await world.goes_to(21, 11, 0, 1)
        assert world.begun == []
        assert await world.states() == {"2026-11-21": "missed"}
        assert [(due.key, due.late, due.times, due.next) for due in world.told] == [("2026-11-21", True, 1, utc(22, 8))]
        assert await world.rows("missed") == ["2026-11-21"]
        assert "missed 1 times" in caplog.text
        await world.goes_to(22, 8)
        assert await world.rows() == ["2026-11-22"]

    @pytest.mark.parametrize(("hour", "ran", "told"), [(9, ["2026-11-26"], 5), (7, [], 5), (15, [], 6)])
    async def test_after_five_days_at_most_one_is_done(
        self, world: ScheduleWorld, hour: int, ran: list[str], told: int
    ) -> None:
        await world.plan(NINE)
        await world.goes_to(26, hour)
        assert await world.rows() == ran
        assert [due.times for due in world.told] == [told], "told once, with their number"
        assert list((await world.states()).values()).count("missed") == told

    async def test_a_month_of_minutes_is_one_run_and_one_word(self, world: ScheduleWorld) -> None:
        await world.plan(Every(1))
        await world.jobs.run_due()
        world.bell.travel(timedelta(days=30))
        await world.jobs.run_due()
        assert len(world.begun) == 2
        assert [due.times for due in world.told] == [30 * 1440 - 1]
        assert list((await world.states()).values()).count("missed") == MOST_RECORDED - 1

    async def test_what_was_missed_of_many_plans_does_not_keep_others_waiting(self, world: ScheduleWorld) -> None:
        for number in range(AT_ONCE + 20):
            await world.plan(NINE, owner=Owner(community=number + 1))
        await world.plan(Daily(time(23, 0)), tag="fresh")
        await world.goes_to(21, 22)
        assert len(await world.rows("missed")) == AT_ONCE + 20
        assert await world.rows() == ["2026-11-21"]

    async def test_a_job_that_cannot_be_told_is_recorded_and_disturbs_nobody(
        self, world: ScheduleWorld, caplog: pytest.LogCaptureFixture
    ) -> None:
        await world.plan(NINE)
        await world.plan(Daily(time(15, 0)), tag="other")

        def cannot(_due: Due) -> None:
            raise LookupError("a secret")

        world.missed_before = cannot
        await world.goes_to(21, 14)
        assert await world.states() == {"2026-11-21": "missed"} | {"2026-11-21": "done"}
        assert sorted(await _states_of_all(world)) == ["done", "missed"]
        assert "could not be told" in caplog.text
        assert await world.rows() == ["2026-11-21"]

    async def test_a_job_without_a_word_for_it_is_recorded(self, world: ScheduleWorld) -> None:
        await world.plan(NINE, job=QUIET)
        await world.goes_to(22, 7)
        assert await world.states() == {"2026-11-21": "missed"}


async def _states_of_all(world: ScheduleWorld) -> list[str]:
    return [row[0] for row in await world.database.read(lambda tx: tx.all("SELECT state FROM engine_occurrence"))]


class TestFailures:
    async def test_a_failed_job_is_tried_again_and_then_done_once(
        self, world: ScheduleWorld, caplog: pytest.LogCaptureFixture
    ) -> None:
        await world.plan(NINE)
        world.before = fail
        await world.goes_to(21, 8)
        assert await world.states() == {"2026-11-21": "waiting"}
        assert "reference" in caplog.text
        assert "RuntimeError" in caplog.text
        world.before = None
        await world.passes(timedelta(seconds=1), seconds=5)
        assert await world.rows() == ["2026-11-21"]
        assert len(world.begun) == 2
        assert (world.jobs.counts["failed"], world.jobs.counts["done"]) == (1, 1)

    async def test_it_is_tried_less_and_less_often(self, world: ScheduleWorld) -> None:
        await world.plan(NINE)
        tried: list[datetime] = []

        async def fail_and_look(due: Due) -> None:
            tried.append(world.bell.now())
            await fail(due)

        world.before = fail_and_look
        await world.goes_to(21, 8)
        await world.passes(timedelta(seconds=1), hours=1)
        pauses = [(later - earlier).total_seconds() for earlier, later in itertools.pairwise(tried)]
        assert pauses[0] <= 2
        assert all(later >= earlier * 0.5 for earlier, later in itertools.pairwise(pauses))
        assert 150 <= pauses[-1] <= 300
        assert len(tried) < 30

    async def test_in_the_end_it_is_missed_and_told(self, world: ScheduleWorld) -> None:
        await world.plan(NINE, grace=timedelta(minutes=10))
        world.before = fail
        await world.passes(timedelta(seconds=5), hours=3)
        assert await world.states() == {"2026-11-21": "missed"}
        assert [(due.key, due.times, due.late) for due in world.told] == [("2026-11-21", 1, True)]
        assert await world.rows() == []
        world.before = None
        await world.goes_to(22, 8)
        assert await world.rows() == ["2026-11-22"]

    async def test_the_next_one_takes_the_place_of_one_that_fails(self, world: ScheduleWorld) -> None:
        await world.plan(Every(1))

        async def fail_first(due: Due) -> None:
            if due.key.endswith("06:00Z"):
                await fail(due)

        world.before = fail_first
        await world.jobs.run_due()
        await world.passes(timedelta(seconds=1), seconds=65)
        assert await world.states() == {"2026-11-21T06:00Z": "missed", "2026-11-21T06:01Z": "done"}
        assert await world.rows("missed") == ["2026-11-21T06:00Z"]

    async def test_others_are_not_delayed(self, world: ScheduleWorld) -> None:
        await world.plan(NINE)
        await world.plan(NINE, tag="good")

        async def fail_untagged(due: Due) -> None:
            if not due.plan.plan.tag:
                await fail(due)

        world.before = fail_untagged
        await world.goes_to(21, 8)
        assert sorted(await _states_of_all(world)) == ["done", "waiting"]

    async def test_an_effect_stored_before_the_failure_counts(self, world: ScheduleWorld) -> None:
        once = OnceOnly(world.database)

        async def write_and_fail(due: Due) -> None:
            await once.write(lambda tx: world._write(tx, due, "post"))
            await fail(due)

        world.before = write_and_fail
        await world.plan(NINE)
        await world.goes_to(21, 8)
        await world.passes(timedelta(seconds=1), minutes=1)
        assert await world.rows() == ["2026-11-21"]
        assert len(world.begun) == 1

    async def test_a_unit_that_fails_leaves_nothing_and_is_tried_again(self, world: ScheduleWorld) -> None:
        once = OnceOnly(world.database)

        async def half(tx: Transaction) -> None:
            await world._write(tx, world.begun[-1], "half")
            await tx.execute("INSERT INTO nowhere VALUES (1)")

        async def write_half(due: Due) -> None:
            if len(world.begun) == 1:
                await once.write(half)

        world.before = write_half
        await world.plan(NINE)
        await world.goes_to(21, 8)
        await world.passes(timedelta(seconds=1), seconds=3)
        assert await world.rows("half") == []
        assert await world.rows() == ["2026-11-21"]

    async def test_a_paused_plan_is_not_tried_again(self, world: ScheduleWorld) -> None:
        plan = await world.plan(NINE)
        world.before = fail
        await world.goes_to(21, 8)
        await world.pause(plan)
        world.before = None
        await world.passes(timedelta(seconds=1), seconds=5)
        await world.pause(plan, paused=False)
        await world.passes(timedelta(seconds=1), seconds=5)
        assert await world.rows() == []
        assert await world.states() == {"2026-11-21": "skipped"}

    async def test_a_run_that_takes_too_long_is_broken_off(self, world: ScheduleWorld) -> None:
        never = asyncio.Event()

        async def hang(_due: Due) -> None:
            await never.wait()

        world.before = hang
        await world.plan(NINE)
        world.bell.set_to(utc(21, 8))
        await world.jobs.start()
        await turns()
        assert len(world.begun) == 1
        for _third in range(LONGEST_RUN // 3 + 1):
            world.bell.travel(timedelta(seconds=3))
            await turns()
        assert world.jobs.counts["failed"] == 1
        world.before = None
        world.bell.travel(timedelta(seconds=3))
        await turns()
        assert await world.rows() == ["2026-11-21"]
        await world.jobs.stop()


class TestCrashes:
    async def hang(self, world: ScheduleWorld) -> asyncio.Task[None]:
        """Let a process die while its job is at work, before it stored anything."""
        reached = asyncio.Event()

        async def never(_due: Due) -> None:
            reached.set()
            await asyncio.Event().wait()

        world.before = never
        dying = asyncio.ensure_future(world.jobs.run_due())
        await reached.wait()
        hands = [hand.task for hand in world.jobs._hands.values()]
        for task in (dying, *hands):
            task.cancel()
        await asyncio.gather(dying, *hands, return_exceptions=True)
        world.before = None
        world.begin()
        return dying

    async def test_another_takes_over_within_fifteen_seconds(self, world: ScheduleWorld) -> None:
        await world.plan(NINE)
        world.bell.set_to(utc(21, 8))
        await self.hang(world)
        assert await world.states() == {"2026-11-21": "running"}
        await world.passes(timedelta(seconds=1), seconds=LEASE - 1)
        assert await world.rows() == []
        await world.passes(timedelta(seconds=1), seconds=1)
        assert await world.rows() == ["2026-11-21"]

    async def test_what_was_stored_before_the_crash_is_not_done_again(self, world: ScheduleWorld) -> None:
        await world.plan(NINE)
        await world.goes_to(21, 8)
        world.begin()
        await world.passes(timedelta(seconds=1), minutes=1)
        assert await world.rows() == ["2026-11-21"]

    async def test_a_crash_followed_by_a_long_night_is_missed_and_told(self, world: ScheduleWorld) -> None:
        await world.plan(NINE)
        world.bell.set_to(utc(21, 8))
        await self.hang(world)
        await world.goes_to(21, 20)
        assert await world.states() == {"2026-11-21": "missed"}
        assert await world.rows("missed") == ["2026-11-21"]

    async def test_a_crash_followed_by_days_is_one_of_those_missed(self, world: ScheduleWorld) -> None:
        await world.plan(NINE)
        world.bell.set_to(utc(21, 8))
        await self.hang(world)
        await world.goes_to(24, 9)
        assert await world.rows() == ["2026-11-24"]
        assert [due.times for due in world.told] == [3]

    async def test_a_lease_from_before_the_clock_was_set_back_holds_nobody_up(self, world: ScheduleWorld) -> None:
        await world.plan(NINE)
        world.bell.set_to(utc(21, 8))
        await self.hang(world)
        await world.goes_to(21, 7)
        assert await world.rows() == ["2026-11-21"], "its hour had come, and nobody is at it"

    async def test_what_a_plan_began_before_it_was_paused_is_not_taken_again(self, world: ScheduleWorld) -> None:
        plan = await world.plan(NINE)
        world.bell.set_to(utc(21, 8))
        await self.hang(world)
        await world.pause(plan)
        await world.passes(timedelta(seconds=1), seconds=20)
        assert await world.rows() == []
        assert await world.states() == {"2026-11-21": "skipped"}

    async def test_the_file_tells_the_next_process_everything(self, tmp_path: Path) -> None:
        first = await ScheduleWorld.open(tmp_path / "a.db")
        await first.plan(NINE)
        await first.goes_to(21, 8)
        await first.close()
        database = await open_kept(tmp_path / "a.db")
        second = ScheduleWorld(database, first.bell)
        await second.jobs.run_due()
        second.bell.set_to(utc(22, 8))
        await second.jobs.run_due()
        assert await second.rows() == ["2026-11-21", "2026-11-22"]
        await second.close()


class TestSideBySide:
    async def test_two_processes_do_everything_once(self, world: ScheduleWorld) -> None:
        for number in range(50):
            await world.plan(NINE, owner=Owner(community=number + 1))
        other, _timetable = world.process()

        async def give_way(_due: Due) -> None:
            await asyncio.sleep(0)

        world.before = give_way
        world.bell.set_to(utc(21, 8))
        await asyncio.gather(world.jobs.run_due(), other.run_due(), other.run_due())
        assert len(await world.rows()) == len(world.begun) == 50

    async def test_whoever_lost_an_occurrence_stores_nothing(self, world: ScheduleWorld) -> None:
        await world.plan(NINE)
        go_on = asyncio.Event()

        async def wait_first(_due: Due) -> None:
            if len(world.begun) == 1:
                await go_on.wait()

        world.before = wait_first
        world.bell.set_to(utc(21, 8))
        slow = asyncio.ensure_future(world.jobs.run_due())
        await turns()
        other, _timetable = world.process()
        world.bell.travel(timedelta(seconds=LEASE))
        await other.run_due()
        assert await world.rows() == ["2026-11-21"]
        go_on.set()
        await slow
        assert await world.rows() == ["2026-11-21"]
        assert len(world.begun) == 2
        assert world.jobs.counts["failed"] == 0, "it is done; nothing failed"

    async def test_a_slow_job_keeps_its_lease(self, world: ScheduleWorld) -> None:
        await world.plan(NINE)
        go_on = asyncio.Event()

        async def wait(_due: Due) -> None:
            await go_on.wait()

        world.before = wait
        world.bell.set_to(utc(21, 8))
        await world.jobs.start()
        await turns()
        other, _timetable = world.process()
        for _third in range(40):
            world.bell.travel(timedelta(seconds=3))
            await turns()
            await other.run_due()
        assert len(world.begun) == 1
        go_on.set()
        await turns()
        assert await world.rows() == ["2026-11-21"]
        await world.jobs.stop()

    async def test_two_occurrences_of_a_plan_never_run_at_once(self, world: ScheduleWorld) -> None:
        await world.plan(Every(1))
        await world.plan(Every(1), tag="other")
        go_on = asyncio.Event()

        async def wait(due: Due) -> None:
            if not due.plan.plan.tag:
                await go_on.wait()

        world.before = wait
        await world.jobs.start()
        await turns()
        for _third in range(60):
            world.bell.travel(timedelta(seconds=3))
            await turns()
        untagged = [due.key for due in world.begun if not due.plan.plan.tag]
        assert untagged == ["2026-11-21T06:00Z"]
        assert len(world.begun) == 5, "the other plan went on"
        go_on.set()
        await turns()
        assert [due.key for due in world.begun if not due.plan.plan.tag] == ["2026-11-21T06:00Z", "2026-11-21T06:03Z"]
        await world.jobs.stop()

    async def test_what_is_removed_while_it_runs_has_no_effect(self, world: ScheduleWorld) -> None:
        plan = await world.plan(NINE)

        async def remove(_due: Due) -> None:
            await world.forget(plan)

        world.before = remove
        await world.goes_to(21, 8)
        assert await world.rows() == []
        assert await world.states() == {"2026-11-21": "skipped"}


class TestClocksSetWrong:
    async def test_set_back_it_never_repeats(self, world: ScheduleWorld) -> None:
        await world.plan(NINE)
        await world.plan(Every(60), tag="hourly")
        await world.goes_to(21, 8)
        done = await world.rows()
        await world.goes_to(20, 20)
        await world.passes(timedelta(minutes=30), hours=12)
        assert await world.rows() == done
        await world.passes(timedelta(minutes=30), hours=24)
        assert (await world.rows()).count("2026-11-21") == 1
        assert (await world.rows()).count("2026-11-22") == 1

    async def test_set_back_and_planned_anew_it_still_never_repeats(self, world: ScheduleWorld) -> None:
        await world.plan(NINE)
        await world.goes_to(21, 8)
        await world.goes_to(21, 2)
        await world.plan(Daily(time(9, 30)))
        assert await world.next_due() == utc(22, 8, 30)

    async def test_set_forward_it_is_as_if_the_bot_had_been_down(self, world: ScheduleWorld) -> None:
        await world.plan(NINE)
        await world.goes_to(25, 9)
        assert await world.rows() == ["2026-11-25"]
        assert [due.times for due in world.told] == [4]

    async def test_what_was_missed_by_a_wrong_clock_can_be_planned_again(self, world: ScheduleWorld) -> None:
        await world.plan(NINE)
        await world.goes_to(25, 20)
        await world.goes_to(21, 6)
        await world.plan(Daily(time(9, 15)))
        await world.goes_to(21, 8, 15)
        assert await world.rows() == ["2026-11-21"]

    async def test_what_was_told_as_missed_is_not_told_again(self, world: ScheduleWorld) -> None:
        await world.plan(NINE)
        await world.goes_to(24, 20)
        await world.goes_to(21, 6)
        await world.plan(Daily(time(9, 15)))
        await world.goes_to(24, 20)
        assert [due.times for due in world.told] == [4]


class TestOddities:
    async def test_a_job_of_a_feature_that_is_gone_is_recorded_and_disturbs_nobody(self, world: ScheduleWorld) -> None:
        await world.plan(NINE, job="gone.job")
        await world.plan(NINE)
        await world.goes_to(21, 8)
        assert await world.rows() == ["2026-11-21"]
        assert sorted(await _states_of_all(world)) == ["done", "missed"]
        assert world.told == []

    @pytest.mark.parametrize("column", ["rule", "data", "next_key"])
    async def test_a_plan_that_cannot_be_read_is_left_alone_until_it_is_changed(
        self, world: ScheduleWorld, column: str, caplog: pytest.LogCaptureFixture
    ) -> None:
        plan = await world.plan(NINE)
        await world.plan(NINE, tag="good")
        await sql(world, f"UPDATE engine_plan SET {column} = 'no such 10' WHERE id = :plan", plan=plan)
        await world.goes_to(21, 8)
        assert [due.plan.plan.tag for due in world.begun] == ["good"]
        assert "left alone" in caplog.text
        await world.plan(Daily(time(18, 0)))
        await world.goes_to(21, 17)
        assert len(await world.rows()) == 2

    async def test_a_zone_that_is_no_more_counts_as_utc(
        self, world: ScheduleWorld, caplog: pytest.LogCaptureFixture
    ) -> None:
        await world.plan(NINE)
        await sql(world, "UPDATE engine_plan SET zone = 'Europe/Atlantis'")
        await world.goes_to(21, 8)
        assert await world.rows() == ["2026-11-21"]
        assert await world.next_due() == utc(22, 9)
        assert "Europe/Atlantis" in caplog.text

    async def test_an_occurrence_that_happened_already_is_passed_over(self, world: ScheduleWorld) -> None:
        plan = await world.plan(NINE)
        await world.goes_to(21, 8)
        await sql(
            world, "UPDATE engine_plan SET next_key = '2026-11-21', next_due = :at", at=int(utc(21, 8).timestamp())
        )
        await world.jobs.run_due()
        assert await world.rows() == ["2026-11-21"]
        assert await world.rows("missed") == []
        assert await world.skip(plan) == utc(23, 8), "the next is tomorrow's"


class TestTheLoop:
    async def test_it_sleeps_until_the_next_moment_without_asking(self, world: ScheduleWorld) -> None:
        await world.plan(NINE)
        world.jobs._others = timedelta(days=1)
        await world.jobs.start()
        await turns()
        assert world.jobs.is_idle
        asked = 0
        real = world.database.write

        async def counted(work: Work[Result], /) -> Result:
            nonlocal asked
            asked += 1
            return await real(work)

        world.database.write = counted  # type: ignore[method-assign]
        for _second in range(50):
            world.bell.travel(timedelta(seconds=1))
            await turns(5)
        assert asked == 0
        world.bell.set_to(utc(21, 8))
        await turns()
        assert await world.rows() == ["2026-11-21"]
        await world.jobs.stop()

    async def test_a_new_plan_wakes_it(self, world: ScheduleWorld) -> None:
        await world.jobs.start()
        await turns()
        await world.plan(Once(datetime(2026, 11, 21, 6, 59)))
        await turns()
        assert len(await world.rows()) == 1
        await world.jobs.stop()

    async def test_a_unit_stored_a_little_after_the_word_is_found(self, world: ScheduleWorld) -> None:
        await world.jobs.start()
        await turns()
        world.jobs._alarm.ring()
        await turns()
        _jobs, unheard = world.process()
        world.timetable = unheard
        await world.plan(Once(datetime(2026, 11, 21, 6, 59)))
        world.bell.travel(timedelta(seconds=1))
        await turns()
        assert len(await world.rows()) == 1
        await world.jobs.stop()

    async def test_what_another_process_planned_is_found_within_fifteen_seconds(self, world: ScheduleWorld) -> None:
        await world.jobs.start()
        await turns()
        _jobs, world.timetable = world.process()
        await world.plan(Once(datetime(2026, 11, 21, 6, 59)))
        await turns()
        assert await world.rows() == []
        assert timedelta(seconds=15) > OTHERS
        world.bell.travel(OTHERS)
        await turns()
        assert len(await world.rows()) == 1
        await world.jobs.stop()

    async def test_a_failed_job_wakes_it_in_time(self, world: ScheduleWorld) -> None:
        world.jobs._others = timedelta(days=1)
        await world.plan(NINE)
        world.before = fail
        world.bell.set_to(utc(21, 8))
        await world.jobs.start()
        await turns()
        world.before = None
        world.bell.travel(timedelta(seconds=2))
        await turns()
        assert await world.rows() == ["2026-11-21"]
        await world.jobs.stop()

    async def test_a_database_that_cannot_be_written_only_delays(
        self, world: ScheduleWorld, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
    ) -> None:
        await world.plan(NINE)
        real = world.database.write

        async def full(_work: Work[Result], /) -> Result:
            raise StorageError("the disk is full")

        monkeypatch.setattr(world.database, "write", full)
        world.bell.set_to(utc(21, 8))
        await world.jobs.start()
        await turns()
        assert caplog.text.count("the disk is full") == 1, "said once, and not in a flood"
        monkeypatch.setattr(world.database, "write", real)
        world.bell.travel(timedelta(seconds=5))
        await turns()
        assert await world.rows() == ["2026-11-21"]
        await world.jobs.stop()

    async def test_more_than_it_can_do_at_once_is_done_as_others_end(self, world: ScheduleWorld) -> None:
        for number in range(AT_ONCE * 3):
            await world.plan(NINE, owner=Owner(community=number + 1))

        async def give_way(_due: Due) -> None:
            await turns(3)

        world.before = give_way
        await world.jobs.start()
        world.bell.set_to(utc(21, 8))
        await turns(200)
        assert len(await world.rows()) == AT_ONCE * 3
        assert world.jobs.is_idle
        await world.jobs.stop()

    async def test_stopping_waits_for_what_is_in_hand_and_begins_nothing(self, world: ScheduleWorld) -> None:
        await world.plan(NINE)
        go_on = asyncio.Event()

        async def wait(_due: Due) -> None:
            await go_on.wait()

        world.before = wait
        world.bell.set_to(utc(21, 8))
        await world.jobs.start()
        await turns()
        stopping = asyncio.ensure_future(world.jobs.stop())
        await world.plan(Once(datetime(2026, 11, 21, 8, 59)), tag="later")
        await turns()
        assert not stopping.done()
        go_on.set()
        await stopping
        assert await world.rows() == ["2026-11-21"]
        assert len(world.begun) == 1

    async def test_stopping_leaves_what_hangs_to_its_lease(self, world: ScheduleWorld) -> None:
        await world.plan(NINE)

        async def hang(_due: Due) -> None:
            await asyncio.Event().wait()

        world.before = hang
        world.bell.set_to(utc(21, 8))
        await world.jobs.start()
        await turns()
        stopping = asyncio.ensure_future(world.jobs.stop())
        await turns()
        assert timedelta(seconds=5) > PATIENCE
        world.bell.travel(PATIENCE)
        await stopping
        assert await world.states() == {"2026-11-21": "running"}
        world.before = None
        world.begin()
        world.bell.travel(timedelta(seconds=LEASE))
        await world.jobs.run_due()
        assert await world.rows() == ["2026-11-21"]

    async def test_to_stop_what_never_began_is_nothing(self, world: ScheduleWorld) -> None:
        await world.jobs.stop()

    async def test_it_tidies_up_by_itself(self, world: ScheduleWorld) -> None:
        await world.plan(NINE)
        await world.goes_to(21, 8)
        await world.goes_to(29, 9)
        await world.passes(timedelta(seconds=1), seconds=2)
        assert "2026-11-21" not in await world.states()


class TestNoting:
    """The first writing unit of a block notes something, and no other does."""

    async def test_one_unit_of_several_notes(self, world: ScheduleWorld) -> None:
        once, noted = OnceOnly(world.database), []

        async def note(_tx: Transaction) -> None:
            noted.append(1)

        async def nothing(_tx: Transaction) -> None:
            return None

        with noting(note) as current:
            await once.read(nothing)
            assert not current.is_noted
            await once.write(nothing)
            await once.write(nothing)
        await once.write(nothing)
        assert noted == [1]
        assert current.is_noted

    async def test_what_was_noted_before_undoes_the_unit(self, world: ScheduleWorld) -> None:
        async def refuse(_tx: Transaction) -> None:
            raise AlreadyHandledError("it was done")

        async def write(tx: Transaction) -> None:
            await tx.execute("INSERT INTO post (plan, key, at, late, what) VALUES (1, 'x', 1, 0, 'post')")

        with noting(refuse) as current, pytest.raises(AlreadyHandledError):
            await OnceOnly(world.database).write(write)
        assert not current.is_noted
        assert await world.rows() == []


def test_two_features_may_not_claim_one_job() -> None:
    async def run(_due: Due) -> None:
        return None

    job = Job("a.daily", run)
    assert join([Feature("a", jobs=(job,))]).jobs == {"a.daily": job}
    with pytest.raises(ValueError, match=r"job a\.daily is declared twice"):
        join([Feature("a", jobs=(job, job))])
    with pytest.raises(ValueError, match="does not begin"):
        join([Feature("b", jobs=(job,))])
