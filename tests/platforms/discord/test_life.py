"""Discord from start to stop: nothing that Discord or the network does wrong ends the bot, only a bad token does."""

from __future__ import annotations

import asyncio
import logging
import re
import subprocess
import sys
from dataclasses import replace

import pytest

from bot.kit.errors import SettingsError
from bot.kit.platform import Answer, Delivery
from bot.kit.reply import Button, reply
from bot.kit.request import Incoming
from bot.platforms.discord.client import INTERACTION
from bot.platforms.discord.options import DiscordOptions, invite_link
from tests.fakes.discord_payloads import EPHEMERAL
from tests.fakes.discord_server import APPLICATION
from tests.platforms.discord.conftest import DiscordWorld


async def test_it_asks_for_no_privileged_intent(hall: DiscordWorld) -> None:
    assert [identify["intents"] for identify in hall.server.line.identifies] == [1 | 1 << 9 | 1 << 12]


async def test_it_prints_how_to_invite_it_with_the_rights_that_posts_need(
    idle: DiscordWorld, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    await idle.start()
    assert invite_link(APPLICATION) in caplog.text
    assert f"permissions={1 << 10 | 1 << 11 | 1 << 14 | 1 << 15 | 1 << 16 | 1 << 38}&" in invite_link(APPLICATION)
    assert "scope=bot+applications.commands" in invite_link(APPLICATION)


async def test_commands_are_told_once_and_again_only_when_they_changed(hall: DiscordWorld) -> None:
    await hall.until(lambda: hall.server.registrations == 1)
    told = {command["name"] for command in hall.server.commands}
    assert told == {command.name for command in hall.commands} | {"Explain this term"}
    await hall.restart()
    await hall.person().slash("roadmap")
    assert hall.server.registrations == 1
    hall.commands = (replace(hall.commands[0], summary="Something new"), *hall.commands[1:])
    await hall.restart()
    await hall.until(lambda: hall.server.registrations == 2)


async def test_commands_are_told_later_if_discord_fails_now(idle: DiscordWorld) -> None:
    idle.server.fail("/commands", 503)
    await idle.start()
    await idle.until(lambda: idle.server.registrations == 1, travels=1.0)


async def test_commands_that_discord_refuses_do_not_stop_answers(
    idle: DiscordWorld, caplog: pytest.LogCaptureFixture
) -> None:
    idle.server.fail("/commands", 400, body={"code": 50035, "message": "Invalid Form Body"})
    await idle.start()
    await idle.until(lambda: "refused the commands" in caplog.text)
    assert (await idle.person().slash("roadmap")).kinds == [4]


@pytest.mark.parametrize("status", [503, 400, 403, 418])
async def test_a_failed_login_is_outlived(
    idle: DiscordWorld, status: int, caplog: pytest.LogCaptureFixture
) -> None:  # fmt: skip
    idle.server.fail("/users/@me", status)
    await idle.start()
    assert "trying again in 1 s" in caplog.text
    await idle.until(idle.server.line.connected.is_set, travels=1.0)
    assert (await idle.person().slash("roadmap")).kinds == [4]


async def test_a_bad_gateway_at_login_is_outlived(idle: DiscordWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    no_pauses(monkeypatch)
    idle.server.fail("/users/@me", 502, times=6)
    await idle.start()
    await idle.until(idle.server.line.connected.is_set, travels=1.0)


def no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the library's own pauses pass at once."""
    real = asyncio.sleep

    async def at_once(_seconds: float, result: object = None) -> object:
        return await real(0, result)

    monkeypatch.setattr("discord.http.asyncio.sleep", at_once)


async def test_a_refused_first_gateway_connection_is_outlived(
    idle: DiscordWorld, caplog: pytest.LogCaptureFixture
) -> None:
    idle.server.line.refuses = True
    await idle.start()
    assert "no connection to Discord" in caplog.text
    assert "Traceback" not in caplog.text
    idle.server.line.refuses = False
    await idle.until(idle.server.line.connected.is_set, travels=1.0)
    assert (await idle.person().slash("roadmap")).kinds == [4]


async def test_a_server_that_is_not_there_is_waited_for(idle: DiscordWorld, caplog: pytest.LogCaptureFixture) -> None:
    idle.platform = idle.build()
    idle.platform._options = DiscordOptions("a.b.c", "http://127.0.0.1:9/api", "ws://127.0.0.1:9/gateway")
    await idle.start()
    assert "trying again" in caplog.text


async def test_pauses_grow(idle: DiscordWorld, caplog: pytest.LogCaptureFixture) -> None:
    idle.server.line.refuses = True
    await idle.start()
    await idle.until(lambda: "again in 8 s" in caplog.text, travels=1.0)
    assert re.findall(r"again in (\d+) s", caplog.text) == ["1", "2", "4", "8"]


async def test_a_lost_connection_comes_back(hall: DiscordWorld) -> None:
    await hall.server.line.hang_up(code=4013)
    await hall.until(hall.server.line.connected.is_set, travels=1.0)
    assert (await hall.person().slash("roadmap")).kinds == [4]


@pytest.mark.parametrize(
    "odd",
    [
        None,
        [],
        "x",
        {},
        {"id": "1"},
        {"id": "2", "type": 99, "token": "t", "application_id": "1"},
        {"id": "3", "type": 2, "token": "t", "application_id": "1", "data": {"name": "roadmap"}},
        {"id": "4", "type": 3, "token": "t", "application_id": "1", "data": {}, "user": {"id": "1"}},
        {"id": "5", "type": 4, "token": "t", "application_id": "1", "data": {"options": []}},
        {"id": "6", "type": 5, "token": "t", "application_id": "1", "data": {"custom_id": "a", "components": 7}},
        {"id": "7", "type": 2, "token": "t", "application_id": "1", "guild_id": 7, "member": None, "data": {"type": 3}},
    ],
)
async def test_an_interaction_that_makes_no_sense_is_left_alone(
    hall: DiscordWorld, odd: object, caplog: pytest.LogCaptureFixture
) -> None:
    await hall.server.tell(INTERACTION, odd)
    assert (await hall.person().slash("roadmap")).kinds == [4]
    assert "could not be read" in caplog.text
    assert len(hall.server.line.identifies) == 1


async def test_an_event_that_makes_no_sense_is_left_alone(
    hall: DiscordWorld, caplog: pytest.LogCaptureFixture
) -> None:  # fmt: skip
    for event in ("GUILD_CREATE", "CHANNEL_CREATE", "GUILD_UPDATE", "SOMETHING_NEW", "READY_SUPPLEMENTAL"):
        await hall.server.tell(event, {"id": "not a number"})
    assert (await hall.person().slash("roadmap")).kinds == [4]
    assert len(hall.server.line.identifies) == 1


@pytest.mark.parametrize("text", ["{", "[]", '{"op": 10}', '{"op": 0, "t": "READY", "s": 2, "d": {}}'])
async def test_a_message_that_is_no_event_only_costs_the_connection(hall: DiscordWorld, text: str) -> None:
    hall.server.line.connected.clear()
    await hall.server.line.say_raw(text)
    await hall.until(hall.server.line.connected.is_set, travels=1.0)
    assert (await hall.person().slash("roadmap")).kinds == [4]


async def test_an_interaction_delivered_twice_is_answered_once(hall: DiscordWorld) -> None:
    one = await hall.person().slash("roadmap")
    await hall.server.tell(INTERACTION, one.raw)
    await hall.person().slash("roadmap")
    assert sum(incoming.event == one.id for incoming in hall.asked) == 1


async def test_a_rejected_token_is_a_wrong_setting(idle: DiscordWorld) -> None:
    idle.platform = idle.build("MTA.wrong.token")
    with pytest.raises(SettingsError, match="rejects ROADMATE_DISCORD_TOKEN"):
        await idle.start()


async def test_a_token_the_gateway_rejects_is_a_wrong_setting(idle: DiscordWorld) -> None:
    idle.server.line.rejects_identify = True
    with pytest.raises(SettingsError, match="rejects ROADMATE_DISCORD_TOKEN"):
        await idle.start()


async def test_a_token_withdrawn_later_is_told_to_whoever_waits(
    hall: DiscordWorld, caplog: pytest.LogCaptureFixture
) -> None:
    waiting = asyncio.ensure_future(hall.platform.wait())
    hall.server.fail("/users/@me", 401)
    await hall.server.line.hang_up(code=4013)
    await hall.until(waiting.done, travels=1.0)
    with pytest.raises(SettingsError, match="rejects"):
        await waiting
    assert "rejects ROADMATE_DISCORD_TOKEN" in caplog.text


@pytest.mark.parametrize(
    ("token", "words"),
    [
        ("123456789:AAE-abcdefghijklmnopqrstuvwxyz01234", "token of Telegram"),
        ("two words", "is no token"),
        ("bäd.token", "is no token"),
        ("  ", "is no token"),
    ],
)
async def test_a_token_that_cannot_be_one_is_refused_before_anything_is_sent(
    idle: DiscordWorld, token: str, words: str
) -> None:
    idle.platform = idle.build(token)
    with pytest.raises(SettingsError, match=words):
        await idle.start()
    assert idle.server.requests == []


def test_a_gateway_must_be_an_address_of_its_kind() -> None:
    with pytest.raises(SettingsError, match="ROADMATE_DISCORD_GATEWAY"):
        DiscordOptions("a.b.c", gateway="https://example.org").check()
    assert "secret" not in repr(DiscordOptions("a.secret.c"))


async def test_stopping_finishes_what_is_in_hand(hall: DiscordWorld) -> None:
    go, began = asyncio.Event(), asyncio.Event()

    async def respond(_incoming: Incoming) -> Answer:
        began.set()
        await go.wait()
        return Answer(reply("finished"), Delivery.NEW, only_you=False)

    hall.answers_with(respond)
    asking = asyncio.ensure_future(hall.person().slash("roadmap"))
    await began.wait()
    stopping = asyncio.ensure_future(hall.platform.stop())
    go.set()
    await stopping
    one = await asking
    assert one.messages[0].text == "finished"


async def test_stopping_does_not_wait_for_ever(hall: DiscordWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.platforms.discord.limits.FINISH_SECONDS", 0.01)
    began = asyncio.Event()

    async def respond(_incoming: Incoming) -> Answer:
        began.set()
        await asyncio.get_running_loop().create_future()
        raise AssertionError

    hall.answers_with(respond)
    asking = asyncio.ensure_future(hall.person().slash("roadmap"))
    await began.wait()
    async with asyncio.timeout(5):
        await hall.platform.stop()
    asking.cancel()


async def test_a_card_discord_refuses_is_sent_as_plain_words(
    hall: DiscordWorld, caplog: pytest.LogCaptureFixture
) -> None:
    hall.answers(reply("the words", buttons=((Button("Press", "a.b"),),)), only_you=True)
    hall.server.fail("/callback", 400, body={"code": 50035, "message": "Invalid Form Body"})
    ana = hall.person()
    one = await ana.slash("roadmap")
    assert (one.messages[0].text, one.messages[0].seen_by) == ("the words", ana.account)
    assert one.answers[0]["data"]["flags"] == EPHEMERAL
    assert "refused a card" in caplog.text


async def test_an_answer_that_comes_too_late_is_a_line_in_the_log(
    hall: DiscordWorld, caplog: pytest.LogCaptureFixture
) -> None:
    hall.server.fail("/callback", 404, body={"code": 10062, "message": "Unknown interaction"})
    await hall.server.interact(2, "1", {"name": "roadmap", "type": 1})
    await hall.until(lambda: "too late" in caplog.text)
    assert (await hall.person().slash("roadmap")).kinds == [4]


async def test_an_answer_that_was_stored_though_its_receipt_was_lost_is_not_given_twice(hall: DiscordWorld) -> None:
    hall.answers(reply("word " * 2000))
    ana = hall.person()
    asking = asyncio.ensure_future(ana.slash("roadmap"))
    hall.server.fail("/callback", 400, body={"code": 40060, "message": "already acknowledged"})
    await hall.until(lambda: any(path.endswith("/callback") for _method, path in hall.server.requests))
    one = list(hall.server.interactions.values())[-1]
    one.answered.set()
    await asking
    assert sum(path.endswith("/callback") for _method, path in hall.server.requests) == 1


def test_the_library_is_loaded_only_when_it_is_needed() -> None:
    code = "import sys, bot.platforms.discord as d; d.migrations(); print('discord' in sys.modules, 'aiohttp' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "False"]
