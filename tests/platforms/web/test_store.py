"""What the web chat remembers, and for how long."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.kit.database import Transaction
from bot.kit.reply import reply
from bot.platforms.web import store as stores
from bot.platforms.web.limits import TRIM_EVERY
from bot.platforms.web.store import MessageStore
from tests.fakes.web_world import open_web_database

AT = datetime(2026, 11, 21, 18, 0, tzinfo=UTC)


async def test_a_room_keeps_only_its_latest_messages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stores, "ROOM_MESSAGES", 20)
    database = await open_web_database()
    store = MessageStore(database)
    await store.add(chat="other", event="first", at=AT, author="ana", text="stays")
    for number in range(TRIM_EVERY):
        await store.add(chat="hall", event=f"e{number}", at=AT, author="ana", text=str(number))
    kept = (await store.page(chat="hall", account="ana")).messages
    assert 20 <= len(kept) < TRIM_EVERY
    assert kept[-1].text == str(TRIM_EVERY - 1)
    assert len((await store.page(chat="other", account="ana")).messages) == 1
    await database.close()


async def test_revisions_grow_with_every_message_and_change() -> None:
    database = await open_web_database()
    store = MessageStore(database)
    await store.add(chat="hall", event="a", at=AT, author="ana", text="hello")
    await store.add(chat="hall", event="b", at=AT, reply=reply("one"))
    await store.add(chat="hall", event="c", at=AT, only_for="ben", reply=reply("secret"))
    assert await store.replace(2, reply("two"))
    assert not await store.replace(1, reply("not the bot's"))
    assert not await store.replace(9, reply("gone"))
    seen = await store.changes(chat="hall", account="ana", after=1)
    assert [(message.id, message.revision, message.reply) for message in seen] == [(2, 4, reply("two"))]
    assert (await store.page(chat="hall", account="ana")).revision == 4
    await database.close()


async def test_a_card_of_another_version_does_not_take_the_history_with_it() -> None:
    database = await open_web_database()
    store = MessageStore(database)
    await store.add(chat="hall", event="a", at=AT, reply=reply("one"))

    async def spoil(tx: Transaction) -> None:
        await tx.execute("UPDATE web_message SET reply = :reply", reply='{"~":"Hologram"}')

    await database.write(spoil)
    message = await store.message(1, chat="hall", account="ana")
    assert message is not None
    assert message.reply is not None
    assert "can no longer be shown" in str(message.reply)
    await database.close()
