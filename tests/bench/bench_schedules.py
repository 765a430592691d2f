"""What 100,000 plans in all zones cost: ``python -m tests.bench.bench_schedules``.

Every community has one daily plan at some local time. A clock of our own goes through a whole day, minute by minute, and
the real loop takes, runs and records what is due, over a real database file; each job writes one row.
"""

from __future__ import annotations

import asyncio
import gc
import resource
import sys
import tempfile
import time
import zoneinfo
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from datetime import time as local_time
from importlib.resources import files
from pathlib import Path

from bot.engine.alarm import Alarm
from bot.engine.calendar import Occurrence, next_after, zone_of
from bot.engine.inbox import OnceOnly
from bot.engine.jobs import Jobs
from bot.engine.migrate import Migrations, migrate
from bot.engine.schedules import Timetable
from bot.infra.bell import ScheduledBell
from bot.infra.clock import SystemClock, use_own_zone_data
from bot.infra.database_sqlite import SqliteDatabase, open_database
from bot.kit.database import Transaction
from bot.kit.schedule import Daily, Due, Job, Owner, Plan
from tests.fakes.clock import FakeClock, FakeDice

COMMUNITIES = 100_000
START = datetime(2026, 11, 21, 0, 0, 30, tzinfo=UTC)  # half a minute off, so that a day holds each plan once
TARGETS = {
    "plans_load_s": 2.0, "plans_idle_tick_ms": 1.0, "plans_idle_look_ms": 1.0, "plans_day_cpu_s": 30.0, "plans_stall_ms": 100.0, "plans_rss_mib": 40.0,
    "plans_per_s": -5000.0, "plans_next_us": 20.0,
}  # fmt: skip


class World:
    """A database full of plans, and the jobs that do them."""

    def __init__(self, database: SqliteDatabase, *, writing: bool) -> None:
        self.database = database
        self.clock = FakeClock(START)
        self.alarm = Alarm()
        self.timetable = Timetable(self.clock, self.alarm.ring)
        self._once = OnceOnly(database)
        self.ran = 0
        job = Job("bench.daily", self._write if writing else self._do_nothing)
        self.jobs = Jobs({job.name: job}, database, self.clock, FakeDice(), self.alarm)

    async def _write(self, due: Due) -> None:
        async def work(tx: Transaction) -> None:
            await tx.execute(
                "INSERT INTO bench_post (community, key) VALUES (:community, :key)",
                community=due.plan.plan.owner.community,
                key=due.key,
            )

        await self._once.write(work)
        self.ran += 1

    async def _do_nothing(self, _due: Due) -> None:
        self.ran += 1

    async def fill(self, communities: int, at: Callable[[int], local_time], zone: Callable[[int], str]) -> None:
        """Plan one daily job for each community."""

        async def table(tx: Transaction) -> None:
            await tx.execute("CREATE TABLE bench_post (community INTEGER NOT NULL, key TEXT NOT NULL)")

        await migrate(
            self.database,
            [Migrations("engine", files("bot.engine").joinpath("migrations"))],
            before_change=None,
            now=0,
        )
        await self.database.write(table)
        for first in range(1, communities + 1, 1000):

            async def work(tx: Transaction, first: int = first) -> None:
                for number in range(first, min(first + 1000, communities + 1)):
                    await self.timetable.plan(
                        tx, Plan("bench.daily", Owner(community=number), Daily(at(number)), zone(number))
                    )

            await self.database.write(work)


def resident() -> float:
    """MiB of memory in use."""
    return int(Path("/proc/self/statm").read_text("ascii").split()[1]) * resource.getpagesize() / 2**20


async def watch(longest: list[float]) -> None:
    """Keep the longest time, in milliseconds, for which the loop was late while this process was at work."""
    while True:
        before, cpu = time.perf_counter(), time.process_time()
        await asyncio.sleep(0.005)
        late, worked = time.perf_counter() - before - 0.005, time.process_time() - cpu
        longest[0] = max(longest[0], min(late, worked) * 1000)  # what others did on this machine does not count


async def measure(communities: int = COMMUNITIES) -> dict[str, float]:
    """Return seconds, milliseconds and MiB of a day with so many plans, and occurrences per second."""
    use_own_zone_data()
    return next_cost() | await idle_cost() | await day(communities) | await rush(min(communities, 20_000))


def next_cost() -> dict[str, float]:
    """Microseconds to work out the next occurrence of a daily plan."""
    zones = [zone_of(name) for name in sorted(zoneinfo.available_timezones())]
    rule = Daily(local_time(9, 0))
    last = Occurrence("2026-11-21", int(START.timestamp()))
    began = time.process_time()
    for turn in range(50_000):
        next_after(rule, zones[turn % len(zones)], last)
    return {"plans_next_us": (time.process_time() - began) / 50_000 * 1e6}


