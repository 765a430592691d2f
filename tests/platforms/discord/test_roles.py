"""Roles of a server: found as people name them, given and taken once and for all, refused in words people can act on."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest

from bot.kit.platform import RankRefusedError
from bot.kit.posting import Address, DeliveryError, GoneError, NotSentError, UnknownFateError, WaitFirstError
from bot.platforms.discord.rest import Rest
from bot.platforms.discord.surroundings import DiscordSurroundings
from tests.fakes.discord_clock import PatientClock
from tests.fakes.discord_guild import ADMINISTRATOR, BOT_ROLE, MANAGE_ROLES
from tests.fakes.discord_server import APPLICATION, GUILD, TOKEN, FakeDiscord, fake_discord

HERE = Address("discord", GUILD)
BASICS, MASTERS, HIGH = "7101", "7102", "7103"
WORN = f"/guilds/{GUILD}/members/901/roles/{BASICS}"


@dataclass
class Place:
    """A server with roles below and above the bot's."""

    server: FakeDiscord
    told: DiscordSurroundings

    async def found(self, wanted: str) -> list[str]:
        assert self.told.ranks is not None
        return [rank.name for rank in await self.told.ranks.find(HERE, wanted)]

    async def refused(self, rank: str) -> str:
        """Why a role cannot be given, as whoever gives it learns."""
        with pytest.raises(RankRefusedError) as trouble:
            await self.told.ranks.give(HERE, "901", rank)
        lack = trouble.value.lack
        return f"{lack.sentence or lack.right}: {lack.grant}"


@pytest.fixture
async def place() -> AsyncIterator[Place]:
    clock = PatientClock()
    async with fake_discord(clock) as server:
        guild = server.guild
        guild.bot_rights, guild.bot_height = MANAGE_ROLES, 5
        guild.make_role(BASICS, "ML Basics", 1)
        guild.make_role(MASTERS, "ML Masters", 2)
        guild.make_role(HIGH, "High table", 9)
        rest = Rest(lambda: server.api, TOKEN, clock)
        yield Place(server, DiscordSurroundings(rest, lambda: APPLICATION, clock))
        await rest.close()


@pytest.mark.parametrize(
    ("wanted", "names"),
    [
        (BASICS, ["ML Basics"]),
        (f"<@&{MASTERS}>", ["ML Masters"]),
        ("ML Basics", ["ML Basics"]),
        ("@ml basics", ["ML Basics"]),
        ("ml", ["ML Masters", "ML Basics"]),
        ("nobody", []),
        ("@", []),
        ("@everyone", []),
        (GUILD, []),
        ("<@&9>", []),
    ],
)
async def test_a_role_is_found_by_number_mention_and_name_and_everyone_is_none(
    place: Place, wanted: str, names: list[str]
) -> None:
    assert await place.found(wanted) == names


@pytest.mark.parametrize("right", [1 << 3, 1 << 5, 1 << 28, 1 << 1, 1 << 2, 1 << 13, 1 << 17, 1 << 40])
async def test_a_role_that_brings_power_is_refused(place: Place, right: int) -> None:
    place.server.guild.make_role("7200", "Crew", permissions=right | 1 << 10)
    (rank,) = await place.told.ranks.find(HERE, "Crew")
    assert "rights to run the server" in rank.refused
    (rank,) = await place.told.ranks.find(HERE, "ML Basics")
    assert rank.refused == ""


async def test_a_role_that_discord_gives_by_itself_is_refused(place: Place) -> None:
    place.server.guild.make_role("7200", "Booster", managed=True)
    (rank,) = await place.told.ranks.find(HERE, "Booster")
    assert "by itself" in rank.refused


async def test_a_role_is_given_and_taken_and_doing_it_again_changes_nothing(place: Place) -> None:
    ranks, worn = place.told.ranks, place.server.guild.worn
    assert await ranks.lacking(HERE, BASICS) is None
    for _time in range(2):
        await ranks.give(HERE, "901", BASICS)
        assert worn["901"] == {BASICS}
    for _time in range(2):
        await ranks.take(HERE, "901", BASICS)
        assert worn["901"] == set()


