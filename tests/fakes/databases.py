"""Which database the worlds of the tests live on: SQLite in place, or with ``TEST_DATABASE=postgres`` a real server.

``open_quick`` stands where a world would call ``open_inline``. On PostgreSQL a path names a database that lasts until
the process ends, so that a world can be left and entered again; without a path it is emptied for the next world when
it is closed.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import pytest

from bot.infra.database_inline import open_inline
from bot.infra.database_sqlite import open_database
from bot.kit.database import Database, Transaction, Work
from bot.kit.errors import StorageError
from tests.fakes.virtual_time import outside

if TYPE_CHECKING:
    from tests.fakes.postgres import Server

Result = TypeVar("Result")
ON_POSTGRES = os.environ.get("TEST_DATABASE", "sqlite") == "postgres"
IN_PLACE = pytest.mark.skipif(ON_POSTGRES, reason="needs a database that answers before anything else can happen")
_kept: dict[Path, str] = {}
_spare: list[str] = []
_tables: list[str] = []
_made = ""


def open_quick(path: Path | None = None) -> Database:
    """Return a database for a world: the one at ``path``, or a new one."""
    return QuickPostgres(path) if ON_POSTGRES else open_inline(path)


async def open_kept(path: Path) -> Database:
    """Return the database at ``path`` as a running bot has it, with a thread of its own."""
    return QuickPostgres(path) if ON_POSTGRES else await open_database(path)


async def rows_of(tx: Transaction, *owners: str) -> dict[str, list[tuple[object, ...]]]:
    """Return everything some owners keep, by table."""
    found = await tx.all(
        "SELECT table_name FROM information_schema.tables WHERE table_schema = current_schema() ORDER BY 1"
        if ON_POSTGRES
        else "SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name"
    )
    names = [str(row[0]) for row in found if str(row[0]).partition("_")[0] in owners]
    return {name: [tuple(row) for row in await tx.all(f"SELECT * FROM {name} ORDER BY 1, 2")] for name in names}  # type: ignore[arg-type]


class QuickPostgres:
    """A database of the tests' own server, opened when it is first used."""

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._name = ""
        self._opening: asyncio.Task[Database] | None = None
        self._is_closed = False

    async def read(self, work: Work[Result], /) -> Result:
        return await self._outside(lambda database: database.read(work))

    async def write(self, work: Work[Result], /) -> Result:
        return await self._outside(lambda database: database.write(work))

    async def close(self) -> None:
        from bot.infra.postgres_units import refuse_inside
        from tests.fakes.postgres import shared_server

        refuse_inside()
        self._is_closed = True
        opening, self._opening = self._opening, None
        if opening is not None:
            with outside():
                await (await opening).close()
                if self._path is None:
                    await shared_server().empty(self._name, _tables, but="schema_migration")
                    _spare.append(self._name)

    async def _outside(self, call: Callable[[Database], Awaitable[Result]]) -> Result:
        """Do something that virtual time waits for."""
        from bot.infra.postgres_units import refuse_inside

        refuse_inside()
        if self._is_closed:
            raise StorageError("The database has been closed. Open it again.")
        if self._opening is None:
            self._opening = asyncio.ensure_future(self._open())
        with outside():
            return await call(await asyncio.shield(self._opening))

    async def _open(self) -> Database:
        from bot.infra.database_postgres import open_postgres
        from tests.fakes.postgres import shared_server

        server = shared_server()
        self._name = _kept.get(self._path, "") if self._path is not None else ""
        if not self._name:
            self._name = _spare.pop() if _spare else await server.make(await _template(server))
            if self._path is not None:
                _kept[self._path] = self._name
        return await open_postgres(server.url(self._name), pool=3)


async def _template(server: Server) -> str:
    """Return a database that has every table already; without it most of a test's time would go into making them."""
    global _made  # noqa: PLW0603 - one for the process
    if not _made:
        from bot.app import all_migrations, build_app
        from bot.connections import migrations
        from bot.engine.migrate import migrate
        from bot.infra.database_postgres import open_postgres
        from tests.fakes.clock import FakeClock
        from tests.fakes.core import shipped_shelf

        name = await server.make()
        database = await open_postgres(server.url(name), pool=2)
        features = build_app(database, shipped_shelf(), FakeClock()).features
        owners = all_migrations(features, migrations())
        await migrate(database, owners, before_change=None, now=0)
        await database.close()
        _tables.extend(await server.tables(name))
        _made = name
    return _made
