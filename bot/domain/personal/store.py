"""SQL made from declarations: finding, changing and forgetting the rows of a person in any table."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from bot.domain.personal.masking import masked
from bot.kit.database import Row, Transaction, Value
from bot.kit.personal import Kept, Personal, Spoken

_AT_ONCE: Final = 5_000  # rows forgotten in one unit of work, so that nobody waits long behind it


@dataclass(frozen=True, slots=True)
class Subject:
    """Whom it is about.

    Attributes:
        person: their number.
        name: as last seen.
        accounts: every account of theirs, as (platform, account).
        chats: every chat that is theirs alone, as (platform, chat).
    """

    person: int
    name: str
    accounts: tuple[tuple[str, str], ...]
    chats: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class _Condition:
    words: str
    values: Mapping[str, Value]


class PersonalRows:
    """Reads and changes rows of people inside a unit of work."""

    async def subject(self, tx: Transaction, person: int) -> tuple[str, tuple[tuple[str, str], ...]] | None:
        """Return the name and the accounts of a person; None if they are erased or never were."""
        found = await tx.one("SELECT name FROM community_person WHERE id = :person", person=person)
        rows = await tx.all(
            "SELECT platform, account FROM community_identity WHERE person_id = :person ORDER BY platform, account",
            person=person,
        )
        if found is None or not rows:
            return None
        return str(found["name"]), tuple((str(row["platform"]), str(row["account"])) for row in rows)

    async def person_of(self, tx: Transaction, platform: str, account: str) -> int | None:
        """Return the number of the person an account belongs to."""
        row = await tx.one(
            "SELECT person_id FROM community_identity WHERE platform = :platform AND account = :account",
            platform=platform,
            account=account,
        )
        return None if row is None else int(row["person_id"])

    async def migrations(self, tx: Transaction) -> dict[str, int]:
        """Return the number of each owner's newest migration, which together say what the tables look like."""
        rows = await tx.all("SELECT owner, MAX(number) AS newest FROM schema_migration GROUP BY owner ORDER BY owner")
        return {str(row["owner"]): int(row["newest"]) for row in rows}

    async def count(self, tx: Transaction, table: Personal, tables: Mapping[str, Personal], whose: Subject) -> int:
        """Return how many rows of a table are somebody's."""
        where = _where(table, tables, whose)
        row = await tx.one(f"SELECT COUNT(*) AS many FROM {table.table} WHERE {where.words}", **where.values)
        return 0 if row is None else int(row["many"])

    async def rows(
        self, tx: Transaction, table: Personal, tables: Mapping[str, Personal], whose: Subject
    ) -> Sequence[Row]:
        """Return all rows of a table that are somebody's."""
        where = _where(table, tables, whose)
        return await tx.all(f"SELECT * FROM {table.table} WHERE {where.words}", **where.values)

    async def erase(self, tx: Transaction, table: Personal, tables: Mapping[str, Personal], whose: Subject) -> int:
        """Delete somebody's rows of a table, or take what is personal out of them; return how many."""
        where = _where(table, tables, whose)
        if table.becomes is None:
            return await tx.execute(f"DELETE FROM {table.table} WHERE {where.words}", **where.values)
        changes, values = [], dict(where.values)
        for number, (column, value) in enumerate(table.becomes.items()):
            values[f"to{number}"] = value
            changes.append(
                f"{column} = CASE WHEN {column} = :person THEN :to{number} ELSE {column} END"
                if column in table.people
                else f"{column} = :to{number}"
            )
        if any(":person" in change for change in changes):
            values["person"] = whose.person
        return await tx.execute(f"UPDATE {table.table} SET {', '.join(changes)} WHERE {where.words}", **values)

    async def spoken(self, tx: Transaction, table: Spoken, whose: Subject) -> Sequence[Row]:
        """Return the rows of a shared table whose texts may say somebody's name."""
        if len(whose.name) < 2:
            return []
        hits = " OR ".join(f"{text} LIKE :plain ESCAPE '!' OR {text} LIKE :json ESCAPE '!'" for text in table.texts)
        return await tx.all(
            f"SELECT {', '.join((*table.key, *table.texts))} FROM {table.table} WHERE {hits}",
            plain=_like(whose.name),
            json=_like(json.dumps(whose.name, ensure_ascii=False)[1:-1]),
        )

    async def mask(self, tx: Transaction, table: Spoken, whose: Subject) -> int:
        """Take somebody's name out of a shared table; return how many rows said it."""
        count = 0
        for row in await self.spoken(tx, table, whose):
            fresh = {text: masked(row[text], whose.name, whose.person) for text in table.texts if row[text]}
            changed: dict[str, Any] = {text: value for text, value in fresh.items() if value != row[text]}
            if not changed:
                continue
            await tx.execute(
                f"UPDATE {table.table} SET {', '.join(f'{text} = :{text}' for text in changed)}"
                f" WHERE {' AND '.join(f'{key} = :key_{key}' for key in table.key)}",
                **changed,
                **{f"key_{key}": row[key] for key in table.key},
            )
            count += 1
        return count

    async def forget(self, tx: Transaction, table: str, kept: Kept, now: int) -> bool:
        """Delete a first few thousand rows whose time has come; return whether there may be more. In Unix seconds."""
        before = (now - kept.days * 86_400) * kept.unit
        bound = await tx.one(
            f"SELECT {kept.since} AS bound FROM {table} WHERE {kept.since} < :before"
            f" ORDER BY {kept.since} LIMIT 1 OFFSET :most",
            before=before,
            most=_AT_ONCE,
        )
        cut = before if bound is None else int(bound["bound"]) + 1
        await tx.execute(f"DELETE FROM {table} WHERE {kept.since} < :cut", cut=min(cut, before))
        return bound is not None


def _where(table: Personal, tables: Mapping[str, Personal], whose: Subject) -> _Condition:
    """Return the condition that a row is somebody's."""
    words: list[str] = []
    values: dict[str, Value] = {}
    if table.people:
        values["person"] = whose.person
        words += [f"{column} = :person" for column in table.people]
    for columns, known, sign in ((table.accounts, whose.accounts, "a"), (table.chats, whose.chats, "c")):
        for number, (platform, text) in enumerate(known):
            if not columns or (table.platform and platform != table.platform):
                continue
            values[f"{sign}{number}"] = text
            side = ""
            if not table.platform:
                values[f"{sign}p{number}"] = platform
                side = f" AND platform = :{sign}p{number}"
            words += [f"({column} = :{sign}{number}{side})" for column in columns]
    for column, pattern in table.mentions.items():
        for number, (platform, account) in enumerate(whose.accounts):
            if platform != table.platform:
                continue
            for turn, after in enumerate(',}"'):  # the end of a number or of a text
                values[f"m{number}{turn}"] = _like(pattern.replace("{account}", account) + after)
                words.append(f"{column} LIKE :m{number}{turn} ESCAPE '!'")
    if table.parent is not None:
        above = _where(tables[table.parent.table], tables, whose)
        values |= above.values
        words.append(
            f"{table.parent.column} IN (SELECT {table.parent.key} FROM {table.parent.table} WHERE {above.words})"
        )
    return _Condition(" OR ".join(words) or "1 = 0", values)


def _like(text: str) -> str:
    for sign in "!%_":
        text = text.replace(sign, "!" + sign)
    return f"%{text}%"
