from __future__ import annotations

import sqlite3
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.engine.migrate import Migrations, migrate, split
from bot.engine.store.applied import Applied
from bot.infra.database_inline import open_inline
from bot.kit.database import Database, Transaction
from bot.kit.errors import StorageError

FIRST = "CREATE TABLE quiz_answer (id INTEGER PRIMARY KEY);\nINSERT INTO quiz_answer (id) VALUES (1);\n"
SECOND = "ALTER TABLE quiz_answer ADD COLUMN said TEXT NOT NULL DEFAULT ';';\n"


@pytest.fixture
async def database() -> AsyncIterator[Database]:
    opened = open_inline()
    yield opened
    await opened.close()


def owner(folder: Path, name: str, **files: str) -> Migrations:
    """Write an owner's files, given as ``_0001_words="SQL"``, in place of those there are."""
    place = folder / name
    place.mkdir(exist_ok=True)
    for old in place.iterdir():
        old.unlink()
    for file, sql in files.items():
        (place / f"{file.removeprefix('_')}.sql").write_bytes(sql.encode())
    return Migrations(name, place)


async def run(database: Database, *owners: Migrations) -> list[str]:
    """Migrate and return what was applied, as ``owner/number``."""
    applied = await migrate(database, owners, before_change=None, now=1_700_000_000)
    return [f"{row.owner}/{row.number}" for row in applied]


async def columns(tx: Transaction) -> list[str]:
    return [str(row["name"]) for row in await tx.all("SELECT name FROM pragma_table_info('quiz_answer')")]


async def test_files_are_applied_in_order_and_only_once(database: Database, tmp_path: Path) -> None:
    quiz = owner(tmp_path, "quiz", _0002_said=SECOND, _0001_answers=FIRST, schema="not SQL at all")
    engine = owner(tmp_path, "engine", _0001_inbox="CREATE TABLE engine_inbox (id INTEGER)")
    assert await run(database, engine, quiz) == ["engine/1", "quiz/1", "quiz/2"]
    assert await database.read(columns) == ["id", "said"]
    assert await run(database, engine, quiz) == []
    owner(tmp_path, "quiz", _0001_answers=FIRST, _0002_said=SECOND, _0003_more="DROP TABLE quiz_answer")
    assert await run(database, engine, quiz) == ["quiz/3"]


async def test_what_was_applied_is_told(database: Database, tmp_path: Path) -> None:
    quiz = owner(tmp_path, "quiz", _0001_answers=FIRST)
    (applied,) = await migrate(database, [quiz], before_change=None, now=1_700_000_000)
    assert applied == replace(applied, owner="quiz", number=1, name="answers", applied_at=1_700_000_000)
    assert len(applied.checksum) == 64
    assert isinstance(applied, Applied)


@pytest.mark.parametrize("changed", [FIRST.replace("\n", "\r\n"), FIRST.replace("\n", "\r"), "\ufeff" + FIRST])
async def test_line_ends_of_a_checkout_are_no_change(database: Database, tmp_path: Path, changed: str) -> None:
    quiz = owner(tmp_path, "quiz", _0001_answers=FIRST)
    await run(database, quiz)
    owner(tmp_path, "quiz", _0001_answers=changed)
    assert await run(database, quiz) == []


async def test_an_edited_file_is_refused(database: Database, tmp_path: Path) -> None:
    quiz = owner(tmp_path, "quiz", _0001_answers=FIRST)
    await run(database, quiz)
    owner(tmp_path, "quiz", _0001_answers=FIRST + "-- one more thought\n", _0002_said=SECOND)
    with pytest.raises(StorageError, match=r"quiz/0001_answers\.sql was edited after it was applied"):
        await run(database, quiz)
    assert await database.read(columns) == ["id"]


async def test_a_newer_database_is_refused(database: Database, tmp_path: Path) -> None:
    quiz = owner(tmp_path, "quiz", _0001_answers=FIRST, _0002_said=SECOND)
    await run(database, quiz)
    owner(tmp_path, "quiz", _0001_answers=FIRST)
    with pytest.raises(StorageError, match=r"newer Roadmate: it knows quiz/0002_said\.sql.*Install that version"):
        await run(database, quiz)


async def test_a_feature_that_is_switched_off_and_on_again_is_no_trouble(database: Database, tmp_path: Path) -> None:
    quiz = owner(tmp_path, "quiz", _0001_answers=FIRST)
    engine = owner(tmp_path, "engine", _0001_inbox="CREATE TABLE engine_inbox (id INTEGER)")
    await run(database, quiz)
    assert await run(database, engine) == ["engine/1"]
    assert await run(database, engine, quiz) == []


