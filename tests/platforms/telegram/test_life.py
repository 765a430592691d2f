"""Telegram from start to stop: nothing Telegram or the network does wrong ends the bot, only a bad token does."""

from __future__ import annotations

import asyncio
import logging
import subprocess
import sys
import time
from datetime import timedelta
from typing import Any

import pytest

from bot.kit.database import Transaction
from bot.kit.errors import SettingsError
from bot.kit.platform import Answer, Delivery
from bot.kit.reply import Button, reply
from bot.kit.request import Incoming
from bot.kit.text import bold
from bot.kit.wording import ENGLISH
from bot.platforms import telegram
from bot.platforms.telegram import adapter, limits
from tests.fakes.telegram_bot import COMMANDS, TelegramBot, build_platform, telegram_bot
from tests.fakes.telegram_server import TOKEN


class German:
    """A catalogue of two entries."""

    def gettext(self, message: str, /) -> str:
        return {"command:roadmap": "fahrplan", "command:progress": "überblick"}.get(message, message)

    def ngettext(self, singular: str, plural: str, count: int, /) -> str:
        return singular if count == 1 else plural


PAGE = "<html><body><h1>502 Bad Gateway</h1></body></html>"


# start ----------------------------------------------------------------------------------------------------------------


async def test_it_begins_by_fetching_what_it_understands(bot: TelegramBot) -> None:
    await bot.server.until(lambda: bot.server.called("getUpdates"))
    assert bot.server.called("getUpdates")[0]["allowed_updates"] == [
        "message", "channel_post", "callback_query", "poll_answer", "my_chat_member"
    ]  # fmt: skip
    assert bot.server.called("deleteWebhook") == [{}]
    assert bot.platform.username == "roadmate_bot"


async def test_commands_are_listed_for_everybody_and_administrators_in_every_language() -> None:
    async with telegram_bot(languages=("de", "en", "zh-Hans")) as bot:
        await bot.server.until(lambda: len(bot.server.commands) == 8)
        scopes = ("default", "all_private_chats", "all_group_chats", "all_chat_administrators")
        assert set(bot.server.commands) == {(scope, language) for scope in scopes for language in ("", "de")}
        names = {scope: [one["command"] for one in listed] for (scope, _), listed in bot.server.commands.items()}
        for_all = ["start", "roadmap", "progress"]
        assert names == {
            "default": for_all,
            "all_private_chats": for_all,
            "all_group_chats": for_all,
            "all_chat_administrators": [*for_all, "setup"],
        }


async def test_commands_are_listed_and_understood_by_their_names_in_other_languages() -> None:
    async with telegram_bot(languages=("de",), catalogue=lambda tag: German() if tag == "de" else ENGLISH) as bot:
        await bot.server.until(lambda: len(bot.server.commands) == 8)
        listed = [one["command"] for one in bot.server.commands["default", "de"]]
        assert listed == ["start", "fahrplan", "progress"]  # Telegram takes no umlauts
        ana, group = bot.server.person("Ana", "de"), bot.server.group()
        await bot.says(ana, "/fahrplan 2")
        await bot.says(ana, "/fahrplan@roadmate_bot 2", group)
        await bot.says(ana, "/Fahrplan", group)
        await bot.says(bot.server.person("Ben", "fr"), "/fahrplan")
        assert bot.engine.texts == ["/roadmap 2", "/roadmap@roadmate_bot 2", "/roadmap", "/roadmap"]


async def test_commands_are_set_again_only_when_they_changed(bot: TelegramBot) -> None:
    await bot.server.until(lambda: len(bot.server.called("setMyCommands")) == 4)
    await bot.restart()
    await bot.server.until(lambda: len(bot.server.called("getMyCommands")) == 8)
    await bot.says(bot.server.person("Ana"), "/roadmap")
    assert len(bot.server.called("setMyCommands")) == 4
    await bot.restart(commands=lambda: COMMANDS[:1])
    await bot.server.until(lambda: len(bot.server.called("setMyCommands")) == 8)


