"""SQL for what all answers to one question tell of it, and for judging those of a round anew."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from bot.kit.database import Transaction


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer: whose, positions of options or a number as text, and the person's rating in the topic (or None)."""

    person: int
    chosen: str
    correct: bool
    seconds: int | None
    rating: float | None


@dataclass(frozen=True, slots=True)
class Rejudged:
    """What an answer given to a round (by ``person`` ``at`` a moment in Unix seconds) is to be from now on."""

    person: int
    at: int
    edition: str
    chosen: str
    correct: bool


@dataclass(frozen=True, slots=True)
class Earlier:
    """An answer to a round as it is kept: its number, whose, when (Unix seconds), and to which wording."""

    id: int
    person: int
    at: int
    topic: str
    edition: str
    chosen: str
    correct: bool


class AnswerStore:
    """One method for each question asked of the database; all run inside a unit of work."""

    async def of_members(self, tx: Transaction, community: int, question: str, edition: str = "") -> list[Answer]:
        """Return the answers of a community's members to one wording of a question, the first one first.

        ``edition`` is that of the wording; empty: any.
        """
        rows = await tx.all(
            """
            SELECT a.person_id AS person, a.chosen AS chosen, a.correct AS correct, a.seconds AS seconds,
                s.rating AS rating
            FROM quiz_answer AS a
            JOIN community_member AS m ON m.person_id = a.person_id AND m.community_id = :community
            LEFT JOIN quiz_skill AS s ON s.person_id = a.person_id AND s.topic = a.topic
            WHERE a.question = :question AND (a.edition = :edition OR :edition = '') ORDER BY a.id
            """,
            community=community,
            question=question,
            edition=edition,
        )
        return [
            Answer(int(row["person"]), str(row["chosen"]), bool(row["correct"]), row["seconds"], row["rating"])
            for row in rows
        ]

    async def to_other_words(self, tx: Transaction, community: int, question: str, edition: str) -> tuple[int, int]:
        """Return how many answers of members another wording than this one got, and how many of them were right."""
        row = await tx.one(
            """
            SELECT COUNT(*) AS count, COALESCE(SUM(a.correct), 0) AS correct FROM quiz_answer AS a
            JOIN community_member AS m ON m.person_id = a.person_id AND m.community_id = :community
            WHERE a.question = :question AND a.edition <> :edition
            """,
            community=community,
            question=question,
            edition=edition,
        )
        return (0, 0) if row is None else (int(row["count"]), int(row["correct"]))

    async def to_rounds(self, tx: Transaction, community: int, question: str) -> list[Earlier]:
        """Return the answers that rounds of a community got to a question."""
        rows = await tx.all(
            """
            SELECT id, person_id, at, topic, edition, chosen, correct FROM quiz_answer
            WHERE question = :question AND community_id = :community AND way = 'daily'
            """,
            question=question,
            community=community,
        )
        return [
            Earlier(int(row["id"]), int(row["person_id"]), int(row["at"]), str(row["topic"]), str(row["edition"]),
                    str(row["chosen"]), bool(row["correct"]))
            for row in rows
        ]  # fmt: skip

    async def since(self, tx: Transaction, one: Earlier) -> int:
        """Return how many answers about its topic a person gave since one of theirs, with that one."""
        row = await tx.one(
            """
            SELECT COUNT(*) AS count FROM quiz_answer
            WHERE person_id = :person AND at >= :at AND topic = :topic AND id >= :id
            """,
            person=one.person,
            at=one.at,
            topic=one.topic,
            id=one.id,
        )
        return 0 if row is None else int(row["count"])

    async def judge(self, tx: Transaction, community: int, question: str, answers: Collection[Rejudged]) -> None:
        """Change what answers to a round of a community say and whether they are right."""
        await tx.many(
            """
            UPDATE quiz_answer SET edition = :edition, chosen = :chosen, correct = :correct
            WHERE person_id = :person AND at = :at AND question = :question AND community_id = :community
                AND way = 'daily'
            """,
            [
                {
                    "person": one.person, "at": one.at, "edition": one.edition, "chosen": one.chosen,
                    "correct": int(one.correct), "question": question, "community": community,
                }
                for one in answers
            ],
        )  # fmt: skip
