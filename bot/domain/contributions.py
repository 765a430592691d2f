"""How features meet without knowing one another: each offers values of these types, and a host draws what it is given.

A feature that is absent draws nothing. Hosts ask ``Contributions.of`` for one type and get the offers in order.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from bot.kit.database import Transaction
from bot.kit.request import Asker
from bot.kit.text import Blocks


@dataclass(frozen=True, slots=True)
class EntryButton:
    """A button for the card of anything in the curriculum, such as ``Open on the roadmap`` or ``Quiz me``.

    ``data`` is called with the entry's kind (stage, subtopic, topic, term, resource) and id, and returns the button's
    data, or None where the button makes no sense. ``label`` is marked with ``N_``; ``host`` is the offering feature.
    """

    label: str
    data: Callable[[str, str], str | None]
    host: str
    order: int = 50


@dataclass(frozen=True, slots=True)
class ProgressLines:
    """Lines for ``/progress``, such as a quiz streak. Runs inside the reading unit of work of the host."""

    lines: Callable[[Transaction, Asker, datetime], Awaitable[Blocks]]
    order: int = 50


@dataclass(frozen=True, slots=True)
class Coming:
    """Something that will happen by itself: when (aware), and what, in words."""

    at: datetime
    what: str


@dataclass(frozen=True, slots=True)
class Upcoming:
    """What a feature has planned; ``next_event`` in the trial chat and, later, ``/schedule`` draw it."""

    soonest: Callable[[Transaction, datetime], Awaitable[Coming | None]]
    order: int = 50


Offer = TypeVar("Offer", EntryButton, ProgressLines, Upcoming)


class Contributions:
    """All offers of all features, by type. Filled by the app once every feature is built."""

    def __init__(self) -> None:
        self._offers: list[object] = []

    def fill(self, offers: Iterable[object]) -> None:
        """Add offers; raises ``TypeError`` for a value that is none."""
        for offer in offers:
            if not isinstance(offer, EntryButton | ProgressLines | Upcoming):
                raise TypeError(f"{offer!r} is no contribution any feature could host")
            self._offers.append(offer)

    def of(self, kind: type[Offer]) -> list[Offer]:
        """Return the offers of one type, in their order."""
        return sorted((offer for offer in self._offers if isinstance(offer, kind)), key=lambda offer: offer.order)
