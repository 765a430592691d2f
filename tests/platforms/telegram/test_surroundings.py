"""What Telegram tells of chats: the rights that lack, by the names of its own settings, and what places are called."""

from __future__ import annotations

from typing import Any

import pytest

from bot.kit.posting import Address, DeliveryError, MovedAwayError, WaitFirstError
from bot.platforms.telegram.surroundings import TelegramSurroundings
from tests.fakes.telegram_bot import TelegramBot
from tests.fakes.telegram_chats import Chat

ADMIN = {"status": "administrator"}
MUTED = {"can_send_messages": False}
QUIET = {"can_send_photos": False, "can_send_polls": False}


def told(bot: TelegramBot) -> TelegramSurroundings:
    return bot.platform.surroundings


def at(chat: Chat, topic: int | None = None) -> Address:
    return Address("telegram", str(chat.id), str(topic or ""))


async def lacking(bot: TelegramBot, chat: Chat, topic: int | None = None) -> list[tuple[str, bool]]:
    return [(lack.right, lack.vital) for lack in await told(bot).lacking(at(chat, topic))]


@pytest.mark.parametrize(
    ("kind", "standing", "permissions", "lacks"),
    [
        ("group", {"status": "member"}, {}, []),
        ("supergroup", {"status": "member"}, MUTED, [("Send Text Messages", True)]),
        ("supergroup", {"status": "member"}, QUIET, [("Polls", False), ("Photos", False)]),
        ("supergroup", ADMIN, MUTED | QUIET, []),
        ("supergroup", {"status": "restricted", "is_member": True, **MUTED}, {}, [("Send Text Messages", True)]),
        ("supergroup", {"status": "restricted", "is_member": True, "can_send_messages": True, **QUIET}, {}, [("Polls", False), ("Photos", False)]),
        ("supergroup", {"status": "restricted", "is_member": False}, {}, [("Member", True)]),
        ("supergroup", {"status": "left"}, {}, [("Member", True)]),
        ("supergroup", {"status": "kicked"}, {}, [("Member", True)]),
        ("channel", {**ADMIN, "can_post_messages": True}, {}, []),
        ("channel", ADMIN, {}, [("Post Messages", True)]),
        ("channel", {"status": "member"}, {}, [("Post Messages", True)]),
    ],
)  # fmt: skip
async def test_each_missing_right_is_named(
    bot: TelegramBot, kind: str, standing: Any, permissions: Any, lacks: list[tuple[str, bool]]
) -> None:
    chat = bot.server.group("Hall", kind)
    chat.bot_standing, chat.permissions = standing, permissions
    assert await lacking(bot, chat) == lacks
    for lack in await told(bot).lacking(at(chat)):
        assert lack.grant.endswith(".")
        assert lack.cost.endswith(".")


async def test_a_chat_the_bot_was_removed_from_lacks_it(bot: TelegramBot) -> None:
    chat = bot.server.group()
    chat.forbidden = "bot was kicked from the supergroup chat"
    assert await lacking(bot, chat) == [("Member", True)]
    assert await lacking(bot, Chat(-1_009_999_999_999, "supergroup")) == [("Member", True)]


async def test_a_private_chat_needs_nothing(bot: TelegramBot) -> None:
    assert await lacking(bot, bot.server.person("Ana").alone) == []


async def test_a_closed_topic_needs_more_until_it_is_opened_again(bot: TelegramBot) -> None:
    ana, chat = bot.server.person("Ana"), bot.server.group()
    chat.topics[7] = "closed"
    assert await lacking(bot, chat, 7) == []  # nobody told
    await bot.database.handled(await ana.tells(chat, 7, forum_topic_closed={}))
    assert await lacking(bot, chat, 7) == [("Manage Topics", True)]
    assert await lacking(bot, chat) == []
    chat.bot_standing = {**ADMIN, "can_manage_topics": True}
    assert await lacking(bot, chat, 7) == []
    chat.bot_standing = {"status": "member"}
    await bot.database.handled(await ana.tells(chat, 7, forum_topic_reopened={}))
    assert await lacking(bot, chat, 7) == []


