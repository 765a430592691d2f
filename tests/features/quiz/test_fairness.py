"""Nobody gains by what others could not know: ends that come early, late presses, corrections and practice meanwhile."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from bot.kit.database import Transaction
from tests.fakes.core import ROOM, Person, words
from tests.features.quiz.community import Quiz
from tests.features.quiz.test_corrected import with_answer


async def close_now(quiz: Quiz) -> None:
    """Have the open round end before its time, as a plan does that was made for another clock."""

    async def sooner(tx: Transaction) -> None:
        await tx.execute("UPDATE engine_plan SET next_due = :now WHERE job = 'quiz.close'", now=now)

    now = int(quiz.core.clock.now().timestamp())
    await quiz.core.database.write(sooner)
    await quiz.due()


async def test_late_presses_fill_neither_the_weekly_goal_nor_the_right_answers(
    quiz: Quiz, ana: Person, ben: Person
) -> None:
    await quiz.pass_time(days=1)
    await quiz.pass_time(days=1)  # a Monday
    await quiz.vote(ana, 0, 2)
    await quiz.pass_time(hours=15)
    await quiz.vote(ben, 0, 2)
    board = await ana.says("/leaderboard", ROOM)
    assert "Together this week: 1 of" in board.text
    assert "Ben" not in board.text
    assert "0 right" in await _place(ben) or "No points yet" in await _place(ben)


async def _place(who: Person) -> str:
    await who.presses("My place", on=await who.says("/leaderboard month", ROOM))
    return who.notices[-1]


async def test_the_question_of_the_day_does_not_come_in_practice_while_it_is_asked(quiz: Quiz, ana: Person) -> None:
    await ana.says("/roadmap", ROOM)  # she belongs to the community
    await quiz.pass_time(days=1)
    asked = await quiz.asked()
    await ana.sends(f"quiz.begin:{asked.topic}", await ana.says("/next"))

    async def practised() -> set[str]:
        return {str(name) for (name,) in await quiz.rows("SELECT question FROM quiz_asked")}

    for level in ("", f" {asked.level}"):
        message = await ana.says(f"/quiz {asked.topic}{level} 20")
        for _turn in range(20):
            if "Next question" in message.text or not message.reply.buttons:
                break
            message = await ana.sends(_first(message.reply.buttons), message)
            message = await ana.sends(_first(message.reply.buttons), message)
    assert len(await practised()) > 5
    assert asked.id not in await practised()
    await quiz.pass_time(hours=15)
    message = await ana.says(f"/quiz {asked.topic} {asked.level} 20")
    for _turn in range(40):
        if "Practice done" in message.reply.title:
            break
        message = await ana.sends(_first(message.reply.buttons), message)
    assert asked.id in await practised()


def _first(rows: tuple[tuple[object, ...], ...]) -> str:
    data = getattr(rows[0][0], "data", "")
    assert isinstance(data, str)
    return data


async def test_a_correction_of_an_open_round_does_not_give_the_answer_away(quiz: Quiz, ana: Person) -> None:
    await quiz.pass_time(days=1)
    asked = await quiz.asked()
    await quiz.vote(ana, 0)
    assert (await quiz.correct(with_answer(asked, 1))).is_open
    await quiz.pass_time(hours=15)
    assert not (await quiz.correct(asked)).is_open


async def test_after_a_correction_the_review_holds_what_was_wrong_after_all(
    quiz: Quiz, ana: Person, ben: Person
) -> None:
    await quiz.pass_time(days=1)
    asked = await quiz.asked()
    await quiz.vote(ana, 0)
    await quiz.vote(ben, 1)
    await quiz.correct(with_answer(asked, 1))
    people: dict[str, int] = dict(await quiz.rows("SELECT name, id FROM community_person"))
    assert await quiz.rows("SELECT person_id, question FROM quiz_card") == [(people["Ana"], asked.id)]
    await quiz.correct(asked)
    assert await quiz.rows("SELECT person_id, question FROM quiz_card") == [(people["Ben"], asked.id)]


async def test_a_round_is_closed_even_if_nobody_was_there_for_days(quiz: Quiz, ana: Person) -> None:
    await quiz.pass_time(days=1)
    await quiz.vote(ana, 0)
    quiz.core.clock.travel(timedelta(days=5))
    await quiz.due()
    assert "1 of 1 answer right." in words(await quiz.told())


async def test_moderators_cannot_skip_or_hurry_the_answer(quiz: Quiz) -> None:
    await quiz.pass_time(days=1)
    listed = await quiz.mo.says("/schedule", ROOM)
    assert "Daily quiz" in listed.text
    assert "Answer to the quiz" not in listed.text


async def test_who_answers_after_an_early_end_gets_no_points(quiz: Quiz, ana: Person) -> None:
    await quiz.pass_time(days=1)
    await close_now(quiz)
    assert await quiz.rows("SELECT COUNT(*) FROM quiz_round WHERE closed_at IS NOT NULL") == [(1,)]
    assert "counts for learning, not for points" in await quiz.vote(ana, 0)
    assert await quiz.rows("SELECT points, is_late FROM quiz_vote") == [(0, 1)]


async def test_where_the_clocks_go_back_a_round_stays_open_as_long_as_it_says(quiz: Quiz) -> None:
    """In Berlin on 31 October 2027: open from 7:30 for twenty hours, it closes when it is 2:30 for the second time."""
    card = await quiz.mo.says("/settings community", ROOM)
    await quiz.mo.sends("settings.our.set:our-zone:Europe/Berlin", card)
    await quiz.mo.sends("settings.our.set:quiz-open:20", card)
    await quiz.mo.sends("setup.set:quiz-at:07,30", card)
    quiz.core.clock.travel(datetime(2027, 10, 30, 5, 30, tzinfo=UTC) - quiz.core.clock.now())
    await quiz.due()
    ((opened, closes),) = (await quiz.rows("SELECT opened_at, closes_at FROM quiz_round ORDER BY id DESC LIMIT 1"))[:1]
    assert closes - opened == 20 * 3600
    before = datetime.fromtimestamp(closes, UTC) - quiz.core.clock.now() - timedelta(minutes=1)
    await quiz.pass_time(seconds=before.total_seconds())
    assert await quiz.rows("SELECT closed_at FROM quiz_round ORDER BY id DESC LIMIT 1") == [(None,)]
    await quiz.pass_time(minutes=2)
    ((closed,),) = await quiz.rows("SELECT closed_at FROM quiz_round ORDER BY id DESC LIMIT 1")
    assert closed >= closes
