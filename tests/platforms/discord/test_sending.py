"""Answers reach people whatever the network and Discord do meanwhile, and never twice."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from bot.kit.platform import Delivery
from bot.kit.reply import Button, reply
from tests.fakes.discord_server import Interaction
from tests.platforms.discord.conftest import DiscordWorld

LONG = "word " * 2400
"""Three messages."""


async def asks(hall: DiscordWorld, *pauses: float) -> Interaction:
    """Somebody asks, and time passes as somebody waits for it, so many times."""
    asking = asyncio.ensure_future(hall.person().slash("roadmap"))
    for pause in pauses:
        assert await hall.clock.passes(pause + 0.01) == pytest.approx(pause)
    return await asking


@pytest.mark.parametrize("status", [500, 502, 503, 504, 520])
async def test_a_failing_request_is_tried_again_within_the_time_there_is(hall: DiscordWorld, status: int) -> None:
    hall.server.fail("/callback", status, times=2)
    assert (await asks(hall, 0.25, 0.5)).kinds == [4]


async def test_a_broken_connection_is_made_again(hall: DiscordWorld) -> None:
    hall.server.cut("/callback", times=2)
    assert (await asks(hall, 0.25, 0.5)).kinds == [4]


async def test_an_answer_that_arrived_though_its_receipt_did_not_is_given_once(hall: DiscordWorld) -> None:
    hall.answers(reply(LONG))
    for is_cut in (False, True):
        if is_cut:
            hall.server.cut("/callback", after=True)
        else:
            hall.server.fail("/callback", 502, after=True)
        one = await asks(hall, 0.25)
        assert one.kinds == [4]
        assert len(one.messages) == 4


async def test_an_edit_may_be_repeated(hall: DiscordWorld) -> None:
    hall.answers(reply("card", buttons=((Button("Press", "a.b"),),)))
    ana = hall.person(alone=True)
    await ana.slash("roadmap")
    hall.answers(reply("after"), Delivery.EDIT)
    hall.server.fail("/callback", 500, after=True)
    pressing = asyncio.ensure_future(ana.press("Press"))
    await hall.clock.passes(0.3)
    assert (await pressing).messages[0].text == "after"


async def test_a_limit_is_waited_out_as_long_as_discord_asks(hall: DiscordWorld) -> None:
    hall.server.limit("/callback", 0.317)
    assert (await asks(hall, 0.317)).kinds == [4]


async def test_a_limit_for_the_whole_bot_is_waited_out_too(hall: DiscordWorld) -> None:
    hall.server.limit("/callback", 0.7, scope="global")
    assert (await asks(hall, 0.7)).kinds == [4]


async def test_a_limit_longer_than_an_interaction_lives_is_not_waited_for(
    hall: DiscordWorld, caplog: pytest.LogCaptureFixture
) -> None:
    hall.server.limit("/callback", 9.5)
    await hall.server.interact(2, "1", {"name": "roadmap", "type": 1})
    await hall.until(lambda: "an answer could not be sent: 429" in caplog.text)
    assert len([path for _method, path in hall.server.requests if path.endswith("/callback")]) == 1


async def test_a_line_that_stays_dead_is_given_up_when_the_time_is_over(
    hall: DiscordWorld, caplog: pytest.LogCaptureFixture
) -> None:
    hall.server.cut("/callback", times=99)
    began = hall.clock.now()
    await hall.server.interact(2, "1", {"name": "roadmap", "type": 1})
    given_up = hall.until(lambda: "an answer could not be sent: ServerDisconnectedError" in caplog.text)
    await hall.clock.passes_until(given_up, 1.5)
    assert hall.clock.now() - began < timedelta(seconds=3)
    hall.server.faults.clear()
    assert (await asks(hall)).kinds == [4]


async def test_many_parts_keep_to_the_limit_they_are_told_of(hall: DiscordWorld) -> None:
    hall.server.ban.after = 1
    hall.server.pace("POST /webhooks/{webhook_id}/{webhook_token}", 2, 2.0)
    hall.answers(reply("word " * 4800))
    one = await hall.clock.passes_until(hall.person().slash("roadmap"), 2.0)
    assert len(one.messages) == 7
    assert sum("/webhooks/" in path for _method, path in hall.server.requests) == 6


async def test_a_further_part_waits_for_as_long_as_the_token_lives(hall: DiscordWorld) -> None:
    hall.answers(reply(LONG))
    hall.server.limit("/webhooks/", 77.25)
    began = hall.clock.now()
    one = await hall.clock.passes_until(hall.person().slash("roadmap"), 80)
    assert len(one.messages) == 4
    assert 77 < (hall.clock.now() - began).total_seconds() < 80


async def test_after_a_quarter_of_an_hour_nothing_more_can_be_said(
    hall: DiscordWorld, caplog: pytest.LogCaptureFixture
) -> None:
    hall.answers(reply(LONG))
    hall.server.cut("/webhooks/")
    asking = asyncio.ensure_future(hall.person().slash("roadmap"))
    await hall.clock.passes(0.3)
    hall.clock.travel(timedelta(minutes=16))
    assert len((await asking).messages) <= 2
    assert "too late for Discord" in caplog.text
