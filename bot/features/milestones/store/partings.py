"""SQL for roles that go with whoever had them erased: kept without the person, for as long as it takes."""

from __future__ import annotations

from dataclasses import dataclass

from bot.kit.database import Row, Transaction


@dataclass(frozen=True, slots=True)
class Parting:
    """A role to take from an account that is nobody's here any more."""

    id: int
    community: int
    platform: str
    account: str
    role: str


class PartingStore:
    """One method for each question asked of the database; all run inside a unit of work."""

    async def worn(self, tx: Transaction, person: int) -> list[tuple[int, str, str]]:
        """Return the roles somebody has, or may be given just now: community, platform, role.

        Not those that could not be given, nor those that were taken since.
        """
        rows = await tx.all(
            """
            SELECT DISTINCT e.community_id AS community, e.platform AS platform, e.role AS role
            FROM milestones_errand AS e
            WHERE e.person_id = :person AND e.gives = 1 AND e.why = ''
                AND NOT EXISTS (
                    SELECT 1 FROM milestones_errand AS o
                    WHERE o.community_id = e.community_id AND o.person_id = e.person_id AND o.platform = e.platform
                        AND o.role = e.role AND o.gives = 0 AND o.done_at IS NOT NULL AND o.id = (
                            SELECT MAX(l.id) FROM milestones_errand AS l
                            WHERE l.community_id = o.community_id AND l.person_id = o.person_id
                                AND l.platform = o.platform AND l.role = o.role
                        )
                )
            ORDER BY e.community_id, e.platform, e.role
            """,
            person=person,
        )
        return [(int(row["community"]), str(row["platform"]), str(row["role"])) for row in rows]

    async def part(self, tx: Transaction, community: int, platform: str, account: str, role: str, at: int) -> int:
        """Keep that a role has to be taken from an account; return the number of that."""
        row = await tx.one(
            """
            INSERT INTO milestones_parting (community_id, platform, account, role, at)
            VALUES (:community, :platform, :account, :role, :at) RETURNING id
            """,
            community=community,
            platform=platform,
            account=account,
            role=role,
            at=at,
        )
        assert row is not None  # noqa: S101 - RETURNING answers with the row or raises
        return int(row["id"])

    async def parting(self, tx: Transaction, number: int) -> Parting | None:
        """Return what is to be taken, unless that is over."""
        row = await tx.one(
            "SELECT id, community_id, platform, account, role FROM milestones_parting WHERE id = :number", number=number
        )
        return None if row is None else _parting(row)

    async def is_given_anew(self, tx: Transaction, parting: Parting, person: int) -> bool:
        """Return whether somebody new under that account was given the role again."""
        return any(
            worn == (parting.community, parting.platform, parting.role) for worn in await self.worn(tx, person)
        )  # fmt: skip

    async def forget(self, tx: Transaction, number: int) -> None:
        """Forget a role that was taken, or that cannot be."""
        await tx.execute("DELETE FROM milestones_parting WHERE id = :number", number=number)


def _parting(row: Row) -> Parting:
    return Parting(
        int(row["id"]), int(row["community_id"]), str(row["platform"]), str(row["account"]), str(row["role"])
    )  # fmt: skip
