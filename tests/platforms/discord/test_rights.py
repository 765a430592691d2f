"""A right the bot lacks is named as Discord names it, to somebody who can act on it."""

from __future__ import annotations

import pytest

from bot.kit.reply import reply
from bot.kit.text import plain
from bot.platforms.discord.rights import ADMINISTRATOR, NAMES, Right, lacking, may_grant, missing_rights
from tests.platforms.discord.conftest import DiscordWorld

LONG = "word " * 2000


def test_missing_rights_are_named_in_a_fixed_order() -> None:
    needed = Right.ATTACH_FILES | Right.SEND_MESSAGES | Right.VIEW_CHANNEL
    assert missing_rights(0, needed) == ("View Channel", "Send Messages", "Attach Files")
    assert missing_rights(int(Right.VIEW_CHANNEL | Right.SEND_MESSAGES), needed) == ("Attach Files",)
    assert missing_rights(int(needed), needed) == ()
    assert missing_rights(ADMINISTRATOR, needed) == ()
    assert missing_rights(0, Right(0)) == ()


def test_every_right_has_a_name() -> None:
    assert set(NAMES) == set(Right)


@pytest.mark.parametrize(
    ("permissions", "can"),
    [(0, False), (1 << 3, True), (1 << 4, True), (1 << 5, True), (1 << 28, True), (1 << 11, False)],
)
def test_who_manages_a_channel_can_grant_rights(permissions: int, can: bool) -> None:
    assert may_grant(permissions) is can


def test_the_sentence_names_the_right_and_the_way_to_it() -> None:
    said = plain(lacking(("Attach Files",), can_grant=True).blocks)
    assert "I lack: “Attach Files”" in said
    assert "Channel settings" in said
    assert "Somebody who manages" in plain(lacking(("Attach Files",), can_grant=False).blocks)
    assert "a right in this channel" in plain(lacking((), can_grant=True).blocks)


@pytest.mark.parametrize(("permissions", "words"), [(1 << 4, "and try again"), (0, "Somebody who manages")])
@pytest.mark.parametrize("code", [50001, 50013])
async def test_a_refusal_for_want_of_rights_is_told_to_the_asker_alone(
    hall: DiscordWorld, code: int, permissions: int, words: str, caplog: pytest.LogCaptureFixture
) -> None:
    hall.server.channels.of("6003").rights &= ~int(Right.SEND_MESSAGES_IN_THREADS)
    hall.server.talk.refuses_follow = (403, code, "Missing Permissions")
    hall.answers(reply(LONG))
    ana = hall.person(permissions=permissions)
    ana.channel = "6003"
    one = await ana.slash("roadmap")
    assert "“Send Messages in Threads”" in one.messages[-1].text
    assert words in one.messages[-1].text
    assert one.messages[-1].seen_by == ana.account
    assert "for want of rights (Send Messages in Threads)" in caplog.text
