"""People who ask the bot something, and platforms that tell it twice, late, in another order, or again after a crash."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from bot.engine.replies import already_handled
from bot.kit.posting import Address
from bot.kit.request import Incoming, Sender, Setting, Trigger, Where
from bot.kit.text import plain
from tests.simulation.diary import NOTED, SAID
from tests.simulation.invariants import Kept
from tests.simulation.world import World

LATEST = timedelta(hours=20)
"""The longest after which a platform tells of an event once more; Telegram keeps updates for a day."""


@dataclass(slots=True)
class Event:
    """Something somebody asked, how often the bot was told of it, and what it said each time it answered."""

    incoming: Incoming
    told: int = 0
    answers: list[str] = field(default_factory=list)


class Crowd:
    """Everybody who asks something, every ``hours`` or so. An event that was not answered is told again, as a platform does."""

    def __init__(self, world: World, chance: random.Random, places: Sequence[Address], hours: float) -> None:
        self._world = world
        self._random = chance
        self._places = places
        self._hours = hours
        self._late: list[tuple[float, Event]] = []
        self.events: list[Event] = []

    async def tell(self, end: float) -> None:
        """Ask things until ``end`` (seconds of virtual time), some of them while the bot is down."""
        loop = asyncio.get_running_loop()
        while loop.time() < end:
            await asyncio.sleep(self._random.expovariate(1 / (self._hours * 3600)))
            fresh = [self._ask() for _one in range(self._random.choice((1, 1, 2, 5)))]
            told = [event for event in [*self.events[-20 : -len(fresh)], *fresh] if not event.answers]
            for event in list(told):
                roll = self._random.random()
                if roll < 0.2:
                    told.append(event)  # twice at the same moment
                elif roll < 0.3:
                    later = self._random.uniform(0, LATEST.total_seconds())
                    self._late.append((loop.time() + later, event))
            told += [event for at, event in self._late if at <= loop.time()]
            self._late = [one for one in self._late if one[0] > loop.time()]
            self._random.shuffle(told)
            await asyncio.gather(*(self._deliver(event) for event in told))

    async def finish(self) -> None:
        """Tell the bot what it has not answered yet, and what comes late."""
        told = [*(event for event in self.events if not event.answers), *(event for _at, event in self._late)]
        for event in told:
            await self._deliver(event)

    def ask_in(self, place: Address) -> Event:
        """Let somebody ask something in a place."""
        number = len(self.events) + 1
        service = self._world.services[place.platform]
        chat = service.moved.get(place.chat, place.chat)
        setting = Setting.PRIVATE if place == Address("telegram", "77") else Setting.GROUP
        where = Where(chat, setting, "A place", place.thread)
        asked = f"/scribble e{number}"
        sender = Sender(f"{number % 7}", f"Person {number % 7}")
        event = Event(
            Incoming(place.platform, f"e{number}", Trigger.COMMAND, sender, where, asked, self._world.clock.now())
        )
        self.events.append(event)
        return event

    async def follow(self, platform: str, old: str, new: str) -> None:
        """Tell the bot that a group has a new id, as the service message of a migration does."""
        process = self._world.process
        if process is not None:
            await asyncio.gather(process.run(process.app.move_place(platform, old, new)), return_exceptions=True)

    def troubles(self, posts: Sequence[Kept]) -> Iterator[str]:
        """Yield which events did not have their effect exactly once."""
        effects: dict[str, int] = {}
        for post in posts:
            if post.key.startswith(SAID):
                asked = post.key.removeprefix(SAID).partition("~")[0]
                effects[asked] = effects.get(asked, 0) + 1
        fine = {NOTED, plain(already_handled().blocks).strip()}
        for event in self.events:
            name, count = event.incoming.event, effects.pop(event.incoming.event, 0)
            if count > 1:
                yield f"event {name} had its effect {count} times"
            if count == 0 and not event.answers:
                yield f"event {name} was never answered"
            if count == 0 and fine.intersection(event.answers):
                yield f"event {name} was answered {event.answers} and had no effect"
        for name in effects:
            yield f"event {name} had an effect, and nobody asked it"

    def _ask(self) -> Event:
        reachable = [place for place in self._places if place.chat not in self._world.services[place.platform].gone]
        return self.ask_in(self._random.choice(reachable))

    async def _deliver(self, event: Event) -> None:
        """Tell the bot of an event; if it dies before it has answered, nobody hears an answer."""
        process = self._world.process
        if process is None:
            return
        event.told += 1
        await asyncio.sleep(self._random.uniform(0, 0.3))
        if self._world.process is not process:
            return
        task = process.run(process.app.respond(event.incoming))
        await asyncio.wait([task])
        if task.cancelled():
            return
        event.answers.append(plain(task.result().reply.blocks).strip())
        self._world.trace(f"answer to {event.incoming.event}: {event.answers[-1]}")
