"""What is planned, and when it is next due. Moments are Unix seconds."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime, time, timedelta
from functools import lru_cache

from bot.kit.database import Row, Transaction, Value
from bot.kit.schedule import Daily, Every, Once, Owner, Plan, Planned, Rule, Weekly

_HELD = "o.state = 'running' AND o.until > :now AND o.until <= :far"
"""Whether an occurrence is in somebody's hand; a lease longer than any is left from before the clock was set back."""


class Plans:
    """Rows of ``engine_plan``."""

    async def find(self, tx: Transaction, job: str, owner: Owner, tag: str) -> Row | None:
        """Return the plan of a job, owner and tag, removed ones too."""
        return await tx.one(
            """
            SELECT * FROM engine_plan
            WHERE community = :community AND person = :person AND job = :job AND tag = :tag
            """,
            community=owner.community or 0,
            person=owner.person or 0,
            job=job,
            tag=tag,
        )

    async def get(self, tx: Transaction, plan: int) -> Row | None:
        """Return a plan's row."""
        return await tx.one("SELECT * FROM engine_plan WHERE id = :plan", plan=plan)

    async def add(self, tx: Transaction, plan: Plan) -> int | None:
        """Keep a plan that is not due yet and return its id, or None if somebody else just did."""
        row = await tx.one(
            """
            INSERT INTO engine_plan (job, community, person, tag, rule, zone, data, grace, paused)
            VALUES (:job, :community, :person, :tag, :rule, :zone, :data, :grace, 0)
            ON CONFLICT (community, person, job, tag) DO NOTHING RETURNING id
            """,
            job=plan.job,
            community=plan.owner.community or 0,
            person=plan.owner.person or 0,
            tag=plan.tag,
            **_details(plan),
        )
        return None if row is None else int(row[0])

    async def change(self, tx: Transaction, plan: int, to: Plan) -> None:
        """Change what a plan says; a removed one is there again."""
        await tx.execute(
            """
            UPDATE engine_plan SET rule = :rule, zone = :zone, data = :data, grace = :grace, removed_at = NULL
            WHERE id = :plan
            """,
            plan=plan,
            **_details(to),
        )

    async def arm(self, tx: Transaction, plan: int, key: str | None, due: int | None) -> None:
        """Set which occurrence is next, and when; None: there is none."""
        await self.arm_many(tx, [{"plan": plan, "key": key, "due": due}])

    async def arm_many(self, tx: Transaction, rows: Sequence[dict[str, Value]]) -> None:
        """Set for each ``plan`` the ``key`` of its next occurrence, and when it is ``due``."""
        await tx.many("UPDATE engine_plan SET next_key = :key, next_due = :due WHERE id = :plan", rows)

    async def pause(self, tx: Transaction, plan: int, *, paused: bool) -> None:
        """Note whether a plan is paused."""
        await tx.execute("UPDATE engine_plan SET paused = :paused WHERE id = :plan", paused=int(paused), plan=plan)

    async def remove(self, tx: Transaction, plan: int, now: int) -> None:
        """Leave of a plan only what tells that it was there."""
        await tx.execute(
            """
            UPDATE engine_plan SET removed_at = :now, next_due = NULL, next_key = NULL, paused = 0, data = '{}'
            WHERE id = :plan AND removed_at IS NULL
            """,
            now=now,
            plan=plan,
        )

    async def soonest(self, tx: Transaction, job: str) -> Row | None:
        """Return the plan of a job that is due next."""
        return await tx.one(
            """
            SELECT * FROM engine_plan WHERE job = :job AND removed_at IS NULL AND next_due IS NOT NULL
            ORDER BY next_due, id LIMIT 1
            """,
            job=job,
        )

    async def of(self, tx: Transaction, owner: Owner) -> Sequence[Row]:
        """Return everything planned for an owner, soonest first."""
        return await tx.all(
            """
            SELECT * FROM engine_plan
            WHERE community = :community AND person = :person AND removed_at IS NULL
            ORDER BY next_due IS NULL, next_due, id
            """,
            community=owner.community or 0,
            person=owner.person or 0,
        )

    async def due(self, tx: Transaction, now: int, far: int, most: int) -> Sequence[Row]:
        """Return plans that are due and have nothing in hand, longest due first.

        ``happened``: the occurrence is known already; ``is_open``: an earlier one is not settled.
        """
        return await tx.all(
            f"""
            SELECT p.*,
                EXISTS (SELECT 1 FROM engine_occurrence AS h WHERE h.plan = p.id AND h.key = p.next_key) AS happened,
                EXISTS (SELECT 1 FROM engine_occurrence AS w WHERE w.plan = p.id AND w.until IS NOT NULL) AS is_open
            FROM engine_plan AS p
            WHERE p.next_due <= :now AND NOT EXISTS (
                SELECT 1 FROM engine_occurrence AS o WHERE o.plan = p.id AND o.until IS NOT NULL AND {_HELD})
            ORDER BY p.next_due, p.id LIMIT :most /*skip locked*/
            """,
            now=now,
            far=far,
            most=most,
        )

    async def next_due(self, tx: Transaction, now: int, far: int) -> int | None:
        """Return when the next plan is due that has nothing in hand."""
        row = await tx.one(
            f"""
            SELECT p.next_due FROM engine_plan AS p
            WHERE p.next_due IS NOT NULL AND NOT EXISTS (
                SELECT 1 FROM engine_occurrence AS o WHERE o.plan = p.id AND o.until IS NOT NULL AND {_HELD})
            ORDER BY p.next_due LIMIT 1
            """,
            now=now,
            far=far,
        )
        return None if row is None else int(row[0])

    async def armed(self, tx: Transaction, after: int, most: int) -> Sequence[Row]:
        """Return plans that will be due, by id, from the one after ``after``."""
        return await tx.all(
            """
            SELECT id, rule, zone, next_key, next_due FROM engine_plan
            WHERE next_due IS NOT NULL AND id > :after ORDER BY id LIMIT :most
            """,
            after=after,
            most=most,
        )

    async def forget(self, tx: Transaction, before: int, most: int) -> int:
        """Drop plans removed before ``before`` with all their occurrences, at most so many; return how many."""
        rows = await tx.all(
            "SELECT id FROM engine_plan WHERE removed_at < :before ORDER BY removed_at LIMIT :most",
            before=before,
            most=most,
        )
        gone: list[dict[str, Value]] = [{"plan": row[0]} for row in rows]
        await tx.many("DELETE FROM engine_occurrence WHERE plan = :plan", gone)
        await tx.many("DELETE FROM engine_plan WHERE id = :plan", gone)
        return len(gone)

    async def follow(self, tx: Transaction, edition: str) -> None:
        """Note the edition of the zone data by which plans are worked out now."""
        await tx.execute(
            """
            INSERT INTO engine_zone_data (id, edition) VALUES (1, :edition)
            ON CONFLICT (id) DO UPDATE SET edition = excluded.edition
            """,
            edition=edition,
        )

    async def edition(self, tx: Transaction) -> str | None:
        """Return the edition of the zone data by which plans were worked out."""
        row = await tx.one("SELECT edition FROM engine_zone_data WHERE id = 1")
        return None if row is None else str(row[0])


