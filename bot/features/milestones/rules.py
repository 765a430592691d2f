"""Decisions about milestones: who may review, what was typed. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Final

from bot.kit.request import Role

LONGEST_LINK: Final = 300
LONGEST_SUMMARY: Final = 300
LONGEST_WORDS: Final = 500
ASK_AGAIN: Final = timedelta(days=1)
"""So long after a request the same community is not asked again about the same stage of the same person."""
RECALL_WITHIN: Final = timedelta(days=30)
"""So long the news of a milestone carries a button that leads to taking it back."""
_MENTION: Final = re.compile(r"<@!?(\d{1,20})>")


class Outcome(StrEnum):
    """What came of something somebody wanted to do."""

    DONE = "done"
    UNKNOWN = "unknown"
    SETTLED = "settled"
    OWN = "own"
    NO_REVIEWER = "no reviewer"
    OPEN = "open already"
    REACHED = "reached already"
    NO_PROJECT = "no project"
    NO_TEST = "no test"
    NO_ROOM = "no room"
    NO_MEMBER = "no member"
    NOT_TOLD = "not told who is there"
    TOO_SOON = "too soon"


def may_review(role: Role, *, is_own: bool, has_badge: bool) -> bool:
    """Whether somebody may judge a request: hosts and moderators, and whoever has that milestone; never one's own."""
    return not is_own and (role.may(Role.HOST) or (has_badge and role.may(Role.MEMBER)))


@dataclass(frozen=True, slots=True)
class Wanted:
    """Whose milestone a moderator speaks of: an ``account`` that was mentioned, or part of a ``name``; which stage."""

    name: str
    account: str
    stage: str


def read_wanted(words: Sequence[str]) -> Wanted | None:
    """Read ``@Ana 2``: somebody, then the stage as the last word; None if either is missing."""
    if len(words) < 2:
        return None
    who, stage = " ".join(words[:-1]), words[-1]
    mention = _MENTION.fullmatch(who)
    return Wanted(who.lstrip("@").strip(), mention[1] if mention else "", stage)
