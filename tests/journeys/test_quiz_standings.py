"""Standings for whoever cannot type where the quiz is asked: in a channel, and for those who rather ask in private."""

from __future__ import annotations

import pytest

from tests.journeys.clubs import Club, places
from tests.journeys.conftest import HERE

KINDS = ("telegram-channel", "telegram-supergroup", "web", "terminal")


@pytest.mark.parametrize("club", [pytest.param((HERE, kind), id=kind) for kind in KINDS], indirect=True)
async def test_a_learner_asks_in_private_for_the_standings_of_their_community(club: Club) -> None:
    question = await club.asks()
    await club.right.answers(question.answer[0].text)
    await club.twice.answers(question.wrong[0].text)
    assert places(await club.right.asks("/leaderboard")) == {"Ana": 1}
    assert places(await club.right.presses("Today")) == {"Ana": 1}
    assert "Place 1:" in await club.right.presses("My place")
    assert not any("Standings" in said for said in club.place.heard)
