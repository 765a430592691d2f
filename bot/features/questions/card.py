"""A question as a community has it, with everything a moderator wants to know of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from bot.domain.contributions import Figures
from bot.domain.questions.shapes import Question
from bot.domain.questions.store import Change, Flag, Kind

FAMILY = "g-"
"""Ids of what is made from numbers begin with it; its words are in code, not in a file."""
HISTORY = 30
"""How many of the latest changes of a question are looked at."""


@dataclass(frozen=True, slots=True)
class View:
    """A question in a community.

    Attributes:
        question: as it reads there now, hidden and retired ones too.
        kind: what became of it; PLAIN if it was never changed.
        is_shipped: whether it came with Roadmate.
        written: the change that added it; None if it came with Roadmate.
        history: what was done to it, newest first; the latest ``HISTORY``.
        flags: what people say is wrong, as long as no moderator looked.
        figures: what answers tell of it; None where nobody can tell.
    """

    question: Question
    kind: Kind
    is_shipped: bool
    written: Change | None = None
    history: Sequence[Change] = ()
    flags: Sequence[Flag] = ()
    figures: Figures | None = None

    @property
    def original(self) -> str:
        """Its body at first; empty if it came with Roadmate."""
        return "" if self.written is None else self.written.body

    @property
    def seen(self) -> int:
        """The revision of the last thing people did to it; what happened by itself is no reason to look again."""
        return next((change.revision for change in self.history if change.kind is not Kind.HIDDEN), 0) % 1_000_000

    @property
    def is_open(self) -> bool:
        """Whether it is being asked right now."""
        return self.figures is not None and self.figures.is_open

    @property
    def is_family(self) -> bool:
        """Whether it is made from numbers."""
        return self.question.id.startswith(FAMILY)


@dataclass(frozen=True, slots=True)
class Deed:
    """Something done to a question, as people would tell it.

    Attributes:
        kind: added, fixed (its words are other ones since), hidden, retired, or plain: asked again.
        change: when, and by whom.
        is_over: whether it was taken back.
    """

    kind: Kind
    change: Change
    is_over: bool = False


def deeds(view: View) -> list[Deed]:
    """Return what was done to a question, the earliest first; taking other words back is no deed of its own."""
    found: list[Deed] = []
    body, kind = "", Kind.PLAIN
    reworded: list[tuple[str, int]] = []  # the body before each rewording that holds, and its place in ``found``
    steps = list(reversed(view.history))
    if view.written is not None:
        found.append(Deed(Kind.ADDED, view.written))
        body, kind = view.written.body, Kind.ADDED
        steps = [step for step in steps if step.revision != view.written.revision]
    if len(view.history) == HISTORY:  # what was before is out of sight
        body, kind = steps[0].body, steps[0].kind

    for step in steps:
        undone = [place for place, one in enumerate(found) if one.change.revision == step.undoes]
        if undone and found[undone[0]].kind is not Kind.ADDED:
            found[undone[0]] = replace(found[undone[0]], is_over=True)
            kind = step.kind  # as it was before, which is told already
        is_reworded = step.body != body
        if is_reworded:
            back = next((number for number, (was, _place) in enumerate(reworded) if was == step.body), None)
            if back is None:
                reworded.append((body, len(found)))
                found.append(Deed(Kind.FIXED, step))
            else:
                for _was, place in reworded[back:]:
                    found[place] = replace(found[place], is_over=True)
                del reworded[back:]
        if step.kind.is_asked:
            if not kind.is_asked and not is_reworded:
                found.append(Deed(Kind.PLAIN, step))
        elif step.kind is Kind.HIDDEN and kind is Kind.RETIRED:  # retiring was taken back, the flags stay
            found = [replace(one, is_over=one.is_over or one.kind is Kind.RETIRED) for one in found]
        elif step.kind is not kind:
            found.append(Deed(step.kind, step))
        body, kind = step.body, step.kind
    return found


class Refusal(StrEnum):
    """Why something was not changed."""

    UNKNOWN = "unknown"
    CHANGED_SINCE = "changed since"
    RETIRED_ALREADY = "retired already"
    IS_RETIRED = "is retired"
    IS_FAMILY = "is family"
    NOTHING_TO_RESTORE = "nothing to restore"
    UNFIT = "unfit"
    RIGHT_ALREADY = "right already"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a moderator's wish.

    Attributes:
        view: the question as it is now; None: there is none.
        refused: why nothing was changed; None: it was.
        change: number in the audit list, to undo it by; None: nothing to undo.
        people: how many people's points changed.
        is_told: whether the community was told of it.
    """

    view: View | None
    refused: Refusal | None = None
    change: int | None = None
    people: int = 0
    is_told: bool = False


@dataclass(frozen=True, slots=True)
class Correction:
    """What a community is told of a correction.

    Attributes:
        question: as it reads now.
        people: how many people's points changed; None while it is asked: then nothing may tell what is right.
        is_back: whether a correction was taken back.
        marks_old: whether a poll goes on marking what was right when it was asked.
    """

    question: Question
    people: int | None
    is_back: bool
    marks_old: bool = False


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
