"""Votes that come early, late or in nobody's name, and polls that close by themselves."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.kit.posting import Address, Part, UnknownFateError, VanishedError
from bot.kit.reply import Choice, Poll, Reply
from tests.fakes.telegram_bot import TelegramBot
from tests.fakes.telegram_chats import Chat, Person

QUIZ = Poll("1 + 1?", (Choice("1", "q.a:1"), Choice("2", "q.a:2")), right=(1,), retract="q.no")


def drawn(bot: TelegramBot, group: Chat, poll: Poll) -> Sequence[Part]:
    """Return a poll's message as it is read from the database."""
    parts = bot.platform.courier.draw(Address("telegram", str(group.id)), Reply(poll=poll), "")
    kept: Sequence[Part] = json.loads(json.dumps(list(parts)))
    return kept


async def post(bot: TelegramBot, group: Chat, poll: Poll) -> str:
    (part,) = drawn(bot, group, poll)
    return await bot.platform.courier.send(Address("telegram", str(group.id)), part, "n")


def answer(poll: str, who: Person, *ids: int) -> dict[str, object]:
    return {"poll_answer": {"poll_id": poll, "user": who.user, "option_ids": list(ids)}}


async def test_a_poll_tells_telegram_when_to_close(bot: TelegramBot) -> None:
    closes = bot.clock.now() + timedelta(hours=12)
    await post(bot, bot.server.group("Hall"), replace(QUIZ, closes=closes))
    assert bot.server.called("sendPoll")[-1]["close_date"] == int(closes.timestamp())


async def test_a_vote_told_of_later_counts_as_given_before_the_poll_closed(bot: TelegramBot) -> None:
    ana, group = bot.server.person("Ana"), bot.server.group("Hall")
    closes = bot.clock.now() + timedelta(hours=12)
    await post(bot, group, replace(QUIZ, closes=closes))
    (message,) = group.seen
    await bot.database.handled(await ana.votes(message, "2"))
    assert bot.engine.heard[-1].at == bot.clock.now()
    bot.clock.travel(timedelta(hours=20))
    await bot.restart()
    await bot.database.handled(await bot.server.person("Ben").votes(message, "2"))
    assert bot.engine.heard[-1].at == closes.replace(microsecond=0) - timedelta(seconds=1)


async def test_without_an_end_of_its_own_a_poll_takes_votes_as_they_come(bot: TelegramBot) -> None:
    ana, group = bot.server.person("Ana"), bot.server.group("Hall")
    bot.server.fail("sendPoll", 400, words="Bad Request: wrong close date specified")
    await post(bot, group, replace(QUIZ, closes=bot.clock.now() + timedelta(hours=12)))
    (message,) = group.seen
    assert "close_date" not in bot.server.called("sendPoll")[-1]
    bot.clock.travel(timedelta(hours=20))
    await bot.database.handled(await ana.votes(message, "2"))
    assert bot.engine.heard[-1].at == bot.clock.now()


async def test_a_closed_poll_is_stopped_and_one_that_is_gone_is_let_be(bot: TelegramBot) -> None:
    group = bot.server.group("Hall")
    receipt = await post(bot, group, QUIZ)
    to = Address("telegram", str(group.id))
    (message,) = group.seen
    (counted,) = drawn(bot, group, replace(QUIZ, note="12 answered"))
    (before,) = drawn(bot, group, QUIZ)
    assert counted == before  # Telegram counts by itself
    (closed,) = drawn(bot, group, replace(QUIZ, note="Closed;", is_closed=True))
    for _ in range(2):
        await bot.platform.courier.edit(to, receipt, closed)
    assert message.poll["is_closed"]
    await bot.platform.courier.delete(to, receipt)
    with pytest.raises(VanishedError):
        await bot.platform.courier.edit(to, receipt, closed)
    bot.server.fail("stopPoll", 400, words="Bad Request: message with poll to stop not found")
    with pytest.raises(VanishedError):
        await bot.platform.courier.edit(to, receipt, closed)


async def test_a_vote_that_comes_before_the_poll_is_known_counts_once_it_is(bot: TelegramBot) -> None:
    ana, group = bot.server.person("Ana"), bot.server.group("Hall")
    await bot.handles(answer("5000000001", ana, 1))
    await bot.handles(answer("5000000001", ana))
    assert bot.engine.heard == []
    await post(bot, group, QUIZ)
    assert bot.engine.texts == ["q.a:2", "q.no"]
    assert bot.engine.heard[0].sender.name == "Ana"
    await post(bot, group, QUIZ)
    assert len(bot.engine.heard) == 2


async def test_votes_count_in_a_poll_of_which_the_process_never_heard_that_it_was_sent(bot: TelegramBot) -> None:
    ana, ben, group = bot.server.person("Ana"), bot.server.person("Ben"), bot.server.group("Hall")
    bot.server.break_off("sendPoll", after=True)
    with pytest.raises(UnknownFateError):
        await post(bot, group, replace(QUIZ, closes=bot.clock.now() + timedelta(hours=12)))
    (message,) = group.seen
    await bot.database.handled(await ana.votes(message, "2"))
    assert bot.engine.heard == []  # the answer to sending it may still come
    bot.clock.travel(timedelta(minutes=3))
    await bot.restart()
    await bot.database.handled(await ben.votes(message, "1"))
    assert [(one.sender.name, one.text) for one in bot.engine.heard] == [("Ana", "q.a:2"), ("Ben", "q.a:1")]


