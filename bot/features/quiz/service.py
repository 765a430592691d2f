"""Practice, review and tests: what an answer is worth, what comes back, and where a run stands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final

from bot.domain.contributions import Mastered
from bot.domain.questions import draw
from bot.domain.questions.bank import Bank
from bot.domain.questions.shapes import Kind, Question, number_of
from bot.domain.tools import Tools
from bot.features.quiz import rules
from bot.features.quiz.card import PLACEMENT, PRACTICE, REVIEW, Answered, Asked, Note, Run, Standing
from bot.features.quiz.chooser import Chooser, Picked
from bot.features.quiz.learning import Learning
from bot.features.quiz.stock import Stock, families
from bot.features.quiz.store import QuizStore
from bot.kit.database import Transaction
from bot.kit.request import Asker, Request

LENGTH: Final = 5
LONGEST: Final = 20
MANY: Final = 1000
"""So many questions that are due are counted."""
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
            held = await self._store.held(tx, person, now)
            due = [name for name in await self._store.due(tx, person, now, LONGEST)
                   if stock.has(name) and name not in held]  # fmt: skip
            if not due:
                return 0, await self._store.coming(tx, person, now)
            run = await self._store.begin(tx, person, REVIEW, "", "", len(due), now)
            return await self.advance(tx, stock, run, now)

        found = await self._tools.database.write(work)
        if isinstance(found, Standing):
            return found
        return 0, None if found[1] is None else datetime.fromtimestamp(found[1], request.at.tzinfo)

    async def go_on(self, request: Request, run: int) -> Standing | None:
        """Return where a run of the asker stands, with its next question; None: it is not theirs."""
        base = await self.base()
        now = int(request.at.timestamp())

        async def work(tx: Transaction) -> Standing | None:
            found = await self._store.run(tx, run, request.asker.person)
            if found is None:
                return None
            return await self.advance(tx, await self.stock(tx, base, request), found, now)

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
        """Return how many questions are due that are still asked."""
        return sum(map(stock.has, await self._store.due(tx, person, now, MANY)))

    async def totals(self, tx: Transaction, person: int, now: datetime) -> tuple[int, int, int]:
        """Return how many answers somebody gave, how many were right, and how many questions are due."""
        answers, correct = await self._store.totals(tx, person)
        if not answers:
            return 0, 0, 0
        base = self._tools.shelf.indexes.bank  # here nothing can be read any more; None until somebody was asked
        bank = None if base is None else await self._tools.corrections.bank_of(tx, base, person, None)
        at = int(now.timestamp())
        if base is None or bank is None:
            return answers, correct, len(await self._store.due(tx, person, at, MANY))
        return answers, correct, await self._due(tx, Stock(bank, base), person, at)

    async def mastery(self, tx: Transaction, person: int) -> Mapping[str, Mastered]:
        """Return how well somebody knows each topic of the roadmap they answered questions about."""
        places = self._tools.shelf.curriculum.places
        skills = await self._store.skills(tx, person)
        return {
            topic: Mastered(rules.mastered(rating), rating.answers)
            for topic, rating in skills.items()
            if topic in places
        }

    async def topics(self, asked: Sequence[Asked]) -> list[tuple[str, bool]]:
        """Return (topic, right) for the answers of a run."""
        base = await self.base()
        stock = Stock(base, base)
        return [(topic, one.correct is True) for one in asked if (topic := stock.topic(one.question))]

    async def question(self, request: Request, run: int, number: int) -> Question | None:
        """Return a question of the asker's run."""
        base = await self.base()

        async def work(tx: Transaction) -> Question | None:
            if await self._store.run(tx, run, request.asker.person) is None:
                return None
            stock = await self.stock(tx, base, request)
            one = next((one for one in await self._store.asked(tx, run) if one.number == number), None)
            return None if one is None else stock.get(one.question, one.seed)

        return await self._tools.database.read(work)

    async def answer(
        self, request: Request, run: int, number: int, chosen: tuple[int, ...], typed: float | None = None
    ) -> Answered | Standing | None:
        """Take an answer to a question of the asker's run; the first one counts. An answer of nothing is wrong.

        Returns where the run stands, with a note, if the question was corrected or taken out since it was asked. None:
        there is no such question.
        """
        base = await self.base()
        person, now = request.asker.person, int(request.at.timestamp())

        async def work(tx: Transaction) -> Answered | Standing | None:
            found = await self._store.run(tx, run, person)
            asked = await self._store.asked(tx, run) if found is not None else []
            one = next((one for one in asked if one.number == number), None)
            if found is None or one is None:
                return None
            stock = await self.stock(tx, base, request)
            question = stock.get(one.question, one.seed)
            if question is None or _is_changed(one, question):
                return await self.advance(tx, stock, found, now)
            if any(not 0 <= place < len(question.options) for place in chosen):
                return None
            correct = draw.is_near(question, typed) if typed is not None else draw.is_right(question, chosen)
            text = f"{typed:g}" if typed is not None else ",".join(map(str, chosen))
            if not await self._store.settle(tx, run, number, text, now, correct=correct):
                return await self._told_again(tx, found, one, question)
            seconds = now - one.asked_at if now - one.asked_at <= LONGEST_THOUGHT else None
            due = await self._learning.keep(
                tx, request, question, found.kind, text, correct=correct, seconds=seconds,
                comes_back=found.kind != PLACEMENT,
            )  # fmt: skip
            asked = await self._store.asked(tx, run)
            if sum(other.correct is not None for other in asked) >= found.length:
                await self._store.end(tx, run, now)  # whoever looks at no result has finished all the same
            return Answered(Standing(found, asked, None, None), question, chosen, typed, correct, True, due, one)

        return await self._tools.database.write(work)

    async def _told_again(self, tx: Transaction, run: Run, one: Asked, question: Question) -> Answered:
        before = one.chosen or ""
        typed = number_of(before) if question.how is Kind.NUMERIC and before else None
        chosen = () if typed is not None else tuple(int(place) for place in before.split(",") if place)
        standing = Standing(run, await self._store.asked(tx, run.id), None, None)
        return Answered(standing, question, chosen, typed, bool(one.correct), False, None, one)

    async def base(self) -> Bank:
        """Return the questions as they were shipped, with all that a unit of work must not wait for at hand."""
        families()
        return await self._tools.shelf.bank()

    async def stock(self, tx: Transaction, base: Bank, request: Request) -> Stock:
        """Return the questions as the asker has them."""
        bank = await self._tools.corrections.bank_of(tx, base, request.asker.person, request.community)
        return Stock(bank, base)

    async def advance(self, tx: Transaction, stock: Stock, run: Run, now: int) -> Standing:
        """Return where a run stands, with the question that waits: chosen now if there is none yet, or none any more.

        One that was corrected since it was asked waits anew, as it is now.
        """
        asked = await self._store.asked(tx, run.id)
        waiting = next((one for one in asked if one.correct is None), None)
        note, picked = Note.NONE, None
        if waiting is not None:
            question = stock.get(waiting.question, waiting.seed)
            if question is not None and not _is_changed(waiting, question):
                return Standing(run, asked, question, waiting)
            note = Note.GONE if question is None else Note.CHANGED
            picked = Picked(question, waiting.seed) if question is not None else None
        number = waiting.number if waiting is not None else len(asked)
        if picked is None and number < run.length and not run.ended:
            picked = await self._chooser.pick(tx, stock, run, [one for one in asked if one is not waiting], now)
        if picked is None:
            await self._store.end(tx, run.id, now)
            return Standing(run, [one for one in asked if one.correct is not None], None, None, note)
        one = Asked(number, picked.question.id, now, None, None, picked.question.edition, picked.seed)
        await self._store.ask(tx, run.id, one)
        return Standing(run, await self._store.asked(tx, run.id), picked.question, one, note)


def _is_changed(asked: Asked, question: Question) -> bool:
    """Whether a question is not what was asked any more."""
    return bool(asked.edition) and asked.edition != question.edition


def is_today(asker: Asker, moment: int, now: datetime) -> bool:
    """Whether a moment (Unix seconds) was on the asker's study day of ``now``."""
    return asker.today(datetime.fromtimestamp(moment, now.tzinfo)) == asker.today(now)
