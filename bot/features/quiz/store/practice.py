"""The quiz's SQL: runs, answers, what comes back, and ratings."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from bot.features.quiz.card import PLACEMENT, PRACTICE, REVIEW, TESTS, Asked, Run
from bot.features.quiz.memory import Card
from bot.features.quiz.rules import Rating
from bot.features.quiz.store.standings import StandingsStore
from bot.kit.database import Row, Transaction

LONGEST_OPEN = 2 * 86_400
"""Seconds after which no round is open any more."""
NAMES_AT_ONCE = 5_000
"""So many values go into one statement; every database takes at least 32,000."""


@dataclass(frozen=True, slots=True)
class Given:
    """An answer to be kept."""

    person: int
    community: int | None
    question: str
    edition: str
    topic: str
    way: str
    chosen: str
    correct: bool
    seconds: int | None
    at: int


class QuizStore:
    """One method for each question asked of the database; all run inside a unit of work."""

    def __init__(self) -> None:
        self._standings = StandingsStore()

    async def begin(
        self, tx: Transaction, person: int, kind: str, about: str, level: str, length: int, now: int
    ) -> Run:
        """Begin a run."""
        row = await tx.one(
            """
            INSERT INTO quiz_run (person_id, kind, test, about, level, length, began_at)
            VALUES (:person, :kind, :test, :about, :level, :length, :now) RETURNING id
            """,
            person=person,
            kind=PRACTICE if kind in TESTS else kind,
            test=kind if kind in TESTS else "",
            about=about,
            level=level,
            length=length,
            now=now,
        )
        assert row is not None  # noqa: S101 - RETURNING answers with the row or raises
        return Run(int(row["id"]), person, kind, about, level, length, now, False)

    async def run(self, tx: Transaction, run: int, person: int) -> Run | None:
        """Return a run of this person."""
        row = await tx.one(
            """
            SELECT id, person_id, kind, test, about, level, length, began_at, ended_at FROM quiz_run
            WHERE id = :run AND person_id = :person
            """,
            run=run,
            person=person,
        )
        return None if row is None else _run(row)

    async def latest(self, tx: Transaction, person: int) -> Run | None:
        """Return the run a person began last."""
        row = await tx.one(
            """
            SELECT id, person_id, kind, test, about, level, length, began_at, ended_at FROM quiz_run
            WHERE person_id = :person ORDER BY id DESC LIMIT 1
            """,
            person=person,
        )
        return None if row is None else _run(row)

    async def latest_test(self, tx: Transaction, person: int, kind: str, about: str) -> Run | None:
        """Return the test of a kind, about something, that a person began last."""
        row = await tx.one(
            """
            SELECT id, person_id, kind, test, about, level, length, began_at, ended_at FROM quiz_run
            WHERE person_id = :person AND test = :kind AND about = :about ORDER BY id DESC LIMIT 1
            """,
            person=person,
            kind=kind,
            about=about,
        )
        return None if row is None else _run(row)

    async def passed(self, tx: Transaction, person: int, kind: str, about: str, right: int) -> int | None:
        """Return when a person last ended such a test with so many right answers (Unix seconds)."""
        row = await tx.one(
            """
            SELECT MAX(r.ended_at) AS at FROM quiz_run AS r
            WHERE r.person_id = :person AND r.test = :kind AND r.about = :about AND r.ended_at IS NOT NULL
                AND (SELECT SUM(a.correct) FROM quiz_asked AS a WHERE a.run_id = r.id) >= :right
            """,
            person=person,
            kind=kind,
            about=about,
            right=right,
        )
        return None if row is None or row["at"] is None else int(row["at"])

    async def end(self, tx: Transaction, run: int, now: int) -> None:
        """End a run."""
        await tx.execute("UPDATE quiz_run SET ended_at = :now WHERE id = :run AND ended_at IS NULL", run=run, now=now)

    async def asked(self, tx: Transaction, run: int) -> list[Asked]:
        """Return every question of a run, in order."""
        rows = await tx.all(
            """
            SELECT number, question, asked_at, correct, chosen, edition, seed FROM quiz_asked
            WHERE run_id = :run ORDER BY number
            """,
            run=run,
        )
        return [_asked(row) for row in rows]

    async def ask(self, tx: Transaction, run: int, asked: Asked) -> None:
        """Add a question to a run, under a number nothing was asked under before."""
        await tx.execute(
            """
            INSERT INTO quiz_asked (run_id, number, question, edition, seed, asked_at)
            VALUES (:run, :number, :question, :edition, :seed, :now)
            """,
            run=run,
            number=asked.number,
            question=asked.question,
            edition=asked.edition,
            seed=asked.seed,
            now=asked.asked_at,
        )

    async def settle(self, tx: Transaction, run: int, number: int, chosen: str, now: int, *, correct: bool) -> bool:
        """Note an answer; return False if there was one already."""
        changed = await tx.execute(
            """
            UPDATE quiz_asked SET answered_at = :now, correct = :correct, chosen = :chosen
            WHERE run_id = :run AND number = :number AND answered_at IS NULL
            """,
            run=run,
            number=number,
            chosen=chosen,
            correct=int(correct),
            now=now,
        )
        return changed > 0

    async def add(self, tx: Transaction, given: Given) -> None:
        """Keep an answer; the boards learn of a right review."""
        await tx.execute(
            """
            INSERT INTO quiz_answer
                (person_id, community_id, question, edition, topic, way, chosen, correct, seconds, at)
            VALUES (:person, :community, :question, :edition, :topic, :way, :chosen, :correct, :seconds, :at)
            """,
            person=given.person,
            community=given.community,
            question=given.question,
            edition=given.edition,
            topic=given.topic,
            way=given.way,
            chosen=given.chosen,
            correct=int(given.correct),
            seconds=given.seconds,
            at=given.at,
        )
        if given.way == REVIEW and given.correct:
            await self._standings.reviewed(tx, given.person, given.at)

    async def answered(self, tx: Transaction, person: int, since: int) -> dict[str, int]:
        """Return when a person last answered each question since a moment (Unix seconds)."""
        rows = await tx.all(
            """
            SELECT question, MAX(at) AS at FROM quiz_answer WHERE person_id = :person AND at >= :since GROUP BY question
            """,
            person=person,
            since=since,
        )
        return {str(row["question"]): int(row["at"]) for row in rows}

    async def skills(self, tx: Transaction, person: int) -> dict[str, Rating]:
        """Return a person's rating by topic."""
        rows = await tx.all("SELECT topic, rating, answers FROM quiz_skill WHERE person_id = :person", person=person)
        return {str(row["topic"]): Rating(row["rating"], row["answers"]) for row in rows}

    async def wanted(self, tx: Transaction, person: int) -> list[str]:
        """Return every topic, sub-topic and stage that a person asked to practice."""
        rows = await tx.all(
            """
            SELECT DISTINCT about FROM quiz_run WHERE person_id = :person AND kind = :kind AND test = '' AND about <> ''
            """,
            person=person,
            kind=PRACTICE,
        )
        return [str(row["about"]) for row in rows]

    async def lately(self, tx: Transaction, person: int, most: int) -> dict[str, tuple[int, int]]:
        """Return (right, all) of a person's latest answers about each topic, of at most so many."""
        rows = await tx.all(
            """
            SELECT topic, SUM(correct) AS correct, COUNT(*) AS answers FROM (
                SELECT topic, correct, ROW_NUMBER() OVER (PARTITION BY topic ORDER BY id DESC) AS place
                FROM quiz_answer WHERE person_id = :person
            ) AS listed
            WHERE place <= :most GROUP BY topic
            """,
            person=person,
            most=most,
        )
        return {str(row["topic"]): (int(row["correct"]), int(row["answers"])) for row in rows}

    async def items(self, tx: Transaction, questions: Collection[str]) -> dict[str, Rating]:
        """Return the ratings of questions that were answered at least once, by the name they are rated under."""
        listed = sorted(questions)
        found: dict[str, Rating] = {}
        for start in range(0, len(listed), NAMES_AT_ONCE):
            names = {f"q{number}": name for number, name in enumerate(listed[start : start + NAMES_AT_ONCE])}
            rows = await tx.all(
                f"""
                SELECT question, rating, answers FROM quiz_item
                WHERE question IN ({", ".join(f":{name}" for name in names)})
                """,
                **names,
            )
            found |= {str(row["question"]): Rating(row["rating"], row["answers"]) for row in rows}
        return found

    async def skill(self, tx: Transaction, person: int, topic: str) -> Rating | None:
        """Return a person's rating in one topic."""
        row = await tx.one(
            "SELECT rating, answers FROM quiz_skill WHERE person_id = :person AND topic = :topic",
            person=person,
            topic=topic,
        )
        return None if row is None else Rating(row["rating"], row["answers"])

    async def item(self, tx: Transaction, question: str) -> Rating | None:
        """Return the rating of one question."""
        row = await tx.one("SELECT rating, answers FROM quiz_item WHERE question = :question", question=question)
        return None if row is None else Rating(row["rating"], row["answers"])

    async def rate(
        self, tx: Transaction, person: int, topic: str, skill: Rating, question: str, item: Rating, *, correct: bool
    ) -> None:
        """Keep both ratings after an answer."""
        await tx.execute(
            """
            INSERT INTO quiz_skill (person_id, topic, rating, answers) VALUES (:person, :topic, :rating, :answers)
            ON CONFLICT (person_id, topic) DO UPDATE SET rating = :rating, answers = :answers
            """,
            person=person,
            topic=topic,
            rating=skill.value,
            answers=skill.answers,
        )
        await tx.execute(
            """
            INSERT INTO quiz_item (question, rating, answers, correct) VALUES (:question, :rating, :answers, :correct)
            ON CONFLICT (question) DO UPDATE
                SET rating = :rating, answers = :answers, correct = quiz_item.correct + :correct
            """,
            question=question,
            rating=item.value,
            answers=item.answers,
            correct=int(correct),
        )

    async def shift(self, tx: Transaction, person: int, topic: str, by: float) -> None:
        """Change a person's rating in a topic."""
        await tx.execute(
            "UPDATE quiz_skill SET rating = rating + :by WHERE person_id = :person AND topic = :topic",
            person=person,
            topic=topic,
            by=by,
        )

    async def card(self, tx: Transaction, person: int, question: str) -> Card | None:
        """Return what is remembered of a question for a person."""
        row = await tx.one(
            """
            SELECT state, stability, difficulty, due, reviewed_at FROM quiz_card
            WHERE person_id = :person AND question = :question
            """,
            person=person,
            question=question,
        )
        if row is None:
            return None
        return Card(row["state"], row["stability"], row["difficulty"], row["due"], row["reviewed_at"])

    async def keep(self, tx: Transaction, person: int, question: str, card: Card) -> None:
        """Keep a card."""
        await tx.execute(
            """
            INSERT INTO quiz_card (person_id, question, state, stability, difficulty, due, reviewed_at)
            VALUES (:person, :question, :state, :stability, :difficulty, :due, :reviewed)
            ON CONFLICT (person_id, question) DO UPDATE SET state = :state, stability = :stability,
                difficulty = :difficulty, due = :due, reviewed_at = :reviewed
            """,
            person=person,
            question=question,
            state=card.state,
            stability=card.stability,
            difficulty=card.difficulty,
            due=card.due,
            reviewed=card.reviewed_at,
        )

    async def drop(self, tx: Transaction, person: int, question: str, at: int) -> None:
        """Forget a card that an answer at this moment (Unix seconds) began or changed last."""
        await tx.execute(
            "DELETE FROM quiz_card WHERE person_id = :person AND question = :question AND reviewed_at = :at",
            person=person,
            question=question,
            at=at,
        )

    async def due(self, tx: Transaction, person: int, now: int) -> list[str]:
        """Return every question that is due, the longest due first; some may not be asked any more."""
        rows = await tx.all(
            "SELECT question FROM quiz_card WHERE person_id = :person AND due <= :now ORDER BY due, question",
            person=person,
            now=now,
        )
        return [str(row["question"]) for row in rows]

    async def held(self, tx: Transaction, person: int, now: int) -> set[str]:
        """Return the questions of the day that a person's communities are asked now: practice would give them away."""
        rows = await tx.all(
            """
            SELECT r.question AS question FROM community_member AS m
            JOIN quiz_round AS r ON r.community_id = m.community_id
            WHERE m.person_id = :person AND m.left_at IS NULL
                AND r.opened_at > :since AND r.closed_at IS NULL AND r.closes_at > :now
            """,
            person=person,
            since=now - LONGEST_OPEN,
            now=now,
        )
        return {str(row["question"]) for row in rows}

    async def totals(self, tx: Transaction, person: int) -> tuple[int, int]:
        """Return how many answers a person gave, and how many were right; without those that looked for their level."""
        row = await tx.one(
            """
            SELECT COUNT(*) AS answers, COALESCE(SUM(correct), 0) AS correct FROM quiz_answer
            WHERE person_id = :person AND way <> :apart
            """,
            person=person,
            apart=PLACEMENT,
        )
        return (0, 0) if row is None else (int(row["answers"]), int(row["correct"]))

    async def coming(self, tx: Transaction, person: int, now: int) -> int | None:
        """Return when the next question will be due (Unix seconds); None: none waits."""
        row = await tx.one(
            "SELECT MIN(due) AS next FROM quiz_card WHERE person_id = :person AND due > :now", person=person, now=now
        )
        return None if row is None else row["next"]


def _asked(row: Row) -> Asked:
    correct = None if row["correct"] is None else bool(row["correct"])
    return Asked(int(row["number"]), str(row["question"]), int(row["asked_at"]), correct, row["chosen"],
                 row["edition"], row["seed"])  # fmt: skip


def _run(row: Row) -> Run:
    return Run(row["id"], row["person_id"], row["test"] or row["kind"], row["about"], row["level"], row["length"],
               row["began_at"], row["ended_at"] is not None)  # fmt: skip
