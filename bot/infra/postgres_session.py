"""One connection to PostgreSQL, which comes back by itself after it was lost."""

from __future__ import annotations

import logging
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Final

import asyncpg  # type: ignore[import-untyped]

from bot.infra.postgres_dialect import bind, bind_many, statement
from bot.infra.postgres_errors import (
    FAILURES,
    ConflictError,
    LostError,
    is_duplicate,
    mistake,
    place_of,
    refused,
    unreachable,
)
from bot.infra.postgres_units import Ask
from bot.kit.database import Value
from bot.kit.errors import StorageError

log = logging.getLogger("roadmate.database")

CONNECT_SECONDS: Final = 5.0
STATEMENT_SECONDS: Final = 30.0  # a change of tables may take as long as it needs
LOCK_SECONDS: Final = 15.0  # longer than a dead process keeps a row
IDLE_SECONDS: Final = 10.0  # how long a process may pause inside a unit before PostgreSQL undoes it
STATEMENTS_KEPT: Final = 128  # prepared statements of each connection
_A_DAY: Final = 86_400.0
_READ: Final = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
_COUNTED: Final = frozenset({"INSERT", "UPDATE", "DELETE", "MERGE"})
_CATCH_UP: Final = """
DO $$ DECLARE c record; BEGIN
    FOR c IN SELECT table_name AS t, column_name AS n,
            pg_get_serial_sequence(format('%I', table_name), column_name) AS s
        FROM information_schema.columns WHERE table_schema = current_schema() AND is_identity = 'YES'
    LOOP
        EXECUTE format('SELECT setval(%L, max(%I)) FROM %I HAVING max(%I) >= (SELECT last_value FROM %s)',
            c.s, c.n, c.t, c.n, c.s);
    END LOOP;
END $$
"""
"""Lets columns that count by themselves go on behind the highest number, as on SQLite, after tables were rebuilt."""


@dataclass(frozen=True, slots=True)
class Server:
    """Which database to connect to, and by which name we are known there."""

    url: str = field(repr=False)
    application: str
    place: str

    @classmethod
    def of(cls, url: str, application: str) -> Server:
        """Return the server of an address."""
        return cls(url, application, place_of(url))

    async def connect(self, part: str = "", settings: Mapping[str, str] | None = None) -> Any:
        """Return a fresh connection; raise ``LostError`` if none can be made.

        Args:
            part: what it is for, shown in PostgreSQL's list of connections.
            settings: of the session, beyond the usual ones.
        """
        usual = {
            "application_name": f"{self.application} {part}".strip()[:63],
            "statement_timeout": f"{STATEMENT_SECONDS:.0f}s",
            "lock_timeout": f"{LOCK_SECONDS:.0f}s",
            "idle_in_transaction_session_timeout": f"{IDLE_SECONDS:.0f}s",
            "jit": "off",  # our statements are small
        }
        try:
            connection = await asyncpg.connect(
                self.url,
                timeout=CONNECT_SECONDS,
                command_timeout=STATEMENT_SECONDS + CONNECT_SECONDS,  # the server gives up first, unless it is gone
                statement_cache_size=0,  # sessions keep their own
                server_settings={**usual, **(settings or {})},
            )
        except FAILURES as error:
            raise unreachable(error, self.place) from None
        except ValueError:  # a port or a user that cannot be read; the message may hold the password
            raise unreachable(asyncpg.ClientConfigurationError(""), self.place) from None
        return connection


