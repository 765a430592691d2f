"""Which question comes next: in practice, review, the test that finds somebody's level, and the test of a stage."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from bot.domain.contributions import Marking
from bot.domain.curriculum.curriculum import Spotted
from bot.domain.curriculum.shapes import Subtopic
from bot.domain.learning.ledger import Evidence
from bot.domain.questions.seeds import weight
from bot.domain.questions.shapes import CHOICES, Level, Question
from bot.domain.tools import Tools
from bot.features.quiz import fit, gate, placement, rules
from bot.features.quiz.card import GATE, PLACEMENT, REVIEW, Asked, Run
from bot.features.quiz.fit import Learner
from bot.features.quiz.mastery import shown
from bot.features.quiz.placement import Probe, Rung
from bot.features.quiz.rules import Rating
from bot.features.quiz.stock import Stock
from bot.features.quiz.store import QuizStore
from bot.kit.database import Transaction

FRESH: Final = 60 * 86_400
"""Seconds after which it no longer matters that somebody answered a question."""


@dataclass(frozen=True, slots=True)
class Picked:
    """A question to ask; ``seed`` made its numbers."""

    question: Question
    seed: str = ""


class Chooser:
    """Chooses inside the unit of work that asks."""

    def __init__(self, tools: Tools) -> None:
        self._tools = tools
        self._store = QuizStore()

    async def pick(
        self, tx: Transaction, stock: Stock, run: Run, asked: Sequence[Asked], held: Collection[str], now: int
    ) -> Picked | None:
        """Return the next question of a run; None: there is none left, or what was to be found out is known.

        Args:
            tx: the unit of work.
            stock: the questions as the person has them.
            run: the run.
            asked: its questions that were answered.
            held: ids of questions that must not be asked now.
            now: Unix seconds.
        """
        number = len(asked)
        seed = f"{run.id}:{number}"
        done = {one.question for one in asked} | set(held)
        if run.kind == REVIEW:
            for name in await self._store.due(tx, run.person, now):
                if name not in done and (question := stock.get(name, seed)) is not None:
                    return Picked(question, seed)
            return None
        answered = await self._store.answered(tx, run.person, now - FRESH)
        if run.kind == GATE:
            found = gate.following(self.parts(stock, run.about), done, answered, number, seed)
            return None if found is None else Picked(found)
        if run.kind == PLACEMENT:
            rung = placement.following(self.rungs(stock), self.probes(stock, asked), str(run.id))
            pool = self._probing(stock, rung) if rung is not None else []
            left = [one for one in pool if one.id not in done] or pool
            best = min(left, key=lambda one: (answered.get(one.id, 0), weight(seed, one.id)), default=None)
            return None if best is None else Picked(best)
        return await self._practice(tx, stock, run, done, answered, seed, now)

    async def _practice(
        self, tx: Transaction, stock: Stock, run: Run, done: set[str], answered: dict[str, int], seed: str, now: int
    ) -> Picked | None:
        pool = [one for one in self.pool(stock, run.about, run.level) if one.id not in done]
        leaning: dict[str, float] = {}
        weak: set[str] = set()
        wider: list[Question] = []
        if not run.about:
            weak = {topic for topic, one in (await shown(tx, self._store, run.person)).items() if one.is_weak}
            evidence = await self._tools.ledger.evidence(tx, run.person)
            steps = self._steps(evidence, await self._reach(tx, run.person, evidence))
            leaning = {topic: step * fit.APART for topic, step in steps.items()}
            due = {stock.topic(name) for name in await self._store.due(tx, run.person, now) if stock.has(name)}
            for topic in due | weak:
                leaning[topic] = leaning.get(topic, 0.0) - (fit.WEAK if topic in weak else fit.DUE)
            wider = [one for one in pool if steps.get(one.topic)]
            pool = [one for one in pool if steps.get(one.topic) == 0]
        learner = Learner.of(await self._store.skills(tx, run.person), answered, now, weak)
        items = await self._items(tx, stock, pool)
        best = fit.choose(pool, learner, items, seed, leaning)
        if wider and (best is None or fit.against(best, learner, items.get(best.id)) > fit.SUITS):
            items |= await self._items(tx, stock, wider)
            best = fit.choose([*pool, *wider], learner, items, seed, leaning)
        if best is None or weight(seed, "made") % rules.MADE_OF:
            return None if best is None else Picked(best)
        made = [one for one in stock.made(best.topic, run.level, seed) if one.id not in done]
        items |= await self._items(tx, stock, made)
        other = fit.choose(made, learner, items, seed)
        most = fit.against(best, learner, items.get(best.id)) + fit.MADE
        if other is None or fit.against(other, learner, items.get(other.id)) > most:
            return Picked(best)
        return Picked(other, f"{seed}:{other.id}")

    def _steps(self, evidence: Collection[str], reach: int) -> dict[str, int]:
        """Return how far topics are from what somebody studies: 0 is a part of that, 3 another stage.

        Those further on than the stage after ``reach`` are left out. Whoever studies nothing yet is at the beginning.
        """
        places = self._tools.shelf.curriculum.places
        near = {topic: place for topic, place in places.items() if place.stage.number <= reach + 1}
        home = {topic for topic in evidence if topic in near}
        if not any(places[topic].stage.number <= reach for topic in home):
            home |= {topic for topic, place in near.items() if place.stage.number == reach}
        subtopics = {places[topic].subtopic.id for topic in home}
        stages = {places[topic].stage.number for topic in home}

        def step(topic: str, place: Spotted) -> int:
            if topic in home:
                return 0
            if place.subtopic.id in subtopics:
                return 1
            return 2 if place.stage.number in stages else 3

        return {topic: step(topic, place) for topic, place in near.items()}

    async def _reach(self, tx: Transaction, person: int, evidence: Mapping[str, Evidence]) -> int:
        """Return the number of the furthest stage that somebody studies of their own accord; the first, if none.

        Answers alone are no such thing, unless they asked for the topic: what we chose to ask must not lead us on.
        """
        curriculum = self._tools.shelf.curriculum
        own = {topic for topic, one in evidence.items() if one.minutes or not one.answers}
        for offer in self._tools.contributions.of(Marking):
            own |= await offer.done(tx, person)
        for about in await self._store.wanted(tx, person):
            own |= set(self._topics(about))
        numbers = [curriculum.places[topic].stage.number for topic in own if topic in curriculum.places]
        return max(numbers, default=curriculum.stages[0].number)

    async def _items(self, tx: Transaction, stock: Stock, questions: Sequence[Question]) -> dict[str, Rating]:
        """Return the ratings of questions, by id."""
        names = {stock.rated_as(question): question.id for question in questions}
        return {names[name]: rating for name, rating in (await self._store.items(tx, names)).items()}

    def pool(self, stock: Stock, about: str, level: str) -> list[Question]:
        """Return the written questions about a topic, sub-topic or stage (empty: anything), of a level (empty: any)."""
        levels = [Level(level)] if level else None
        topics = self._topics(about) if about else None
        return [one for one in stock.bank.find(topics=topics, levels=levels) if one.how in rules.ASKED]

    def parts(self, stock: Stock, stage: str) -> list[list[Question]]:
        """Return what a stage's test may ask, one list for each sub-topic that has questions."""
        found = self._tools.shelf.curriculum.stage_ids.get(stage)
        parts = [
            [one for one in stock.bank.find(topics=core(subtopic)) if one.how in rules.ASKED]
            for subtopic in (found.subtopics if found is not None else ())
        ]
        return [part for part in parts if part]

    def rungs(self, stock: Stock) -> list[Rung]:
        """Return the sub-topics that can be asked about to find somebody's level, in the order of the road."""
        return [
            Rung(subtopic.id, stage.number)
            for stage in self._tools.shelf.curriculum.stages
            for subtopic in stage.subtopics
            if self._probing(stock, subtopic.id)
        ]

    def probes(self, stock: Stock, asked: Sequence[Asked]) -> list[Probe]:
        """Return what answers say about sub-topics; those that wait say nothing."""
        return [
            Probe(subtopic, one.correct)
            for one in asked
            if one.correct is not None and (subtopic := self.subtopic(stock.topic(one.question)))
        ]

    def subtopic(self, topic: str) -> str:
        """Return the id of a topic's sub-topic; empty for one that is not on the roadmap."""
        place = self._tools.shelf.curriculum.places.get(topic)
        return place.subtopic.id if place is not None else ""

    def _probing(self, stock: Stock, name: str) -> list[Question]:
        subtopic = self._tools.shelf.curriculum.subtopics[name]
        topics = [topic.id for topic in subtopic.topics if topic.core]
        return stock.bank.find(topics=topics, levels=[Level.MEDIUM], kinds=CHOICES)

    def _topics(self, about: str) -> list[str]:
        """Return the topics of a stage, sub-topic or topic; an unknown id has none."""
        curriculum = self._tools.shelf.curriculum
        if about in curriculum.subtopics:
            return [topic.id for topic in curriculum.subtopics[about].topics]
        if about in curriculum.stage_ids:
            return [topic.id for subtopic in curriculum.stage_ids[about].subtopics for topic in subtopic.topics]
        return [about]


def core(subtopic: Subtopic) -> list[str]:
    """Return the core topics of a sub-topic, or all of them where there is none."""
    return [topic.id for topic in subtopic.topics if topic.core] or [topic.id for topic in subtopic.topics]
