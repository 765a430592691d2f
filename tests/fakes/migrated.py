"""Bringing a world's new database up to date at once: the files are applied once for each set of them, then copied.

Stands where a world would call ``migrate``. A database that is not new, or is none of SQLite's, is migrated as a bot
does it. That the files themselves can be applied is proved in ``tests/engine/test_migrate.py`` and by every real start.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from typing import TypeVar

from bot.engine import migrate as real
from bot.engine.migrate import Migrations
from bot.infra.database_inline import InlineDatabase
from bot.infra.database_sqlite import SqliteDatabase, on_thread
from bot.kit.database import Database

Result = TypeVar("Result")
_made: dict[tuple[object, ...], sqlite3.Connection] = {}


async def migrate(database: Database, owners: Sequence[Migrations], *, before_change: None, now: int) -> None:
    """Leave in ``database`` what ``bot.engine.migrate.migrate`` would; one that watches another is looked through."""
    database = getattr(database, "inner", database)
    key = (type(database), now, *((owner.owner, str(owner.folder)) for owner in owners))
    if not isinstance(database, InlineDatabase | SqliteDatabase) or not await _on(database, _is_new):
        await real.migrate(database, owners, before_change=before_change, now=now)
    elif key in _made:
        await _on(database, _made[key].backup)
    else:
        await real.migrate(database, owners, before_change=before_change, now=now)
        _made[key] = await _on(database, _copy)


async def _on(database: InlineDatabase | SqliteDatabase, function: Callable[[sqlite3.Connection], Result]) -> Result:
    """Do something with the connection that writes."""
    if isinstance(database, InlineDatabase):
        return function(database._connection)
    return await on_thread(database._writer._connection, function)


def _is_new(connection: sqlite3.Connection) -> bool:
    return connection.execute("SELECT 1 FROM sqlite_schema").fetchone() is None


def _copy(connection: sqlite3.Connection) -> sqlite3.Connection:
    copy = sqlite3.connect(":memory:", check_same_thread=False)
    connection.backup(copy)
    return copy