class Session:
    """One connection, made when it is needed, and again after it was lost."""

    def __init__(self, server: Server, gate: int) -> None:
        self._server = server
        self._gate = gate
        self._connection: Any = None
        self._prepared: OrderedDict[str, Any] = OrderedDict()
        self._has_changed_tables = False
        self.trouble = ""
        """Why there is no connection, as a sentence; empty if nothing is known."""
        self.is_unreachable = False
        """Whether the last attempt to connect failed."""

    @property
    def place(self) -> str:
        """The database, as shown to a person."""
        return self._server.place

    async def close(self) -> None:
        """Let go of the connection."""
        connection, self._connection = self._connection, None
        if connection is not None:
            await end(connection)

    def drop(self) -> None:
        """Forget a connection that cannot be used any more."""
        connection, self._connection = self._connection, None
        self._prepared.clear()
        self._has_changed_tables = False
        if connection is not None:
            connection.terminate()

    async def begin(self, *, reading: bool, then: str = "") -> None:
        """Begin a transaction; a connection that broke while nobody used it is replaced."""
        text = (
            _READ
            if reading
            else f"BEGIN ISOLATION LEVEL SERIALIZABLE; SELECT pg_advisory_xact_lock_shared({self._gate})"
        )
        await self._first(f"{text}; {then}" if then else text)

    async def commit(self, rings: Sequence[str] = ()) -> None:
        """Make everything durable and ring the channels; raises ``ConflictError`` if it has to be run again."""
        if self._has_changed_tables:
            await self.control(_CATCH_UP)
            self._prepared.clear()
            self._has_changed_tables = False
        rung = "".join(f"SELECT pg_notify('{channel}', ''); " for channel in rings)
        try:
            await self.control(f"{rung}COMMIT")
        except LostError as error:
            raise LostError(
                f"{self.place} was lost while a step was being stored. It is not known whether it was; look before "
                "you repeat it."
            ) from error

    async def rollback(self) -> None:
        """Undo everything since the beginning."""
        self._has_changed_tables = False
        if self._connection is not None:
            await self.control("ROLLBACK")

    async def hold_others_off(self) -> None:
        """Wait until no other process writes, and let none begin."""
        await self._first(f"SELECT pg_advisory_lock({self._gate})")

    async def let_others(self) -> None:
        """Let other processes write again."""
        if self._connection is not None:
            await self.control(f"SELECT pg_advisory_unlock({self._gate})")

    async def control(self, text: str, *, is_first: bool = False) -> None:
        """Run statements of ours; raises ``ConflictError``, ``LostError`` or ``StorageError``.

        ``is_first``: nothing was under way, so a connection that turns out to be broken is no trouble yet.
        """
        try:
            if self._connection is None:
                raise LostError(f"{self.place} was lost.")
            await self._connection.execute(text, timeout=self._patience())
        except FAILURES as error:
            raise self._refused(error, text, is_first=is_first) from None

    async def perform(self, ask: Ask) -> object:
        """Return the answer to a unit's request; a refusal is noted on its transaction as well."""
        try:
            return await self._perform(ask)
        except asyncpg.InternalClientError:  # a table has other columns than when the statement was prepared
            self.drop()
            raise ConflictError from None
        except FAILURES as error:
            ask.tx.was_duplicate = is_duplicate(error)
            ask.tx.refusal = self._refused(error, ask.sql, reading=ask.tx.reading)
            raise ask.tx.refusal from None
        except ValueError as error:
            ask.tx.refusal = mistake(self.place, ask.sql, str(error))
            raise ask.tx.refusal from None

    async def _perform(self, ask: Ask) -> object:
        if statement(ask.sql).is_schema and not self._has_changed_tables and not ask.tx.reading:
            await self.control("SET LOCAL statement_timeout = 0; SET LOCAL lock_timeout = '60s'")
            self._has_changed_tables = True
        if ask.how == "many":
            await self._many(ask.sql, ask.rows)
            return None
        text, values = bind(ask.sql, ask.values, reading=ask.tx.reading)
        prepared = await self._prepare(text)
        if ask.how == "one":
            return await prepared.fetchrow(*values, timeout=self._patience())
        rows = await prepared.fetch(*values, timeout=self._patience())
        return rows if ask.how == "all" else _changed(prepared.get_statusmsg())

    async def _many(self, sql: str, rows: Sequence[Mapping[str, Value]]) -> None:
        together = bind_many(sql, rows)
        if together is not None:
            text, all_values = together
            await (await self._prepare(text)).executemany(all_values, timeout=self._patience())
            return
        for row in rows:
            text, values = bind(sql, row, reading=False)
            await (await self._prepare(text)).fetch(*values, timeout=self._patience())

    async def _prepare(self, text: str) -> Any:
        known = self._prepared.get(text)
        if known is not None:
            self._prepared.move_to_end(text)
            return known
        if self._connection is None:
            raise LostError(f"{self.place} was lost.")
        prepared = await self._connection.prepare(text, timeout=self._patience())
        self._prepared[text] = prepared
        if len(self._prepared) > STATEMENTS_KEPT:
            self._prepared.popitem(last=False)
        return prepared

    async def _first(self, text: str) -> None:
        """Run the first statement of something, on a fresh connection if the old one broke while nobody used it."""
        if self._connection is not None and not self._connection.is_closed():
            with suppress(LostError):
                await self.control(text, is_first=True)
                return
        await self._connect()
        await self.control(text)

    async def _connect(self) -> None:
        self.drop()
        self.is_unreachable = True
        try:
            connection = await self._server.connect()
            try:
                await prepare(connection)
            except BaseException:
                connection.terminate()
                raise
        except FAILURES as error:
            self._note(str(unreachable(error, self.place)))
            raise unreachable(error, self.place) from None
        except LostError as error:
            self._note(str(error))
            raise
        self._connection = connection
        if self.trouble:
            log.info("%s is there again", self.place)
        self.trouble = ""
        self.is_unreachable = False

    def _note(self, trouble: str) -> None:
        if trouble != self.trouble:
            log.error("%s", trouble)
        self.trouble = trouble

    def _refused(self, error: Exception, sql: str, *, reading: bool = False, is_first: bool = False) -> StorageError:
        try:
            return refused(error, self.place, sql, reading=reading)
        except LostError as lost:
            self.drop()
            if not is_first:
                self._note(str(lost))
            raise
        except ConflictError:
            if isinstance(error, asyncpg.InvalidCachedStatementError):
                self._prepared.clear()
            raise

    def _patience(self) -> float | None:
        return _A_DAY if self._has_changed_tables else None


async def prepare(connection: Any) -> None:
    """Let a connection answer as SQLite does, and see that what it stores is durable."""
    await connection.set_type_codec("numeric", schema="pg_catalog", encoder=str, decoder=_number, format="text")
    if await connection.fetchval("SHOW synchronous_commit") == "off":
        await connection.execute("SET synchronous_commit = on")


async def end(connection: Any) -> None:
    """Close a connection, in whichever state it is."""
    try:
        await connection.close(timeout=CONNECT_SECONDS)
    except FAILURES:
        connection.terminate()


def _changed(status: str) -> int:
    verb, _space, rest = status.partition(" ")
    return int(rest.rpartition(" ")[2]) if verb in _COUNTED else 0


def _number(text: str) -> int | float:
    """Return a NUMERIC as SQLite would: sums of whole numbers are whole."""
    return float(text) if "." in text or "N" in text or "I" in text else int(text)
