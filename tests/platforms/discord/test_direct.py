"""What people write to the bot in private is looked up or done as a command is, and stands in no log."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.infra.catalogues import catalogue
from bot.kit.platform import Delivery
from bot.kit.reply import Button, Document, Field, Form, Picture, Reply, notice, reply
from bot.kit.request import Role, Sender, Setting, Trigger, Where
from tests.fakes.discord_answers import user
from tests.fakes.discord_payloads import V2
from tests.fakes.discord_people import DiscordPerson
from tests.fakes.discord_server import APPLICATION, GUILD
from tests.platforms.discord.conftest import DiscordWorld
from tests.safety.inputs import texts

FORM = Form("Check in", (Field("minutes", "How many minutes?"),), "study.checkin:7", "Send")
ME = f"<@{APPLICATION}>"


@pytest.fixture
def ana(hall: DiscordWorld) -> DiscordPerson:
    return hall.person("77", alone=True, name="Ana")


async def test_words_are_looked_up_and_the_card_goes_on(hall: DiscordWorld, ana: DiscordPerson) -> None:
    (card,) = await ana.writes("overfitting")
    assert "Overfitting" in card.text
    assert card.payload["flags"] & V2
    one = await ana.press("early stopping")

    assert "Stopping the training" in one.messages[-1].text


async def test_they_are_asked_where_commands_in_that_chat_are_asked(hall: DiscordWorld, ana: DiscordPerson) -> None:
    await ana.slash("roadmap")
    await ana.writes("gradient  descent")
    typed, written = hall.asked
    assert written.trigger is Trigger.COMMAND
    assert written.text == "gradient  descent"
    assert written.where == typed.where == Where(ana.chat.id, Setting.PRIVATE)
    assert written.sender == typed.sender == Sender("77", "Ana", Role.MEMBER, "en-US")


async def test_a_command_may_be_written_as_plain_text(ana: DiscordPerson) -> None:
    (card,) = await ana.writes("/roadmap 2")
    assert "Stage 2" in card.text
    (card,) = await ana.writes("</roadmap:4711> 3")
    assert "Stage 3" in card.text
    await ana.writes("/done linear algebra")
    assert "1 of 49 core topics" in (await ana.slash("progress")).messages[0].text


async def test_a_command_may_be_written_in_another_language(idle: DiscordWorld) -> None:
    idle.languages = {"de": catalogue("de")}
    idle.platform = idle.build()
    await idle.start()
    german = catalogue("de").gettext("command:roadmap")
    assert german != "command:roadmap"
    (card,) = await idle.person(alone=True).writes(f"/{german} 2")
    assert "Stage 2" in card.text


async def test_the_language_of_somebody_s_app_is_known_from_what_they_pressed(
    hall: DiscordWorld, ana: DiscordPerson
) -> None:
    hall.answers(notice("Hi"))
    await ana.writes("before")
    ana.locale = "de"
    await ana.slash("roadmap")
    await ana.writes("after")
    assert [incoming.sender.language for incoming in hall.asked] == ["", "de", "de"]


@pytest.mark.parametrize("said", [ME, f"<@!{APPLICATION}>", f"  {ME}  {ME} "])
async def test_whoever_only_mentions_the_bot_is_greeted(hall: DiscordWorld, ana: DiscordPerson, said: str) -> None:
    (card,) = await ana.writes(said)
    assert card.text == (await ana.slash("start")).messages[0].text


async def test_a_mention_beside_words_is_left_out(hall: DiscordWorld, ana: DiscordPerson) -> None:
    await ana.writes(f"{ME} overfitting, please {ME}")
    assert hall.asked[0].text == "overfitting, please"


async def test_a_reply_to_a_message_is_read_as_well(ana: DiscordPerson) -> None:
    (card,) = await ana.writes("overfitting", type=19, message_reference={"message_id": "1"})
    assert "Overfitting" in card.text


@pytest.mark.parametrize(
    "more",
    [
        {"attachments": [{"id": "1", "filename": "a.png", "url": "https://cdn.discordapp.com/a.png", "size": 5}]},
        {"sticker_items": [{"id": "1", "name": "wave", "format_type": 1}]},
        {"poll": {"question": {"text": "?"}, "answers": []}},
    ],
)
async def test_what_has_no_words_gets_one_kind_line_a_minute(
    hall: DiscordWorld, ana: DiscordPerson, more: dict[str, Any]
) -> None:
    (line,) = await ana.writes("", **more)
    assert (
        line.text == "I only read words and commands. Type what you want to look up, or /help to see what you can ask."
    )
    assert not line.payload["flags"] & V2
    await hall.server.write("77", "", **more)
    await ana.writes("overfitting")
    assert len(ana.chat.messages) == 2
    hall.clock.travel(timedelta(minutes=1))
    assert len(await ana.writes("", **more)) == 1
    assert [incoming.text for incoming in hall.asked] == ["overfitting"]


@pytest.mark.parametrize(
    "more",
    [
        {"author": user("88", "Robot", is_bot=True)},
        {"author": user(APPLICATION, "Roadmate")},
        {"guild_id": GUILD, "channel_id": "6001", "channel_type": 0},
        {"guild_id": GUILD, "channel_id": "6001", "content": f"{ME} overfitting"},
        {"type": 6},
        {"type": 7},
        {"type": 20},
        {"type": 21},
        {"webhook_id": "5"},
        {"channel_type": 3},
    ],
)
async def test_whatever_no_person_wrote_in_private_is_left_alone(hall: DiscordWorld, more: dict[str, Any]) -> None:
    await hall.server.write("77", "overfitting", **more)
    assert await hall.heard() == []
    assert [path for method, path in hall.server.requests if method == "POST" and "/channels/" in path] == []


@pytest.mark.parametrize(
    "odd",
    [
        None,
        [],
        "x",
        7,
        {"type": 0},
        {"type": [], "author": {"id": "77"}},
        {"type": 0, "id": "1/../2", "channel_id": "3", "author": {"id": "77", "username": "a"}, "content": "secret"},
        {
            "type": 0,
            "id": "1",
            "channel_id": "3/messages",
            "author": {"id": "77", "username": "a"},
            "content": "secret",
        },
        {"type": 0, "id": "1", "channel_id": "3", "author": "secret", "content": "secret"},
        {"type": 0, "id": "1", "channel_id": "3", "author": {"id": "77"}, "content": "secret"},
    ],
)
async def test_a_message_that_makes_no_sense_stops_nothing(
    hall: DiscordWorld, ana: DiscordPerson, odd: object, caplog: pytest.LogCaptureFixture
) -> None:
    await hall.server.tell("MESSAGE_CREATE", odd)
    (card,) = await ana.writes("overfitting")
    assert "Overfitting" in card.text
    assert "secret" not in caplog.text
    assert len(hall.server.line.identifies) == 1


class Seen(Mapping[str, Any]):
    """A message that notes what of it is looked at."""

    def __init__(self, message: dict[str, Any]) -> None:
        self._message = message
        self.read: set[str] = set()

    def __getitem__(self, name: str) -> Any:
        self.read.add(name)
        return self._message[name]

    def __iter__(self) -> Iterator[str]:
        raise AssertionError("it is gone through")

    def __len__(self) -> int:
        return len(self._message)


async def test_of_a_message_in_a_server_no_more_is_read_than_that_it_is_one(hall: DiscordWorld) -> None:
    conversation = hall.platform.conversation(hall.app.router.respond)
    take = hall.platform.client(conversation)._connection.parsers["MESSAGE_CREATE"]
    message = {
        "id": "1",
        "type": 0,
        "guild_id": GUILD,
        "channel_id": "6001",
        "author": user("77", "Ana"),
        "content": "",
    }
    seen = Seen(message)
    take(seen)
    assert seen.read <= {"type", "guild_id"}
    begun = time.perf_counter()
    for _time in range(20_000):
        take(message)
    assert time.perf_counter() - begun < 1.0  # measured: 0.02
    assert not conversation._in_hand


async def test_a_form_waits_behind_its_button(hall: DiscordWorld, ana: DiscordPerson) -> None:
    hall.answers(Reply(form=FORM))
    (card,) = await ana.writes("/checkin")
    one = await ana.press("Check in", card)
    assert one.modal is not None
    assert one.modal["title"] == "Check in"
    hall.answers(reply("Thank you"), Delivery.EDIT)
    await ana.fill(minutes="30")
    assert hall.asked[-1].trigger is Trigger.FORM
    assert hall.asked[-1].values == {"minutes": "30"}
    assert card.text == "Thank you"


async def test_a_remark_is_a_small_message_unless_it_has_buttons(hall: DiscordWorld, ana: DiscordPerson) -> None:
    hall.answers(notice("That is already saved."), Delivery.NOTICE)
    (remark,) = await ana.writes("x")
    assert (remark.payload["content"], remark.payload["flags"] & V2) == ("That is already saved.", 0)
    hall.answers(replace(notice("Look"), buttons=((Button("There", "a.b"),),)), Delivery.NOTICE)
    (card,) = await ana.writes("x")
    assert card.payload["flags"] & V2


async def test_pictures_and_files_come_along(idle: DiscordWorld) -> None:
    async def draw(_picture: Picture) -> bytes:
        return b"\x89PNG\r\n\x1a\n"

    idle.draw = draw
    idle.platform = idle.build()
    await idle.start()
    picture = Picture("<svg/>", "Three circles", 10, 10)
    notes = Document("notes.txt", "Notes", "text/plain")
    idle.answers(reply("word " * 1200, picture=picture, document=notes))
    card, more, file = await idle.person(alone=True).writes("x")
    assert "Three circles" in card.text
    assert [data[:4] for data in card.files.values()] == [b"\x89PNG"]
    assert (more.files, more.payload["flags"] & V2) == ({}, V2)
    assert file.files == {"notes.txt": b"Notes"}


async def test_hostile_words_do_nothing_and_stand_in_no_log(
    hall: DiscordWorld, ana: DiscordPerson, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, "roadmate")
    marker = "qzxv7"
    hostile = [f"{marker} {text}"[:2000] for text in texts(7, 60)]
    for text in (*hostile, f"/{marker}", f"/roadmap {marker} @everyone", f"/search {marker} " + "x" * 1900):
        hall.clock.travel(timedelta(seconds=5))
        for message in await ana.writes(text):
            assert message.payload["allowed_mentions"] == {"parse": []}
    assert marker not in caplog.text
    assert "could not be" not in caplog.text
