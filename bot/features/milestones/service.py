"""The use cases of milestones: load, decide, save. Each changes everything it changes in one unit of work."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import UTC, datetime, time, timedelta
from typing import Final

from bot.domain.contributions import Gate
from bot.domain.curriculum.shapes import Stage
from bot.domain.personal.store import Subject
from bot.domain.tools import Tools
from bot.features.milestones import posts, rules
from bot.features.milestones.card import Project, Standing, State
from bot.features.milestones.rules import Outcome
from bot.features.milestones.speech import CARD, NEWS, Speech
from bot.features.milestones.store import BadgeStore, RequestStore
from bot.kit.database import Transaction
from bot.kit.posting import Address, DeliveryError
from bot.kit.request import Request, Setting
from bot.kit.schedule import Daily, Due, Job, Owner, Plan

log = logging.getLogger("roadmate.milestones")

TIDY: Final = "milestones.tidy"
KEPT: Final = timedelta(days=401)
"""A day longer than the outbox remembers posts."""
MOST_COMMUNITIES: Final = 10


class MilestoneService:
    """What learners can do about milestones."""

    def __init__(self, tools: Tools) -> None:
        self._tools = tools
        self._store = RequestStore()
        self._badges = BadgeStore()
        self._speech = Speech(tools, self._store)
        self.jobs = (Job(TIDY, self.tidy),)

    @property
    def gate(self) -> Gate | None:
        """The test of a stage, if a feature offers one."""
        return next(iter(self._tools.contributions.of(Gate)), None)

    @property
    def stages(self) -> Sequence[Stage]:
        """The stages of the roadmap in their order."""
        return self._tools.shelf.curriculum.stages

    def stage_of(self, stage: str) -> Stage | None:
        """Return a stage by its id; None if it is no longer on the roadmap."""
        return self._tools.shelf.curriculum.stage_ids.get(stage)

    async def standing(self, request: Request, stage: Stage | None) -> Standing:
        """Return how far the asker is with a stage; without one, with the first they have not reached yet."""
        person, here = request.asker.person, request.community

        async def work(tx: Transaction) -> Standing:
            badges = await self._badges.badges(tx, person)
            valid = [badge for badge in badges if badge.revoked_at is None]
            reached = frozenset(badge.stage for badge in valid)
            about = stage or next((one for one in self.stages if one.id not in reached), self.stages[-1])
            ours = [badge for badge in valid if badge.stage == about.id]
            badge = next((badge for badge in ours if here in (None, badge.community)), None)
            last = next((one for one in badges if one.stage == about.id), None)
            asked = await self._store.latest(tx, person, about.id)
            gate = self.gate
            return Standing(
                about,
                project=await self._store.project(tx, person, about.id),
                badge=badge,
                elsewhere=ours[0] if ours and badge is None else None,
                revoked=last if last is not None and last.revoked_at is not None else None,
                request=asked,
                review=await self._store.said(tx, asked.id) if asked is not None else None,
                is_tested=None if gate is None else await gate.passed(tx, person, about.id),
                needs_test=gate is not None,
                reached=reached,
            )

        return await self._tools.database.read(work)

    async def give(self, request: Request, stage: Stage, link: str, summary: str) -> Outcome:
        """Keep what the asker has to show; while a review is open, what it is about stays as it is."""
        person, now = request.asker.person, int(request.at.timestamp())

        async def work(tx: Transaction) -> Outcome:
            asked = await self._store.latest(tx, person, stage.id)
            if asked is not None and asked.state is State.OPEN:
                return Outcome.OPEN
            await self._store.give(tx, person, stage.id, Project(link, summary, now))
            return Outcome.DONE

        return await self._tools.database.write(work)

    async def communities(self, request: Request) -> list[tuple[int, str]]:
        """Return the asker's communities that could look at a project."""
        person = request.asker.person
        return await self._tools.database.read(
            lambda tx: self._store.communities(tx, person, most=MOST_COMMUNITIES)
        )  # fmt: skip

    async def ask(self, request: Request, stage: Stage, community: int) -> Outcome:
        """Ask a community for a review: what is asked stands in each of its rooms.

        Who asks from elsewhere must be in it still: nobody tells the bot of people who left or were banned.
        """
        person, now = request.asker.person, int(request.at.timestamp())
        here = request.here
        if request.community != community:
            _project, refused = await self._tools.database.read(
                lambda tx: self._may_ask(tx, person, stage, community, now)
            )
            refused = refused or await self._is_there(person, community)
            if refused is not None:
                return refused
        home = Address(here.platform, here.chat) if here and request.setting is Setting.PRIVATE else None

        async def work(tx: Transaction) -> Outcome:
            project, refused = await self._may_ask(tx, person, stage, community, now)
            if refused is not None or project is None:
                return refused or Outcome.NO_PROJECT
            rooms = await self._speech.rooms(tx, community, here if request.community == community else None)
            if not rooms:
                return Outcome.NO_ROOM
            number = await self._store.ask(tx, person, stage.id, community, project, home, now)
            asked = await self._store.request(tx, number) if number is not None else None
            if asked is None:
                return Outcome.OPEN
            with await self._speech.of_community(tx, community):
                card = posts.asked(asked, stage)
            await self._speech.say(tx, asked, CARD, card, rooms, now)
            tidy = Plan(TIDY, Owner(community=community), Daily(time(4, 10)), "UTC", grace=timedelta(days=1))
            await self._tools.schedules.plan(tx, tidy)
            return Outcome.DONE

        return await self._tools.database.write(work)

    async def _may_ask(
        self, tx: Transaction, person: int, stage: Stage, community: int, now: int
    ) -> tuple[Project | None, Outcome | None]:
        """Return what somebody has to show, or why they cannot ask."""
        if await self._tools.preferences.rooms.member(tx, community, person) is None:
            return None, Outcome.NO_MEMBER
        asked = await self._store.latest(tx, person, stage.id)
        if asked is not None and asked.state is State.OPEN:
            return None, Outcome.OPEN
        if await self._badges.has(tx, person, stage.id, community):
            return None, Outcome.REACHED
        gate = self.gate
        if gate is not None and await gate.passed(tx, person, stage.id) is None:
            return None, Outcome.NO_TEST
        project = await self._store.project(tx, person, stage.id)
        last = await self._store.asked_last(tx, person, stage.id, community)
        if project is not None and last is not None and now < last + rules.ASK_AGAIN.total_seconds():
            return None, Outcome.TOO_SOON
        return project, None

    async def ask_again(self, request: Request, stage: Stage, community: int) -> datetime | None:
        """Return from when on (aware, UTC) the asker may ask a community again; None if they never did."""
        person = request.asker.person
        last = await self._tools.database.read(lambda tx: self._store.asked_last(tx, person, stage.id, community))
        return None if last is None else datetime.fromtimestamp(last, UTC) + rules.ASK_AGAIN

    async def _is_there(self, person: int, community: int) -> Outcome | None:
        """Return why somebody cannot ask a community from elsewhere: None if a platform says that they are in it."""

        async def look(tx: Transaction) -> list[tuple[Address, str]]:
            whose = await self._tools.personal.subject(tx, person)
            found = []
            for platform, account in whose.accounts if whose is not None else ():
                chat = await self._tools.preferences.rooms.chat(tx, community, platform)
                if chat is not None:
                    found.append((Address(platform, chat), account))
            return found

        refused = Outcome.NO_MEMBER
        for here, account in await self._tools.database.read(look):
            told = self._tools.surroundings(here.platform)
            try:
                if told is None:
                    refused = Outcome.NOT_TOLD
                elif await told.has(here, account):
                    return None
            except DeliveryError as trouble:
                log.info("nobody tells who is in community %s: %s", community, trouble)
                refused = Outcome.NOT_TOLD
        return refused

    async def withdraw(self, request: Request, number: int) -> tuple[Outcome, str]:
        """Take the asker's own request back, with its posts; return what came of it, and which stage it was about."""
        now = int(request.at.timestamp())

        async def work(tx: Transaction) -> tuple[Outcome, str]:
            asked = await self._store.request(tx, number)
            if asked is None or asked.person != request.asker.person:
                return Outcome.UNKNOWN, ""
            if not await self._store.settle(tx, number, State.WITHDRAWN, now):
                return Outcome.SETTLED, asked.stage
            await self._speech.withdraw(tx, number, CARD)
            return Outcome.DONE, asked.stage

        return await self._tools.database.write(work)

    async def titles(self, tx: Transaction, person: int) -> list[str]:
        """Return the milestones somebody reached, each once, in the order they were reached."""
        valid = [badge for badge in await self._badges.badges(tx, person) if badge.revoked_at is None]
        return list(dict.fromkeys(badge.title for badge in reversed(valid)))

    async def let_go(self, tx: Transaction, whose: Subject, _at: datetime) -> None:
        """Let posts about somebody who is erased say neither name nor link, before another request has its number."""
        for post, kind, community in await self._store.posts_about(tx, whose.person):
            with await self._speech.of_community(tx, community):
                await self._tools.outbox.edit(tx, post, posts.nameless(is_news=kind == NEWS))
            await self._store.forget_post(tx, post)

    async def tidy(self, due: Due) -> None:
        """Let posts say no name whose request was erased; forget those the outbox has forgotten."""
        community = due.plan.plan.owner.community or 0
        before = int((due.at - KEPT).timestamp())

        async def work(tx: Transaction) -> None:
            for post, kind in await self._store.orphans(tx, community):
                await self._tools.outbox.edit(tx, post, posts.nameless(is_news=kind == NEWS))
                await self._store.forget_post(tx, post)
            await self._store.forget_posts_before(tx, community, before)

        await self._tools.database.write(work)
