"""Remembering everything in a PostgreSQL database that several processes may share.

One connection of the process writes, others read; each is made when it is first needed and again after it was lost.
Needed are PostgreSQL 14 or newer and a user that may use and create in its schema: ``public``, or the first of the
address's ``search_path`` (``?search_path=roadmate``). Connections have settings and prepared statements of their own,
so a pooler in between must be one that keeps sessions.
"""

from __future__ import annotations

import asyncio
import hashlib
import logging
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Any, Final, cast

from bot.infra.postgres_errors import FAILURES, LostError, unreachable
from bot.infra.postgres_runs import run_reads, run_writes
from bot.infra.postgres_session import Server, Session, end
from bot.infra.postgres_turns import Listener, Turn
from bot.infra.postgres_units import Unit, refuse_inside, ring_when_stored
from bot.infra.turns import work_in
from bot.kit.database import Result, Row, Transaction, Work
from bot.kit.errors import StorageError

log = logging.getLogger("roadmate.database")

OLDEST: Final = 14
MOST_TOGETHER: Final = 32  # PostgreSQL is fast for up to 64 savepoints; a group also holds its locks until it ends
Run = Callable[[Session, Sequence[Unit]], Awaitable[None]]


class Desk:
    """Units that wait, and the connections that serve them in the order of their coming."""

    def __init__(self, sessions: Sequence[Session], run: Run, place: str) -> None:
        self.sessions = sessions
        self._idle = list(sessions)
        self._run = run
        self._place = place
        self._waiting: deque[Unit] = deque()
        self._serving: set[asyncio.Task[None]] = set()

    def submit(self, work: Work[object]) -> asyncio.Future[object]:
        """Let ``work`` be run; the future brings its result or its error."""
        loop = asyncio.get_running_loop()
        future: asyncio.Future[object] = loop.create_future()
        self._waiting.append(Unit(work, future))
        if self._idle:
            serving = loop.create_task(self._serve(self._idle.pop()))
            self._serving.add(serving)
            serving.add_done_callback(self._serving.discard)
        return future

    async def finish(self) -> None:
        """Wait until nothing waits here, then let go of the connections."""
        while self._serving:
            await asyncio.wait(self._serving)
        for session in self.sessions:
            await session.close()

    async def _serve(self, session: Session) -> None:
        units: list[Unit] = []
        try:
            while self._waiting:
                fair = -(-len(self._waiting) // len(self.sessions))  # rounded up: leave work for the others
                units = [self._waiting.popleft() for _ in range(min(fair, MOST_TOGETHER))]
                await self._run(session, units)
                if session.is_unreachable:  # whoever waits is told at once, and may try again
                    units += self._waiting
                    self._waiting.clear()
                    for unit in units:
                        unit.fail(LostError(session.trouble))
                if not session.trouble:  # what others met is over, even if nobody needs them for a long time
                    for other in self.sessions:
                        other.trouble = ""
                for unit in units:
                    unit.settle()
        except BaseException:  # the loop is being torn down around us
            for unit in (*units, *self._waiting):
                unit.abandon(self._place)
            self._waiting.clear()
            session.drop()
            raise
        finally:
            self._idle.append(session)


class PostgresDatabase:
    """The ``Database`` port over PostgreSQL, and the ``Shared`` port; made by ``open_postgres``."""

    def __init__(self, server: Server, schema: str, pool: int, version: str = "") -> None:
        self.version = version
        """PostgreSQL's version, as it says it."""
        self._server = server
        self._schema = schema
        gate = self._key("writers")
        self._writing = Desk([Session(server, gate)], run_writes, server.place)
        self._reading = Desk([Session(server, gate) for _ in range(pool - 1)], run_reads, server.place)
        self._listener = Listener(server)
        self._turns: set[Turn] = set()
        self._closing: asyncio.Task[None] | None = None

    @property
    def place(self) -> str:
        """The database as shown to a person: host, port and name."""
        return self._server.place

    @property
    def is_alone(self) -> bool:
        """Whether there can be no other process: never."""
        return False

    @property
    def trouble(self) -> str:
        """Why the database cannot be used at the moment, as a sentence; empty if nothing is known."""
        sessions = (*self._writing.sessions, *self._reading.sessions)
        return next((session.trouble for session in sessions if session.trouble), "")

    async def is_empty(self) -> bool:
        """Return whether nobody has made a table in the schema yet."""

        async def look(tx: Transaction) -> Row | None:
            return await tx.one("SELECT 1 FROM information_schema.tables WHERE table_schema = current_schema() LIMIT 1")

        return await self.read(look) is None

    async def read(self, work: Work[Result], /) -> Result:
        """Run ``work`` on one consistent snapshot that holds every write that had returned before."""
        self._check_open()
        return cast("Result", await self._reading.submit(work))

    async def write(self, work: Work[Result], /) -> Result:
        """Run ``work`` durably, in the order of the calls; again from its beginning if another process interfered."""
        self._check_open()
        return cast("Result", await self._writing.submit(work))

    def ring(self, channel: str) -> None:
        """Wake everyone who listens to a channel, in every process: called inside a unit of work, once it is stored."""
        name = self._channel(channel)
        if not ring_when_stored(name):
            self._check_open()
            self._listener.ring(name)

    async def listen(self, channel: str, callback: Callable[[], None]) -> None:
        """Call ``callback`` whenever the channel is rung, and when something may have been missed."""
        self._check_open()
        await self._listener.listen(self._channel(channel), callback)

    @asynccontextmanager
    async def turn(self, name: str) -> AsyncIterator[Turn]:
        """Wait until no other process has the turn of this name; inside of the block it is ours, unless it is lost."""
        self._check_open()
        turn = Turn(self._server, name, self._key(f"turn {name}"))
        self._turns.add(turn)
        try:
            await turn.take()
            yield turn
        finally:
            self._turns.discard(turn)
            await turn.release()

    async def in_turn(self, name: str, work: Callable[[], Awaitable[None]]) -> bool:
        """Wait for a turn and do ``work`` while it is ours; return whether it ended by itself."""
        return await work_in(self.turn(name), work)

    async def close(self) -> None:
        """Finish what was accepted, and let go of every connection. May be called again."""
        refuse_inside()
        if self._closing is None:
            self._closing = asyncio.get_running_loop().create_task(self._close())
        await asyncio.shield(self._closing)  # a caller who gives up must not leave it half closed

    async def _close(self) -> None:
        await self._listener.close()
        await self._writing.finish()
        await self._reading.finish()
        for turn in tuple(self._turns):
            await turn.release()

    def _key(self, name: str) -> int:
        """Return the number of a lock of ours: the same in every process, another in another schema."""
        digest = hashlib.sha256(f"roadmate/{self._schema}/{name}".encode()).digest()
        return int.from_bytes(digest[:8], signed=True)

    def _channel(self, name: str) -> str:
        return f"roadmate_{self._key(f'channel {name}') % 2**64:016x}"

    def _check_open(self) -> None:
        refuse_inside()
        if self._closing is not None:
            raise StorageError(f"{self.place} has been closed, because Roadmate is stopping. Start it again.")


async def open_postgres(url: str, *, pool: int = 8, application: str = "roadmate") -> PostgresDatabase:
    """Connect to the database at ``url``, and see that it can be used.

    Args:
        url: such as ``postgresql://user:password@host:5432/name?sslmode=require&search_path=roadmate``.
        pool: connections for units of work, at least 2: one writes, the others read. Each turn that is held and the
            listener have one of their own.
        application: the name shown in PostgreSQL's list of connections.

    Raises:
        StorageError: if it cannot be reached or used.
    """
    if pool < 2:
        raise ValueError("one connection must write and another read")
    server = Server.of(url, application)
    connection = await server.connect()
    try:
        schema = await _usable(connection, server.place)
        version = ".".join(map(str, connection.get_server_version()[:2]))
    except FAILURES as error:
        raise unreachable(error, server.place) from None
    finally:
        await end(connection)
    return PostgresDatabase(server, schema, pool, version)


async def _usable(connection: Any, place: str) -> str:
    """Return the schema to use; raise ``StorageError`` if the database cannot be used."""
    version = connection.get_server_version()
    if version.major < OLDEST:
        raise StorageError(
            f"{place} is version {version.major}, but Roadmate needs PostgreSQL {OLDEST} or newer. Upgrade the server."
        )
    row = await connection.fetchrow(
        """
        SELECT current_schema() AS schema, current_setting('search_path') AS path, pg_is_in_recovery() AS is_copy,
            current_setting('server_encoding') AS encoding, current_user AS person,
            has_schema_privilege(current_schema(), 'USAGE') AND has_schema_privilege(current_schema(), 'CREATE') AS may
        """
    )
    if row["encoding"] != "UTF8":
        raise StorageError(f"{place} keeps text as {row['encoding']}, which holds not every letter. Make it with UTF8.")
    if row["schema"] is None:
        raise StorageError(f"{place} has no schema of search_path {row['path']}. Make it with CREATE SCHEMA.")
    if row["is_copy"]:
        raise LostError(f"{place} is a copy that only reads. Let ROADMATE_DATABASE name the server that takes changes.")
    if not row["may"]:
        raise StorageError(
            f"{place} does not let this user make tables in the schema {row['schema']}. As its owner, run: "
            f"GRANT USAGE, CREATE ON SCHEMA {row['schema']} TO {row['person']}."
        )
    return str(row["schema"])
