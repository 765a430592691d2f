"""How fast posts are claimed, sent and marked, and how well the pace is used: ``python -m tests.bench.bench_outbox``.

The first figure is of a real file with a courier that answers at once and no limits. The second lets 500 communities
have one post each, all due at the same instant, on virtual time, against platforms that enforce their limits.
"""

from __future__ import annotations

import asyncio
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path

from bot.engine.alarm import Alarm
from bot.engine.migrate import migrate
from bot.engine.outbox import Postbox
from bot.engine.sender import Sender
from bot.engine.settling import Settling
from bot.infra.clock import SystemClock, SystemDice
from bot.infra.database_sqlite import SqliteDatabase, open_database
from bot.kit.database import Transaction
from bot.kit.posting import Address, Pace, Part
from bot.kit.reply import Reply
from tests.fakes.courier import DISCORD, OPEN, TELEGRAM, FakeCourier, FakePlatform
from tests.fakes.engine_tables import engine_migrations
from tests.fakes.posting_world import BUTTONS, PostingWorld, post
from tests.fakes.virtual_time import VirtualClock

POSTS = 20_000
CHATS = 2_000
COMMUNITIES = 500
TARGETS = {"posts_per_s": 5_000.0, "telegram_used_percent": 95.0, "discord_used_percent": 95.0}


@dataclass
class InstantCourier:
    """Takes everything at once."""

    platform: str = "fake"
    pace: Pace = field(default_factory=lambda: replace(OPEN, at_once=512))
    is_ready: bool = True
    wanted: int = POSTS
    sent: int = 0
    done: asyncio.Event = field(default_factory=asyncio.Event)

    def is_group(self, to: Address) -> bool:
        return False

    def remembers_nonce(self, to: Address, part: Part) -> timedelta | None:
        return None

    def draw(self, to: Address, reply: Reply, title: str) -> Sequence[Part]:
        return ({"chat_id": to.chat, "text": "A post such as a digest, drawn."},)

    async def send(self, to: Address, part: Part, nonce: str) -> str:
        self.sent += 1
        if self.sent == self.wanted:
            self.done.set()
        return str(self.sent)

    async def find(self, to: Address, part: Part, nonce: str, since: datetime) -> str | None:
        return None

    async def edit(self, to: Address, receipt: str, part: Part) -> None:
        return None

    async def delete(self, to: Address, receipt: str) -> None:
        return None


async def measure() -> dict[str, float]:
    """Return posts a second, and for each platform the share of the allowed rate, the last chat's lateness, refusals."""
    with tempfile.TemporaryDirectory() as folder:
        found = await _speed(Path(folder))
    return found | await _rush("telegram", TELEGRAM) | await _rush("discord", DISCORD)


async def _speed(folder: Path) -> dict[str, float]:
    database = await open_database(folder / "bench.db")
    try:
        await migrate(database, engine_migrations(), before_change=None, now=0)
        courier = InstantCourier()
        clock, alarm = SystemClock(), Alarm()
        outbox = Postbox(clock, alarm.ring)
        sender = Sender(database, clock, SystemDice(), [courier], Settling(outbox, BUTTONS), alarm)
        began = time.perf_counter()
        await _fill(database, outbox)
        filled = time.perf_counter()
        cpu = time.process_time()
        await sender.start()
        await courier.done.wait()
        await sender.stop()
        lasted, cpu = time.perf_counter() - filled, time.process_time() - cpu
        counts = await database.read(outbox.counts)
        assert counts["sent"] == POSTS, counts  # type: ignore[index]
        return {
            "posts_kept_per_s": POSTS / (filled - began),
            "posts_per_s": POSTS / lasted,
            "post_cpu_us": cpu / POSTS * 1_000_000,
        }
    finally:
        await database.close()


async def _fill(database: SqliteDatabase, outbox: Postbox) -> None:
    for start in range(0, POSTS, 500):

        async def work(tx: Transaction, start: int = start) -> None:
            for number in range(start, start + 500):
                to = Address("fake", f"chat{number % CHATS}")
                await outbox.post(tx, post(f"digest:{number}", "Today's papers and what to read first.", to=to))

        await database.write(work)


async def _rush(name: str, pace: Pace) -> dict[str, float]:
    """Return how a platform's limits are used when every community's post is due at once."""
    clock = VirtualClock()
    platform = FakePlatform(clock, limits=pace)
    courier = FakeCourier(platform, pace=pace, groups=pace.group is not None)
    world = await PostingWorld.open(clock, [courier])
    await world.sender.start()
    began = clock.now()
    await world.post(*(post(f"p{number}", to=Address("fake", f"c{number}")) for number in range(COMMUNITIES)))
    await clock.run_until(lambda: len(platform.said) == COMMUNITIES)
    took = (clock.now() - began).total_seconds()
    count, span = pace.bot
    ideal = (COMMUNITIES - 1) * span.total_seconds() / count
    stopping = asyncio.ensure_future(world.close())
    await clock.run_until(stopping.done)
    return {
        f"{name}_used_percent": 100 * ideal / took,
        f"{name}_last_chat_percent": 100 * took / ideal,
        f"{name}_refusals": float(platform.too_many),
    }


def main() -> None:
    """Print the numbers, and how they stand against what we want."""
    for name, value in asyncio.run(measure()).items():
        wanted = f"  (target {TARGETS[name]:,.0f})" if name in TARGETS else ""
        print(f"{name:>26} {value:>12,.2f}{wanted}")


if __name__ == "__main__":
    main()
