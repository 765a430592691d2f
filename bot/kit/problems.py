"""Everything that is wrong with the content, collected and told at once as ``file:line: sentence``."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from bot.kit.errors import ContentError


@dataclass(frozen=True, slots=True, order=True)
class Spot:
    """A line of a content file; ``line`` counts from 1."""

    file: str
    line: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}"


NOWHERE = Spot("", 0)


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One thing to mend and where."""

    spot: Spot
    sentence: str

    def __str__(self) -> str:
        return f"{self.spot}: {self.sentence}"


@dataclass(slots=True)
class Problems:
    """A growing list of things to mend; reading goes on after each so that one run tells all."""

    found: list[Problem] = field(default_factory=list)

    def add(self, spot: Spot, sentence: str) -> None:
        """Note one thing to mend."""
        self.found.append(Problem(spot, sentence))

    def __iter__(self) -> Iterator[Problem]:
        return iter(sorted(set(self.found)))

    def __bool__(self) -> bool:
        return bool(self.found)

    def refuse(self) -> None:
        """Raise ``ContentError`` with every problem, one a line, if there is any."""
        if self.found:
            raise ContentError("\n".join(map(str, self)))