def planned(row: Row) -> Planned:
    """Return a plan as it is kept; raises ``ValueError`` for a rule this version cannot read."""
    due = row["next_due"]
    return Planned(row["id"], plan_of(row), bool(row["paused"]), moment_of(due) if due is not None else None)


def plan_of(row: Row) -> Plan:
    """Return what was planned; raises ``ValueError`` for a rule this version cannot read."""
    data = row["data"]
    return Plan(
        row["job"],
        Owner(row["community"] or None, row["person"] or None),
        rule_of(row["rule"]),
        row["zone"],
        row["tag"],
        json.loads(data) if data != "{}" else {},
        timedelta(seconds=row["grace"]),
    )


def moment_of(at: int) -> datetime:
    """Return Unix seconds as a moment in UTC."""
    return datetime.fromtimestamp(at, UTC)


def rule_text(rule: Rule) -> str:
    """Return a rule as JSON; the same rule always gives the same text."""
    match rule:
        case Daily():
            form: dict[str, object] = {"daily": f"{rule.at:%H:%M}"}
        case Weekly():
            form = {"weekly": f"{rule.at:%H:%M}", "days": sorted(rule.days)}
        case Every():
            form = {"every": rule.minutes}
        case Once():
            form = {"once": rule.at.isoformat()}
    return json.dumps(form, separators=(",", ":"))


@lru_cache(maxsize=4096)
def rule_of(text: str) -> Rule:
    """Return the rule that ``rule_text`` wrote; raise ``ValueError`` for anything else."""
    try:
        form = json.loads(text)
        if "daily" in form:
            return Daily(time.fromisoformat(form["daily"]))
        if "weekly" in form:
            return Weekly(frozenset(form["days"]), time.fromisoformat(form["weekly"]))
        if "every" in form:
            return Every(form["every"])
        return Once(datetime.fromisoformat(form["once"]))
    except (KeyError, TypeError) as error:
        raise ValueError(f"{text} is no rule") from error


def _details(plan: Plan) -> dict[str, Value]:
    return {
        "rule": rule_text(plan.rule),
        "zone": plan.zone,
        "data": json.dumps(plan.data, ensure_ascii=False, separators=(",", ":")) if plan.data else "{}",
        "grace": int(plan.grace.total_seconds()),
    }
