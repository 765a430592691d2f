"""What the bot says by itself on Telegram, and what each trouble says about a message's fate."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest

from bot.infra.pictures import PictureMaker
from bot.kit.posting import (
    Address,
    GoneError,
    MovedAwayError,
    NotSentError,
    Part,
    RefusedPostError,
    UnknownFateError,
    VanishedError,
    WaitFirstError,
)
from bot.kit.reply import Button, Choice, Picture, Poll, Reply, reply
from bot.platforms.telegram.api import Api
from bot.platforms.telegram.courier import TelegramCourier
from tests.fakes.clock import FakeClock
from tests.fakes.telegram_bot import TelegramBot, telegram_bot
from tests.fakes.telegram_chats import Chat, Json
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


async def test_a_post_older_than_two_days_can_no_longer_be_taken_back(line: Line) -> None:
    receipt = await line.send()
    line.group.seen[0].is_old = True
    with pytest.raises(VanishedError):
        await line.courier.delete(line.room, receipt)


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


# polls and photos of posts --------------------------------------------------------------------------------------------

ASKS = Reply(poll=Poll("1 + 1?", (Choice("1", "q.a:1"), Choice("2", "q.a:2")), right=(1,), retract="q.no"))
SVG = "<svg xmlns='http://www.w3.org/2000/svg' width='40' height='20'><rect width='40' height='20' fill='#084'/></svg>"


def card(words: str = "Half.", svg: str = SVG) -> Reply:
    return reply(words, picture=Picture(svg, "Half of it is done", 40, 20), buttons=((Button("Go", "a.go"),),))


async def post(bot: TelegramBot, group: Chat, said: Reply) -> str:
    """Send a post as it is read from the database after a restart."""
    to = Address("telegram", str(group.id))
    receipts = [
        await bot.platform.courier.send(to, stored(part), "n") for part in bot.platform.courier.draw(to, said, "")
    ]
    return receipts[-1]


async def change(bot: TelegramBot, group: Chat, receipt: str, said: Reply) -> None:
    to = Address("telegram", str(group.id))
    (part,) = bot.platform.courier.draw(to, said, "")
    await bot.platform.courier.edit(to, receipt, stored(part))


def stored(part: Part) -> Part:
    kept: Part = json.loads(json.dumps(part))
    return kept


@pytest.fixture
async def painter() -> AsyncIterator[TelegramBot]:
    """A bot that draws, connected."""
    async with telegram_bot(draw=PictureMaker().draw) as bot:
        yield bot


async def test_a_quiz_that_is_posted_is_telegrams_own_and_its_votes_count(painter: TelegramBot) -> None:
    ana, group = painter.server.person("Ana"), painter.server.group("Hall")
    receipt = await post(painter, group, ASKS)
    (message,) = group.seen
    assert (message.poll["type"], message.options) == ("quiz", ["1", "2"])
    await painter.restart()
    await painter.database.handled(await ana.votes(message, "2"))
    await painter.database.handled(await ana.votes(message))
    assert painter.engine.texts == ["q.a:2", "q.no"]
    assert painter.engine.heard[0].where.chat == str(group.id)
    await change(painter, group, receipt, ASKS)
    assert not message.poll.get("is_closed")
    for _ in range(2):
        await change(painter, group, receipt, reply("The answer was 2."))
    assert message.poll["is_closed"]
    assert len(group.seen) == 1
    await painter.platform.courier.delete(Address("telegram", str(group.id)), receipt)
    assert group.seen == []


async def test_a_quiz_posted_in_a_channel_or_where_polls_are_forbidden_has_buttons(painter: TelegramBot) -> None:
    channel, group = painter.server.group("News", "channel"), painter.server.group("Hall")
    painter.server.fail(
        "sendPoll", 400, chat=group.id, words="Bad Request: not enough rights to send polls to the chat"
    )
    for chat in (channel, group):
        receipt = await post(painter, chat, ASKS)
        (message,) = chat.seen
        assert message.labels == ["1", "2"]
        await change(painter, chat, receipt, reply("The answer was 2."))
        assert message.text == "The answer was 2."


async def test_trouble_with_a_quiz_says_the_same_as_with_words(painter: TelegramBot) -> None:
    group = painter.server.group("Hall")
    painter.server.break_off("sendPoll", after=True)
    with pytest.raises(UnknownFateError):
        await post(painter, group, ASKS)
    painter.server.fail("sendPoll", 429, retry_after=5)
    with pytest.raises(WaitFirstError):
        await post(painter, group, ASKS)
    group.forbidden = "bot was kicked from the supergroup chat"
    with pytest.raises(GoneError):
        await post(painter, group, ASKS)


async def test_a_picture_that_is_posted_is_a_photo_and_can_be_changed(painter: TelegramBot) -> None:
    group = painter.server.group("Hall")
    receipt = await post(painter, group, card())
    (message,) = group.seen
    before = message.photo
    assert (before[:4], message.text, message.labels) == (b"\x89PNG", "Half.", ["Go"])
    for _ in range(2):
        await change(painter, group, receipt, card("All.", SVG.replace("#084", "#800")))
    assert (message.text, message.labels, message.photo != before) == ("All.", ["Go"], True)
    await change(painter, group, receipt, reply("Over."))
    assert (message.text, message.labels) == ("Over.", [])
    with pytest.raises(RefusedPostError):
        await change(painter, group, receipt, reply("x" * 2000))


async def test_a_text_that_was_posted_can_become_a_photo(painter: TelegramBot) -> None:
    group = painter.server.group("Hall")
    receipt = await post(painter, group, QUIZ)
    await change(painter, group, receipt, card())
    (message,) = group.seen
    assert (bool(message.photo), message.text, message.labels) == (True, "Half.", ["Go"])


async def test_a_picture_nobody_can_draw_or_show_leaves_the_words(painter: TelegramBot) -> None:
    group = painter.server.group("Hall")
    await post(painter, group, card(svg="no drawing"))
    group.no_photos = True
    await post(painter, group, card())
    await post(painter, group, card("word " * 300))
    assert [(message.photo, message.text[:5]) for message in group.seen] == [
        (b"", "Half."), (b"", "Half."), (b"", "Half "), (b"", "word ")
    ]  # fmt: skip


async def test_answers_never_wait_behind_posts(painter: TelegramBot) -> None:
    ana, group = painter.server.person("Ana"), painter.server.group("Hall")
    hold = asyncio.Event()
    sending = painter.server._send_message

    async def slow(values: Json) -> Json:
        if values["chat_id"] == group.id:
            await hold.wait()
        return await sending(values)

    painter.server._send_message = slow  # type: ignore[method-assign]
    posts = [asyncio.ensure_future(post(painter, group, QUIZ)) for _ in range(40)]
    assert await painter.says(ana, "/roadmap")
    hold.set()
    await asyncio.gather(*posts)
    assert len(group.seen) == 40
