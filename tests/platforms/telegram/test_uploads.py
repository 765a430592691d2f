"""Files sent into forms on Telegram: asked for, fetched within bounds, refused kindly, never kept for longer."""

from __future__ import annotations

import asyncio

import pytest

from bot.kit.reply import Field, FieldKind, Form, Reply
from bot.kit.request import Trigger
from bot.kit.uploads import MOST_BYTES
from bot.platforms.telegram import api
from tests.fakes.databases import rows_of
from tests.fakes.telegram_bot import TelegramBot
from tests.fakes.telegram_server import TOKEN, Person

FORM = Form(
    "Import",
    (
        Field("file", "File with questions", FieldKind.FILE, required=False, hint="as YAML"),
        Field("text", "Or their text", FieldKind.TEXT, required=False, instead_of="file"),
    ),
    "a.import",
    "Send",
)
LONG = Form("Import", (*FORM.fields, Field("note", "Why?")), "a.import", "Send")
SENT = b"- id: q-1\n  stem: Gr\xc3\xb6\xc3\x9fer?\n"


async def asked(bot: TelegramBot, form: Form = FORM) -> Person:
    """Let somebody open a form."""
    ana = bot.server.person("Ana")
    bot.engine.next(Reply(form=form))
    await bot.says(ana, "/roadmap")
    return ana


def filled(bot: TelegramBot) -> dict[str, str]:
    """What the engine was sent last."""
    assert bot.engine.heard[-1].trigger is Trigger.FORM
    return dict(bot.engine.heard[-1].values)


async def test_a_file_is_asked_for_and_its_text_arrives(bot: TelegramBot) -> None:
    ana = await asked(bot)
    question = ana.alone.seen[-1]
    assert "File with questions" in question.text
    assert "Send me the file here, or its text as a message." in question.text
    assert question.asks
    (done,) = await bot.gets_file(ana, SENT)
    assert filled(bot) == {"file": SENT.decode()}
    assert done.text == "You said a.import"
    assert len(bot.server.downloads) == 1


async def test_a_text_in_place_of_the_file_is_taken(bot: TelegramBot) -> None:
    ana = await asked(bot)
    await bot.says(ana, "- id: q-1\n  stem: What?")
    assert filled(bot) == {"file": "- id: q-1\n  stem: What?"}
    assert bot.server.called("getFile") == []


async def test_a_form_with_a_file_goes_on_after_a_restart_and_is_forgotten_at_its_end(bot: TelegramBot) -> None:
    ana = await asked(bot, LONG)
    await bot.restart()
    (why,) = await bot.gets_file(ana, SENT)
    assert "Why?" in why.text
    await bot.restart()
    await bot.says(ana, "because")
    assert filled(bot) == {"file": SENT.decode(), "note": "because"}
    assert "q-1" not in str(await bot.database.read(lambda tx: rows_of(tx, "telegram")))


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"x" * (MOST_BYTES + 1), "larger than 256 KiB"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "not a text file"),
        (b"", "is empty"),
    ],
)
async def test_what_cannot_be_taken_is_said_and_asked_for_again(bot: TelegramBot, data: bytes, said: str) -> None:
    ana = await asked(bot)
    (again,) = await bot.gets_file(ana, data)
    assert said in again.text
    assert "File with questions" in again.text
    assert [one.trigger for one in bot.engine.heard] == [Trigger.COMMAND]
    await bot.gets_file(ana, SENT)
    assert filled(bot) == {"file": SENT.decode()}


async def test_what_telegram_says_is_too_large_is_not_even_asked_for(bot: TelegramBot) -> None:
    ana = await asked(bot)
    (again,) = await bot.gets_file(ana, SENT, size=30 * 2**20)
    assert "larger than 256 KiB" in again.text
    assert bot.server.called("getFile") == []


