"""Where people meet the bot on Discord: a channel, a thread, a forum entry, a private chat; each over a restart."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.kit.request import Setting
from tests.fakes.discord_payloads import touchables
from tests.fakes.discord_server import GUILD, THREAD
from tests.fakes.discord_world import discord_server_world, discord_world
from tests.platforms.discord.conftest import DiscordWorld


@pytest.mark.parametrize("alone", [True, False])
async def test_a_first_day_over_a_restart(tmp_path: Path, alone: bool) -> None:
    async with discord_world(tmp_path / "day.db", alone=alone) as world:
        ana = world.person("Ana")
        assert "Roadmate" in await ana.says("/start")
        assert "Stage 1" in await ana.presses("Open stage 1")
        await world.restart()
        assert "Python" in await ana.presses("1.1")
        assert "What to learn" in await ana.presses("Python syntax")
        assert "learning Python syntax" in await ana.presses("Learning")
        await world.restart()
        assert "You have begun it" in await ana.presses("What next?")
        assert "What are you looking for?" in await ana.says("/search")
        await world.restart()
        assert "pandas documentation" in await ana.fills(text="pandas")


async def test_what_others_read_along_shows_nothing_personal(tmp_path: Path) -> None:
    async with discord_server_world(tmp_path / "room.db") as world:
        ana, ben = world.person("Ana"), world.person("Ben")
        await ana.says("/done linear algebra")
        assert "You have done this" not in await ana.says("/roadmap linear algebra")
        public = [message for message in world.server.channels.of("6001").messages if not message.seen_by]
        assert public
        assert not any("You have done this" in message.text for message in public)
        assert "Linear algebra" in await ben.says("/roadmap linear algebra")


async def test_a_thread_and_a_forum_entry_are_places_of_their_server(hall: DiscordWorld) -> None:
    entry = hall.server.channels.add("", THREAD, parent="6002", name="How do I begin?")
    for place in ("6003", entry.id):
        ana = hall.person()
        ana.channel = place
        one = await ana.slash("roadmap", what="2")
        assert one.messages[0].channel == place
        where = hall.asked[-1].where
        assert (where.chat, where.setting, where.thread) == (GUILD, Setting.GROUP, place)
        assert "Stage 2" in one.messages[0].text
        label = next(iter(touchables(one.messages[0].payload)))
        assert (await ana.press(label)).messages[0].channel == place


async def test_a_locked_thread_still_gets_answers(hall: DiscordWorld) -> None:
    hall.server.channels.of("6003").locked = True
    ana = hall.person()
    ana.channel = "6003"
    assert (await ana.slash("roadmap")).kinds == [4]


async def test_somebody_types_part_of_a_name_and_picks_what_is_offered(hall: DiscordWorld) -> None:
    ana = hall.person()
    picked = (await ana.types("roadmap", "what", "backprop"))[0]
    assert "Backpropagation" in (await ana.slash("roadmap", what=picked["value"])).messages[0].text
