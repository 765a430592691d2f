"""Export and erase as the operator's commands."""

from __future__ import annotations

import asyncio
import json
import stat
import sys
from pathlib import Path

import pytest

from tests.fakes.privacy_world import ACCOUNTS, TRACES, found_in_files, open_world, plant
from tests.test_cli import refused, roadmate, served

PLATFORM, ACCOUNT = ACCOUNTS[1]


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A folder whose database knows somebody by three accounts."""

    async def make() -> None:
        (tmp_path / "data").mkdir()
        world, database = await open_world(tmp_path / "data" / "roadmate.db")
        await database.write(lambda tx: plant(tx, int(world.clock.now().timestamp())))
        await database.close()

    asyncio.run(make())
    return tmp_path


def test_an_export_holds_every_identity_and_is_for_its_owner_alone(home: Path) -> None:
    result = roadmate(home, "privacy", "export", PLATFORM, ACCOUNT, "them.json")
    assert result.returncode == 0, result.stderr
    text = (home / "them.json").read_text("utf-8")
    assert {one["platform"] for one in json.loads(text)["accounts"]} == {"telegram", "discord", "web", "terminal"}
    assert all(trace in text for trace in TRACES)
    if sys.platform != "win32":
        assert stat.S_IMODE((home / "them.json").stat().st_mode) == 0o600
    refused(roadmate(home, "privacy", "export", PLATFORM, ACCOUNT, "them.json"), "them.json exists already")


def test_erasing_needs_a_word_and_leaves_no_trace(home: Path) -> None:
    refused(roadmate(home, "privacy", "erase", PLATFORM, ACCOUNT), "cannot be undone", "--yes")
    assert found_in_files(home / "data" / "roadmate.db")
    result = roadmate(home, "privacy", "erase", PLATFORM, ACCOUNT, "--yes")
    assert result.returncode == 0, result.stderr
    assert "Erased: " in result.stdout
    assert "are removed by" in result.stdout
    assert found_in_files(home / "data" / "roadmate.db") == []
    refused(roadmate(home, "privacy", "erase", PLATFORM, ACCOUNT, "--yes"), "Nobody is known by the account")


def test_both_wait_for_the_bot_to_stop(home: Path) -> None:
    with served(home):
        for more in (("export", PLATFORM, ACCOUNT, "them.json"), ("erase", PLATFORM, ACCOUNT, "--yes")):
            refused(roadmate(home, "privacy", *more), "Roadmate is running", "Stop it first")
    assert not (home / "them.json").exists()


def test_without_a_database_there_is_nobody(tmp_path: Path) -> None:
    refused(roadmate(tmp_path, "privacy", "erase", PLATFORM, ACCOUNT, "--yes"), "nothing is stored about anybody")
    assert list(tmp_path.iterdir()) == []