async def test_commands_that_cannot_be_set_cost_no_answer(idle: TelegramBot, caplog: pytest.LogCaptureFixture) -> None:
    idle.server.fail("setMyCommands", 400, words="Bad Request: BOT_COMMAND_INVALID")
    await idle.start()
    assert await idle.says(idle.server.person("Ana"), "/roadmap")
    await idle.server.until(lambda: idle.server.called("setMyCommands"))
    assert "could not be set" in caplog.text


async def test_a_mistake_in_listing_commands_costs_no_answer(caplog: pytest.LogCaptureFixture) -> None:
    def catalogue(_language: str) -> Any:
        raise RuntimeError("a mistake of ours")

    async with telegram_bot(languages=("de",), started=False) as bot:
        bot.rebuild(commands=list)
        bot.platform._commands = lambda: catalogue("de")
        await bot.start()
        await bot.server.until(lambda: bot.server.called("getUpdates"))
    assert "was not set" in caplog.text


@pytest.mark.parametrize(
    "trouble",
    [{"status": 502}, {"status": 502, "page": PAGE}, {"status": 503}, {"status": 500}, {"status": 429, "retry_after": 5}, {"status": 404, "page": PAGE}],
)  # fmt: skip
@pytest.mark.parametrize("method", ["getMe", "deleteWebhook"])
async def test_trouble_at_the_start_is_outlived(
    idle: TelegramBot, caplog: pytest.LogCaptureFixture, trouble: dict[str, Any], method: str
) -> None:
    idle.server.fail(method, times=2, **trouble)
    await idle.start()
    assert "trying again in 1 s" in caplog.text
    ana = idle.server.person("Ana")
    assert await idle.clock.passes_until(idle.says(ana, "/roadmap"), at_most=60)


async def test_a_telegram_that_cannot_be_reached_is_waited_for(idle: TelegramBot) -> None:
    await idle.server.stop()
    await idle.start()
    assert [await idle.clock.passes(at_most=60) for _ in range(8)] == [1, 2, 4, 8, 16, 32, 60, 60]
    await idle.server.start()
    await idle.clock.passes(at_most=60)
    assert await idle.says(idle.server.person("Ana"), "/roadmap")


@pytest.mark.parametrize("result", ["null", "[]", "{}", '{"username": 5}'])
async def test_an_answer_that_tells_nothing_about_the_bot_is_asked_for_again(idle: TelegramBot, result: str) -> None:
    idle.server.fail("getMe", 200, page=f'{{"ok":true,"result":{result}}}')
    await idle.start()
    await idle.clock.passes(at_most=60)
    assert await idle.says(idle.server.person("Ana"), "/roadmap")


async def test_a_connection_broken_at_the_start_is_outlived(idle: TelegramBot) -> None:
    idle.server.break_off("getMe")
    await idle.start()
    await idle.clock.passes(at_most=1)
    assert await idle.says(idle.server.person("Ana"), "/roadmap")


async def test_starting_waits_no_longer_than_it_must(idle: TelegramBot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(adapter, "FIRST_ATTEMPT_SECONDS", 0.05)
    hold = asyncio.Event()

    async def slow(_values: object) -> dict[str, Any]:
        await hold.wait()
        return {"id": 1, "is_bot": True, "first_name": "x", "username": "roadmate_bot"}

    monkeypatch.setattr(idle.server, "_get_me", slow)
    await idle.start()
    hold.set()
    assert await idle.says(idle.server.person("Ana"), "/roadmap")


# tokens ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("token", "words"),
    [
        ("MTAxNTI2MTY1NTQ3OTk2ODQ2.GhKAxX.5bQ6yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy", "token of Discord"),
        ("hello", "no token of Telegram"),
        ("123456:short", "no token of Telegram"),
        ("", "no token of Telegram"),
        (f"bot{TOKEN}", "no token of Telegram"),
        (f"{TOKEN}\n", "no token of Telegram"),
    ],
)
async def test_what_cannot_be_a_token_is_refused_before_anything_is_sent(token: str, words: str) -> None:
    with pytest.raises(SettingsError, match=words) as refused:
        telegram.check_token(token)
    assert "ROADMATE_TELEGRAM_TOKEN" in str(refused.value)
    assert not token or token not in str(refused.value)


async def test_a_token_telegram_does_not_know_ends_the_start_with_a_sentence(idle: TelegramBot) -> None:
    idle.server.token = "123456:AnotherTokenThatIsTheRightOne"
    with pytest.raises(SettingsError, match="does not know the token"):
        await idle.start()


