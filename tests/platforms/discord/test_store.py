"""What Discord needs after a restart is kept, and no longer than it is of use."""

from __future__ import annotations

from bot.kit.database import Transaction
from bot.kit.reply import Field, Form
from bot.platforms.discord.limits import FORM_DAYS
from bot.platforms.discord.store import DiscordStore
from tests.platforms.discord.conftest import DiscordWorld

FORM = Form("Check in", (Field("minutes", "How many?"),), "study.checkin:7", "Send")
DAY = 86_400


async def test_a_fingerprint_belongs_to_one_application(idle: DiscordWorld) -> None:
    store = DiscordStore(idle.database)
    assert await store.fingerprint("1") == ""
    await store.registered("1", "a")
    await store.registered("1", "b")
    assert await store.fingerprint("1") == "b"
    assert await store.fingerprint("2") == ""


async def test_the_same_form_is_kept_once(idle: DiscordWorld) -> None:
    store = DiscordStore(idle.database)
    name = await store.keep_form(FORM, 0)
    assert await store.keep_form(FORM, DAY) == name
    assert await store.form(name) == FORM


async def test_a_form_nobody_asked_for_in_a_long_time_is_dropped(idle: DiscordWorld) -> None:
    store = DiscordStore(idle.database)
    name = await store.keep_form(FORM, 0)
    await store.keep_form(Form("Other", FORM.fields, "a.b", "Send"), FORM_DAYS * DAY)
    assert await store.form(name) == FORM
    await store.keep_form(Form("Other", FORM.fields, "a.b", "Send"), FORM_DAYS * DAY + 1)
    assert await store.form(name) is None


async def test_a_form_of_another_version_is_none(idle: DiscordWorld) -> None:
    store = DiscordStore(idle.database)
    name = await store.keep_form(FORM, 0)

    async def spoil(tx: Transaction) -> None:
        await tx.execute("UPDATE discord_form SET reply = :reply", reply='{"~":"Gone"}')

    await idle.database.write(spoil)
    assert await store.form(name) is None
