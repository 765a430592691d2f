"""A test post: what a community can plan to see that posting works, at the hour and in the place it chose."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from bot.domain.tools import Tools
from bot.features.setup import replies
from bot.kit.database import Transaction
from bot.kit.posting import Doubt, Post
from bot.kit.preference import NOTHING, OneOf, Preference, Scope
from bot.kit.reply import Reply
from bot.kit.schedule import Due, Job, Once, Owner, Plan, Planned
from bot.kit.wording import N_

SOON: Final = "soon"
TOMORROW: Final = "tomorrow"
_MINUTES: Final = timedelta(minutes=10)
_HOUR: Final = time(9)
JOB: Final = "setup.test"


class Proof:
    """Plans the post and writes it when it is due."""

    def __init__(self, tools: Tools) -> None:
        self._tools = tools
        self.job = Job(JOB, self.run, title=N_("Test post"), preview=self.preview)
        self.preference = Preference(
            "test-post",
            N_("Test post"),
            N_("One post that shows you that everything works. Nothing else is planned by it."),
            OneOf({SOON: N_("in ten minutes"), TOMORROW: N_("tomorrow at 9:00"), NOTHING: N_("no test post")}),
            NOTHING,
            Scope.COMMUNITY,
            setup=90,
            preview=lambda value: () if value == NOTHING else replies.test_post().blocks,
            obey=self.plan,
        )

    async def plan(self, tx: Transaction, community: int, value: str) -> None:
        """Plan the post, or take the plan back."""
        owner = Owner(community=community)
        if value == NOTHING:
            for planned in await self._tools.schedules.of(tx, owner):
                if planned.plan.job == JOB:
                    await self._tools.schedules.forget(tx, planned.id)
            return
        preferences = self._tools.preferences
        zone = preferences.declared["our-zone"].of(await preferences.of(tx, Scope.COMMUNITY, community))
        local = self._tools.clock.now().astimezone(ZoneInfo(zone)).replace(tzinfo=None, microsecond=0)
        at = local + _MINUTES if value == SOON else datetime.combine(local.date() + timedelta(days=1), _HOUR)
        await self._tools.schedules.plan(tx, Plan(JOB, owner, Once(at), zone))

    async def preview(self, planned: Planned) -> Reply:
        """Show what will be posted."""
        return replies.test_post()

    async def run(self, due: Due) -> None:
        """Write the post for each place the community posts in."""
        community = due.plan.plan.owner.community
        if community is None:
            return

        async def work(tx: Transaction) -> None:
            for room in await self._tools.preferences.rooms.rooms(tx, community):
                key = f"{JOB}:{due.plan.id}:{due.key}:{room.to.platform}"
                await self._tools.outbox.post(
                    tx,
                    Post(room.to, replies.test_post(), key, community, doubt=Doubt.REPEAT, report_to=room.to),
                )

        await self._tools.database.write(work)
