"""SQL for what answers add up to: boards, what a community reached together, and days in a row."""

from __future__ import annotations

from dataclasses import dataclass

from bot.features.quiz.rules import QuizDay
from bot.kit.database import Row, Transaction

REVIEWS_A_DAY = 10
"""How many right reviews of a day bring a point each."""

# CROSS JOIN, so that SQLite begins with the members: others review far more than they do.
# A review is only ever asked when it is due. A day here is one of UTC, the same for everybody on a board.
_LINES = f"""
    SELECT v.person_id AS person_id, v.points AS points,
        CASE WHEN v.again = 0 AND v.is_late = 0 THEN v.correct ELSE 0 END AS correct, 0 AS reviews
    FROM quiz_vote AS v JOIN quiz_round AS r ON r.id = v.round_id
    WHERE r.community_id = :community AND r.opened_at >= :since
    UNION ALL
    SELECT a.person_id, 0, 0, CASE WHEN COUNT(*) > {REVIEWS_A_DAY} THEN {REVIEWS_A_DAY} ELSE COUNT(*) END
    FROM community_member AS m CROSS JOIN quiz_answer AS a
    WHERE m.community_id = :community AND a.person_id = m.person_id
        AND a.way = 'review' AND a.correct = 1 AND a.at >= :since
    GROUP BY a.person_id, a.at / 86400
"""
_SUMS = """
    SUM(t.points) + SUM(t.reviews) AS points, SUM(t.correct) AS correct, SUM(t.reviews) AS reviews
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


class StandingsStore:
    """One method for each question asked of the database; all run inside a unit of work."""

    async def board(self, tx: Transaction, community: int, since: int) -> list[Line]:
        """Return everybody with points since a moment who lets themselves be shown, the most first."""
        rows = await tx.all(
            f"""
            SELECT p.id AS person, p.name AS name, {_SUMS} FROM ({_LINES}) AS t
            JOIN community_person AS p ON p.id = t.person_id
            LEFT JOIN community_preference AS s ON s.person_id = p.id AND s.name = 'shown'
            WHERE COALESCE(s.value, 'on') = 'on'
            GROUP BY p.id, p.name HAVING SUM(t.points) + SUM(t.reviews) > 0
            ORDER BY SUM(t.points) + SUM(t.reviews) DESC, SUM(t.correct) DESC, p.name, p.id
            """,
            community=community,
            since=since,
        )
        return [_line(row) for row in rows]

    async def own(self, tx: Transaction, community: int, person: int, since: int) -> Line:
        """Return a person's own line since a moment, shown to others or not."""
        row = await tx.one(
            f"""
            SELECT p.id AS person, p.name AS name, {_SUMS} FROM ({_LINES}) AS t
            JOIN community_person AS p ON p.id = t.person_id
            WHERE t.person_id = :person GROUP BY p.id, p.name
            """,
            community=community,
            person=person,
            since=since,
        )
        return Line(person, "", 0, 0) if row is None else _line(row)

    async def together(self, tx: Transaction, community: int, since: int, until: int) -> tuple[int, int]:
        """Return how many answers were right in a span of time, and how many people gave answers in it."""
        row = await tx.one(
            """
            SELECT COALESCE(SUM(CASE WHEN v.again = 0 AND v.is_late = 0 THEN v.correct ELSE 0 END), 0) AS correct,
                COUNT(DISTINCT v.person_id) AS people
            FROM quiz_vote AS v JOIN quiz_round AS r ON r.id = v.round_id
            WHERE r.community_id = :community AND r.opened_at >= :since AND r.opened_at < :until
            """,
            community=community,
            since=since,
            until=until,
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