async def test_a_token_at_an_address_without_bots_is_told_with_the_address(idle: TelegramBot) -> None:
    idle.server.fail("getMe", 404, words="Not Found")
    with pytest.raises(SettingsError, match="ROADMATE_TELEGRAM_API"):
        await idle.start()


async def test_a_token_that_is_revoked_ends_the_wait(bot: TelegramBot) -> None:
    waiting = asyncio.ensure_future(bot.platform.wait())
    await bot.server.until(lambda: bot.server.called("getUpdates"))
    bot.server.token = "123456:AnotherTokenThatIsTheRightOne"
    await bot.server.push({})  # ends the request that is held open
    await bot.server.stop()
    await bot.server.start()
    with pytest.raises(SettingsError, match="does not know the token"):
        await bot.clock.passes_until(waiting, at_most=60)


@pytest.mark.parametrize("status", [401, 404])
async def test_one_refusal_of_a_good_token_is_outlived(bot: TelegramBot, status: int) -> None:
    bot.server.fail("getUpdates", status, words="Unauthorized")
    ana = bot.server.person("Ana")
    assert await bot.clock.passes_until(bot.says(ana, "/roadmap 2"), at_most=60)


async def test_trouble_while_asking_about_the_token_is_outlived(bot: TelegramBot) -> None:
    bot.server.fail("sendMessage", 401, words="Unauthorized")
    bot.server.fail("getMe", 502, times=2)
    ana = bot.server.person("Ana")
    assert await bot.says(ana, "/roadmap") == []
    await bot.clock.passes_until(bot.server.until(lambda: len(bot.server.called("getMe")) == 4), at_most=60)
    assert await bot.says(ana, "/roadmap")


# fetching -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "trouble",
    [{"status": 502}, {"status": 502, "page": PAGE}, {"status": 503}, {"status": 409, "words": "Conflict: terminated by other getUpdates request"}, {"status": 429, "retry_after": 7}, {"status": 400}, {"status": 200, "page": "not JSON"}, {"status": 200, "page": '{"ok":true,"result":{}}'}, {"status": 200, "page": '{"ok":true,"result":[{}]}'}],
)  # fmt: skip
async def test_trouble_in_fetching_is_outlived(
    idle: TelegramBot, caplog: pytest.LogCaptureFixture, trouble: dict[str, Any]
) -> None:
    idle.server.fail("getUpdates", **trouble)
    await idle.start()
    ana = idle.server.person("Ana")
    assert await idle.clock.passes_until(idle.says(ana, "/roadmap"), at_most=60)
    assert "trying again" in caplog.text


@pytest.mark.parametrize("after", [False, True])
async def test_a_connection_broken_while_fetching_loses_and_repeats_nothing(idle: TelegramBot, *, after: bool) -> None:
    ana = idle.server.person("Ana")
    first = await ana.types("/roadmap")
    idle.server.break_off("getUpdates", after=after)
    await idle.start()
    await idle.clock.passes_until(idle.database.handled(first), at_most=60)
    await idle.clock.passes_until(idle.says(ana, "/roadmap 2"), at_most=60)
    assert idle.engine.texts == ["/roadmap", "/roadmap 2"]


async def test_an_older_instance_that_is_still_stopping_is_waited_for(
    bot: TelegramBot, caplog: pytest.LogCaptureFixture
) -> None:
    await bot.server.until(lambda: bot.server.called("getUpdates"))
    newer = build_platform(bot.server, bot.database, bot.clock)
    await newer.start(bot.engine.respond)
    await bot.clock.passes(at_most=60)  # the older one was told, and tries once more
    await bot.platform.stop()
    ana = bot.server.person("Ana")
    assert await bot.clock.passes_until(bot.says(ana, "/roadmap"), at_most=60)
    await newer.stop()
    assert "another program fetches this bot's updates" in caplog.text
    assert len(bot.engine.heard) == 1


