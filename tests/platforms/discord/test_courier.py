"""What the bot says by itself on Discord: once, found again after trouble, and told apart by what went wrong."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest

from bot.kit.posting import (
    Address,
    GoneError,
    NotSentError,
    RefusedPostError,
    UnknownFateError,
    VanishedError,
    WaitFirstError,
)
from bot.kit.reply import Button, Picture, Reply, reply
from bot.platforms.discord.courier import DiscordCourier
from bot.platforms.discord.rest import Rest
from tests.fakes.discord_clock import PatientClock
from tests.fakes.discord_server import APPLICATION, GUILD, TOKEN, FakeDiscord, Message, fake_discord

ROOM = Address("discord", GUILD, "6001")
FORUM = Address("discord", GUILD, "6002")
THREAD = Address("discord", GUILD, "6003")
QUIZ = reply("Quiz time", buttons=((Button("Answer", "a.b:1"),),))
PNG = b"\x89PNG\r\n\x1a\nx"


async def draw(_picture: Picture) -> bytes:
    return PNG


@dataclass
class Line:
    """A courier and the server it goes to."""

    server: FakeDiscord
    clock: PatientClock
    courier: DiscordCourier
    began: datetime

    async def send(self, said: Reply = QUIZ, to: Address = ROOM, nonce: str = "n1", title: str = "") -> str:
        (part,) = self.courier.draw(to, said, title)
        return await self.courier.send(to, part, nonce)

    async def find(self, said: Reply = QUIZ, to: Address = ROOM, nonce: str = "n1", title: str = "") -> str | None:
        (part,) = self.courier.draw(to, said, title)
        return await self.courier.find(to, part, nonce, self.began)

    def seen(self, channel: str = "6001") -> list[Message]:
        return [message for message in self.server.channels.of(channel).messages if not message.is_gone]


@pytest.fixture
async def line() -> AsyncIterator[Line]:
    clock = PatientClock()
    async with fake_discord(clock) as server:
        rest = Rest(lambda: server.api, TOKEN, clock)
        yield Line(server, clock, DiscordCourier(rest, lambda: True, lambda: APPLICATION, draw), clock.now())
        await rest.close()
        assert server.problems == []


async def test_a_post_is_a_card_that_pings_nobody(line: Line) -> None:
    receipt = await line.send()
    (message,) = line.seen()
    assert message.id == receipt
    assert "Quiz time" in message.text
    assert message.payload["allowed_mentions"] == {"parse": []}


async def test_the_same_nonce_says_nothing_twice_even_if_the_answer_was_lost(line: Line) -> None:
    line.server.fail("/messages", 502, after=True)
    with pytest.raises(UnknownFateError):
        await line.send()
    assert await line.send() == line.seen()[0].id
    assert len(line.seen()) == 1


async def test_a_broken_connection_leaves_the_fate_open(line: Line) -> None:
    line.server.cut("/messages", after=True)
    with pytest.raises(UnknownFateError):
        await line.send()
    assert len(line.seen()) == 1


async def test_a_message_deleted_since_counts_as_delivered(line: Line) -> None:
    receipt = await line.send()
    (part,) = line.courier.draw(ROOM, QUIZ, "")
    await line.courier.delete(ROOM, receipt)
    assert await line.courier.send(ROOM, part, "n1") == ""


async def test_after_the_nonce_is_forgotten_a_message_is_found_by_what_it_says(line: Line) -> None:
    receipt = await line.send()
    await line.send(reply("Something else"), nonce="n2")
    line.clock.travel(timedelta(minutes=30))
    assert await line.find(nonce="other") == receipt
    assert await line.find(reply("Never said"), nonce="n9") is None


async def test_an_entry_in_a_forum_is_opened_and_found_by_its_title(line: Line) -> None:
    receipt = await line.send(to=FORUM, title="Sprint: linear algebra")
    assert line.server.channels.of(receipt).name == "Sprint: linear algebra"
    assert await line.find(to=FORUM, title="Sprint: linear algebra") == receipt
    assert await line.find(to=FORUM, title="Another sprint") is None
    (part,) = line.courier.draw(FORUM, reply("Changed"), "Sprint: linear algebra")
    assert line.courier.remembers_nonce(FORUM, part) is None
    await line.courier.edit(FORUM, receipt, part)
    assert "Changed" in line.seen(receipt)[0].text


async def test_a_post_can_be_changed_until_it_is_gone(line: Line) -> None:
    receipt = await line.send()
    (part,) = line.courier.draw(ROOM, reply("Closed"), "")
    await line.courier.edit(ROOM, receipt, part)
    assert "Closed" in line.seen()[0].text
    await line.courier.delete(ROOM, receipt)
    with pytest.raises(VanishedError):
        await line.courier.edit(ROOM, receipt, part)
    with pytest.raises(VanishedError):
        await line.courier.delete(ROOM, receipt)


async def test_a_picture_goes_along_and_its_words_stay_when_it_cannot_be_drawn(line: Line) -> None:
    said = reply("Progress", picture=Picture("<svg/>", "A bar", 10, 10))
    await line.send(said)
    assert line.seen()[0].payload["attachments"]
    line.courier._draw = lambda _picture: _broken()
    await line.send(said, nonce="n2")
    assert not line.seen()[1].payload.get("attachments")
    assert "Progress" in line.seen()[1].text


async def _broken() -> bytes:
    raise ValueError("no drawing")


@pytest.mark.parametrize("pause", [0.3, 3600.0])
async def test_a_limit_is_told_and_kept_without_asking_again(line: Line, pause: float) -> None:
    line.server.limit("/channels/6001/messages", pause)
    with pytest.raises(WaitFirstError) as told:
        await line.send()
    assert told.value.pause == timedelta(seconds=pause)
    assert not told.value.whole_bot
    asked = len(line.server.requests)
    with pytest.raises(WaitFirstError):
        await line.send()
    assert len(line.server.requests) == asked
    line.clock.travel(timedelta(seconds=pause))
    assert await line.send()


async def test_a_limit_for_the_whole_bot_is_told_as_such(line: Line) -> None:
    line.server.limit("/messages", 2.0, scope="global")
    with pytest.raises(WaitFirstError) as told:
        await line.send()
    assert told.value.whole_bot


@pytest.mark.parametrize("trouble", ["gone", "rights", "locked"])
async def test_a_channel_that_cannot_be_written_to_is_told_alone(line: Line, trouble: str) -> None:
    channel = line.server.channels.of("6003")
    channel.is_gone = trouble == "gone"
    channel.locked = trouble == "locked"
    if trouble == "rights":
        channel.rights = 0
    with pytest.raises(GoneError) as told:
        await line.send(to=THREAD)
    assert told.value.thread_only


async def test_an_archived_thread_is_written_to(line: Line) -> None:
    line.server.channels.of("6003").archived = True
    assert await line.send(to=THREAD)


async def test_what_discord_never_takes_is_refused_once(line: Line) -> None:
    with pytest.raises(RefusedPostError):
        await line.courier.send(ROOM, {"body": {"content": "x" * 2001, "allowed_mentions": {"parse": []}}}, "n1")
    line.server.problems.clear()  # the request was made wrong on purpose


async def test_an_unreachable_server_has_certainly_not_heard_it() -> None:
    clock = PatientClock()
    rest = Rest(lambda: "http://127.0.0.1:9", TOKEN, clock)
    courier = DiscordCourier(rest, lambda: True, lambda: APPLICATION, None)
    (part,) = courier.draw(ROOM, QUIZ, "")
    with pytest.raises(NotSentError):
        await courier.send(ROOM, part, "n1")
    await rest.close()
