"""Files that come with answers and posts on Discord: attached to a message after the words, seen by whom they are for."""

from __future__ import annotations

import pytest

from bot.kit.platform import Delivery
from bot.kit.posting import Address
from bot.kit.reply import Document, reply
from tests.fakes.discord_channels import ATTACH, EVERYTHING
from tests.fakes.discord_server import GUILD
from tests.platforms.discord.conftest import DiscordWorld

FILE = Document("roadmate-export.json", '{"name": "Zoë"}', "application/json")
HERE_IT_IS = reply("Here it is.", document=FILE)
ROOM = Address("discord", GUILD, "6001")


@pytest.mark.parametrize("only_you", [True, False])
async def test_a_file_follows_the_words_for_the_same_eyes(hall: DiscordWorld, only_you: bool) -> None:
    hall.answers(HERE_IT_IS, only_you=only_you)
    ana = hall.person()
    words, file = (await ana.slash("roadmap")).messages
    assert "Here it is." in words.text
    assert file.files == {FILE.name: FILE.text.encode()}
    assert {message.seen_by for message in (words, file)} == ({ana.account} if only_you else {""})


async def test_a_file_follows_a_changed_message(hall: DiscordWorld) -> None:
    ana = hall.person()
    await ana.slash("roadmap")
    hall.answers(HERE_IT_IS, Delivery.EDIT)
    one = await ana.press("1")
    assert "Here it is." in one.messages[0].text
    assert one.messages[-1].files == {FILE.name: FILE.text.encode()}


async def test_a_file_that_is_refused_is_said_to_be_missing(hall: DiscordWorld) -> None:
    hall.answers(HERE_IT_IS)
    hall.server.talk.refuses_follow = (403, 50013, "Missing Permissions")
    words, lost = (await hall.person().slash("roadmap")).messages
    assert "Here it is." in words.text
    assert FILE.name in lost.text


async def test_a_post_brings_its_file_in_a_message_of_its_own(hall: DiscordWorld) -> None:
    courier, room = hall.platform.courier, hall.server.channels.of("6001")
    words, file = courier.draw(ROOM, HERE_IT_IS, "")
    await courier.send(ROOM, words, "n1")
    await courier.send(ROOM, file, "n2")
    assert [message.files for message in room.messages] == [{}, {FILE.name: FILE.text.encode()}]


async def test_without_the_right_to_attach_the_place_is_not_given_up(hall: DiscordWorld) -> None:
    courier, room = hall.platform.courier, hall.server.channels.of("6001")
    room.rights = EVERYTHING & ~ATTACH
    _words, file = courier.draw(ROOM, HERE_IT_IS, "")
    await courier.send(ROOM, file, "n2")
    assert FILE.name in room.messages[-1].text
