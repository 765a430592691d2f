"""SQL for the milestones people reached."""

from __future__ import annotations

from bot.features.milestones.card import Ask, Badge
from bot.kit.database import Row, Transaction

_BADGE = """
SELECT b.id AS id, b.person_id AS person, p.name AS name, b.community_id AS community, c.title AS place,
    b.stage AS stage, b.title AS title, b.request_id AS request, b.reached_at AS reached_at,
    b.revoked_at AS revoked_at,
    CASE WHEN COALESCE(s.value, 'on') = 'on' THEN COALESCE(w.name, '') ELSE '' END AS approver
FROM milestones_badge AS b
JOIN community_person AS p ON p.id = b.person_id
JOIN community_community AS c ON c.id = b.community_id
LEFT JOIN milestones_review AS v ON v.request_id = b.request_id AND v.words = ''
LEFT JOIN community_person AS w ON w.id = v.reviewer_id
LEFT JOIN community_preference AS s ON s.person_id = w.id AND s.name = 'shown'
"""


class BadgeStore:
    """One method for each question asked of the database; all run inside a unit of work."""

    async def reach(self, tx: Transaction, ask: Ask, title: str, at: int) -> None:
        """Give the badge that was asked for."""
        await tx.execute(
            """
            INSERT INTO milestones_badge (person_id, community_id, stage, title, request_id, reached_at)
            VALUES (:person, :community, :stage, :title, :request, :at) ON CONFLICT DO NOTHING
            """,
            person=ask.person,
            community=ask.community,
            stage=ask.stage,
            title=title,
            request=ask.id,
            at=at,
        )

    async def revoke(self, tx: Transaction, badge: int, at: int) -> bool:
        """Take a badge back; return False if it was taken back already."""
        changed = await tx.execute(
            "UPDATE milestones_badge SET revoked_at = :at WHERE id = :badge AND revoked_at IS NULL", at=at, badge=badge
        )
        return changed == 1

    async def badge(self, tx: Transaction, number: int) -> Badge | None:
        """Return one badge."""
        row = await tx.one(f"{_BADGE} WHERE b.id = :number", number=number)
        return None if row is None else _badge(row)

    async def badge_of_request(self, tx: Transaction, request: int) -> Badge | None:
        """Return the badge that a request led to."""
        row = await tx.one(f"{_BADGE} WHERE b.request_id = :request", request=request)
        return None if row is None else _badge(row)

    async def badges(self, tx: Transaction, person: int) -> list[Badge]:
        """Return all badges of a person, the latest first, also those that were taken back."""
        rows = await tx.all(f"{_BADGE} WHERE b.person_id = :person ORDER BY b.id DESC", person=person)
        return [_badge(row) for row in rows]

    async def has(self, tx: Transaction, person: int, stage: str, community: int) -> bool:
        """Return whether somebody has a milestone in a community."""
        row = await tx.one(
            """
            SELECT id FROM milestones_badge
            WHERE person_id = :person AND stage = :stage AND community_id = :community AND revoked_at IS NULL
            """,
            person=person,
            stage=stage,
            community=community,
        )
        return row is not None

    async def holders(self, tx: Transaction, community: int, stage: str, *, most: int) -> list[Badge]:
        """Return the valid badges of a stage in a community, the latest first."""
        rows = await tx.all(
            f"{_BADGE} WHERE b.community_id = :community AND b.stage = :stage AND b.revoked_at IS NULL"
            " ORDER BY b.id DESC LIMIT :most",
            community=community,
            stage=stage,
            most=most,
        )
        return [_badge(row) for row in rows]


def _badge(row: Row) -> Badge:
    return Badge(
        int(row["id"]), int(row["person"]), str(row["name"]), int(row["community"]), str(row["place"]),
        str(row["stage"]), str(row["title"]), int(row["request"]), int(row["reached_at"]),
        None if row["revoked_at"] is None else int(row["revoked_at"]), str(row["approver"]),
    )  # fmt: skip
