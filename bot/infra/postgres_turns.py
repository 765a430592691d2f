"""What processes that share a PostgreSQL database tell and leave to each other.

A turn is something only one process does at a time, such as asking Telegram for updates. It is an advisory lock on a
connection of its own, so it ends with the process, and whoever waits has it at once. A process that is frozen or cut
off notices after at most ``SURE_SECONDS`` that its turn may be lost; PostgreSQL ends the connection ``SILENT_SECONDS``
after its last word, which is later, and before 15 s have passed another process has the turn.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from contextlib import suppress
from typing import Any, Final

from bot.infra.postgres_errors import FAILURES, unreachable
from bot.infra.postgres_session import Server, end
from bot.kit.errors import StorageError

log = logging.getLogger("roadmate.database")

PING_SECONDS: Final = 3.0
ANSWER_SECONDS: Final = 4.0
SURE_SECONDS: Final = PING_SECONDS + ANSWER_SECONDS
SILENT_SECONDS: Final = 10.0
WAIT_SECONDS: Final = 5.0  # how long one statement waits for a turn; longer would keep PostgreSQL from tidying up
AGAIN_SECONDS: Final = 1.0
QUIET_SECONDS: Final = 10.0  # after which the listener sees whether a silent connection is still there


class Turn:
    """A turn that is waited for, held or lost."""

    def __init__(self, server: Server, name: str, key: int) -> None:
        self.name = name
        self._server = server
        self._key = key
        self._connection: Any = None
        self._lost = asyncio.Event()
        self._sure_until = 0.0
        self._pinging: asyncio.Task[None] | None = None

    @property
    def is_ours(self) -> bool:
        """Whether no other process can have the turn at this moment."""
        return not self._lost.is_set() and asyncio.get_running_loop().time() < self._sure_until

    async def lost(self) -> None:
        """Return when the turn is lost or released: then somebody else may have it."""
        await self._lost.wait()

    async def take(self) -> None:
        """Wait until the turn is ours, for as long as it takes, also while the database cannot be reached."""
        trouble = ""
        has_waited = False
        while True:
            try:
                if await self._try():
                    log.info("%s: it is the turn of this process", self.name)
                    return
                if not has_waited:
                    log.info("%s: another process has the turn; this one waits to take over", self.name)
                has_waited, trouble = True, ""
            except StorageError as error:
                if trouble != str(error):
                    trouble = str(error)
                    log.warning("%s waits: %s", self.name, trouble)
                with suppress(TimeoutError):
                    await asyncio.wait_for(asyncio.Event().wait(), AGAIN_SECONDS)

    async def release(self) -> None:
        """Leave the turn to somebody else. May be called again."""
        self._lost.set()
        pinging, self._pinging = self._pinging, None
        if pinging is not None:
            pinging.cancel()
            await asyncio.gather(pinging, return_exceptions=True)
        connection, self._connection = self._connection, None
        if connection is not None:
            await end(connection)

    async def _try(self) -> bool:
        """Ask for the turn for a while; return whether it is ours."""
        loop = asyncio.get_running_loop()
        if self._connection is None:
            settings = {"idle_session_timeout": f"{SILENT_SECONDS:.0f}s", "lock_timeout": f"{WAIT_SECONDS:.0f}s"}
            self._connection = await self._server.connect(self.name, settings)
        try:
            asked = loop.time()
            await self._connection.execute(
                f"SELECT pg_advisory_lock({self._key})", timeout=WAIT_SECONDS + ANSWER_SECONDS
            )
        except FAILURES as error:
            if getattr(error, "sqlstate", None) == "55P03":  # somebody else has it
                return False
            self._connection.terminate()
            self._connection = None
            raise unreachable(error, self._server.place) from None
        except BaseException:
            self._connection.terminate()
            self._connection = None
            raise
        self._connection.add_termination_listener(lambda _connection: self._lost.set())
        self._sure_until = asked + SURE_SECONDS
        self._pinging = loop.create_task(self._ping(self._connection))
        return True

    async def _ping(self, connection: Any) -> None:
        """Show PostgreSQL that we are there, and see that it is."""
        loop = asyncio.get_running_loop()
        try:
            while not self._lost.is_set():
                asked = loop.time()
                await connection.execute("SELECT 1", timeout=ANSWER_SECONDS)
                self._sure_until = asked + SURE_SECONDS
                with suppress(TimeoutError):
                    await asyncio.wait_for(self._lost.wait(), PING_SECONDS)
        except FAILURES as error:
            log.warning("%s is left to another process: %s", self.name, type(error).__name__)
        finally:
            self._lost.set()
            connection.terminate()


class Listener:
    """Hears and rings channels on a connection of its own, made when it is first needed."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._callbacks: dict[str, list[Callable[[], None]]] = {}
        self._rings: dict[str, None] = {}
        self._wake = asyncio.Event()
        self._tried = asyncio.Event()
        self._is_closing = False
        self._keeping: asyncio.Task[None] | None = None

    async def listen(self, channel: str, callback: Callable[[], None]) -> None:
        """Call ``callback`` from now on whenever the channel is rung; if there is no connection yet, once there is."""
        self._callbacks.setdefault(channel, []).append(callback)
        self._tried.clear()
        self._work()
        await self._tried.wait()

    def ring(self, channel: str) -> None:
        """Ring a channel soon."""
        self._rings[channel] = None
        self._work()

    async def close(self) -> None:
        """Hear nothing more."""
        self._is_closing = True
        self._wake.set()
        if self._keeping is not None:
            await asyncio.wait([self._keeping])

    def _work(self) -> None:
        self._wake.set()
        if self._keeping is None and not self._is_closing:
            self._keeping = asyncio.get_running_loop().create_task(self._keep())

    async def _keep(self) -> None:
        """Stay connected until the end."""
        known: set[str] = set()
        while not self._is_closing:
            try:
                connection = await self._server.connect("listener")
                try:
                    await self._serve(connection, known)
                finally:
                    await end(connection)
            except (*FAILURES, StorageError) as error:
                log.warning("other processes cannot be heard: %s", _sentence(error, self._server.place))
                self._tried.set()
            if not self._is_closing:
                self._wake.clear()
                with suppress(TimeoutError):
                    await asyncio.wait_for(self._wake.wait(), AGAIN_SECONDS)
        self._tried.set()

    async def _serve(self, connection: Any, known: set[str]) -> None:
        """Hear and ring until the connection breaks or all is over."""
        heard: set[str] = set()
        connection.add_termination_listener(lambda _connection: self._wake.set())
        while not self._is_closing and not connection.is_closed():
            self._wake.clear()
            for channel in self._callbacks.keys() - heard:
                await connection.add_listener(channel, self._heard)
                heard.add(channel)
                if channel in known:  # it may have been rung while nobody heard it
                    self._call(channel)
                known.add(channel)
            self._tried.set()
            while self._rings:
                channel = next(iter(self._rings))
                await connection.execute(f"SELECT pg_notify('{channel}', '')")
                self._rings.pop(channel, None)
            try:
                await asyncio.wait_for(self._wake.wait(), QUIET_SECONDS)
            except TimeoutError:
                await connection.execute("SELECT 1", timeout=ANSWER_SECONDS)

    def _heard(self, _connection: object, _process: int, channel: str, _payload: str) -> None:
        self._call(channel)

    def _call(self, channel: str) -> None:
        for callback in tuple(self._callbacks.get(channel, ())):
            callback()


def _sentence(error: Exception, place: str) -> str:
    return str(error if isinstance(error, StorageError) else unreachable(error, place))
