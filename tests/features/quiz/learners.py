"""Simulated learners who practice through the product: each knows as much as their skill says, and guesses else."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from bot.domain.questions.shapes import Question
from bot.features.quiz import rules
from tests.fakes.core import CoreWorld, Message, Person
from tests.features.quiz.playing import answer, asked, onward

DIFFERS = 80.0
"""Points by which a question is easier or harder than its author said (standard deviation)."""
THINKING = timedelta(seconds=20)


@dataclass
class Learner:
    """Somebody of a skill; ``chances`` are those of a right answer to what they were asked, ``rights`` what they did.

    Attributes:
        skill: on the scale of ratings; the same in every topic.
        seed: of their luck, and of how hard questions really are.
    """

    world: CoreWorld
    skill: float
    seed: int = 0
    name: str = "Ana"
    truth: dict[str, float] = field(default_factory=dict)
    chances: list[float] = field(default_factory=list)
    rights: list[bool] = field(default_factory=list)
    questions: list[Question] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._luck = random.Random(f"{self.skill}:{self.seed}")
        self.person: Person = self.world.person(self.name)

    async def practice(self, line: str, answers: int, pause: timedelta) -> None:
        """Practice with a command, again and again with pauses, until so many answers are given."""
        while len(self.rights) < answers:
            card = await self.person.says(line)
            if "Begin anew" in card.labels:
                card = await self.person.presses("Begin anew", on=card)
            while card.reply.look == "quiz.question" and len(self.rights) < answers:
                card = await onward(self.person, await self.meet(card))
            self.world.clock.travel(pause)

    async def meet(self, card: Message) -> Message:
        """Answer a question as well as they can; return the verdict."""
        question, _run, _number = await asked(self.world, card)
        chance = rules.chance(self.skill, self._really(question), rules.by_chance(question))
        is_right = self._luck.random() < chance
        self.questions.append(question)
        self.chances.append(chance)
        self.rights.append(is_right)
        self.world.clock.travel(THINKING)
        return await answer(self.world, self.person, card, right=is_right)

    def _really(self, question: Question) -> float:
        return self.truth.setdefault(question.id, rules.first_rating(question).value + self._luck.gauss(0, DIFFERS))

    def levels(self) -> Counter[str]:
        """Return how many questions of each level were asked."""
        return Counter(question.level for question in self.questions)

    def stages(self) -> Counter[int]:
        """Return how many questions of each stage were asked."""
        places = self.world.app.tools.shelf.curriculum.places
        return Counter(places[question.topic].stage.number for question in self.questions)


def share(values: Sequence[float], warm_up: int) -> float:
    """Return the mean of values after the first ones."""
    left = values[warm_up:]
    return sum(left) / len(left)