async def test_votes_of_before_a_crash_count_even_if_nobody_votes_later(bot: TelegramBot) -> None:
    ana, ben, group = bot.server.person("Ana"), bot.server.person("Ben"), bot.server.group("Hall")
    bot.server.break_off("sendPoll", after=True)
    with pytest.raises(UnknownFateError):
        await post(bot, group, replace(QUIZ, closes=bot.clock.now() + timedelta(hours=12)))
    (message,) = group.seen
    await bot.database.handled(await ana.votes(message, "2"))
    bot.clock.travel(timedelta(minutes=3))
    await post(bot, group, QUIZ)
    assert [(one.sender.name, one.text) for one in bot.engine.heard] == [("Ana", "q.a:2")]
    await bot.database.handled(await ben.votes(message, "1"))
    assert [(one.sender.name, one.text) for one in bot.engine.heard] == [("Ana", "q.a:2"), ("Ben", "q.a:1")]


async def test_after_the_end_of_a_lost_poll_its_votes_count_when_the_bot_starts(bot: TelegramBot) -> None:
    ana, group = bot.server.person("Ana"), bot.server.group("Hall")
    closes = bot.clock.now() + timedelta(hours=12)
    bot.server.break_off("sendPoll", after=True)
    with pytest.raises(UnknownFateError):
        await post(bot, group, replace(QUIZ, closes=closes))
    await bot.database.handled(await ana.votes(group.seen[0], "2"))
    bot.clock.travel(timedelta(hours=13))
    await bot.restart()
    assert [(one.sender.name, one.at < closes) for one in bot.engine.heard] == [("Ana", True)]


async def test_a_vote_in_some_other_unknown_poll_is_not_taken_for_the_lost_one(bot: TelegramBot) -> None:
    ana, ben, zed, group = (*map(bot.server.person, ("Ana", "Ben", "Zed")), bot.server.group("Hall"))
    bot.server.break_off("sendPoll", after=True)
    with pytest.raises(UnknownFateError):
        await post(bot, group, replace(QUIZ, closes=bot.clock.now() + timedelta(hours=12)))
    bot.clock.travel(timedelta(minutes=3))
    await bot.handles(answer("77", zed, 0))
    assert bot.engine.heard == []
    for who in (ana, ben):
        await bot.database.handled(await who.votes(group.seen[0], "2"))
    await bot.restart()
    assert bot.engine.heard == []  # two polls it could be: nobody guesses


async def test_a_poll_with_votes_of_before_the_lost_one_is_not_it(bot: TelegramBot) -> None:
    ana, zed, group = bot.server.person("Ana"), bot.server.person("Zed"), bot.server.group("Hall")
    await bot.handles(answer("77", zed, 0))
    bot.clock.travel(timedelta(minutes=1))
    bot.server.break_off("sendPoll", after=True)
    with pytest.raises(UnknownFateError):
        await post(bot, group, QUIZ)
    await bot.handles(answer("77", ana, 0))
    await bot.database.handled(await ana.votes(group.seen[0], "2"))
    bot.clock.travel(timedelta(minutes=3))
    await bot.restart()
    assert [(one.sender.name, one.text) for one in bot.engine.heard] == [("Ana", "q.a:2")]


async def test_where_two_polls_were_lost_nobody_guesses(bot: TelegramBot) -> None:
    ana = bot.server.person("Ana")
    for title in ("Hall", "Den"):
        bot.server.break_off("sendPoll", after=True)
        with pytest.raises(UnknownFateError):
            await post(bot, bot.server.group(title), QUIZ)
    bot.clock.travel(timedelta(minutes=3))
    await bot.handles(answer("5000000001", ana, 1))
    assert bot.engine.heard == []


async def test_a_poll_that_was_refused_is_no_poll_on_its_way(bot: TelegramBot) -> None:
    ana, group = bot.server.person("Ana"), bot.server.group("Hall")
    bot.server.fail("sendPoll", 400, words="Bad Request: not enough rights to send polls to the chat")
    await post(bot, group, QUIZ)
    bot.clock.travel(timedelta(minutes=3))
    await bot.handles(answer("77", ana, 1))
    assert bot.engine.heard == []


async def test_votes_in_unknown_polls_are_forgotten_after_days(bot: TelegramBot) -> None:
    ana, group = bot.server.person("Ana"), bot.server.group("Hall")
    await bot.handles(answer("5000000001", ana, 1))
    bot.clock.travel(timedelta(days=3))
    await bot.restart()
    await bot.says(ana, "/roadmap")
    await post(bot, group, QUIZ)
    assert bot.engine.texts == ["/roadmap"]


async def test_a_channel_that_votes_is_nobody(bot: TelegramBot) -> None:
    ana, group, channel = bot.server.person("Ana"), bot.server.group("Hall"), bot.server.group("News", "channel")
    await post(bot, group, QUIZ)
    (message,) = group.seen
    await bot.database.handled(await ana.votes(message, "2", behind=channel))
    assert bot.engine.heard == []
    await bot.handles({"poll_answer": {"poll_id": "404", "voter_chat": channel.as_json, "option_ids": [0]}})
    assert bot.engine.heard == []


async def test_somebody_who_never_opened_the_private_chat_votes(bot: TelegramBot) -> None:
    zoe, group = bot.server.person("Zoe", has_started=False), bot.server.group("Hall")
    await post(bot, group, QUIZ)
    (message,) = group.seen
    await bot.database.handled(await zoe.votes(message, "2"))
    assert bot.engine.texts == ["q.a:2"]
    assert len(group.seen) == 1