async def test_topics_are_called_as_telegram_tells_in_passing(bot: TelegramBot) -> None:
    ana, chat = bot.server.person("Ana"), bot.server.group("Hall")
    chat.topics |= {7: "open", 8: "open"}

    async def title(topic: int | None) -> str:
        (room,) = await told(bot).rooms(at(chat, topic))
        assert room.to == at(chat, topic)
        return room.title

    assert await title(7) == "Hall"
    opening = {"message_id": 7, "date": 1, "chat": chat.as_json, "forum_topic_created": {"name": "Daily  quiz"}}
    await bot.says(ana, "/roadmap", chat, topic=7, reply_to_message=opening)
    assert (await title(7), await title(8), await title(None)) == ("Hall › Daily quiz", "Hall", "Hall")
    await bot.database.handled(await ana.tells(chat, 7, forum_topic_edited={"name": "Quiz"}))
    await bot.database.handled(await ana.tells(chat, 7, forum_topic_edited={"icon_custom_emoji_id": "5"}))
    assert await title(7) == "Hall › Quiz"
    await bot.database.handled(await ana.tells(chat, 8, forum_topic_created={"name": "News", "icon_color": 1}))
    await bot.restart()
    assert (await title(7), await title(8)) == ("Hall › Quiz", "Hall › News")


async def test_a_telegram_that_tells_nothing_is_said_so(bot: TelegramBot) -> None:
    chat = bot.server.group()
    for status in (500, 400):
        for method in ("getChat", "getChatMember"):
            bot.server.fail(method, status)
            with pytest.raises(DeliveryError):
                await lacking(bot, chat)
    bot.server.fail("getChat", 429, retry_after=5)
    with pytest.raises(WaitFirstError):
        await told(bot).rooms(at(chat))
    for result in ("[]", "{}", "null"):
        bot.server.fail("getChatMember", 200, page=f'{{"ok":true,"result":{result}}}')
        with pytest.raises(DeliveryError):
            await lacking(bot, chat)


async def test_a_group_that_moved_says_where_to(bot: TelegramBot) -> None:
    old, new = bot.server.group(kind="group"), bot.server.group()
    old.moved_to = new.id
    with pytest.raises(MovedAwayError) as moved:
        await told(bot).lacking(at(old))
    assert moved.value.new == at(new)


@pytest.mark.parametrize(
    ("status", "is_there"),
    [("creator", True), ("administrator", True), ("member", True), ("restricted", True), ("left", False),
     ("kicked", False)],
)  # fmt: skip
async def test_whoever_left_or_was_banned_is_not_in_the_group(bot: TelegramBot, status: str, is_there: bool) -> None:
    ana, chat = bot.server.person("Ana"), bot.server.group()
    chat.statuses[ana.id] = status
    assert await told(bot).has(at(chat), str(ana.id)) is is_there


async def test_where_telegram_tells_not_who_is_in_a_group_nobody_guesses(bot: TelegramBot) -> None:
    ana, chat = bot.server.person("Ana"), bot.server.group()
    with pytest.raises(DeliveryError):
        await told(bot).has(at(chat), str(ana.id))
    for page in ('{"ok":true,"result":{}}', '{"ok":true,"result":[]}'):
        bot.server.fail("getChatMember", 200, page=page)
        with pytest.raises(DeliveryError):
            await told(bot).has(at(chat), str(ana.id))
    restricted = '{"ok":true,"result":{"status":"restricted","is_member":false}}'
    bot.server.fail("getChatMember", 200, page=restricted)
    assert not await told(bot).has(at(chat), str(ana.id))
    chat.forbidden = "bot was kicked from the supergroup chat"
    assert not await told(bot).has(at(chat), str(ana.id))
