"""A database from before boards and weeks were kept tells, brought up to date, what one tells that always kept them."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any, Final

import pytest

from bot.app import all_migrations
from bot.domain.questions.body import load
from bot.domain.questions.shapes import Question
from bot.engine.migrate import Migrations, migrate
from bot.infra.database_inline import open_inline
from bot.kit.database import Transaction
from bot.kit.request import Role
from tests.fakes.clock import FakeClock
from tests.fakes.core import ROOM, CoreWorld, Person
from tests.fakes.databases import ON_POSTGRES
from tests.features.quiz.community import Quiz
from tests.features.quiz.test_corrected import with_answer

KNOWN_THEN: Final = {"learning": 1, "quiz": 4, "questions": 1}
"""The newest file of each owner that has got more since."""
MONDAY: Final = datetime(2026, 11, 22, 22, 50, tzinfo=UTC)
"""Ten minutes before 08:00 on a Monday in Tokyo; it is Sunday yet in UTC."""

WEEKS: Final = "SELECT * FROM learning_week WHERE deeds <> 0 ORDER BY 1, 2, 3"
BOARDS: Final = "SELECT * FROM quiz_tally ORDER BY 1, 2, 3"
OUTCOMES: Final = "SELECT id, answers, correct FROM quiz_round WHERE closed_at IS NOT NULL ORDER BY 1"

pytestmark = pytest.mark.skipif(ON_POSTGRES, reason="the old database is a file")


async def told(quiz: Quiz) -> dict[str, object]:
    """Return everything that was added up, and what people read of it."""
    ana = quiz.core.person("Ana")
    boards = {span: (await ana.says(f"/leaderboard {span}", ROOM)).text for span in ("day", "week", "month", "all")}
    return boards | {sql: await quiz.rows(sql) for sql in (WEEKS, BOARDS, OUTCOMES)}


async def question(quiz: Quiz, number: int) -> Question:
    """Return the question of a round as it was asked."""
    ((body,),) = await quiz.rows(f"SELECT body FROM quiz_round WHERE id = {number}")
    return load(body)


async def lived(world: CoreWorld) -> Quiz:
    """Let a club in Tokyo study, and answer on Monday and on Tuesday at eight in the morning."""
    quiz = await Quiz.open(world)
    form = await quiz.mo.sends("settings.our.type:our-zone", await quiz.mo.says("/settings community", ROOM))
    await quiz.mo.fills(form, value="Asia/Tokyo")
    await quiz.mo.sends("settings.our.set:quiz-at:08,00", await quiz.mo.says("/settings community", ROOM))
    world.clock.travel(MONDAY - world.clock.now())
    people = [world.person(name) for name in ("Ana", "Ben", "Cleo")]
    for person in people:
        await person.says("/start", ROOM)
    await quiz.due()
    await quiz.pass_time(minutes=11)
    await study(quiz, people)
    for choice, person in enumerate(people):
        await quiz.vote(person, min(choice, 1), 1)
    await quiz.pass_time(days=1)
    await quiz.vote(people[0], 1, 2)
    await quiz.vote(people[1], 0, 2)
    assert await quiz.rows("SELECT id, day FROM quiz_round ORDER BY id") == [(1, "2026-11-23"), (2, "2026-11-24")]
    return quiz


async def study(quiz: Quiz, people: Sequence[Person]) -> None:
    """Let people mark what they did; among it the topic that is asked, and something by mistake."""
    topic = (await quiz.asked()).topic
    await people[0].says(f"/done {topic}")
    for person in people[:2]:
        await person.says("/done alg-knn")
    await people[2].says("/done 1.1")
    await people[2].presses("Undo")


async def as_it_was_kept_then(quiz: Quiz, path: Path, folder: Path) -> None:
    """Write what a bot knows into a database that has only the tables, and the columns, of that version."""
    owners = [until_then(owner, folder) for owner in all_migrations(quiz.core.app.features)]
    old = open_inline(path)
    await migrate(old, owners, before_change=None, now=0)
    found = await old.read(lambda tx: tx.all("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY rowid"))
    for table in [str(row["name"]) for row in found]:
        if table in ("schema_migration", "sqlite_sequence"):
            continue
        names = await old.read(partial(columns_of, table=table))
        rows = await quiz.rows(f"SELECT {', '.join(names)} FROM {table} ORDER BY 1")

        async def fill(tx: Transaction, table: str = table, names: list[str] = names, rows: Any = rows) -> None:
            await tx.execute(f"DELETE FROM {table}")
            for row in rows:
                values = dict(zip(names, row, strict=True))
                await tx.execute(
                    f"INSERT INTO {table} ({', '.join(names)}) VALUES ({', '.join(':' + name for name in names)})",
                    **values,
                )

        await old.write(fill)
    tables = {str(row["name"]) for row in found}
    assert {"quiz_vote", "learning_record"} < tables
    assert not {"quiz_tally", "learning_week"} & tables
    await old.close()


async def columns_of(tx: Transaction, table: str) -> list[str]:
    return [str(row["name"]) for row in await tx.all(f"SELECT name FROM pragma_table_info('{table}')")]


def until_then(owner: Migrations, folder: Path) -> Migrations:
    """Return the files of an owner as there were then."""
    if owner.owner not in KNOWN_THEN:
        return owner
    here = folder / owner.owner
    here.mkdir(parents=True)
    for file in owner.folder.iterdir():
        if file.name[:4].isdigit() and int(file.name[:4]) <= KNOWN_THEN[owner.owner]:
            (here / file.name).write_bytes(file.read_bytes())
    return Migrations(owner.owner, here)


@pytest.fixture
async def both(world: CoreWorld, tmp_path: Path) -> AsyncIterator[tuple[Quiz, Quiz]]:
    """The club with a bot that always kept everything, and the same club after its old bot was brought up to date."""
    fresh = await lived(world)
    await as_it_was_kept_then(fresh, tmp_path / "old.db", tmp_path / "then")
    later = await CoreWorld.open(tmp_path / "old.db", clock=FakeClock(world.clock.now()))
    later.events = world.events
    yield fresh, Quiz(later, later.person("Mo", Role.MODERATOR))
    await later.close()


async def test_it_tells_what_was_always_kept(both: tuple[Quiz, Quiz]) -> None:
    fresh, upgraded = both
    expected = await told(fresh)
    assert expected[WEEKS] != []
    assert "Ana" in str(expected["week"])
    assert await told(upgraded) == expected


async def test_a_correction_comes_to_the_same_and_nothing_falls_below_zero(both: tuple[Quiz, Quiz]) -> None:
    fresh, upgraded = both
    before = await told(fresh)
    for number in (1, 2):
        for quiz in both:
            asked = await question(quiz, number)
            await quiz.correct(with_answer(asked, 1))
        expected = await told(fresh)
        assert expected[BOARDS] != before[BOARDS]
        assert expected[WEEKS] == before[WEEKS], "what everybody is asked tells nothing of what they study"
        assert await told(upgraded) == expected
        assert await upgraded.rows("SELECT * FROM quiz_tally WHERE points < 0 OR correct < 0 OR votes < 0") == []
        assert await upgraded.rows("SELECT * FROM learning_week WHERE deeds < 0 OR answers < 0 OR score < 0") == []
        for quiz in both:
            await quiz.correct(await question(quiz, number))
        assert await told(fresh) == await told(upgraded) == before


async def test_what_is_taken_back_and_answered_later_comes_to_the_same(both: tuple[Quiz, Quiz]) -> None:
    for quiz in both:
        ana = quiz.core.person("Ana")
        card = await ana.says("/start")
        await ana.sends("roadmap.mark:none:alg-knn", card)
        await quiz.vote(quiz.core.person("Cleo"), 0, 2)
        await quiz.pass_time(days=1)
        await quiz.vote(ana, 0, 3)
    fresh, upgraded = both
    assert await told(upgraded) == await told(fresh)
