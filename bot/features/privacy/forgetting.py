"""The daily job that forgets what is no longer needed."""

from __future__ import annotations

from datetime import time, timedelta
from typing import Final

from bot.domain.tools import Tools
from bot.kit.database import Transaction
from bot.kit.schedule import Daily, Due, Job, Owner, Plan

JOB: Final = "privacy.forget"
_AT: Final = time(3, 40)  # UTC; it takes moments, and may as well be late
_GRACE: Final = timedelta(hours=20)


class Forgetting:
    """Plans the job and does it."""

    def __init__(self, tools: Tools) -> None:
        self._tools = tools
        self.job = Job(JOB, self.run)

    async def plan(self) -> None:
        """See that it is planned, once for the whole bot."""

        async def work(tx: Transaction) -> None:
            await self._tools.schedules.plan(tx, Plan(JOB, Owner(), Daily(_AT), "UTC", grace=_GRACE))

        await self._tools.database.write(work)

    async def run(self, due: Due) -> None:
        """Forget; what is left by a crash in between is forgotten the next day."""
        await self._tools.personal.forget(self._tools.database, due.at)
