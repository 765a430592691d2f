"""What an answer teaches: kept, rated, written to the ledger, and brought back when it was wrong."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Final

from bot.domain.learning.ledger import Deed, Entry
from bot.domain.questions.shapes import Question
from bot.domain.tools import Tools
from bot.features.quiz import rules
from bot.features.quiz.card import REVIEW
from bot.features.quiz.memory import after_answer
from bot.features.quiz.rules import Rating
from bot.features.quiz.stock import rated_as
from bot.features.quiz.store import AnswerStore, Earlier, Given, QuizStore
from bot.kit.database import Transaction
from bot.kit.request import Request

SOURCE: Final = "quiz"


class Learning:
    """Keeps answers; runs inside the unit of work that takes them, or judges them otherwise."""

    def __init__(self, tools: Tools) -> None:
        self._tools = tools
        self._store = QuizStore()
        self._answers = AnswerStore()

    async def keep(
        self, tx: Transaction, request: Request, question: Question, way: str, chosen: str, *, correct: bool,
        seconds: int | None = None, community: int | None = None, comes_back: bool = True, is_chosen: bool = False,
    ) -> datetime | None:  # fmt: skip
        """Keep an answer and what it tells of person and question; return when the question comes back, if it does.

        Args:
            tx: the unit of work.
            request: the answer as it came.
            question: what was asked.
            way: how it was asked: practice, review, daily.
            chosen: positions of options, or the number typed.
            correct: whether it is right.
            seconds: how long the person thought, where that is known.
            community: where it was asked; None: where the answer came from.
            comes_back: whether it is a part of studying and is reviewed if it is wrong; not where nobody was meant to
                know it yet.
            is_chosen: whether the person chose what it is about.
        """
        person, now = request.asker.person, int(request.at.timestamp())
        community = request.community if community is None else community
        await self._store.add(
            tx,
            Given(person, community, question.id, question.edition, question.topic, way, chosen, correct, seconds, now),
        )
        skill = await self._store.skill(tx, person, question.topic) or Rating(rules.SKILL_AT_FIRST)
        name = rated_as(question, self._tools.shelf.indexes.bank)
        item = await self._store.item(tx, name) or rules.first_rating(question)
        skill, item = rules.learned(skill, item, rules.by_chance(question), correct=correct)
        await self._store.rate(tx, person, question.topic, skill, name, item, correct=correct)
        if comes_back and question.topic in self._tools.shelf.curriculum.places:
            deed = Deed.REVIEWED if way == REVIEW else Deed.ANSWERED
            await self._tools.ledger.write(
                tx,
                Entry(person, question.topic, deed, request.at, request.asker.today(request.at), SOURCE,
                      community=community, score=float(correct), is_chosen=is_chosen),
            )  # fmt: skip
        card = await self._store.card(tx, person, question.id)
        if card is None and (correct or not comes_back):
            return None  # what was known at once does not come back
        card = after_answer(card, now, seconds, correct=correct)
        await self._store.keep(tx, person, question.id, card)
        return datetime.fromtimestamp(card.due, request.at.tzinfo)

    async def judge(self, tx: Transaction, one: Earlier, community: int, now: datetime, *, correct: bool) -> None:
        """Learn the opposite from an answer to a round: the person's rating moves, and the ledger gets another row.

        How hard the question is stays as it was: that is kept for each wording, and answers to this one say the same.
        """
        skill = await self._store.skill(tx, one.person, one.topic)
        if skill is not None:
            before = max(0, skill.answers - await self._answers.since(tx, one))
            await self._store.shift(tx, one.person, one.topic, rules.judged_otherwise(before, correct=correct))
        at = datetime.fromtimestamp(one.at, UTC)
        entry = Entry(one.person, one.topic, Deed.ANSWERED, at, at.date(), SOURCE, community, score=float(one.correct),
                      is_chosen=False)  # fmt: skip
        found = await self._tools.ledger.find(tx, entry)
        if found is None:
            return
        record, day = found
        if await self._tools.ledger.retract(tx, record, one.person, int(now.timestamp())):
            await self._tools.ledger.write(tx, replace(entry, day=day, score=float(correct)))
