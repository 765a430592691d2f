"""What the bot says by itself in the web chat."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.kit.posting import Address, VanishedError
from bot.kit.reply import Button, reply
from tests.fakes.web_world import WebWorld

ROOM = Address("web", "study-hall")
SINCE = datetime(2026, 11, 21, tzinfo=UTC)


async def test_a_post_stands_in_the_room_for_everybody(world: WebWorld) -> None:
    courier = world.platform.courier
    (part,) = courier.draw(ROOM, reply("Quiz time", buttons=((Button("Answer", "a.b"),),)), "")
    await courier.send(ROOM, part, "n1")
    for name in ("ana", "ben"):
        person = world.person(name, "study-hall")
        await person.looks()
        assert person.cards[-1].startswith("Quiz time")
        assert person.keys("Answer")


async def test_the_same_post_again_is_not_said_twice(world: WebWorld) -> None:
    courier = world.platform.courier
    (part,) = courier.draw(ROOM, reply("Quiz time"), "")
    first = await courier.send(ROOM, part, "n1")
    assert await courier.send(ROOM, part, "n1") == first
    assert await courier.find(ROOM, part, "n1", SINCE) == first
    assert await courier.find(ROOM, part, "n2", SINCE) is None
    ana = world.person("ana", "study-hall")
    await ana.looks()
    assert len(ana.cards) == 1


async def test_a_post_can_be_changed_and_taken_back(world: WebWorld) -> None:
    courier = world.platform.courier
    (first,), (second,) = (courier.draw(ROOM, reply(words), "") for words in ("open", "closed"))
    receipt = await courier.send(ROOM, first, "n1")
    await courier.edit(ROOM, receipt, second)
    ana = world.person("ana", "study-hall")
    await ana.looks()
    assert ana.cards == ["closed"]
    await courier.delete(ROOM, receipt)
    await ana.looks()
    assert ana.cards == []
    with pytest.raises(VanishedError):
        await courier.edit(ROOM, receipt, second)
    with pytest.raises(VanishedError):
        await courier.delete(ROOM, receipt)


async def test_an_open_window_hears_of_a_post_at_once(world: WebWorld) -> None:
    ana = world.person("ana", "study-hall")
    await ana.looks()
    async with ana.follows() as window:
        courier = world.platform.courier
        (part,) = courier.draw(ROOM, reply("Quiz time"), "")
        await courier.send(ROOM, part, "n1")
        assert "Quiz time" in (await window.hears())["html"]
