"""How hard a question is: learned from everybody, but only for the wording everybody reads."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.domain.questions.families import FAMILIES
from bot.domain.questions.shapes import Kind, Question
from bot.domain.questions.store import Kind as Changed
from bot.features.quiz.rules import Rating
from bot.features.quiz.store import QuizStore
from bot.kit.database import Row, Transaction, Value
from bot.kit.request import Role
from tests.fakes.core import ROOM, CoreWorld, Person
from tests.features.quiz.community import Quiz
from tests.features.quiz.playing import change, copy, put, rows


async def shipped(world: CoreWorld) -> Question:
    """Return a question that other tests change."""
    bank = await world.app.tools.shelf.bank()
    return next(one for one in bank if one.how is Kind.SINGLE)


async def answered(world: CoreWorld, person: Person, question: Question, where: str, place: int) -> None:
    """Have somebody answer a question in a room."""
    card = await person.says("/quiz bayes", where)
    run, number = await put(world, card, question)
    told = await person.sends(f"quiz.answer:{run}:{number}:{place}", copy(card))
    assert told.reply.look == "quiz.verdict"


async def test_what_one_group_makes_of_a_question_changes_nothing_for_others(world: CoreWorld) -> None:
    question = await shipped(world)
    await world.person("Mal", Role.MODERATOR).says("/start", "den")
    wordings = [
        replace(question, stem="Pick a letter nobody can know."),
        replace(question, explanation="Nobody can know this."),
        replace(question, tolerance=9.0),
    ]
    for number, bad in enumerate(wordings):
        await change(world, Changed.FIXED, bad)
        for turn in range(3):
            await answered(world, world.person(f"M{number}{turn}"), bad, "den", 1)
    assert not await rows(world, f"SELECT * FROM quiz_item WHERE question = '{question.id}'")
    assert len(await rows(world, "SELECT * FROM quiz_item")) == len(wordings), "each wording is rated on its own"
    await answered(world, world.person("Ben"), question, ROOM, 0)
    ((answers,),) = await rows(world, f"SELECT answers FROM quiz_item WHERE question = '{question.id}'")
    assert answers == 1


async def test_its_own_rating_is_what_chooses_among_what_a_group_has(world: CoreWorld, ana: Person) -> None:
    question = await shipped(world)
    await ana.says("/start", ROOM)
    mine = [replace(question, id=f"q-c1-{n}", stem=f"What is {n}?", topic="alg-knn", level="easy") for n in (1, 2)]
    bank = await world.app.tools.shelf.bank()
    await change(world, Changed.RETIRED, *(one.id for one in bank.topics["alg-knn"]))
    await change(world, Changed.RETIRED, *(one.id for one in FAMILIES.values() if one.topic == "alg-knn"))
    await change(world, Changed.ADDED, *mine)
    await answered(world, world.person("Ben"), mine[0], ROOM, 1)
    await world.database.write(lambda tx: tx.execute("UPDATE quiz_item SET rating = 4000.0"))
    for _ in range(8):
        card = await ana.says("/quiz knn 1")
        assert "What is 2?" in card.text, "the other one is far too hard by now"


async def test_the_quiz_of_the_day_rates_the_question_as_it_was_shipped(quiz: Quiz, ana: Person) -> None:
    await quiz.pass_time(days=1)
    asked = await quiz.asked()
    await quiz.vote(ana, 0)
    assert await quiz.rows("SELECT question FROM quiz_item") == [(asked.id,)]


class Counted:
    """A unit of work that counts the rows it reads."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx
        self.count = 0

    async def execute(self, sql: str, /, **values: Value) -> int:
        return await self._tx.execute(sql, **values)

    async def many(self, sql: str, values: Sequence[dict[str, Value]], /) -> None:
        await self._tx.many(sql, values)

    async def one(self, sql: str, /, **values: Value) -> Row | None:
        return await self._tx.one(sql, **values)

    async def all(self, sql: str, /, **values: Value) -> Sequence[Row]:
        found = await self._tx.all(sql, **values)
        self.count += len(found)
        return found


async def test_only_the_ratings_that_matter_are_read_and_any_number_of_them(world: CoreWorld) -> None:
    names = [f"q-{number:05}" for number in range(40_000)]

    async def fill(tx: Transaction) -> None:
        await tx.many(
            "INSERT INTO quiz_item (question, rating, answers, correct) VALUES (:name, 1500.0, 3, 1)",
            [{"name": name} for name in names],
        )

    async def few(tx: Transaction) -> tuple[dict[str, Rating], int]:
        counted = Counted(tx)
        found = await QuizStore().items(counted, {"q-00007", "q-39999", "q-unknown"})
        return found, counted.count

    await world.database.write(fill)
    rating = Rating(1500.0, 3)
    assert await world.database.read(few) == ({"q-00007": rating, "q-39999": rating}, 2)
    everything = await world.database.read(lambda tx: QuizStore().items(tx, names))
    assert sorted(everything) == names
    assert await world.database.read(lambda tx: QuizStore().items(tx, [])) == {}
