"""Practice, review and tests: what an answer is worth, what comes back, and where a run stands."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Final

from bot.domain.contributions import Mastered
from bot.domain.questions import draw
from bot.domain.questions.bank import Bank
from bot.domain.questions.shapes import Kind, Question
from bot.domain.tools import Tools
from bot.features.quiz.card import GATE, PLACEMENT, PRACTICE, REVIEW, Answered, Asked, Note, Run, Standing
from bot.features.quiz.chooser import Chooser, Picked
from bot.features.quiz.learning import Learning
from bot.features.quiz.mastery import shown
from bot.features.quiz.stock import Stock, families
from bot.features.quiz.store import QuizStore
from bot.kit.database import Transaction
from bot.kit.request import Asker, Request

LENGTH: Final = 5
LONGEST: Final = 20
MOST_ASKED: Final = 250
"""So many questions one run asks, with those that were replaced; buttons carry their number."""
LONGEST_THOUGHT: Final = 600
"""Seconds after which nobody was thinking of the question any more."""


class QuizService:
    """Use cases; each changes everything in one unit of work."""

    def __init__(self, tools: Tools) -> None:
        self._tools = tools
        self._store = QuizStore()
        self._learning = Learning(tools)
        self._chooser = Chooser(tools)

    async def begin(self, request: Request, about: str, level: str, length: int) -> Standing | None:
        """Begin to practice a topic, sub-topic or stage, or whatever suits (``about`` empty); None: nothing fits."""
        base = await self.base()
        person, now = request.asker.person, int(request.at.timestamp())

        async def work(tx: Transaction) -> Standing | None:
            stock = await self.stock(tx, base, request)
            if not self._chooser.pool(stock, about, level):
                return None
            run = await self._store.begin(tx, person, PRACTICE, about, level, min(max(length, 1), LONGEST), now)
            standing = await self.advance(tx, stock, run, now)
            return standing if standing.question is not None else None

        return await self._tools.database.write(work)

    async def unfinished(self, request: Request) -> Standing | None:
        """Return the run the asker began last if it was today and is in the middle; None: there is none."""

        async def work(tx: Transaction) -> Standing | None:
            run = await self._store.latest(tx, request.asker.person)
            if run is None or run.ended or not is_today(request.asker, run.began_at, request.at):
                return None
            standing = Standing(run, await self._store.asked(tx, run.id), None, None)
            return standing if 0 < standing.answered < run.length else None

        return await self._tools.database.read(work)

    async def review(self, request: Request) -> Standing | tuple[int, datetime | None]:
        """Begin to review what is due; if nothing is, return 0 and when the next question comes back."""
        base = await self.base()
        person, now = request.asker.person, int(request.at.timestamp())

        async def work(tx: Transaction) -> Standing | tuple[int, int | None]:
            stock = await self.stock(tx, base, request)
            count = min(await self._due(tx, stock, person, now), LONGEST)
            if not count:
                return 0, await self._store.coming(tx, person, now)
            run = await self._store.begin(tx, person, REVIEW, "", "", count, now)
            return await self.advance(tx, stock, run, now)

        found = await self._tools.database.write(work)
        if isinstance(found, Standing):
            return found
        return 0, None if found[1] is None else datetime.fromtimestamp(found[1], request.at.tzinfo)

    async def go_on(self, request: Request, run: int, number: int | None = None) -> Standing | None:
        """Return where a run of the asker stands, with its next question; None: it is not theirs.

        ``number`` is that of a question they wanted to answer: if it waits no more, the standing tells why.
        """
        base = await self.base()
        now = int(request.at.timestamp())

        async def work(tx: Transaction) -> Standing | None:
            found = await self._store.run(tx, run, request.asker.person)
            if found is None:
                return None
            stock = await self.stock(tx, base, request, found.kind)
            standing = await self.advance(tx, stock, found, now)
            one = _numbered(await self._store.asked(tx, run), number)
            return standing if one is None else await self._told_why(tx, stock, standing, one, now)

        return await self._tools.database.write(work)

    async def waiting(self, request: Request) -> tuple[int, datetime | None]:
        """Return how many questions are due for the asker, and when the next one will be."""
        base = await self.base()
        person, now = request.asker.person, int(request.at.timestamp())

        async def work(tx: Transaction) -> tuple[int, int | None]:
            stock = await self.stock(tx, base, request)
            return await self._due(tx, stock, person, now), await self._store.coming(tx, person, now)

        due, coming = await self._tools.database.read(work)
        return due, None if coming is None else datetime.fromtimestamp(coming, request.at.tzinfo)

    async def _due(self, tx: Transaction, stock: Stock, person: int, now: int) -> int:
        """Return how many questions are due that may be asked now."""
        held = await self._store.held(tx, person, now)
        return sum(stock.has(name) and name not in held for name in await self._store.due(tx, person, now))

    async def totals(self, tx: Transaction, person: int, now: datetime) -> tuple[int, int, int]:
        """Return how many answers somebody gave, how many were right, and how many questions are due."""
        answers, correct = await self._store.totals(tx, person)
        if not answers:
            return 0, 0, 0
        base = self._tools.shelf.indexes.bank  # here nothing can be read any more; None until somebody was asked
        bank = None if base is None else await self._tools.corrections.bank_of(tx, base, person, None)
        at = int(now.timestamp())
        if base is None or bank is None:
            return answers, correct, len(await self._store.due(tx, person, at))
        return answers, correct, await self._due(tx, Stock(bank, base), person, at)

    async def mastery(self, tx: Transaction, person: int) -> Mapping[str, Mastered]:
        """Return how well somebody knows each topic of the roadmap they answered questions about."""
        places = self._tools.shelf.curriculum.places
        known = await shown(tx, self._store, person)
        return {topic: one for topic, one in known.items() if topic in places}

    async def topics(self, request: Request, standing: Standing) -> list[tuple[str, bool]]:
        """Return (topic, right) for the answers of a run; those about what nobody knows any more are left out."""
        base = await self.base()
        stock = await self._tools.database.read(lambda tx: self.stock(tx, base, request, standing.run.kind))
        return [(topic, one.correct is True) for one in standing.asked if (topic := stock.topic(one.question))]

    async def question(self, request: Request, run: int, number: int) -> Question | None:
        """Return a question of the asker's run that waits, or was answered; None: ``go_on`` tells why."""
        base = await self.base()
        person, now = request.asker.person, int(request.at.timestamp())

        async def work(tx: Transaction) -> Question | None:
            found = await self._store.run(tx, run, person)
            asked = await self._store.asked(tx, run) if found is not None else []
            one = _numbered(asked, number)
            if found is None or one is None:
                return None
            question = (await self.stock(tx, base, request, found.kind)).get(one.question, one.seed)
            if one.correct is not None:
                return question
            why = _why_not(one, question, await self._store.held(tx, person, now))
            return question if one is asked[-1] and not found.ended and why is Note.NONE else None

        return await self._tools.database.read(work)

    async def answer(
        self, request: Request, run: int, number: int, chosen: tuple[int, ...], typed: float | None = None
    ) -> Answered | Standing | None:
        """Take an answer to a question of the asker's run; the first one counts. An answer of nothing is wrong.

        Returns where the run stands, with a note, if the question cannot be answered any more: it was corrected or
        taken out, it is that of the day now, or the run was ended. None: there is no such question.
        """
        base = await self.base()
        person, now = request.asker.person, int(request.at.timestamp())

        async def work(tx: Transaction) -> Answered | Standing | None:
            found = await self._store.run(tx, run, person)
            asked = await self._store.asked(tx, run) if found is not None else []
            one = _numbered(asked, number)
            if found is None or one is None:
                return None
            stock = await self.stock(tx, base, request, found.kind)
            question = stock.get(one.question, one.seed)
            if one.correct is None:
                standing = await self.advance(tx, stock, found, now)
                if standing.waiting != one:
                    return await self._told_why(tx, stock, standing, one, now)
            if question is None or _is_changed(one, question):
                return await self.advance(tx, stock, found, now)
            if any(not 0 <= place < len(question.options) for place in chosen):
                return None
            correct = draw.is_near(question, typed) if typed is not None else draw.is_right(question, chosen)
            text = f"{typed:.15g}" if typed is not None else ",".join(map(str, chosen))
            if not await self._store.settle(tx, run, number, text, now, correct=correct):
                return await self._told_again(tx, found, one, question)
            due = await self._learned(tx, request, found, one, question, text, correct=correct)
            asked = await self._store.asked(tx, run)
            if sum(other.correct is not None for other in asked) >= found.length:
                await self._store.end(tx, run, now)  # whoever looks at no result has finished all the same
            return Answered(Standing(found, asked, None, None), question, chosen, typed, correct, True, due, one)

        return await self._tools.database.write(work)

    async def _learned(
        self, tx: Transaction, request: Request, run: Run, one: Asked, question: Question, text: str, *, correct: bool
    ) -> datetime | None:
        """Learn from an answer; return when the question comes back, if it does.

        What was reviewed on another card meanwhile is due no more: then the answer is told, and counts for nothing.
        """
        now = int(request.at.timestamp())
        if run.kind == REVIEW:
            card = await self._store.card(tx, run.person, question.id)
            if card is None:
                return None
            if card.due > now:
                return datetime.fromtimestamp(card.due, request.at.tzinfo)
        seconds = now - one.asked_at if now - one.asked_at <= LONGEST_THOUGHT else None
        return await self._learning.keep(
            tx, request, question, run.kind, text, correct=correct, seconds=seconds, comes_back=run.kind != PLACEMENT,
            is_chosen=bool(run.about),
        )  # fmt: skip

    async def _told_why(self, tx: Transaction, stock: Stock, standing: Standing, one: Asked, now: int) -> Standing:
        """Return a standing with a note on what became of a question that was to be answered and waits no more."""
        waiting = standing.waiting
        if one.correct is not None or waiting is None or waiting.number == one.number or standing.note is not Note.NONE:
            return standing
        if waiting.question == one.question:
            return replace(standing, note=Note.CHANGED)
        held = await self._store.held(tx, standing.run.person, now)
        return replace(standing, note=Note.TODAY if one.question in held else Note.GONE)

    async def _told_again(self, tx: Transaction, run: Run, one: Asked, question: Question) -> Answered:
        before = one.chosen or ""
        typed = float(before) if question.how is Kind.NUMERIC and before else None
        chosen = () if typed is not None else tuple(int(place) for place in before.split(",") if place)
        standing = Standing(run, await self._store.asked(tx, run.id), None, None)
        return Answered(standing, question, chosen, typed, bool(one.correct), False, None, one)

    async def base(self) -> Bank:
        """Return the questions as they were shipped, with all that a unit of work must not wait for at hand."""
        families()
        return await self._tools.shelf.bank()

    async def stock(self, tx: Transaction, base: Bank, request: Request, kind: str = PRACTICE) -> Stock:
        """Return the questions as the asker has them; for the test of a stage those that were shipped.

        A test counts for everybody, so nobody's own group may change what it asks.
        """
        if kind == GATE:
            return Stock(base, base)
        bank = await self._tools.corrections.bank_of(tx, base, request.asker.person, request.community)
        return Stock(bank, base)

    async def advance(self, tx: Transaction, stock: Stock, run: Run, now: int) -> Standing:
        """Return where a run stands, with the question that waits: chosen now if there is none yet, or none any more.

        What is asked in the place of another gets a number of its own: cards with the other one do not answer it. One
        that was corrected since it was asked waits anew, as it is now.
        """
        asked = await self._store.asked(tx, run.id)
        answered = [one for one in asked if one.correct is not None]
        waiting = asked[-1] if asked and asked[-1].correct is None else None
        held = await self._store.held(tx, run.person, now)
        question = stock.get(waiting.question, waiting.seed) if waiting is not None else None
        note = _why_not(waiting, question, held) if waiting is not None else Note.NONE
        if run.ended:
            is_over = waiting is not None and note is Note.NONE
            return Standing(run, answered, None, None, Note.OVER if is_over else Note.NONE)
        if waiting is not None and note is Note.NONE:
            return Standing(run, asked, question, waiting)
        picked = None
        if waiting is not None and question is not None and note is Note.CHANGED:
            picked = Picked(question, waiting.seed)
        elif len(answered) < run.length:
            picked = await self._chooser.pick(tx, stock, run, answered, held, now)
        if picked is None or len(asked) >= MOST_ASKED:
            await self._store.end(tx, run.id, now)
            return Standing(run, answered, None, None, note)
        one = Asked(len(asked), picked.question.id, now, None, None, picked.question.edition, picked.seed)
        await self._store.ask(tx, run.id, one)
        return Standing(run, [*asked, one], picked.question, one, note)


def _numbered(asked: list[Asked], number: int | None) -> Asked | None:
    return next((one for one in asked if one.number == number), None)


def _why_not(asked: Asked, question: Question | None, held: Collection[str]) -> Note:
    """Return why what was asked cannot be answered as it was asked; ``Note.NONE`` if it can."""
    if asked.question in held:
        return Note.TODAY
    if question is None:
        return Note.GONE
    return Note.CHANGED if _is_changed(asked, question) else Note.NONE


def _is_changed(asked: Asked, question: Question) -> bool:
    """Whether a question is not what was asked any more."""
    return bool(asked.edition) and asked.edition != question.edition


def is_today(asker: Asker, moment: int, now: datetime) -> bool:
    """Whether a moment (Unix seconds) was on the asker's study day of ``now``."""
    return asker.today(datetime.fromtimestamp(moment, now.tzinfo)) == asker.today(now)
