"""What is known of a milestone: what somebody has to show, whom they asked, what was said, what they reached."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.domain.curriculum.shapes import Stage
from bot.kit.posting import Address


class State(StrEnum):
    """Where a request stands."""

    OPEN = "open"
    APPROVED = "approved"
    ANSWERED = "answered"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Project:
    """What somebody has to show; ``given_at`` in Unix seconds."""

    link: str
    summary: str
    given_at: int


@dataclass(frozen=True, slots=True)
class Ask:
    """A request for a review; moments in Unix seconds. ``home`` is where the asker can be told privately."""

    id: int
    person: int
    name: str
    community: int
    place: str
    stage: str
    link: str
    summary: str
    home: Address | None
    asked_at: int
    state: State


@dataclass(frozen=True, slots=True)
class Review:
    """What a reviewer said; ``who`` as last seen, empty for somebody who hides."""

    who: str
    words: str
    at: int


@dataclass(frozen=True, slots=True)
class Badge:
    """A milestone somebody reached. ``approver`` is empty if they hide or were erased since."""

    id: int
    person: int
    name: str
    community: int
    place: str
    stage: str
    title: str
    request: int
    reached_at: int
    revoked_at: int | None
    approver: str


@dataclass(frozen=True, slots=True)
class Reward:
    """The role that a milestone gives on a platform: its id there and what it was called when it was chosen."""

    stage: str
    platform: str
    role: str
    title: str


@dataclass(frozen=True, slots=True)
class Standing:
    """How far somebody is with the milestone of a stage.

    Attributes:
        badge: valid, of this community; in private of any. ``elsewhere``: valid, of another community.
        request: the open request, else the latest. ``review``: what was said about it.
        revoked: the latest badge, if it was taken back.
        is_tested: when the stage's test was passed; None: not yet. ``needs_test``: whether there is one.
        reached: stages with a valid badge.
    """

    stage: Stage
    project: Project | None = None
    badge: Badge | None = None
    elsewhere: Badge | None = None
    revoked: Badge | None = None
    request: Ask | None = None
    review: Review | None = None
    is_tested: datetime | None = None
    needs_test: bool = False
    reached: frozenset[str] = frozenset()

    @property
    def is_open(self) -> bool:
        """Whether a review is asked for and not given yet."""
        return self.request is not None and self.request.state is State.OPEN

    @property
    def lacks(self) -> bool:
        """Whether the latest request was looked at and something was missing, which stands in ``review``."""
        return self.request is not None and self.request.state is State.ANSWERED and self.review is not None
