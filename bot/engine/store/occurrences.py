"""What became of each occurrence of a plan. Moments are Unix seconds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot.kit.database import Row, Transaction, Value


class Occurrences:
    """Rows of ``engine_occurrence``."""

    async def begin(self, tx: Transaction, rows: Sequence[dict[str, Value]]) -> None:
        """Take occurrences that nobody took before, each with ``plan``, ``key``, ``at`` and ``until``."""
        await tx.many(
            """
            INSERT INTO engine_occurrence (plan, key, at, state, until, fence, attempts)
            VALUES (:plan, :key, :at, 'running', :until, 1, 1)
            """,
            rows,
        )

    async def settle_new(self, tx: Transaction, state: str, rows: Sequence[dict[str, Value]]) -> None:
        """Record occurrences (``plan``, ``key``, ``at``) that nobody did; known ones stay as they are."""
        await tx.many(
            """
            INSERT INTO engine_occurrence (plan, key, at, state, fence, attempts)
            VALUES (:plan, :key, :at, :state, 0, 0) ON CONFLICT (plan, key) DO NOTHING
            """,
            [{**row, "state": state} for row in rows],
        )

    async def begin_one(self, tx: Transaction, plan: int, key: str, at: int, until: int) -> int | None:
        """Take an occurrence that nobody took before, or that was missed; return the fence, None: not to be taken."""
        row = await tx.one(
            """
            INSERT INTO engine_occurrence (plan, key, at, state, until, fence, attempts)
            VALUES (:plan, :key, :at, 'running', :until, 1, 1)
            ON CONFLICT (plan, key) DO UPDATE SET at = excluded.at, state = 'running', until = excluded.until,
                fence = engine_occurrence.fence + 1, attempts = 1
            WHERE engine_occurrence.state = 'missed'
            RETURNING fence
            """,
            plan=plan,
            key=key,
            at=at,
            until=until,
        )
        return None if row is None else int(row[0])

    async def is_known(self, tx: Transaction, plan: int, key: str) -> bool:
        """Return whether anything became of an occurrence."""
        row = await tx.one("SELECT 1 FROM engine_occurrence WHERE plan = :plan AND key = :key", plan=plan, key=key)
        return row is not None

    async def is_settled(self, tx: Transaction, plan: int, key: str) -> bool:
        """Return whether an occurrence is not to be planned any more; one that was missed may be made up for."""
        row = await tx.one(
            "SELECT 1 FROM engine_occurrence WHERE plan = :plan AND key = :key AND state <> 'missed'",
            plan=plan,
            key=key,
        )
        return row is not None

    async def open_of(self, tx: Transaction, plan: int) -> Sequence[Row]:
        """Return the occurrences of a plan that are not settled."""
        return await tx.all(
            """
            SELECT key, at, state, until, fence FROM engine_occurrence
            WHERE plan = :plan AND until IS NOT NULL ORDER BY at
            """,
            plan=plan,
        )

    async def lapsed(self, tx: Transaction, now: int, far: int, most: int) -> Sequence[Row]:
        """Return, with its plan, what is to be tried again: its hand let go of it, or its pause is over."""
        return await tx.all(
            """
            SELECT p.*, o.key AS key, o.at AS at, o.fence AS fence, o.attempts AS attempts
            FROM engine_occurrence AS o JOIN engine_plan AS p ON p.id = o.plan
            WHERE o.until IS NOT NULL AND (o.until <= :now OR o.until > :far)
            ORDER BY o.until LIMIT :most /*skip locked*/
            """,
            now=now,
            far=far,
            most=most,
        )

    async def next_lapse(self, tx: Transaction) -> int | None:
        """Return when the first of them is to be tried again, unless its hand keeps it."""
        row = await tx.one("SELECT min(until) FROM engine_occurrence WHERE until IS NOT NULL")
        return None if row is None or row[0] is None else int(row[0])

    async def take(self, tx: Transaction, rows: Sequence[dict[str, Value]]) -> None:
        """Take occurrences again, each with ``plan``, ``key`` and ``until``; earlier hands can store nothing more."""
        await tx.many(
            """
            UPDATE engine_occurrence
            SET state = 'running', until = :until, fence = fence + 1, attempts = attempts + 1
            WHERE plan = :plan AND key = :key
            """,
            rows,
        )

    async def keep(self, tx: Transaction, rows: Sequence[dict[str, Value]]) -> None:
        """Keep occurrences in hand longer, each with ``plan``, ``key``, ``fence`` and ``until``."""
        await tx.many(
            """
            UPDATE engine_occurrence SET until = :until
            WHERE plan = :plan AND key = :key AND fence = :fence AND state = 'running'
            """,
            rows,
        )

    async def settle(self, tx: Transaction, hand: Mapping[str, Value], state: str, until: int | None = None) -> bool:
        """Let go of an occurrence (``plan``, ``key``, ``fence``); return False if it was in another hand or settled."""
        changed = await tx.execute(
            """
            UPDATE engine_occurrence SET state = :state, until = :until
            WHERE plan = :plan AND key = :key AND fence = :fence AND state = 'running'
            """,
            state=state,
            until=until,
            **hand,
        )
        return changed > 0

    async def close(self, tx: Transaction, plan: int, key: str, state: str) -> None:
        """Settle an occurrence that is not settled, in whichever hand it is."""
        await tx.execute(
            """
            UPDATE engine_occurrence SET state = :state, until = NULL, fence = fence + 1
            WHERE plan = :plan AND key = :key AND until IS NOT NULL
            """,
            state=state,
            plan=plan,
            key=key,
        )

    async def forget(self, tx: Transaction, before: int, most: int) -> int:
        """Drop what was due and settled before ``before``, at most so many; return how many."""
        return await tx.execute(
            """
            DELETE FROM engine_occurrence WHERE (plan, key) IN (
                SELECT plan, key FROM engine_occurrence WHERE at < :before AND until IS NULL ORDER BY at LIMIT :most)
            """,
            before=before,
            most=most,
        )
