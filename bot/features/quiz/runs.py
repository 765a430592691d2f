"""The cards of a run: the question that waits, what came of an answer, and the result, for every kind of run."""

from __future__ import annotations

from collections import Counter

from bot.domain.contributions import EntryButton, QuestionButton
from bot.domain.tools import Tools
from bot.features.quiz import replies, rules, trial_replies
from bot.features.quiz.card import GATE, PLACEMENT, REVIEW, Answered, Note, Standing
from bot.features.quiz.service import QuizService
from bot.features.quiz.trials import Finding, Trials
from bot.kit.reply import Button, Reply
from bot.kit.request import Request
from bot.kit.wording import _


class Runs:
    """Draws where a run stands; commands and buttons of every kind of run share it."""

    def __init__(self, tools: Tools, service: QuizService, trials: Trials) -> None:
        self._tools = tools
        self._service = service
        self._trials = trials

    async def show(self, request: Request, standing: Standing, *, before: bool | None = None) -> Reply:
        """Ask the question that waits, or sum up. ``before`` says whether the last answer was right."""
        if standing.question is not None:
            return replies.question(standing, self.title(standing.question.topic), before=before)
        if standing.run.kind == PLACEMENT:
            found = await self._trials.level(request, standing.run.id)
            return replies.not_yours() if found is None else self.level(standing.run.id, found)
        if standing.run.kind == GATE:
            return await self._gate_result(request, standing)
        due, coming = await self._service.waiting(request)
        if not standing.answered and standing.run.kind == REVIEW and not due:
            return replies.nothing_due(coming, standing.note)
        weak = rules.weakest(await self._service.topics(request, standing))
        button = self.topic_button(weak) if weak else None
        return replies.result(standing, self.title(weak) if weak else "", button, due, coming)

    async def answer(
        self, request: Request, run: int, number: int, chosen: tuple[int, ...], typed: float | None = None
    ) -> Reply:
        """Take an answer and say what came of it."""
        found = await self._service.answer(request, run, number, chosen, typed)
        if found is None:
            return replies.not_yours()
        if isinstance(found, Standing):
            return await self.show(request, found)
        if found.standing.run.kind == PLACEMENT:  # nothing to read in between: it should take three minutes
            standing = await self._service.go_on(request, run)
            return replies.not_yours() if standing is None else await self.show(request, standing, before=found.correct)
        return self._verdict(found, number)

    def level(self, run: int, found: Finding) -> Reply:
        """Say what a placement found."""
        curriculum = self._tools.shelf.curriculum
        known: Counter[str] = Counter()
        for topic in found.known:
            subtopic = curriculum.places[topic].subtopic
            known[f"{subtopic.number} {subtopic.title}"] += 1
        stage = found.stage
        return trial_replies.level(
            run,
            _("stage {number}: {title}").format(number=stage.number, title=stage.title) if stage is not None else "",
            self.title(found.first) if found.first else "",
            list(known.items()),
            len(found.unmarked),
            self.to_stage(found),
        )

    def to_stage(self, found: Finding) -> list[Button]:
        """Return the button that opens the stage to begin with, if another feature has one."""
        if found.stage is None:
            return []
        button = self._entry("stage", found.stage.id, _("Open stage {number}").format(number=found.stage.number))
        return [button] if button is not None else []

    def after_stage(self, stage: str) -> list[Button]:
        """Return what other features offer to somebody who passed the test of a stage."""
        return [
            Button(_(offer.label), data)
            for offer in self._tools.contributions.of(EntryButton)
            if offer.host == "milestones" and (data := offer.data("stage", stage)) is not None
        ]

    def stage_title(self, stage: str) -> str:
        """Return number and title of a stage; empty for an unknown one."""
        found = self._tools.shelf.curriculum.stage_ids.get(stage)
        return "" if found is None else _("stage {number}: {title}").format(number=found.number, title=found.title)

    def title(self, about: str) -> str:
        """Return what a topic, sub-topic, stage or subject is called; empty for an unknown one."""
        curriculum = self._tools.shelf.curriculum
        if about in curriculum.places:
            return curriculum.places[about].topic.title
        if about in curriculum.subtopics:
            return curriculum.subtopics[about].title
        bank = self._tools.shelf.indexes.bank
        if bank is not None and about in bank.subjects:
            return bank.subjects[about].title
        return curriculum.stage_ids[about].title if about in curriculum.stage_ids else ""

    def topic_button(self, topic: str) -> Button | None:
        """Return the first button that another feature offers for a topic's card."""
        if topic not in self._tools.shelf.curriculum.places:
            return None
        return self._entry("topic", topic, _("To the topic"))

    def topic_button_apart(self, topic: str) -> Button | None:
        """Return the same for a post that everybody reads and that must stay as it is."""
        if topic not in self._tools.shelf.curriculum.places:
            return None
        for offer in self._tools.contributions.of(EntryButton):
            if offer.apart is not None and (data := offer.apart("topic", topic)) is not None:
                return Button(_("To the topic"), data)
        return None

    def _entry(self, kind: str, entry: str, label: str) -> Button | None:
        for offer in self._tools.contributions.of(EntryButton):
            if offer.host != "quiz" and (data := offer.data(kind, entry)) is not None:
                return Button(label, data)
        return None

    def _verdict(self, answered: Answered, number: int) -> Reply:
        question = answered.question
        button = self.topic_button(question.topic)
        offers = [
            Button(_(offer.label), offer.data(question.id)) for offer in self._tools.contributions.of(QuestionButton)
        ]
        return replies.verdict(answered, number, self.title(question.topic), [button] if button else [], offers)

    async def _gate_result(self, request: Request, standing: Standing) -> Reply:
        stage = standing.run.about
        if standing.note is Note.OVER:
            return trial_replies.over(self.stage_title(stage), stage)
        gaps = [
            (self.title(name), self._entry("subtopic", name, self.title(name)))
            for name in await self._trials.gaps(request, standing)
            if name
        ]
        again = await self._trials.again(request, stage)
        return trial_replies.gate_result(standing, self.stage_title(stage), gaps, again, self.after_stage(stage))
