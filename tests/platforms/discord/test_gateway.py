"""The line to Discord's gateway breaks in every way it can, and people are answered all the same, each time once."""

from __future__ import annotations

import asyncio
import re
from datetime import timedelta

import pytest

from bot.kit.errors import SettingsError
from bot.kit.platform import Answer, Delivery
from bot.kit.reply import reply
from bot.kit.request import Incoming
from bot.platforms.discord.client import LeanClient
from bot.platforms.discord.conversation import Conversation
from tests.fakes.discord_people import COMMAND
from tests.platforms.discord.conftest import DiscordWorld

MINUTE = timedelta(minutes=1)
ROADMAP = {"name": "roadmap", "type": 1}


async def test_a_lost_connection_goes_on_where_it_was(hall: DiscordWorld) -> None:
    hall.clock.travel(MINUTE)
    line = hall.server.line
    await line.hang_up(code=4000)
    one = await hall.server.interact(COMMAND, "1", ROADMAP)  # said while the bot is away
    await hall.until(lambda: bool(one.answers))
    assert len(line.identifies) == 1
    assert line.resumes[0]["session_id"] == "session1"


async def test_events_that_come_again_have_no_second_effect(hall: DiscordWorld) -> None:
    hall.clock.travel(MINUTE)
    one = await hall.person().slash("roadmap")
    hall.server.line.repeats = 5
    await hall.server.line.hang_up(code=4000)
    await hall.until(hall.server.line.connected.is_set)
    assert (await hall.person().slash("roadmap")).kinds == [4]
    assert [incoming.event for incoming in hall.asked].count(one.id) == 1
    assert one.kinds == [4]


async def test_an_event_that_comes_again_after_a_restart_has_no_second_effect(hall: DiscordWorld) -> None:
    ana = hall.person()
    done = await ana.slash("done", topic="linear algebra")
    assert "Done: Linear algebra" in done.messages[0].text
    before = await hall.rows()
    await hall.restart()
    await hall.server.tell("INTERACTION_CREATE", done.raw)
    await hall.until(lambda: [incoming.event for incoming in hall.asked].count(done.id) == 2)
    await hall.settled()
    assert await hall.rows() == before
    assert done.kinds == [4]


async def test_the_server_may_ask_the_bot_to_come_again(hall: DiscordWorld) -> None:
    hall.clock.travel(MINUTE)
    hall.server.line.connected.clear()
    await hall.server.line.say(7)
    await hall.until(hall.server.line.connected.is_set)
    assert len(hall.server.line.resumes) == 1
    assert (await hall.person().slash("roadmap")).kinds == [4]


@pytest.mark.parametrize("can_resume", [True, False])
async def test_a_session_declared_invalid_is_begun_anew(hall: DiscordWorld, can_resume: bool) -> None:
    hall.clock.travel(MINUTE)
    line = hall.server.line
    line.connected.clear()
    await line.say(9, can_resume)
    await hall.until(line.connected.is_set, travels=1.0)
    assert (len(line.resumes), len(line.identifies)) == ((1, 1) if can_resume else (0, 2))
    assert (await hall.person().slash("roadmap")).kinds == [4]


async def test_a_session_forgotten_while_the_bot_was_away_is_begun_anew(hall: DiscordWorld) -> None:
    hall.clock.travel(MINUTE)
    line = hall.server.line
    line.forget()
    await line.hang_up(code=4000)
    await hall.until(line.connected.is_set, travels=1.0)
    assert (len(line.resumes), len(line.identifies)) == (1, 2)
    assert (await hall.person().slash("roadmap")).kinds == [4]


async def test_a_connection_that_breaks_without_a_word_is_made_again(hall: DiscordWorld) -> None:
    hall.clock.travel(MINUTE)
    hall.server.line.cut()
    await hall.until(hall.server.line.connected.is_set, travels=1.0)
    assert (await hall.person().slash("roadmap")).kinds == [4]


