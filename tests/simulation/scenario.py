"""One seed, one story: people, moderators, faults and crashes over some weeks, and what must hold at the end."""

from __future__ import annotations

import asyncio
import logging
import random
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import timedelta

from bot.engine import schedules
from bot.kit.database import Transaction
from bot.kit.errors import StorageError
from bot.kit.posting import Address, Doubt, Post
from bot.kit.reply import reply
from tests.simulation import loop
from tests.simulation.chance import start_of
from tests.simulation.diary import RULES, Diary
from tests.simulation.invariants import kept_posts, plan_troubles, post_troubles
from tests.simulation.people import Crowd
from tests.simulation.service import place_of
from tests.simulation.world import TracedLogs, World

CHATS = [
    *(Address("telegram", f"-{number}") for number in range(101, 105)),
    Address("telegram", "77"),
    *(Address("discord", "900", str(number)) for number in range(201, 205)),
]
DESKS = {"telegram": Address("telegram", "-199"), "discord": Address("discord", "900", "299")}


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a simulation went: what was wrong (nothing, if all is well), the digest of its trace, and some counts."""

    seed: int
    troubles: list[str]
    digest: str
    trace: list[str] = field(repr=False)
    posts: int
    messages: int
    crashes: int


def simulate(seed: int, days: int, quiet: float = 1.0) -> Outcome:
    """Tell the story of a seed; ``quiet``: everything happens so many times less often, so that it takes less time."""
    return loop.run(_simulate(seed, days, quiet))


async def _simulate(seed: int, days: int, quiet: float) -> Outcome:
    world = World(seed, start_of(seed))
    logs = TracedLogs(world.trace)
    root = logging.getLogger("roadmate")
    root.addHandler(logs)
    root.propagate = False
    story = Story(world, random.Random(seed * 7 + 1), days, quiet)
    kept = schedules.KEPT
    setattr(schedules, "KEPT", timedelta(days=400))  # noqa: B010 - what is tidied away could not be checked
    try:
        await world.boot()
        began = world.clock.true()
        await story.tell()
        ended = world.clock.true()
        posts = await kept_posts(world)
        troubles = [
            *story.troubles,
            *post_troubles(posts, world.services),
            *await plan_troubles(world, began, ended),
            *story.crowd.troubles(posts),
            *(f"a mistake in the log: {mistake}" for mistake in logs.mistakes),
        ]
        troubles += [
            f"{service.name} was written to too fast {service.too_fast} times"
            for service in world.services.values()
            if service.too_fast
        ]
        await world.stop()
    finally:
        setattr(schedules, "KEPT", kept)  # noqa: B010
        root.removeHandler(logs)
        root.propagate = True
    messages = sum(len(service.messages) for service in world.services.values())
    return Outcome(seed, troubles, world.trace.digest, world.trace.lines, len(posts), messages, world.crashes)


class Story:
    """What happens to a bot in some weeks."""

    def __init__(self, world: World, chance: random.Random, days: int, quiet: float) -> None:
        self._world = world
        self._quiet = quiet
        self._random = chance
        self._days = days
        self._numbers = 0
        self.troubles: list[str] = []
        self.crowd = Crowd(world, random.Random(world.seed * 7 + 2), CHATS, 2 * quiet)

    async def tell(self) -> None:
        """Let everything happen, then give the bot a day without trouble to come to rest."""
        end = asyncio.get_running_loop().time() + self._days * 86_400
        await self._plan()
        threads = [
            self._writes(end),
            self._breaks(end),
            self._crashes(end),
            self._takes_rights(end),
            self._moves_groups(end),
            self._sets_the_clock(end),
            self.crowd.tell(end),
        ]
        await asyncio.gather(*threads)
        self._heal()
        if self._world.process is None:
            await self._world.boot()
        await self.crowd.finish()
        await asyncio.sleep(86_400)

    async def _plan(self) -> None:
        """Every rule of the diary is planned once."""
        process = self._world.process
        assert process is not None
        diary = Diary(process.app.tools)

        async def work(tx: Transaction) -> None:
            for number in range(len(RULES)):
                await diary.plan(tx, number, CHATS[number])

        await process.run(process.database.write(work))

    async def _wait(self, hours: float) -> None:
        """Wait for about so many hours, for the next thing that happens."""
        await asyncio.sleep(self._random.expovariate(1 / (hours * self._quiet * 3600)))

    async def _last(self, hours: float) -> None:
        """Let something last for about so many hours."""
        await asyncio.sleep(self._random.expovariate(1 / (hours * 3600)))

    async def _writes(self, end: float) -> None:
        """Posts are written, changed and taken back."""
        written: list[int] = []
        while asyncio.get_running_loop().time() < end:
            await self._wait(1.5)
            for _one in range(self._random.choice((1, 1, 1, 2, 9))):
                await self._write(written)

    async def _write(self, written: list[int]) -> None:
        process = self._world.process
        if process is None:
            return
        outbox = process.app.postbox
        roll = self._random.random()
        number = self._random.choice(written[-20:]) if written else 0
        fresh = self._fresh()
        text = f"rewritten-{number}-{self._numbers}"

        async def work(tx: Transaction) -> int:
            if roll < 0.75 or not number:
                return await outbox.post(tx, fresh)
            if roll < 0.9:
                fate = await outbox.fate(tx, number)
                if fate is not None:
                    await outbox.edit(tx, number, reply(f"{text}#0"))
            else:
                await outbox.delete(tx, number)
            return 0

        task = process.run(process.database.write(work))
        await asyncio.wait([task])
        if not task.cancelled() and task.exception() is None:
            if task.result():
                written.append(task.result())
        elif not task.cancelled() and not isinstance(task.exception(), StorageError):
            self.troubles.append(f"writing a post failed: {task.exception()!r}")

    def _fresh(self) -> Post:
        self._numbers += 1
        key = f"p{self._numbers}"
        to = self._random.choice(CHATS)
        parts = self._random.choice((1, 1, 1, 3))
        soon = self._world.clock.now() + timedelta(minutes=self._random.choice((0, 0, 0, 1, 30)))
        return Post(
            to=to,
            reply=reply("¶".join(f"{key}#{part}" for part in range(parts))),
            key=key,
            not_before=soon,
            doubt=self._random.choice((Doubt.ASK, Doubt.REPEAT)),
            report_to=DESKS[to.platform],
        )

    async def _breaks(self, end: float) -> None:
        """Platforms and the database have bad hours."""
        while asyncio.get_running_loop().time() < end:
            await self._wait(3)
            for service in self._world.services.values():
                service.faulty = self._random.choice((0.0, 0.2, 0.6))
            if self._world.process is not None:
                self._world.process.database.faulty = self._random.choice((0.0, 0.0, 0.2))
                self._world.process.database.is_full = self._random.random() < 0.1
            if self._world.process is not None and self._world.process.database.is_full:
                await asyncio.sleep(self._random.uniform(1, 900))
                self._heal()
            else:
                await self._last(2)
            self._heal()

    def _heal(self) -> None:
        for service in self._world.services.values():
            service.faulty = 0.0
        if self._world.process is not None:
            self._world.process.database.faulty = 0.0
            self._world.process.database.is_full = False

    async def _crashes(self, end: float) -> None:
        """The process dies at any moment and is started again a while later."""
        while asyncio.get_running_loop().time() < end:
            await self._wait(6)
            if self._random.random() < 0.7:  # most often while something is on its way
                with suppress(TimeoutError):
                    async with asyncio.timeout(4 * 3600):
                        await self._world.next_request()
                await asyncio.sleep(self._random.uniform(0, 0.2))
            await self._world.crash()
            await asyncio.sleep(self._random.choice((0.5, 3.0, 60.0, 7200.0)))
            await self._world.boot()

    async def _takes_rights(self, end: float) -> None:
        """The bot loses its rights in a place, and gets them back some hours later; then somebody asks it something."""
        while asyncio.get_running_loop().time() < end:
            await self._wait(40)
            place = self._random.choice(CHATS)
            service = self._world.services[place.platform]
            name = place_of(replace(place, chat=service.moved.get(place.chat, place.chat)))
            service.gone.add(name)
            self._world.trace(f"{service.name} takes rights in {name}")
            await self._last(6)
            service.gone.discard(name)
            self._world.trace(f"{service.name} gives rights back in {name}")
            self.crowd.ask_in(place)

    async def _moves_groups(self, end: float) -> None:
        """Two groups become supergroups, most often while something is on its way there."""
        telegram = self._world.services["telegram"]
        for place in self._random.sample(CHATS[:4], 2):
            await self._last(self._days * 6)
            with suppress(TimeoutError):
                async with asyncio.timeout(4 * 3600):
                    await self._world.next_request()
            await asyncio.sleep(self._random.uniform(0, 0.2))
            if asyncio.get_running_loop().time() >= end:
                return
            new = f"-100{place.chat[1:]}"
            if place.chat in telegram.gone:
                continue
            telegram.move(place.chat, new)
            self._world.trace(f"telegram moves {place.chat} to {new}")
            if self._random.random() < 0.5:
                await self.crowd.follow("telegram", place.chat, new)

    async def _sets_the_clock(self, end: float) -> None:
        """The computer's clock goes wrong by up to six hours, forward or back, and is set right later."""
        while asyncio.get_running_loop().time() < end:
            await self._wait(60)
            off = timedelta(seconds=round(self._random.choice((-1, 1)) * self._random.choice((2, 90, 3600, 21_600))))
            self._world.clock.jump(off)
            self._world.trace(f"the clock is off by {off.total_seconds():.0f} s")
            await self._last(3)
            self._world.clock.jump(timedelta())
            self._world.trace("the clock is right again")
