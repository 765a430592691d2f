"""A question as a community has it, with everything a moderator wants to know of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from bot.domain.contributions import Figures
from bot.domain.questions.shapes import Question
from bot.domain.questions.store import Change, Flag, Kind

FAMILY = "g-"
"""Ids of what is made from numbers begin with it; its words are in code, not in a file."""


@dataclass(frozen=True, slots=True)
class View:
    """A question in a community.

    Attributes:
        question: as it reads there now, hidden and retired ones too.
        kind: what became of it; PLAIN if it was never changed.
        is_shipped: whether it came with Roadmate.
        original: its body at first; empty if it came with Roadmate.
        history: what was done to it, newest first; the latest ten.
        flags: what people say is wrong, as long as no moderator looked.
        figures: what answers tell of it; None where nobody can tell.
    """

    question: Question
    kind: Kind
    is_shipped: bool
    original: str = ""
    history: Sequence[Change] = ()
    flags: Sequence[Flag] = ()
    figures: Figures | None = None

    @property
    def seen(self) -> int:
        """The revision of the last thing people did to it; what happened by itself is no reason to look again."""
        return next((change.revision for change in self.history if change.kind is not Kind.HIDDEN), 0) % 1_000_000

    @property
    def is_family(self) -> bool:
        """Whether it is made from numbers."""
        return self.question.id.startswith(FAMILY)


class Refusal(StrEnum):
    """Why something was not changed."""

    UNKNOWN = "unknown"
    CHANGED_SINCE = "changed since"
    RETIRED_ALREADY = "retired already"
    IS_RETIRED = "is retired"
    IS_FAMILY = "is family"
    NOTHING_TO_RESTORE = "nothing to restore"
    UNFIT = "unfit"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a moderator's wish.

    Attributes:
        view: the question as it is now; None: there is none.
        refused: why nothing was changed; None: it was.
        change: number in the audit list, to undo it by; None: nothing to undo.
        people: how many people's points changed.
    """

    view: View | None
    refused: Refusal | None = None
    change: int | None = None
    people: int = 0


class Heard(StrEnum):
    """What came of a flag."""

    KEPT = "kept"
    UNKNOWN = "unknown"
    NOWHERE = "nowhere"
    """The person belongs to no community: nobody could be told."""


@dataclass(frozen=True, slots=True)
class Line:
    """A question in the list of those that wait."""

    question: str
    stem: str
    kind: Kind
    reasons: dict[str, int]
