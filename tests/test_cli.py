"""The ``roadmate`` command as a process: how it starts, what it refuses, how it stops."""

from __future__ import annotations

import os
import re
import signal
import socket
import sqlite3
import subprocess
import sys
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

PATIENCE = 30


def environment(folder: Path, **settings: str) -> dict[str, str]:
    """A clean environment with settings; nothing of ours leaks in from outside."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("ROADMATE_")}
    return kept | {"ROADMATE_HOME": str(folder / "data"), "PYTHONUTF8": "1"} | settings


def roadmate(
    folder: Path, *arguments: str, settings: Mapping[str, str] | None = None, typed: str = ""
) -> subprocess.CompletedProcess[str]:
    """Run the command to its end in an empty folder."""
    return subprocess.run(
        [sys.executable, "-m", "bot", *arguments],
        cwd=folder,
        env=environment(folder, **(settings or {})) | {"PYTHONPATH": str(Path(__file__).resolve().parents[1])},
        input=typed,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )


@contextmanager
def served(folder: Path, **settings: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """Run the bot on a free port; yields the process and the address it printed."""
    settings.setdefault("ROADMATE_WEB", "127.0.0.1:0")
    process = subprocess.Popen(
        [sys.executable, "-m", "bot"],
        cwd=folder,
        env=environment(folder, **settings) | {"PYTHONPATH": str(Path(__file__).resolve().parents[1])},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout is not None
        line = process.stdout.readline()
        found = re.search(r"http://\S+", line)
        assert found, (line, process.stderr.read() if process.stderr else "")
        yield process, found[0]
    finally:
        if process.poll() is None:
            process.kill()
        process.communicate()


def refused(result: subprocess.CompletedProcess[str], *words: str) -> None:
    """Check a refusal: exit code 2, a sentence with these words, no traceback."""
    assert result.returncode == 2, (result.stdout, result.stderr)
    for word in words:
        assert word in result.stderr
    assert "Traceback" not in result.stderr


def test_started_without_anything_it_answers_in_the_browser(tmp_path: Path) -> None:
    with served(tmp_path) as (_process, address), urllib.request.urlopen(address) as page:
        assert page.status == 200
        assert "Roadmate" in page.read().decode()
    assert (tmp_path / "data" / "roadmate.db").is_file()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_stops_it_cleanly_within_five_seconds(tmp_path: Path, number: signal.Signals) -> None:
    with served(tmp_path) as (process, address):
        stream = urllib.request.urlopen(address)
        process.send_signal(number)
        _out, errors = process.communicate(timeout=5)
        stream.close()
        assert process.returncode == 0
        assert "Traceback" not in errors
    assert not (tmp_path / "data" / "roadmate.db-wal").exists(), "everything is in the one file"


def test_the_terminal_holds_the_same_conversation(tmp_path: Path) -> None:
    result = roadmate(tmp_path, "chat", typed="/roadmap 2\n/done knn\n/progress\nquit\n")
    assert result.returncode == 0, result.stderr
    assert "Stage 2" in result.stdout
    assert "Done: K-nearest neighbors" in result.stdout
    again = roadmate(tmp_path, "chat", typed="/roadmap knn\n")
    assert "You have done this" in again.stdout


def test_a_clock_that_was_moved_on_goes_on_from_there(tmp_path: Path) -> None:
    first = roadmate(tmp_path, "chat", typed="later 3d\n/help\nquit\n")
    assert "goes on where you left it" not in first.stdout
    later = [line for line in first.stdout.splitlines() if line.startswith("It is ")]
    again = roadmate(tmp_path, "chat", typed="quit\n")
    assert "The clock goes on where you left it" in again.stdout
    assert later[0].removeprefix("It is ").partition(",")[0] in again.stdout


def meets_somebody_elsewhere(folder: Path) -> None:
    """Let a file be one that somebody on Telegram is in, too."""
    roadmate(folder, "chat", typed="/help\nquit\n")
    with closing(sqlite3.connect(folder / "data" / "roadmate.db")) as raw:
        raw.execute("INSERT INTO community_identity VALUES ('telegram', '77', 1)")
        raw.commit()


def test_the_clock_of_people_elsewhere_is_not_moved_in_the_terminal(tmp_path: Path) -> None:
    meets_somebody_elsewhere(tmp_path)
    told = " ".join(roadmate(tmp_path, "chat", typed="later 2h\nquit\n").stdout.split())
    assert "People elsewhere go by this clock, so it stays." in told


def test_the_clock_of_people_elsewhere_is_not_moved_on_the_page(tmp_path: Path) -> None:
    alone, shared = tmp_path / "alone", tmp_path / "shared"
    for folder in (alone, shared):
        folder.mkdir()
    meets_somebody_elsewhere(shared)
    pages = []
    for folder in (alone, shared):
        with served(folder) as (_process, address), urllib.request.urlopen(address) as page:
            pages.append(page.read().decode())
    assert ["+1 day" in page for page in pages] == [True, False]


def test_a_port_in_use_is_refused_with_the_next_step(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        refused(roadmate(tmp_path, settings={"ROADMATE_WEB": f"127.0.0.1:{port}"}), str(port), "in use", "ROADMATE_WEB")


def test_a_second_instance_on_the_same_file_is_refused(tmp_path: Path) -> None:
    with served(tmp_path):
        refused(roadmate(tmp_path, "chat"), "already running", "roadmate.db")


def test_all_wrong_settings_are_told_at_once(tmp_path: Path) -> None:
    result = roadmate(
        tmp_path,
        settings={"ROADMATE_WEB": "everywhere", "ROADMATE_WEBB": "x", "ROADMATE_WEB_SECRET": "short"},
    )
    refused(
        result, "ROADMATE_WEB is “everywhere”", "ROADMATE_WEBB", "Did you mean ROADMATE_WEB?", "ROADMATE_WEB_SECRET"
    )
    assert "short" not in result.stderr.replace("too short", "")
    assert not (tmp_path / "data").exists(), "nothing half-started"


def test_settings_may_stand_in_a_file(tmp_path: Path) -> None:
    (tmp_path / "roadmate.toml").write_text('web = "nowhere"\nwep = "1"\n')
    refused(roadmate(tmp_path), "roadmate.toml: web", "roadmate.toml: wep", "Did you mean web?")


def test_an_address_others_can_reach_needs_a_secret(tmp_path: Path) -> None:
    refused(roadmate(tmp_path, settings={"ROADMATE_WEB": "0.0.0.0:0"}), "ROADMATE_WEB_SECRET", "others can reach")


def test_a_wrong_rehearsal_clock_is_refused(tmp_path: Path) -> None:
    refused(roadmate(tmp_path, settings={"ROADMATE_CLOCK": "tomorrow"}), "ROADMATE_CLOCK", "2026-11-20T08:58Z*60")


def test_a_folder_that_cannot_be_written_is_refused(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file where a folder belongs")
    refused(roadmate(tmp_path), "data")


def test_a_file_that_is_no_database_is_refused_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("not a database, but dear to somebody\n" * 100)
    before = path.read_bytes()
    refused(roadmate(tmp_path, settings={"ROADMATE_DATABASE": str(path)}), "notes.txt")
    assert path.read_bytes() == before


def test_broken_content_starts_nothing_and_names_every_line(tmp_path: Path) -> None:
    folder = tmp_path / "mine" / "glossary"
    folder.mkdir(parents=True)
    (folder / "own.yaml").write_text(
        "- term: epoch two\n  topic: no-such-topic\n  definition: one\n- term: b\n  colour: red\n"
    )
    result = roadmate(tmp_path, settings={"ROADMATE_CONTENT": str(tmp_path / "mine")})
    refused(result, "own.yaml:4", "“topic” is missing", "unknown key “colour”", "nothing was started")
    assert not (tmp_path / "data").exists()


def test_own_content_adds_to_the_shipped_one(tmp_path: Path) -> None:
    folder = tmp_path / "mine" / "glossary"
    folder.mkdir(parents=True)
    (folder / "own.yaml").write_text("- term: flux capacitor\n  topic: python\n  definition: what makes it possible\n")
    problem = roadmate(tmp_path, "check", str(tmp_path / "mine"))
    assert problem.returncode == 2
    assert "own.yaml:1: the term “flux capacitor” names the topic “python”, which does not exist" in problem.stdout
    (folder / "own.yaml").write_text(
        "- term: flux capacitor\n  topic: py-syntax\n  definition: what makes it possible\n"
    )
    assert roadmate(tmp_path, "check", str(tmp_path / "mine")).returncode == 0
    settings = {"ROADMATE_CONTENT": str(tmp_path / "mine")}
    assert "makes it possible" in roadmate(tmp_path, "chat", settings=settings, typed="/define flux capacitor\n").stdout


def test_check_without_arguments_is_content_with_what_ships(tmp_path: Path) -> None:
    result = roadmate(tmp_path, "check")
    assert result.returncode == 0
    assert "71 topics" in result.stdout
    refused(roadmate(tmp_path, "check", "nowhere"), "nowhere is no folder")


def test_an_address_for_others_needs_a_secret_too(tmp_path: Path) -> None:
    refused(roadmate(tmp_path, settings={"ROADMATE_PUBLIC_URL": "https://road.example"}), "ROADMATE_WEB_SECRET")


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("postgresql://me:hush-hush@127.0.0.1:1/road", ("“road” at 127.0.0.1:1", "cannot be reached", "server runs")),
        ("postgresql://me:hush-hush@nowhere.invalid/road", ("“road” at nowhere.invalid", "cannot be reached")),
        ("postgresql://me:hush-hush@127.0.0.1:port/road", ("ROADMATE_DATABASE cannot be read", "host:5432")),
        ("postgresql://me:hush-hush/@127.0.0.1/road", ("ROADMATE_DATABASE cannot be read", "%2F")),
        ("postgresql://me:hush-hush@127.0.0.1:1/road?sslmode=often", ("ROADMATE_DATABASE cannot be understood",)),
        ("mysql://me:hush-hush@127.0.0.1/road", ("ROADMATE_DATABASE must be", "postgresql://")),
    ],
)
def test_start_and_doctor_say_the_same_about_a_server_that_cannot_be_used(
    tmp_path: Path, address: str, words: tuple[str, ...]
) -> None:
    settings = {"ROADMATE_DATABASE": address}
    refused(roadmate(tmp_path, settings=settings), *words)
    looked = roadmate(tmp_path, "doctor", settings=settings)
    assert looked.returncode == 1
    for word in words:
        assert word in looked.stdout
    for text in (looked.stdout, looked.stderr, roadmate(tmp_path, "chat", settings=settings).stderr):
        assert "hush" not in text
        assert "Traceback" not in text
    assert list(tmp_path.iterdir()) == []


def test_terminal_and_browser_take_turns_on_one_file(tmp_path: Path) -> None:
    assert roadmate(tmp_path, "chat", typed="/done knn\n").returncode == 0
    with served(tmp_path):
        pass
    assert "You have done this" in roadmate(tmp_path, "chat", typed="/roadmap knn\n").stdout
    assert sorted(path.name for path in (tmp_path / "data").glob("*.db")) == ["roadmate.db"]


def test_a_reader_that_leaves_ends_the_terminal_quietly(tmp_path: Path) -> None:
    command = f"yes /roadmap | {sys.executable} -m bot chat | head -3"
    done = subprocess.run(
        command, shell=True, cwd=tmp_path, capture_output=True, text=True, timeout=PATIENCE, check=False,
        env=environment(tmp_path) | {"PYTHONPATH": str(Path(__file__).resolve().parents[1])},
    )  # fmt: skip
    assert "Traceback" not in done.stderr
    assert "BrokenPipe" not in done.stderr


def test_a_home_that_cannot_be_looked_into_is_refused(tmp_path: Path) -> None:
    refused(roadmate(tmp_path, settings={"ROADMATE_HOME": "x" * 5000}), "cannot be read", "Set ROADMATE_HOME")


def test_check_names_files_that_nobody_would_read(tmp_path: Path) -> None:
    (tmp_path / "quizz").mkdir()
    (tmp_path / "quizz" / "mine.yaml").write_text("- id: q-mine-1\n", "utf-8")
    done = roadmate(tmp_path, "check", str(tmp_path))
    assert done.returncode == 2
    assert "mine.yaml:1: is in no folder that is read" in done.stdout


def test_an_own_question_is_shown(tmp_path: Path) -> None:
    own = tmp_path / "own" / "quiz"
    own.mkdir(parents=True)
    (own / "mine.yaml").write_text(OWN_QUESTION, "utf-8")
    done = roadmate(tmp_path, "question", "q-alg-knn-900", settings={"ROADMATE_CONTENT": str(tmp_path / "own")})
    assert done.returncode == 0, done.stderr
    assert "Which of these is my own?" in done.stdout


OWN_QUESTION = """\
- id: q-alg-knn-900
  topic: alg-knn
  level: easy
  stem: Which of these is my own?
  answer:
    - text: This one here
      why: It stands in a folder of my own.
  wrong:
    - text: That one there
      why: It stands in another folder.
    - text: The third of them
      why: It stands nowhere at all.
  explanation: It was written a moment ago.
  source: islp
"""