@pytest.mark.parametrize(
    ("files", "sentence"),
    [
        ({"_0001_a": "", "_0003_c": ""}, "quiz/0003_c.sql should have number 0002"),
        ({"_0002_a": ""}, "should have number 0001"),
        ({"_0001_a": "", "_0001_b": ""}, "quiz/0001_b.sql should have number 0002"),
        ({"_0001_a": "", "second": ""}, "quiz/second.sql is not named like"),
        ({"_1_a": ""}, "not named like"),
        ({"_0001_a": "SELECT 'never closed"}, "quiz/0001_a.sql cannot be read: what begins with ' in line 1"),
    ],
)
async def test_files_that_cannot_be_are_refused(
    database: Database, tmp_path: Path, files: dict[str, str], sentence: str
) -> None:
    with pytest.raises(StorageError, match=sentence.replace(".", r"\.")):
        await run(database, owner(tmp_path, "quiz", **files))


async def test_a_file_that_is_no_text_is_refused(database: Database, tmp_path: Path) -> None:
    quiz = owner(tmp_path, "quiz", _0001_a="")
    (tmp_path / "quiz" / "0001_a.sql").write_bytes(b"\xff\xfe")
    with pytest.raises(StorageError, match="cannot be read"):
        await run(database, quiz)


async def test_a_missing_folder_is_refused(database: Database, tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="migrations of quiz are missing"):
        await run(database, Migrations("quiz", tmp_path / "nowhere"))


async def test_two_folders_of_one_owner_are_refused(database: Database, tmp_path: Path) -> None:
    quiz = owner(tmp_path, "quiz", _0001_a="")
    with pytest.raises(StorageError, match="same owner"):
        await run(database, quiz, quiz)


async def test_a_hole_in_the_ledger_is_refused(database: Database, tmp_path: Path) -> None:
    quiz = owner(tmp_path, "quiz", _0001_answers=FIRST, _0002_said=SECOND)
    await run(database, quiz)

    async def forget(tx: Transaction) -> None:
        await tx.execute("DELETE FROM schema_migration WHERE number = 1")

    await database.write(forget)
    with pytest.raises(StorageError, match="but not number 0001 of quiz"):
        await run(database, quiz)


async def test_a_migration_that_fails_leaves_nothing_of_itself(database: Database, tmp_path: Path) -> None:
    quiz = owner(tmp_path, "quiz", _0001_answers=FIRST, _0002_bad=SECOND + "INSERT INTO nowhere VALUES (1);")
    with pytest.raises(StorageError, match=r"quiz/0002_bad\.sql could not be applied.*nowhere"):
        await run(database, quiz)
    assert await database.read(columns) == ["id"]
    owner(tmp_path, "quiz", _0001_answers=FIRST, _0002_bad=SECOND)
    assert await run(database, quiz) == ["quiz/2"]


async def test_a_copy_is_made_once_before_the_first_change_of_an_old_database(
    database: Database, tmp_path: Path
) -> None:
    seen: list[list[str]] = []

    async def copy() -> None:
        seen.append(await database.read(columns))

    quiz = owner(tmp_path, "quiz", _0001_answers=FIRST)
    await migrate(database, [quiz], before_change=copy, now=0)
    assert seen == []  # it was brand new
    await migrate(database, [quiz], before_change=copy, now=0)
    assert seen == []  # nothing to change
    owner(tmp_path, "quiz", _0001_answers=FIRST, _0002_said=SECOND, _0003_none="-- nothing yet")
    await migrate(database, [quiz], before_change=copy, now=0)
    assert seen == [["id"]]


async def test_no_copy_is_made_when_the_update_is_refused(database: Database, tmp_path: Path) -> None:
    async def copy() -> None:
        pytest.fail("too early")

    quiz = owner(tmp_path, "quiz", _0001_answers=FIRST)
    await run(database, quiz)
    owner(tmp_path, "quiz", _0001_answers=FIRST, _0002_bad="SELECT '")
    with pytest.raises(StorageError):
        await migrate(database, [quiz], before_change=copy, now=0)


async def test_a_copy_that_fails_stops_everything(database: Database, tmp_path: Path) -> None:
    async def copy() -> None:
        raise StorageError("The disk is full.")

    quiz = owner(tmp_path, "quiz", _0001_answers=FIRST)
    await run(database, quiz)
    owner(tmp_path, "quiz", _0001_answers=FIRST, _0002_said=SECOND)
    with pytest.raises(StorageError, match="full"):
        await migrate(database, [quiz], before_change=copy, now=0)
    assert await database.read(columns) == ["id"]


