"""Everything stored about a person, over all owners of tables: told, exported, erased, and forgotten in time."""

from __future__ import annotations

import json
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final, cast

from bot.domain.community.store.erasures import Erasures, micros
from bot.domain.personal.store import PersonalRows, Subject
from bot.kit.database import Database, Row, Transaction
from bot.kit.errors import StorageError
from bot.kit.personal import Declared, Impersonal, Kept, Owned, Personal, Spoken

log = logging.getLogger("roadmate.privacy")

EDITION: Final = 1
"""The shape of the exported file; goes up when a program that reads it would have to know."""
COPIES_DAYS: Final = 40
"""Copies that were made by themselves are removed at this age at the latest."""

SCRUBBED_AT_ONCE: Final = 128 * 1024 * 1024
"""Bytes of a database whose file is written anew right after erasing; a larger one, which takes longer, at night."""
_NO_LIMIT: Final = 2**62
_NIGHTS: Final = 3  # for so many nights after an erasure, so that one in which a copy was being made does no harm

Scrub = Callable[[int], Awaitable[bool]]
"""Leaves nothing of what was deleted in files of at most so many bytes; False: it has to be done later."""
Forget = Callable[[Database, datetime], Awaitable[None]]
"""Forgets, at a moment, rows that cannot be told by their age alone."""


@dataclass(frozen=True, slots=True)
class Farewell:
    """What a feature has to do about somebody before their rows go, in the same unit of work.

    Attributes:
        begin: called with whom it is about and when they are erased.
        tells: a sentence for them about what will happen outside of the database, or nothing.
    """

    begin: Callable[[Transaction, Subject, datetime], Awaitable[None]]
    tells: Callable[[Transaction, Subject], Awaitable[str]] | None = None


@dataclass(frozen=True, slots=True)
class Stored:
    """How much of one kind is stored: what it is (to be translated), how many rows, and whether they stay nameless."""

    what: str
    count: int
    stays: bool
    days: int | None


