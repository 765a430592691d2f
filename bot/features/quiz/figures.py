"""What the answers of a community's members tell of a question."""

from __future__ import annotations

from collections import Counter

from bot.domain.contributions import Figures
from bot.domain.questions.shapes import Kind, Question
from bot.features.quiz import rules
from bot.features.quiz.stock import families
from bot.features.quiz.store import AnswerStore, RoundStore
from bot.kit.database import Transaction


class QuestionFigures:
    """Reads them; runs inside a unit of work."""

    def __init__(self) -> None:
        self._answers = AnswerStore()
        self._rounds = RoundStore()

    async def of(self, tx: Transaction, community: int, question: Question) -> Figures:
        """Return the figures of a question as it reads now; answers to other wordings are only counted.

        One made from numbers reads otherwise each time: there all answers count, and no option is the same twice.
        How well it tells who knows its topic comes from everybody's first answer.
        """
        from statistics import median  # it brings decimal numbers and fractions along, half a megabyte

        is_made = question.id in families()
        edition = "" if is_made else question.edition
        answers = await self._answers.of_members(tx, community, question.id, edition)
        earlier, earlier_right = (
            (0, 0) if is_made else await self._answers.to_other_words(tx, community, question.id, edition)
        )
        options: Counter[int] = Counter()
        if question.how is not Kind.NUMERIC and not is_made:
            for one in answers:
                options.update(int(place) for place in one.chosen.split(",") if place.isdecimal())
        first = {one.person: one for one in reversed(answers)}
        seconds = [one.seconds for one in answers if one.seconds is not None]
        rounds = await self._rounds.about(tx, community, question.id)
        return Figures(
            answers=len(answers),
            right=sum(one.correct for one in answers),
            options=dict(options),
            seconds=float(median(seconds)) if seconds else None,
            discrimination=rules.discrimination(
                [(one.correct, one.rating) for one in first.values() if one.rating is not None]
            ),
            earlier=earlier,
            earlier_right=earlier_right,
            is_open=any(one.closed_at is None for one in rounds),
        )
