"""Pages of the web chat as people who learn together would leave them, each photographed by a browser."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Final

from tests.journeys.clubs import open_club
from tests.journeys.place import Place
from tests.journeys.web_place import ALONE, HALL, WebPlace, web

Photograph = Callable[[str], Awaitable[None]]
"""Takes the picture of an address."""
Scene = Callable[[Path, Photograph], Awaitable[None]]
"""Lets something happen over a database at a path, and has it photographed."""


async def roadmap(path: Path, photograph: Photograph) -> None:
    async with web(path) as place:
        ana = place.person("Ana")
        for topic in ("1.1", "1.2", "git", "sql", "linear regression", "decision trees"):
            await ana.asks(f"/done {topic}")
        await ana.asks("/roadmap")
        await photograph(_address(place, "ana", ALONE))


async def next_step(path: Path, photograph: Photograph) -> None:
    async with web(path) as place:
        ana = place.person("Ana")
        for line in ("/done 1.1", "/define overfitting", "/next"):
            await ana.asks(line)
        await photograph(_address(place, "ana", ALONE))


async def quiz(path: Path, photograph: Photograph) -> None:
    async with open_club("web", path) as club:
        question = await club.asks()
        for one in (club.right, club.late):
            await one.answers(question.answer[0].text)
        await club.twice.answers(question.wrong[0].text)
        await photograph(_address(club.place, "cem", HALL))


SCENES: Final[tuple[tuple[str, tuple[int, int], bool, Scene], ...]] = (
    ("web-light", (1280, 860), False, roadmap),
    ("web-dark-phone", (500, 860), True, next_step),
    ("web-quiz", (1000, 1040), False, quiz),
)
"""Each picture: its name, its size in pixels, whether it is dark, and what happens."""


def _address(place: Place, account: str, room: str) -> str:
    assert isinstance(place, WebPlace)
    return f"{place.url}/room/{room}/as/{account}/"
