"""``/placement``, and the button that begins the test of a stage."""

from __future__ import annotations

from bot.domain.contributions import Marking
from bot.domain.tools import Tools
from bot.features.quiz import actions, replies, trial_replies
from bot.features.quiz.card import Standing
from bot.features.quiz.runs import Runs
from bot.features.quiz.trials import Passed, Trials
from bot.kit.command import Area, command
from bot.kit.feature import handles
from bot.kit.reply import Reply
from bot.kit.request import Request, Role
from bot.kit.wording import N_


class TrialCommands:
    """Begins tests; their questions are answered like any other."""

    def __init__(self, tools: Tools, trials: Trials, runs: Runs) -> None:
        self._tools = tools
        self._trials = trials
        self._runs = runs

    @command(
        "placement",
        N_("Find your level in three minutes, so that you begin where it is new"),
        example="/placement",
        area=Area.LEARN,
        private=True,
        needs=Role.STRANGER,
    )
    async def placement(self, request: Request) -> Reply:
        """Begin to find the asker's level."""
        standing = await self._trials.begin_placement(request)
        return trial_replies.no_placement() if standing is None else await self._runs.show(request, standing)

    @handles(actions.PLACEMENT, needs=Role.STRANGER)
    async def begin(self, request: Request) -> Reply:
        """Begin to find the asker's level, from a button."""
        return (await self.placement(request)).private()

    @handles(actions.UNSURE, needs=Role.STRANGER)
    async def unsure(self, request: Request, run: int, number: int) -> Reply:
        """Take it that somebody does not know."""
        return await self._runs.answer(request, run, number, ())

    @handles(actions.KNOWN, needs=Role.STRANGER)
    async def known(self, request: Request, run: int) -> Reply:
        """Mark what a placement found to be known."""
        found = await self._trials.level(request, run)
        if found is None:
            return replies.not_yours()
        for offer in self._tools.contributions.of(Marking):
            if found.unmarked:
                return await offer.mark(request, found.unmarked)
        return trial_replies.marked_before()

    @handles(actions.NOT_KNOWN, needs=Role.STRANGER)
    async def not_known(self, request: Request, run: int) -> Reply:
        """Mark nothing."""
        found = await self._trials.level(request, run)
        return replies.not_yours() if found is None else trial_replies.not_marked(self._runs.to_stage(found))

    @handles(actions.STAGE_DONE, needs=Role.STRANGER)
    async def stage_done(self, request: Request, stage: str) -> Reply:
        """Mark a stage whose test was passed."""
        topics = await self._trials.proved(request, stage)
        if topics is None:
            return replies.not_yours()
        for offer in self._tools.contributions.of(Marking):
            if topics:
                return await offer.mark(request, topics)
        return trial_replies.marked_before()

    @handles(actions.GATE, needs=Role.STRANGER)
    async def gate(self, request: Request, stage: str) -> Reply:
        """Begin the test of a stage."""
        found = await self._trials.begin_gate(request, stage)
        title = self._runs.stage_title(stage)
        if found is None:
            return trial_replies.no_test(title)
        if isinstance(found, Standing):
            return (await self._runs.show(request, found)).private()
        if isinstance(found, Passed):
            return trial_replies.passed_before(title, found.at, self._runs.after_stage(stage))
        return trial_replies.tomorrow(title, found.at, stage)
