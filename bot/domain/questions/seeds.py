"""Chance that can be repeated: the same seed gives the same numbers on every computer and in every year."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from hashlib import blake2b
from typing import TypeVar

Thing = TypeVar("Thing")


def weight(seed: str, name: str) -> int:
    """Return a number of 64 bits that depends on both texts and looks like chance."""
    return int.from_bytes(blake2b(f"{seed}\0{name}".encode("utf-8", "replace"), digest_size=8).digest())


class Draws:
    """A row of numbers made from a seed, drawn one after another."""

    def __init__(self, seed: str) -> None:
        self._seed = seed
        self._drawn = 0

    def below(self, limit: int) -> int:
        """Return a whole number from 0 to ``limit`` - 1; ``limit`` is at least 1."""
        self._drawn += 1
        return weight(self._seed, str(self._drawn)) % limit

    def whole(self, least: int, most: int, step: int = 1) -> int:
        """Return one of ``least``, ``least + step`` ... up to ``most``."""
        return least + step * self.below((most - least) // step + 1)

    def one_of(self, things: Sequence[Thing]) -> Thing:
        """Return one of some things; there is at least one."""
        return things[self.below(len(things))]

    def some_of(self, things: Iterable[Thing], count: int) -> list[Thing]:
        """Return ``count`` different ones of some things, in an order of chance."""
        return self.shuffled(things)[:count]

    def shuffled(self, things: Iterable[Thing]) -> list[Thing]:
        """Return things in an order of chance."""
        left = list(things)
        for last in range(len(left) - 1, 0, -1):
            other = self.below(last + 1)
            left[last], left[other] = left[other], left[last]
        return left
