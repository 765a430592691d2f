"""When a question is corrected: answers of its rounds are judged anew, with all that follows from them.

Points, what people are taken to know and what they review follow; posts tell the new answer.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from bot.domain.contributions import Rescored
from bot.domain.questions.body import dump
from bot.domain.questions.shapes import CHOICES, Question
from bot.domain.tools import Tools
from bot.features.quiz.closing import Closing
from bot.features.quiz.learning import Learning
from bot.features.quiz.memory import after_answer
from bot.features.quiz.rounds import chosen_text, first_choice, judged_anew
from bot.features.quiz.store import ASKED, AnswerStore, Kept, QuizStore, Rejudged, Round, RoundStore
from bot.features.quiz.wordings import Wordings, corrected, wordings
from bot.kit.database import Transaction


class Rescoring:
    """Judges anew; runs inside the unit of work that corrects the question."""

    def __init__(self, tools: Tools, closing: Closing) -> None:
        self._tools = tools
        self._closing = closing
        self._rounds = RoundStore()
        self._answers = AnswerStore()
        self._practice = QuizStore()
        self._learning = Learning(tools)

    async def apply(self, tx: Transaction, community: int, question: Question, now: datetime) -> Rescored:
        """Judge every round of a community that asked a question by its corrected wording.

        Whoever took an answer back, or came late, still gets no points. Doing it again changes nothing. A question that
        has not exactly one right choice any more leaves the rounds as they were.
        """
        if question.how not in CHOICES:
            return Rescored({}, 0)
        bank = self._tools.shelf.indexes.bank
        body = dump(question)
        gained: dict[int, int] = {}
        count = 0
        is_open = is_turned = marks_old = False
        for kept in await self._rounds.about(tx, community, question.id):
            before = wordings(kept, bank.get(kept.question) if bank is not None else None)
            if before is None or dump(before.now) == body:
                continue
            words = corrected(before, question)
            is_as_asked = body == dump(before.asked)  # a correction that was taken back is none
            fixed_at = None if is_as_asked else int(now.timestamp())
            changed = replace(kept, fixed=body, places=json.dumps(words.places), fixed_at=fixed_at)
            await self._rounds.fix(tx, kept.id, changed.fixed, changed.places, changed.fixed_at)
            differences = await self._judge(tx, kept, before, words, now)
            await self._closing.retell(tx, changed, words)
            for person, difference in differences.items():
                gained[person] = gained.get(person, 0) + difference
            count += 1
            if kept.closed_at is not None:
                continue
            is_open = True
            is_turned = is_turned or _right(before) != _right(words)
            if _right(words) != words.asked.right:
                marks_old = marks_old or any(post.is_poll for post in await self._rounds.shown(tx, kept.id, ASKED))
        changed_points = {person: difference for person, difference in gained.items() if difference}
        return Rescored(changed_points, count, is_open, is_turned, marks_old)

    async def _remember(self, tx: Transaction, question: str, one: Rejudged) -> None:
        """Take a question out of a person's review that was right after all; put one in that was not."""
        if one.correct:
            await self._practice.drop(tx, one.person, question, one.at)
        elif await self._practice.card(tx, one.person, question) is None:
            await self._practice.keep(tx, one.person, question, after_answer(None, one.at, None, correct=False))

    async def _judge(
        self, tx: Transaction, kept: Round, before: Wordings, words: Wordings, now: datetime
    ) -> Mapping[int, int]:
        """Judge the votes of a round, and what was learned from them; return the difference in points by person."""
        earlier = {
            (one.person, one.at): one for one in await self._answers.to_rounds(tx, kept.community, kept.question)
        }
        judged: list[Kept] = []
        answers: list[Rejudged] = []
        differences: dict[int, int] = {}
        edition = words.now.edition if words.is_same_text else words.asked.edition
        for one in await self._rounds.votes(tx, kept.id):
            vote = judged_anew(kept, words, one.vote)
            if vote != one.vote:
                judged.append(replace(one, vote=vote))
                differences[one.person] = vote.points - one.vote.points
            answer = earlier.get((one.person, one.at))
            first = first_choice(before, one.vote, answer) if answer is not None else None
            if answer is None or first is None:
                continue
            chosen = chosen_text(words, first) if words.is_same_text else str(first)
            is_right = words.is_choice(first) and words.is_right(first)
            answers.append(Rejudged(one.person, one.at, edition, chosen, is_right))
            if is_right != answer.correct:
                await self._learning.judge(tx, answer, kept.community, now, correct=is_right)
                await self._remember(tx, kept.question, answers[-1])
        await self._rounds.judge(tx, kept.id, judged)
        await self._answers.judge(tx, kept.community, kept.question, answers)
        return differences


def _right(words: Wordings) -> frozenset[int]:
    """Return which options, as asked, are right."""
    return frozenset(choice for choice in range(len(words.asked.options)) if words.is_right(choice))
