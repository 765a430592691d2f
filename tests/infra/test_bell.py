"""The bell wakes whoever sleeps, on every clock and whatever happens to the computer's own."""

from __future__ import annotations

import asyncio
import logging
import subprocess
import sys
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest

from bot.infra.bell import EVERY, ScheduledBell
from bot.infra.clock import MovableClock, SystemClock
from tests.fakes.bell import FakeBell
from tests.fakes.schedule_world import turns

NOON = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)


@pytest.fixture
async def clock() -> FakeBell:
    return FakeBell(NOON)


@pytest.fixture
async def bell(clock: FakeBell) -> AsyncIterator[ScheduledBell]:
    async with ScheduledBell(clock) as bell:
        yield bell


class StubbornClock(FakeBell):
    """A clock whose sleepers, like those of a computer, do not notice when it is set."""

    async def sleep_until(self, moment: datetime) -> None:
        await asyncio.Event().wait()


async def test_it_sleeps_until_the_moment_and_not_less(clock: FakeBell, bell: ScheduledBell) -> None:
    sleeping = asyncio.ensure_future(bell.sleep_until(NOON + timedelta(hours=1)))
    await turns()
    clock.travel(timedelta(minutes=59))
    await bell._ring()
    await turns()
    assert not sleeping.done()
    clock.travel(timedelta(minutes=1))
    await asyncio.wait_for(sleeping, 5)
    assert bell.now() == NOON + timedelta(hours=1)


async def test_a_moment_that_has_passed_is_now(bell: ScheduledBell) -> None:
    await asyncio.wait_for(bell.sleep_until(NOON - timedelta(days=1)), 5)


async def test_a_ring_wakes_who_slept_through_a_clock_set_forward() -> None:
    clock = StubbornClock(NOON)
    async with ScheduledBell(clock) as bell:
        sleeping = asyncio.ensure_future(bell.sleep_until(NOON + timedelta(hours=1)))
        await turns()
        clock.set_to(NOON + timedelta(hours=2))
        await turns()
        assert not sleeping.done()
        await bell._ring()
        await turns()
        assert sleeping.done()


async def test_apscheduler_really_rings_it() -> None:
    clock = StubbornClock(NOON)
    async with ScheduledBell(clock) as bell:
        sleeping = asyncio.ensure_future(bell.sleep_until(NOON + timedelta(hours=1)))
        await turns()
        clock.set_to(NOON + timedelta(hours=2))
        await asyncio.wait_for(sleeping, EVERY + 5)


async def test_several_sleepers_wake_each_at_their_moment(clock: FakeBell, bell: ScheduledBell) -> None:
    sleepers = [asyncio.ensure_future(bell.sleep_until(NOON + timedelta(minutes=number))) for number in (3, 1, 2)]
    await turns()
    clock.travel(timedelta(minutes=2))
    await bell._ring()
    await turns()
    assert [sleeper.done() for sleeper in sleepers] == [False, True, True]
    clock.travel(timedelta(minutes=2))
    await turns()
    assert sleepers[0].done()


async def test_whoever_gives_up_leaves_nothing_behind(bell: ScheduledBell) -> None:
    before = asyncio.all_tasks()
    sleeping = asyncio.ensure_future(bell.sleep_until(NOON + timedelta(hours=1)))
    await turns()
    sleeping.cancel()
    await asyncio.gather(sleeping, return_exceptions=True)
    await turns()
    assert asyncio.all_tasks() == before


async def test_a_clock_of_a_rehearsal_is_followed_at_its_own_pace() -> None:
    clock = MovableClock(NOON, speed=3600)
    async with ScheduledBell(clock) as bell:
        for minute in (2, 4, 6):
            await asyncio.wait_for(bell.sleep_until(NOON + timedelta(minutes=minute)), 5)
            assert NOON + timedelta(minutes=minute) <= bell.now()
        far = asyncio.ensure_future(bell.sleep_until(NOON + timedelta(days=300)))
        await turns()
        clock.travel(timedelta(days=301))
        await asyncio.wait_for(far, 5)


async def test_it_rings_again_after_the_computers_clock_was_set_back(bell: ScheduledBell) -> None:
    # APScheduler goes by the same clock: set back by an hour, its next ring is an hour away.
    job = bell._job
    job.modify(next_run_time=SystemClock().now() + timedelta(hours=1))
    bell._see_that_it_rings()
    assert job.next_run_time - SystemClock().now() <= timedelta(seconds=2 * EVERY)


async def test_whoever_sleeps_sees_to_it_that_it_rings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.infra.bell.LOOK_AFTER", 0.01)
    clock = StubbornClock(NOON)
    async with ScheduledBell(clock) as bell:
        bell._job.modify(next_run_time=SystemClock().now() + timedelta(hours=1))
        sleeping = asyncio.ensure_future(bell.sleep_until(NOON + timedelta(hours=1)))
        await turns()
        clock.set_to(NOON + timedelta(hours=2))
        await asyncio.wait_for(sleeping, EVERY + 5)


async def test_a_bell_that_rings_is_left_alone(bell: ScheduledBell) -> None:
    before = bell._job.next_run_time
    bell._see_that_it_rings()
    assert bell._job.next_run_time == before


async def test_apscheduler_has_one_job_and_drops_none(bell: ScheduledBell) -> None:
    (job,) = bell._scheduler.get_jobs()
    assert (job.coalesce, job.misfire_grace_time, job.max_instances) == (True, None, 1)
    assert str(job.trigger.timezone) == "UTC"
    assert job.trigger.interval == timedelta(seconds=EVERY)


async def test_rings_are_not_logged(bell: ScheduledBell) -> None:
    assert not logging.getLogger("apscheduler.executors.default").isEnabledFor(logging.INFO)


async def test_before_and_after_it_rings_it_is_as_good_as_its_clock(clock: FakeBell) -> None:
    bell = ScheduledBell(clock)
    sleeping = asyncio.ensure_future(bell.sleep_until(NOON + timedelta(hours=1)))
    await turns()
    clock.travel(timedelta(hours=1))
    await asyncio.wait_for(sleeping, 5)
    async with bell:
        pass
    await asyncio.wait_for(bell.sleep_until(NOON), 5)


def test_a_bot_that_has_nothing_to_ring_does_not_load_apscheduler() -> None:
    script = "import sys, bot.infra.bell, bot.engine.jobs; exit('apscheduler' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0
