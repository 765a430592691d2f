"""What a feature is given to work with."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from bot.domain.community.preferences import Preferences
from bot.domain.contributions import Contributions
from bot.domain.curriculum.shelf import Shelf
from bot.domain.learning.store import Ledger
from bot.domain.personal.records import PersonalRecords
from bot.domain.questions.corrections import Corrections
from bot.kit.clock import Clock, Dice
from bot.kit.command import Command
from bot.kit.database import Database
from bot.kit.platform import Surroundings
from bot.kit.posting import Outbox
from bot.kit.schedule import Job, Schedules
from bot.kit.wording import Catalogue


@dataclass(frozen=True, slots=True)
class Tools:
    """Ports and shared knowledge.

    Attributes:
        database: runs units of work. The first writing unit of a request also notes the request's event, so that a
            second delivery changes nothing: keep everything one request changes in one unit.
        clock, dice: time and chance.
        shelf: the curriculum in use.
        ledger: the record of learning.
        outbox: what the bot will say by itself.
        schedules: what will happen by itself, and when.
        contributions: what other features offer.
        commands: every command of every feature, for help.
        jobs: every job of every feature, by name.
        preferences: what people and communities set.
        surroundings: what a platform tells of places, by the platform's name; None where it tells nothing.
        corrections: the questions as communities have changed them.
        personal: everything stored about a person, in every table.
        catalogue: the sentences of a language; English where there are none.
        languages: each language Roadmate speaks, by code, with its own name for itself.
    """

    database: Database
    clock: Clock
    dice: Dice
    shelf: Shelf
    ledger: Ledger
    outbox: Outbox
    schedules: Schedules
    contributions: Contributions
    commands: Callable[[], Sequence[Command]]
    jobs: Callable[[], Mapping[str, Job]]
    preferences: Preferences
    surroundings: Callable[[str], Surroundings | None]
    languages: Callable[[], Sequence[tuple[str, str]]]
    catalogue: Callable[[str], Catalogue]
    personal: PersonalRecords
    corrections: Corrections
