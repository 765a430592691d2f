"""How fast units of work and posts go over PostgreSQL, by one process and by two: ``python -m tests.bench.bench_postgres``.

The server is the tests' own, on this computer and without waiting for its disk, so the figures are of the driver and the
engine, not of a network or a disk. Where there is no server, nothing is printed.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence

from bot.engine.alarm import Alarm
from bot.engine.migrate import migrate
from bot.engine.outbox import Postbox
from bot.engine.sender import Sender
from bot.engine.settling import Settling
from bot.infra.clock import SystemClock, SystemDice
from bot.infra.database_postgres import PostgresDatabase, open_postgres
from bot.kit.database import Transaction
from bot.kit.posting import Address
from tests.bench.bench_outbox import InstantCourier
from tests.fakes.engine_tables import engine_migrations
from tests.fakes.postgres import NoServerError, Server, start_server
from tests.fakes.posting_world import BUTTONS, post

TASKS = 50
UNITS = 100  # of each task
POSTS = 1_500
CHATS = 500


async def measure() -> dict[str, float]:
    """Return units a second of 50 tasks, and posts a second by one process and by two that share the work."""
    try:
        server = start_server()
    except NoServerError:
        return {}
    try:
        return {
            "pg_reads_per_s": await _units(server, writing=False),
            "pg_writes_per_s": await _units(server, writing=True),
            "pg_posts_per_s": await _posts(server, processes=1),
            "pg_posts_by_two_per_s": await _posts(server, processes=2),
        }
    finally:
        server.stop()


async def _units(server: Server, *, writing: bool) -> float:
    async with server.fresh() as url:
        database = await open_postgres(url)

        async def make(tx: Transaction) -> None:
            await tx.execute("CREATE TABLE tally (id INTEGER PRIMARY KEY, n INTEGER NOT NULL)")
            await tx.many("INSERT INTO tally (id, n) VALUES (:id, 0)", [{"id": number} for number in range(TASKS)])

        async def work(number: int) -> None:
            async def count(tx: Transaction) -> None:
                row = await tx.one("SELECT n FROM tally WHERE id = :id", id=number)
                if writing and row is not None:
                    await tx.execute("UPDATE tally SET n = :n WHERE id = :id", n=row["n"] + 1, id=number)

            for _ in range(UNITS):
                await (database.write(count) if writing else database.read(count))

        await database.write(make)
        began = time.perf_counter()
        await asyncio.gather(*(work(number) for number in range(TASKS)))
        lasted = time.perf_counter() - began
        await database.close()
        return TASKS * UNITS / lasted


async def _posts(server: Server, *, processes: int) -> float:
    """Claim, mark and reschedule posts that a courier takes at once."""
    async with server.fresh() as url:
        databases = [await open_postgres(url) for _ in range(processes)]
        await migrate(databases[0], engine_migrations(), before_change=None, now=0)
        await _fill(databases[0])
        couriers = [InstantCourier(wanted=POSTS + 1) for _ in databases]
        senders = [_sender(*one) for one in zip(databases, couriers, strict=True)]
        began = time.perf_counter()
        for sender in senders:
            await sender.start()
        await _until_sent(couriers)
        lasted = time.perf_counter() - began
        for sender, database in zip(senders, databases, strict=True):
            await sender.stop()
            await database.close()
        assert sum(courier.sent for courier in couriers) == POSTS, "every post is sent once"
        return POSTS / lasted


def _sender(database: PostgresDatabase, courier: InstantCourier) -> Sender:
    clock, alarm = SystemClock(), Alarm()
    return Sender(database, clock, SystemDice(), [courier], Settling(Postbox(clock, alarm.ring), BUTTONS), alarm)


async def _fill(database: PostgresDatabase) -> None:
    outbox = Postbox(SystemClock(), Alarm().ring)
    for start in range(0, POSTS, 500):

        async def work(tx: Transaction, start: int = start) -> None:
            for number in range(start, start + 500):
                await outbox.post(
                    tx, post(f"digest:{number}", "Today's papers.", to=Address("fake", f"c{number % CHATS}"))
                )

        await database.write(work)


async def _until_sent(couriers: Sequence[InstantCourier]) -> None:
    async with asyncio.timeout(120):
        while sum(courier.sent for courier in couriers) < POSTS:  # noqa: ASYNC110 - it is the measurement's end
            await asyncio.sleep(0.01)


if __name__ == "__main__":
    for name, value in asyncio.run(measure()).items():
        print(f"{name:28} {value:12,.1f}")