@pytest.mark.parametrize("where", ["drops", "drops_ready"])
async def test_a_connection_that_keeps_breaking_is_made_again_with_pauses_that_grow(
    idle: DiscordWorld, where: str, caplog: pytest.LogCaptureFixture
) -> None:
    setattr(idle.server.line, where, 4)
    await idle.start()
    await idle.until(idle.server.line.connected.is_set, travels=0.5)
    pauses = [int(text) for text in re.findall(r"trying again in (\d+) s", caplog.text)]
    assert pauses[:3] == [1, 2, 4]
    assert len(idle.server.line.identifies) <= 5
    assert (await idle.person().slash("roadmap")).kinds == [4]


async def test_a_heartbeat_asked_for_is_given(hall: DiscordWorld) -> None:
    await hall.until(lambda: hall.server.line.heartbeats >= 1)
    before = hall.server.line.heartbeats
    await hall.server.line.say(1)
    await hall.until(lambda: hall.server.line.heartbeats == before + 1)


async def test_a_token_withdrawn_in_the_middle_is_told_to_whoever_waits(
    hall: DiscordWorld, caplog: pytest.LogCaptureFixture
) -> None:
    waiting = asyncio.ensure_future(hall.platform.wait())
    await hall.server.line.hang_up(code=4004)
    with pytest.raises(SettingsError, match="rejects ROADMATE_DISCORD_TOKEN"):
        await asyncio.wait_for(waiting, 10)
    assert "rejects ROADMATE_DISCORD_TOKEN" in caplog.text


async def test_a_token_withdrawn_while_the_connection_was_lost_is_noticed_too(hall: DiscordWorld) -> None:
    hall.clock.travel(MINUTE)
    waiting = asyncio.ensure_future(hall.platform.wait())
    hall.server.line.forget()
    hall.server.line.rejects_identify = True
    await hall.server.line.hang_up(code=4000)
    await hall.until(waiting.done, travels=1.0)
    with pytest.raises(SettingsError, match="rejects ROADMATE_DISCORD_TOKEN"):
        await waiting


async def test_an_unknown_operation_costs_nothing(hall: DiscordWorld) -> None:
    await hall.server.line.say(99, {"new": 1})
    assert (await hall.person().slash("roadmap")).kinds == [4]
    assert len(hall.server.line.identifies) == 1


async def test_stopping_while_nothing_can_be_reached_takes_no_time(idle: DiscordWorld) -> None:
    idle.server.line.refuses = True
    await idle.start()
    async with asyncio.timeout(5):
        await idle.platform.stop()


async def test_stopping_lets_go_of_everything_even_if_nobody_hangs_up_at_the_other_end(
    idle: DiscordWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.platforms.discord.limits.HANG_UP_SECONDS", 0.01)
    made: list[LeanClient] = []
    make = idle.platform.client

    def note(conversation: Conversation) -> LeanClient:
        made.append(make(conversation))
        return made[-1]

    monkeypatch.setattr(idle.platform, "client", note)
    idle.server.line.is_deaf = True
    await idle.start()
    await idle.server.knows_commands.wait()
    async with asyncio.timeout(5):
        await idle.platform.stop()
    assert [vars(client.http)["_HTTPClient__session"].closed for client in made] == [True]


async def test_an_answer_in_hand_outlives_the_connection_it_was_asked_over(
    hall: DiscordWorld, caplog: pytest.LogCaptureFixture
) -> None:
    go, began = asyncio.Event(), asyncio.Event()

    async def respond(_incoming: Incoming) -> Answer:
        began.set()
        await go.wait()
        return Answer(reply("word " * 2000), Delivery.NEW, only_you=False)

    hall.answers_with(respond)
    asking = asyncio.ensure_future(hall.person().slash("roadmap"))
    await began.wait()
    hall.server.line.refuses = True
    hall.server.line.cut()
    await hall.until(lambda: "no connection" in caplog.text)
    go.set()
    assert len((await asking).messages) == 3
