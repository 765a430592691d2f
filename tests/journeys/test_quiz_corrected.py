"""From three people who say that an answer is wrong to points that follow the corrected one, told once."""

from __future__ import annotations

from datetime import timedelta

from tests.journeys.clubs import Club, places

NEWS = "A question was corrected"


async def test_three_flags_hide_a_question_and_its_correction_moves_points_and_is_told_once(club: Club) -> None:
    place, mo = club.place, club.mo
    question = await club.asks()
    right, wrong = question.answer[0].text, question.wrong[0].text
    await club.right.answers(right)
    for one in (club.twice, club.late):
        await one.answers(wrong)
    await club.closes()
    before = places(await mo.says("/leaderboard"))
    assert set(before) == {"Ana"}
    for one in (club.right, club.twice, club.late):
        assert "What is wrong" in await one.presses("Something wrong?")
        assert "Thank you" in await one.presses("The answer is wrong")
    await place.hears("/question flagged")
    await mo.says("/question flagged")
    shown = await mo.presses(next(label for label in mo.labels if label[:40] == question.stem[:40]))
    assert "hidden until you decide" in shown
    assert "The answer is wrong (3)" in shown
    await mo.presses("Another answer is right")
    assert "The points of 3 people changed" in await mo.presses(wrong)
    await place.hears(NEWS)
    after = places(await mo.says("/leaderboard"))
    assert "Ana" not in after
    assert list(after.values()) == [1, 1]
    await place.restart()
    place.clock.travel(timedelta(hours=1))
    assert places(await mo.says("/leaderboard")) == after
    assert sum(NEWS in said for said in place.heard) == 1
