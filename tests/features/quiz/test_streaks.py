"""Days in a row and points: what counts, what does not, and that nobody gets them by tricks."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.features.quiz.rules import FORGIVEN_EVERY, QuizDay, discrimination, is_worth_telling, streak
from bot.features.quiz.store import Given, QuizStore
from bot.kit.database import Transaction
from bot.kit.reply import Reply
from tests.fakes.core import ROOM, CoreWorld, Message, Person, words
from tests.features.quiz.community import Quiz


def days(marks: str) -> list[QuizDay]:
    """Return quiz days, latest first, from marks in the order of time: ``+`` answered, ``-`` missed, ``?`` open."""
    return [QuizDay(1, str(number), mark == "+", mark == "?") for number, mark in enumerate(marks)][::-1]


def test_a_streak_is_days_in_a_row_with_an_answer() -> None:
    assert streak(days("")) == 0
    assert streak(days("+++")) == 3
    assert streak(days("+++?")) == 3  # today may still be answered
    assert streak(days("--+++")) == 3
    assert streak(days("+++--")) == 0


def test_one_missed_day_in_seven_is_forgiven() -> None:
    assert streak(days("+++-")) == 3
    assert streak(days("+++-+++")) == 6
    assert streak(days("+++-+++++-++")) == 7  # two missed within seven days: what was before the second is gone
    assert streak(days("+++-++++++-+")) == 10


def test_two_quizzes_of_a_day_are_one_day() -> None:
    twice = [QuizDay(1, "2026-11-21", False, False), QuizDay(1, "2026-11-21", True, False)]
    assert streak([*twice, QuizDay(1, "2026-11-20", True, False)]) == 2


@given(st.text("+-", max_size=60))
def test_a_streak_is_the_longest_stretch_up_to_now_that_misses_at_most_one_day_in_seven(marks: str) -> None:
    best = 0
    for start in range(len(marks)):
        stretch = marks[start:]
        windows = (stretch[place : place + FORGIVEN_EVERY] for place in range(len(stretch)))
        if all(window.count("-") <= 1 for window in windows):
            best = max(best, stretch.count("+"))
    assert streak(days(marks)) == best


@given(st.text("+-", max_size=60))
def test_an_answer_adds_exactly_one_day_or_begins_anew(marks: str) -> None:
    before, after = streak(days(marks)), streak(days(marks + "+"))
    assert after == before + 1
    assert streak(days(marks + "?")) == before


@given(st.lists(st.tuples(st.booleans(), st.floats(500, 2500)), max_size=40))
def test_discrimination_is_a_correlation_or_nothing(answers: list[tuple[bool, float]]) -> None:
    found = discrimination(answers)
    if len(answers) < 10 or len({right for right, _rating in answers}) < 2:
        assert found is None
    if found is not None:
        assert -1 <= found <= 1
        turned = discrimination([(not right, rating) for right, rating in answers])
        assert turned is not None
        assert abs(found + turned) < 1e-6


def test_milestones_worth_a_word() -> None:
    assert [count for count in range(201) if is_worth_telling(count)] == [3, 7, 14, 30, 50, 100, 150, 200]


async def test_three_days_in_a_row_are_told_right_or_wrong(quiz: Quiz, ana: Person) -> None:
    said = []
    for day in range(4):
        await quiz.pass_time(days=1)
        said.append(await quiz.vote(ana, day % 2, day + 1))
    assert ["in a row" in text for text in said] == [False, False, True, False]
    assert "3 days in a row" in said[2]
    assert "4 days in a row" in (await ana.says("/progress")).text
    await ana.sends("quiz.place:week", Message(Reply(), public=True, where=ROOM))
    assert "4 days in a row." in ana.notices[-1]


async def test_a_late_answer_makes_no_day_in_a_row(quiz: Quiz, ana: Person) -> None:
    for day in range(1, 4):
        await quiz.pass_time(days=1)
        if day < 3:
            await quiz.vote(ana, 0, day)
    await quiz.pass_time(hours=15)
    assert "in a row" not in await quiz.vote(ana, 0, 3)
    assert "2 days in a row" in (await ana.says("/progress")).text


async def test_an_answer_taken_back_and_given_again_brings_no_points(quiz: Quiz, ana: Person, ben: Person) -> None:
    await quiz.pass_time(days=1)
    for first in (1, 0):  # wrong, then right; right, then right again
        who = ana if first else ben
        await quiz.vote(who, first)
        await who.sends("quiz.retract:1", Message(Reply(), public=True, where=ROOM))
        assert who.notices[-1] == "Your answer is taken back."
        told = await quiz.vote(who, 0)
        assert "Right." in told
        assert "brings no points" in told
    assert await quiz.rows("SELECT points FROM quiz_vote") == [(0,), (0,)]
    board = await ana.says("/leaderboard month", ROOM)
    assert "Ana" not in board.text
    assert "Together this week: 0 of" in board.text
    question = await quiz.question()
    assert f"Your first answer counts: “{question.answer[0].text}”." in await quiz.vote(ana, 2)  # the second stays
    await quiz.pass_time(hours=15)
    assert "2 of 2 answers right." in words(await quiz.told())
    assert len(await quiz.rows("SELECT * FROM quiz_answer")) == 2  # what was pressed after the verdict teaches nothing


async def test_taking_back_twice_changes_nothing_more(quiz: Quiz, ana: Person) -> None:
    await quiz.pass_time(days=1)
    await quiz.vote(ana, 0)
    for _ in range(2):
        await ana.sends("quiz.retract:1", Message(Reply(), public=True, where=ROOM))
    assert "no such quiz" in ana.notices[-1]
    await quiz.pass_time(hours=15)
    assert "Nobody answered" in words(await quiz.told())


async def review(world: CoreWorld, person: str, count: int, *, way: str = "review", correct: bool = True) -> None:
    """Keep answers of a person, a minute apart."""
    now = int(world.clock.now().timestamp())
    row = await world.database.read(lambda tx: tx.one("SELECT id FROM community_person WHERE name = :n", n=person))
    assert row is not None

    async def work(tx: Transaction) -> None:
        for number in range(count):
            given = Given(row["id"], None, f"q-{number}", "e", "alg-knn", way, "0", correct, None, now - number)
            await QuizStore().add(tx, given)

    await world.database.write(work)


async def test_reviews_that_were_due_bring_a_point_each_ten_a_day_at_most(quiz: Quiz, ana: Person) -> None:
    await ana.says("/leaderboard month", ROOM)
    await quiz.pass_time(hours=3)
    await review(quiz.core, "Ana", 14)
    await review(quiz.core, "Ana", 5, correct=False)
    assert "Ana · 10 points" in (await ana.says("/leaderboard month", ROOM)).text
    quiz.core.clock.travel(timedelta(days=1, hours=1))
    await review(quiz.core, "Ana", 3)
    assert "Ana · 13 points" in (await ana.says("/leaderboard week", ROOM)).text
    assert "Ana · 3 points" in (await ana.says("/leaderboard day", ROOM)).text
    await ana.sends("quiz.place:week", Message(Reply(), public=True, where=ROOM))
    assert "13 of them for reviews." in ana.notices[-1]
    assert "Ana" not in (await quiz.core.person("Zoe").says("/leaderboard", "elsewhere")).text


async def test_practice_brings_no_points(quiz: Quiz, ana: Person) -> None:
    await ana.says("/leaderboard month", ROOM)
    await review(quiz.core, "Ana", 9, way="practice")
    assert "Ana" not in (await ana.says("/leaderboard month", ROOM)).text
