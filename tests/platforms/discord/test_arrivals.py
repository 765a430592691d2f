"""Who is new in a server: the bot, told of once whatever restarts, and people, told by Discord's own messages."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from bot.kit.platform import Answer, Delivery
from bot.kit.reply import Reply
from bot.kit.request import Incoming, Setting, Trigger
from tests.fakes.discord_answers import user
from tests.fakes.discord_channels import SEND, VIEW
from tests.fakes.discord_server import GUILD
from tests.platforms.discord.conftest import DiscordWorld

MINUTE = timedelta(minutes=1)


async def nothing(_incoming: Incoming) -> Answer:
    return Answer(Reply(), Delivery.NOTHING, only_you=False)


@pytest.fixture
def new(idle: DiscordWorld) -> DiscordWorld:
    """A server that the bot came into a minute ago."""
    idle.answers_with(nothing)
    idle.server.guild.joined_at = idle.clock.now() - MINUTE
    return idle


async def welcomed(world: DiscordWorld) -> list[Incoming]:
    """What the engine was told of once the bot had heard all its servers."""
    await world.person().slash("roadmap")
    return [incoming for incoming in world.asked if incoming.trigger is not Trigger.COMMAND]


async def comes_in(world: DiscordWorld, account: str, **more: Any) -> None:
    message = {
        "id": world.server.next_id(), "type": 7, "guild_id": GUILD, "channel_id": "6001", "content": "",
        "author": user(account, "Ben"), "member": {"roles": []}, "timestamp": world.clock.now().isoformat(),
    }  # fmt: skip
    await world.server.tell("MESSAGE_CREATE", message | more)


async def test_a_server_joined_just_now_is_told_with_the_place_for_a_word(
    new: DiscordWorld, caplog: pytest.LogCaptureFixture
) -> None:
    new.server.guild.system_channel, new.server.guild.locale = "6009", "de"
    new.server.channels.add("6009", name="hello")
    await new.start()
    (heard,) = await welcomed(new)
    assert heard.trigger is Trigger.ADDED
    assert (heard.where.chat, heard.where.thread, heard.where.title) == (GUILD, "6009", "Study hall")
    assert (heard.where.setting, heard.sender.account, heard.sender.language) == (Setting.GROUP, "", "de")
    assert "could not be read" not in caplog.text


async def test_where_the_bot_may_not_write_it_is_sent_to_the_first_place_where_it_may(new: DiscordWorld) -> None:
    new.server.guild.system_channel = "6009"
    new.server.channels.add("6009", name="rules", rights=VIEW)
    new.server.channels.of("6001").rights = SEND  # it may not even see it
    new.server.channels.add("6010", name="chat", rights=VIEW | SEND)
    await new.start()
    assert [heard.where.thread for heard in await welcomed(new)] == ["6010"]


async def test_a_server_where_the_bot_may_write_nowhere_names_no_place(new: DiscordWorld) -> None:
    new.server.channels.of("6001").rights = VIEW
    await new.start()
    assert [heard.where.thread for heard in await welcomed(new)] == [""]


async def test_a_restart_announces_nothing_again(new: DiscordWorld) -> None:
    await new.start()
    assert len(await welcomed(new)) == 1
    await new.restart()
    assert len(await welcomed(new)) == 1


async def test_a_bot_invited_again_arrives_again(new: DiscordWorld) -> None:
    await new.start()
    assert len(await welcomed(new)) == 1
    new.clock.travel(5 * MINUTE)
    new.server.guild.joined_at = new.clock.now()
    await new.server.tell("GUILD_CREATE", new.server.guild.event())
    assert len(await welcomed(new)) == 2


async def test_a_server_known_for_long_is_no_arrival(new: DiscordWorld) -> None:
    new.server.guild.joined_at = new.clock.now() - timedelta(days=30)
    await new.start()
    assert await welcomed(new) == []


async def test_somebody_who_comes_in_is_told_once(hall: DiscordWorld) -> None:
    hall.answers_with(nothing)
    await comes_in(hall, "77", id="9001")
    await comes_in(hall, "77", id="9001")
    (heard,) = await welcomed(hall)
    assert (heard.trigger, heard.sender.account, heard.sender.name) == (Trigger.JOINED, "77", "Ben")
    assert (heard.where.chat, heard.where.thread) == (GUILD, "6001")


@pytest.mark.parametrize(
    "more",
    [
        {"type": 0, "content": "hello"},
        {"type": 8},
        {"guild_id": None},
        {"author": user("78", "Robot", is_bot=True)},
        {"author": None},
        {"type": []},
    ],
)
async def test_other_messages_are_left_alone(hall: DiscordWorld, more: dict[str, Any]) -> None:
    hall.answers_with(nothing)
    await comes_in(hall, "77", **more)
    assert await welcomed(hall) == []


@pytest.mark.parametrize("event", [{"joined_at": "yesterday"}, {"joined_at": 5}, {"channels": 7}, {"roles": [{}]}])
async def test_a_server_that_is_not_as_described_stops_nothing(new: DiscordWorld, event: dict[str, Any]) -> None:
    guild = new.server.guild.event() | event
    new.server.guild.joined_at = None
    await new.start()
    await new.server.tell("GUILD_CREATE", guild)
    assert await welcomed(new) == []
