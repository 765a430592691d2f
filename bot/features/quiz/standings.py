"""Boards of a community, what it reached together, and days in a row."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from bot.domain.tools import Tools
from bot.features.quiz import rules
from bot.features.quiz.rounds import STREAK_ROUNDS
from bot.features.quiz.store import Line, StandingsStore
from bot.kit.database import Transaction
from bot.kit.request import Request

SPANS: Final = {"day": 1, "week": 7, "month": 30, "all": 36_500}


@dataclass(frozen=True, slots=True)
class Board:
    """The lines of a board, and the right answers of this week with what the community aims at."""

    lines: list[Line]
    right: int
    goal: int


@dataclass(frozen=True, slots=True)
class Place:
    """Somebody's own line, their place (None: not on the board), and their days in a row."""

    line: Line
    place: int | None
    streak: int


class Standings:
    """Reads them."""

    def __init__(self, tools: Tools) -> None:
        self._tools = tools
        self._store = StandingsStore()

    async def board(self, community: int, span: str, now: datetime) -> Board:
        """Return a board of a span of time up to ``now``."""
        since = int((now - timedelta(days=SPANS[span])).timestamp())
        week, before = int((now - timedelta(days=7)).timestamp()), int((now - timedelta(days=14)).timestamp())

        async def work(tx: Transaction) -> Board:
            lines = await self._store.board(tx, community, since)
            right, _people = await self._store.together(tx, community, week, int(now.timestamp()) + 1)
            _right, people = await self._store.together(tx, community, before, week)
            return Board(lines, right, rules.goal(people))

        return await self._tools.database.read(work)

    async def own(self, request: Request, community: int, span: str) -> Place:
        """Return the asker's own line and place on a board."""
        since = int((request.at - timedelta(days=SPANS[span])).timestamp())
        person, now = request.asker.person, int(request.at.timestamp())

        async def work(tx: Transaction) -> Place:
            line = await self._store.own(tx, community, person, since)
            lines = await self._store.board(tx, community, since)
            places = rules.placed([other.points for other in lines])
            mine = next((place for other, place in zip(lines, places, strict=True) if other.person == person), None)
            days = await self._store.days(tx, person, now, most=STREAK_ROUNDS, community=community)
            return Place(line, mine, rules.streak(days))

        return await self._tools.database.read(work)

    async def streak(self, tx: Transaction, person: int, now: datetime) -> int:
        """Return somebody's days in a row, in whichever community they have most; runs inside a unit of work."""
        days = await self._store.days(tx, person, int(now.timestamp()), most=3 * STREAK_ROUNDS)
        communities = {day.community for day in days}
        return max((rules.streak([day for day in days if day.community == one]) for one in communities), default=0)
