"""A platform, a courier and a process that posts, on virtual time."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from tests.fakes.courier import FakeCourier, FakePlatform
from tests.fakes.posting_world import PostingWorld
from tests.fakes.virtual_time import VirtualClock


@pytest.fixture
def clock() -> VirtualClock:
    return VirtualClock()


@pytest.fixture
def platform(clock: VirtualClock) -> FakePlatform:
    return FakePlatform(clock)


@pytest.fixture
def courier(platform: FakePlatform) -> FakeCourier:
    """A platform like Telegram: it cannot tell what arrived."""
    return FakeCourier(platform, can_find=False)


@pytest.fixture
async def posting(clock: VirtualClock, courier: FakeCourier) -> AsyncIterator[PostingWorld]:
    posting = await PostingWorld.open(clock, [courier])
    await posting.sender.start()
    yield posting
    stopping = asyncio.ensure_future(posting.close())
    await clock.run_until(stopping.done)
