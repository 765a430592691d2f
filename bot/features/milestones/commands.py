"""``/milestone``: proving what one can do at the end of a stage, and looking at what others made."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final

from bot.domain.curriculum.lookup import ROADMAP, Kind
from bot.domain.curriculum.shapes import Stage
from bot.domain.links import read_link
from bot.domain.tools import Tools
from bot.features.milestones import actions, replies, rewards, rules, verdicts
from bot.features.milestones.card import Badge
from bot.features.milestones.ranks import Ranking
from bot.features.milestones.reviews import Reviews
from bot.features.milestones.rules import Outcome
from bot.features.milestones.service import MilestoneService
from bot.kit.command import Area, Param, command
from bot.kit.database import Transaction
from bot.kit.feature import handles
from bot.kit.posting import DeliveryError
from bot.kit.preference import NOTHING
from bot.kit.reply import Reply
from bot.kit.request import Asker, Request, Role
from bot.kit.text import Blocks, Words
from bot.kit.wording import N_

ROLE: Final = "role"
REVOKE: Final = "revoke"
NONE: Final = "none"
_DIGITS: Final = 18
"""Of a row's number; longer ones are nobody's."""
_STAGES: Final = frozenset((Kind.STAGE,))


class MilestoneCommands:
    """Shows a learner's card, takes projects and requests; takes what reviewers and moderators say."""

    def __init__(self, tools: Tools, service: MilestoneService, reviews: Reviews, ranking: Ranking) -> None:
        self._tools = tools
        self._service = service
        self._reviews = reviews
        self._ranking = ranking

    @command(
        "milestone",
        N_("Show what you can do at the end of a stage, and have it looked at"),
        params=(
            Param("stage", N_("Which stage; for moderators also: role, revoke"), longest=60),
            Param("more", N_("For moderators: the stage and a role, or somebody and the stage"), longest=200),
        ),
        example="/milestone 2",
        area=Area.PROGRESS,
        private=True,
        needs=Role.STRANGER,
        stricter={ROLE: Role.MODERATOR, REVOKE: Role.MODERATOR},
    )
    async def milestone(self, request: Request, stage: str = "", more: str = "") -> Reply:
        """Show how far the asker is; for moderators, set roles or take a milestone back."""
        words = f"{stage} {more}".split()
        first = words[0].lower() if words else ""
        if first == ROLE:
            return await self._role(request, words[1:])
        if first == REVOKE:
            return await self._revoke(request, words[1:])
        found = self._find(" ".join(words)) if words else None
        if words and found is None:
            return replies.no_stage(" ".join(words), self._service.stages)
        return await self._card(request, found)

    @handles(actions.SHOW, needs=Role.STRANGER)
    async def show(self, request: Request, stage: int) -> Reply:
        """Show the card of a stage."""
        found = self._numbered(stage)
        return replies.gone() if found is None else await self._card(request, found)

    @handles(actions.PROJECT, needs=Role.STRANGER)
    async def project(self, request: Request, stage: int) -> Reply:
        """Ask for the project."""
        if (found := self._numbered(stage)) is None:
            return replies.gone()
        standing = await self._service.standing(request, found)
        if standing.is_open:
            return await self._card(request, found, replies.project_word(Outcome.OPEN), Outcome.OPEN)
        given = standing.project
        return replies.ask_project(found, given.link if given else "", given.summary if given else "")

    @handles(actions.GIVEN, needs=Role.STRANGER)
    async def given(self, request: Request, stage: int) -> Reply:
        """Take the project."""
        if (found := self._numbered(stage)) is None:
            return replies.gone()
        typed = request.values.get("link", "").strip()
        link = read_link(typed, rules.LONGEST_LINK)
        summary = " ".join(request.values.get("summary", "").split())
        if link is None or not 0 < len(summary) <= rules.LONGEST_SUMMARY:
            return replies.mend_project(found, typed, summary, is_link=link is not None)
        outcome = await self._service.give(request, found, link, summary)
        return await self._card(request, found, replies.project_word(outcome), outcome)

    @handles(actions.ASK, needs=Role.STRANGER)
    async def ask(self, request: Request, stage: int) -> Reply:
        """Ask for a review: in a community there, in private where the learner says."""
        if (found := self._numbered(stage)) is None:
            return replies.gone()
        if request.community is not None:
            return await self._ask(request, found, request.community)
        standing = await self._service.standing(request, found)
        if standing.is_open:
            return await self._card(request, found, replies.asked_word(Outcome.OPEN), Outcome.OPEN)
        if standing.needs_test and standing.is_tested is None:
            return await self._card(request, found, replies.asked_word(Outcome.NO_TEST), Outcome.NO_TEST)
        if standing.project is None:
            return await self._card(request, found, replies.asked_word(Outcome.NO_PROJECT), Outcome.NO_PROJECT)
        return replies.where(found, await self._service.communities(request), is_hidden=_is_hidden(request))

    @handles(actions.ASK_IN, needs=Role.STRANGER)
    async def ask_in(self, request: Request, stage: int, community: int) -> Reply:
        """Ask a community for a review."""
        found = self._numbered(stage)
        return replies.gone() if found is None else await self._ask(request, found, community)

    @handles(actions.WITHDRAW, needs=Role.STRANGER)
    async def withdraw(self, request: Request, number: int) -> Reply:
        """Take the asker's own request back."""
        outcome, stage = await self._service.withdraw(request, number)
        if outcome is Outcome.UNKNOWN:
            return verdicts.no_review(outcome)
        word = replies.withdrawn_word() if outcome is Outcome.DONE else replies.settled_word()
        return await self._card(request, self._service.stage_of(stage), word, outcome)

    @handles(actions.APPROVE, needs=Role.MEMBER, role_matters=True)
    async def approve(self, request: Request, number: int) -> Reply:
        """Go through the rubric before an approval counts."""
        outcome, asked = await self._reviews.look(request, number)
        stage = self._service.stage_of(asked.stage) if asked is not None else None
        if outcome is not Outcome.DONE or asked is None or stage is None:
            return verdicts.no_review(outcome)
        return verdicts.confirm(asked, stage)

    @handles(actions.APPROVED, needs=Role.MEMBER, role_matters=True)
    async def approved(self, request: Request, number: int) -> Reply:
        """Let a request count."""
        outcome, asked = await self._reviews.approve(request, number)
        stage = self._service.stage_of(asked.stage) if asked is not None else None
        if outcome is not Outcome.DONE or asked is None or stage is None:
            return verdicts.no_review(outcome)
        return verdicts.counts(asked, stage)

    @handles(actions.MISSING, needs=Role.MEMBER, role_matters=True)
    async def missing(self, request: Request, number: int) -> Reply:
        """Ask what is still missing."""
        outcome, asked = await self._reviews.look(request, number)
        return (
            verdicts.no_review(outcome) if outcome is not Outcome.DONE or asked is None else verdicts.ask_missing(asked)
        )

    @handles(actions.SAID, needs=Role.MEMBER, role_matters=True)
    async def said(self, request: Request, number: int) -> Reply:
        """Take what is still missing."""
        words = request.values.get("words", "").strip()
        if not 0 < len(words) <= rules.LONGEST_WORDS:
            return verdicts.no_words()
        outcome, _asked = await self._reviews.answer(request, number, words)
        return verdicts.sent() if outcome is Outcome.DONE else verdicts.no_review(outcome)

    @handles(actions.RECALL, needs=Role.MODERATOR)
    async def recall(self, request: Request, number: int) -> Reply:
        """Ask once more before a milestone of the last month is taken back."""
        badge = await self._reviews.badge_of(request, number)
        if badge is None:
            return verdicts.no_badge()
        if request.at - datetime.fromtimestamp(badge.reached_at, UTC) > rules.RECALL_WITHIN:
            return verdicts.too_late()
        return verdicts.really_revoke([badge])

    @handles(actions.REVOKE, needs=Role.MODERATOR)
    async def revoke(self, request: Request, badge: int) -> Reply:
        """Ask once more before a milestone is taken back."""
        found = await self._reviews.badge(request, badge)
        return verdicts.no_badge() if found is None else verdicts.really_revoke([found])

    @handles(actions.REVOKED, needs=Role.MODERATOR)
    async def revoked(self, request: Request, badge: int) -> Reply:
        """Take a milestone back: the one that was chosen."""
        chosen = request.values.get("whose", str(badge))
        number = int(chosen) if chosen.isascii() and chosen.isdigit() and len(chosen) <= _DIGITS else 0
        found = await self._reviews.revoke(request, number)
        return verdicts.no_badge() if found is None else verdicts.revoked(found)

    async def progress(self, tx: Transaction, asker: Asker, _now: datetime) -> Blocks:
        """Return what ``/progress`` tells of somebody's milestones."""
        return replies.lines(await self._service.titles(tx, asker.person))

    async def _card(
        self, request: Request, stage: Stage | None, word: Words = "", outcome: Outcome = Outcome.DONE
    ) -> Reply:
        standing = await self._service.standing(request, stage)
        is_refused = outcome is not Outcome.DONE
        asking = replies.asking(is_hidden=_is_hidden(request)) if request.community is not None else ""
        stages, gate = self._service.stages, self._service.gate
        return replies.card(standing, stages, gate, word, is_refused=is_refused, asking=asking)

    async def _ask(self, request: Request, stage: Stage, community: int) -> Reply:
        outcome = await self._service.ask(request, stage, community)
        again = await self._service.ask_again(request, stage, community) if outcome is Outcome.TOO_SOON else None
        return await self._card(request, stage, replies.asked_word(outcome, again), outcome)

    async def _revoke(self, request: Request, words: list[str]) -> Reply:
        if request.community is None:
            return replies.only_in_communities()
        wanted = rules.read_wanted(words)
        if wanted is None:
            return replies.how_to("/milestone revoke Ana 2")
        if (stage := self._find(wanted.stage)) is None:
            return replies.no_stage(wanted.stage, self._service.stages)
        found: list[Badge] = await self._reviews.holders(request, stage, wanted)
        return verdicts.really_revoke(found) if found else verdicts.nobody(wanted.name, stage)

    async def _role(self, request: Request, words: list[str]) -> Reply:
        if request.community is None or request.here is None:
            return replies.only_in_communities()
        ranks = self._ranking.ranks(request.here.platform)
        if ranks is None:
            return rewards.no_roles()
        if len(words) < 2:
            chosen, troubles = await self._ranking.chosen(request)
            stages = {stage.id: stage for stage in self._service.stages}
            return rewards.chosen(chosen, troubles, stages, request.here.platform)
        if (stage := self._find(words[0])) is None:
            return replies.no_stage(words[0], self._service.stages)
        wanted = " ".join(words[1:])
        if wanted.lower() == NONE:
            await self._ranking.choose(request, stage.id, None)
            return rewards.stopped(stage)
        try:
            found = await self._ranking.find(request, ranks, wanted)
        except DeliveryError:
            return rewards.not_told()
        if len(found) != 1:
            return rewards.several(found, stage) if found else rewards.no_such(wanted)
        if found[0].refused:
            return rewards.refused(found[0])
        count = await self._ranking.choose(request, stage.id, found[0])
        return rewards.kept(stage, found[0], count, await self._ranking.lacking(request, ranks, found[0].id))

    def _find(self, word: str) -> Stage | None:
        """Return the stage of this number or name, or the one in which what was named is learned."""
        curriculum, named = self._tools.shelf.curriculum, word.casefold()
        for stage in curriculum.stages:
            if stage.milestone.title.casefold() == named:
                return stage
        for kinds in (_STAGES, ROADMAP):
            if (entry := self._tools.shelf.indexes.lookup.find(word, kinds).entry) is not None:
                return next((stage for stage in curriculum.stages if entry.id in _entries(stage)), None)
        return None

    def _numbered(self, number: int) -> Stage | None:
        return self._tools.shelf.curriculum.stage(number)


def _is_hidden(request: Request) -> bool:
    """Whether the asker wants to be hidden from others."""
    return request.settings.get("shown") == NOTHING


def _entries(stage: Stage) -> frozenset[str]:
    """Return the ids of a stage and of everything in it."""
    topics = (topic.id for part in stage.subtopics for topic in part.topics)
    return frozenset((stage.id, *(part.id for part in stage.subtopics), *topics))
