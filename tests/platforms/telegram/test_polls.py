"""Polls of Telegram's own: asked where they fit, each vote the press of its answer, by that person, where it stands."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.kit.platform import Delivery
from bot.kit.reply import Button, Choice, Menu, Poll, Reply, notice, reply
from bot.kit.request import Role, Setting, Trigger, Where
from bot.kit.text import para
from bot.platforms.telegram.polls import question
from bot.platforms.telegram.render import render
from tests.fakes.telegram_bot import COMMANDS, TelegramBot
from tests.fakes.telegram_chats import Chat, Message, Person
from tests.kit.documents import HOSTILE

DAYS = Poll("Which day?", (Choice("Monday", "a.day:1"), Choice("Friday", "a.day:5")), retract="a.noday")
QUIZ = Poll("1 + 1?", (Choice("1", "a.q:1"), Choice("2", "a.q:2")), right=(1,), explanation="Count them.")


async def asked(bot: TelegramBot, person: Person, said: Reply, chat: Chat | None = None) -> list[Message]:
    bot.engine.next(said)
    return await bot.says(person, "/roadmap", chat)


async def test_a_poll_is_telegrams_own_and_names_its_voters(bot: TelegramBot) -> None:
    ana, group = bot.server.person("Ana"), bot.server.group("Hall")
    (message,) = await asked(bot, ana, Reply(poll=DAYS), group)
    sent = bot.server.called("sendPoll")[-1]
    assert (sent["question"], message.options, sent["is_anonymous"]) == ("Which day?", ["Monday", "Friday"], False)
    assert not {"type", "correct_option_ids", "explanation"} & sent.keys()


async def test_a_quiz_shows_its_verdict(bot: TelegramBot) -> None:
    ana, group = bot.server.person("Ana"), bot.server.group("Hall")
    await asked(bot, ana, Reply(poll=QUIZ), group)
    sent = bot.server.called("sendPoll")[-1]
    assert (sent["type"], sent["correct_option_ids"], sent["explanation"]) == ("quiz", [1], "Count them.")


async def test_a_vote_is_a_press_of_its_answer_and_nothing_is_said(bot: TelegramBot) -> None:
    ana, ben, group = bot.server.person("Ana"), bot.server.person("Ben", "de"), bot.server.group("Hall")
    (message,) = await asked(bot, ana, Reply(poll=DAYS), group)
    bot.engine.next(reply("Thank you"), only_you=True)
    await bot.database.handled(await ben.votes(message, "Friday"))
    vote = bot.engine.heard[-1]
    assert (vote.trigger, vote.text, vote.on_public) == (Trigger.PRESS, "a.day:5", True)
    assert (vote.sender.account, vote.sender.language) == (str(ben.id), "de")
    assert vote.where == Where(str(group.id), Setting.GROUP, "Hall")
    assert (len(group.seen), ben.alone.seen) == (1, [])


async def test_a_vote_taken_back_does_what_the_poll_says(bot: TelegramBot) -> None:
    ana, group = bot.server.person("Ana"), bot.server.group()
    (message,) = await asked(bot, ana, Reply(poll=DAYS), group)
    for labels in (["Friday"], [], ["Monday"]):
        await bot.database.handled(await ana.votes(message, *labels))
    assert bot.engine.texts[1:] == ["a.day:5", "a.noday", "a.day:1"]


async def test_a_vote_taken_back_where_that_means_nothing_is_let_be(bot: TelegramBot) -> None:
    ana, group = bot.server.person("Ana"), bot.server.group()
    (message,) = await asked(bot, ana, Reply(poll=QUIZ), group)
    await bot.database.handled(await ana.votes(message))
    assert len(bot.engine.heard) == 1


async def test_votes_count_after_a_restart_and_a_year(bot: TelegramBot) -> None:
    ana, group = bot.server.person("Ana"), bot.server.group()
    (message,) = await asked(bot, ana, Reply(poll=DAYS), group)
    bot.clock.travel(timedelta(days=365))
    await bot.restart()
    await bot.database.handled(await ana.votes(message, "Friday"))
    assert bot.engine.texts[-1] == "a.day:5"
    bot.clock.travel(timedelta(days=365))
    await bot.restart()
    await bot.database.handled(await ana.votes(message, "Friday"))
    assert len(bot.engine.heard) == 2


async def test_the_same_vote_twice_counts_once(bot: TelegramBot) -> None:
    ana, group = bot.server.person("Ana"), bot.server.group()
    (message,) = await asked(bot, ana, Reply(poll=DAYS), group)
    number = await ana.votes(message, "Friday")
    await bot.database.handled(number)
    body = {"poll_id": message.poll["id"], "user": ana.user, "option_ids": [1], "option_persistent_ids": ["p1"]}
    await bot.server.push({"poll_answer": body}, number)
    await bot.says(ana, "/roadmap")
    assert bot.engine.texts == ["/roadmap", "a.day:5", "/roadmap"]


@pytest.mark.parametrize("ids", [[2], [-1], [10**20]])
async def test_a_vote_for_what_was_not_asked_changes_nothing(bot: TelegramBot, ids: list[int]) -> None:
    ana, group = bot.server.person("Ana"), bot.server.group()
    (message,) = await asked(bot, ana, Reply(poll=DAYS), group)
    await bot.handles({"poll_answer": {"poll_id": message.poll["id"], "user": ana.user, "option_ids": ids}})
    await bot.handles({"poll_answer": {"poll_id": "7", "user": ana.user, "option_ids": [0]}})
    assert len(bot.engine.heard) == 1


async def test_a_vote_in_the_name_of_the_group_is_an_administrators(bot: TelegramBot) -> None:
    ana, group, channel = bot.server.person("Ana"), bot.server.group("Hall"), bot.server.group("News", "channel")
    (message,) = await asked(bot, ana, Reply(poll=DAYS), group)
    for behind in (group, channel):
        await bot.database.handled(await ana.votes(message, "Friday", behind=behind))
    assert [(one.sender.account, one.sender.role) for one in bot.engine.heard[1:]] == [(str(group.id), Role.MODERATOR)]


async def test_votes_follow_a_group_that_becomes_a_supergroup(bot: TelegramBot) -> None:
    ana, group, larger = bot.server.person("Ana"), bot.server.group("Hall", "group"), bot.server.group("Hall")
    (message,) = await asked(bot, ana, Reply(poll=DAYS), group)
    await bot.handles({"message": {"message_id": 5, "date": 1, "migrate_to_chat_id": larger.id, "chat": group.as_json}})
    await bot.database.handled(await ana.votes(message, "Friday"))
    assert bot.engine.heard[-1].where.chat == str(larger.id)


async def test_a_poll_on_its_way_follows_the_group(bot: TelegramBot) -> None:
    ana, group, larger = bot.server.person("Ana"), bot.server.group("Hall", "group"), bot.server.group("Hall")
    group.moved_to = larger.id
    await asked(bot, ana, Reply(poll=DAYS), group)
    (message,) = larger.seen
    await bot.database.handled(await ana.votes(message, "Friday"))
    assert bot.engine.heard[-1].where.chat == str(larger.id)


async def test_in_private_the_answer_to_a_vote_is_said_but_no_remark(bot: TelegramBot) -> None:
    ana = bot.server.person("Ana")
    (message,) = await asked(bot, ana, Reply(poll=QUIZ))
    bot.engine.next(reply("Here is why."), Delivery.EDIT)
    await bot.database.handled(await ana.votes(message, "2"))
    assert (bot.engine.heard[-1].on_public, bot.engine.heard[-1].where.setting) == (False, Setting.PRIVATE)
    assert ana.alone.seen[-1].text == "Here is why."
    bot.engine.next(notice("Saved."), Delivery.NOTICE)
    await bot.database.handled(await ana.votes(message, "1"))
    assert len(ana.alone.seen) == 2


async def test_a_poll_for_one_person_is_asked_in_the_private_chat(bot: TelegramBot) -> None:
    ana, group = bot.server.person("Ana"), bot.server.group()
    bot.engine.next(Reply(poll=QUIZ), only_you=True)
    await bot.says(ana, "/roadmap", group)
    (message,) = ana.alone.seen
    await bot.database.handled(await ana.votes(message, "2"))
    assert bot.engine.heard[-1].where == Where(str(ana.id), Setting.PRIVATE)


async def test_a_channel_gets_buttons_since_its_voters_would_be_unknown(bot: TelegramBot) -> None:
    ana, channel = bot.server.person("Ana"), bot.server.group("News", "channel")
    bot.engine.next(Reply(poll=DAYS))
    await bot.database.handled(await ana.posts("/roadmap", channel))
    (message,) = channel.seen
    assert (message.labels, "Which day?" in message.text) == (["Monday", "Friday"], True)
    await bot.presses(ana, message, "Friday")
    assert bot.engine.texts[-1] == "a.day:5"


async def test_what_is_said_beside_a_poll_comes_before_it_and_its_buttons_stand_on_it(bot: TelegramBot) -> None:
    ana, group = bot.server.person("Ana"), bot.server.group()
    choices = (Choice("Monday", "a.day:1", "in the hall"), Choice("Friday", "a.day:5"))
    days = Poll("Which day?", choices, note="2 answered", below=(para("Until Sunday."),))
    said = reply(
        "Let us meet.",
        title="Meeting",
        poll=days,
        menu=Menu("Or", (Choice("Never", "a.no"),)),
        buttons=((Button("More", "a.more"),),),
    )
    first, second = await asked(bot, ana, said, group)
    assert first.text == "Meeting\n\nLet us meet.\n\nUntil Sunday.\n\nOr\n\n• Monday: in the hall"
    assert (first.labels, second.labels) == ([], ["Never", "More"])
    assert second.options == ["Monday", "Friday"]


async def test_a_poll_never_takes_the_place_of_a_message(bot: TelegramBot) -> None:
    ana = bot.server.person("Ana")
    (message,) = await asked(bot, ana, reply("A card", buttons=((Button("Go", "a.go"),),)))
    bot.engine.next(Reply(poll=DAYS), Delivery.EDIT)
    await bot.presses(ana, message, "Go")
    assert [bool(one.poll) for one in ana.alone.seen] == [False, True]


async def test_a_refused_poll_is_asked_with_buttons(bot: TelegramBot) -> None:
    ana, group = bot.server.person("Ana"), bot.server.group()
    bot.server.fail("sendPoll", 400, words="Bad Request: not enough rights to send polls to the chat")
    said = Reply(poll=DAYS, buttons=((Button("More", "a.more"),),))
    (message,) = await asked(bot, ana, said, group)
    assert (message.poll, message.labels) == ({}, ["Monday", "Friday", "More"])
    bot.server.fail("sendPoll", 400, words="Bad Request: POLL_2030_INVALID")
    (message,) = await asked(bot, ana, said, group)
    assert message.labels == ["Monday", "Friday", "More"]
    bot.server.fail("sendPoll", 404, words="Not Found: method not found")  # an older server of one's own
    (message,) = await asked(bot, ana, said, group)
    assert message.labels == ["Monday", "Friday", "More"]


async def test_roles_are_checked_for_votes_too(bot: TelegramBot) -> None:
    ana, group = bot.server.person("Ana"), bot.server.group()
    group.statuses[ana.id] = "creator"
    (message,) = await asked(bot, ana, Reply(poll=DAYS), group)
    await bot.database.handled(await ana.votes(message, "Friday"))
    assert bot.engine.heard[-1].sender.role is Role.OWNER
    assert COMMANDS


def poll(**more: object) -> Poll:
    given: dict[str, object] = {"question": "Which?", "choices": (Choice("a", "x.a"), Choice("b", "x.b"))}
    return Poll(**{**given, **more})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("asks", "fits"),
    [
        (poll(), True),
        (poll(question="q" * 300), True),
        (poll(question="q" * 301), False),
        (poll(question=" \u200b "), False),
        (poll(choices=(Choice("x" * 100, "x.a"), Choice("b", "x.b"))), True),
        (poll(choices=(Choice("x" * 101, "x.a"), Choice("b", "x.b"))), False),
        (poll(choices=(Choice(" ", "x.a"), Choice("b", "x.b"))), False),
        (poll(choices=(Choice("a", "x.a"),)), False),
        (poll(choices=tuple(Choice(str(number), f"x.a:{number}") for number in range(12))), True),
        (poll(choices=tuple(Choice(str(number), f"x.a:{number}") for number in range(13))), False),
        (poll(right=(0,), explanation="e" * 200), True),
        (poll(right=(0,), explanation="e" * 201), False),
        (poll(right=(0,), explanation="a\nb\nc"), True),
        (poll(right=(0,), explanation="a\nb\nc\nd"), False),
        (poll(explanation="e" * 500), True),
        (poll(right=(0, 1)), True),
    ],
)
def test_what_does_not_fit_telegrams_own_poll_is_drawn_with_buttons(asks: Poll, *, fits: bool) -> None:
    assert (question(asks) is not None) == fits
    (message,) = render(Reply(poll=asks), polls=True)
    assert (message.question is not None) == fits
    if not fits:
        assert sum(map(len, message.keyboard)) == len(asks.choices)


def test_a_question_pings_nobody_and_formats_nothing() -> None:
    for words in HOSTILE:
        asks = question(poll(question=f"x {words}"[:300], right=(0,), explanation=f"x {words}"[:200]))
        if asks is not None:
            assert "@d" not in asks.text + asks.explanation
            assert not {"question_parse_mode", "explanation_parse_mode"} & asks.parameters.keys()


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=310), st.lists(st.text(max_size=105), max_size=14), st.text(max_size=210), st.booleans())
def test_every_limit_is_kept_before_sending(words: str, labels: list[str], why: str, quiz: bool) -> None:
    right = (0,) if quiz and labels else ()
    asks = question(Poll(words, tuple(Choice(label, "x.a") for label in labels), right, why))
    if asks is None:
        return
    assert 1 <= len(asks.text) <= 300
    assert 2 <= len(asks.choices) <= 12
    assert all(1 <= len(choice) <= 100 for choice in asks.choices)
    assert len(asks.explanation) <= 200
    assert asks.explanation.count("\n") <= 2
