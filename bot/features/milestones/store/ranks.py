"""SQL for the roles that milestones give: which ones, and whom they still have to be given to or taken from."""

from __future__ import annotations

from dataclasses import dataclass

from bot.features.milestones.card import Reward
from bot.kit.database import Row, Transaction


@dataclass(frozen=True, slots=True)
class Errand:
    """A role to give to somebody or to take from them; ``is_done``: done, or another took its place."""

    id: int
    community: int
    person: int
    stage: str
    platform: str
    role: str
    gives: bool
    is_done: bool


_COLUMNS = "id, community_id, person_id, stage, platform, role, gives, done_at"


class RankStore:
    """One method for each question asked of the database; all run inside a unit of work."""

    async def rewards(self, tx: Transaction, community: int) -> list[Reward]:
        """Return every role that a community gives for milestones."""
        rows = await tx.all(
            """
            SELECT stage, platform, role, title FROM milestones_role
            WHERE community_id = :community ORDER BY platform, stage
            """,
            community=community,
        )
        return [Reward(str(row["stage"]), str(row["platform"]), str(row["role"]), str(row["title"])) for row in rows]

    async def choose(self, tx: Transaction, community: int, reward: Reward) -> None:
        """Give this role for this milestone from now on."""
        await tx.execute(
            """
            INSERT INTO milestones_role (community_id, stage, platform, role, title)
            VALUES (:community, :stage, :platform, :role, :title)
            ON CONFLICT (community_id, stage, platform) DO UPDATE SET role = :role, title = :title
            """,
            community=community,
            stage=reward.stage,
            platform=reward.platform,
            role=reward.role,
            title=reward.title,
        )

    async def drop(self, tx: Transaction, community: int, stage: str, platform: str) -> None:
        """Give no role for this milestone any more."""
        await tx.execute(
            "DELETE FROM milestones_role WHERE community_id = :community AND stage = :stage AND platform = :platform",
            community=community,
            stage=stage,
            platform=platform,
        )

    async def send(
        self, tx: Transaction, community: int, person: int, reward: Reward, *, gives: bool, at: int
    ) -> int:  # fmt: skip
        """Keep that a role has to be given or taken, in the place of whatever was still to be done about it."""
        await tx.execute(
            """
            UPDATE milestones_errand SET done_at = :at
            WHERE community_id = :community AND person_id = :person AND platform = :platform AND role = :role
                AND done_at IS NULL
            """,
            community=community,
            person=person,
            platform=reward.platform,
            role=reward.role,
            at=at,
        )
        row = await tx.one(
            """
            INSERT INTO milestones_errand (community_id, person_id, stage, platform, role, gives, made_at)
            VALUES (:community, :person, :stage, :platform, :role, :gives, :at) RETURNING id
            """,
            community=community,
            person=person,
            stage=reward.stage,
            platform=reward.platform,
            role=reward.role,
            gives=int(gives),
            at=at,
        )
        assert row is not None  # noqa: S101 - RETURNING answers with the row or raises
        return int(row["id"])

    async def errand(self, tx: Transaction, number: int) -> Errand | None:
        """Return one errand."""
        row = await tx.one(f"SELECT {_COLUMNS} FROM milestones_errand WHERE id = :number", number=number)
        return None if row is None else _errand(row)

    async def latest(self, tx: Transaction, errand: Errand) -> int | None:
        """Return the latest errand about the same role of the same person, done or not."""
        row = await tx.one(
            """
            SELECT MAX(id) AS id FROM milestones_errand
            WHERE community_id = :community AND person_id = :person AND platform = :platform AND role = :role
            """,
            community=errand.community,
            person=errand.person,
            platform=errand.platform,
            role=errand.role,
        )
        return None if row is None or row["id"] is None else int(row["id"])

    async def done(self, tx: Transaction, number: int, at: int) -> None:
        """Note that an errand is done."""
        await tx.execute(
            "UPDATE milestones_errand SET done_at = :at, why = '' WHERE id = :number", at=at, number=number
        )

    async def failed(self, tx: Transaction, number: int, why: str) -> None:
        """Note why an errand cannot be done."""
        await tx.execute(
            "UPDATE milestones_errand SET why = :why WHERE id = :number AND done_at IS NULL", why=why, number=number
        )

    async def given(self, tx: Transaction, community: int, person: int, stage: str) -> list[Reward]:
        """Return the roles somebody was given, or is to be given, for a stage, and that no other badge gives them."""
        rows = await tx.all(
            """
            SELECT DISTINCT e.platform AS platform, e.role AS role FROM milestones_errand AS e
            WHERE e.community_id = :community AND e.person_id = :person AND e.stage = :stage AND e.gives = 1
                AND NOT EXISTS (
                    SELECT 1 FROM milestones_errand AS o
                    JOIN milestones_badge AS b
                        ON b.community_id = o.community_id AND b.person_id = o.person_id AND b.stage = o.stage
                    WHERE o.community_id = e.community_id AND o.person_id = e.person_id AND o.platform = e.platform
                        AND o.role = e.role AND o.gives = 1 AND o.stage <> e.stage AND b.revoked_at IS NULL
                )
            """,
            community=community,
            person=person,
            stage=stage,
        )
        return [Reward(stage, str(row["platform"]), str(row["role"]), "") for row in rows]

    async def troubles(self, tx: Transaction, community: int) -> list[tuple[str, int]]:
        """Return why roles could not be given or taken, and for how many people."""
        rows = await tx.all(
            """
            SELECT why, COUNT(*) AS many FROM milestones_errand
            WHERE community_id = :community AND done_at IS NULL AND why <> '' GROUP BY why ORDER BY why
            """,
            community=community,
        )
        return [(str(row["why"]), int(row["many"])) for row in rows]


def _errand(row: Row) -> Errand:
    return Errand(
        int(row["id"]), int(row["community_id"]), int(row["person_id"]), str(row["stage"]), str(row["platform"]),
        str(row["role"]), bool(row["gives"]), row["done_at"] is not None,
    )  # fmt: skip
