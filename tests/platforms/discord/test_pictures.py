"""Pictures are attached where somebody draws them; their words always say the same, alone if they must."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.kit.platform import Delivery
from bot.kit.reply import Button, Picture, Reply, reply
from bot.kit.text import para
from bot.platforms.discord.limits import PICTURE_BYTES
from bot.platforms.discord.render import render
from tests.fakes.discord_payloads import GALLERY, refusals, shown, walk
from tests.platforms.discord.conftest import DiscordWorld

PNG = b"\x89PNG\r\n\x1a\n" + b"pixels"
CHART = Picture("<svg xmlns='http://www.w3.org/2000/svg'/>", "A chart: 3 of 10 done", 600, 300)
CARD = reply("3 of 10 topics are done.", title="Progress", picture=CHART, buttons=((Button("More", "a.b"),),))


class Painter:
    """Draws what it is told to."""

    def __init__(self, data: bytes | Exception = PNG) -> None:
        self.data = data
        self.drawn: list[Picture] = []

    async def __call__(self, picture: Picture) -> bytes:
        self.drawn.append(picture)
        if isinstance(self.data, Exception):
            raise self.data
        return self.data


async def started(idle: DiscordWorld, painter: Painter | None) -> DiscordWorld:
    idle.draw = painter
    idle.platform = idle.build()
    await idle.start()
    idle.answers(CARD)
    return idle


async def test_a_picture_stands_above_the_words_with_a_description(idle: DiscordWorld) -> None:
    hall = await started(idle, Painter())
    (message,) = (await hall.person().slash("progress")).messages
    assert list(message.files.values()) == [PNG]
    (file,) = message.payload["attachments"]
    assert file["description"] == "A chart: 3 of 10 done"
    container = message.payload["components"][0]["components"]
    assert container[0]["type"] == GALLERY
    assert container[0]["items"] == [
        {"media": {"url": f"attachment://{file['filename']}"}, "description": "A chart: 3 of 10 done"}
    ]
    assert "3 of 10 topics are done." in message.text


async def test_without_a_painter_the_words_stand_alone(idle: DiscordWorld) -> None:
    hall = await started(idle, None)
    (message,) = (await hall.person().slash("progress")).messages
    assert not message.files
    assert "3 of 10 topics are done." in message.text
    hall.answers(Reply(picture=CHART))
    assert "A chart: 3 of 10 done" in (await hall.person().slash("progress")).messages[0].text


@pytest.mark.parametrize("data", [RuntimeError("no fonts"), b"<svg/>", b"", PNG + b"x" * PICTURE_BYTES])
async def test_a_picture_that_does_not_come_out_costs_no_words(
    idle: DiscordWorld, data: bytes | Exception, caplog: pytest.LogCaptureFixture
) -> None:
    hall = await started(idle, Painter(data))
    one = await hall.person().slash("progress")
    assert one.kinds == [4]
    assert not one.messages[0].files
    assert "3 of 10 topics are done." in one.messages[0].text
    assert "a picture" in caplog.text


@pytest.mark.parametrize(("status", "code"), [(413, 40005), (400, 50035), (403, 50013)])
async def test_a_picture_discord_refuses_costs_no_words(
    idle: DiscordWorld, status: int, code: int, caplog: pytest.LogCaptureFixture
) -> None:
    hall = await started(idle, Painter())
    hall.server.fail("/callback", status, body={"code": code, "message": "No"})
    (message,) = (await hall.person().slash("progress")).messages
    assert not message.files
    assert "More" in message.text
    assert "3 of 10 topics are done." in message.text
    assert "refused a picture" in caplog.text


async def test_an_edit_replaces_the_picture_by_the_new_one(idle: DiscordWorld) -> None:
    painter = Painter()
    hall = await started(idle, painter)
    ana = hall.person(alone=True)
    card = (await ana.slash("progress")).messages[0]
    painter.data = PNG + b"newer"
    hall.answers(CARD, Delivery.EDIT)
    one = await ana.press("More")
    assert one.messages == [card]
    assert list(card.files.values()) == [PNG + b"newer"]


async def test_an_edit_without_a_picture_takes_the_old_one_away(idle: DiscordWorld) -> None:
    hall = await started(idle, Painter())
    ana = hall.person(alone=True)
    card = (await ana.slash("progress")).messages[0]
    hall.answers(reply("No picture here."), Delivery.EDIT)
    await ana.press("More")
    assert card.payload["attachments"] == []
    assert card.files == {}


async def test_an_edit_can_bring_a_picture(idle: DiscordWorld) -> None:
    hall = await started(idle, Painter())
    ana = hall.person(alone=True)
    hall.answers(reply("No picture yet.", buttons=((Button("More", "a.b"),),)))
    card = (await ana.slash("progress")).messages[0]
    hall.answers(CARD, Delivery.EDIT)
    await ana.press("More")
    assert list(card.files.values()) == [PNG]


async def test_a_slow_answer_brings_its_picture_too(idle: DiscordWorld) -> None:
    hall = await started(idle, Painter())
    hall.server.fail("/callback", 503)  # the pause lets the announcement come first
    one = await hall.clock.passes_until(hall.person().slash("progress"), 1.5)
    assert list(one.messages[0].files.values()) == [PNG]


async def test_a_picture_is_on_the_first_of_many_messages_and_buttons_on_the_last(idle: DiscordWorld) -> None:
    hall = await started(idle, Painter())
    hall.answers(reply("word " * 2000, picture=CHART, buttons=((Button("More", "a.b"),),)))
    messages = (await hall.person().slash("progress")).messages
    assert [bool(message.files) for message in messages] == [True] + [False] * (len(messages) - 1)
    assert "More" in messages[-1].text


def test_a_picture_without_words_is_a_message_of_its_own() -> None:
    (message,) = render(Reply(picture=CHART), picture="x.png")
    assert refusals(message, {"x.png": PNG}) == []
    assert shown(message) == "A chart: 3 of 10 done"


def test_a_long_description_is_cut_to_what_discord_takes() -> None:
    (message,) = render(reply("x", picture=Picture("<svg/>", "word " * 400, 1, 1)), picture="x.png")
    assert refusals(message, {"x.png": PNG}) == []
    items = [item for part in walk(message["components"]) for item in part.get("items", ())]
    assert len(items[0]["description"]) <= 1024
    assert len(message["attachments"][0]["description"]) <= 1024


async def test_passing_remarks_and_forms_need_no_picture(idle: DiscordWorld) -> None:
    painter = Painter()
    hall = await started(idle, painter)
    hall.answers(Reply(picture=CHART, notice=True), Delivery.NOTICE)
    assert "A chart" in (await hall.person().slash("progress")).messages[0].text
    assert painter.drawn == []


@pytest.mark.parametrize(
    ("data", "said", "unsaid"), [(PNG, "Short.", "topics"), (ValueError("no"), "topics", "Short.")]
)
async def test_the_short_words_stand_below_a_picture_and_the_whole_ones_without(
    idle: DiscordWorld, data: bytes | Exception, said: str, unsaid: str
) -> None:
    hall = await started(idle, Painter(data))
    hall.answers(replace(CARD, picture=replace(CHART, beside=(para("Short."),))))
    (message,) = (await hall.person().slash("progress")).messages
    assert said in message.text
    assert unsaid not in message.text
