"""Practice and review: which question comes, what an answer is worth, and what comes back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from bot.domain.questions import draw
from bot.domain.questions.bank import Bank
from bot.domain.questions.shapes import Kind, Level, Question, number_of
from bot.domain.tools import Tools
from bot.features.quiz import rules
from bot.features.quiz.card import PRACTICE, REVIEW, Answered, Asked, Run, Standing
from bot.features.quiz.learning import Learning
from bot.features.quiz.store import QuizStore
from bot.kit.database import Transaction
from bot.kit.request import Request

LENGTH: Final = 5
LONGEST: Final = 20
FRESH: Final = 60 * 86_400
"""Seconds in which a question is not asked again while others are left."""
LONGEST_THOUGHT: Final = 600
"""Seconds after which nobody was thinking of the question any more."""


class QuizService:
    """Use cases; each changes everything in one unit of work."""

    def __init__(self, tools: Tools) -> None:
        self._tools = tools
        self._store = QuizStore()
        self._learning = Learning(tools)

    async def begin(self, request: Request, about: str, level: str, length: int) -> Standing | None:
        """Begin to practice a topic, sub-topic or stage, or whatever suits (``about`` empty); None: nothing fits."""
        bank = await self._tools.shelf.bank()
        person, now = request.asker.person, int(request.at.timestamp())

        async def work(tx: Transaction) -> Standing | None:
            run = await self._store.begin(tx, person, PRACTICE, about, level, min(max(length, 1), LONGEST), now)
            standing = await self._advance(tx, bank, run, now)
            return standing if standing.question is not None else None

        if not self._pool(bank, about, level):
            return None
        return await self._tools.database.write(work)

    async def review(self, request: Request) -> Standing | tuple[int, datetime | None]:
        """Begin to review what is due; if nothing is, return 0 and when the next question comes back."""
        bank = await self._tools.shelf.bank()
        person, now = request.asker.person, int(request.at.timestamp())

        async def work(tx: Transaction) -> Standing | tuple[int, int | None]:
            due = [name for name in await self._store.due(tx, person, now, LONGEST) if bank.get(name) is not None]
            if not due:
                return await self._store.waiting(tx, person, now)
            run = await self._store.begin(tx, person, REVIEW, "", "", len(due), now)
            return await self._advance(tx, bank, run, now)

        found = await self._tools.database.write(work)
        if isinstance(found, Standing):
            return found
        return 0, None if found[1] is None else datetime.fromtimestamp(found[1], request.at.tzinfo)

    async def go_on(self, request: Request, run: int) -> Standing | None:
        """Return where a run of the asker stands, with its next question; None: it is not theirs."""
        bank = await self._tools.shelf.bank()
        now = int(request.at.timestamp())

        async def work(tx: Transaction) -> Standing | None:
            found = await self._store.run(tx, run, request.asker.person)
            return None if found is None else await self._advance(tx, bank, found, now)

        return await self._tools.database.write(work)

    async def waiting(self, request: Request) -> tuple[int, datetime | None]:
        """Return how many questions are due for the asker, and when the next one will be."""
        person, now = request.asker.person, int(request.at.timestamp())
        due, coming = await self._tools.database.read(lambda tx: self._store.waiting(tx, person, now))
        return due, None if coming is None else datetime.fromtimestamp(coming, request.at.tzinfo)

    async def totals(self, tx: Transaction, person: int, now: datetime) -> tuple[int, int, int]:
        """Return how many answers somebody gave, how many were right, and how many questions are due."""
        answers, correct = await self._store.totals(tx, person)
        due, _coming = await self._store.waiting(tx, person, int(now.timestamp()))
        return answers, correct, due

    async def question(self, request: Request, run: int, number: int) -> Question | None:
        """Return a question of the asker's run."""
        bank = await self._tools.shelf.bank()

        async def work(tx: Transaction) -> str | None:
            if await self._store.run(tx, run, request.asker.person) is None:
                return None
            return next((one.question for one in await self._store.asked(tx, run) if one.number == number), None)

        name = await self._tools.database.read(work)
        return None if name is None else bank.get(name)

    async def answer(
        self, request: Request, run: int, number: int, chosen: tuple[int, ...], typed: float | None = None
    ) -> Answered | None:
        """Take an answer to a question of the asker's run; the first one counts. None: there is no such question."""
        bank = await self._tools.shelf.bank()
        person, now = request.asker.person, int(request.at.timestamp())

        async def work(tx: Transaction) -> Answered | None:
            found = await self._store.run(tx, run, person)
            asked = await self._store.asked(tx, run) if found is not None else []
            one = next((one for one in asked if one.number == number), None)
            question = bank.get(one.question) if one is not None else None
            if found is None or one is None or question is None:
                return None
            if any(not 0 <= place < len(question.options) for place in chosen):
                return None
            correct = draw.is_near(question, typed) if typed is not None else draw.is_right(question, chosen)
            text = f"{typed:g}" if typed is not None else ",".join(map(str, chosen))
            if not await self._store.settle(tx, run, number, text, now, correct=correct):
                return await self._told_again(tx, found, one, question)
            seconds = now - one.asked_at if now - one.asked_at <= LONGEST_THOUGHT else None
            due = await self._learning.keep(tx, request, question, found.kind, text, correct=correct, seconds=seconds)
            standing = Standing(found, await self._store.asked(tx, run), None, None)
            return Answered(standing, question, chosen, typed, correct, True, due)

        return await self._tools.database.write(work)

    async def _told_again(self, tx: Transaction, run: Run, one: Asked, question: Question) -> Answered:
        before = one.chosen or ""
        typed = number_of(before) if question.how is Kind.NUMERIC and before else None
        chosen = () if typed is not None else tuple(int(place) for place in before.split(",") if place)
        standing = Standing(run, await self._store.asked(tx, run.id), None, None)
        return Answered(standing, question, chosen, typed, bool(one.correct), False)

    async def _advance(self, tx: Transaction, bank: Bank, run: Run, now: int) -> Standing:
        """Return where a run stands, with the question that waits: chosen now if there is none yet."""
        asked = await self._store.asked(tx, run.id)
        waiting = next((one for one in asked if one.correct is None), None)
        question = bank.get(waiting.question) if waiting is not None else None
        number = waiting.number if waiting is not None else len(asked)
        if question is None and number < run.length and not run.ended:
            question = await self._choose(tx, bank, run, asked, now)
            if question is not None:
                await self._store.ask(tx, run.id, number, question.id, now)
                asked = await self._store.asked(tx, run.id)
                waiting = asked[number]
        if question is None:
            await self._store.end(tx, run.id, now)
            return Standing(run, [one for one in asked if one.correct is not None], None, None)
        return Standing(run, asked, question, waiting)

    async def _choose(self, tx: Transaction, bank: Bank, run: Run, asked: Sequence[Asked], now: int) -> Question | None:
        done = {one.question for one in asked}
        if run.kind == REVIEW:
            due = await self._store.due(tx, run.person, now, 2 * LONGEST)
            return next((bank.get(name) for name in due if name not in done and bank.get(name) is not None), None)
        skills = await self._store.skills(tx, run.person)
        pool = [question for question in self._pool(bank, run.about, run.level) if question.id not in done]
        if not run.about:
            evidence = await self._tools.ledger.evidence(tx, run.person)
            pool = [question for question in pool if question.topic in evidence] or self._first(bank, done, run.level)
        items = await self._store.items(tx, {question.id for question in pool})
        answered = await self._store.answered(tx, run.person, now - FRESH)
        return rules.choose(pool, skills, items, answered, f"{run.id}:{len(asked)}")

    def _pool(self, bank: Bank, about: str, level: str) -> list[Question]:
        levels = [Level(level)] if level else None
        topics = self._topics(about) if about else None
        return [question for question in bank.find(topics=topics, levels=levels) if question.how in rules.ASKED]

    def _first(self, bank: Bank, done: set[str], level: str) -> list[Question]:
        """Return questions for somebody of whom nothing is known: those of the first stage."""
        stage = self._tools.shelf.curriculum.stages[0]
        return [question for question in self._pool(bank, stage.id, level) if question.id not in done]

    def _topics(self, about: str) -> list[str]:
        """Return the topics of a stage, sub-topic or topic; an unknown id has none."""
        curriculum = self._tools.shelf.curriculum
        if about in curriculum.subtopics:
            return [topic.id for topic in curriculum.subtopics[about].topics]
        for stage in curriculum.stages:
            if stage.id == about:
                return [topic.id for subtopic in stage.subtopics for topic in subtopic.topics]
        return [about]
