"""Doing something for as long as it is our turn."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import pytest

from bot.infra.shared_alone import Alone
from bot.infra.turns import work_in
from bot.kit.shared import Shared, in_turn, in_turns


@dataclass
class Loseable:
    """A turn that is lost when a test says so."""

    gone: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def is_ours(self) -> bool:
        return not self.gone.is_set()

    async def lost(self) -> None:
        await self.gone.wait()


@dataclass
class Others:
    """Processes that take turns from us."""

    turns: list[Loseable] = field(default_factory=list)
    left: list[str] = field(default_factory=list)
    taken: asyncio.Event = field(default_factory=asyncio.Event)
    is_alone: bool = False

    def ring(self, channel: str) -> None:
        raise NotImplementedError

    async def listen(self, channel: str, callback: Callable[[], None]) -> None:
        raise NotImplementedError

    @asynccontextmanager
    async def turn(self, name: str) -> AsyncIterator[Loseable]:
        self.turns.append(Loseable())
        self.taken.set()
        try:
            yield self.turns[-1]
        finally:
            self.left.append(name)

    async def in_turn(self, name: str, work: Callable[[], Awaitable[None]]) -> bool:
        return await work_in(self.turn(name), work)


@dataclass
class Working:
    """Work that goes on until it is cancelled, and needs a moment to end."""

    began: int = 0
    ended: int = 0
    begun: asyncio.Event = field(default_factory=asyncio.Event)

    async def work(self) -> None:
        self.began += 1
        self.begun.set()
        try:
            await asyncio.Event().wait()
        finally:
            await asyncio.wait([asyncio.ensure_future(asyncio.Event().wait())], timeout=0)
            self.ended += 1


async def nothing() -> None:
    return None


async def failing() -> None:
    raise ValueError("broken")


@pytest.mark.parametrize("make", [lambda: None, Alone, Others])
async def test_work_that_ends_by_itself_is_not_done_again(make: Callable[[], Shared | None]) -> None:
    assert await in_turn(make(), "bell", nothing)
    await in_turns(make(), "bell", nothing)


@pytest.mark.parametrize("make", [lambda: None, Alone, Others])
async def test_what_the_work_raises_is_raised(make: Callable[[], Shared | None]) -> None:
    with pytest.raises(ValueError, match="broken"):
        await in_turns(make(), "bell", failing)


async def test_when_the_turn_is_lost_the_work_has_ended_before_the_turn_is_left_and_begins_again_with_the_next() -> (
    None
):
    others, working = Others(), Working()
    doing = asyncio.ensure_future(in_turns(others, "bell", working.work))
    for count in (1, 2, 3):
        async with asyncio.timeout(10):
            await working.begun.wait()
        assert [working.began, working.ended, len(others.left)] == [count, count - 1, count - 1]
        working.begun.clear()
        others.turns[-1].gone.set()
    async with asyncio.timeout(10):
        await working.begun.wait()
    doing.cancel()
    await asyncio.wait([doing])
    assert [working.ended, others.left] == [4, ["bell"] * 4]


async def test_one_that_loses_its_turn_is_told() -> None:
    others, working = Others(), Working()
    doing = asyncio.ensure_future(in_turn(others, "discord", working.work))
    async with asyncio.timeout(10):
        await working.begun.wait()
    others.turns[-1].gone.set()
    assert not await doing


async def test_turns_of_one_name_come_one_after_another_in_one_process() -> None:
    alone, first, second = Alone(), Working(), Working()
    one = asyncio.ensure_future(in_turns(alone, "bell", first.work))
    async with asyncio.timeout(10):
        await first.begun.wait()
        other = asyncio.ensure_future(in_turns(alone, "bell", second.work))
        one.cancel()
        await second.begun.wait()
    assert first.ended == 1
    other.cancel()
    await asyncio.wait([one, other])
