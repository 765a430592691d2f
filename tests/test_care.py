"""Backup and restore as commands, beside a running bot and without one."""

from __future__ import annotations

import io
import re
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from bot.care import Bar
from bot.connections import without_password
from tests.test_cli import refused, roadmate, served


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A folder in which somebody has marked a topic as done."""
    assert roadmate(tmp_path, "chat", typed="/done knn\n").returncode == 0
    return tmp_path


def backup(folder: Path, *more: str) -> Path:
    """Make a backup and return where it is said to be."""
    result = roadmate(folder, "backup", *more)
    assert result.returncode == 0, result.stderr
    found = re.search(r"Wrote (\S+\.db): .* rows, checked\.", result.stdout)
    assert found, result.stdout
    return Path(found[1])


def knows(folder: Path) -> str:
    return roadmate(folder, "chat", typed="/roadmap knn\n").stdout


def names(folder: Path) -> list[str]:
    return sorted(entry.name for entry in folder.iterdir())


def test_a_backup_beside_a_running_bot_has_a_dated_name_and_is_checked(home: Path) -> None:
    with served(home):
        made = backup(home)
        assert re.fullmatch(r"roadmate-\d{4}-\d\d-\d\dT\d{4}\.db", made.name)
        assert made.parent == (home / "data" / "backups").resolve()
        assert backup(home) != made, "a second one replaces nothing"


def test_a_backup_goes_where_it_is_told_and_replaces_nothing(home: Path) -> None:
    (home / "shelf").mkdir()
    assert backup(home, "shelf").parent == (home / "shelf").resolve()
    assert backup(home, "mine.db") == (home / "mine.db").resolve()
    refused(roadmate(home, "backup", "mine.db"), "mine.db exists already")
    assert names(home / "data") == ["history", "roadmate.db"] or names(home / "data") == ["roadmate.db"]


def test_without_a_database_there_is_nothing_to_back_up(tmp_path: Path) -> None:
    refused(roadmate(tmp_path, "backup"), "no database at", "nothing to back up")
    assert names(tmp_path) == []


def test_a_restore_brings_back_what_was_and_says_how_to_go_back(home: Path) -> None:
    made = backup(home)
    assert roadmate(home, "chat", typed="/done numpy-arrays\n/undo\n/done pandas\n").returncode == 0
    before = (home / "data" / "roadmate.db").read_bytes()
    result = roadmate(home, "restore", str(made))
    assert result.returncode == 0, result.stderr
    assert "You have done this" in knows(home)
    way_back = re.search(r"To go back: roadmate restore (\S+)", result.stdout)
    assert way_back
    assert Path(way_back[1]).read_bytes() == before
    assert roadmate(home, "restore", way_back[1]).returncode == 0
    assert not [name for name in names(home / "data") if "restoring" in name or "lock" in name]


def test_a_restore_waits_for_the_bot_to_stop(home: Path) -> None:
    made = backup(home)
    with served(home):
        refused(roadmate(home, "restore", str(made)), "already running", "Stop it first")
    assert "You have done this" in knows(home)


def test_a_damaged_database_names_the_backup_and_the_command_that_mends_it(home: Path) -> None:
    made = backup(home)
    (home / "data" / "roadmate.db").write_bytes(b"gone with the wind" * 1000)
    result = roadmate(home, "chat", typed="/next\n")
    refused(result, "damaged", f"roadmate restore {made}")
    restored = roadmate(home, "restore", str(made))
    assert restored.returncode == 0, restored.stderr
    assert "is kept in" in restored.stdout
    assert "To go back" not in restored.stdout
    assert "You have done this" in knows(home)


def test_a_restore_without_any_database_makes_one(home: Path) -> None:
    made = backup(home, "mine.db")
    (home / "data" / "roadmate.db").unlink()
    assert roadmate(home, "restore", str(made)).returncode == 0
    assert "You have done this" in knows(home)


def test_an_older_backup_is_brought_up_to_date(home: Path) -> None:
    made = backup(home, "old.db")
    with closing(sqlite3.connect(made)) as raw:  # as if nobody had kept a record of learning yet
        tables = raw.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND name LIKE 'learning%'").fetchall()
        assert tables
        for (table,) in tables:
            raw.execute(f"DROP TABLE {table}")
        raw.execute("DELETE FROM schema_migration WHERE owner = 'learning'")
        raw.commit()
    result = roadmate(home, "restore", str(made))
    assert result.returncode == 0, result.stderr
    assert "brought up to this version (learning/0001" in result.stdout


def test_a_backup_of_a_newer_version_is_refused_and_nothing_changes(home: Path) -> None:
    made = backup(home, "newer.db")
    with closing(sqlite3.connect(made)) as raw:
        raw.execute("INSERT INTO schema_migration VALUES ('engine', 9999, 'future', 'x', 0)")
        raw.commit()
    before = (home / "data" / "roadmate.db").read_bytes()
    refused(roadmate(home, "restore", str(made)), "newer.db", "newer Roadmate", "nothing was changed")
    assert (home / "data" / "roadmate.db").read_bytes() == before
    assert not [name for name in names(home / "data") if "restoring" in name]


def test_a_restore_leaves_another_programs_file_alone(home: Path) -> None:
    made = backup(home, "mine.db")
    other = home / "other.db"
    with closing(sqlite3.connect(other)) as raw:
        raw.execute("CREATE TABLE cookie (name)")
    before = other.read_bytes()
    settings = {"ROADMATE_DATABASE": str(other)}
    refused(roadmate(home, "restore", str(made), settings=settings), "another program", "left alone")
    assert other.read_bytes() == before


def test_a_refused_restore_creates_nothing(tmp_path: Path) -> None:
    refused(roadmate(tmp_path, "restore", "nowhere.db"), "does not exist", "roadmate restore")
    assert names(tmp_path) == []


def test_without_a_file_the_backups_are_listed_with_their_state(home: Path) -> None:
    assert "There are no backups" in roadmate(home, "restore").stdout
    made = backup(home)
    (made.parent / "roadmate-2026-01-01T0000-daily.db").write_bytes(b"x")
    shown = roadmate(home, "restore").stdout.splitlines()
    assert shown[1].startswith(str(made))
    assert shown[1].endswith(": good")
    assert "2026-01-01 00:00 UTC, daily" in shown[2]
    assert shown[2].endswith("is not a database")


@pytest.mark.parametrize(("verb", "tool"), [("backup", "pg_dump"), ("restore", "pg_restore")])
def test_a_servers_own_tools_are_named_without_its_password(tmp_path: Path, verb: str, tool: str) -> None:
    address = "postgresql://ana:hunter2hunter2@db.example/road?sslmode=require&sslpassword=deepsecret"
    more = ["x.dump"] if verb == "restore" else []
    result = roadmate(tmp_path, verb, *more, settings={"ROADMATE_DATABASE": address})
    refused(result, tool, "postgresql://ana@db.example/road?sslmode=require")
    assert "hunter2" not in result.stderr
    assert "deepsecret" not in result.stderr


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("postgresql://h/db", "postgresql://h/db"), ("postgresql://a:b%40@h:1/db", "postgresql://a@h:1/db"),
        ("postgres://a@[::1]:5432/db?password=p", "postgres://a@[::1]:5432/db"), ("postgresql://:p@h/db", "postgresql://@h/db"),
    ],
)  # fmt: skip
def test_an_address_is_shown_without_its_password(address: str, shown: str) -> None:
    assert without_password(address) == shown


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_progress_is_a_bar_in_a_terminal_and_a_few_lines_elsewhere() -> None:
    terminal, file = Terminal(), io.StringIO()
    for stream in (terminal, file):
        bar = Bar(stream, "Copying")
        for done in range(1001):
            bar.show(done, 1000)
    assert terminal.getvalue().count("\r") == 101
    assert terminal.getvalue().endswith("██████████████████████████████ 100 %\n")
    assert file.getvalue().splitlines() == [f"Copying: {percent} %" for percent in (0, 25, 50, 75, 100)]


def test_progress_over_nothing_is_complete() -> None:
    file = io.StringIO()
    Bar(file, "Copying").show(0, 0)
    assert file.getvalue() == "Copying: 100 %\n"
