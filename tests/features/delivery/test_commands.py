"""What moderators get when they say what to do about a post of unknown fate."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import timedelta

import pytest

from bot.kit.database import Transaction
from bot.kit.posting import Address, Posted, State
from bot.kit.reply import Reply
from bot.kit.request import Role
from tests.fakes.core import PRIVATE, ROOM, CoreWorld, Message, Person
from tests.fakes.courier import FakeCourier, FakePlatform, lost_before
from tests.fakes.posting_world import post
from tests.fakes.virtual_time import VirtualClock

HALL = Address("fake", "hall")
DESK = Address("fake", "desk")


@dataclass
class Delivery:
    """A bot whose community has a post of unknown fate, and the report about it."""

    core: CoreWorld
    clock: VirtualClock
    platform: FakePlatform
    post: int = 0
    report: Message = field(default_factory=lambda: Message(Reply(), public=True, where=ROOM))

    async def fate(self) -> Posted:
        fate = await self.core.database.read(lambda tx: self.core.app.tools.outbox.fate(tx, self.post))
        assert fate is not None
        return fate

    async def press(self, who: Person, label: str, event: str = "") -> Message:
        data = self.platform.visible("desk")[0].part["buttons"][label]
        return await who.sends(data, self.report, event)

    def moderator(self, name: str = "Mo") -> Person:
        return self.core.person(name, Role.MODERATOR)


@pytest.fixture
async def delivery(world: CoreWorld) -> AsyncIterator[Delivery]:
    clock = VirtualClock(world.clock.now())
    platform = FakePlatform(clock)
    courier = FakeCourier(platform, can_find=False)
    courier.faults = [lost_before()]
    sender = world.app.sender(world.database, [courier])
    sender._clock = clock
    await sender.start()
    await world.person("Ana").says("/start", ROOM)
    delivery = Delivery(world, clock, platform)

    async def work(tx: Transaction) -> int:
        row = await tx.one("SELECT community_id FROM community_place WHERE chat = :chat", chat=ROOM)
        assert row is not None
        asked = post("quiz:7", "Which of these?", to=HALL, report_to=DESK, community=row[0])
        return await world.app.tools.outbox.post(tx, asked)

    delivery.post = await world.database.write(work)
    await clock.advance(timedelta(minutes=1))
    assert (await delivery.fate()).state is State.UNKNOWN
    yield delivery
    await sender.stop()


async def test_one_tap_sends_it_again(delivery: Delivery) -> None:
    mo = delivery.moderator()
    answer = await delivery.press(mo, "Send it again")
    assert answer is delivery.report, "the answer takes the place of the question"
    assert "sending it again" in answer.text
    await delivery.clock.advance(timedelta(minutes=1))
    assert delivery.platform.texts("hall") == ["Which of these?"]


async def test_one_tap_leaves_it(delivery: Delivery) -> None:
    answer = await delivery.press(delivery.moderator(), "It is there, leave it")
    assert "leave it" in answer.text
    await delivery.clock.advance(timedelta(hours=1))
    assert delivery.platform.texts("hall") == []
    assert (await delivery.fate()).state is State.SENT


async def test_a_second_tap_and_a_second_delivery_of_one_change_nothing(delivery: Delivery) -> None:
    mo, max_ = delivery.moderator(), delivery.moderator("Max")
    await delivery.press(mo, "Send it again", event="same")
    await delivery.press(mo, "Send it again", event="same")
    await delivery.press(max_, "Send it again")
    await delivery.clock.advance(timedelta(minutes=1))
    await delivery.press(max_, "It is there, leave it")
    await delivery.clock.advance(timedelta(minutes=1))
    assert delivery.platform.texts("hall") == ["Which of these?"]
    assert "already saved" in mo.notices[0]
    assert max_.notices[0].startswith("That is settled")  # it may have arrived before Max pressed
    assert max_.notices[1:] == ["That is settled: the post was delivered."]


@pytest.mark.parametrize("label", ["Send it again", "It is there, leave it"])
async def test_only_moderators_decide(delivery: Delivery, label: str) -> None:
    ana = delivery.core.person("Ana")
    await delivery.press(ana, label)
    assert ana.notices == ["Only moderators of this community can do that."]
    assert (await delivery.fate()).state is State.UNKNOWN


@pytest.mark.parametrize("where", ["another room", PRIVATE])
async def test_moderators_of_another_community_decide_nothing(delivery: Delivery, where: str) -> None:
    mo = delivery.moderator()
    delivery.report.where = where
    await delivery.press(mo, "Send it again")
    assert mo.notices == ["I know of no such post here."]
    assert (await delivery.fate()).state is State.UNKNOWN


async def test_a_post_that_never_was_is_met_kindly(delivery: Delivery) -> None:
    mo = delivery.moderator()
    await mo.sends("delivery.resend:999999", delivery.report)
    assert mo.notices == ["I know of no such post here."]
