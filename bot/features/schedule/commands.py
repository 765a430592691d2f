"""``/schedule``: everything planned for a community in the next seven days."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from bot.domain.community import place_words, posting_place
from bot.domain.tools import Tools
from bot.features.schedule import actions, replies
from bot.features.schedule.rules import Line, moved
from bot.kit.command import Area, BadArgumentError, command
from bot.kit.database import Transaction
from bot.kit.feature import handles
from bot.kit.preference import as_time, clock_time
from bot.kit.reply import Reply
from bot.kit.request import Request, Role
from bot.kit.schedule import Job, Once, Owner, Plan, Planned
from bot.kit.text import Blocks
from bot.kit.wording import N_, _

AHEAD: Final = timedelta(days=7)
MOST_LINES: Final = 40
MOST_OF_ONE: Final = 14


class ScheduleCommands:
    """Shows plans; moderators preview, move, pause, skip and run them."""

    def __init__(self, tools: Tools) -> None:
        self._tools = tools
        self._schedules = tools.schedules

    @command(
        "schedule",
        N_("What happens here in the next seven days"),
        example="/schedule",
        area=Area.RUN,
        private=True,
        needs=Role.STRANGER,
        role_matters=True,
    )
    async def schedule(self, request: Request) -> Reply:
        """List what is planned."""
        return await self._list(request)

    @handles(actions.LIST, needs=Role.STRANGER, role_matters=True)
    async def back(self, request: Request) -> Reply:
        """Answer the way back to the list."""
        return await self.schedule(request)

    @handles(actions.OPEN, needs=Role.MODERATOR)
    async def open(self, request: Request, plan: int) -> Reply:
        """Show one plan."""
        return await self._show(request, plan)

    @handles(actions.PREVIEW, needs=Role.MODERATOR)
    async def preview(self, request: Request, plan: int) -> Reply:
        """Show what would be posted now."""
        found = await self._find(request, plan)
        if found is None or found[1].preview is None:
            return replies.not_there()
        return replies.preview(await found[1].preview(found[0]))

    @handles(actions.PAUSE, needs=Role.MODERATOR)
    async def pause(self, request: Request, plan: int) -> Reply:
        """Let a plan rest."""
        return await self._pause(request, plan, paused=True)

    @handles(actions.RESUME, needs=Role.MODERATOR)
    async def resume(self, request: Request, plan: int) -> Reply:
        """Let a plan go on."""
        return await self._pause(request, plan, paused=False)

    @handles(actions.SKIP, needs=Role.MODERATOR)
    async def skip(self, request: Request, plan: int) -> Reply:
        """Leave the next time out."""
        if await self._find(request, plan) is None:
            return replies.not_there()

        async def work(tx: Transaction) -> None:
            await self._schedules.skip(tx, plan)

        await self._tools.database.write(work)
        if await self._find(request, plan) is None:  # that was its only time
            return await self._list(request, replies.is_skipped())
        return await self._show(request, plan, replies.is_skipped())

    @handles(actions.RUN, needs=Role.MODERATOR)
    async def run(self, request: Request, plan: int) -> Reply:
        """Do it once more, now, besides what is planned."""
        found = await self._find(request, plan)
        if found is None:
            return replies.not_there()
        planned, job = found
        kept, community = planned.plan, request.community
        now = self._wall(kept)

        async def work(tx: Transaction) -> bool:
            if community is not None and posting_place.posts(job):
                rooms = await self._tools.preferences.rooms.rooms(tx, community)
                if not rooms:  # of a plan that is paused, too
                    return False
            await self._schedules.plan(
                tx, Plan(kept.job, kept.owner, Once(now), kept.zone, tag=f"now-{plan}", data=kept.data)
            )
            return True

        if not await self._tools.database.write(work):
            return place_words.refusing(_(job.title), actions.HERE.data(plan=plan), replies.back(plan))
        return await self._show(request, plan, replies.is_running())

    @handles(actions.HERE, needs=Role.MODERATOR)
    async def here(self, request: Request, plan: int) -> Reply:
        """Post what is planned in this place from now on; show again what was looked at."""
        chosen = None
        if request.community is not None:
            chosen = await posting_place.choose_here(self._tools, request, request.community)
        if chosen is None:
            return replies.only_in_communities()
        if not chosen.is_taken:
            return place_words.not_taken(chosen, actions.HERE.data(plan=plan), replies.back(plan))
        told = place_words.taken(chosen)
        return await self._show(request, plan, told) if plan else await self._list(request, told)

    @handles(actions.MOVE, needs=Role.MODERATOR)
    async def move(self, request: Request, plan: int) -> Reply:
        """Ask for another hour."""
        found = await self._find(request, plan)
        if found is None:
            return replies.not_there()
        planned, job = found
        if moved(planned.plan.rule, as_time("00:00"), self._wall(planned.plan)) is None:
            return replies.cannot_move()
        return replies.ask_time(planned, _(job.title))

    @handles(actions.MOVED, needs=Role.MODERATOR)
    async def to(self, request: Request, plan: int) -> Reply:
        """Plan it at the hour that was typed."""
        found = await self._find(request, plan)
        if found is None or request.community is None:
            return replies.not_there()
        planned, job = found
        try:
            at = clock_time(request.values.get("at", ""))
        except BadArgumentError as error:
            return replies.refused(error.sentence, plan)
        rule = moved(planned.plan.rule, as_time(at), self._wall(planned.plan))
        if rule is None:
            return replies.cannot_move()
        preference = self._tools.preferences.declared.get(job.setting)
        community, person = request.community, request.asker.person

        async def work(tx: Transaction) -> None:
            if preference is not None:
                await self._tools.preferences.change(tx, preference, community, at, by=person, at=request.at)
            else:
                await self._schedules.plan(tx, replace(planned.plan, rule=rule))

        await self._tools.database.write(work)
        return await self._show(request, plan, replies.is_moved())

    async def _list(self, request: Request, told: Blocks = ()) -> Reply:
        if (community := request.community) is None:
            return replies.only_in_communities()
        lines: list[Line] = []
        paused: list[tuple[int, str]] = []
        titles: dict[int, str] = {}
        found = await self._all(community)
        lacks_place = await self._tools.database.read(
            lambda tx: posting_place.has_no_place(self._tools, tx, community, [planned for planned, _job in found])
        )
        for planned, job in found:
            title = _(job.title)
            titles[planned.id] = title
            if planned.paused:
                paused.append((planned.id, title))
            moments = self._schedules.moments(planned, request.at + AHEAD, MOST_OF_ONE)
            lines += [Line(at, planned.id, title) for at in moments]
        lines.sort(key=lambda line: line.at)
        moderates = request.asker.role.may(Role.MODERATOR)
        zone = request.community_zone
        return replies.listed(
            lines[:MOST_LINES], paused, titles, zone, moderates=moderates, lacks_place=lacks_place, told=told
        )

    async def _pause(self, request: Request, plan: int, *, paused: bool) -> Reply:
        if await self._find(request, plan) is None:
            return replies.not_there()

        async def work(tx: Transaction) -> None:
            await self._schedules.pause(tx, plan, paused=paused)

        await self._tools.database.write(work)
        return await self._show(request, plan, replies.is_paused() if paused else replies.goes_on())

    async def _show(self, request: Request, plan: int, told: Blocks = ()) -> Reply:
        found = await self._find(request, plan)
        if found is None:
            return replies.not_there()
        planned, job = found
        return replies.one(planned, _(job.title), can_preview=job.preview is not None, told=told)

    async def _find(self, request: Request, plan: int) -> tuple[Planned, Job] | None:
        """Return a plan of the community somebody asks in; None for any other."""
        if request.community is None:
            return None
        return next((found for found in await self._all(request.community) if found[0].id == plan), None)

    async def _all(self, community: int) -> list[tuple[Planned, Job]]:
        jobs = self._tools.jobs()
        plans = await self._tools.database.read(lambda tx: self._schedules.of(tx, Owner(community=community)))
        return [
            (planned, jobs[planned.plan.job])
            for planned in plans
            if planned.plan.job in jobs and jobs[planned.plan.job].title and (planned.due is not None or planned.paused)
        ]

    def _wall(self, plan: Plan) -> datetime:
        """Return what the wall of a plan's zone shows now."""
        now = self._tools.clock.now().astimezone(ZoneInfo(plan.zone))
        return now.replace(tzinfo=None, microsecond=0)
