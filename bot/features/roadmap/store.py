"""The roadmap's SQL: what people marked, how to undo it, and what they put off."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from bot.features.roadmap.rules import Standing, Status
from bot.kit.database import Transaction


@dataclass(frozen=True, slots=True)
class Changed:
    """What a change did to one topic; ``before`` and ``after`` are None where there was no mark."""

    topic: str
    before: Status | None
    before_since: int | None
    after: Status | None
    record: int | None


class RoadmapStore:
    """One method for each question asked of the database; all run inside a unit of work."""

    async def standing(self, tx: Transaction, person: int) -> Standing:
        """Return every mark of a person."""
        rows = await tx.all("SELECT topic, status, since FROM roadmap_status WHERE person_id = :person", person=person)
        return Standing(
            {row["topic"]: Status(row["status"]) for row in rows}, {row["topic"]: row["since"] for row in rows}
        )

    async def snoozed(self, tx: Transaction, person: int, now: int) -> frozenset[str]:
        """Return the topics a person does not want to be offered at ``now`` (Unix seconds)."""
        rows = await tx.all(
            "SELECT topic FROM roadmap_snooze WHERE person_id = :person AND until > :now", person=person, now=now
        )
        return frozenset(row["topic"] for row in rows)

    async def snooze(self, tx: Transaction, person: int, topic: str, until: int) -> None:
        """Do not offer a topic before ``until`` (Unix seconds)."""
        await tx.execute(
            """
            INSERT INTO roadmap_snooze (person_id, topic, until) VALUES (:person, :topic, :until)
            ON CONFLICT (person_id, topic) DO UPDATE SET until = :until
            """,
            person=person,
            topic=topic,
            until=until,
        )

    async def rest(self, tx: Transaction, person: int, topic: str, now: int, until: int) -> None:
        """Do not offer a topic before ``until`` (Unix seconds), unless it is put off already at ``now``."""
        await tx.execute(
            """
            INSERT INTO roadmap_snooze (person_id, topic, until) VALUES (:person, :topic, :until)
            ON CONFLICT (person_id, topic) DO UPDATE SET until = :until WHERE roadmap_snooze.until <= :now
            """,
            person=person,
            topic=topic,
            now=now,
            until=until,
        )

    async def wake(self, tx: Transaction, person: int, topic: str, until: int) -> None:
        """Let a topic be offered again that rests until exactly ``until`` (Unix seconds)."""
        await tx.execute(
            "DELETE FROM roadmap_snooze WHERE person_id = :person AND topic = :topic AND until = :until",
            person=person,
            topic=topic,
            until=until,
        )

    async def put_off_until(self, tx: Transaction, now: int) -> list[tuple[str, int]]:
        """Return the topics put off beyond ``now`` and until when, the soonest first; at most a hundred."""
        rows = await tx.all(
            "SELECT topic, until FROM roadmap_snooze WHERE until > :now ORDER BY until, topic LIMIT 100", now=now
        )
        return [(row["topic"], row["until"]) for row in rows]

    async def set_status(self, tx: Transaction, person: int, topic: str, status: Status | None, since: int) -> None:
        """Mark a topic, or take its mark away."""
        if status is None:
            await tx.execute(
                "DELETE FROM roadmap_status WHERE person_id = :person AND topic = :topic", person=person, topic=topic
            )
            return
        await tx.execute(
            """
            INSERT INTO roadmap_status (person_id, topic, status, since) VALUES (:person, :topic, :status, :since)
            ON CONFLICT (person_id, topic) DO UPDATE SET status = :status, since = :since
            """,
            person=person,
            topic=topic,
            status=status.value,
            since=since,
        )

    async def add_change(self, tx: Transaction, person: int, at: int, changed: Iterable[Changed]) -> int:
        """Remember what a press did; return the change's id."""
        row = await tx.one(
            "INSERT INTO roadmap_change (person_id, at) VALUES (:person, :at) RETURNING id", person=person, at=at
        )
        assert row is not None  # noqa: S101 - RETURNING answers with the row or raises
        for topic in changed:
            await tx.execute(
                """
                INSERT INTO roadmap_change_topic (change_id, topic, before, before_since, after, record_id)
                VALUES (:change, :topic, :before, :before_since, :after, :record)
                """,
                change=row["id"],
                topic=topic.topic,
                before=topic.before or "",
                before_since=topic.before_since,
                after=topic.after or "",
                record=topic.record,
            )
        return int(row["id"])

    async def change(self, tx: Transaction, change: int, person: int) -> tuple[Changed, ...] | None:
        """Return what a change of this person did; None if it is not theirs or was undone."""
        if not await tx.one(
            "SELECT id FROM roadmap_change WHERE id = :change AND person_id = :person AND undone_at IS NULL",
            change=change,
            person=person,
        ):
            return None
        rows = await tx.all(
            """
            SELECT topic, before, before_since, after, record_id FROM roadmap_change_topic
            WHERE change_id = :change ORDER BY topic
            """,
            change=change,
        )
        return tuple(
            Changed(
                row["topic"],
                Status(row["before"]) if row["before"] else None,
                row["before_since"],
                Status(row["after"]) if row["after"] else None,
                row["record_id"],
            )
            for row in rows
        )

    async def touched_later(self, tx: Transaction, change: int, person: int) -> frozenset[str]:
        """Return the topics that a later change of this person set and that was not undone."""
        rows = await tx.all(
            """
            SELECT DISTINCT t.topic AS topic FROM roadmap_change AS c
            JOIN roadmap_change_topic AS t ON t.change_id = c.id
            WHERE c.person_id = :person AND c.id > :change AND c.undone_at IS NULL
            """,
            person=person,
            change=change,
        )
        return frozenset(row["topic"] for row in rows)

    async def set_undone(self, tx: Transaction, change: int, at: int) -> None:
        """Note that a change was taken back at ``at`` (Unix seconds)."""
        await tx.execute("UPDATE roadmap_change SET undone_at = :at WHERE id = :change", change=change, at=at)

    async def made(self, tx: Transaction, change: int) -> tuple[int, int] | None:
        """Return whose change it is and when it was made (Unix seconds), or None if there is none of this id."""
        row = await tx.one("SELECT person_id, at FROM roadmap_change WHERE id = :change", change=change)
        return (int(row["person_id"]), int(row["at"])) if row else None
