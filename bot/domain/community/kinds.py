"""Kinds of preferences that need knowledge of the world: zones and languages."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final
from zoneinfo import ZoneInfo

from bot.domain.community.zones import zones
from bot.kit.command import BadArgumentError
from bot.kit.wording import _, quoted, say

OFFERED: Final = ("UTC", "Europe/London", "Europe/Berlin", "America/New_York", "Asia/Kolkata")


@dataclass(frozen=True, slots=True)
class Zone:
    """A time zone by the names people use: a city, a country, an IANA name or an offset."""

    offered: tuple[str, ...] = OFFERED
    is_open: bool = True

    @property
    def choices(self) -> tuple[str, ...]:
        """A few zones of many people."""
        return self.offered

    def read(self, text: str, /) -> str:
        """Return the IANA name; raise ``BadArgumentError`` with guesses where it is not certain what was meant."""
        found = zones().find(text)
        if found.zone is not None:
            return found.zone
        word = quoted(text.strip()[:60])
        if found.guesses:
            raise BadArgumentError(
                say(_("{word} could be {zones}. Which one?"), word=word, zones=", ".join(map(self.show, found.guesses)))
            )
        raise BadArgumentError(
            say(_("I know no place called {word}. Type the nearest large city, such as {example}."), word=word,
                example="Berlin")
        )  # fmt: skip

    def show(self, value: str, /) -> str:
        """Return the city and the zone's name."""
        city = value.rpartition("/")[2].replace("_", " ")
        return city if city in (value, "UTC") else f"{city} ({value})"


@dataclass(frozen=True, slots=True)
class Language:
    """A language Roadmate speaks; ``AUTOMATIC`` leaves it to the platform.

    ``known`` returns each code with the language's own name for itself; ``automatic`` is what the last choice is
    called, marked with ``N_``.
    """

    known: Callable[[], Sequence[tuple[str, str]]]
    automatic: str
    is_open: bool = False

    @property
    def choices(self) -> tuple[str, ...]:
        """Every language."""
        return (*(code for code, _name in self.known()), AUTOMATIC)

    def read(self, text: str, /) -> str:
        """Accept a code or a language's own name."""
        word = text.strip().casefold()
        for code, name in self.known():
            if word in (code, name.casefold(), ENGLISH_NAMES.get(code, code)):
                return code
        if word in (AUTOMATIC, _(self.automatic).casefold()):
            return AUTOMATIC
        names = ", ".join(name for _code, name in self.known())
        raise BadArgumentError(
            say(_("I speak {names}, but not {word} yet."), names=names, word=quoted(text.strip()[:40]))
        )

    def show(self, value: str, /) -> str:
        """Return the language's own name for itself."""
        if value == AUTOMATIC:
            return _(self.automatic)
        return dict(self.known()).get(value, value)


AUTOMATIC: Final = "auto"
ENGLISH_NAMES: Final = {
    "de": "german",
    "es": "spanish",
    "fr": "french",
    "pl": "polish",
    "pt": "portuguese",
    "ru": "russian",
}
"""What languages are called in English, for whoever asks for theirs in it."""


def local_time(zone: str, now: datetime) -> str:
    """Return what the wall shows in a zone at ``now`` (aware), for people to check a guess by."""
    return now.astimezone(ZoneInfo(zone) if zone != "UTC" else UTC).strftime("%H:%M")
