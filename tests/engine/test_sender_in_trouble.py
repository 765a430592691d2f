"""Claims while the computer's clock is set, or the database is busy: what is in hand is never begun a second time."""

from __future__ import annotations

from datetime import timedelta

from bot.kit.database import Database, Result, Work
from bot.kit.errors import StorageError
from bot.kit.posting import Address, State
from tests.fakes.courier import FakeCourier, FakePlatform, lost_after
from tests.fakes.posting_world import PostingWorld, post
from tests.fakes.virtual_time import VirtualClock

SECOND = timedelta(seconds=1)
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)


class Busy:
    """A database that refuses some of the writes to come."""

    def __init__(self, inner: Database) -> None:
        self.inner = inner
        self.refuses = 0

    async def read(self, work: Work[Result], /) -> Result:
        return await self.inner.read(work)

    async def write(self, work: Work[Result], /) -> Result:
        if self.refuses:
            self.refuses -= 1
            raise StorageError("The database is busy.")
        return await self.inner.write(work)

    async def close(self) -> None:
        await self.inner.close()


async def test_a_claim_made_after_the_clock_was_set_back_is_kept_too(clock: VirtualClock) -> None:
    platforms = [FakePlatform(clock), FakePlatform(clock)]
    couriers = [FakeCourier(platforms[0]), FakeCourier(platforms[1], platform="other")]
    posting = await PostingWorld.open(clock, couriers)
    await posting.sender.start()
    couriers[0].slow = couriers[1].slow = {"room": 4 * SECOND}
    await posting.post(post("before"))
    await clock.advance(5 * SECOND)
    clock.jump(-HOUR)
    couriers[1].slow = {"room": MINUTE}
    (one,) = await posting.post(post("after", to=Address("other", "room")))
    await clock.advance(3 * MINUTE)
    assert platforms[1].calls == ["send"]
    assert await posting.state(one) is State.SENT
    await posting.close()


async def test_a_claim_that_the_database_did_not_let_us_keep_is_kept_at_the_next_look(clock: VirtualClock) -> None:
    platform = FakePlatform(clock)
    courier = FakeCourier(platform)
    opened = await PostingWorld.open(clock, [courier])
    busy = Busy(opened.database)
    posting = PostingWorld(busy, clock, [courier])
    await posting.sender.start()
    courier.slow = {"room": MINUTE}
    (one,) = await posting.post(post("one"))
    await clock.advance(SECOND)
    for _time in range(6):
        busy.refuses = 8
        await clock.advance(9 * SECOND)
    await clock.advance(MINUTE)
    assert platform.calls == ["send"]
    assert await posting.state(one) is State.SENT
    await posting.close()


async def test_a_nonce_of_a_clock_that_was_ahead_is_not_trusted(clock: VirtualClock) -> None:
    """Sent at what the clock called six o'clock, and tried again when it really is: the platform has long forgotten."""
    real = VirtualClock()
    platform = FakePlatform(real, nonces=3 * MINUTE)
    courier = FakeCourier(platform)
    first = await PostingWorld.open(clock, [courier], poll=MINUTE)  # six hours of looking every second take seconds
    await first.sender.start()
    clock.jump(6 * HOUR)
    courier.faults = [lost_after("send")]
    (one,) = await first.post(post("one"))
    await clock.settle()
    assert platform.texts() == ["one"]
    clock.jump(-6 * HOUR)
    await first.post(post("two", to=Address("fake", "other")))  # wakes it, as a second of real time would
    await clock.advance(SECOND)
    real.jump(6 * HOUR)
    await clock.advance(6 * HOUR + MINUTE)
    assert platform.texts("room") == ["one"]
    assert platform.calls == ["send", "send", "find"]
    assert await first.state(one) is State.SENT
    await first.close()
