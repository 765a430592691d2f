"""How fast the bot posts: never faster than the platforms allow."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.kit.posting import Pace
from bot.platforms.discord import courier as discord
from bot.platforms.telegram import courier as telegram

ALLOWED = {
    "telegram": Pace(chat=(1, timedelta(seconds=1)), group=(20, timedelta(minutes=1)), bot=(30, timedelta(seconds=1))),
    "discord": Pace(chat=(5, timedelta(seconds=5)), group=None, bot=(50, timedelta(seconds=1))),
}
"""Telegram: core.telegram.org/bots/faq; Discord: what its answers tell of channels, and its limit for all requests."""
OURS = {"telegram": telegram.PACE, "discord": discord.PACE}


@pytest.mark.parametrize("platform", ALLOWED)
def test_no_more_is_posted_than_a_platform_allows_and_not_much_less(platform: str) -> None:
    ours, allowed = OURS[platform], ALLOWED[platform]
    assert (ours.group is None) == (allowed.group is None)
    for own, most in ((ours.chat, allowed.chat), (ours.group, allowed.group), (ours.bot, allowed.bot)):
        if own is not None and most is not None:
            assert 0.9 <= (own[0] / own[1].total_seconds()) / (most[0] / most[1].total_seconds()) <= 1
