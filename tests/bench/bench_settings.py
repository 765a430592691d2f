"""What settings, rights and budgets cost on the way of a command, and what one person's flood costs the others."""

from __future__ import annotations

import asyncio
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from itertools import count
from pathlib import Path

from bot.app import App, all_migrations, build_app, open_shelf
from bot.domain.community.store import People
from bot.engine.budget import Budgets
from bot.engine.migrate import migrate
from bot.infra.clock import SystemClock, use_own_zone_data
from bot.infra.database_sqlite import open_database
from bot.kit.database import Transaction
from bot.kit.preference import Scope
from bot.kit.request import Incoming, Role, Sender, Setting, Trigger, Where

ROUNDS = 20_000
FLOOD = 1000
"""Commands a second of somebody who sends far too many."""
PEOPLE = 2000
SECONDS = 1.0
TURNS = 3


@asynccontextmanager
async def bot(folder: str) -> AsyncIterator[App]:
    """A whole bot with budgets over a file."""
    use_own_zone_data()
    shelf = open_shelf()
    shelf.reload().refuse()
    database = await open_database(Path(folder) / "bench.db")
    clock = SystemClock()
    app = build_app(database, shelf, clock, budgets=Budgets(clock))
    await migrate(database, all_migrations(app.features), before_change=None, now=0)
    try:
        yield app
    finally:
        await database.close()


async def measure() -> dict[str, float]:
    """Return microseconds of CPU for each, and how much of others' answers is left during a flood, in percent."""
    with tempfile.TemporaryDirectory() as folder:
        async with bot(folder) as app:
            results = await _costs(app)
            results |= await _flood(app)
    return results


def asked(app: App, number: int, account: str = "ana", text: str = "/settings") -> Incoming:
    """Return what somebody in the group asks."""
    sender, where = Sender(account, account.title(), Role.MEMBER, "en"), Where("hall", Setting.GROUP, "Hall")
    return Incoming("bench", str(number), Trigger.COMMAND, sender, where, text, app.tools.clock.now())


async def _costs(app: App) -> dict[str, float]:
    router, preferences = app.router, app.tools.preferences
    await app.respond(asked(app, 1))
    incoming = asked(app, 2)
    declared = preferences.declared

    async def set_some(tx: Transaction) -> None:
        known = await People().known(tx, incoming)
        assert known is not None
        assert known.community is not None
        await preferences.change(tx, declared["zone"], known.person, "Asia/Tokyo", by=known.person, at=incoming.at)
        await preferences.change(tx, declared["welcome"], known.community, "on", by=known.person, at=incoming.at)
        assert preferences.declared["welcome"].scope is Scope.COMMUNITY

    await app.tools.database.write(set_some)

    async def read(tx: Transaction) -> float:
        known = await People().known(tx, incoming)
        assert known is not None
        assert "welcome" in await preferences.of_known(tx, known)
        began = time.thread_time()  # a unit of work runs on the database's own thread
        for _round in range(ROUNDS):
            await preferences.of_known(tx, known)
        return (time.thread_time() - began) / ROUNDS * 1e6

    moderator = Sender("mo", "Mo", Role.MODERATOR, "en")
    asks = Incoming("bench", "3", Trigger.COMMAND, moderator, incoming.where, "/setup", incoming.at)

    async def check() -> None:
        assert await router._may(asks, router.registry.commands["setup"].needs_for(""))

    budgets = router.budgets
    assert budgets is not None
    fresh = [asked(app, 10 + number, f"somebody{number}") for number in range(ROUNDS)]
    people = iter(fresh)

    async def spend() -> None:
        budgets.spend(next(people), "/settings")

    results = {
        "settings_read_us": await app.tools.database.read(read),
        "policy_check_us": await _each(check),
        "budget_check_us": await _each(spend),
    }
    budgets._full.clear()  # those were many people at once, of whom the group has had enough
    return results


async def _each(call: Callable[[], Awaitable[None]]) -> float:
    began = time.process_time()
    for _round in range(ROUNDS):
        await call()
    return (time.process_time() - began) / ROUNDS * 1e6


async def _flood(app: App) -> dict[str, float]:
    """Compare how many answers a second others get, one after the other, without a flood and with one."""
    numbers = count(1_000_000)

    def private(account: str) -> Incoming:
        sender, where = Sender(account, account.title(), Role.MEMBER, "en"), Where(account, Setting.PRIVATE)
        return Incoming(
            "bench", str(next(numbers)), Trigger.COMMAND, sender, where, "/roadmap 2", app.tools.clock.now()
        )

    async def others() -> float:
        answers, began = 0, time.perf_counter()
        while (passed := time.perf_counter() - began) < SECONDS:
            answer = await app.respond(private(f"p{answers % PEOPLE}"))
            assert answer.reply.title, "somebody innocent was refused"
            answers += 1
        return answers / passed

    sent = 0

    async def flood() -> None:
        nonlocal sent
        began, before = time.perf_counter(), sent
        while True:
            while sent - before < (time.perf_counter() - began) * FLOOD:
                await app.respond(private("flooder"))
                sent += 1
            await asyncio.sleep(0.001)

    for person in range(PEOPLE):  # whoever is met for the first time costs more
        await app.respond(private(f"p{person}"))
    alone, beside = [], []
    for _turn in range(TURNS):  # in turns, so that whatever else this computer does hits both
        alone.append(await others())
        flooding = asyncio.ensure_future(flood())
        beside.append(await others())
        flooding.cancel()
        await asyncio.gather(flooding, return_exceptions=True)
    return {
        "answers_per_s": sum(alone) / TURNS,
        "answers_in_flood_percent": sum(beside) / sum(alone) * 100,
        "flood_sent_per_s": sent / TURNS / SECONDS,
    }


if __name__ == "__main__":
    for name, value in asyncio.run(measure()).items():
        print(f"{name:28} {value:10.2f}")
