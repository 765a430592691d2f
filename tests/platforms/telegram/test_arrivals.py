"""Who is new: the bot where it may speak now, and people who came into a group; each is told the engine once."""

from __future__ import annotations

from typing import Any

import pytest

from bot.kit.platform import Delivery
from bot.kit.reply import Reply
from bot.kit.request import Setting, Trigger
from tests.fakes.telegram_bot import TelegramBot
from tests.fakes.telegram_chats import BOT, Chat

SILENT = {"status": "restricted", "is_member": True, "can_send_messages": False}
SPEAKING = {**SILENT, "can_send_messages": True}
READER = {"status": "administrator", "can_post_messages": False}
EDITOR = {"status": "administrator", "can_post_messages": True, "can_edit_messages": True}


@pytest.fixture(autouse=True)
def nothing_to_say(bot: TelegramBot) -> None:
    for _ in range(5):
        bot.engine.next(Reply(), Delivery.NOTHING)


def chat_of(bot: TelegramBot, kind: str) -> Chat:
    return bot.server.group("Hall", kind)


async def changed(bot: TelegramBot, chat: Chat, was: Any, now: Any, **more: Any) -> None:
    ana = bot.server.person("Ana", "de")
    await bot.database.handled(await ana.changes_bot(chat, was, now, **more))


@pytest.mark.parametrize(
    ("kind", "was", "now"),
    [
        ("group", "left", "member"),
        ("supergroup", "kicked", "member"),
        ("supergroup", "left", "administrator"),
        ("supergroup", "left", SPEAKING),
        ("supergroup", SILENT, SPEAKING),
        ("supergroup", SILENT, "member"),
        ("channel", "left", EDITOR),
        ("channel", READER, EDITOR),
    ],
)
async def test_where_the_bot_may_speak_now_the_engine_is_told(bot: TelegramBot, kind: str, was: Any, now: Any) -> None:
    chat = chat_of(bot, kind)
    await changed(bot, chat, was, now)
    (heard,) = bot.engine.heard
    assert heard.trigger is Trigger.ADDED
    assert (heard.where.chat, heard.where.title) == (str(chat.id), "Hall")
    assert heard.where.setting is (Setting.CHANNEL if kind == "channel" else Setting.GROUP)
    assert (heard.sender.name, heard.sender.language) == ("Ana", "de")
    assert chat.seen == []


@pytest.mark.parametrize(
    ("kind", "was", "now"),
    [
        ("supergroup", "member", "left"),
        ("supergroup", "member", "kicked"),
        ("supergroup", "member", "administrator"),
        ("supergroup", "administrator", "member"),
        ("supergroup", "left", SILENT),
        ("supergroup", SPEAKING, SILENT),
        ("channel", "left", READER),
        ("channel", EDITOR, {**EDITOR, "can_edit_messages": False}),
        ("channel", EDITOR, "left"),
    ],
)
async def test_a_change_of_rights_or_a_removal_is_no_arrival(bot: TelegramBot, kind: str, was: Any, now: Any) -> None:
    await changed(bot, chat_of(bot, kind), was, now)
    assert bot.engine.heard == []


async def test_a_private_chat_opened_or_blocked_is_no_arrival(bot: TelegramBot) -> None:
    ana = bot.server.person("Ana")
    for was, now in (("kicked", "member"), ("member", "kicked")):
        await bot.database.handled(await ana.changes_bot(ana.alone, was, now))
    assert bot.engine.heard == []


async def test_an_anonymous_administrator_lets_the_bot_in_without_a_name(bot: TelegramBot) -> None:
    chat = chat_of(bot, "supergroup")
    await changed(bot, chat, "left", "member", behind=chat)
    assert [(heard.trigger, heard.sender.account) for heard in bot.engine.heard] == [(Trigger.ADDED, "")]


async def test_people_who_come_in_together_arrive_one_by_one(bot: TelegramBot) -> None:
    ana, ben, chat = bot.server.person("Ana"), bot.server.person("Ben", "de"), chat_of(bot, "supergroup")
    other = {"id": 99, "is_bot": True, "first_name": "Another bot"}
    update = await ana.brings(chat, ana, ben, other, BOT)
    await bot.database.handled(update)
    assert [(heard.trigger, heard.sender.name, heard.sender.language) for heard in bot.engine.heard] == [
        (Trigger.JOINED, "Ana", "en"),
        (Trigger.JOINED, "Ben", "de"),
    ]
    assert {heard.where.chat for heard in bot.engine.heard} == {str(chat.id)}
    assert len({heard.event for heard in bot.engine.heard}) == 2
    assert chat.seen == []


async def test_an_arrival_told_twice_is_heard_once(bot: TelegramBot) -> None:
    ana, chat = bot.server.person("Ana"), chat_of(bot, "supergroup")
    update = await ana.brings(chat, ana)
    await bot.database.handled(update)
    told = {"message_id": 900, "date": 1, "chat": chat.as_json, "from": ana.user, "new_chat_members": [ana.user]}
    await bot.server.push({"message": told}, update)
    await bot.says(ana, "/roadmap", chat)
    assert [heard.trigger for heard in bot.engine.heard] == [Trigger.JOINED, Trigger.COMMAND]


@pytest.mark.parametrize(
    "update",
    [
        {"my_chat_member": {}},
        {"my_chat_member": {"chat": {"id": -5, "type": "group"}, "old_chat_member": [], "new_chat_member": 5}},
        {"my_chat_member": {"chat": {"id": -5, "type": "hall"}, "old_chat_member": 1, "new_chat_member": 5}},
        {"message": {"chat": {"id": -5, "type": "group"}, "new_chat_members": [5]}},
        {"message": {"new_chat_members": [{"id": 5}]}},
        {"message": {"chat": {"id": -5, "type": "group"}, "new_chat_members": 5}},
    ],
)
async def test_an_arrival_that_is_not_as_described_stops_nothing(bot: TelegramBot, update: dict[str, Any]) -> None:
    await bot.handles(update)
    assert bot.engine.heard == []
    await bot.says(bot.server.person("Ana"), "/roadmap")
    assert bot.engine.texts == ["/roadmap"]


async def test_a_group_that_became_a_supergroup_is_no_arrival(bot: TelegramBot) -> None:
    ana, old, new = bot.server.person("Ana"), chat_of(bot, "group"), chat_of(bot, "supergroup")
    await bot.database.handled(await ana.types("", old, migrate_to_chat_id=new.id))
    await changed(bot, new, "left", "member")
    assert bot.engine.heard == []
