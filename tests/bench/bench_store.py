"""How fast units of work are stored and read: ``python -m tests.bench.bench_store``.

Fifty tasks share one database file in the temporary folder. Every write is durable (``synchronous=FULL``), so the
numbers say as much about the disk as about the code.
"""

from __future__ import annotations

import asyncio
import resource
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

from bot.infra.database_sqlite import SqliteDatabase, open_database
from bot.kit.database import Transaction, Value

TASKS = 50
SECONDS = 3.0
ROWS = 2000
TARGETS = {"writes_per_s": 10_000.0, "writes_p99_ms": 30.0, "mixed_per_s": 12_000.0}


async def measure(seconds: float = SECONDS) -> dict[str, float]:
    """Return units per second and waiting times (ms) of writes alone and of 95 reads to 5 writes, and CPU (µs) each."""
    with tempfile.TemporaryDirectory() as folder:
        database = await open_database(Path(folder) / "bench.db")
        try:
            await _fill(database)
            return await _load(database, "writes", 1, seconds) | await _load(database, "mixed", 20, seconds)
        finally:
            await database.close()


async def _fill(database: SqliteDatabase) -> None:
    async def work(tx: Transaction) -> None:
        await tx.execute(
            "CREATE TABLE bench_score (person INTEGER NOT NULL, topic INTEGER NOT NULL, points INTEGER NOT NULL, "
            "note TEXT NOT NULL, PRIMARY KEY (person, topic))"
        )
        rows: list[dict[str, Value]] = [{"person": number, "note": "x" * 80} for number in range(ROWS)]
        await tx.many("INSERT INTO bench_score VALUES (:person, 0, 0, :note)", rows)

    await database.write(work)


async def _load(database: SqliteDatabase, name: str, every: int, seconds: float) -> dict[str, float]:
    """Let all tasks work for a while, each writing in one of ``every`` units."""
    waits: list[float] = []
    start = time.perf_counter()
    cpu = time.process_time()
    end = start + seconds

    async def one_task(number: int) -> None:
        turn = number  # so that the tasks do not all write at the same moment
        now = time.perf_counter()
        while now < end:
            turn += 1
            person = (number * 7919 + turn * 31) % ROWS
            if turn % every == 0:
                await database.write(_answer(person))
            else:
                await database.read(_look_up(person))
            before, now = now, time.perf_counter()
            waits.append(now - before)

    await asyncio.gather(*(one_task(number) for number in range(TASKS)))
    lasted = time.perf_counter() - start
    cpu = time.process_time() - cpu
    waits.sort()
    return {
        f"{name}_per_s": len(waits) / lasted,
        f"{name}_p50_ms": waits[len(waits) // 2] * 1000,
        f"{name}_p99_ms": waits[len(waits) * 99 // 100] * 1000,
        f"{name}_max_ms": waits[-1] * 1000,
        f"{name}_cpu_us": cpu / len(waits) * 1_000_000,
    }


def _look_up(person: int) -> Callable[[Transaction], Awaitable[int]]:
    async def work(tx: Transaction) -> int:
        row = await tx.one("SELECT points, note FROM bench_score WHERE person = :person AND topic = 0", person=person)
        return int(row["points"]) if row is not None else 0

    return work


def _answer(person: int) -> Callable[[Transaction], Awaitable[int]]:
    async def work(tx: Transaction) -> int:
        row = await tx.one("SELECT points FROM bench_score WHERE person = :person AND topic = 0", person=person)
        points = int(row["points"]) + 1 if row is not None else 1
        await tx.execute(
            "UPDATE bench_score SET points = :points WHERE person = :person AND topic = 0", points=points, person=person
        )
        return points

    return work


def main() -> None:
    """Print the numbers, and how they stand against what we want."""
    for name, value in asyncio.run(measure()).items():
        wanted = f"  (target {TARGETS[name]:,.0f})" if name in TARGETS else ""
        print(f"{name:>16} {value:>12,.2f}{wanted}")
    print(f"{'peak RSS, MiB':>16} {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:>12,.1f}")


if __name__ == "__main__":
    main()
