"""How features meet without knowing one another: each offers values of these types, and a host draws what it is given.

A feature that is absent draws nothing. Hosts ask ``Contributions.of`` for one type and get the offers in order.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Final, TypeVar

from bot.kit.database import Transaction
from bot.kit.reply import Reply
from bot.kit.request import Asker, Request
from bot.kit.text import Blocks

if TYPE_CHECKING:
    from bot.domain.questions.shapes import Question


@dataclass(frozen=True, slots=True)
class EntryButton:
    """A button for the card of anything in the curriculum, such as ``Open on the roadmap`` or ``Quiz me``.

    ``data`` is called with the entry's kind (stage, subtopic, topic, term, resource; start, without an id, for somebody
    who begins) and id, and returns the button's data, or None where the button makes no sense. ``apart``: the same for
    posts that everybody reads and that must stay as they are; it answers the presser alone, in a message of their own.
    ``label`` is marked with ``N_``; ``host`` is the offering feature.
    """

    label: str
    data: Callable[[str, str], str | None]
    host: str
    order: int = 50
    apart: Callable[[str, str], str | None] | None = None


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


UNSURE: Final = 2
"""How slowly answers add up to mastery: with so many, half of what they say is believed."""


@dataclass(frozen=True, slots=True)
class Mastered:
    """How well somebody knows a topic by their answers: ``share`` from 0 to 1, and how many ``answers`` say so.

    ``share`` is what the answers say times answers / (answers + ``UNSURE``): few of them show little.
    """

    share: float
    answers: int

    @property
    def is_weak(self) -> bool:
        """Whether answers show that a topic is not known: about half of them wrong or more.

        Judged by what they say, however few they are: few right ones show no weakness.
        """
        return self.answers >= 3 and self.share * (self.answers + UNSURE) / self.answers < 0.3

    @property
    def is_strong(self) -> bool:
        """Whether answers show that a topic is known well."""
        return self.answers >= 3 and self.share >= 0.4


@dataclass(frozen=True, slots=True)
class Mastery:
    """How well a person knows topics, by topic id; topics without an answer are missing."""

    of: Callable[[Transaction, int], Awaitable[Mapping[str, Mastered]]]
    order: int = 50


@dataclass(frozen=True, slots=True)
class Marking:
    """Marks topics as done, as the asker would on the roadmap, and tells which a person has marked.

    ``mark`` is a use case of its own: call it outside of units of work. Its reply says what was marked and offers to
    undo it.
    """

    mark: Callable[[Request, Sequence[str]], Awaitable[Reply]]
    done: Callable[[Transaction, int], Awaitable[frozenset[str]]]
    order: int = 50


@dataclass(frozen=True, slots=True)
class Gate:
    """A test of a whole stage: ``data`` makes a button that begins it; ``passed`` tells when somebody last passed."""

    data: Callable[[str], str]
    passed: Callable[[Transaction, int, str], Awaitable[datetime | None]]
    order: int = 50


@dataclass(frozen=True, slots=True)
class QuestionButton:
    """A button for wherever a question's answer is told, such as ``Something wrong?``; called with its id.

    ``label`` is marked with ``N_``.
    """

    label: str
    data: Callable[[str], str]
    order: int = 50


@dataclass(frozen=True, slots=True)
class Figures:
    """What answers tell of a question.

    Attributes:
        answers, right: how many, and how many of them right.
        options: how often each option was chosen, by its position in the question as it is now.
        seconds: median time to an answer; None where it was not measured.
        discrimination: correlation (-1 to 1) between answering this rightly and knowing its topic; None: too few.
        earlier, earlier_right: the same two as the first for answers given while its words were other ones.
        is_open: whether it is being asked right now, so that what is right must not be told to everybody.
    """

    answers: int
    right: int
    options: Mapping[int, int]
    seconds: float | None
    discrimination: float | None
    earlier: int = 0
    earlier_right: int = 0
    is_open: bool = False


@dataclass(frozen=True, slots=True)
class Answers:
    """What the answers of a community's members tell of a question."""

    figures: Callable[[Transaction, int, Question], Awaitable[Figures]]
    order: int = 50


@dataclass(frozen=True, slots=True)
class Rescored:
    """What a corrected question changed.

    Attributes:
        points: whose points, by person (difference).
        rounds: in how many rounds.
        is_open: whether one of them is open still, so that the answer must not be told to everybody.
        is_turned: whether another option of an open one is right now.
        marks_old: whether an open one was asked as a poll, which goes on marking what was right when it was asked.
    """

    points: Mapping[int, int]
    rounds: int
    is_open: bool = False
    is_turned: bool = False
    marks_old: bool = False


@dataclass(frozen=True, slots=True)
class Rescore:
    """Reckons anew whatever depends on a question that a community corrected. Doing it again changes nothing more."""

    apply: Callable[[Transaction, int, Question, datetime], Awaitable[Rescored]]
    order: int = 50


AnyOffer = EntryButton | ProgressLines | Upcoming | Mastery | Marking | Gate | QuestionButton | Answers | Rescore
Offer = TypeVar("Offer", EntryButton, ProgressLines, Upcoming, Mastery, Marking, Gate, QuestionButton, Answers, Rescore)


class Contributions:
    """All offers of all features, by type. Filled by the app once every feature is built."""

    def __init__(self) -> None:
        self._offers: list[object] = []

    def fill(self, offers: Iterable[object]) -> None:
        """Add offers; raises ``TypeError`` for a value that is none."""
        for offer in offers:
            if not isinstance(offer, AnyOffer):
                raise TypeError(f"{offer!r} is no contribution any feature could host")
            self._offers.append(offer)

    def of(self, kind: type[Offer]) -> list[Offer]:
        """Return the offers of one type, in their order."""
        return sorted((offer for offer in self._offers if isinstance(offer, kind)), key=lambda offer: offer.order)
