"""Pictures as photos: with the words below or after them, and never instead of the words."""

from __future__ import annotations

import struct
import zlib
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from bot.infra.pictures import PictureMaker
from bot.kit.platform import Delivery
from bot.kit.reply import Button, Choice, Picture, Poll, Reply, reply
from bot.kit.text import bold, para, spans
from bot.platforms.telegram.pictures import is_photo
from tests.fakes.telegram_bot import TelegramBot, telegram_bot
from tests.fakes.telegram_chats import Chat, Message, Person

SVG = "<svg xmlns='http://www.w3.org/2000/svg' width='40' height='20'><rect width='40' height='20' fill='#084'/></svg>"
OTHER = SVG.replace("#084", "#800")
ROW = ((Button("Go", "a.go"),),)


def drawing(svg: str = SVG) -> Picture:
    return Picture(svg, "Half of it is done", 40, 20)


def png(width: int, height: int, more: bytes = b"") -> bytes:
    """The beginning of a picture of a size."""
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunk = b"IHDR" + header
    return b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + chunk + struct.pack(">I", zlib.crc32(chunk)) + more


@pytest.fixture
async def painter() -> AsyncIterator[TelegramBot]:
    """A bot that draws."""
    async with telegram_bot(draw=PictureMaker().draw) as bot:
        yield bot


async def said(bot: TelegramBot, person: Person, answer: Reply, chat: Chat | None = None) -> list[Message]:
    bot.engine.next(answer)
    return await bot.says(person, "/roadmap", chat)


async def test_a_picture_is_a_photo_with_the_words_below_it(painter: TelegramBot) -> None:
    ana = painter.server.person("Ana")
    (message,) = await said(painter, ana, reply(spans("You did ", bold("half"), "."), picture=drawing(), buttons=ROW))
    assert message.photo.startswith(b"\x89PNG")
    assert (message.text, message.labels) == ("You did half.", ["Go"])
    assert message.entities == [{"type": "bold", "offset": 8, "length": 4}]


async def test_a_picture_alone_is_shown_with_what_it_says(painter: TelegramBot) -> None:
    (message,) = await said(painter, painter.server.person("Ana"), Reply(picture=drawing()))
    assert (bool(message.photo), message.text) == (True, "Half of it is done")


async def test_a_long_text_follows_the_photo(painter: TelegramBot) -> None:
    ana, group = painter.server.person("Ana"), painter.server.group()
    text = "word " * 300
    photo, words = await said(painter, ana, reply(text, picture=drawing(), buttons=ROW), group)
    assert (bool(photo.photo), photo.text, photo.labels) == (True, "Half of it is done", [])
    assert (words.text, words.labels) == (text.strip(), ["Go"])
    assert photo.answers is not None
    assert words.answers is None


async def test_exactly_as_much_as_fits_stands_below_the_photo(painter: TelegramBot) -> None:
    ana = painter.server.person("Ana")
    assert len(await said(painter, ana, reply("x" * 1024, picture=drawing()))) == 1
    assert len(await said(painter, ana, reply("x" * 1025, picture=drawing()))) == 2


async def test_a_very_long_description_of_a_picture_is_cut(painter: TelegramBot) -> None:
    picture = Picture(SVG, "much " * 400, 40, 20)
    photo, _words = await said(painter, painter.server.person("Ana"), reply("word " * 300, picture=picture))
    assert len(photo.text) == 1024
    assert photo.text.endswith("…")


async def test_without_anybody_who_draws_the_words_stand_alone(bot: TelegramBot) -> None:
    ana = bot.server.person("Ana")
    assert [one.text for one in await said(bot, ana, reply("Half.", picture=drawing()))] == ["Half."]
    assert [one.text for one in await said(bot, ana, Reply(picture=drawing()))] == ["Half of it is done"]


@pytest.mark.parametrize(
    "svg", ["no drawing at all", "<svg xmlns='http://www.w3.org/2000/svg' width='4000' height='10'/>"]
)
@pytest.mark.parametrize("text", ["Half.", "word " * 300])
async def test_a_picture_that_cannot_be_drawn_or_taken_leaves_the_words(
    painter: TelegramBot, svg: str, text: str
) -> None:
    ana = painter.server.person("Ana")
    (message,) = await said(painter, ana, reply(text, picture=drawing(svg), buttons=ROW))
    assert (message.photo, message.text, message.labels) == (b"", text.strip(), ["Go"])
    painter.engine.next(reply("Another", picture=drawing(svg)), Delivery.EDIT)
    await painter.presses(ana, message, "Go")
    assert (message.text, len(ana.alone.seen)) == ("Another", 1)