TRIGGER = """CREATE TRIGGER quiz_count AFTER INSERT ON quiz_answer BEGIN
    UPDATE total SET n = CASE WHEN n IS NULL THEN 1 ELSE n + 1 END; -- the end; not yet
    SELECT 'END;';
END"""


@pytest.mark.parametrize(
    ("sql", "statements"),
    [
        ("", []),
        (" ; ;; -- nothing\n /* at; all */ ", []),
        ("SELECT 1", ["SELECT 1"]),
        ("SELECT 1;SELECT 2;", ["SELECT 1", "SELECT 2"]),
        ("-- first;\nSELECT ';', \"a;b\", `c;d`; -- last", ["SELECT ';', \"a;b\", `c;d`"]),
        ("SELECT 'it''s; fine';SELECT '--';", ["SELECT 'it''s; fine'", "SELECT '--'"]),
        ("SELECT 1 - -1 / 2; SELECT 3", ["SELECT 1 - -1 / 2", "SELECT 3"]),
        (TRIGGER + ";SELECT 1;", [TRIGGER, "SELECT 1"]),
        (TRIGGER.replace("TRIGGER", "TEMP TRIGGER"), [TRIGGER.replace("TRIGGER", "TEMP TRIGGER")]),
        (
            "CREATE TRIGGER a BEFORE UPDATE ON b EXECUTE FUNCTION c();SELECT 1",
            ["CREATE TRIGGER a BEFORE UPDATE ON b EXECUTE FUNCTION c()", "SELECT 1"],
        ),
        ("CREATE TABLE trigger (begin INT);SELECT 1", ["CREATE TABLE trigger (begin INT)", "SELECT 1"]),
    ],
)
def test_a_script_is_split_into_its_statements(sql: str, statements: list[str]) -> None:
    assert split(sql) == statements


@pytest.mark.parametrize("sql", ["SELECT 'a", 'SELECT "a', "SELECT `a", "/* SELECT 1;", "SELECT '''"])
def test_what_is_never_closed_is_refused(sql: str) -> None:
    with pytest.raises(ValueError, match="never closed"):
        split("SELECT 1;\n" + sql)


SPACE = st.sampled_from([" ", "\n", "\t\r\n", " -- it's; END\n", " /* \"; ' BEGIN */ ", "  "])
TEXT = st.text(";'\"`-/*\n ENDbegi$:é", max_size=12)
QUOTED = st.one_of(
    TEXT.map(lambda text: "'" + text.replace("'", "''") + "'"),
    TEXT.map(lambda text: '"' + text.replace('"', '""') + '"'),
    TEXT.map(lambda text: "`" + text.replace("`", "``") + "`"),
)
PIECE = st.one_of(QUOTED, st.sampled_from(["a", "1", "x'00'", ":b", "+", "(", ")", ",", "=", "CASE WHEN 1 THEN 2 END"]))


def joined(pieces: list[str], spaces: list[str]) -> str:
    """Return the pieces with spaces between them."""
    return "".join((spaces[index % len(spaces)] if index else "") + piece for index, piece in enumerate(pieces))


SPACES = st.lists(SPACE, min_size=1, max_size=5)
PLAIN = st.builds(lambda pieces, spaces: joined(["SELECT", *pieces], spaces), st.lists(PIECE, max_size=6), SPACES)
TRIGGERS = st.builds(
    lambda bodies, spaces: joined(
        ["CREATE", "TRIGGER", "t", "AFTER", "INSERT", "ON", "a", "BEGIN", *(f"{body};" for body in bodies), "END"],
        spaces,
    ),
    st.lists(PLAIN, min_size=1, max_size=3),
    SPACES,
)
STATEMENT = st.one_of(PLAIN, TRIGGERS)


@given(st.lists(STATEMENT, max_size=6), SPACES)
def test_statements_survive_being_joined_and_split(statements: list[str], spaces: list[str]) -> None:
    script = joined(["", *(part for statement in statements for part in (statement, ";")), ""], spaces)
    assert split(script) == statements
    assert split(";".join(statements)) == statements
    assert all(sqlite3.complete_statement(statement + ";") for statement in statements)  # SQLite agrees they are whole


@given(st.text(";'\"`-/*\n ENDbegintrs$é", max_size=40))
def test_any_text_is_split_or_refused_and_nothing_is_invented(text: str) -> None:
    try:
        found = split(text)
    except ValueError:
        return
    rest = text
    for statement in found:
        assert statement == statement.strip() != ""
        before, statement_found, rest = rest.partition(statement)
        assert statement_found
        assert not before.strip() or set(before) & set(";-/")
