"""Boards: what each span of time holds, whose place is which, and that they always say what the votes say."""

from __future__ import annotations

import pytest

from bot.features.quiz.store.standings import MOST_LINES
from bot.kit.reply import Reply
from tests.fakes.core import ROOM, CoreWorld, Message, Person
from tests.features.quiz.community import Quiz
from tests.features.quiz.playing import practice
from tests.features.quiz.test_corrected import with_answer
from tests.features.quiz.test_topics import upgrade

VOTES = """
    SELECT v.person_id, SUM(v.points), SUM(CASE WHEN v.again = 0 AND v.is_late = 0 THEN v.correct ELSE 0 END), COUNT(*)
    FROM quiz_vote AS v GROUP BY v.person_id ORDER BY v.person_id
"""
TALLY = "SELECT person_id, points, correct, votes FROM quiz_tally WHERE period = 'all' ORDER BY person_id"


async def place(who: Person, span: str = "all") -> str:
    """Return what somebody is told of their place."""
    await who.sends(f"quiz.place:{span}", Message(Reply(), public=True, where=ROOM))
    return who.notices[-1]


async def test_a_new_month_begins_empty_and_all_time_goes_on(quiz: Quiz, ana: Person) -> None:
    await quiz.pass_time(days=1)  # in November
    await quiz.vote(ana, 0)
    await quiz.pass_time(days=10)
    for span, is_there in (("week", False), ("month", False), ("all", True)):
        assert ("Ana" in (await ana.says(f"/leaderboard {span}", ROOM)).text) is is_there, span
        assert ("Place 1" in await place(ana, span)) is is_there, span


async def test_the_goal_of_the_week_follows_how_many_answered_in_the_last_one(quiz: Quiz) -> None:
    people = [quiz.core.person(name) for name in ("Ana", "Ben", "Cleo", "Dan")]
    await quiz.pass_time(days=1)  # Sunday
    for choice, person in enumerate(people):
        await quiz.vote(person, min(choice, 1))  # wrong answers show as well that somebody is there
    assert "Together this week: 1 of 10" in (await people[0].says("/leaderboard", ROOM)).text
    await quiz.pass_time(days=1)
    assert "Together this week: 0 of 16" in (await people[0].says("/leaderboard", ROOM)).text
    await quiz.vote(people[0], 0, 2)
    assert "Together this week: 1 of 16" in (await people[0].says("/leaderboard", ROOM)).text
    await quiz.pass_time(days=7)
    assert "Together this week: 0 of 10" in (await people[0].says("/leaderboard", ROOM)).text


async def test_ones_place_counts_those_with_more_points_who_are_shown(quiz: Quiz) -> None:
    people = {name: quiz.core.person(name) for name in ("Ana", "Ben", "Cleo", "Dan", "Eve")}
    for day in (1, 2):
        await quiz.pass_time(days=1)
        for name in ("Ana", "Ben", "Cleo") if day == 1 else people:
            await quiz.vote(people[name], 0, day)
    await people["Cleo"].says("/settings shown off")
    assert "Place 1: " in await place(people["Ana"])
    assert "Place 1: " in await place(people["Ben"])
    assert "Place 3: " in await place(people["Dan"])
    assert "Place 3: " in await place(people["Eve"])
    assert "hidden" in await place(people["Cleo"])
    board = (await people["Ana"].says("/leaderboard all", ROOM)).text
    assert board.count("1. ") == 2
    assert board.count("3. ") == 2


async def test_a_large_board_shows_ten_places_and_tells_everybody_their_own(quiz: Quiz) -> None:
    crowd = [quiz.core.person(f"Person{number:02}") for number in range(MOST_LINES + 9)]
    for day in (1, 2):
        await quiz.pass_time(days=1)
        for person in crowd[: 5 if day == 1 else None]:
            await quiz.vote(person, 0, day)
    board = (await crowd[0].says("/leaderboard all", ROOM)).text
    assert board.count("1. Person") == 5
    assert board.count("6. Person") == MOST_LINES - 5
    assert "Place 6: " in await place(crowd[-1])


async def test_boards_say_what_votes_say_whatever_becomes_of_them(quiz: Quiz, ana: Person, ben: Person) -> None:
    cleo, dan = quiz.core.person("Cleo"), quiz.core.person("Dan")
    for day in (1, 2):
        await quiz.pass_time(days=1)
        await quiz.vote(ana, 0, day)
        await quiz.vote(ana, 1, day)  # the first one counts
        await quiz.vote(ben, 1, day)
        await quiz.vote(cleo, 0, day)
        for _ in range(2):
            await cleo.sends(f"quiz.retract:{day}", Message(Reply(), public=True, where=ROOM))
        if day == 2:
            await quiz.vote(cleo, 0, day)
    await quiz.pass_time(hours=15)
    await quiz.vote(dan, 0, 2)  # late
    first = await quiz.rows(TALLY)
    assert first == await quiz.rows(VOTES)
    asked = await quiz.asked()
    await quiz.correct(with_answer(asked, 1))
    second = await quiz.rows(TALLY)
    assert second == await quiz.rows(VOTES) != first
    await quiz.correct(asked)
    assert await quiz.rows(TALLY) == first
    for period in ("m2026-11", "all"):
        assert await quiz.rows(TALLY.replace("'all'", f"'{period}'")) == first


async def test_points_from_before_boards_were_kept_stay(quiz: Quiz, ana: Person, ben: Person) -> None:
    await practice(quiz.core, ana, "/quiz bayes 1", "-")
    for day in (1, 2, 3):
        await quiz.pass_time(days=1)
        await quiz.vote(ana, day % 2, day)
        await quiz.vote(ben, 0, day)
    await practice(quiz.core, ana, "/review", "+")
    whole = "SELECT * FROM quiz_tally WHERE period = 'all' ORDER BY person_id"
    spans = "SELECT period, person_id, correct, votes FROM quiz_tally WHERE votes > 0 ORDER BY period, person_id"
    before = await quiz.rows(whole), await quiz.rows(spans)
    assert [points for _c, _period, _person, points, *_rest in before[0]] != []
    assert any(reviews for *_rest, reviews, _votes in before[0])
    await upgrade(quiz, "quiz_tally", "bot.features.quiz", "0005_tally.sql")
    assert (await quiz.rows(whole), await quiz.rows(spans)) == before


@pytest.mark.parametrize("zone", ["UTC", "Pacific/Auckland", "America/Los_Angeles"])
async def test_reviews_count_for_the_day_on_the_wall_of_each_community(
    world: CoreWorld, ana: Person, zone: str
) -> None:
    await ana.says("/start", ROOM)
    await world.database.write(lambda tx: tx.execute("UPDATE community_community SET zone = :zone", zone=zone))
    await practice(world, ana, "/quiz bayes 1", "-")
    quiz = Quiz(world, ana)
    await quiz.pass_time(days=5)
    await practice(world, ana, "/review", "+")
    await ana.says("/settings")
    for span in ("day", "week", "month", "all"):
        assert "1. Ana · 1 point" in (await ana.says(f"/leaderboard {span}", ROOM)).text, span
