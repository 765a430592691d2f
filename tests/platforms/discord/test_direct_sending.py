"""What people write to the bot in private is answered once and in order, whatever goes wrong and however much it is."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.engine.budget import COMMAND, Budgets
from bot.kit.platform import Answer, Delivery
from bot.kit.reply import Document, Field, Form, Picture, Reply, reply
from bot.kit.request import Incoming, Setting
from bot.kit.text import para
from bot.platforms.discord.limits import DEFER_SECONDS, TYPING_SECONDS, WAITING_MESSAGES
from tests.fakes.discord_channels import ATTACH, EVERYTHING
from tests.fakes.discord_payloads import V2
from tests.fakes.discord_people import DiscordPerson
from tests.fakes.discord_server import APPLICATION, GUILD
from tests.platforms.discord.conftest import DiscordWorld

FORM = Form("Check in", (Field("minutes", "How many minutes?"),), "study.checkin:7", "Send")
ME = f"<@{APPLICATION}>"


@pytest.fixture
def ana(hall: DiscordWorld) -> DiscordPerson:
    return hall.person("77", alone=True, name="Ana")


async def test_a_message_delivered_twice_is_answered_once(hall: DiscordWorld, ana: DiscordPerson) -> None:
    hall.clock.travel(timedelta(minutes=1))
    await ana.writes("/done linear algebra")
    hall.server.line.repeats = 5
    await hall.server.line.hang_up(code=4000)
    await hall.until(hall.server.line.connected.is_set)
    await ana.writes("overfitting")
    assert [incoming.text for incoming in hall.asked] == ["/done linear algebra", "overfitting"]
    assert len(ana.chat.messages) == 2


async def test_a_message_delivered_again_after_a_restart_has_no_second_effect_and_answer(
    hall: DiscordWorld, ana: DiscordPerson
) -> None:
    (card,) = await ana.writes("/done linear algebra")
    before = await hall.rows()
    hall.clock.travel(timedelta(minutes=1))
    await hall.restart()
    await hall.server.write("77", "/done linear algebra", name="Ana", id=hall.asked[0].event)
    await hall.until(lambda: len(hall.asked) == 2)
    await hall.settled()
    assert hall.asked[0].event == hall.asked[1].event
    assert await hall.rows() == before
    assert ana.chat.messages == [card]


async def test_an_answer_deleted_meanwhile_is_not_said_again(
    hall: DiscordWorld, ana: DiscordPerson, caplog: pytest.LogCaptureFixture
) -> None:
    (card,) = await ana.writes("overfitting")
    card.is_gone = True
    await hall.restart()
    await hall.server.write("77", "overfitting", id=hall.asked[0].event)
    await hall.until(lambda: len(hall.asked) == 2)
    await hall.settled()
    assert ana.chat.messages == [card]
    assert [record for record in caplog.records if record.levelno >= logging.WARNING] == []


@pytest.mark.parametrize("is_cut", [True, False])
async def test_an_answer_that_arrived_though_its_receipt_did_not_stands_there_once(
    hall: DiscordWorld, ana: DiscordPerson, is_cut: bool
) -> None:
    hall.answers(reply("word " * 2400))
    if is_cut:
        hall.server.cut("/messages", times=2, after=True)
    else:
        hall.server.fail("/messages", 502, times=2, after=True)
    said = await hall.clock.passes_until(ana.writes("x"), 0.6)
    assert len(said) == 4
    assert len(ana.chat.messages) == 4


@pytest.mark.parametrize("status", [500, 503])
async def test_a_failing_request_is_tried_again(hall: DiscordWorld, ana: DiscordPerson, status: int) -> None:
    hall.server.fail("/messages", status, times=5)
    (card,) = await hall.clock.passes_until(ana.writes("overfitting"), 4.1)
    assert "Overfitting" in card.text


async def test_a_limit_is_waited_for(hall: DiscordWorld, ana: DiscordPerson) -> None:
    hall.server.limit("/messages", 2.5)
    writing = asyncio.ensure_future(ana.writes("overfitting"))
    await hall.until(lambda: not hall.server.faults)
    assert await hall.clock.passes(1.0) == pytest.approx(DEFER_SECONDS)
    assert await hall.clock.passes(2.6) > 1.7
    (card,) = await writing
    assert "Overfitting" in card.text
    assert ana.chat.typing == []  # it would be seen for some time after the answer


async def test_a_limit_that_is_told_in_time_is_never_reached(hall: DiscordWorld, ana: DiscordPerson) -> None:
    hall.server.pace("POST /channels/{channel_id}/messages", most=2, seconds=5.0)
    hall.answers(reply("word " * 2400))
    said = await hall.clock.passes_until(ana.writes("x"), 5.1)
    assert len(said) == 4
    assert len([path for _method, path in hall.server.requests if path.endswith("/messages")]) == 4


async def test_an_answer_that_cannot_be_sent_is_let_go_and_the_next_one_is_given(
    hall: DiscordWorld, ana: DiscordPerson, caplog: pytest.LogCaptureFixture
) -> None:
    hall.server.fail("/messages", 503, times=6)
    await hall.server.write("77", "overfitting")
    (card,) = await hall.clock.passes_until(ana.writes("/roadmap 2"), 4.1)
    assert "Stage 2" in card.text
    assert len(ana.chat.messages) == 1
    assert "an answer could not be sent" in caplog.text


async def test_somebody_who_takes_no_private_messages_is_asked_no_further(
    hall: DiscordWorld, ana: DiscordPerson, caplog: pytest.LogCaptureFixture
) -> None:
    hall.answers(reply("word " * 2400))
    ana.chat.refuses = True
    await hall.server.write("77", "overfitting")
    assert [incoming.text for incoming in await hall.heard()] == ["overfitting"]
    assert [path for _method, path in hall.server.requests if "/messages" in path] == ["/api/channels/877/messages"]
    assert [record for record in caplog.records if record.levelno >= logging.WARNING] == []


async def test_a_card_that_is_refused_is_sent_as_plain_text(hall: DiscordWorld, ana: DiscordPerson) -> None:
    hall.server.fail("/messages", 400, body={"code": 50035, "message": "Invalid Form Body"})
    (plain,) = await ana.writes("/roadmap 2")
    assert not plain.payload["flags"] & V2
    assert "Stage 2" in plain.text


async def test_people_are_answered_in_the_order_in_which_they_wrote_and_wait_for_nobody_else(
    hall: DiscordWorld, ana: DiscordPerson
) -> None:
    gate = asyncio.Event()

    async def respond(incoming: Incoming) -> Answer:
        if incoming.text == "first":
            await gate.wait()
        return Answer(reply(f"{incoming.text}, answered"), Delivery.NEW, only_you=False)

    hall.answers_with(respond)
    for text in ("first", "second", "third"):
        await hall.server.write("77", text)
    ben = hall.person("78", alone=True)
    await hall.server.write("78", "hello")
    await hall.until(lambda: bool(ben.chat.messages))
    assert ana.chat.messages == []
    gate.set()
    await hall.until(lambda: len(ana.chat.messages) == 3)
    assert [message.text for message in ana.chat.messages] == [
        "first, answered", "second, answered", "third, answered"
    ]  # fmt: skip


async def test_while_an_answer_is_made_the_bot_is_seen_typing(hall: DiscordWorld, ana: DiscordPerson) -> None:
    gate = asyncio.Event()

    async def respond(_incoming: Incoming) -> Answer:
        await gate.wait()
        return Answer(reply("Here"), Delivery.NEW, only_you=False)

    hall.answers_with(respond)
    chat = ana.chat
    writing = asyncio.ensure_future(ana.writes("slow"))
    assert await hall.clock.passes(1.0) == pytest.approx(DEFER_SECONDS)
    await hall.until(lambda: len(chat.typing) == 1)
    assert await hall.clock.passes(TYPING_SECONDS) == pytest.approx(TYPING_SECONDS)
    await hall.until(lambda: len(chat.typing) == 2)
    gate.set()
    assert [message.text for message in await writing] == ["Here"]
    hall.clock.travel(timedelta(seconds=60))
    await ana.writes("again")
    assert len(chat.typing) == 2


async def test_an_answer_comes_though_typing_cannot_be_shown(hall: DiscordWorld, ana: DiscordPerson) -> None:
    gate = asyncio.Event()

    async def respond(_incoming: Incoming) -> Answer:
        await gate.wait()
        return Answer(reply("Here"), Delivery.NEW, only_you=False)

    hall.answers_with(respond)
    hall.server.fail("/typing", 503)
    writing = asyncio.ensure_future(ana.writes("slow"))
    await hall.clock.passes(1.0)
    await hall.until(lambda: not hall.server.faults)
    gate.set()
    assert [message.text for message in await writing] == ["Here"]
    assert [path for _method, path in hall.server.requests if path.endswith("/typing")] == ["/api/channels/877/typing"]


async def test_a_picture_or_file_that_is_refused_leaves_the_words(idle: DiscordWorld) -> None:
    async def draw(_picture: Picture) -> bytes:
        return b"\x89PNG\r\n\x1a\n"

    idle.draw = draw
    idle.platform = idle.build()
    await idle.start()
    ana = idle.person(alone=True)
    ana.chat.rights = EVERYTHING & ~ATTACH
    picture = Picture("<svg/>", "Three circles", 10, 10)
    idle.answers(Reply((para("Words"),), picture=picture, document=Document("notes.txt", "Notes", "text/plain")))
    card, lost = await ana.writes("x")
    assert (card.text, card.files) == ("Words", {})
    assert lost.text == "The file notes.txt could not be attached here."


async def test_what_needs_no_answer_gets_none(hall: DiscordWorld, ana: DiscordPerson) -> None:
    hall.answers(Reply(), Delivery.NOTHING)
    await hall.server.write("77", "x")
    assert [incoming.text for incoming in await hall.heard()] == ["x"]
    assert ana.chat.messages == []


async def test_a_flood_is_told_once_and_then_left_unanswered(hall: DiscordWorld, ana: DiscordPerson) -> None:
    hall.answers_with(replace(hall.app.router, budgets=Budgets(hall.clock)).respond)
    for number in range(COMMAND.at_once + 10):
        await ana.writes(f"word {number}") if number <= COMMAND.at_once else await hall.server.write("77", "more")
    assert len(await hall.heard()) == COMMAND.at_once + 10
    said = [message.text for message in ana.chat.messages]
    assert len(said) == COMMAND.at_once + 1
    assert "a bit fast" in said[-1]


async def test_of_a_flood_no_more_waits_than_can_be_answered(hall: DiscordWorld, ana: DiscordPerson) -> None:
    gate = asyncio.Event()

    async def respond(incoming: Incoming) -> Answer:
        if incoming.where.setting is Setting.PRIVATE:
            await gate.wait()
        return Answer(reply("Here"), Delivery.NEW, only_you=False)

    hall.answers_with(respond)
    await hall.server.write("77", "first")
    await hall.until(lambda: bool(hall.asked))
    for number in range(WAITING_MESSAGES + 30):
        await hall.server.write("77", f"word {number}")
    asking = asyncio.ensure_future(hall.heard())
    await hall.until(lambda: any(incoming.where.chat == GUILD for incoming in hall.asked))
    gate.set()
    await asking
    assert len(ana.chat.messages) == WAITING_MESSAGES + 1


async def test_what_is_in_hand_is_answered_before_the_bot_stops(hall: DiscordWorld, ana: DiscordPerson) -> None:
    gate = asyncio.Event()

    async def respond(_incoming: Incoming) -> Answer:
        await gate.wait()
        return Answer(reply("Here"), Delivery.NEW, only_you=False)

    hall.answers_with(respond)
    await hall.server.write("77", "x")
    await hall.until(lambda: bool(hall.asked))
    stopping = asyncio.ensure_future(hall.platform.stop())
    await hall.until(lambda: not hall.platform._conversation._listening)  # type: ignore[union-attr]
    gate.set()
    await stopping
    assert [message.text for message in ana.chat.messages] == ["Here"]