class PersonalRecords:
    """Works on every declared table. Everything but ``scrub`` and ``forget`` happens in the caller's unit of work."""

    def __init__(self, salt: Callable[[], str], scrub: Scrub | None = None) -> None:
        self._salt = salt
        self._scrub = scrub
        self._rows = PersonalRows()
        self._owned: tuple[Owned, ...] = ()
        self._forget_more: Forget | None = None
        self._farewells: list[Farewell] = []

    def before_erasing(self, farewell: Farewell) -> None:
        """Have something done whenever somebody is erased."""
        self._farewells.append(farewell)

    async def farewells(self, tx: Transaction, whose: Subject) -> list[str]:
        """Return what somebody has to know of what erasing them begins elsewhere."""
        told = [await farewell.tells(tx, whose) for farewell in self._farewells if farewell.tells is not None]
        return [words for words in told if words]

    def declare(self, owned: Sequence[Owned], forget_more: Forget | None = None) -> None:
        """Take the declarations of every owner; those that point at others' rows come first.

        ``forget_more`` forgets what is said to be forgotten by its owner.
        """
        self._owned = tuple(owned)
        self._forget_more = forget_more

    @property
    def declared(self) -> Sequence[Declared]:
        """Every declaration, in the order in which rows are erased."""
        return [table for owned in self._owned for table in owned.tables]

    @property
    def leaves_copies(self) -> bool:
        """Whether the bot itself makes copies of the database, and removes them in time."""
        return self._scrub is not None

    def copies_gone(self, at: datetime) -> date:
        """Return the first day on which no copy made before ``at`` is left, of those made by themselves."""
        return (at + timedelta(days=COPIES_DAYS + 1)).date()

    async def subject(self, tx: Transaction, person: int, own_chat: tuple[str, str] | None = None) -> Subject | None:
        """Return whom rows are looked for; None if they are erased. ``own_chat`` is one known to be theirs alone."""
        found = await self._rows.subject(tx, person)
        if found is None:
            return None
        name, accounts = found
        chats = {
            (platform, owned.own_chat(account))
            for owned in self._owned
            if owned.own_chat is not None
            for platform, account in accounts
            if platform == owned.owner
        }
        if own_chat is not None:
            chats.add(own_chat)
        return Subject(person, name, accounts, tuple(sorted(chats)))

    async def person_of(self, tx: Transaction, platform: str, account: str) -> int | None:
        """Return the number of the person an account belongs to."""
        return await self._rows.person_of(tx, platform, account)

    async def stored(self, tx: Transaction, whose: Subject) -> list[Stored]:
        """Return how much of each kind is stored; what there is none of is left out."""
        tables = self._tables()
        found = []
        for table in tables.values():
            if count := await self._rows.count(tx, table, tables, whose):
                stays = table.becomes is not None and table.table != "community_person"
                found.append(Stored(table.what, count, stays, table.kept.days if table.kept else None))
        return found

    async def export(self, tx: Transaction, whose: Subject, at: datetime) -> str:
        """Return everything as JSON text, the same rows as ``erase`` would touch."""
        tables = self._tables()
        kept: dict[str, Any] = {}
        for name, table in tables.items():
            rows = await self._rows.rows(tx, table, tables, whose)
            kept[name] = {"what": table.what, "rows": [_readable(row, table, whose) for row in rows]}
        spoken: dict[str, int] = {}
        for shared in self.declared:
            if isinstance(shared, Spoken):
                spoken[shared.table] = len(await self._rows.spoken(tx, shared, whose))
        migrations = await self._rows.migrations(tx)
        told = {
            "roadmate_export": EDITION,
            "made_at": _moment(at.timestamp()),
            "schema": migrations,
            "accounts": [{"platform": platform, "account": account} for platform, account in whose.accounts],
            "tables": kept,
            "shared_rows_that_may_say_your_name": spoken,
        }
        return json.dumps(told, ensure_ascii=False, indent=1)

    async def erase(self, tx: Transaction, whose: Subject, at: datetime) -> int:
        """Erase somebody; return how many rows were touched. Afterwards an event of before ``at`` does nothing."""
        tables = self._tables()
        count = 0
        for farewell in self._farewells:
            await farewell.begin(tx, whose, at)
        for table in self.declared:
            if isinstance(table, Personal):
                count += await self._rows.erase(tx, table, tables, whose)
            elif isinstance(table, Spoken):
                count += await self._rows.mask(tx, table, whose)
        for platform, account in whose.accounts:
            await Erasures().note(tx, platform, account, salt=self._salt(), at=micros(at))
        return count

    async def scrub(self, most_bytes: int = SCRUBBED_AT_ONCE) -> bool:
        """Leave nothing of what was deleted in the database's files; False: it has to be done at night."""
        if self._scrub is None:
            return True
        try:
            return await self._scrub(most_bytes)
        except StorageError as error:
            log.warning("traces of what was erased stay in the database's file until tomorrow night: %s", error)
            return False

    async def forget(self, database: Database, now: datetime) -> None:
        """Delete what is no longer needed, a few thousand rows at a time, and leave nothing of it in the files."""
        at = int(now.timestamp())
        for table, kept in self.clock():
            if kept.by_owner:
                continue
            more = True
            while more:

                async def work(tx: Transaction, table: str = table, kept: Kept = kept) -> bool:
                    return await self._rows.forget(tx, table, kept, at)

                more = await database.write(work)
        if self._forget_more is not None:
            await self._forget_more(database, now)
        if await database.read(lambda tx: Erasures().is_any_since(tx, at - _NIGHTS * 86_400)):
            await self.scrub(_NO_LIMIT)

    def clock(self) -> list[tuple[str, Kept]]:
        """Return the tables whose rows have their time, each once."""
        found = {table.table: table.kept for table in self.declared if table.kept is not None}
        return sorted(found.items())

    def retention(self) -> list[tuple[str, int]]:
        """Return what is forgotten in time, in words or the name of a table, and after how many days."""
        named = {table.table: table.what for table in self.declared if isinstance(table, Personal)}
        others = {table.table: table.why for table in self.declared if isinstance(table, Impersonal)}
        return [(named.get(table) or others.get(table, table), kept.days) for table, kept in self.clock()]

    def _tables(self) -> Mapping[str, Personal]:
        return {table.table: table for table in self.declared if isinstance(table, Personal)}


def _readable(row: Row, table: Personal, whose: Subject) -> dict[str, Any]:
    """Return a row for people: moments as text, JSON as such, and nobody else's number."""
    told: dict[str, Any] = {}
    names: Sequence[str] = list(cast("Any", row).keys())  # both drivers' rows know them
    for column in names:
        value = row[column]
        if value is not None and column in table.people:
            value = "you" if value == whose.person else "somebody else"
        elif value is not None and column in table.times:
            value = _moment(value / table.times[column])
        elif isinstance(value, str) and value[:1] in ("{", "["):
            with suppress(ValueError):  # a text that only begins like JSON
                value = json.loads(value)
        told[column] = value
    return told


def _moment(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="seconds")
