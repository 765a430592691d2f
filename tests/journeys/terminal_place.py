"""The study hall of a terminal, at which one is all the people there one after another."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from bot.app import App
from bot.infra.clock import MovableClock, SystemDice
from bot.platforms import terminal as platform
from bot.platforms.terminal import TerminalPlatform
from tests.fakes.telegram_bot import WatchedDatabase
from tests.fakes.typed_lines import Typist
from tests.journeys.own_place import OwnPlace
from tests.journeys.place import START, Running, Visitor, label_of

HALL, ALONE = "hall", "alone"
HEAD = re.compile(r"^── .* ──\n", re.MULTILINE)
RULE = re.compile(r"^─+\n", re.MULTILINE)


def read(shown: str) -> str:
    """Return the last card on a piece of screen: its title on a line of its own, then its words without line breaks."""
    card = RULE.sub("", HEAD.split(shown)[-1], count=1).strip()
    title, _end, rest = card.partition("\n")
    return f"{title}\n{' '.join(rest.split())}"


def choices(shown: str) -> dict[str, str]:
    """Return the number of each choice on a piece of screen, by its label."""
    found: dict[str, str] = {}
    for line in re.sub(r"\n {4,5}(?=\S)", " ", shown).splitlines():
        parts = re.split(r"(?:^|\s\s)\[(\d+)\] ", line)
        found |= {
            label.partition(" · ")[0].strip(): number for number, label in zip(parts[1::2], parts[2::2], strict=True)
        }
    return found


@dataclass
class TerminalVisitor:
    """One of the people somebody is at a terminal; each call returns what is shown then."""

    place: TerminalPlace
    name: str
    taps: int = 0
    room: str = HALL
    shown: str = ""

    @property
    def labels(self) -> list[str]:
        return list(choices(self.shown))

    async def says(self, text: str) -> str:
        return await self._in(HALL, text)

    async def asks(self, text: str) -> str:
        return await self._in(ALONE, text)

    async def _in(self, room: str, text: str) -> str:
        self.room = room
        await self.place.sees(self.name, room)
        return await self._types(text)

    async def _types(self, line: str) -> str:
        self.taps += 1
        self.shown = await self.place.typist.types(line)
        if "(type show)" in self.shown:
            self.shown = await self.place.typist.types("show")
        return read(self.shown)

    async def _cards(self, room: str) -> AsyncIterator[str]:
        """Open the cards of a room one after another, the newest first."""
        self.room = room
        await self.place.sees(self.name, room)
        for number in re.findall(r"^(#\d+) ", await self.place.typist.types("cards"), re.MULTILINE):
            yield await self.place.typist.types(number)

    async def presses(self, label: str) -> str:
        """Press on the newest card that offers it, of the room they are in or else of the other one."""
        for room in (self.room, HALL if self.room == ALONE else ALONE):
            async for card in self._cards(room):
                if number := choices(card).get(label):
                    return await self._types(number)
        raise AssertionError(f"no “{label}” for {self.name}; the last card is:\n{self.shown}")

    async def answers(self, option: str) -> str:
        async for card in self._cards(HALL):
            if label := label_of(option, read(card), keys := choices(card)):
                return await self._types(keys[label])
        raise AssertionError(f"no question with the option “{option}”")

    async def travels(self) -> str:
        """Move the clock on to what happens next."""
        await self.place.sees(self.name, HALL)
        return await self.place.typist.types("later")

    async def borrows(self, owner: Visitor, label: str) -> str:
        raise NotImplementedError("a screen shows everybody their own cards alone")

    async def fills(self, **values: str) -> str:
        """Answer the questions that are asked one after another now, or were before the terminal was left."""
        told = ""
        if left := re.search(r"You left (#\d+) unanswered", await self.place.sees(self.name, self.room)):
            self.shown = await self.place.typist.types(left[1])
        for value in values.values():
            told = await self._fill(value)
        return told

    async def _fill(self, value: str) -> str:
        if "Type the path of the file." in self.shown:
            return await self.uploads(value.encode())
        if "an empty line ends them" not in self.shown:
            return await self._types(value)
        for line in value.split("\n") if value else ():
            await self._types(line)
        return await self._types("")

    async def uploads(self, data: bytes) -> str:
        file = self.place.folder / f"{self.taps}.yaml"
        file.write_bytes(data)
        return await self._types(str(file))


@dataclass(kw_only=True)
class TerminalPlace(OwnPlace):
    """The study hall as it scrolls by."""

    folder: Path
    typist: Typist
    people: dict[str, TerminalVisitor] = field(default_factory=dict)
    _said: dict[str, str] = field(default_factory=dict)
    _is_seen: tuple[str, str] = ("", "")
    _read_to: int = 0

    @property
    def heard(self) -> list[str]:
        return list(self._said.values())

    def person(self, name: str, *, moderates: bool = False) -> TerminalVisitor:
        assert moderates == (name == "Mo"), "in the terminal Mo is the moderator, and nobody else"
        return self.people.setdefault(name, TerminalVisitor(self, name))

    async def sees(self, name: str, room: str) -> str:
        """Sit there as somebody, in a room; returns what is shown at that, if it is a change."""
        if self._is_seen == (name, room):
            return ""
        self._is_seen = (name, room)
        return await self.typist.types(f"as {name}") + await self.typist.types(room)

    async def look(self) -> list[str]:
        """Read what came into the hall since, as a stranger there would."""
        new = self.typist.screen.getvalue()[self._read_to :]
        self._read_to += len(new)
        numbers = re.findall(r"── Study hall · (#\d+) ──", new) + re.findall(
            r"^Study hall: (#\d+) has changed", new, re.MULTILINE
        )
        if numbers:
            await self.sees("Dilek", HALL)
        for number in dict.fromkeys(numbers):
            self._said[number] = read(await self.typist.types(number))
        self._read_to = len(self.typist.screen.getvalue())
        return self.heard

    async def restart(self) -> None:
        self._read_to, self._is_seen = 0, ("", "")
        await super().restart()
        await self.typist.is_asked()


@asynccontextmanager
async def terminal(path: Path) -> AsyncIterator[TerminalPlace]:
    """A bot that is talked to in a terminal."""
    clock = MovableClock(START)

    def build(app: App, database: WatchedDatabase) -> TerminalPlatform:
        place.typist = Typist()
        return platform.build(
            database=database,
            clock=clock,
            travel=clock,
            dice=SystemDice(),
            commands=lambda: app.commands,
            suggest=app.suggest,
            next_event=app.next_event,
            rests=app.rests,
            zone="Europe/Berlin",
            reads=place.typist.lines,  # type: ignore[arg-type]
            writes=place.typist.screen,
            called="me",
        )

    place = TerminalPlace(clock=clock, bot=Running(path, clock, build), folder=path.parent, typist=Typist())
    try:
        await place.bot.start()
        await place.typist.is_asked()
        yield place
    finally:
        await place.bot.stop()
