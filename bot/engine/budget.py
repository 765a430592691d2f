"""How much one person, and one room, may ask of the bot: so that nobody's flood slows the others.

The generic cell rate algorithm in memory, for each person, for each command of a person, and for the commands of each
group. Presses in a group are not counted against the group: a quiz is answered by thousands at once.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Final

from bot.kit.clock import Clock
from bot.kit.request import Incoming, Setting, Trigger

_MICROSECOND: Final = timedelta(microseconds=1)
REMEMBERED: Final = 100_000
"""Senders, commands and rooms in memory; about 200 bytes each."""

UNLIMITED: Final = frozenset(("terminal", "web"))
"""Platforms on which only whoever runs the bot tries it out."""


class Verdict(StrEnum):
    """What to do with a request."""

    ANSWER = "answer"
    SAY_SO = "say so"
    """Too much, and nobody has said so yet."""
    LEAVE = "leave"
    """Too much, and that was said already."""


@dataclass(frozen=True, slots=True)
class Allowance:
    """So many at once, and then one each ``every``."""

    at_once: int
    every: timedelta


PERSON: Final = Allowance(40, timedelta(milliseconds=200))
COMMAND: Final = Allowance(20, timedelta(milliseconds=500))
ROOM: Final = Allowance(200, timedelta(milliseconds=50))
SAID_EVERY: Final = timedelta(seconds=10)
"""How often somebody is told that they ask too much."""


class Budgets:
    """Counts what was asked; one for each process."""

    def __init__(
        self, clock: Clock, *, person: Allowance = PERSON, command: Allowance = COMMAND, room: Allowance = ROOM
    ) -> None:
        self._clock = clock
        self._person, self._command, self._room = person, command, room
        self._full: OrderedDict[Hashable, int] = OrderedDict()  # when an allowance is whole again, in microseconds
        self._said: OrderedDict[Hashable, int] = OrderedDict()

    def spend(self, incoming: Incoming, name: str) -> tuple[Verdict, timedelta]:
        """Count a request for ``name``; return what to do with it, and how long to wait where it is too much."""
        if incoming.trigger in (Trigger.ADDED, Trigger.JOINED) or incoming.platform in UNLIMITED:
            return Verdict.ANSWER, timedelta()
        now = round(self._clock.now().timestamp() * 1_000_000)
        who = (incoming.platform, incoming.sender.account)
        keys: list[tuple[Hashable, Allowance]] = [(who, self._person), ((*who, name), self._command)]
        if incoming.trigger is Trigger.COMMAND and incoming.where.setting is not Setting.PRIVATE:
            keys.append(((incoming.platform, "", incoming.where.chat), self._room))
        waits = [self._wait(key, allowance, now) for key, allowance in keys]
        if (longest := max(waits)) <= 0:
            for key, allowance in keys:
                self._take(key, allowance, now)
            return Verdict.ANSWER, timedelta()
        return self._refuse(who, now), timedelta(microseconds=longest)

    def _wait(self, key: Hashable, allowance: Allowance, now: int) -> int:
        """Return how many microseconds are missing until one more is allowed."""
        every = allowance.every // _MICROSECOND
        return self._full.get(key, now) - now - every * (allowance.at_once - 1)

    def _take(self, key: Hashable, allowance: Allowance, now: int) -> None:
        full = self._full.pop(key, now)
        self._full[key] = max(full, now) + allowance.every // _MICROSECOND
        if len(self._full) > REMEMBERED:
            self._full.popitem(last=False)

    def _refuse(self, who: Hashable, now: int) -> Verdict:
        if who in self._said and now - self._said[who] < SAID_EVERY // _MICROSECOND:
            return Verdict.LEAVE
        self._said.pop(who, None)
        self._said[who] = now
        if len(self._said) > REMEMBERED:
            self._said.popitem(last=False)
        return Verdict.SAY_SO
