"""Decisions about plans: how a rule reads at another time, and when it is one that can be moved. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta

from bot.kit.schedule import Daily, Every, Once, Rule, Weekly


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the list: a moment (aware, UTC) and what happens then."""

    at: datetime
    plan: int
    title: str


def moved(rule: Rule, to: time, now: datetime) -> Rule | None:
    """Return the rule at another hour; ``now`` is what the wall shows. None: the rule has no hour to move.

    A single time keeps its day, unless that would have passed already: then it is the next day.
    """
    match rule:
        case Daily() | Weekly():
            return replace(rule, at=to)
        case Once(at=at):
            moment = datetime.combine(at.date(), to)
            while moment <= now:
                moment += timedelta(days=1)
            return Once(moment)
        case Every():
            return None
