"""A stage's milestone: its test, a project, somebody else's approval, and the badge."""

from __future__ import annotations

from tests.journeys.clubs import Club
from tests.journeys.questions import solve

LINK = "https://example.org/ana/houses"
BADGE = "First dataset explained"


async def test_a_milestone_is_reached_by_test_project_and_approval_of_another_person(club: Club) -> None:
    place, ana, mo = club.place, club.right, club.mo
    assert "not passed yet" in await ana.says("/milestone 1")
    card = await ana.presses("Take the test")
    for number in range(10):
        assert f"Test {number + 1} of 10" in card
        assert "Right." in await solve(ana, card)
        if number == 4:
            await place.restart()
        card = await ana.presses("Result" if number == 9 else "Next question")
    assert "Passed." in card
    await ana.says("/milestone 1")
    await ana.presses("Give my project")
    await ana.fills(link=LINK, summary="Prices of houses in my town, cleaned and drawn.")
    told = await ana.presses("Ask for a review")
    if "Everybody there will see your name" in told:  # asked in private
        told = await ana.presses("Hall")
    assert "Asked." in told
    await place.hears("asks you to look")
    assert "your own project" in await ana.presses("Approve")
    assert "Three labeled charts" in await mo.presses("Approve")
    assert "It counts: Ana has" in await mo.presses("Yes, all of it")
    await place.hears(f"Ana reached {BADGE}")
    assert BADGE in await ana.asks("/progress")
    await place.restart()
    assert BADGE in await ana.asks("/progress")
    assert sum(f"Ana reached {BADGE}" in said for said in place.heard) == 1
