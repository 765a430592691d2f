"""SQL for what people say is wrong with questions."""

from __future__ import annotations

from dataclasses import dataclass

from bot.kit.database import Transaction


@dataclass(frozen=True, slots=True)
class Flag:
    """What one person says is wrong; ``at`` in Unix seconds."""

    person: int
    reason: str
    note: str
    at: int


@dataclass(frozen=True, slots=True)
class Waiting:
    """A question that waits for a moderator: how many say what is wrong with it."""

    question: str
    reasons: dict[str, int]

    @property
    def count(self) -> int:
        """How many people."""
        return sum(self.reasons.values())


class Flags:
    """One method for each question asked of the database; all run inside a unit of work."""

    async def put(
        self, tx: Transaction, community: int, question: str, person: int, reason: str, note: str, at: int
    ) -> None:
        """Keep what somebody says, in the place of what they said before."""
        await tx.execute(
            """
            INSERT INTO questions_flag (community_id, question, person_id, reason, note, at)
            VALUES (:community, :question, :person, :reason, :note, :at)
            ON CONFLICT (community_id, question, person_id)
            DO UPDATE SET reason = :reason, note = :note, at = :at, settled_at = NULL, settled_in = NULL
            """,
            community=community,
            question=question,
            person=person,
            reason=reason,
            note=note,
            at=at,
        )

    async def open(self, tx: Transaction, community: int, question: str) -> list[Flag]:
        """Return what people say of a question that nobody looked at, the earliest first."""
        rows = await tx.all(
            """
            SELECT person_id AS person, reason, note, at FROM questions_flag
            WHERE community_id = :community AND question = :question AND settled_at IS NULL ORDER BY at, person_id
            """,
            community=community,
            question=question,
        )
        return [Flag(int(row["person"]), str(row["reason"]), str(row["note"]), int(row["at"])) for row in rows]

    async def waiting(self, tx: Transaction, community: int) -> list[Waiting]:
        """Return the questions people said something about that nobody looked at, those with most flags first."""
        rows = await tx.all(
            """
            SELECT question, reason, COUNT(*) AS count FROM questions_flag
            WHERE community_id = :community AND settled_at IS NULL
            GROUP BY question, reason ORDER BY question, COUNT(*) DESC, reason
            """,
            community=community,
        )
        found: dict[str, dict[str, int]] = {}
        for row in rows:
            found.setdefault(str(row["question"]), {})[str(row["reason"])] = int(row["count"])
        waiting = [Waiting(question, reasons) for question, reasons in found.items()]
        return sorted(waiting, key=lambda one: (-one.count, one.question))

    async def settle(
        self, tx: Transaction, community: int, question: str, at: int, revision: int | None = None
    ) -> None:
        """Note that a moderator looked, and by which change of the question; None: they only looked."""
        await tx.execute(
            """
            UPDATE questions_flag SET settled_at = :at, settled_in = :revision
            WHERE community_id = :community AND question = :question AND settled_at IS NULL
            """,
            community=community,
            question=question,
            at=at,
            revision=revision,
        )

    async def reopen(self, tx: Transaction, community: int, question: str, revision: int) -> None:
        """Take back that a change of a question settled what people say of it."""
        await tx.execute(
            """
            UPDATE questions_flag SET settled_at = NULL, settled_in = NULL
            WHERE community_id = :community AND question = :question AND settled_in = :revision
            """,
            community=community,
            question=question,
            revision=revision,
        )

    async def thanked(self, tx: Transaction, community: int, question: str) -> tuple[list[str], int]:
        """Return the names of those who flagged a question that nobody looked at, and how many stay unnamed.

        Whoever lets nobody see them is not named.
        """
        rows = await tx.all(
            """
            SELECT p.name AS name, COALESCE(s.value, 'on') AS shown FROM questions_flag AS f
            JOIN community_person AS p ON p.id = f.person_id
            LEFT JOIN community_preference AS s ON s.person_id = f.person_id AND s.name = 'shown'
            WHERE f.community_id = :community AND f.question = :question AND f.settled_at IS NULL
            ORDER BY f.at, f.person_id
            """,
            community=community,
            question=question,
        )
        names = [str(row["name"]) for row in rows if row["shown"] == "on" and row["name"]]
        return names, len(rows) - len(names)

    async def communities(self, tx: Transaction, person: int) -> list[int]:
        """Return the communities a person belongs to."""
        rows = await tx.all(
            """
            SELECT community_id AS community FROM community_member
            WHERE person_id = :person AND left_at IS NULL ORDER BY community_id
            """,
            person=person,
        )
        return [int(row["community"]) for row in rows]
