"""The ledger's SQL."""

from __future__ import annotations

from datetime import date

from bot.domain.learning.ledger import Deed, Entry, Evidence, Pace
from bot.kit.database import Transaction

_LIVE = """
    r.deed <> 'retracted' AND NOT EXISTS (SELECT 1 FROM learning_record AS undo WHERE undo.retracts = r.id)
"""


class Ledger:
    """Writes and reads the record of learning inside a unit of work."""

    async def write(self, tx: Transaction, entry: Entry) -> int:
        """Add one deed and return its id."""
        row = await tx.one(
            """
            INSERT INTO learning_record (person_id, community_id, topic, deed, at, day, minutes, score, source)
            VALUES (:person, :community, :topic, :deed, :at, :day, :minutes, :score, :source)
            RETURNING id
            """,
            person=entry.person,
            community=entry.community,
            topic=entry.topic,
            deed=entry.deed.value,
            at=int(entry.at.timestamp()),
            day=entry.day.isoformat(),
            minutes=entry.minutes,
            score=entry.score,
            source=entry.source,
        )
        assert row is not None  # noqa: S101 - RETURNING answers with the row or raises
        return int(row["id"])

    async def retract(self, tx: Transaction, record: int, person: int, at: int) -> bool:
        """Take a deed back, once and only by its own person; return whether there was something to take back."""
        changed = await tx.execute(
            """
            INSERT INTO learning_record (person_id, community_id, topic, deed, at, day, source, retracts)
            SELECT person_id, community_id, topic, 'retracted', :at, day, source, id
            FROM learning_record
            WHERE id = :record AND person_id = :person AND deed <> 'retracted'
            ON CONFLICT DO NOTHING
            """,
            record=record,
            person=person,
            at=at,
        )
        return changed > 0

    async def find(self, tx: Transaction, entry: Entry) -> tuple[int, date] | None:
        """Return id and study day of a deed that still counts and is like ``entry``, whatever its day; else None.

        ``entry`` names a community and a score. Of rows that say the very same any one is returned.
        """
        row = await tx.one(
            f"""
            SELECT r.id AS id, r.day AS day FROM learning_record AS r
            WHERE r.person_id = :person AND r.topic = :topic AND r.deed = :deed AND r.source = :source
                AND r.community_id = :community AND r.at = :at AND r.score = :score AND {_LIVE}
            ORDER BY r.id LIMIT 1
            """,
            person=entry.person,
            topic=entry.topic,
            deed=entry.deed.value,
            source=entry.source,
            community=entry.community,
            at=int(entry.at.timestamp()),
            score=entry.score,
        )
        return None if row is None else (int(row["id"]), date.fromisoformat(row["day"]))

    async def retract_deeds(self, tx: Transaction, person: int, topic: str, deed: Deed, source: str, at: int) -> None:
        """Take back every deed of a kind that ``source`` wrote about a person's topic."""
        await tx.execute(
            f"""
            INSERT INTO learning_record (person_id, community_id, topic, deed, at, day, source, retracts)
            SELECT r.person_id, r.community_id, r.topic, 'retracted', :at, r.day, r.source, r.id
            FROM learning_record AS r
            WHERE r.person_id = :person AND r.topic = :topic AND r.deed = :deed AND r.source = :source AND {_LIVE}
            """,
            person=person,
            topic=topic,
            deed=deed.value,
            source=source,
            at=at,
        )

    async def evidence(self, tx: Transaction, person: int) -> dict[str, Evidence]:
        """Return what is known of a person, by topic id."""
        rows = await tx.all(
            f"""
            SELECT r.topic AS topic, COALESCE(SUM(r.minutes), 0) AS minutes,
                   COUNT(CASE WHEN r.deed IN ('answered', 'reviewed') THEN 1 END) AS answers,
                   AVG(CASE WHEN r.deed IN ('answered', 'reviewed') THEN r.score END) AS score,
                   MAX(r.at) AS last
            FROM learning_record AS r
            WHERE r.person_id = :person AND {_LIVE}
            GROUP BY r.topic
            """,
            person=person,
        )
        return {row["topic"]: Evidence(row["minutes"], row["answers"], row["score"], row["last"]) for row in rows}

    async def studied(self, tx: Transaction, community: int, since: int) -> dict[str, Evidence]:
        """Return what the members of a community did since a moment (Unix seconds), by topic id."""
        rows = await tx.all(
            f"""
            SELECT r.topic AS topic, COALESCE(SUM(r.minutes), 0) AS minutes,
                   COUNT(CASE WHEN r.deed IN ('answered', 'reviewed') THEN 1 END) AS answers,
                   AVG(CASE WHEN r.deed IN ('answered', 'reviewed') THEN r.score END) AS score, MAX(r.at) AS last
            FROM community_member AS m JOIN learning_record AS r ON r.person_id = m.person_id
            WHERE m.community_id = :community AND r.at >= :since AND {_LIVE}
            GROUP BY r.topic
            """,
            community=community,
            since=since,
        )
        return {row["topic"]: Evidence(row["minutes"], row["answers"], row["score"], row["last"]) for row in rows}

    async def pace(self, tx: Transaction, person: int, since: date) -> Pace:
        """Return how a person studied from the day ``since`` on."""
        row = await tx.one(
            f"""
            SELECT COUNT(DISTINCT r.day) AS days, COALESCE(SUM(r.minutes), 0) AS minutes, MIN(r.day) AS first
            FROM learning_record AS r
            WHERE r.person_id = :person AND r.day >= :since AND {_LIVE}
            """,
            person=person,
            since=since.isoformat(),
        )
        if row is None or row["first"] is None:
            return Pace(0, 0, None)
        return Pace(row["days"], row["minutes"], date.fromisoformat(row["first"]))
