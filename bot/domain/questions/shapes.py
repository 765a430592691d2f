"""What a question is. Each class is a schema: its fields are the keys a contributor writes in ``content/quiz/``."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from hashlib import blake2b
from typing import Annotated, Final, Literal

from bot.kit.content import Id, Rule
from bot.kit.problems import NOWHERE, Spot

STEM: Final = 280
"""Characters of a stem: Telegram's quiz takes 300 with its heading, Discord's title less; both show 280."""
OPTION: Final = 80
"""Characters of an option: what a button of Discord shows; Telegram takes 100."""
OPTION_GOOD: Final = 55
"""Characters an option should keep to: what a poll of Discord takes, and about one line and a half on a phone."""
EXPLANATION: Final = 200
"""Characters Telegram shows with a verdict, with at most ``LINE_FEEDS``."""
LINE_FEEDS: Final = 2
_NUMBER: Final = re.compile(
    r"(?P<top>-?(?:\d{1,15}|\d{1,3}(?:,\d{3}){1,4})?(?:(?<=\d)|(?=\.\d))(?:\.\d{1,15})?(?:e-?\d{1,2})?)(?:/(?P<bottom>\d{1,15}))?"
)
CODE_LINES: Final = 6
CODE_WIDTH: Final = 60


class Level(StrEnum):
    """How hard a question is meant to be."""

    EASY = "easy"
    MEDIUM = "medium"
    HARD = "hard"


class Kind(StrEnum):
    """How a question is answered."""

    SINGLE = "single"
    SEVERAL = "several"
    TRUE_FALSE = "true-false"
    NUMERIC = "numeric"
    ORDER = "order"
    CODE = "code"


CHOICES: Final = frozenset((Kind.SINGLE, Kind.TRUE_FALSE, Kind.CODE))
"""Kinds with exactly one right option among three or four: what every platform can ask with one press."""

LevelWord = Literal["easy", "medium", "hard"]
KindWord = Literal["single", "several", "true-false", "numeric", "order", "code"]
Asks = Literal["concept", "misconception", "code-reading", "numeric", "diagnose", "choose-method", "terminology"]
_USUAL: Final[dict[Kind, Asks]] = {Kind.CODE: "code-reading", Kind.NUMERIC: "numeric"}


@dataclass(frozen=True, slots=True)
class Option:
    """Something to choose, and why it is right or wrong."""

    text: Annotated[str, Rule("What is shown; at most 55 characters where you can.", OPTION)]
    why: Annotated[str, Rule("Why it is right or wrong, in one line.", 140)]
    spot: Spot = NOWHERE


@dataclass(frozen=True, slots=True)
class Question:
    """One question of the bank. What is right is under ``answer``, what is not under ``wrong``."""

    id: Annotated[
        str,
        Rule(
            "A stable id: q, the topic, a number.",
            40,
            r"[qg]-[a-z0-9-]*[a-z0-9]",
            "“q-”, then lower-case letters, digits, hyphens",
        ),
    ]
    topic: Annotated[Id, Rule("Id of the topic it belongs to.")]
    level: Annotated[LevelWord, Rule("How hard it is.")]
    stem: Annotated[str, Rule("The question, complete without its options.", STEM)]
    answer: Annotated[tuple[Option, ...], Rule("What is right; for order, all steps in order.", fewest=1, many=6)]
    explanation: Annotated[str, Rule("Why, said after answering.", EXPLANATION)]
    source: Annotated[Id, Rule("Id of the resource that backs it.")]
    wrong: Annotated[tuple[Option, ...], Rule("What is wrong but believable.", many=5)] = ()
    kind: Annotated[KindWord, Rule("How it is answered.")] = "single"
    asks: Annotated[Asks | None, Rule("What it asks of the reader.")] = None
    code: Annotated[str | None, Rule("Code shown below the stem.", CODE_LINES * (CODE_WIDTH + 1))] = None
    language: Annotated[str, Rule("Of the code.", 20, r"[a-z]+", "one word in lower case")] = "python"
    proof: Annotated[str | None, Rule("Python that proves the answer; never shown.", 1500)] = None
    formula: Annotated[str | None, Rule("Arithmetic that gives the number.", 200)] = None
    tolerance: Annotated[float, Rule("How far off a typed number may be.", least=0, most=100_000)] = 0.0
    unit: Annotated[str, Rule("Unit of the number, said in the stem as well.", 20)] = ""
    details: Annotated[str | None, Rule("More for whoever wants to know, with markup.", 1000)] = None
    tags: Annotated[tuple[Id, ...], Rule("Words to find it by.", many=5)] = ()
    spot: Spot = NOWHERE

    @property
    def how(self) -> Kind:
        """How it is answered."""
        return Kind(self.kind)

    @property
    def options(self) -> tuple[Option, ...]:
        """All options, the right ones first; their positions here are what answers are stored as."""
        return (*self.answer, *self.wrong)

    @property
    def right(self) -> frozenset[int]:
        """Positions of the right options."""
        return frozenset(range(len(self.answer)))

    @property
    def asked(self) -> Asks:
        """What it asks of the reader; where the file does not say, what its kind usually asks."""
        return self.asks or _USUAL.get(self.how, "concept")

    @property
    def number(self) -> float:
        """The right number of a numeric question; raises ``ValueError`` for other kinds."""
        return number_of(self.answer[0].text)

    @property
    def edition(self) -> str:
        """Eight letters that change whenever the stem or an option does, so that an old answer can be told apart."""
        return _edition(self.stem, self.code or "", *(option.text for option in self.options))


@lru_cache(maxsize=4096)
def _edition(*texts: str) -> str:
    return blake2b("\0".join(texts).encode(), digest_size=4).hexdigest()


def number_of(text: str) -> float:
    """Return the number a text says, as people write it: ``1,024``, ``−0.5``, ``3/8``, ``25 %``, ``1e-3``.

    A percent sign is dropped, not computed: what counts is the number before it. Raises ``ValueError`` otherwise.
    """
    bare = text.strip().replace("−", "-").removesuffix("%").strip()
    found = _NUMBER.fullmatch(bare)
    if found is None or float(found["bottom"] or 1) == 0:
        raise ValueError(f"“{text}” is not a number")
    return float(found["top"].replace(",", "")) / float(found["bottom"] or 1)


@dataclass(frozen=True, slots=True)
class Subject:
    """Something beside the roadmap that questions may be about, such as looking for a job."""

    id: Id
    title: Annotated[str, Rule("A short name in sentence case.", 60)]
    spot: Spot = NOWHERE
