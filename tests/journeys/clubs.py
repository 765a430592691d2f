"""Communities with a quiz of the day, wherever there can be one, and the people who answer it."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from bot.domain.questions.shapes import CHOICES, Question
from tests.fakes.core import shipped_shelf
from tests.journeys.place import Place, Visitor, goes_on
from tests.journeys.places import PLACES
from tests.journeys.telegram_place import telegram
from tests.journeys.terminal_place import terminal
from tests.journeys.web_place import web

BY_BUTTONS = "telegram-buttons"
KINDS: dict[str, Callable[[Path], AbstractAsyncContextManager[Place]]] = {
    **PLACES,
    BY_BUTTONS: lambda path: telegram(path, "supergroup"),
    "web": web,
    "terminal": terminal,
}
OUR_OWN = ("web", "terminal")
"""Where the bot is from the beginning."""


@dataclass
class Club:
    """A community with a quiz at 20:00, and the five people who answer it.

    ``tells``: whether the bot tells people their verdict; a poll does that itself.
    """

    place: Place
    mo: Visitor
    right: Visitor
    wrong: tuple[Visitor, ...]
    twice: Visitor
    late: Visitor
    tells: bool

    async def asks(self) -> Question:
        """Let the hour of the quiz come; returns what is asked."""
        bank = {one.stem: one for one in await shipped_shelf().bank() if one.how in CHOICES}
        self.place.clock.travel(timedelta(hours=2, minutes=1))
        return bank[await self.place.hears_one_of(bank)]

    async def closes(self) -> str:
        """Let the night pass; returns what the place is told."""
        self.place.clock.travel(timedelta(hours=15))
        await self.place.hears("The answer to the quiz")
        return next(said for said in reversed(self.place.heard) if "The answer to the quiz" in said)


@asynccontextmanager
async def open_club(kind: str, path: Path) -> AsyncIterator[Club]:
    """Let the bot into a place and have it set up there by a moderator."""
    async with KINDS[kind](path) as place:
        mo = place.person("Mo", moderates=True)
        if kind not in OUR_OWN:
            await place.adds_bot()
            await place.is_told("Hello, I am Roadmate")
        await goes_on(place, mo, await mo.says("/setup"), test_post="no test post", quiz="20:00")
        if kind == BY_BUTTONS:
            await mo.says("/settings community")
            await mo.presses("Look of the quiz")
            await mo.presses("buttons")
        right, wrong, twice, late = (place.person(name) for name in ("Ana", "Ben", "Cem", "Dilek"))
        tells = kind in (BY_BUTTONS, "telegram-channel") or not kind.startswith("telegram")
        yield Club(place, mo, right, (wrong, mo), twice, late, tells)


def places(board: str) -> dict[str, int]:
    """Return everybody's place on a board, which says it in a list and maybe below a picture as well."""
    return {name: int(place) for place, name in re.findall(r"(?<!\d)(\d{1,2})\. ([A-Z]\w+)", board)}
