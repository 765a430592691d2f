"""The database of a simulation: our own inline driver, which fails when told and forgets a process that died."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable

from bot.infra.database_inline import InlineDatabase
from bot.kit.database import Result, Work
from bot.kit.errors import StorageError


class FailingDatabase:
    """The ``Database`` port of one process. A unit of work happens whole or not at all, also when the process dies."""

    def __init__(
        self,
        inner: InlineDatabase,
        chance: random.Random,
        is_alive: Callable[[], bool],
        trace: Callable[[str], None],
    ) -> None:
        self._inner = inner
        self._random = chance
        self._is_alive = is_alive
        self._trace = trace
        self.faulty = 0.0
        self.is_full = False

    async def read(self, work: Work[Result], /) -> Result:
        await self._wait()
        result = await self._inner.read(work)
        await self._wait()
        return result

    async def write(self, work: Work[Result], /) -> Result:
        await self._wait()
        if self.is_full:
            raise StorageError("The disk is full.")
        if self._random.random() < self.faulty:
            self._trace("database trouble before the unit")
            raise StorageError("The database is busy.")
        result = await self._inner.write(work)
        await self._wait()
        return result

    async def close(self) -> None:
        """Nothing: the next process goes on with the same database."""

    async def _wait(self) -> None:
        await asyncio.sleep(self._random.uniform(0.0001, 0.003))
        if not self._is_alive():
            await asyncio.Event().wait()  # whoever waits here died with the process
