"""What reviewers and moderators do about milestones: approve, say what is missing, take back."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from bot.domain.community.preferences import MILESTONE
from bot.domain.curriculum.shapes import Stage
from bot.domain.tools import Tools
from bot.features.milestones import posts, rules
from bot.features.milestones.card import Ask, Badge, State
from bot.features.milestones.ranks import Ranking
from bot.features.milestones.rules import Outcome
from bot.features.milestones.service import MilestoneService
from bot.features.milestones.speech import CARD, NEWS, Speech
from bot.features.milestones.store import BadgeStore, RequestStore
from bot.kit.database import Transaction
from bot.kit.request import Request

MOST_HOLDERS: Final = 1_000


class Reviews:
    """Each of these changes everything it changes in one unit of work. Rights are checked in that unit."""

    def __init__(self, tools: Tools, service: MilestoneService, ranking: Ranking) -> None:
        self._tools = tools
        self._service = service
        self._ranking = ranking
        self._store = RequestStore()
        self._badges = BadgeStore()
        self._speech = Speech(tools, self._store)

    async def look(self, request: Request, number: int) -> tuple[Outcome, Ask | None]:
        """Return a request that the asker may judge here, or why not."""
        return await self._tools.database.read(lambda tx: self._look(tx, request, number))

    async def _look(self, tx: Transaction, request: Request, number: int) -> tuple[Outcome, Ask | None]:
        asked = await self._store.request(tx, number)
        if asked is None or asked.community != request.community or self._service.stage_of(asked.stage) is None:
            return Outcome.UNKNOWN, None
        person = request.asker.person
        is_own = asked.person == person
        has = await self._badges.has(tx, person, asked.stage, asked.community)
        if not rules.may_review(request.asker.role, is_own=is_own, has_badge=has):
            return (Outcome.OWN if is_own else Outcome.NO_REVIEWER), asked
        return (Outcome.DONE if asked.state is State.OPEN else Outcome.SETTLED), asked

    async def approve(self, request: Request, number: int) -> tuple[Outcome, Ask | None]:
        """Let a request count: badge, news, role. Of two who approve at once, one does.

        There is no news of somebody who hides: beside the card of their request even one without a name would name
        them. The request that is returned has no name then.
        """
        now, reviewer = int(request.at.timestamp()), request.asker

        async def work(tx: Transaction) -> tuple[Outcome, Ask | None]:
            outcome, asked = await self._look(tx, request, number)
            if outcome is not Outcome.DONE or asked is None:
                return outcome, asked
            stage = self._service.stage_of(asked.stage)
            if stage is None or not await self._store.settle(tx, number, State.APPROVED, now):
                return Outcome.SETTLED, asked
            await self._store.review(tx, number, reviewer.person, "", now)
            await self._badges.reach(tx, asked, stage.milestone.title, now)
            asked = replace(asked, name=await self._speech.named(tx, asked.person, asked.name))
            named = await self._speech.named(tx, reviewer.person, reviewer.name)
            with await self._speech.of_community(tx, asked.community):
                card, news = posts.approved(asked, stage, named), posts.reached(asked, stage)
            await self._speech.reword(tx, number, card)
            if asked.name:
                rooms = await self._speech.rooms(tx, asked.community, request.here)
                await self._speech.say(tx, asked, NEWS, news, rooms, now)
            with await self._speech.of_person(tx, asked.person):
                told = posts.you_reached(stage, named)
            await self._speech.tell(tx, asked, "approved", told)
            await self._ranking.give(tx, asked.community, asked.person, asked.stage, request.at)
            return Outcome.DONE, asked

        return await self._tools.database.write(work)

    async def answer(self, request: Request, number: int, words: str) -> tuple[Outcome, Ask | None]:
        """Say what is still missing, to the learner alone; everybody sees only that there is an answer."""
        now, reviewer = int(request.at.timestamp()), request.asker

        async def work(tx: Transaction) -> tuple[Outcome, Ask | None]:
            outcome, asked = await self._look(tx, request, number)
            if outcome is not Outcome.DONE or asked is None:
                return outcome, asked
            stage = self._service.stage_of(asked.stage)
            if stage is None or not await self._store.settle(tx, number, State.ANSWERED, now):
                return Outcome.SETTLED, asked
            await self._store.review(tx, number, reviewer.person, words, now)
            asked = replace(asked, name=await self._speech.named(tx, asked.person, asked.name))
            named = await self._speech.named(tx, reviewer.person, reviewer.name)
            with await self._speech.of_community(tx, asked.community):
                card, note = posts.answered(asked, stage), posts.answer_waits(asked, stage)
            await self._speech.reword(tx, number, card)
            if asked.home is None:
                await self._speech.say(
                    tx, asked, CARD, note, await self._speech.rooms(tx, asked.community, request.here), now, "answer"
                )
            with await self._speech.of_person(tx, asked.person):
                told = posts.still_missing(stage, named, words)
            await self._speech.tell(tx, asked, "answered", told)
            return Outcome.DONE, asked

        return await self._tools.database.write(work)

    async def holders(self, request: Request, stage: Stage, wanted: rules.Wanted) -> list[Badge]:
        """Return the valid badges of a stage in the asker's community that could be meant."""
        community, here = request.community or 0, request.here

        async def work(tx: Transaction) -> list[Badge]:
            found = await self._badges.holders(tx, community, stage.id, most=MOST_HOLDERS)
            if wanted.account and here is not None:
                person = await self._tools.personal.person_of(tx, here.platform, wanted.account)
                return [badge for badge in found if badge.person == person]
            named = wanted.name.casefold()
            exact = [badge for badge in found if badge.name.casefold() == named]
            return exact or [badge for badge in found if named in badge.name.casefold()]

        return await self._tools.database.read(work)

    async def badge(self, request: Request, number: int) -> Badge | None:
        """Return a valid badge of the asker's community."""
        found = await self._tools.database.read(lambda tx: self._badges.badge(tx, number))
        return found if found and found.community == request.community and found.revoked_at is None else None

    async def badge_of(self, request: Request, number: int) -> Badge | None:
        """Return the valid badge of the asker's community that a request led to."""
        found = await self._tools.database.read(lambda tx: self._badges.badge_of_request(tx, number))
        return found if found and found.community == request.community and found.revoked_at is None else None

    async def revoke(self, request: Request, number: int) -> Badge | None:
        """Take a badge back, with its news and its role; None: there is no such one here (any more)."""
        now, by = int(request.at.timestamp()), request.asker.person

        async def work(tx: Transaction) -> Badge | None:
            badge = await self._badges.badge(tx, number)
            if badge is None or badge.community != request.community or not await self._badges.revoke(tx, number, now):
                return None
            await self._speech.withdraw(tx, badge.request, NEWS, CARD)
            await self._ranking.take(tx, badge.community, badge.person, badge.stage, request.at)
            await self._tools.preferences.note(
                tx, badge.community, MILESTONE, badge.title, "", by=by, at=request.at, about=badge.person
            )
            asked = await self._store.request(tx, badge.request)
            if asked is not None:
                with await self._speech.of_person(tx, badge.person):
                    told = posts.taken_back(badge, self._service.stage_of(badge.stage))
                await self._speech.tell(tx, asked, "revoked", told)
            return badge

        return await self._tools.database.write(work)
