"""A daily quiz from its question to the standings, wherever a community can have one, on every database."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.journeys.clubs import KINDS, Club, places
from tests.journeys.conftest import FEW, HERE, ON_FEW
from tests.journeys.questions import solve

ON_OTHERS = [pytest.param((HERE, kind), id=kind) for kind in KINDS if kind not in FEW]
everywhere = pytest.mark.parametrize("club", ON_FEW + ON_OTHERS, indirect=True)


@everywhere
async def test_a_round_is_answered_closed_and_counted_and_late_answers_only_teach(club: Club) -> None:
    question = await club.asks()
    right, wrong = question.answer[0].text, question.wrong[0].text
    verdicts = {right: await club.right.answers(right), wrong: await club.twice.answers(wrong)}
    for one in club.wrong:
        await one.answers(wrong)
    again = await club.twice.answers(right)
    if club.tells:
        assert "Right." in verdicts[right]
        assert "Not quite." in verdicts[wrong]
        assert question.wrong[0].why in verdicts[wrong]
        assert "first answer counts" in again
        assert not any("Not quite." in said for said in club.place.heard), "a verdict is for one person"
    told = await club.closes()
    count = 2 + len(club.wrong)
    assert f"1 of {count} answers right." in told
    assert question.explanation in told
    assert f"Most mixed up: “{wrong}”" in told
    late = await club.late.answers(right)
    if club.tells:
        assert "counts for learning, not for points" in late
    assert places(await club.mo.says("/leaderboard")) == {"Ana": 1}
    assert "Place 1:" in await club.right.presses("My place")


async def test_equal_points_share_a_place_and_whoever_hides_is_on_no_board(club: Club) -> None:
    question = await club.asks()
    for one in (club.right, club.twice, club.late):
        await one.answers(question.answer[0].text)
    board = places(await club.mo.says("/leaderboard"))
    assert list(board.values()) == [1, 1, 1]
    await club.twice.asks("/settings shown off")
    shown = await club.mo.says("/leaderboard")
    assert len(places(shown)) == 2
    assert places(shown).items() < board.items()
    assert "Together this week: 3 of" in shown, "what was done together stays"
    assert "hidden" in await club.twice.presses("My place")


async def test_a_round_goes_on_after_a_restart_and_closes_once(club: Club) -> None:
    question = await club.asks()
    await club.right.answers(question.answer[0].text)
    await club.place.restart()
    await club.twice.answers(question.wrong[0].text)
    await club.place.restart()
    assert "1 of 2 answers right." in await club.closes()
    await club.place.restart()
    assert places(await club.mo.says("/leaderboard")) == {"Ana": 1}
    assert sum("The answer to the quiz" in said for said in club.place.heard) == 1


async def test_what_was_missed_in_a_round_comes_back_for_whoever_missed_it(club: Club) -> None:
    question = await club.asks()
    await club.twice.answers(question.wrong[0].text)
    await club.right.answers(question.answer[0].text)
    club.place.clock.travel(timedelta(days=1, minutes=1))
    card = await club.twice.asks("/review")
    assert "Review 1 of 1" in card
    assert question.stem in card
    assert "Right." in await solve(club.twice, card)
    assert "Nothing waits for you" in await club.right.asks("/review")
