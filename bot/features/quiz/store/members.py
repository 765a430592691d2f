"""SQL for which communities with a quiz somebody is in."""

from __future__ import annotations

from dataclasses import dataclass

from bot.kit.database import Row, Transaction

_OURS = """
SELECT c.id AS id, c.title AS title, c.zone AS zone FROM community_member AS m
JOIN community_community AS c ON c.id = m.community_id
WHERE m.person_id = :person AND m.left_at IS NULL
    AND EXISTS (SELECT 1 FROM quiz_round AS r WHERE r.community_id = c.id)
"""


@dataclass(frozen=True, slots=True)
class Club:
    """A community with a quiz: its number, what people call it, and the zone of its wall (an IANA name)."""

    id: int
    title: str
    zone: str


class MemberStore:
    """One method for each question asked of the database; all run inside a unit of work."""

    async def clubs(self, tx: Transaction, person: int, *, most: int) -> list[Club]:
        """Return the communities of a person that have had a quiz of the day, the one joined latest first."""
        rows = await tx.all(f"{_OURS} ORDER BY m.joined_at DESC, c.id DESC LIMIT :most", person=person, most=most)
        return [_club(row) for row in rows]

    async def club(self, tx: Transaction, person: int, community: int) -> Club | None:
        """Return one of them; None if somebody is not in it."""
        row = await tx.one(f"{_OURS} AND c.id = :community", person=person, community=community)
        return None if row is None else _club(row)


def _club(row: Row) -> Club:
    return Club(int(row["id"]), str(row["title"]), str(row["zone"]))
