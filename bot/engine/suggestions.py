"""What is offered while somebody types a parameter: entries of the curriculum, from memory."""

from __future__ import annotations

from typing import Final

from bot.domain.curriculum.lookup import Entry, Kind
from bot.domain.curriculum.shelf import Shelf
from bot.kit.platform import Suggestion

LONGEST: Final = 100
KINDS: Final = {
    "entry": frozenset((Kind.STAGE, Kind.SUBTOPIC, Kind.TOPIC, Kind.TERM)),
    "topic": frozenset((Kind.SUBTOPIC, Kind.TOPIC)),
    "term": frozenset((Kind.TERM,)),
}
"""What a parameter may suggest, by the name it declares."""


def suggested(shelf: Shelf, what: str, text: str) -> list[Suggestion]:
    """Return completions of ``text`` for a parameter that suggests ``what``; none for a name nobody knows."""
    kinds = KINDS.get(what)
    if kinds is None:
        return []
    found = shelf.indexes.lookup.complete(text, kinds)
    return [Suggestion(entry.label[:LONGEST], _typed(shelf, entry)) for entry in found]


def _typed(shelf: Shelf, entry: Entry) -> str:
    """Return what to type to get exactly this entry."""
    curriculum = shelf.curriculum
    match entry.kind:
        case Kind.STAGE:
            return str(curriculum.stage_ids[entry.id].number)
        case Kind.SUBTOPIC:
            return curriculum.subtopics[entry.id].number
        case Kind.TOPIC:
            return curriculum.places[entry.id].topic.title
        case _:
            return entry.label
