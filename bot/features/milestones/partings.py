"""Roles of people who are erased: taken back soon after, for their badges and everything known of them go at once."""

from __future__ import annotations

import logging
from datetime import UTC, datetime, timedelta
from typing import Final

from bot.domain.personal.store import Subject
from bot.domain.tools import Tools
from bot.features.milestones import rewards
from bot.features.milestones.store import Parting, PartingStore
from bot.kit.database import Transaction
from bot.kit.platform import RankRefusedError
from bot.kit.posting import Address, GoneError, NotSentError
from bot.kit.schedule import Due, Job, Once, Owner, Plan

log = logging.getLogger("roadmate.milestones")

PART: Final = "milestones.partings"
GRACE: Final = timedelta(days=1)
"""So long it is tried; then who was erased stays forgotten, and the role is left to moderators."""


class Partings:
    """Takes roles from accounts that are nobody's any more. What is kept for that goes with the role."""

    def __init__(self, tools: Tools) -> None:
        self._tools = tools
        self._store = PartingStore()
        self.jobs = (Job(PART, self.run, missed=self.missed),)

    async def begin(self, tx: Transaction, whose: Subject, at: datetime) -> None:
        """Have the roles of somebody who is erased taken once that is stored."""
        now = self._tools.clock.now().astimezone(UTC).replace(tzinfo=None, microsecond=0)
        for community, platform, role in await self._store.worn(tx, whose.person):
            for account in (account for name, account in whose.accounts if name == platform):
                number = await self._store.part(tx, community, platform, account, role, int(at.timestamp()))
                owner, data = Owner(community=community), {"parting": number}
                await self._tools.schedules.plan(tx, Plan(PART, owner, Once(now), "UTC", str(number), data, GRACE))

    async def tells(self, tx: Transaction, whose: Subject) -> str:
        """Return what becomes of the roles of somebody; nothing for who has none."""
        return rewards.roles_go() if await self._store.worn(tx, whose.person) else ""

    async def run(self, due: Due) -> None:
        """Take one role. Raises ``DeliveryError`` if the platform is out of reach: it is tried again."""
        number = int(due.plan.plan.data.get("parting", 0))

        async def look(tx: Transaction) -> tuple[Parting, str] | None:
            parting = await self._store.parting(tx, number)
            if parting is None:
                return None
            person = await self._tools.personal.person_of(tx, parting.platform, parting.account)
            if person is not None and await self._store.is_given_anew(tx, parting, person):
                return None
            return parting, await self._tools.preferences.rooms.chat(tx, parting.community, parting.platform) or ""

        found = await self._tools.database.read(look)
        if found is not None:
            await self._take(*found)

        async def forget(tx: Transaction) -> None:
            await self._store.forget(tx, number)
            await self._tools.schedules.forget(tx, due.plan.id)

        await self._tools.database.write(forget)

    async def _take(self, parting: Parting, chat: str) -> None:
        told = self._tools.surroundings(parting.platform)
        if told is None or told.ranks is None:
            raise NotSentError(f"{parting.platform} does not run")
        try:
            await told.ranks.take(Address(parting.platform, chat), parting.account, parting.role)
        except RankRefusedError as refused:
            log.warning("role %s of somebody erased stays, moderators can take it: %s", parting.role, refused)
        except GoneError as gone:
            log.info("nobody to take a role from: %s", gone)

    async def missed(self, tx: Transaction, due: Due) -> None:
        """Forget a role that could not be taken for a day."""
        number = int(due.plan.plan.data.get("parting", 0))
        parting = await self._store.parting(tx, number)
        if parting is not None:
            log.warning("role %s of somebody erased stays: %s was out of reach", parting.role, parting.platform)
        await self._store.forget(tx, number)
