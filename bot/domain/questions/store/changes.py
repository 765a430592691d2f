"""SQL for what communities change about questions."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from hashlib import blake2b

from bot.kit.database import Row, Transaction

_COLUMNS = "c.question, c.revision, c.kind, c.body, c.at, c.undoes, c.person_id AS person, COALESCE(p.name, '') AS who"


class Kind(StrEnum):
    """What became of a question in a community."""

    PLAIN = "plain"
    """As it came with Roadmate, once more."""
    HIDDEN = "hidden"
    """Not asked until a moderator looked."""
    RETIRED = "retired"
    FIXED = "fixed"
    ADDED = "added"

    @property
    def is_asked(self) -> bool:
        """Whether the question may be asked."""
        return self not in (Kind.HIDDEN, Kind.RETIRED)


@dataclass(frozen=True, slots=True)
class Change:
    """What somebody did to a question.

    Attributes:
        question: its id.
        revision: the how-manieth change of the community this was.
        kind: what became of it.
        body: the question as JSON text; empty: as it came with Roadmate.
        at: when, in Unix seconds.
        person, who: who did it and their name; None and empty if it happened by itself or they are erased.
        undoes: revision of the change that it took back; None: it took none back.
    """

    question: str
    revision: int
    kind: Kind
    body: str
    at: int
    person: int | None = None
    who: str = ""
    undoes: int | None = None


class Changes:
    """One method for each question asked of the database; all run inside a unit of work."""

    async def marks(self, tx: Transaction, communities: Collection[int]) -> list[tuple[int, str]]:
        """Return the mark of each of some communities that changed anything, the lowest id first."""
        if not communities:
            return []
        names = {f"c{number}": community for number, community in enumerate(sorted(set(communities)))}
        rows = await tx.all(
            f"""
            SELECT community_id AS community, mark FROM questions_revision
            WHERE mark <> '' AND community_id IN ({", ".join(f":{name}" for name in names)}) ORDER BY community_id
            """,
            **names,
        )
        return [(int(row["community"]), str(row["mark"])) for row in rows]

    async def marks_of(self, tx: Transaction, person: int) -> list[tuple[int, str]]:
        """Return the same for every community a person belongs to."""
        rows = await tx.all(
            """
            SELECT r.community_id AS community, r.mark AS mark FROM community_member AS m
            JOIN questions_revision AS r ON r.community_id = m.community_id
            WHERE m.person_id = :person AND m.left_at IS NULL AND r.mark <> '' ORDER BY r.community_id
            """,
            person=person,
        )
        return [(int(row["community"]), str(row["mark"])) for row in rows]

    async def all(self, tx: Transaction, community: int) -> list[Change]:
        """Return what holds for each question a community ever changed, by id of the question."""
        rows = await tx.all(
            f"""
            SELECT {_COLUMNS} FROM questions_change AS c LEFT JOIN community_person AS p ON p.id = c.person_id
            WHERE c.community_id = :community AND c.revision = (
                SELECT MAX(l.revision) FROM questions_change AS l
                WHERE l.community_id = c.community_id AND l.question = c.question
            )
            ORDER BY c.question
            """,
            community=community,
        )
        return [_change(row) for row in rows]

    async def latest(self, tx: Transaction, community: int, question: str) -> Change | None:
        """Return what holds for a question in a community; None: it was never changed there."""
        found = await self.history(tx, community, question, most=1)
        return found[0] if found else None

    async def history(self, tx: Transaction, community: int, question: str, *, most: int) -> list[Change]:
        """Return what was done to a question in a community, newest first."""
        rows = await tx.all(
            f"""
            SELECT {_COLUMNS} FROM questions_change AS c LEFT JOIN community_person AS p ON p.id = c.person_id
            WHERE c.community_id = :community AND c.question = :question ORDER BY c.revision DESC LIMIT :most
            """,
            community=community,
            question=question,
            most=most,
        )
        return [_change(row) for row in rows]

    async def first(self, tx: Transaction, community: int, question: str) -> Change | None:
        """Return the first thing done to a question in a community."""
        row = await tx.one(
            f"""
            SELECT {_COLUMNS} FROM questions_change AS c LEFT JOIN community_person AS p ON p.id = c.person_id
            WHERE c.community_id = :community AND c.question = :question ORDER BY c.revision LIMIT 1
            """,
            community=community,
            question=question,
        )
        return None if row is None else _change(row)

    async def at(self, tx: Transaction, community: int, question: str, revision: int) -> Change | None:
        """Return what was done to a question at a revision."""
        row = await tx.one(
            f"""
            SELECT {_COLUMNS} FROM questions_change AS c LEFT JOIN community_person AS p ON p.id = c.person_id
            WHERE c.community_id = :community AND c.question = :question AND c.revision = :revision
            """,
            community=community,
            question=question,
            revision=revision,
        )
        return None if row is None else _change(row)

    async def is_known(self, tx: Transaction, communities: Collection[int], question: str) -> bool:
        """Return whether any of some communities ever changed or added a question."""
        for community in communities:
            if await self.latest(tx, community, question) is not None:
                return True
        return False

    async def begin(self, tx: Transaction, community: int) -> int:
        """Return the revision of the next change. Nobody else changes the community's questions meanwhile."""
        row = await tx.one(
            """
            INSERT INTO questions_revision (community_id, revision, mark) VALUES (:community, 1, '')
            ON CONFLICT (community_id) DO UPDATE SET revision = questions_revision.revision + 1 RETURNING revision
            """,
            community=community,
        )
        assert row is not None  # noqa: S101 - RETURNING answers with the row or raises
        return int(row["revision"])

    async def write(
        self, tx: Transaction, community: int, revision: int, bodies: Mapping[str, str], kind: Kind,
        person: int | None, at: int, undoes: int | None = None,
    ) -> None:  # fmt: skip
        """Note one change of one or more questions (bodies by id), under a revision that was begun in this unit.

        ``undoes`` is the revision of the change it takes back.
        """
        await tx.many(
            """
            INSERT INTO questions_change (community_id, question, revision, kind, body, person_id, at, undoes)
            VALUES (:community, :question, :revision, :kind, :body, :person, :at, :undoes)
            """,
            [
                {"community": community, "question": question, "revision": revision, "kind": kind.value, "body": body,
                 "person": person, "at": at, "undoes": undoes}
                for question, body in bodies.items()
            ],
        )  # fmt: skip
        before = await tx.one(
            "SELECT mark FROM questions_revision WHERE community_id = :community", community=community
        )
        mark = _mark("" if before is None else str(before["mark"]), kind, bodies)
        await tx.execute(
            "UPDATE questions_revision SET mark = :mark WHERE community_id = :community", mark=mark, community=community
        )

    async def added(self, tx: Transaction, community: int) -> int:
        """Return how many questions a community ever added."""
        row = await tx.one(
            """
            SELECT COUNT(DISTINCT question) AS count FROM questions_change
            WHERE community_id = :community AND kind = 'added'
            """,
            community=community,
        )
        return 0 if row is None else int(row["count"])


def _mark(before: str, kind: Kind, bodies: Mapping[str, str]) -> str:
    """Return a text that tells by itself what was changed so far.

    A number would do, if a unit of work that was rolled back did not leave its number to the next one.
    """
    parts: Sequence[str] = [before, kind.value, *(text for pair in bodies.items() for text in pair)]
    return blake2b("\0".join(parts).encode(), digest_size=16).hexdigest()


def _change(row: Row) -> Change:
    return Change(
        question=str(row["question"]),
        revision=int(row["revision"]),
        kind=Kind(row["kind"]),
        body=str(row["body"]),
        at=int(row["at"]),
        person=None if row["person"] is None else int(row["person"]),
        who=str(row["who"]),
        undoes=None if row["undoes"] is None else int(row["undoes"]),
    )
