"""SQL for what answers add up to: boards, what a community reached together, and days in a row."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from bot.features.quiz.rules import QuizDay, periods
from bot.kit.database import Row, Transaction, Value

REVIEWS_A_DAY = 10
"""How many right reviews of a day bring a point each. A day here is one of UTC, the same for everybody on a board."""
MOST_LINES = 20
"""Lines of a board that are read at most; more have the tenth place only by a tie of many."""

_SHOWN = """
    NOT EXISTS (SELECT 1 FROM community_preference AS s
                WHERE s.person_id = t.person_id AND s.name = 'shown' AND s.value <> 'on')
"""
_OF_ONE = "r.community_id = :community"
_OF_ALL = """
    r.community_id IN (
        SELECT o.community_id FROM quiz_vote AS b JOIN quiz_round AS o ON o.id = b.round_id WHERE b.person_id = :person)
"""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a board: points in all, right answers to quizzes of the day, and what reviews brought."""

    person: int
    name: str
    points: int
    right: int
    reviews: int = 0


@dataclass(frozen=True, slots=True)
class Worth:
    """What a vote, or a review, brings to a board."""

    points: int = 0
    right: int = 0
    reviews: int = 0
    votes: int = 0


class StandingsStore:
    """One method for each question asked of the database; all run inside a unit of work."""

    async def add(
        self, tx: Transaction, community: int, day: date, before: Mapping[int, Worth], after: Mapping[int, Worth]
    ) -> None:
        """Change what people have on the boards of a day and of all that holds it, by the difference."""
        changed: list[dict[str, Value]] = []
        for person in sorted(before.keys() | after.keys()):  # one order for all, so that no two wait for each other
            old, new = before.get(person, Worth()), after.get(person, Worth())
            if old != new:
                changed += (
                    {
                        "community": community, "period": period, "person": person, "points": new.points - old.points,
                        "right": new.right - old.right, "reviews": new.reviews - old.reviews,
                        "votes": new.votes - old.votes,
                    }
                    for period in periods(day).values()
                )  # fmt: skip
        await tx.many(
            """
            INSERT INTO quiz_tally (community_id, period, person_id, points, correct, reviews, votes)
            VALUES (:community, :period, :person, :points, :right, :reviews, :votes)
            ON CONFLICT (community_id, period, person_id) DO UPDATE SET points = quiz_tally.points + excluded.points,
                correct = quiz_tally.correct + excluded.correct, reviews = quiz_tally.reviews + excluded.reviews,
                votes = quiz_tally.votes + excluded.votes
            """,
            changed,
        )

    async def reviewed(self, tx: Transaction, person: int, at: int) -> None:
        """Give a point for a right review that was just kept (at Unix seconds), in each community somebody is in."""
        day = at - at % 86_400
        row = await tx.one(
            """
            SELECT COUNT(*) AS count FROM quiz_answer
            WHERE person_id = :person AND way = 'review' AND correct = 1 AND at >= :day AND at < :next
            """,
            person=person,
            day=day,
            next=day + 86_400,
        )
        if row is None or row["count"] > REVIEWS_A_DAY:
            return
        communities = await tx.all(
            """
            SELECT c.id AS id, c.zone AS zone FROM community_member AS m
            JOIN community_community AS c ON c.id = m.community_id
            WHERE m.person_id = :person AND m.left_at IS NULL ORDER BY c.id
            """,
            person=person,
        )
        for one in communities:
            wall = datetime.fromtimestamp(at, UTC).astimezone(ZoneInfo(one["zone"]))
            await self.add(tx, int(one["id"]), wall.date(), {}, {person: Worth(points=1, reviews=1)})

    async def board(self, tx: Transaction, community: int, period: str) -> list[Line]:
        """Return who has points in a period and lets themselves be shown, the most first; at most ``MOST_LINES``."""
        rows = await tx.all(
            f"""
            SELECT p.id AS person, p.name AS name, t.points AS points, t.correct AS correct, t.reviews AS reviews
            FROM quiz_tally AS t JOIN community_person AS p ON p.id = t.person_id
            WHERE t.community_id = :community AND t.period = :period AND t.points > 0 AND {_SHOWN}
            ORDER BY t.points DESC, t.correct DESC, p.name, p.id LIMIT :most
            """,
            community=community,
            period=period,
            most=MOST_LINES,
        )
        return [_line(row) for row in rows]

    async def own(self, tx: Transaction, community: int, person: int, period: str) -> tuple[Line, int | None]:
        """Return a person's own line in a period, and their place; None: they have no points, or are not shown."""
        row = await tx.one(
            f"""
            SELECT t.person_id AS person, '' AS name, t.points AS points, t.correct AS correct, t.reviews AS reviews,
                CASE WHEN {_SHOWN} THEN 1 ELSE 0 END AS shown
            FROM quiz_tally AS t
            WHERE t.community_id = :community AND t.period = :period AND t.person_id = :person
            """,
            community=community,
            period=period,
            person=person,
        )
        if row is None:
            return Line(person, "", 0, 0), None
        line = _line(row)
        if not row["shown"] or line.points <= 0:
            return line, None
        better = await tx.one(
            f"""
            SELECT COUNT(*) AS count FROM quiz_tally AS t
            WHERE t.community_id = :community AND t.period = :period AND t.points > :points AND {_SHOWN}
            """,
            community=community,
            period=period,
            points=line.points,
        )
        return line, 1 + (0 if better is None else int(better["count"]))

    async def together(self, tx: Transaction, community: int, period: str) -> tuple[int, int]:
        """Return how many answers were right in a period, and how many people gave answers in it."""
        row = await tx.one(
            """
            SELECT COALESCE(SUM(correct), 0) AS correct, COUNT(CASE WHEN votes > 0 THEN 1 END) AS people
            FROM quiz_tally WHERE community_id = :community AND period = :period
            """,
            community=community,
            period=period,
        )
        return (0, 0) if row is None else (int(row["correct"]), int(row["people"]))

    async def days(self, tx: Transaction, person: int, now: int, *, most: int, community: int = 0) -> list[QuizDay]:
        """Return the latest quiz days, latest first, of the communities whose quizzes somebody answers.

        ``community``: of this one alone; 0: of all. ``most``: rounds in all.
        """
        whose = _OF_ONE if community else _OF_ALL
        rows = await tx.all(
            f"""
            SELECT r.community_id AS community, SUBSTR(r.day, 1, 10) AS day,
                CASE WHEN v.person_id IS NULL OR v.is_late = 1 OR v.again = 1 THEN 0 ELSE 1 END AS answered,
                CASE WHEN r.closed_at IS NULL AND r.closes_at > :now THEN 1 ELSE 0 END AS open
            FROM quiz_round AS r
            LEFT JOIN quiz_vote AS v ON v.round_id = r.id AND v.person_id = :person
            WHERE {whose}
            ORDER BY r.opened_at DESC, r.id DESC LIMIT :most
            """,
            person=person,
            now=now,
            most=most,
            **({"community": community} if community else {}),
        )
        return [
            QuizDay(int(row["community"]), str(row["day"]), bool(row["answered"]), bool(row["open"])) for row in rows
        ]


def _line(row: Row) -> Line:
    return Line(
        int(row["person"]), str(row["name"]), int(row["points"]), int(row["correct"]), int(row["reviews"])
    )  # fmt: skip
