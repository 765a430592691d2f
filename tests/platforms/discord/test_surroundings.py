"""What Discord tells of channels: rights as it documents them, named as its settings name them, and where posts may go."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest

from bot.kit.posting import Address, DeliveryError, GoneError
from bot.platforms.discord.permissions import in_channel, in_server
from bot.platforms.discord.rest import Rest
from bot.platforms.discord.surroundings import ROOMS, DiscordSurroundings
from tests.fakes.discord_channels import (
    ATTACH,
    EMBED,
    EVERYTHING,
    FORUM,
    HISTORY,
    MANAGE_THREADS,
    SEND,
    SEND_IN_THREADS,
    THREAD,
    VIEW,
)
from tests.fakes.discord_clock import PatientClock
from tests.fakes.discord_guild import ADMINISTRATOR
from tests.fakes.discord_server import APPLICATION, GUILD, TOKEN, FakeDiscord, fake_discord

ROOM = Address("discord", GUILD, "6001")
IN_FORUM = Address("discord", GUILD, "6002")
IN_THREAD = Address("discord", GUILD, "6003")
NOW = datetime(2026, 11, 21, tzinfo=UTC)
POSTS = VIEW | SEND | SEND_IN_THREADS | EMBED | ATTACH | HISTORY


@dataclass
class Place:
    """A server, and what is told of it."""

    server: FakeDiscord
    told: DiscordSurroundings

    async def lacking(self, to: Address = ROOM) -> list[tuple[str, bool]]:
        return [(lack.right, lack.vital) for lack in await self.told.lacking(to)]

    async def rooms(self, here: Address = ROOM) -> list[str]:
        return [room.title for room in await self.told.rooms(here)]


@pytest.fixture
async def place() -> AsyncIterator[Place]:
    clock = PatientClock()
    async with fake_discord(clock) as server:
        rest = Rest(lambda: server.api, TOKEN, clock)
        yield Place(server, DiscordSurroundings(rest, lambda: APPLICATION, clock))
        await rest.close()


# rights ---------------------------------------------------------------------------------------------------------------


async def test_where_everything_is_allowed_nothing_lacks(place: Place) -> None:
    for to in (ROOM, IN_FORUM, IN_THREAD):
        place.server.channels.of(to.thread).rights = POSTS
        assert await place.lacking(to) == []


@pytest.mark.parametrize(
    ("rights", "lacks"),
    [
        (0, [("View Channel", True)]),
        (VIEW, [("Send Messages", True), ("Embed Links", False), ("Attach Files", False), ("Read Message History", False)]),
        (POSTS & ~ATTACH, [("Attach Files", False)]),
        (POSTS & ~HISTORY, [("Read Message History", False)]),
    ],
)  # fmt: skip
async def test_each_missing_right_is_named_the_vital_ones_first(
    place: Place, rights: int, lacks: list[tuple[str, bool]]
) -> None:
    place.server.channels.of("6001").rights = rights
    assert await place.lacking() == lacks


async def test_every_missing_right_says_how_to_grant_it_and_what_it_costs(place: Place) -> None:
    place.server.channels.of("6001").rights = VIEW
    for lack in await place.told.lacking(ROOM):
        assert "allow it" in lack.grant
        assert lack.cost.endswith(".")


async def test_a_forum_and_a_thread_have_rights_of_their_own(place: Place) -> None:
    place.server.channels.of("6002").rights = POSTS & ~SEND
    assert await place.lacking(IN_FORUM) == [("Create Posts", True)]
    place.server.channels.of("6001").rights = POSTS & ~SEND  # not needed in threads
    assert await place.lacking(IN_THREAD) == []
    place.server.channels.of("6001").rights = POSTS & ~SEND_IN_THREADS
    assert await place.lacking(IN_THREAD) == [("Send Messages in Threads", True)]


async def test_a_locked_thread_needs_more(place: Place) -> None:
    place.server.channels.of("6003").locked = True
    assert await place.lacking(IN_THREAD) == [("Manage Threads", True)]
    place.server.channels.of("6001").rights = POSTS | MANAGE_THREADS
    assert await place.lacking(IN_THREAD) == []


async def test_an_administrator_lacks_nothing(place: Place) -> None:
    place.server.guild.bot_rights = ADMINISTRATOR
    place.server.channels.of("6001").rights = VIEW  # its overwrites deny everything else
    assert await place.lacking() == []


async def test_a_private_chat_needs_nothing(place: Place) -> None:
    assert await place.lacking(Address("discord", "8101")) == []
    assert len(await place.rooms(Address("discord", "8101"))) == 1


async def test_what_is_not_there_any_more_is_said_to_be_gone(place: Place) -> None:
    place.server.channels.of("6001").is_gone = True
    with pytest.raises(GoneError):
        await place.lacking()
    place.server.guild.has_left = True
    with pytest.raises(GoneError):
        await place.rooms()


@pytest.mark.parametrize("status", [429, 500, 503])
async def test_a_discord_that_tells_nothing_is_said_so(place: Place, status: int) -> None:
    place.server.fail(f"/guilds/{GUILD}", status, times=2)
    with pytest.raises(DeliveryError):
        await place.lacking()
    place.server.fail("/threads/active", status)
    with pytest.raises(DeliveryError):
        await place.rooms()


@pytest.mark.parametrize("body", [{}, {"id": "x", "roles": [{}]}, {"threads": 5}])
async def test_an_answer_that_is_not_as_described_is_no_mistake(place: Place, body: dict[str, Any]) -> None:
    place.server.fail(f"/guilds/{GUILD}", 200, times=2, body=body)
    with pytest.raises(DeliveryError):
        await place.lacking()


# rooms ----------------------------------------------------------------------------------------------------------------


async def test_rooms_are_the_places_the_bot_may_post_to_beginning_here(place: Place) -> None:
    place.server.channels.add("6004", 2, name="voice")
    place.server.channels.add("6005", 5, name="news")
    place.server.channels.add("6006", name="staff", rights=0)
    place.server.channels.add("6007", name="rules", rights=VIEW)
    entry = place.server.channels.add("6008", THREAD, parent="6002", name="How do I begin?")
    place.server.channels.add("6011", THREAD, parent="6006", name="secret")
    assert await place.rooms() == [
        "#general", "#questions", "#news", "#general › a thread", "#questions › How do I begin?"
    ]  # fmt: skip
    assert (await place.rooms(Address("discord", GUILD, entry.id)))[0] == "#questions › How do I begin?"


async def test_here_is_named_even_where_nothing_may_be_said(place: Place) -> None:
    place.server.channels.of("6001").rights = 0
    assert (await place.rooms())[0] == "#general"


async def test_no_more_rooms_than_a_list_can_show(place: Place) -> None:
    for number in range(40):
        place.server.channels.add(str(7000 + number), FORUM if number % 2 else 0, name=f"room {number}")
    assert len(await place.rooms()) == ROOMS


# as documented --------------------------------------------------------------------------------------------------------

EVERYONE = {"id": GUILD, "permissions": str(VIEW | SEND)}
HELPER = {"id": "11", "permissions": str(ATTACH)}
MUTED = {"id": "12", "permissions": "0"}
ME = {"user": {"id": "1"}, "roles": ["11", "12"]}
HALL = {"id": GUILD, "owner_id": "9", "roles": [EVERYONE, HELPER, MUTED]}


async def test_whoever_left_or_was_banned_is_not_in_the_server(place: Place) -> None:
    assert await place.told.has(ROOM, "1001")
    place.server.guild.left.add("1001")
    assert not await place.told.has(ROOM, "1001")
    place.server.guild.has_left = True
    with pytest.raises(GoneError):
        await place.told.has(ROOM, "1002")


def over(id: str, kind: int, allow: int = 0, deny: int = 0) -> dict[str, Any]:  # noqa: A002 - Discord's own word
    return {"id": id, "type": kind, "allow": str(allow), "deny": str(deny)}


@pytest.mark.parametrize(
    ("overwrites", "bits"),
    [
        ([], VIEW | SEND | ATTACH),
        ([over(GUILD, 0, deny=SEND)], VIEW | ATTACH),
        ([over(GUILD, 0, deny=SEND), over("11", 0, allow=SEND)], VIEW | SEND | ATTACH),
        ([over("12", 0, deny=SEND), over("11", 0, allow=SEND)], VIEW | SEND | ATTACH),
        ([over("11", 0, allow=SEND), over("1", 1, deny=SEND)], VIEW | ATTACH),
        ([over("12", 0, deny=SEND), over("1", 1, allow=SEND)], VIEW | SEND | ATTACH),
        ([over("13", 0, deny=SEND), over("2", 1, deny=SEND)], VIEW | SEND | ATTACH),
        ([over("1", 0, deny=SEND)], VIEW | SEND | ATTACH),
        ([over(GUILD, 0, deny=VIEW)], 0),
    ],
)
def test_overwrites_count_for_everyone_then_roles_then_the_member(overwrites: list[Any], bits: int) -> None:
    assert in_channel(HALL, ME, {"permission_overwrites": overwrites}, NOW) == bits


def test_owners_and_administrators_pass_over_everything() -> None:
    owner = {"user": {"id": "9"}, "roles": []}
    boss = {**HALL, "roles": [EVERYONE, {"id": "11", "permissions": str(ADMINISTRATOR)}]}
    closed = {"permission_overwrites": [over(GUILD, 0, deny=EVERYTHING)]}
    assert in_channel(HALL, owner, closed, NOW) & EVERYTHING == EVERYTHING
    assert in_channel(boss, ME, closed, NOW) & EVERYTHING == EVERYTHING
    assert in_server(HALL, ME) == VIEW | SEND | ATTACH


def test_somebody_in_time_out_only_reads() -> None:
    hall = {**HALL, "roles": [{"id": GUILD, "permissions": str(VIEW | SEND | HISTORY)}]}
    for until, bits in (
        ("2026-11-22T00:00:00+00:00", VIEW | HISTORY),
        ("2026-11-20T00:00:00+00:00", VIEW | SEND | HISTORY),
    ):
        assert in_channel(hall, {**ME, "communication_disabled_until": until}, {}, NOW) == bits
