"""What a family of questions is: numbers rolled from a seed, one thing asked, the answer and its slips computed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, Generic, TypeVar

from bot.domain.questions.seeds import Draws
from bot.domain.questions.shapes import LevelWord, Option, Question

Given = TypeVar("Given")

TRIES: Final = 100
WRONG: Final = 3


@dataclass(frozen=True, slots=True)
class Asked:
    """One question of a family before its options are chosen.

    Attributes:
        stem: the question with its numbers.
        right: the answer.
        why: why it is right.
        slips: (value, why it is wrong) of typical mistakes, below and above the answer; those too near are left out.
        explanation: said after answering.
        places: decimals shown.
        unit: shown after each number, such as ``%``.
    """

    stem: str
    right: float
    why: str
    slips: Sequence[tuple[float, str]]
    explanation: str
    places: int = 0
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Family(Generic[Given]):
    """One thing to ask with ever new numbers.

    ``roll`` makes the numbers, ``ask`` computes from them; both are pure, so a seed always gives the same question.
    """

    id: str
    topic: str
    level: LevelWord
    source: str
    roll: Callable[[Draws], Given]
    ask: Callable[[Given], Asked]

    def make(self, seed: str) -> Question:
        """Return the question of a seed. Its id is the family's."""
        return self._made(seed)[1]

    def given(self, seed: str) -> Given:
        """Return the numbers behind the question of a seed."""
        return self._made(seed)[0]

    def _made(self, seed: str) -> tuple[Given, Question]:
        for attempt in range(TRIES):
            draws = Draws(f"{self.id}\0{seed}\0{attempt}")
            given = self.roll(draws)
            asked = self.ask(given)
            wrong = _choose(asked, draws)
            if len(wrong) >= 2:
                return given, self._question(asked, wrong)
        raise ValueError(f"{self.id} makes no question of “{seed}”: its slips come too near the answer")

    def _question(self, asked: Asked, wrong: Sequence[Option]) -> Question:
        return Question(
            id=self.id,
            topic=self.topic,
            level=self.level,
            stem=asked.stem,
            answer=(Option(_shown(asked.right, asked), asked.why),),
            wrong=tuple(wrong),
            explanation=asked.explanation,
            source=self.source,
            asks="numeric",
            tags=("generated",),
        )


def _choose(asked: Asked, draws: Draws) -> list[Option]:
    """Return up to three slips that can be told from the answer and from each other.

    Options are shown in the order of their numbers, so as many below and above are taken as a roll says: the place of
    the answer must not give it away.
    """
    nearest = 10**-asked.places * (0.5 if asked.places == 0 else 1.5)  # whole numbers may be off by one
    taken = [asked.right]
    below: list[Option] = []
    above: list[Option] = []
    for value, why in draws.shuffled(asked.slips):
        if all(abs(value - other) > nearest for other in taken):
            taken.append(value)
            (below if value < asked.right else above).append(Option(_shown(value, asked), why))
    count = min(WRONG, len(below) + len(above))
    lower = draws.whole(max(0, count - len(above)), min(count, len(below)))
    return [*below[:lower], *above[: count - lower]]


def _shown(value: float, asked: Asked) -> str:
    return f"{num(value, asked.places)}{' ' if asked.unit else ''}{asked.unit}"


def num(value: float, places: int = 0) -> str:
    """Return a number as people read it: ``1,024``, ``−0.50``."""
    text = f"{value:,.{places}f}"
    return text.replace("-", "−") if float(text.replace(",", "")) else text.removeprefix("-")


def short(value: float) -> str:
    """Return a number without needless zeros: ``0.5``, ``3``, ``−1.25``."""
    return num(value, 10).rstrip("0").rstrip(".")


def listed(values: Sequence[float]) -> str:
    """Return numbers one after another: ``3, 5 and 8``."""
    texts = [short(value) for value in values]
    return f"{', '.join(texts[:-1])} and {texts[-1]}" if len(texts) > 1 else texts[0]
