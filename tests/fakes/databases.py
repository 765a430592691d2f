"""Which database the worlds of the tests live on: SQLite in place, or with ``TEST_DATABASE=postgres`` a real server.

``open_quick`` stands where a world would call ``open_inline``. On PostgreSQL a path names a database that lasts until
the process ends, so that a world can be left and entered again; without a path it is dropped when it is closed.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TypeVar

from bot.infra.database_inline import open_inline
from bot.infra.database_sqlite import open_database
from bot.kit.database import Database, Work
from bot.kit.errors import StorageError
from tests.fakes.virtual_time import OUTSIDE

Result = TypeVar("Result")
ON_POSTGRES = os.environ.get("TEST_DATABASE", "sqlite") == "postgres"
_kept: dict[Path, str] = {}


def open_quick(path: Path | None = None) -> Database:
    """Return a database for a world: the one at ``path``, or a new one."""
    return QuickPostgres(path) if ON_POSTGRES else open_inline(path)


async def open_kept(path: Path) -> Database:
    """Return the database at ``path`` as a running bot has it, with a thread of its own."""
    return QuickPostgres(path) if ON_POSTGRES else await open_database(path)


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
        if self._opening is not None:
            opening, self._opening = self._opening, None
            await (await opening).close()
            if self._path is None:
                await shared_server().drop(self._name)

    async def _outside(self, call: Callable[[Database], Awaitable[Result]]) -> Result:
        """Do something that virtual time waits for."""
        from bot.infra.postgres_units import refuse_inside

        refuse_inside()
        if self._is_closed:
            raise StorageError("The database has been closed. Open it again.")
        if self._opening is None:
            self._opening = asyncio.ensure_future(self._open())
        busy = asyncio.get_running_loop().create_future()
        OUTSIDE.add(busy)
        try:
            return await call(await asyncio.shield(self._opening))
        finally:
            OUTSIDE.discard(busy)
            busy.set_result(None)

    async def _open(self) -> Database:
        from bot.infra.database_postgres import open_postgres
        from tests.fakes.postgres import shared_server

        server = shared_server()
        self._name = _kept.get(self._path, "") if self._path is not None else ""
        if not self._name:
            self._name = await server.make()
            if self._path is not None:
                _kept[self._path] = self._name
        return await open_postgres(server.url(self._name), pool=3)