async def test_the_same_update_twice_is_answered_once(bot: TelegramBot) -> None:
    ana = bot.server.person("Ana")
    number = await ana.types("/roadmap")
    await bot.database.handled(number)
    again = {"message_id": 100, "date": 1, "chat": ana.alone.as_json, "from": ana.user, "text": "/roadmap"}
    await bot.server.push({"message": again}, number)
    await bot.says(ana, "/roadmap 2")
    await bot.restart()
    await bot.server.push({"message": again}, number)
    await bot.says(ana, "/roadmap 3")
    assert bot.engine.texts == ["/roadmap", "/roadmap 2", "/roadmap 3"]


async def test_updates_out_of_order_are_all_answered(bot: TelegramBot) -> None:
    ana, ben = bot.server.person("Ana"), bot.server.person("Ben")
    body = {"message_id": 1, "date": 1, "chat": ana.alone.as_json, "from": ana.user}
    for number in (900_003, 900_001, 900_002):
        bot.server.updates.append({"update_id": number, "message": body | {"text": f"/roadmap {number}"}})
    await bot.says(ben, "/roadmap")
    for number in (900_001, 900_002, 900_003):
        await bot.database.handled(number)
    asked = [text for text in bot.engine.texts if text != "/roadmap"]
    assert asked == [f"/roadmap {number}" for number in (900_001, 900_002, 900_003)]


async def test_an_update_that_cannot_be_kept_is_fetched_again(bot: TelegramBot) -> None:
    await bot.server.until(lambda: bot.server.called("getUpdates"))
    bot.database.refuses = 2
    ana = bot.server.person("Ana")
    assert await bot.clock.passes_until(bot.says(ana, "/roadmap"), at_most=60)
    assert len(bot.engine.heard) == 1


async def test_no_more_is_fetched_than_can_be_answered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.platforms.telegram.intake.WAITING_UPDATES", 3)
    monkeypatch.setattr("bot.platforms.telegram.api.POLL_UPDATES", 1)
    async with telegram_bot(started=False) as bot:
        bot.engine.gate = asyncio.Event()
        numbers = [await bot.server.person(f"P{number}").types("/roadmap") for number in range(8)]
        await bot.start()
        while len(bot.engine.heard) < 3:
            bot.engine.asked.clear()
            await bot.engine.asked.wait()
        assert len(bot.server.called("getUpdates")) == 3
        bot.engine.gate.set()
        for number in numbers:
            await bot.database.handled(number)
    assert len(bot.engine.heard) == 8


# answering ------------------------------------------------------------------------------------------------------------


async def test_a_chat_that_has_to_wait_delays_no_other(bot: TelegramBot) -> None:
    ana, ben = bot.server.person("Ana"), bot.server.person("Ben")
    bot.server.fail("sendMessage", 429, chat=ana.id, words="Too Many Requests: retry after 30", retry_after=30)
    slow = await ana.types("/roadmap")
    await ana.types("/roadmap 2")
    for number in range(5):
        assert await bot.says(ben, f"/roadmap {number}")
    assert ana.alone.seen == []
    assert await bot.clock.passes(at_most=60) == 30
    await bot.database.handled(slow)
    await bot.server.until(lambda: len(ana.alone.seen) == 2)
    assert [message.text for message in ana.alone.seen] == ["You said /roadmap", "You said /roadmap 2"]


async def test_a_wait_that_means_a_ban_is_not_waited_for(bot: TelegramBot) -> None:
    ana = bot.server.person("Ana")
    bot.server.fail("sendMessage", 429, retry_after=36_000)
    assert await bot.says(ana, "/roadmap") == []
    assert await bot.says(ana, "/roadmap")


async def test_a_press_is_not_kept_waiting_for_its_wheel_to_stop(bot: TelegramBot) -> None:
    ana = bot.server.person("Ana")
    (message,) = await bot.says(ana, "/roadmap")
    bot.server.fail("answerCallbackQuery", 429, retry_after=30)
    bot.engine.next(reply("Another"), Delivery.EDIT)
    update, _query = await ana.sends(message, "a.b")
    await bot.database.handled(update)
    assert message.text == "Another"


@pytest.mark.parametrize("status", [500, 502, 503])
async def test_telegrams_own_trouble_in_sending_is_outlived(bot: TelegramBot, status: int) -> None:
    ana = bot.server.person("Ana")
    bot.server.fail("sendMessage", status, times=3)
    assert len(await bot.clock.passes_until(bot.says(ana, "/roadmap"), at_most=60)) == 1


