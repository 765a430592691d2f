"""Boards of a community, what it reached together, and days in a row."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
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


def began(span: str, now: datetime, zone: str) -> int:
    """Return when the day, week (from Monday) or month that ``now`` is in began in a zone, in Unix seconds."""
    today = now.astimezone(ZoneInfo(zone)).date()
    match span:
        case "day":
            first = today
        case "week":
            first = today - timedelta(days=today.weekday())
        case "month":
            first = today.replace(day=1)
        case _:
            return 0
    return int(datetime.combine(first, time(), ZoneInfo(zone)).timestamp())


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
        now, zone = request.at, request.community_zone
        since = began(span, now, zone)
        week = began("week", now, zone)
        before = began("week", datetime.fromtimestamp(week, UTC) - timedelta(days=3), zone)

        async def work(tx: Transaction) -> Board:
            lines = await self._store.board(tx, community, since)
            right, _people = await self._store.together(tx, community, week, int(now.timestamp()) + 1)
            _right, people = await self._store.together(tx, community, before, week)
            return Board(lines, right, rules.goal(people))

        return await self._tools.database.read(work)

    async def own(self, request: Request, community: int, span: str) -> Place:
        """Return the asker's own line and place on a board."""
        since = began(span, request.at, request.community_zone)
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
