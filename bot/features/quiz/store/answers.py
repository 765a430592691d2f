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


class AnswerStore:
    """One method for each question asked of the database; all run inside a unit of work."""

    async def of_members(self, tx: Transaction, community: int, question: str, edition: str) -> list[Answer]:
        """Return the answers of a community's members to one wording of a question, the first one first."""
        rows = await tx.all(
            """
            SELECT a.person_id AS person, a.chosen AS chosen, a.correct AS correct, a.seconds AS seconds,
                s.rating AS rating
            FROM quiz_answer AS a
            JOIN community_member AS m ON m.person_id = a.person_id AND m.community_id = :community
            LEFT JOIN quiz_skill AS s ON s.person_id = a.person_id AND s.topic = a.topic
            WHERE a.question = :question AND a.edition = :edition ORDER BY a.id
            """,
            community=community,
            question=question,
            edition=edition,
        )
        return [
            Answer(int(row["person"]), str(row["chosen"]), bool(row["correct"]), row["seconds"], row["rating"])
            for row in rows
        ]

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
