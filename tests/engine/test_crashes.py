"""The process dies at each await in turn, and another goes on over the same file: nothing is lost, nothing doubled.

What counts is what people see. Where the platform recognises a message sent before, each message is there exactly once.
Where it does not, at most once, unless the post may be repeated; and never not at all, unless moderators are told.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.kit.database import Database, Transaction, Work
from bot.kit.posting import Address, Doubt, NotSentError, Part, Post, State, WaitFirstError
from tests.fakes.courier import FakeCourier, FakePlatform, Fault, lost_after, lost_before
from tests.fakes.databases import IN_PLACE
from tests.fakes.posting_world import PostingWorld, post
from tests.fakes.virtual_time import VirtualClock

pytestmark = IN_PLACE  # a process dies here by having every task cancelled, also those of a driver

MINUTE = timedelta(minutes=1)
SECOND = timedelta(seconds=1)


@dataclass
class Life:
    """Counts the awaits of one process, which stops for ever at one of them."""

    ends_at: int | None = None
    steps: int = 0
    is_over: asyncio.Event = field(default_factory=asyncio.Event)

    async def step(self) -> None:
        self.steps += 1
        if self.is_over.is_set() or self.steps == self.ends_at:
            self.is_over.set()
            await asyncio.get_running_loop().create_future()  # nothing ever happens again in this process


class MortalDatabase:
    """A database whose caller may die before a unit begins, or before it hears that it was stored."""

    def __init__(self, inside: Database, life: Life) -> None:
        self.inside = inside
        self._life = life

    async def read(self, work: Work[Any], /) -> Any:
        await self._life.step()
        found = await self.inside.read(work)
        await self._life.step()
        return found

    async def write(self, work: Work[Any], /) -> Any:
        await self._life.step()
        found = await self.inside.write(work)
        await self._life.step()
        return found

    async def close(self) -> None:
        await self.inside.close()


class MortalCourier(FakeCourier):
    """A courier whose caller may die before a call goes out, or before its answer comes in."""

    life: Life

    async def send(self, to: Address, part: Part, nonce: str) -> str:
        return str(await self._live(super().send(to, part, nonce)))

    async def find(self, to: Address, part: Part, nonce: str, since: datetime) -> str | None:
        found = await self._live(super().find(to, part, nonce, since))
        return None if found is None else str(found)

    async def edit(self, to: Address, receipt: str, part: Part) -> None:
        await self._live(super().edit(to, receipt, part))

    async def delete(self, to: Address, receipt: str) -> None:
        await self._live(super().delete(to, receipt))

    async def _live(self, call: Any) -> object:
        try:
            await self.life.step()
        except BaseException:
            call.close()
            raise
        try:
            return await call
        finally:
            await self.life.step()


@dataclass(frozen=True)
class Kind:
    """A kind of platform, and what a post of unknown fate does there."""

    nonces: timedelta | None
    can_find: bool
    doubt: Doubt = Doubt.ASK
    outage: timedelta = timedelta()


KINDS = {
    "nonces": Kind(timedelta(minutes=3), can_find=True),
    "nonces, long outage": Kind(timedelta(minutes=3), can_find=True, outage=timedelta(minutes=20)),
    "find only": Kind(None, can_find=True),
    "ask": Kind(None, can_find=False),
    "repeat": Kind(None, can_find=False, doubt=Doubt.REPEAT),
}
FAULTS: dict[str, Callable[[], list[Fault]]] = {
    "all well": list,
    "wait first": lambda: [Fault(WaitFirstError(timedelta(seconds=3)), only="send")],
    "not sent": lambda: [Fault(NotSentError("no connection"), only="send")],
    "lost after": lambda: [lost_after("send")],
    "lost before": lambda: [lost_before("send")],
    "lost, then nothing works": lambda: [
        lost_after("send"),
        Fault(NotSentError("no connection")),
        Fault(WaitFirstError(timedelta(seconds=2))),
    ],
}


class Lives:
    """Runs one story over and over, each time with the process dying one await later."""

    def __init__(self, folder: Path, kind: Kind, faults: list[Fault]) -> None:
        self.clock = VirtualClock()
        self.platform = FakePlatform(self.clock, nonces=kind.nonces)
        self.courier = MortalCourier(self.platform, can_find=kind.can_find)
        self.courier.faults = faults
        self.kind = kind
        self.path = folder / "a.db"

    async def begin(self, ends_at: int | None) -> tuple[PostingWorld, Life]:
        life = Life(ends_at)
        opened = await PostingWorld.open(self.clock, [], self.path)
        self.courier.life = life
        return PostingWorld(MortalDatabase(opened.database, life), self.clock, [self.courier]), life

    async def story(self, ends_at: int | None, tell: Callable[[PostingWorld], Any]) -> int:
        """Tell a story to a process that dies at an await; let another one finish. Return how many awaits it lived."""
        before = asyncio.all_tasks()
        world, life = await self.begin(ends_at)
        telling = asyncio.ensure_future(tell(world))
        await self.clock.run_until(lambda: telling.done() or life.is_over.is_set())
        if not life.is_over.is_set():
            telling.result()
        lived = life.steps
        life.is_over.set()
        for _round in range(3):  # what dying tasks begin dies as well
            dying = asyncio.all_tasks() - before
            for task in dying:
                task.cancel()
            with suppress(asyncio.CancelledError):
                await asyncio.gather(*dying, return_exceptions=True)
        await world.database.close()
        self.clock.jump(self.kind.outage)
        return lived

    async def finish(self) -> PostingWorld:
        """Let a process that does not die do what is left."""
        world, _life = await self.begin(None)
        await world.sender.start()
        await self.rest(world, self.clock.advance)
        return world

    async def rest(self, world: PostingWorld, wait: Callable[[timedelta], Any]) -> None:
        """Wait until nothing is left to do, and a little longer."""
        inside = world.database.inside  # type: ignore[attr-defined]
        for _second in range(300):
            await wait(SECOND)
            if not await inside.read(has_work):
                break
        else:
            raise AssertionError("it never came to rest")


async def has_work(tx: Transaction) -> bool:
    return await tx.one("SELECT 1 FROM engine_post WHERE next_try IS NOT NULL LIMIT 1") is not None


def one_post(kind: Kind) -> Post:
    return post("one", "a", "b", doubt=kind.doubt)


@pytest.mark.parametrize("faults", FAULTS)
@pytest.mark.parametrize("name", KINDS)
async def test_each_message_arrives_once_wherever_the_process_dies(tmp_path: Path, name: str, faults: str) -> None:
    kind = KINDS[name]
    ends_at = 0
    deaths = 0
    while True:
        ends_at += 1
        folder = tmp_path / str(ends_at)
        folder.mkdir()
        lives = Lives(folder, kind, FAULTS[faults]())
        posted: list[int] = []

        async def tell(world: PostingWorld, lives: Lives = lives, posted: list[int] = posted) -> None:
            await world.sender.start()
            posted += await world.post(one_post(kind))
            await lives.rest(world, world.clock.advance)

        await lives.story(ends_at, _beside(tell, lives))
        died = lives.courier.life.steps >= ends_at
        deaths += died
        world = await lives.finish()
        (one,) = await world.post(one_post(kind))  # whoever asked for it, asks again: it is the same post
        await lives.rest(world, lives.clock.advance)
        _judge(lives.platform, kind, await world.state(one), f"died at {ends_at}")
        stopping = asyncio.ensure_future(world.close())
        await lives.clock.run_until(stopping.done)
        if not died:
            break
    assert deaths > 8, "it died at every await of its life"


def _beside(tell: Callable[..., Any], lives: Lives) -> Callable[[PostingWorld], Any]:
    """Tell the story while the clock is run by the caller."""

    async def told(world: PostingWorld) -> None:
        clock = lives.clock
        world.clock = _Patient(clock)  # type: ignore[assignment]
        await tell(world)

    return told


class _Patient:
    """Lets a story wait for time that somebody else makes pass."""

    def __init__(self, clock: VirtualClock) -> None:
        self._clock = clock

    async def advance(self, by: timedelta) -> None:
        await self._clock.sleep_until(self._clock.now() + by)


def _judge(platform: FakePlatform, kind: Kind, state: State, when: str) -> None:
    heard = platform.texts("room")
    reports = platform.texts("desk")
    if kind.doubt is Doubt.REPEAT:
        assert set(heard) == {"a", "b"}, when
        assert state is State.SENT, when
        return
    assert len(heard) == len(set(heard)), f"{when}: said twice: {heard}"
    if kind.nonces or kind.can_find:
        assert heard == ["a", "b"], when
        assert state is State.SENT, when
        assert not reports, when
    elif state is State.UNKNOWN:
        assert reports, f"{when}: nobody was told"
    else:
        assert heard == ["a", "b"], when
        assert state is State.SENT, when


@pytest.mark.parametrize("name", ["nonces", "find only"])
async def test_an_edit_and_then_a_deletion_are_done_wherever_the_process_dies(tmp_path: Path, name: str) -> None:
    ends_at = 0
    while True:
        ends_at += 1
        folder = tmp_path / str(ends_at)
        folder.mkdir()
        lives = Lives(folder, KINDS[name], [])

        async def tell(world: PostingWorld, lives: Lives = lives) -> None:
            await world.sender.start()
            (one, two) = await world.post(post("one", "a", "b", "c"), post("two", "x", to=Address("fake", "other")))
            await lives.rest(world, world.clock.advance)
            await world.edit(one, "a", "B")
            await world.delete(two)
            await lives.rest(world, world.clock.advance)

        await lives.story(ends_at, _beside(tell, lives))
        died = lives.courier.life.steps >= ends_at
        world = await lives.finish()
        one, two = await world.post(post("one", "a", "b", "c"), post("two", "x", to=Address("fake", "other")))
        await world.edit(one, "a", "B")
        await world.delete(two)
        await lives.rest(world, lives.clock.advance)
        assert lives.platform.texts("room") == ["a", "B"], f"died at {ends_at}"
        assert lives.platform.texts("other") == [], f"died at {ends_at}"
        stopping = asyncio.ensure_future(world.close())
        await lives.clock.run_until(stopping.done)
        if not died:
            break
    assert ends_at > 20


async def test_a_process_that_dies_again_and_again_still_gets_everything_said(tmp_path: Path) -> None:
    lives = Lives(tmp_path, KINDS["nonces"], [])
    texts = [f"part {number}" for number in range(6)]
    for number in range(12):

        async def tell(world: PostingWorld) -> None:
            await world.sender.start()
            await world.post(post("one", *texts, doubt=Doubt.ASK))
            await world.clock.advance(MINUTE)

        await lives.story(9 + number % 4, _beside(tell, lives))
        lives.clock.jump(timedelta(seconds=11))
    world = await lives.finish()
    assert lives.platform.texts("room") == texts
    await world.close()