async def idle_cost(seconds: int = 5, rings: int = 2000) -> dict[str, float]:
    """Milliseconds of CPU for one ring at which nothing is due, and for a second of idling, APScheduler included."""
    async with ScheduledBell(SystemClock()) as bell:
        sleeping = asyncio.ensure_future(bell.sleep_until(bell.now() + timedelta(hours=1)))
        await asyncio.sleep(1.5)
        idle = time.process_time()
        await asyncio.sleep(seconds)
        idle = time.process_time() - idle
        ring = time.process_time()
        for _ring in range(rings):
            await bell._ring()
            await asyncio.sleep(0)
        ring = time.process_time() - ring
        sleeping.cancel()
        with suppress(asyncio.CancelledError):
            await sleeping
    return {"plans_idle_tick_ms": ring / rings * 1000, "plans_idle_ms_per_s": idle / seconds * 1000}


async def look_cost(world: World, looks: int = 200) -> float:
    """Milliseconds of CPU for asking the database when nothing is due."""
    began = time.process_time()
    for _look in range(looks):
        await world.jobs.turn()
    return (time.process_time() - began) / looks * 1000


async def day(communities: int) -> dict[str, float]:
    """Let a day pass."""
    names = sorted(zoneinfo.available_timezones())
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "bench.db"
        database = await open_database(path)
        world = World(database, writing=True)
        await world.fill(
            communities,
            lambda number: local_time(number * 7 % 24, number * 11 % 60),
            lambda number: names[number % len(names)],
        )
        await database.close()

        gc.collect()
        before = resident()
        began = time.perf_counter()
        world = World(await open_database(path), writing=True)
        await world.jobs.start()
        await settled(world)
        loaded = time.perf_counter() - began
        look = await look_cost(world)

        longest = [0.0]
        watching = asyncio.ensure_future(watch(longest))
        cpu, began = time.process_time(), time.perf_counter()
        for _minute in range(24 * 60):
            world.clock.travel(timedelta(minutes=1))
            await settled(world)
        cpu, lasted = time.process_time() - cpu, time.perf_counter() - began
        more = resident() - before
        watching.cancel()
        await world.jobs.stop()
        written = await world.database.read(posts)
        await world.database.close()
        if written != communities:
            raise AssertionError(f"{written} of {communities} jobs had their effect")
    return {
        "plans_load_s": loaded,
        "plans_idle_look_ms": look,
        "plans_day_cpu_s": cpu,
        "plans_day_s": lasted,
        "plans_stall_ms": longest[0],
        "plans_rss_mib": more,
    }


async def posts(tx: Transaction) -> int:
    """How many rows the jobs wrote."""
    row = await tx.one("SELECT count(*), count(DISTINCT community) FROM bench_post")
    assert row is not None
    return int(row[0]) if row[0] == row[1] else -1


async def rush(communities: int) -> dict[str, float]:
    """All at the same instant: occurrences taken, run, recorded and planned anew per second."""
    with tempfile.TemporaryDirectory() as folder:
        world = World(await open_database(Path(folder) / "bench.db"), writing=False)
        await world.fill(communities, lambda _number: local_time(9, 0), lambda _number: "UTC")
        await world.jobs.start()
        await settled(world)
        world.clock.travel(timedelta(hours=9))
        began, cpu = time.perf_counter(), time.process_time()
        await settled(world)
        lasted, cpu = time.perf_counter() - began, time.process_time() - cpu
        await world.jobs.stop()
        await world.database.close()
    return {"plans_per_s": communities / lasted, "plans_cpu_us": cpu / communities * 1e6}


async def settled(world: World) -> None:
    """Return when the loop sleeps and nothing is in hand."""
    await asyncio.sleep(0)
    while not world.jobs.is_idle:  # noqa: ASYNC110 - as people would see it, without a hook of its own
        await asyncio.sleep(0.0005)


def main() -> None:
    """Print the numbers, and how they stand against what we want."""
    communities = int(sys.argv[1]) if len(sys.argv) > 1 else COMMUNITIES
    for name, value in asyncio.run(measure(communities)).items():
        wanted = TARGETS.get(name)
        words = "" if wanted is None else f"  (at {'most' if wanted > 0 else 'least'} {abs(wanted):,.0f})"
        print(f"{name:>20} {value:>12,.3f}{words}")


if __name__ == "__main__":
    main()
