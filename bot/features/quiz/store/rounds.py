"""SQL for the daily quiz: rounds, votes and boards."""

from __future__ import annotations

from dataclasses import dataclass

from bot.kit.database import Row, Transaction

_COLUMNS = "id, community_id, day, question, edition, points, opened_at, closes_at, closed_at"


@dataclass(frozen=True, slots=True)
class Round:
    """One question for a community; moments in Unix seconds."""

    id: int
    community: int
    day: str
    question: str
    edition: str
    points: int
    opened_at: int
    closes_at: int
    closed_at: int | None


@dataclass(frozen=True, slots=True)
class Vote:
    """Somebody's first answer."""

    choice: int
    correct: bool
    points: int
    is_late: bool


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a board."""

    person: int
    name: str
    points: int
    right: int


class RoundStore:
    """One method for each question asked of the database; all run inside a unit of work."""

    async def open(
        self, tx: Transaction, community: int, day: str, question: str, edition: str, points: int, now: int, until: int
    ) -> Round | None:
        """Open a round; None if the day has one already."""
        row = await tx.one(
            f"""
            INSERT INTO quiz_round (community_id, day, question, edition, points, opened_at, closes_at)
            VALUES (:community, :day, :question, :edition, :points, :now, :until)
            ON CONFLICT DO NOTHING RETURNING {_COLUMNS}
            """,
            community=community,
            day=day,
            question=question,
            edition=edition,
            points=points,
            now=now,
            until=until,
        )
        return None if row is None else _round(row)

    async def get(self, tx: Transaction, number: int) -> Round | None:
        """Return a round."""
        row = await tx.one(f"SELECT {_COLUMNS} FROM quiz_round WHERE id = :number", number=number)
        return None if row is None else _round(row)

    async def close(self, tx: Transaction, number: int, now: int) -> bool:
        """Close a round; return False if it was closed before."""
        changed = await tx.execute(
            "UPDATE quiz_round SET closed_at = :now WHERE id = :number AND closed_at IS NULL", number=number, now=now
        )
        return changed > 0

    async def asked(self, tx: Transaction, community: int, since: int) -> frozenset[str]:
        """Return the questions of a community's rounds since a moment."""
        rows = await tx.all(
            "SELECT question FROM quiz_round WHERE community_id = :community AND opened_at >= :since",
            community=community,
            since=since,
        )
        return frozenset(str(row["question"]) for row in rows)

    async def is_open(self, tx: Transaction, community: int, now: int) -> bool:
        """Return whether a community has a round that is open."""
        row = await tx.one(
            """
            SELECT 1 FROM quiz_round WHERE community_id = :community AND closed_at IS NULL AND closes_at > :now LIMIT 1
            """,
            community=community,
            now=now,
        )
        return row is not None

    async def vote(self, tx: Transaction, number: int, person: int, vote: Vote, now: int) -> Vote:
        """Keep a person's first answer; return the one that counts."""
        await tx.execute(
            """
            INSERT INTO quiz_vote (round_id, person_id, choice, correct, points, is_late, at)
            VALUES (:number, :person, :choice, :correct, :points, :late, :now) ON CONFLICT DO NOTHING
            """,
            number=number,
            person=person,
            choice=vote.choice,
            correct=int(vote.correct),
            points=vote.points,
            late=int(vote.is_late),
            now=now,
        )
        kept = await self.vote_of(tx, number, person)
        assert kept is not None  # noqa: S101 - it is there now
        return kept

    async def vote_of(self, tx: Transaction, number: int, person: int) -> Vote | None:
        """Return a person's answer to a round."""
        row = await tx.one(
            """
            SELECT choice, correct, points, is_late FROM quiz_vote WHERE round_id = :number AND person_id = :person
            """,
            number=number,
            person=person,
        )
        if row is None:
            return None
        return Vote(row["choice"], bool(row["correct"]), row["points"], bool(row["is_late"]))

    async def retract(self, tx: Transaction, number: int, person: int) -> bool:
        """Take an answer back; return whether there was one."""
        changed = await tx.execute(
            "DELETE FROM quiz_vote WHERE round_id = :number AND person_id = :person", number=number, person=person
        )
        return changed > 0

    async def tally(self, tx: Transaction, number: int) -> dict[int, int]:
        """Return how many chose each option in time."""
        rows = await tx.all(
            """
            SELECT choice, COUNT(*) AS count FROM quiz_vote WHERE round_id = :number AND is_late = 0 GROUP BY choice
            """,
            number=number,
        )
        return {int(row["choice"]): int(row["count"]) for row in rows}

    async def board(self, tx: Transaction, community: int, since: int) -> list[Line]:
        """Return everybody with points since a moment who lets themselves be shown, the most first."""
        rows = await tx.all(
            """
            SELECT v.person_id AS person, p.name AS name, SUM(v.points) AS points, SUM(v.correct) AS correct
            FROM quiz_vote AS v
            JOIN quiz_round AS r ON r.id = v.round_id
            JOIN community_person AS p ON p.id = v.person_id
            LEFT JOIN community_preference AS s ON s.person_id = v.person_id AND s.name = 'shown'
            WHERE r.community_id = :community AND r.opened_at >= :since AND COALESCE(s.value, 'on') = 'on'
            GROUP BY v.person_id, p.name HAVING SUM(v.points) > 0
            ORDER BY SUM(v.points) DESC, SUM(v.correct) DESC, p.name, v.person_id
            """,
            community=community,
            since=since,
        )
        return [Line(int(row["person"]), str(row["name"]), int(row["points"]), int(row["correct"])) for row in rows]

    async def own(self, tx: Transaction, community: int, person: int, since: int) -> tuple[int, int]:
        """Return a person's own points and right answers since a moment."""
        row = await tx.one(
            """
            SELECT COALESCE(SUM(v.points), 0) AS points, COALESCE(SUM(v.correct), 0) AS correct FROM quiz_vote AS v
            JOIN quiz_round AS r ON r.id = v.round_id
            WHERE r.community_id = :community AND v.person_id = :person AND r.opened_at >= :since
            """,
            community=community,
            person=person,
            since=since,
        )
        return (0, 0) if row is None else (int(row["points"]), int(row["correct"]))

    async def together(self, tx: Transaction, community: int, since: int, until: int) -> tuple[int, int]:
        """Return how many answers were right in a span of time, and how many people gave answers in it."""
        row = await tx.one(
            """
            SELECT COALESCE(SUM(v.correct), 0) AS correct, COUNT(DISTINCT v.person_id) AS people FROM quiz_vote AS v
            JOIN quiz_round AS r ON r.id = v.round_id
            WHERE r.community_id = :community AND r.opened_at >= :since AND r.opened_at < :until
            """,
            community=community,
            since=since,
            until=until,
        )
        return (0, 0) if row is None else (int(row["correct"]), int(row["people"]))

    async def is_channel(self, tx: Transaction, platform: str, chat: str) -> bool:
        """Return whether a chat is a one-way channel, where votes cannot be told apart."""
        row = await tx.one(
            "SELECT setting FROM community_place WHERE platform = :platform AND chat = :chat",
            platform=platform,
            chat=chat,
        )
        return row is not None and row["setting"] == "channel"


def _round(row: Row) -> Round:
    return Round(
        id=int(row["id"]),
        community=int(row["community_id"]),
        day=str(row["day"]),
        question=str(row["question"]),
        edition=str(row["edition"]),
        points=int(row["points"]),
        opened_at=int(row["opened_at"]),
        closes_at=int(row["closes_at"]),
        closed_at=row["closed_at"],
    )
