"""Roles that milestones give: kept with the milestone, given by a job once that is stored, tried again if need be."""

from __future__ import annotations

import logging
from datetime import UTC, datetime, timedelta
from typing import Final

from bot.domain.tools import Tools
from bot.features.milestones import rewards
from bot.features.milestones.card import Reward
from bot.features.milestones.store import BadgeStore, Errand, RankStore
from bot.kit.database import Transaction
from bot.kit.platform import Lacking, Rank, RankRefusedError, Ranks
from bot.kit.posting import Address, DeliveryError, GoneError, NotSentError
from bot.kit.request import Request
from bot.kit.schedule import Due, Job, Once, Owner, Plan
from bot.kit.wording import N_

log = logging.getLogger("roadmate.milestones")

GIVE: Final = "milestones.roles"
AUDIT: Final = N_("role for a milestone")
"""What a chosen role is called in the audit list."""
GRACE: Final = timedelta(days=2)
"""So long it is tried to give a role while the platform cannot be reached."""
MOST_HOLDERS: Final = 1_000


class Ranking:
    """Chooses roles; gives and takes them. A role that cannot be given breaks nothing: it is listed with the reason."""

    def __init__(self, tools: Tools) -> None:
        self._tools = tools
        self._store = RankStore()
        self._badges = BadgeStore()
        self.jobs = (Job(GIVE, self.run, missed=self.missed),)

    def ranks(self, platform: str) -> Ranks | None:
        """Return what gives roles on a platform; None where members have none."""
        told = self._tools.surroundings(platform)
        return told.ranks if told is not None else None

    async def chosen(self, request: Request) -> tuple[list[Reward], list[tuple[str, int]]]:
        """Return the roles a community gives, and why how many could not be given."""
        community = request.community or 0

        async def work(tx: Transaction) -> tuple[list[Reward], list[tuple[str, int]]]:
            return await self._store.rewards(tx, community), await self._store.troubles(tx, community)

        return await self._tools.database.read(work)

    async def find(self, request: Request, ranks: Ranks, wanted: str) -> list[Rank]:
        """Return the roles that could be meant; raises ``DeliveryError`` if the platform tells nothing just now."""
        assert request.here is not None  # noqa: S101 - only asked where somebody is
        return list(await ranks.find(request.here, wanted))

    async def choose(self, request: Request, stage: str, rank: Rank | None) -> int:
        """Give this role for a milestone from now on, also to whoever has reached it; return to how many.

        None: give no role any more. What was given before stays given.
        """
        assert request.community is not None  # noqa: S101 - only called in communities
        assert request.here is not None  # noqa: S101 - likewise
        community, platform, by = request.community, request.here.platform, request.asker.person

        async def work(tx: Transaction) -> int:
            before = [one for one in await self._store.rewards(tx, community)
                      if (one.stage, one.platform) == (stage, platform)]  # fmt: skip
            was = before[0].title if before else ""
            if rank is None:
                await self._store.drop(tx, community, stage, platform)
            else:
                await self._store.choose(tx, community, Reward(stage, platform, rank.id, rank.name))
            if was != (now := rank.name if rank else ""):
                await self._tools.preferences.note(tx, community, AUDIT, was, now, by=by, at=request.at)
            if rank is None:
                return 0
            holders = await self._badges.holders(tx, community, stage, most=MOST_HOLDERS)
            for badge in holders:
                await self.give(tx, community, badge.person, stage, request.at)
            return len(holders)

        return await self._tools.database.write(work)

    async def lacking(self, request: Request, ranks: Ranks, rank: str) -> Lacking | None:
        """Return what the bot lacks to give a role; None also where the platform does not tell just now."""
        assert request.here is not None  # noqa: S101 - only asked where somebody is
        try:
            return await ranks.lacking(request.here, rank)
        except DeliveryError as trouble:
            log.info("nobody tells whether a role can be given: %s", trouble)
            return None

    async def give(self, tx: Transaction, community: int, person: int, stage: str, at: datetime) -> None:
        """Have the roles of a milestone given once this unit of work is stored."""
        for reward in await self._store.rewards(tx, community):
            if reward.stage == stage:
                await self._send(tx, community, person, reward, at, gives=True)

    async def take(self, tx: Transaction, community: int, person: int, stage: str, at: datetime) -> None:
        """Have the roles that a milestone gave taken back, unless another milestone gives them as well."""
        for reward in await self._store.given(tx, community, person, stage):
            await self._send(tx, community, person, reward, at, gives=False)

    async def _send(
        self, tx: Transaction, community: int, person: int, reward: Reward, at: datetime, *, gives: bool
    ) -> None:
        whose = await self._tools.personal.subject(tx, person)
        if whose is None or all(platform != reward.platform for platform, _account in whose.accounts):
            return
        number = await self._store.send(tx, community, person, reward, gives=gives, at=int(at.timestamp()))
        await self._plan(tx, community, number)

    async def _plan(self, tx: Transaction, community: int, number: int) -> None:
        now = self._tools.clock.now().astimezone(UTC).replace(tzinfo=None, microsecond=0)
        plan = Plan(GIVE, Owner(community=community), Once(now), "UTC", str(number), {"errand": number}, GRACE)
        await self._tools.schedules.plan(tx, plan)

    async def run(self, due: Due) -> None:
        """Give or take one role. Raises ``DeliveryError`` if the platform is out of reach: it is tried again."""
        number = int(due.plan.plan.data.get("errand", 0))

        async def look(tx: Transaction) -> tuple[Errand, str, list[str]] | None:
            errand = await self._store.errand(tx, number)
            if errand is None or errand.is_done:
                return None
            whose = await self._tools.personal.subject(tx, errand.person)
            chat = await self._tools.preferences.rooms.chat(tx, errand.community, errand.platform)
            accounts = whose.accounts if whose is not None else ()
            return errand, chat or "", [account for platform, account in accounts if platform == errand.platform]

        found = await self._tools.database.read(look)
        if found is None:
            return
        errand, chat, accounts = found
        why = ""
        try:
            await self._do(errand, Address(errand.platform, chat), accounts)
        except RankRefusedError as refused:
            why = rewards.why(refused.lack)
            log.warning("a role could not be given or taken: %s", refused)
        except GoneError as gone:
            log.info("nobody to give a role to or to take it from: %s", gone)

        async def note(tx: Transaction) -> None:
            if why:
                await self._store.failed(tx, number, why)
                return
            await self._store.done(tx, number, int(self._tools.clock.now().timestamp()))
            latest = await self._store.latest(tx, errand)
            if latest is not None and latest != number:  # something else was wanted meanwhile: do that last
                again = await self._store.errand(tx, latest)
                if again is not None and again.is_done and again.gives is not errand.gives:
                    reward = Reward(again.stage, again.platform, again.role, "")
                    await self._send(
                        tx, again.community, again.person, reward, self._tools.clock.now(), gives=again.gives
                    )  # fmt: skip

        await self._tools.database.write(note)

    async def _do(self, errand: Errand, here: Address, accounts: list[str]) -> None:
        ranks = self.ranks(errand.platform)
        if ranks is None:
            raise NotSentError(f"{errand.platform} does not run")
        for account in accounts:
            if errand.gives:
                await ranks.give(here, account, errand.role)
            else:
                await ranks.take(here, account, errand.role)

    async def missed(self, tx: Transaction, due: Due) -> None:
        """Note that the platform was out of reach for too long."""
        await self._store.failed(tx, int(due.plan.plan.data.get("errand", 0)), rewards.out_of_reach())
