"""All questions in memory, found by topic, level and kind. Chance comes in as a seed: every choice can be repeated."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping

from bot.domain.curriculum.curriculum import Curriculum
from bot.domain.questions.seeds import weight
from bot.domain.questions.shapes import Kind, Level, Question, Subject


class Bank:
    """Questions by id and by topic. Built by ``loading.load_bank``, never changed afterwards.

    ``gone`` are ids that must not be asked, although something made from numbers may still go by them.
    """

    def __init__(
        self, questions: Iterable[Question], subjects: Iterable[Subject] = (), gone: Iterable[str] = ()
    ) -> None:
        self.gone = frozenset(gone)
        self._questions = {question.id: question for question in questions}
        self.subjects: Mapping[str, Subject] = {subject.id: subject for subject in subjects}
        topics: dict[str, list[Question]] = {}
        for question in self._questions.values():
            topics.setdefault(question.topic, []).append(question)
        self.topics: Mapping[str, tuple[Question, ...]] = {topic: tuple(found) for topic, found in topics.items()}

    def __len__(self) -> int:
        return len(self._questions)

    def __iter__(self) -> Iterator[Question]:
        return iter(self._questions.values())

    def get(self, name: str) -> Question | None:
        """Return the question of this id, or None."""
        return self._questions.get(name)

    def find(
        self,
        *,
        topics: Collection[str] | None = None,
        levels: Collection[Level] | None = None,
        kinds: Collection[Kind] | None = None,
        without: Collection[str] = (),
    ) -> list[Question]:
        """Return the questions that fit, in the order of the files.

        Args:
            topics: ids to choose from, or None for any.
            levels: what to choose from, or None for any.
            kinds: what to choose from, or None for any.
            without: ids of questions to leave out; give a set where there are many.
        """
        pool: Iterable[Question] = self
        if topics is not None:
            pool = (question for topic in dict.fromkeys(topics) for question in self.topics.get(topic, ()))
        return [
            question
            for question in pool
            if (levels is None or question.level in levels)
            and (kinds is None or question.kind in kinds)
            and question.id not in without
        ]

    def counts(self, curriculum: Curriculum) -> dict[str, Counter[Level]]:
        """Return how many questions of each level there are, by sub-topic, and by subject beside the roadmap."""
        found: dict[str, Counter[Level]] = {
            name: Counter() for name in (*curriculum.subtopics, *self.subjects)
        }  # in study order
        for question in self:
            place = curriculum.places.get(question.topic)
            found.setdefault(place.subtopic.id if place else question.topic, Counter())[Level(question.level)] += 1
        return found


def ranked(questions: Iterable[Question], seed: str) -> list[Question]:
    """Return questions in an order that depends on the seed alone.

    A question added to the bank later slips in somewhere and leaves the order of the others as it was.
    """
    return sorted(questions, key=lambda question: weight(seed, question.id))


def pick(questions: Iterable[Question], seed: str) -> Question | None:
    """Return the first question of that order, or None if there is none."""
    return min(questions, key=lambda question: weight(seed, question.id), default=None)