async def test_a_network_lost_for_a_minute_costs_no_answer(bot: TelegramBot) -> None:
    ana = bot.server.person("Ana")
    bot.engine.gate = asyncio.Event()
    number = await ana.types("/roadmap")
    await bot.engine.asked.wait()
    await bot.server.stop()
    bot.engine.gate.set()
    while bot.clock.now().minute == 0 and bot.clock.now().second < 50:
        await bot.clock.passes(at_most=60)
    await bot.server.start()
    await bot.clock.passes_until(bot.database.handled(number), at_most=60)
    assert [message.text for message in ana.alone.seen] == ["You said /roadmap"]


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize("page", ["", PAGE])
async def test_an_answer_that_may_have_arrived_is_not_sent_twice(bot: TelegramBot, page: str, *, after: bool) -> None:
    ana = bot.server.person("Ana")
    if page:
        bot.server.fail("sendMessage", 502, page=page, after=after)
    else:
        bot.server.break_off("sendMessage", after=after)
    assert len(await bot.says(ana, "/roadmap")) == after
    assert await bot.says(ana, "/roadmap")


async def test_a_change_that_may_have_happened_is_asked_for_again(bot: TelegramBot) -> None:
    ana = bot.server.person("Ana")
    (message,) = await bot.says(ana, "/roadmap")
    bot.server.break_off("editMessageText", after=True)
    bot.engine.next(reply("Another"), Delivery.EDIT)
    update, _query = await ana.sends(message, "a.b")
    await bot.clock.passes_until(bot.database.handled(update), at_most=60)
    assert [one.text for one in ana.alone.seen] == ["Another"]


@pytest.mark.parametrize("method", ["sendMessage", "editMessageText"])
async def test_refused_formatting_is_left_out(bot: TelegramBot, method: str, caplog: pytest.LogCaptureFixture) -> None:
    ana = bot.server.person("Ana")
    (message,) = await bot.says(ana, "/roadmap")
    bot.server.fail(method, 400, words="Bad Request: can't parse entities: unsupported")
    bot.engine.next(reply(bold("Another")), Delivery.EDIT if method == "editMessageText" else Delivery.NEW)
    await bot.sends(ana, message, "a.b")
    said = ana.alone.seen[-1]
    assert (said.text, said.entities) == ("Another", [])
    assert "without what was wrong" in caplog.text


async def test_refused_buttons_are_left_out(bot: TelegramBot) -> None:
    ana = bot.server.person("Ana")
    bot.server.fail("sendMessage", 400, words="Bad Request: BUTTON_DATA_INVALID")
    bot.engine.next(reply("A card", buttons=((Button("Go", "a.b"),),)))
    (message,) = await bot.says(ana, "/roadmap")
    assert (message.text, message.labels) == ("A card", [])


async def test_a_message_refused_for_good_is_given_up(bot: TelegramBot, caplog: pytest.LogCaptureFixture) -> None:
    ana = bot.server.person("Ana")
    bot.server.fail("sendMessage", 400, words="Bad Request: something new in 2030")
    assert await bot.says(ana, "/roadmap") == []
    assert "was not delivered" in caplog.text
    assert await bot.says(ana, "/roadmap")


# stop -----------------------------------------------------------------------------------------------------------------


async def test_what_was_in_hand_is_finished_before_stopping(bot: TelegramBot) -> None:
    ana = bot.server.person("Ana")
    bot.engine.gate = asyncio.Event()
    await ana.types("/roadmap")
    await bot.engine.asked.wait()
    stopping = asyncio.ensure_future(bot.platform.stop())
    bot.engine.gate.set()
    await stopping
    assert [message.text for message in ana.alone.seen] == ["You said /roadmap"]
    assert await bot.database.unhandled() == []