async def test_without_the_right_to_manage_roles_it_is_named_with_the_way_to_it(place: Place) -> None:
    place.server.guild.bot_rights = 0
    lack = await place.told.ranks.lacking(HERE, BASICS)
    assert lack is not None
    assert lack.right == "Manage Roles"
    assert "Server settings → Roles" in lack.grant
    assert await place.refused(BASICS) == f"{lack.right}: {lack.grant}"
    assert place.server.guild.worn == {}


@pytest.mark.parametrize("rights", [MANAGE_ROLES, ADMINISTRATOR])
async def test_a_role_above_the_bots_own_is_refused_even_by_an_administrator(place: Place, rights: int) -> None:
    place.server.guild.bot_rights = rights
    lack = await place.told.ranks.lacking(HERE, HIGH)
    assert lack is not None
    assert lack.right == "a place above “High table”"
    assert "drag the role of Roadmate above “High table”" in await place.refused(HIGH)


async def test_of_two_roles_at_one_height_the_older_one_is_higher(place: Place) -> None:
    guild = place.server.guild
    older, younger = str(int(BOT_ROLE) - 1), str(int(BOT_ROLE) + 1)
    guild.make_role(older, "Older", guild.bot_height)
    guild.make_role(younger, "Younger", guild.bot_height)
    assert await place.told.ranks.lacking(HERE, older) is not None
    assert "above “Older”" in await place.refused(older)
    assert await place.told.ranks.lacking(HERE, younger) is None
    await place.told.ranks.give(HERE, "901", younger)


async def test_a_role_that_was_deleted_cannot_be_given_and_need_not_be_taken(place: Place) -> None:
    assert await place.refused("7999") == "The role was deleted.: Choose another one."
    await place.told.ranks.take(HERE, "901", "7999")


async def test_who_left_is_gone(place: Place) -> None:
    place.server.guild.left.add("901")
    for change in (place.told.ranks.give, place.told.ranks.take):
        with pytest.raises(GoneError):
            await change(HERE, "901", BASICS)


async def test_a_server_that_was_left_is_gone(place: Place) -> None:
    place.server.guild.has_left = True
    for ask in (place.told.ranks.find, place.told.ranks.lacking):
        with pytest.raises(GoneError):
            await ask(HERE, BASICS)
    with pytest.raises(GoneError):
        await place.told.ranks.give(HERE, "901", BASICS)


async def test_trouble_on_the_way_is_told_apart_so_that_it_is_tried_again(place: Place) -> None:
    ranks = place.told.ranks
    place.server.fail(WORN, 502)
    with pytest.raises(UnknownFateError):
        await ranks.give(HERE, "901", BASICS)
    place.server.cut(WORN, times=2, after=True)  # the first is repeated at once: it does no harm
    with pytest.raises(UnknownFateError):
        await ranks.give(HERE, "901", BASICS)
    place.server.limit(WORN, 30.0)
    with pytest.raises(WaitFirstError):
        await ranks.give(HERE, "901", BASICS)
    place.server.fail(f"/guilds/{GUILD}/roles", 502)
    with pytest.raises(DeliveryError):
        await ranks.find(HERE, "ML Basics")


async def test_a_refusal_that_says_nothing_still_names_the_way(place: Place) -> None:
    place.server.fail(WORN, 403, body={"code": 50013, "message": "Missing Permissions"})
    assert "“Manage Roles” and a place above the role" in await place.refused(BASICS)


async def test_an_answer_that_makes_no_sense_counts_as_none(place: Place) -> None:
    place.server.fail(f"/guilds/{GUILD}/roles", 200, body={"odd": True})
    with pytest.raises(NotSentError):
        await place.told.ranks.find(HERE, "ML Basics")
    place.server.fail(f"/guilds/{GUILD}/members/{APPLICATION}", 200, body={"roles": 5})
    with pytest.raises(NotSentError):
        await place.told.ranks.lacking(HERE, BASICS)
