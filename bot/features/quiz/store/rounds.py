"""SQL for the daily quiz: rounds, their posts, and votes."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from bot.features.quiz.store.standings import StandingsStore, Worth
from bot.kit.database import Row, Transaction

_COLUMNS = (
    "id, community_id, day, question, edition, points, opened_at, closes_at, closed_at, body, fixed, places, fixed_at,"
    " count_at"
)
FIRST, TAKEN_BACK, ANEW = 0, 1, 2
"""Whether a vote is somebody's first answer, was taken back, or was given anew after that."""
ASKED, CLOSED = "asked", "closed"
"""Which part of a round a post shows."""


@dataclass(frozen=True, slots=True)
class Round:
    """One question for a community; moments in Unix seconds.

    ``body`` is the question as it was asked, ``fixed`` as it was corrected since, both as JSON and maybe empty;
    ``places`` tells where each option as asked is now. ``count_at``: when its cards will tell how many answered.
    """

    id: int
    community: int
    day: str
    question: str
    edition: str
    points: int
    opened_at: int
    closes_at: int
    closed_at: int | None
    body: str = ""
    fixed: str = ""
    places: str = ""
    fixed_at: int | None = None
    count_at: int | None = None


@dataclass(frozen=True, slots=True)
class Vote:
    """Somebody's answer; ``choice`` is a position among the options as they were asked."""

    choice: int
    correct: bool
    points: int
    is_late: bool
    again: int = FIRST