async def test_what_cannot_be_finished_in_time_is_answered_after_the_next_start(
    bot: TelegramBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(adapter, "FINISH_SECONDS", 0.05)
    ana = bot.server.person("Ana")
    bot.engine.gate = asyncio.Event()
    first, second = await ana.types("/roadmap"), await ana.types("/roadmap 2")
    await bot.engine.asked.wait()
    begun = time.monotonic()
    await bot.platform.stop()
    assert time.monotonic() - begun < 5
    assert ana.alone.seen == []
    bot.engine.gate = None
    bot.rebuild()
    await bot.start()
    for number in (first, second):
        await bot.database.handled(number)
    assert [message.text for message in ana.alone.seen] == ["You said /roadmap", "You said /roadmap 2"]


def test_stopping_fits_into_five_seconds() -> None:
    assert limits.FINISH_SECONDS + limits.CLOSING_SECONDS < 5


async def test_a_crash_between_taking_and_answering_costs_no_answer_and_doubles_none(bot: TelegramBot) -> None:
    ana, ben = bot.server.person("Ana"), bot.server.person("Ben")
    await bot.says(ben, "/roadmap")

    async def never(_incoming: Incoming) -> Answer:
        stuck.set()
        await asyncio.Event().wait()
        raise AssertionError

    stuck = asyncio.Event()
    await bot.platform.stop()
    bot.rebuild()
    crashing = bot.platform
    await crashing.start(never)
    number = await ana.types("/roadmap")
    await stuck.wait()
    await bot.server.until(lambda: bot.server.confirmed >= number)  # Telegram will not bring it again
    for task in crashing._tasks + list(crashing._intake._lanes._tasks):
        task.cancel()
    await asyncio.gather(*crashing._tasks, return_exceptions=True)
    await crashing._api.close()
    bot.rebuild()
    await bot.start()
    await bot.database.handled(number)
    await bot.restart()
    assert [message.text for message in ana.alone.seen] == ["You said /roadmap"]
    assert len(ben.alone.seen) == 1


async def test_stopping_twice_or_without_a_start_is_fine(idle: TelegramBot) -> None:
    await idle.platform.stop()
    await idle.platform.stop()


async def test_stopping_ends_an_attempt_to_reach_telegram(idle: TelegramBot) -> None:
    await idle.server.stop()
    await idle.start()
    await idle.platform.stop()


async def test_updates_handled_long_ago_are_forgotten(bot: TelegramBot) -> None:
    await bot.says(bot.server.person("Ana"), "/roadmap")
    bot.clock.travel(timedelta(days=3))
    await bot.says(bot.server.person("Ben"), "/roadmap")

    async def work(tx: Transaction) -> int:
        row = await tx.one("SELECT count(*) FROM telegram_update")
        return int(row[0]) if row is not None else -1

    assert await bot.database.read(work) == 1


async def test_a_number_used_anew_after_a_silent_week_is_another_update(bot: TelegramBot) -> None:
    ana = bot.server.person("Ana")
    number = await ana.types("/roadmap")
    await bot.database.handled(number)
    bot.clock.travel(timedelta(days=8))
    await bot.server.push(
        {"message": {"message_id": 9, "date": 1, "chat": ana.alone.as_json, "from": ana.user, "text": "/roadmap 2"}},
        number,
    )
    await bot.server.until(lambda: len(ana.alone.seen) == 2)


# secrets --------------------------------------------------------------------------------------------------------------


async def test_the_token_is_never_logged(idle: TelegramBot, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG, "roadmate")
    caplog.set_level(logging.INFO)
    idle.server.fail("getMe", 502, page=PAGE)
    idle.server.break_off("getUpdates")
    await idle.start()
    ana = idle.server.person("Ana")
    idle.server.fail("sendMessage", 400)
    await idle.clock.passes_until(idle.says(ana, "/roadmap"), at_most=60)
    assert caplog.text
    assert TOKEN.partition(":")[2] not in caplog.text
    assert TOKEN.partition(":")[2] not in repr(idle.platform)


def test_the_package_alone_loads_no_heavy_library() -> None:
    program = (
        "import sys; import bot.platforms.telegram as t; t.check_token('1:' + 'a' * 30); t.migrations();"
        "sys.exit(any(name in sys.modules for name in ('telegram', 'httpx', 'aiohttp')))"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0


def test_polling_loads_no_web_server() -> None:
    program = (
        "import sys; import bot.platforms.telegram.adapter;"
        "sys.exit(any(name in sys.modules for name in ('aiohttp.web', 'telegram.ext')))"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
