"""A verdict on the quiz of the day is for one person alone, tells the whole reason, and leads to where to read on."""

from __future__ import annotations

import pytest

from tests.fakes.core import shipped_shelf
from tests.journeys.clubs import BY_BUTTONS, Club
from tests.journeys.conftest import HERE

KINDS = (BY_BUTTONS, "telegram-channel", "discord-text", "web", "terminal")


@pytest.mark.parametrize("club", [pytest.param((HERE, kind), id=kind) for kind in KINDS], indirect=True)
async def test_a_verdict_tells_everything_and_leads_to_the_topic(club: Club) -> None:
    question = await club.asks()
    told = await club.twice.answers(question.wrong[0].text)
    for words in ("Not quite.", question.wrong[0].why, question.explanation, "/review"):
        assert words in told
    topic = shipped_shelf().curriculum.places[question.topic].topic.title
    assert topic in await club.twice.presses("To the topic")
    for words in ("Not quite.", topic):
        assert not any(words in said for said in club.place.heard)
