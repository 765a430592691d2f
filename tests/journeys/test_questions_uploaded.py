"""A moderator sends a file of questions: the same on each platform, whatever is in the file."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.features.questions.world import YAML, yaml_of
from tests.journeys.clubs import Club, open_club

PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01" * 40
BOMB = "a: &a [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{chr(97 + n)}: &{chr(97 + n)} [{', '.join([f'*{chr(96 + n)}'] * 9)}]\n" for n in range(1, 20)
)
NOT_TAKEN: dict[str, tuple[str | bytes, str]] = {
    "10,000 questions": ("- {id: q-x}\n" * 10_000, "that is 10000 questions, and at most 200 fit"),
    "10,000 long questions": (yaml_of(10_000), "larger than 256 KiB"),
    "5 MB": ("# " + "x" * 5_000_000, "larger than 256 KiB"),
    "broken YAML": ("- id: [unclosed", "Nothing was imported"),
    "a YAML bomb": (BOMB, "Nothing was imported"),
    "deep YAML": ("[" * 50_000, "Nothing was imported"),
    "a picture": (PNG, "not a text file"),
    "UTF-16": (YAML.encode("utf-16"), "not a text file"),
    "nothing": ("", "That file is empty"),
    "blanks": (" \n \n", "That file is empty"),
}


@pytest.fixture(params=("telegram-supergroup", "discord-text", "web", "terminal"))
async def club(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Club]:
    """A community on each platform."""
    async with open_club(request.param, tmp_path / "journey.db") as opened:
        yield opened


async def test_a_file_is_imported_and_taken_back(club: Club) -> None:
    mo = club.mo
    await mo.says("/question import")
    told = await mo.uploads(yaml_of(200).replace("\n", "\r\n").encode("utf-8-sig"))
    assert "200 questions added, q-c" in told
    assert "retired" in await mo.presses("Undo")


async def test_a_file_is_mended_and_sent_once_more(club: Club) -> None:
    mo = club.mo
    await mo.says("/question import")
    told = await mo.uploads(YAML.replace("alg-knn", "nowhere").encode())
    assert "line 1: " in told
    assert "“nowhere”, which does not exist" in told
    assert "Added: q-c" in await mo.uploads(YAML.encode())


async def test_what_is_no_file_of_questions_is_kindly_refused(club: Club, caplog: pytest.LogCaptureFixture) -> None:
    mo = club.mo
    for name, (text, said) in NOT_TAKEN.items():
        await mo.says("/question import")
        told = await mo.uploads(text if isinstance(text, bytes) else text.encode())
        assert said in told, name
        assert "Traceback" not in told
        assert "mistake of ours" not in told
    assert [record for record in caplog.records if record.levelno >= logging.ERROR] == []
    await mo.says("/question import")
    assert "Added: q-c1-1." in await mo.uploads(YAML.encode())  # the first ever: nothing was imported before
