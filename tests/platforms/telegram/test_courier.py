"""What the bot says by itself on Telegram, and what each trouble says about a message's fate."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest

from bot.kit.posting import (
    Address,
    GoneError,
    MovedAwayError,
    NotSentError,
    RefusedPostError,
    UnknownFateError,
    VanishedError,
    WaitFirstError,
)
from bot.kit.reply import Button, Reply, reply
from bot.platforms.telegram.api import Api
from bot.platforms.telegram.courier import TelegramCourier
from tests.fakes.clock import FakeClock
from tests.fakes.telegram_chats import Chat
from tests.fakes.telegram_server import TOKEN, FakeTelegram

QUIZ = reply("Quiz time", buttons=((Button("Answer", "a.b:1"),),))


@dataclass
class Line:
    """A courier, the server it goes to, and a group there."""

    server: FakeTelegram
    courier: TelegramCourier
    group: Chat
    began: datetime

    @property
    def room(self) -> Address:
        return Address("telegram", str(self.group.id))

    async def send(self, said: Reply = QUIZ, to: Address | None = None) -> str:
        (part,) = self.courier.draw(to or self.room, said, "")
        return await self.courier.send(to or self.room, part, "n1")


@pytest.fixture
async def line() -> AsyncIterator[Line]:
    server, clock = FakeTelegram(), FakeClock()
    await server.start()
    api = Api(TOKEN, server.root, clock)
    yield Line(server, TelegramCourier(api, lambda: True), server.group(), clock.now())
    await api.close()
    await server.stop()
    assert server.problems == []


async def test_a_post_stands_in_the_group_with_its_buttons(line: Line) -> None:
    receipt = await line.send()
    (message,) = line.group.seen
    assert str(message.number) == receipt
    assert message.text == "Quiz time"
    assert message.labels == ["Answer"]


async def test_a_post_can_be_changed_and_the_same_change_again_is_fine(line: Line) -> None:
    receipt = await line.send()
    (part,) = line.courier.draw(line.room, reply("Closed"), "")
    await line.courier.edit(line.room, receipt, part)
    await line.courier.edit(line.room, receipt, part)
    (message,) = line.group.seen
    assert message.text == "Closed"
    assert message.labels == []


async def test_a_post_taken_back_is_gone_and_cannot_be_changed(line: Line) -> None:
    receipt = await line.send()
    await line.courier.delete(line.room, receipt)
    assert line.group.seen == []
    (part,) = line.courier.draw(line.room, QUIZ, "")
    with pytest.raises(VanishedError):
        await line.courier.edit(line.room, receipt, part)
    with pytest.raises(VanishedError):
        await line.courier.delete(line.room, receipt)


async def test_an_answer_that_got_lost_leaves_the_fate_open_and_nobody_can_be_asked(line: Line) -> None:
    line.server.break_off("sendMessage", after=True)
    with pytest.raises(UnknownFateError):
        await line.send()
    assert len(line.group.seen) == 1
    (part,) = line.courier.draw(line.room, QUIZ, "")
    assert line.courier.remembers_nonce(line.room, part) is None
    with pytest.raises(UnknownFateError):
        await line.courier.find(line.room, part, "n1", line.began)


@pytest.mark.parametrize("pause", [1, 3600])
async def test_a_pause_that_telegram_asks_for_is_told_and_not_waited_for(line: Line, pause: int) -> None:
    line.server.fail("sendMessage", 429, retry_after=pause)
    with pytest.raises(WaitFirstError) as told:
        await line.send()
    assert told.value.pause == timedelta(seconds=pause)
    assert await line.send()


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (403, "Forbidden: bot was kicked from the supergroup chat"),
        (403, "Forbidden: bot was blocked by the user"),
        (403, "Forbidden: user is deactivated"),
        (400, "Bad Request: chat not found"),
        (400, "Bad Request: not enough rights to send text messages to the chat"),
    ],
)
async def test_a_chat_that_is_lost_is_told_with_the_reason(line: Line, status: int, words: str) -> None:
    line.server.fail("sendMessage", status, words=words)
    with pytest.raises(GoneError) as told:
        await line.send()
    assert not told.value.thread_only
    assert str(told.value)


@pytest.mark.parametrize("words", ["Bad Request: message thread not found", "Bad Request: TOPIC_CLOSED"])
async def test_a_topic_that_is_lost_leaves_the_group_in_use(line: Line, words: str) -> None:
    line.server.fail("sendMessage", 400, words=words)
    with pytest.raises(GoneError) as told:
        await line.send(to=Address("telegram", line.room.chat, "5"))
    assert told.value.thread_only


async def test_a_group_that_became_a_supergroup_tells_its_new_id(line: Line) -> None:
    line.server.fail("sendMessage", 400, words="Bad Request: group chat was upgraded to a supergroup chat",
                     migrate_to_chat_id=-100777)  # fmt: skip
    with pytest.raises(MovedAwayError) as told:
        await line.send()
    assert told.value.new == Address("telegram", "-100777")


async def test_what_telegram_never_takes_is_refused_once(line: Line) -> None:
    line.server.fail("sendMessage", 400, words="Bad Request: can't parse entities")
    with pytest.raises(RefusedPostError):
        await line.send()


async def test_trouble_of_telegrams_own_is_certainly_not_sent(line: Line) -> None:
    line.server.fail("sendMessage", 502, words="Bad Gateway")
    with pytest.raises(NotSentError):
        await line.send()
    assert line.group.seen == []


async def test_groups_have_a_pace_of_their_own(line: Line) -> None:
    assert line.courier.is_group(line.room)
    assert not line.courier.is_group(Address("telegram", "77"))