@dataclass(frozen=True, slots=True)
class Kept:
    """A vote with whose it is, and when they first gave one (Unix seconds)."""

    person: int
    at: int
    vote: Vote


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a round asked, the first answers it got in time, and how many of them were right; none while it is open."""

    question: str
    answers: int
    right: int


@dataclass(frozen=True, slots=True)
class Shown:
    """A post that shows a part of a round."""

    post: int
    part: str
    is_poll: bool


class RoundStore:
    """One method for each question asked of the database; all run inside a unit of work.

    Whatever changes a vote changes what the boards tell of it as well.
    """

    def __init__(self) -> None:
        self._standings = StandingsStore()

    async def open(
        self, tx: Transaction, community: int, day: str, question: str, edition: str, points: int, now: int,
        until: int, body: str,
    ) -> Round | None:  # fmt: skip
        """Open a round; None if the day has one already."""
        row = await tx.one(
            f"""
            INSERT INTO quiz_round (community_id, day, question, edition, points, opened_at, closes_at, body)
            VALUES (:community, :day, :question, :edition, :points, :now, :until, :body)
            ON CONFLICT DO NOTHING RETURNING {_COLUMNS}
            """,
            community=community,
            day=day,
            question=question,
            edition=edition,
            points=points,
            now=now,
            until=until,
            body=body,
        )
        return None if row is None else _round(row)

    async def get(self, tx: Transaction, number: int) -> Round | None:
        """Return a round."""
        row = await tx.one(f"SELECT {_COLUMNS} FROM quiz_round WHERE id = :number", number=number)
        return None if row is None else _round(row)

    async def about(self, tx: Transaction, community: int, question: str) -> list[Round]:
        """Return every round of a community that asked a question."""
        rows = await tx.all(
            f"""
            SELECT {_COLUMNS} FROM quiz_round WHERE question = :question AND community_id = :community ORDER BY id
            """,
            question=question,
            community=community,
        )
        return [_round(row) for row in rows]

    async def close(self, tx: Transaction, number: int, now: int) -> bool:
        """Close a round; return False if it was closed before."""
        changed = await tx.execute(
            "UPDATE quiz_round SET closed_at = :now, count_at = NULL,"
            " closes_at = CASE WHEN closes_at > :now THEN :now ELSE closes_at END"
            " WHERE id = :number AND closed_at IS NULL",
            number=number,
            now=now,
        )
        if changed:
            await self._sum_up(tx, number)
        return changed > 0

    async def _sum_up(self, tx: Transaction, number: int) -> None:
        """Note how a round was answered at first."""
        await tx.execute(
            """
            UPDATE quiz_round SET
                answers = (SELECT COUNT(*) FROM quiz_vote AS v
                           WHERE v.round_id = quiz_round.id AND v.is_late = 0 AND v.again = 0),
                correct = (SELECT COALESCE(SUM(v.correct), 0) FROM quiz_vote AS v
                           WHERE v.round_id = quiz_round.id AND v.is_late = 0 AND v.again = 0)
            WHERE id = :number AND closed_at IS NOT NULL
            """,
            number=number,
        )

    async def fix(self, tx: Transaction, number: int, fixed: str, places: str, now: int | None) -> None:
        """Keep a round's question as it was corrected; ``now`` is None if it reads as it was asked again."""
        await tx.execute(
            "UPDATE quiz_round SET fixed = :fixed, places = :places, fixed_at = :now WHERE id = :number",
            number=number,
            fixed=fixed,
            places=places,
            now=now,
        )

    async def expect_count(self, tx: Transaction, number: int, at: int | None) -> None:
        """Note when a round's cards will tell how many answered; None: they tell it now."""
        await tx.execute("UPDATE quiz_round SET count_at = :at WHERE id = :number", number=number, at=at)

    async def lately(self, tx: Transaction, community: int, since: int) -> list[Outcome]:
        """Return what a community was asked since a moment, and how it answered what is closed."""
        rows = await tx.all(
            """
            SELECT question, answers, correct FROM quiz_round WHERE community_id = :community AND opened_at >= :since
            """,
            community=community,
            since=since,
        )
        return [Outcome(str(row["question"]), int(row["answers"]), int(row["correct"])) for row in rows]

    async def count(self, tx: Transaction, community: int) -> int:
        """Return how many rounds a community has had."""
        row = await tx.one("SELECT COUNT(*) AS count FROM quiz_round WHERE community_id = :id", id=community)
        return 0 if row is None else int(row["count"])

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

    async def show(self, tx: Transaction, number: int, post: int, part: str, *, is_poll: bool = False) -> None:
        """Note that a post shows a part of a round."""
        await tx.execute(
            """
            INSERT INTO quiz_post (round_id, post, part, is_poll) VALUES (:number, :post, :part, :poll)
            ON CONFLICT DO NOTHING
            """,
            number=number,
            post=post,
            part=part,
            poll=int(is_poll),
        )

    async def shown(self, tx: Transaction, number: int, part: str) -> list[Shown]:
        """Return the posts that show a part of a round."""
        rows = await tx.all(
            "SELECT post, part, is_poll FROM quiz_post WHERE round_id = :number AND part = :part ORDER BY post",
            number=number,
            part=part,
        )
        return [Shown(int(row["post"]), str(row["part"]), bool(row["is_poll"])) for row in rows]

    async def vote(self, tx: Transaction, number: int, person: int, vote: Vote, now: int) -> None:
        """Keep a person's answer; only one that was taken back gives way to it, and leaves its moment."""
        before = await self._worth(tx, number, person)
        await tx.execute(
            """
            INSERT INTO quiz_vote (round_id, person_id, choice, correct, points, is_late, again, at)
            VALUES (:number, :person, :choice, :correct, :points, :late, :again, :now)
            ON CONFLICT (round_id, person_id) DO UPDATE
                SET choice = :choice, correct = :correct, points = :points, is_late = :late, again = :again
                WHERE quiz_vote.again = 1
            """,
            number=number,
            person=person,
            choice=vote.choice,
            correct=int(vote.correct),
            points=vote.points,
            late=int(vote.is_late),
            again=vote.again,
            now=now,
        )
        await self._tell(tx, number, before, await self._worth(tx, number, person))

    async def _worth(self, tx: Transaction, number: int, person: int | None = None) -> dict[int, Worth]:
        """Return what each vote of a round, or that of one person, brings to the boards."""
        whose = "" if person is None else "AND person_id = :person"
        rows = await tx.all(
            f"""
            SELECT person_id, points, correct, is_late, again FROM quiz_vote WHERE round_id = :number {whose}
            """,
            number=number,
            **({} if person is None else {"person": person}),
        )
        return {
            int(row["person_id"]): Worth(
                int(row["points"]), int(row["correct"] and not row["is_late"] and row["again"] == FIRST), votes=1
            )
            for row in rows
        }

    async def _tell(self, tx: Transaction, number: int, before: dict[int, Worth], after: dict[int, Worth]) -> None:
        """Let the boards know what became of a round's votes."""
        row = await tx.one("SELECT community_id, day FROM quiz_round WHERE id = :number", number=number)
        if row is not None and before != after:
            day = date.fromisoformat(row["day"][:10])
            await self._standings.add(tx, int(row["community_id"]), day, before, after)

    async def vote_of(self, tx: Transaction, number: int, person: int) -> Vote | None:
        """Return a person's answer to a round, even if it was taken back."""
        row = await tx.one(
            """
            SELECT choice, correct, points, is_late, again FROM quiz_vote
            WHERE round_id = :number AND person_id = :person
            """,
            number=number,
            person=person,
        )
        return None if row is None else _vote(row)

    async def votes(self, tx: Transaction, number: int) -> list[Kept]:
        """Return every answer to a round."""
        rows = await tx.all(
            "SELECT person_id, at, choice, correct, points, is_late, again FROM quiz_vote WHERE round_id = :number",
            number=number,
        )
        return [Kept(int(row["person_id"]), int(row["at"]), _vote(row)) for row in rows]

    async def judge(self, tx: Transaction, number: int, votes: Collection[Kept]) -> None:
        """Change which answers to a round are right, and what they bring."""
        if not votes:
            return
        before = await self._worth(tx, number)
        await tx.many(
            """
            UPDATE quiz_vote SET correct = :correct, points = :points WHERE round_id = :number AND person_id = :person
            """,
            [
                {"number": number, "person": one.person, "correct": int(one.vote.correct), "points": one.vote.points}
                for one in votes
            ],
        )
        await self._tell(tx, number, before, await self._worth(tx, number))
        await self._sum_up(tx, number)

    async def retract(self, tx: Transaction, number: int, person: int) -> bool:
        """Take an answer back; return whether there was one."""
        before = await self._worth(tx, number, person)
        changed = await tx.execute(
            """
            UPDATE quiz_vote SET again = 1, points = 0
            WHERE round_id = :number AND person_id = :person AND again <> 1
            """,
            number=number,
            person=person,
        )
        await self._tell(tx, number, before, await self._worth(tx, number, person))
        return changed > 0

    async def tally(self, tx: Transaction, number: int) -> dict[int, int]:
        """Return how many chose each option as it was asked, in time."""
        rows = await tx.all(
            """
            SELECT choice, COUNT(*) AS count FROM quiz_vote
            WHERE round_id = :number AND is_late = 0 AND again <> 1 GROUP BY choice
            """,
            number=number,
        )
        return {int(row["choice"]): int(row["count"]) for row in rows}

    async def is_channel(self, tx: Transaction, platform: str, chat: str) -> bool:
        """Return whether a chat is a one-way channel, where votes cannot be told apart."""
        row = await tx.one(
            "SELECT setting FROM community_place WHERE platform = :platform AND chat = :chat",
            platform=platform,
            chat=chat,
        )
        return row is not None and row["setting"] == "channel"


def _vote(row: Row) -> Vote:
    return Vote(
        int(row["choice"]), bool(row["correct"]), int(row["points"]), bool(row["is_late"]), int(row["again"])
    )  # fmt: skip


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
        body=str(row["body"]),
        fixed=str(row["fixed"]),
        places=str(row["places"]),
        fixed_at=row["fixed_at"],
        count_at=row["count_at"],
    )