async def test_a_group_without_photos_gets_the_words(painter: TelegramBot) -> None:
    ana, group = painter.server.person("Ana"), painter.server.group()
    group.no_photos = True
    (message,) = await said(painter, ana, reply("Half.", picture=drawing(), buttons=ROW), group)
    assert (message.photo, message.text, message.labels) == (b"", "Half.", ["Go"])


async def test_a_photo_and_its_words_are_changed_together(painter: TelegramBot) -> None:
    ana = painter.server.person("Ana")
    (message,) = await said(painter, ana, reply("Half.", picture=drawing(), buttons=ROW))
    before = message.photo
    painter.engine.next(reply("All.", picture=drawing(OTHER)), Delivery.EDIT)
    await painter.presses(ana, message, "Go")
    assert (message.text, message.labels, len(ana.alone.seen)) == ("All.", [], 1)
    assert message.photo.startswith(b"\x89PNG")
    assert message.photo != before


async def test_the_same_photo_once_more_is_no_trouble(painter: TelegramBot) -> None:
    ana = painter.server.person("Ana")
    (message,) = await said(painter, ana, reply("Half.", picture=drawing(), buttons=ROW))
    painter.engine.next(reply("Half.", picture=drawing(), buttons=ROW), Delivery.EDIT)
    await painter.presses(ana, message, "Go")
    assert (message.edits, len(ana.alone.seen)) == (0, 1)


async def test_a_text_can_become_a_photo(painter: TelegramBot) -> None:
    ana = painter.server.person("Ana")
    (message,) = await said(painter, ana, reply("Some words", buttons=ROW))
    painter.engine.next(reply("Half.", picture=drawing()), Delivery.EDIT)
    await painter.presses(ana, message, "Go")
    assert (bool(message.photo), message.text, len(ana.alone.seen)) == (True, "Half.", 1)


async def test_a_photo_never_becomes_a_text_so_the_text_is_said_below(painter: TelegramBot) -> None:
    ana = painter.server.person("Ana")
    (message,) = await said(painter, ana, reply("Half.", picture=drawing(), buttons=ROW))
    painter.engine.next(reply("Some words"), Delivery.EDIT)
    await painter.presses(ana, message, "Go")
    assert [(bool(one.photo), one.text) for one in ana.alone.seen] == [(True, "Half."), (False, "Some words")]
    assert painter.server.called("editMessageText") == []


async def test_a_refused_change_of_a_photo_is_said_anew(painter: TelegramBot) -> None:
    ana = painter.server.person("Ana")
    (message,) = await said(painter, ana, reply("Half.", picture=drawing(), buttons=ROW))
    painter.server.fail("editMessageMedia", 400, words="Bad Request: message can't be edited")
    painter.engine.next(reply("All.", picture=drawing(OTHER)), Delivery.EDIT)
    await painter.presses(ana, message, "Go")
    assert [one.text for one in ana.alone.seen] == ["Half.", "All."]


async def test_a_photo_may_stand_before_a_poll(painter: TelegramBot) -> None:
    ana = painter.server.person("Ana")
    asks = Poll("What is it?", (Choice("a", "a.a"), Choice("b", "a.b")))
    photo, poll = await said(painter, ana, reply("Look.", picture=drawing(), poll=asks, buttons=ROW))
    assert (bool(photo.photo), photo.text, photo.labels) == (True, "Look.", [])
    assert (poll.options, poll.labels) == (["a", "b"], ["Go"])


@pytest.mark.parametrize(
    ("data", "taken"),
    [
        (png(80, 40), True),
        (png(5000, 5000), True),
        (png(5000, 5001), False),
        (png(2000, 100), True),
        (png(2001, 100), False),
        (png(0, 100), False),
        (png(80, 40, b"x" * 10_000_000), False),
        (b"", False),
        (b"GIF89a", False),
    ],
)
def test_only_what_telegram_takes_counts_as_a_photo(data: bytes, *, taken: bool) -> None:
    assert is_photo(data) == taken


async def test_below_a_photo_stand_the_short_words_and_without_one_the_whole() -> None:
    picture = replace(drawing(), beside=(para("Half."),))
    answer = reply("Half of it, at great length.", picture=picture, buttons=ROW)
    async with telegram_bot(draw=PictureMaker().draw) as painter:
        (message,) = await said(painter, painter.server.person("Ana"), answer)
        assert (bool(message.photo), message.text, message.labels) == (True, "Half.", ["Go"])
        broken = replace(answer, picture=replace(picture, svg="no drawing"))
        (message,) = await said(painter, painter.server.person("Ana"), broken)
        assert (bool(message.photo), message.text, message.labels) == (False, "Half of it, at great length.", ["Go"])
    async with telegram_bot() as plain_bot:
        (message,) = await said(plain_bot, plain_bot.server.person("Ana"), answer)
        assert message.text == "Half of it, at great length."
