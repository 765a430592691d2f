"""Commands in people's own words: what a catalogue calls them, and from that back to the one name the engine knows.

A catalogue calls a command by the entry ``command:<name>``. Where it has none, or one that a platform does not take or
that already means something else, the command keeps its English name there.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Final

from bot.kit.command import NAME, Command
from bot.kit.wording import Catalogue

ENTRY: Final = "command:"
"""Begins the entry of a command's name in a catalogue."""
_TYPED: Final = re.compile(r"/([^\s@]{1,32})(?=[\s@]|$)")


def called(names: Iterable[str], catalogue: Catalogue, takes: re.Pattern[str] = NAME) -> dict[str, str]:
    """Return what a language calls commands, by their English names; those it calls nothing else are left out.

    ``takes`` is what the platform accepts as a name. No two commands are called the same.
    """
    english = list(names)
    found: dict[str, str] = {}
    taken = set(english)
    for name in english:
        theirs = catalogue.gettext(ENTRY + name).strip().lower()
        if theirs.startswith(ENTRY) or theirs in taken or not takes.fullmatch(theirs):
            continue
        found[name] = theirs
        taken.add(theirs)
    return found


class Names:
    """Tells what a typed command is called in English, whichever of the languages it is typed in.

    ``catalogues`` by language; ``takes`` is what the platform accepts as a name.
    """

    def __init__(
        self,
        commands: Callable[[], Sequence[Command]],
        catalogues: Mapping[str, Catalogue],
        takes: re.Pattern[str] = NAME,
    ) -> None:
        self._commands = commands
        self._catalogues = catalogues
        self._takes = takes
        self._for: tuple[str, ...] = ()
        self._tables: dict[str, dict[str, str]] = {}

    def english(self, word: str, language: str = "") -> str:
        """Return the English name of a command; what is none, or is English already, comes back as it is.

        A word that two languages use for different things means what it means in ``language``, if that is one of them.
        """
        names = tuple(command.name for command in self._commands())
        if names != self._for:
            self._for, self._tables = names, {}
            for tag, catalogue in self._catalogues.items():
                theirs = called(names, catalogue, self._takes)
                self._tables[tag] = {local: name for name, local in theirs.items()}
        if word in names or not self._tables:
            return word
        own = self._tables.get(language) or self._tables.get(language.partition("-")[0]) or {}
        for table in (own, *self._tables.values()):
            if word in table:
                return table[word]
        return word

    def translated(self, text: str, language: str = "") -> str:
        """Return a typed line with its command in English: ``/fahrplan 2`` as ``/roadmap 2``."""
        found = _TYPED.match(text) if self._catalogues else None
        return text if found is None else f"/{self.english(found[1].lower(), language)}{text[found.end() :]}"
