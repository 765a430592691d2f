"""Boards of a community, what it reached together, and days in a row."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from bot.domain.tools import Tools
from bot.features.quiz import rules
from bot.features.quiz.rounds import STREAK_ROUNDS
from bot.features.quiz.store import Line, StandingsStore
from bot.kit.database import Transaction
from bot.kit.request import Request

SPANS: Final = ("day", "week", "month", "all")
SPAN_WORDS: Final = {
    "today": "day",
    "daily": "day",
    "weekly": "week",
    "monthly": "month",
    "ever": "all",
    "total": "all",
}


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

    async def board(self, request: Request, community: int, span: str) -> Board:
        """Return a board of a span of time up to now, on the community's wall."""
        today = _today(request)
        period, week = rules.periods(today)[span], rules.periods(today)["week"]
        before = rules.periods(today - timedelta(days=7))["week"]

        async def work(tx: Transaction) -> Board:
            lines = await self._store.board(tx, community, period)
            right, _people = await self._store.together(tx, community, week)
            _right, people = await self._store.together(tx, community, before)
            return Board(lines, right, rules.goal(people))

        return await self._tools.database.read(work)

    async def own(self, request: Request, community: int, span: str) -> Place:
        """Return the asker's own line and place on a board."""
        period = rules.periods(_today(request))[span]
        person, now = request.asker.person, int(request.at.timestamp())

        async def work(tx: Transaction) -> Place:
            line, place = await self._store.own(tx, community, person, period)
            days = await self._store.days(tx, person, now, most=STREAK_ROUNDS, community=community)
            return Place(line, place, rules.streak(days))

        return await self._tools.database.read(work)

    async def streak(self, tx: Transaction, person: int, now: datetime) -> int:
        """Return somebody's days in a row, in whichever community they have most; runs inside a unit of work."""
        days = await self._store.days(tx, person, int(now.timestamp()), most=3 * STREAK_ROUNDS)
        communities = {day.community for day in days}
        return max((rules.streak([day for day in days if day.community == one]) for one in communities), default=0)


def _today(request: Request) -> date:
    """Return the date on the community's wall."""
    return request.at.astimezone(ZoneInfo(request.community_zone)).date()