async def test_no_more_is_read_than_is_taken_whatever_telegram_says(bot: TelegramBot) -> None:
    ana = await asked(bot)
    (again,) = await bot.gets_file(ana, b"x" * (19 * 2**20), size=10)
    assert "larger than 256 KiB" in again.text
    assert bot.server.file_bytes < 15 * 2**20  # some megabytes stay on the way, in buffers


async def test_a_picture_or_a_voice_is_no_file(bot: TelegramBot) -> None:
    ana = await asked(bot)
    body = {"message_id": 900, "date": 1, "chat": ana.alone.as_json, "from": ana.user, "photo": []}
    await bot.handles({"message": body})
    assert "neither a file nor a text message" in ana.alone.seen[-1].text
    assert "has to be answered" in (await bot.says(ana, "/skip"))[0].text


async def test_a_file_where_words_are_asked_for_is_met_kindly(bot: TelegramBot) -> None:
    ana = await asked(bot, LONG)
    await bot.gets_file(ana, SENT)
    assert "text message" in (await bot.gets_file(ana, SENT))[0].text
    assert len(bot.server.downloads) == 1


async def test_a_file_nobody_asked_for_is_left_alone(bot: TelegramBot) -> None:
    ana = bot.server.person("Ana")
    assert await bot.gets_file(ana, SENT) == []
    assert bot.server.called("getFile") == []


@pytest.mark.parametrize("how", ["refused", "page", "broken", "gone"])
async def test_a_file_that_cannot_be_fetched_is_asked_for_again(
    bot: TelegramBot, how: str, caplog: pytest.LogCaptureFixture
) -> None:
    ana = await asked(bot)
    match how:
        case "refused":
            bot.server.fail("getFile", 400, words="Bad Request: file is too big")
        case "page":
            bot.server.fail("download", 502, page="<html>Bad Gateway</html>")
        case "broken":
            bot.server.break_off("download", times=2)  # aiohttp asks once more by itself
        case "gone":
            bot.server.fail("download", 404, words="Not Found")
    (again,) = await bot.gets_file(ana, SENT)
    assert "I could not fetch that file" in again.text
    assert TOKEN not in caplog.text
    assert len(bot.server.called("getMe")) == 1  # a file that is gone casts no doubt on the token
    await bot.gets_file(ana, SENT)
    assert filled(bot) == {"file": SENT.decode()}


async def test_a_file_that_does_not_come_in_time_is_given_up(bot: TelegramBot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(api, "FILE_SECONDS", 0.3)
    ana = await asked(bot)
    bot.server.file_gate = asyncio.Event()
    (again,) = await bot.gets_file(ana, b"x" * 100_000)
    assert "I could not fetch that file" in again.text
    bot.server.file_gate.set()
    await bot.gets_file(ana, SENT)
    assert filled(bot) == {"file": SENT.decode()}


async def test_while_a_file_is_on_its_way_others_are_answered(bot: TelegramBot) -> None:
    ana, ben = await asked(bot), bot.server.person("Ben")
    bot.server.file_gate = asyncio.Event()
    sending = asyncio.ensure_future(bot.gets_file(ana, SENT))
    await bot.server.until(lambda: bool(bot.server.downloads))
    assert (await bot.says(ben, "/roadmap"))[0].text == "You said /roadmap"
    bot.server.file_gate.set()
    await sending
    assert filled(bot) == {"file": SENT.decode()}


async def test_a_file_on_its_way_when_the_bot_stops_is_taken_after_the_start(
    bot: TelegramBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    from bot.platforms.telegram import adapter

    monkeypatch.setattr(adapter, "FINISH_SECONDS", 0.1)
    ana = await asked(bot)
    bot.server.file_gate = asyncio.Event()
    number = await ana.sends_file(SENT)
    await bot.server.until(lambda: bool(bot.server.downloads))
    await bot.platform.stop()
    bot.server.file_gate.set()
    bot.rebuild()
    await bot.start()
    await bot.database.handled(number)
    assert filled(bot) == {"file": SENT.decode()}
