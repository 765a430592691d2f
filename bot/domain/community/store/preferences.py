"""SQL for what people and communities set, and for the list of who changed what."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from bot.kit.database import Row, Transaction
from bot.kit.preference import Scope

_PERSON_COLUMNS: Final = {"zone": "zone", "language": "language", "day-start": "day_start"}
"""Preferences of a person that every request needs, and are therefore columns of their row."""
_COMMUNITY_COLUMNS: Final = {"our-zone": "zone", "our-language": "language"}


@dataclass(frozen=True, slots=True)
class Change:
    """One line of the audit list. ``who`` and ``about`` are names as last seen, empty if erased or about nobody."""

    id: int
    who: str
    at: int
    name: str
    before: str
    after: str
    undone: bool
    about: str = ""
    about_person: int | None = None


class PreferenceRows:
    """Reads and writes them inside a unit of work. An empty value stands for the default."""

    async def read(self, tx: Transaction, scope: Scope, owner: int) -> dict[str, str]:
        """Return everything an owner set, by name."""
        table, column, base, columns = _place(scope)
        rows = await tx.all(f"SELECT name, value FROM {table} WHERE {column} = :owner", owner=owner)
        values = {str(row["name"]): str(row["value"]) for row in rows}
        own = await tx.one(f"SELECT {', '.join(columns.values())} FROM {base} WHERE id = :owner", owner=owner)
        if own is not None:
            values |= {name: _text(name, own[column]) for name, column in columns.items() if own[column] != ""}
        return values

    async def write(self, tx: Transaction, scope: Scope, owner: int, name: str, value: str) -> None:
        """Set one, or clear it with an empty value; the owner's revision grows."""
        table, column, base, columns = _place(scope)
        if name in columns:
            number = int(value[:2]) if name == "day-start" and value else value
            await tx.execute(
                f"UPDATE {base} SET {columns[name]} = :value, revision = revision + 1 WHERE id = :owner",
                value=_empty(name) if value == "" else number,
                owner=owner,
            )
            return
        if value == "":
            await tx.execute(f"DELETE FROM {table} WHERE {column} = :owner AND name = :name", owner=owner, name=name)
        else:
            await tx.execute(
                f"""
                INSERT INTO {table} ({column}, name, value) VALUES (:owner, :name, :value)
                ON CONFLICT ({column}, name) DO UPDATE SET value = :value
                """,
                owner=owner,
                name=name,
                value=value,
            )
        await tx.execute(f"UPDATE {base} SET revision = revision + 1 WHERE id = :owner", owner=owner)

    async def note(
        self, tx: Transaction, community: int, person: int, at: int, name: str, before: str, after: str,
        about: int | None = None,
    ) -> int:  # fmt: skip
        """Add a line to the audit list; return its id."""
        row = await tx.one(
            """
            INSERT INTO community_change (community_id, person_id, at, name, about, before, after)
            VALUES (:community, :person, :at, :name, :about, :before, :after) RETURNING id
            """,
            community=community,
            person=person,
            at=at,
            name=name,
            about=about,
            before=before,
            after=after,
        )
        assert row is not None  # noqa: S101 - RETURNING answers with the row or raises
        return int(row["id"])

    async def changes(self, tx: Transaction, community: int, most: int) -> list[Change]:
        """Return the latest changes of a community, newest first."""
        rows = await tx.all(
            """
            SELECT c.id AS id, c.at AS at, c.name AS name, c.before AS before, c.after AS after, c.undone AS undone,
                COALESCE(p.name, '') AS who, COALESCE(a.name, '') AS about_name, c.about AS about
            FROM community_change AS c
            LEFT JOIN community_person AS p ON p.id = c.person_id
            LEFT JOIN community_person AS a ON a.id = c.about
            WHERE c.community_id = :community ORDER BY c.id DESC LIMIT :most
            """,
            community=community,
            most=most,
        )
        return [_change(row) for row in rows]

    async def changes_by(self, tx: Transaction, community: int, person: int, since: int) -> list[Change]:
        """Return what one person changed since a moment (Unix seconds), newest first."""
        rows = await tx.all(
            """
            SELECT c.id AS id, c.at AS at, c.name AS name, c.before AS before, c.after AS after, c.undone AS undone,
                '' AS who, '' AS about_name, c.about AS about
            FROM community_change AS c
            WHERE c.community_id = :community AND c.person_id = :person AND c.at >= :since ORDER BY c.id DESC
            """,
            community=community,
            person=person,
            since=since,
        )
        return [_change(row) for row in rows]

    async def change(self, tx: Transaction, community: int, number: int) -> Change | None:
        """Return one change of a community."""
        row = await tx.one(
            """
            SELECT c.id AS id, c.at AS at, c.name AS name, c.before AS before, c.after AS after, c.undone AS undone,
                '' AS who, '' AS about_name, c.about AS about
            FROM community_change AS c WHERE c.community_id = :community AND c.id = :number
            """,
            community=community,
            number=number,
        )
        return None if row is None else _change(row)

    async def undone(self, tx: Transaction, number: int) -> None:
        """Mark a change as undone."""
        await tx.execute("UPDATE community_change SET undone = 1 WHERE id = :number", number=number)

    async def latest(self, tx: Transaction, community: int, name: str, about: int | None) -> int | None:
        """Return the id of the latest change of one thing that was not undone."""
        row = await tx.one(
            """
            SELECT MAX(id) AS id FROM community_change
            WHERE community_id = :community AND name = :name AND undone = 0
                AND COALESCE(about, 0) = COALESCE(:about, 0)
            """,
            community=community,
            name=name,
            about=about,
        )
        return None if row is None or row["id"] is None else int(row["id"])


def _place(scope: Scope) -> tuple[str, str, str, Mapping[str, str]]:
    if scope is Scope.PERSON:
        return "community_preference", "person_id", "community_person", _PERSON_COLUMNS
    return "community_setting", "community_id", "community_community", _COMMUNITY_COLUMNS


def _text(name: str, value: object) -> str:
    return f"{value:02}:00" if name == "day-start" else str(value)


def _empty(name: str) -> str | int:
    return 4 if name == "day-start" else "UTC" if name.endswith("zone") else ""


def _change(row: Row) -> Change:
    return Change(
        id=int(row["id"]),
        who=str(row["who"]),
        at=int(row["at"]),
        name=str(row["name"]),
        before=str(row["before"]),
        after=str(row["after"]),
        undone=bool(row["undone"]),
        about=str(row["about_name"]),
        about_person=None if row["about"] is None else int(row["about"]),
    )
