"""Every journey runs in every world, and every world on every database."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.fakes import databases
from tests.journeys.clubs import BY_BUTTONS, Club, open_club
from tests.journeys.worlds import WORLDS, World

HERE = "postgres" if databases.ON_POSTGRES else "sqlite"
ELSEWHERE = () if databases.ON_POSTGRES else ("postgres",)


@pytest.fixture(params=[pytest.param((HERE, name), id=name) for name in WORLDS]
                + [pytest.param((kind, name), id=f"{name}-{kind}") for kind in ELSEWHERE for name in WORLDS])  # fmt: skip
async def anywhere(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[World]:
    """A running bot on each platform in turn."""
    kind, name = request.param
    if kind == "postgres":
        request.getfixturevalue("postgres")
        monkeypatch.setattr(databases, "ON_POSTGRES", True)
    async with WORLDS[name](tmp_path / "journey.db") as world:
        yield world


FEW = ("telegram-supergroup", BY_BUTTONS, "discord-text", "web", "terminal")
"""One place for each way of answering; they run on the other database too."""
ON_FEW = [pytest.param((HERE, kind), id=kind) for kind in FEW] + [
    pytest.param((other, kind), id=f"{kind}-{other}") for other in ELSEWHERE for kind in FEW
]


@pytest.fixture(params=ON_FEW)
async def club(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Club]:
    """A community in each kind of place in turn."""
    database, kind = request.param
    if database == "postgres":
        request.getfixturevalue("postgres")
        monkeypatch.setattr(databases, "ON_POSTGRES", True)
    async with open_club(kind, tmp_path / "journey.db") as opened:
        yield opened
