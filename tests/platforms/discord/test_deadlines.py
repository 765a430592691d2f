"""A sign of life comes in time, whatever the core, the database or the crowd is doing."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from functools import partial
from typing import Any

import pytest

from bot.kit.database import Database, Work
from bot.kit.platform import Answer, Delivery
from bot.kit.reply import Button, Field, Form, Reply, reply
from bot.kit.request import Incoming
from bot.kit.text import para
from bot.platforms.discord.deadlines import Deadlines
from bot.platforms.discord.limits import DEFER_SECONDS
from bot.platforms.discord.store import DiscordStore
from tests.fakes.discord_clock import PatientClock
from tests.platforms.discord.conftest import DiscordWorld

FORM = Form("Check in", (Field("minutes", "How many minutes?"),), "study.checkin:7", "Send")


class Gated:
    """A database that answers when it is let."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self.opened = asyncio.Event()
        self.opened.set()

    async def read(self, work: Work[Any], /) -> Any:
        await self.opened.wait()
        return await self._database.read(work)

    async def write(self, work: Work[Any], /) -> Any:
        await self.opened.wait()
        return await self._database.write(work)

    async def close(self) -> None:
        await self._database.close()


@pytest.fixture
async def gated(idle: DiscordWorld) -> Gated:
    """The adapter's own database in a started bot, which can be made to hang."""
    database = Gated(idle.database)
    idle.platform._store = DiscordStore(database)
    await idle.start()
    await idle.server.knows_commands.wait()
    return database


async def test_a_form_is_announced_even_if_the_database_hangs(idle: DiscordWorld, gated: Gated) -> None:
    idle.answers(Reply((para("Look:"),), form=FORM, buttons=((Button("Other", "a.c"),),)))
    gated.opened.clear()
    ana = idle.person()
    asking = asyncio.ensure_future(ana.slash("roadmap"))
    assert await idle.clock.passes(DEFER_SECONDS + 0.1) == pytest.approx(DEFER_SECONDS)
    await idle.until(lambda: bool(list(idle.server.interactions.values())[-1].answers))
    gated.opened.set()
    one = await asking
    assert one.kinds == [5]
    assert "Look:" in one.messages[0].text


async def test_a_kept_form_that_is_found_too_late_asks_for_another_press(idle: DiscordWorld, gated: Gated) -> None:
    idle.answers(reply("First read this.", form=FORM, buttons=((Button("Other", "a.c"),),)))
    ana = idle.person()
    card = (await ana.slash("roadmap")).messages[0]
    gated.opened.clear()
    pressing = asyncio.ensure_future(ana.press("Check in"))
    conversation = idle.platform._conversation
    assert conversation is not None
    await idle.until(lambda: bool(conversation._in_hand))
    await idle.until(lambda: len(conversation._deadlines._open) == 2)
    idle.clock.travel(timedelta(seconds=1.5))
    await idle.until(lambda: bool(list(idle.server.interactions.values())[-1].answers))
    gated.opened.set()
    one = await pressing
    assert one.kinds == [6]
    assert "press it once more" in one.messages[0].text
    assert one.messages[0].seen_by == ana.account
    assert (await ana.press("Check in", card)).kinds == [9]


async def test_an_answer_that_crosses_its_announcement_comes_after_it(hall: DiscordWorld) -> None:
    go, began = asyncio.Event(), asyncio.Event()

    async def respond(_incoming: Incoming) -> Answer:
        began.set()
        await go.wait()
        return Answer(reply("at last"), Delivery.NEW, only_you=False)

    hall.answers_with(respond)
    asking = asyncio.ensure_future(hall.person().slash("roadmap"))
    await began.wait()
    hall.clock.travel(timedelta(seconds=1.5))
    await asyncio.get_running_loop().run_in_executor(None, int)
    go.set()  # while the announcement is on its way
    one = await asking
    assert one.kinds in ([5], [4])
    assert [message.text for message in one.messages] == ["at last"]


async def test_everybody_in_a_crowd_is_told_in_time_while_the_core_is_slow(hall: DiscordWorld) -> None:
    go = asyncio.Event()

    async def respond(_incoming: Incoming) -> Answer:
        await go.wait()
        return Answer(reply("at last"), Delivery.NEW, only_you=False)

    hall.answers_with(respond)
    asking = [asyncio.ensure_future(hall.person().slash("roadmap")) for _number in range(200)]
    await hall.until(lambda: len(hall.asked) == 200)
    await hall.clock.passes(1.5)
    await hall.until(lambda: all(one.answers for one in hall.server.interactions.values()))
    assert {kind for one in hall.server.interactions.values() for kind in one.kinds} == {5}
    go.set()
    done = await asyncio.gather(*asking)
    assert {message.text for one in done for message in one.messages} == {"at last"}


async def test_one_sleeper_serves_all_and_rests_when_nobody_waits() -> None:
    clock = PatientClock()
    deadlines = Deadlines(clock, 1.5)
    late: list[int] = []

    async def note(number: int) -> None:
        late.append(number)

    tickets = []
    for number in range(4):
        tickets.append(deadlines.watch(clock.now(), partial(note, number)))
        clock.travel(timedelta(seconds=0.5))
    tickets[1].is_done = True
    for _wait in range(4):
        await asyncio.gather(*deadlines._calls)
        await asyncio.get_running_loop().run_in_executor(None, int)
        clock.travel(timedelta(seconds=0.5))
    await asyncio.get_running_loop().run_in_executor(None, int)
    await asyncio.gather(*deadlines._calls)
    assert late == [0, 2, 3]
    assert deadlines._sleeper is None
    deadlines.watch(clock.now(), partial(note, 9))
    await deadlines.close()
    assert late == [0, 2, 3]
