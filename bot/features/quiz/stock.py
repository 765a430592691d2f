"""The questions somebody can be asked: those of the bank as they have it, and those made from numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from hashlib import blake2b
from typing import TYPE_CHECKING, Any

from bot.domain.questions.bank import Bank
from bot.domain.questions.body import dump
from bot.domain.questions.shapes import Level, Question

if TYPE_CHECKING:
    from bot.domain.questions.families.family import Family


@lru_cache(maxsize=1)
def families() -> Mapping[str, Family[Any]]:
    """Return every family of made questions by its id."""
    from bot.domain.questions.families import FAMILIES  # not needed to start

    return FAMILIES


@lru_cache(maxsize=1)
def _by_topic() -> Mapping[str, Sequence[Family[Any]]]:
    found: dict[str, list[Family[Any]]] = {}
    for family in families().values():
        found.setdefault(family.topic, []).append(family)
    return found


def rated_as(question: Question, base: Bank | None) -> str:
    """Return the name under which the difficulty of a question is kept.

    Its id, if it reads as it was shipped in ``base``. What a community changed or added has a name of its own for each
    wording, so that nobody else's questions become harder or easier by it.
    """
    shipped = base.get(question.id) if base is not None else None
    if shipped is question or question.id in families():
        return question.id
    body = _body(question)
    if shipped is not None and body == _body(shipped):
        return question.id
    return f"{question.id}:{blake2b(body.encode(), digest_size=8).hexdigest()}"


@lru_cache(maxsize=4096)
def _body(question: Question) -> str:
    return dump(question)


class Stock:
    """Questions by id, whether written or made. Cheap to make: one for each unit of work.

    Args:
        bank: the questions as somebody has them.
        base: the questions as they were shipped, to know the topic of one that somebody has no longer.
    """

    def __init__(self, bank: Bank, base: Bank) -> None:
        self.bank = bank
        self._base = base

    def has(self, name: str) -> bool:
        """Whether this can be asked."""
        return self.bank.get(name) is not None or self._family(name) is not None

    def get(self, name: str, seed: str) -> Question | None:
        """Return the question of this id, a made one with the numbers of its seed; None if it cannot be asked."""
        if (question := self.bank.get(name)) is not None:
            return question
        family = self._family(name)
        return None if family is None else family.make(seed)

    def rated_as(self, question: Question) -> str:
        """Return the name under which the difficulty of a question is kept."""
        return rated_as(question, self._base)

    def topic(self, name: str) -> str:
        """Return what a question is about, also of one that is asked no longer; empty for an unknown one."""
        found = self.bank.get(name) or families().get(name) or self._base.get(name)
        return found.topic if found is not None else ""

    def made(self, topic: str, level: str, seed: str) -> list[Question]:
        """Return one made question of each family of a topic, of one level or (empty) of any."""
        return [
            family.make(f"{seed}:{family.id}")
            for family in _by_topic().get(topic, ())
            if (not level or Level(level) is Level(family.level)) and family.id not in self.bank.gone
        ]

    def _family(self, name: str) -> Family[Any] | None:
        return None if name in self.bank.gone else families().get(name)
