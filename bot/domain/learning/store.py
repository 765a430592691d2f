"""The ledger's SQL."""

from __future__ import annotations

from datetime import date, datetime
from typing import Final

from bot.domain.learning.ledger import Deed, Entry, Evidence, Pace, Studied
from bot.domain.personal.store import Subject
from bot.kit.database import Transaction

_LIVE = """
    r.deed <> 'retracted' AND NOT EXISTS (SELECT 1 FROM learning_record AS undo WHERE undo.retracts = r.id)
"""
WEEK: Final = 7 * 86_400
"""Seconds for which deeds of a community are counted together."""


class Ledger:
    """Writes and reads the record of learning inside a unit of work."""

    async def write(self, tx: Transaction, entry: Entry) -> int:
        """Add one deed and return its id."""
        row = await tx.one(
            """
            INSERT INTO learning_record
                (person_id, community_id, topic, deed, at, day, minutes, score, source, is_chosen)
            VALUES (:person, :community, :topic, :deed, :at, :day, :minutes, :score, :source, :chosen)
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
            chosen=int(entry.is_chosen),
        )
        assert row is not None  # noqa: S101 - RETURNING answers with the row or raises
        if entry.is_chosen:
            await self._count(tx, entry)
        return int(row["id"])

    async def _count(self, tx: Transaction, entry: Entry) -> None:
        """Count a deed for every community the person is in, and was in by then."""
        at = int(entry.at.timestamp())
        await tx.execute(
            """
            INSERT INTO learning_week (community_id, began, topic, deeds, answers, score)
            SELECT m.community_id, :began, :topic, 1, :answers, :score
            FROM community_member AS m
            WHERE m.person_id = :person AND m.left_at IS NULL AND m.joined_at <= :at
            ON CONFLICT (community_id, began, topic) DO UPDATE SET deeds = learning_week.deeds + 1,
                answers = learning_week.answers + excluded.answers, score = learning_week.score + excluded.score
            """,
            began=at - at % WEEK,
            topic=entry.topic,
            answers=int(entry.score is not None),
            score=entry.score or 0.0,
            person=entry.person,
            at=at,
        )

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
        if changed:
            await self._recount(tx, record)
        return changed > 0

    async def _recount(self, tx: Transaction, record: int) -> None:
        """Count a topic's week anew for every community of whose deed was taken back.

        From the records of those who are members now, not by taking one off: the deed may never have been counted
        there, as one done before its person came or while they were away.
        """
        row = await tx.one("SELECT person_id, topic, at, is_chosen FROM learning_record WHERE id = :id", id=record)
        if row is None or not row["is_chosen"]:
            return
        began = int(row["at"]) - int(row["at"]) % WEEK
        await tx.execute(
            """
            DELETE FROM learning_week WHERE began = :began AND topic = :topic
                AND community_id IN (SELECT community_id FROM community_member WHERE person_id = :person)
            """,
            began=began,
            topic=row["topic"],
            person=row["person_id"],
        )
        await tx.execute(
            f"""
            INSERT INTO learning_week (community_id, began, topic, deeds, answers, score)
            SELECT m.community_id, :began, r.topic, COUNT(*), COUNT(r.score), COALESCE(SUM(r.score), 0.0)
            FROM community_member AS m JOIN learning_record AS r ON r.person_id = m.person_id
            WHERE m.community_id IN (SELECT community_id FROM community_member WHERE person_id = :person)
                AND m.left_at IS NULL AND m.joined_at <= r.at
                AND r.topic = :topic AND r.at >= :began AND r.at < :ended AND r.is_chosen = 1 AND {_LIVE}
            GROUP BY m.community_id, r.topic
            """,
            began=began,
            ended=began + WEEK,
            topic=row["topic"],
            person=row["person_id"],
        )

    async def leave_nothing(self, tx: Transaction, whose: Subject, _at: datetime) -> None:
        """Drop what communities studied that have no other member than somebody who is erased: it was theirs alone."""
        await tx.execute(
            """
            DELETE FROM learning_week
            WHERE community_id IN (SELECT community_id FROM community_member WHERE person_id = :person)
                AND NOT EXISTS (
                    SELECT 1 FROM community_member AS other WHERE other.community_id = learning_week.community_id
                        AND other.person_id <> :person AND other.left_at IS NULL)
            """,
            person=whose.person,
        )

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
        rows = await tx.all(
            f"""
            SELECT r.id AS id FROM learning_record AS r
            WHERE r.person_id = :person AND r.topic = :topic AND r.deed = :deed AND r.source = :source AND {_LIVE}
            ORDER BY r.id
            """,
            person=person,
            topic=topic,
            deed=deed.value,
            source=source,
        )
        for row in rows:
            await self.retract(tx, int(row["id"]), person, at)

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

    async def studied(self, tx: Transaction, community: int, since: int) -> dict[str, Studied]:
        """Return what the members of a community chose to do since the week of a moment (Unix seconds), by topic id."""
        rows = await tx.all(
            """
            SELECT topic, SUM(deeds) AS deeds, SUM(answers) AS answers, SUM(score) AS score FROM learning_week
            WHERE community_id = :community AND began >= :since GROUP BY topic HAVING SUM(deeds) > 0
            """,
            community=community,
            since=since - since % WEEK,
        )
        return {str(row["topic"]): Studied(int(row["deeds"]), int(row["answers"]), float(row["score"])) for row in rows}

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
