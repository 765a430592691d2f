"""What a community is asked: what it studies and gets wrong, within its reach, mixed, and not twice in sixty days."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection
from datetime import timedelta
from importlib.resources import files

from bot.domain.questions.body import load
from bot.domain.questions.shapes import Level, Question
from bot.kit.database import Transaction
from bot.kit.request import Role
from tests.fakes.core import ROOM, CoreWorld, Person
from tests.features.quiz.community import Quiz
from tests.features.quiz.playing import practice

MATHS = ("math-linear-algebra", "math-calculus", "math-prob-stats")


def always(_question: Question) -> bool:
    return True


def stage_of(quiz: Quiz, question: Question) -> int:
    return quiz.core.app.tools.shelf.curriculum.places[question.topic].stage.number


async def play(
    quiz: Quiz, days: int, people: Collection[Person] = (), right: Callable[[Question], bool] = always
) -> list[Question]:
    """Let days pass on which people answer as ``right`` says; return what was asked."""
    asked = []
    for _ in range(days):
        await quiz.pass_time(days=1)
        ((number, body),) = await quiz.rows("SELECT id, body FROM quiz_round ORDER BY id DESC LIMIT 1")
        asked.append(load(body))
        for person in people:
            await quiz.vote(person, 0 if right(asked[-1]) else 1, number)
    return asked


async def club(quiz: Quiz, *names: str) -> list[Person]:
    """Return people who are known in the room."""
    people = [quiz.core.person(name) for name in names]
    for person in people:
        await person.says("/start", ROOM)
    return people


async def test_beginners_who_only_answer_the_quiz_stay_where_everybody_begins(quiz: Quiz) -> None:
    people = await club(quiz, "Ana", "Ben", "Cleo")
    days = iter(range(1000))
    asked = await play(quiz, 60, people, lambda _question: next(days) % 3 > 0)
    assert {stage_of(quiz, question) for question in asked} == {1, 2}
    assert Level.HARD not in {Level(question.level) for question in asked}
    assert len({question.topic for question in asked}) > 15


async def test_reviews_and_practice_without_a_topic_lead_no_further_either(quiz: Quiz) -> None:
    (ana,) = people = await club(quiz, "Ana")
    for _ in range(4):
        await play(quiz, 5, people, lambda _question: False)
        await practice(quiz.core, ana, "/quiz any 3", "+++")
        await practice(quiz.core, ana, "/review", "+")
    assert await quiz.rows("SELECT DISTINCT way FROM quiz_answer ORDER BY way") == [
        ("daily",), ("practice",), ("review",)
    ]  # fmt: skip
    assert await quiz.rows("SELECT * FROM learning_week") == []


async def test_what_members_study_is_asked_more_often(quiz: Quiz) -> None:
    people = await club(quiz, "Ana", "Ben")
    for person in people:
        await person.says("/done alg-knn")
    topics = Counter(question.topic for question in await play(quiz, 20))
    assert topics.most_common(1)[0][0] == "alg-knn"
    assert topics["alg-knn"] > 4
    assert len(topics) > 5, "and other things as well"


async def test_what_members_get_wrong_is_asked_more_often() -> None:
    counts = []
    for misses_maths in (True, False):  # the same chance for both; only the answers differ
        quiz = await Quiz.open(await CoreWorld.open())
        people = await club(quiz, "Ana", "Ben", "Cleo", "Dan")
        is_right = (lambda one: one.topic not in MATHS) if misses_maths else (lambda one: one.topic in MATHS)
        asked = await play(quiz, 60, people, is_right)
        counts.append(sum(question.topic in MATHS for question in asked))
        await quiz.core.close()
    assert counts[0] >= counts[1] + 5


async def test_what_members_get_wrong_in_practice_about_a_topic_counts_as_well(quiz: Quiz) -> None:
    (ana,) = await club(quiz, "Ana")
    await practice(quiz.core, ana, "/quiz bayes 3", "-+-")
    ledger, now = quiz.core.app.tools.ledger, int(quiz.core.clock.now().timestamp())
    ((_topic, one),) = (await quiz.core.database.read(lambda tx: ledger.studied(tx, 1, now))).items()
    assert (one.deeds, one.answers, one.right) == (3, 3, 1.0)


async def test_one_stage_beyond_what_members_study_is_within_reach_and_nothing_hard_of_it(quiz: Quiz) -> None:
    (ana,) = await club(quiz, "Ana")
    await practice(quiz.core, ana, "/quiz stage 3 3", "+++")
    asked = [(stage_of(quiz, question), Level(question.level)) for question in await play(quiz, 60)]
    assert {stage for stage, _level in asked} == {1, 2, 3, 4}
    assert {stage for stage, level in asked if level is Level.HARD} <= {1, 2, 3}
    assert Level.HARD in {level for _stage, level in asked}


async def test_a_mark_that_was_taken_back_leads_nowhere(quiz: Quiz) -> None:
    (ana,) = await club(quiz, "Ana")
    await ana.says("/done 6.1")
    await ana.presses("Undo")
    assert {stage_of(quiz, question) for question in await play(quiz, 20)} == {1, 2}


async def test_what_was_studied_long_ago_leads_nowhere_any_more(quiz: Quiz) -> None:
    (ana,) = await club(quiz, "Ana")
    await practice(quiz.core, ana, "/quiz stage 6 3", "+++")
    assert max(stage_of(quiz, question) for question in await play(quiz, 15)) > 2
    quiz.core.clock.travel(timedelta(days=70))
    assert max(stage_of(quiz, question) for question in await play(quiz, 15)) == 2


async def test_who_left_counts_no_more_where_they_were(quiz: Quiz) -> None:
    (ana,) = await club(quiz, "Ana")
    await quiz.core.database.write(lambda tx: tx.execute("UPDATE community_member SET left_at = 1 WHERE person_id = 2"))
    await practice(quiz.core, ana, "/quiz stage 6 3", "+++")
    assert await quiz.rows("SELECT * FROM learning_week") == []


async def test_five_rounds_in_a_row_are_mixed(quiz: Quiz) -> None:
    (ana,) = await club(quiz, "Ana")
    for part in ("1.1", "1.2", "2.1", "2.2"):
        await ana.says(f"/done {part}")
    levels = [Level(question.level) for question in await play(quiz, 25)]
    for start in range(0, 25, 5):
        assert sorted(levels[start : start + 5]) == sorted(
            [Level.EASY, Level.EASY, Level.MEDIUM, Level.MEDIUM, Level.HARD]
        )
    assert len({tuple(levels[start : start + 5]) for start in range(0, 25, 5)}) > 1, "in an order of chance"


async def test_who_studies_one_topic_is_not_asked_the_same_within_sixty_days_either(quiz: Quiz) -> None:
    people = await club(quiz, "Ana", "Ben")
    for person in people:
        await practice(quiz.core, person, "/quiz alg-knn 10", "-+-+-+-+-+")
    asked = [question.id for question in await play(quiz, 60, people, lambda one: one.topic != "alg-knn")]
    assert len(set(asked)) == 60


async def test_communities_with_the_same_past_are_asked_different_things(quiz: Quiz) -> None:
    for number in range(7):
        mo = quiz.core.person("Mo", Role.MODERATOR)
        card = await mo.says("/setup", f"room-{number}")
        await mo.sends("setup.room:", card)
        await mo.sends("setup.set:quiz-at:18,00", card)
    await quiz.pass_time(days=1)
    asked = [name for (name,) in await quiz.rows("SELECT question FROM quiz_round")]
    assert len(asked) == 8
    assert len(set(asked)) > 5


async def test_what_was_studied_before_weeks_were_counted_counts_as_well(quiz: Quiz) -> None:
    (ana,) = await club(quiz, "Ana")
    await ana.says("/done alg-knn")
    await ana.says("/done 1.1")
    await ana.presses("Undo")
    counted = "SELECT * FROM learning_week WHERE deeds > 0 ORDER BY topic"
    before = await quiz.rows(counted)
    assert before
    await upgrade(quiz, "learning_week", "bot.domain.learning", "0002_week.sql")
    assert await quiz.rows(counted) == before


async def upgrade(quiz: Quiz, table: str, package: str, name: str) -> None:
    """Fill a table anew, as the migration that made it did from what there was."""
    text = files(package).joinpath("migrations", name).read_text("utf-8")
    fill = [one for one in text.split(";\n") if f"INSERT INTO {table}" in one]

    async def work(tx: Transaction) -> None:
        await tx.execute(f"DELETE FROM {table}")
        for statement in fill:
            await tx.execute(statement)

    assert fill
    await quiz.core.database.write(work)
