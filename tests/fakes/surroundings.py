"""The port to what a platform tells of places, with whatever a test puts into it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from bot.kit.platform import Lacking, Room
from bot.kit.posting import Address, NotSentError


@dataclass
class FakeSurroundings:
    """Tells of ``others`` besides the place asked about, and which rights are missing where."""

    others: list[Room] = field(default_factory=list)
    missing: dict[str, list[Lacking]] = field(default_factory=dict)
    """By thread."""
    gone: dict[str, Exception] = field(default_factory=dict)
    is_silent: bool = False

    async def lacking(self, to: Address) -> Sequence[Lacking]:
        """Return what is missing there."""
        if to.thread in self.gone:
            raise self.gone[to.thread]
        if self.is_silent:
            raise NotSentError("no connection")
        return self.missing.get(to.thread, [])

    async def rooms(self, here: Address) -> Sequence[Room]:
        """Return the place itself and the others."""
        if self.is_silent:
            raise NotSentError("no connection")
        return [Room(here, "Hall"), *self.others]
