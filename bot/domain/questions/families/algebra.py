"""Vectors, matrices and slopes: the sums that models are made of."""

from __future__ import annotations

import math
from typing import Any, Final, NamedTuple

from bot.domain.questions.families.family import Asked, Family, short
from bot.domain.questions.seeds import Draws

Vector = tuple[int, ...]


class Pair(NamedTuple):
    """Two vectors of the same length."""

    a: Vector
    b: Vector


def shown(vector: Vector) -> str:
    """Return a vector as people write it: ``(1, −2, 3)``."""
    return f"({', '.join(short(value) for value in vector)})"


def _vector(draws: Draws, size: int) -> Vector:
    return tuple(draws.one_of((-3, -2, -1, 1, 2, 3, 4, 5)) for _ in range(size))


def _dot(given: Pair) -> Asked:
    a, b = given
    parts = [x * y for x, y in zip(a, b, strict=True)]
    return Asked(
        f"What is the dot product of {shown(a)} and {shown(b)}?",
        sum(parts),
        f"The products {', '.join(short(part) for part in parts)} add up to it.",
        [
            (sum(map(abs, parts)), "The signs of the products were dropped."),
            (sum(a) * sum(b), "This multiplies the sums; multiply entry by entry first."),
            (sum(a) + sum(b), "This adds the entries; corresponding entries are multiplied."),
            (-sum(parts), "The sign is turned around."),
            (sum(x * y for x, y in zip(a, reversed(b), strict=True)), "The second vector was read backward."),
        ],
        "Multiply the entries that stand at the same place and add the products.",
    )


def _cosine(given: Pair) -> Asked:
    a, b = given
    dot = sum(x * y for x, y in zip(a, b, strict=True))
    size_a, size_b = math.hypot(*a), math.hypot(*b)
    return Asked(
        f"What is the cosine similarity of {shown(a)} and {shown(b)}?",
        dot / (size_a * size_b),
        f"The dot product {short(dot)} is divided by both lengths, √{sum(x * x for x in a)} and "
        f"√{sum(x * x for x in b)}.",
        [
            (dot / (size_a**2 * size_b**2), "This divides by the squared lengths; the roots are missing."),
            (dot / size_a**2, "This uses one of the two lengths twice."),
            (dot / (size_a + size_b), "The lengths are multiplied, not added."),
            (1 - dot / (size_a * size_b), "This is the cosine distance, one minus the similarity."),
            (-dot / (size_a * size_b), "The sign is turned around."),
        ],
        "Cosine similarity is the dot product divided by the product of both lengths; it lies between −1 and 1.",
        places=2,
    )


class Product(NamedTuple):
    """Matrices of rows by inner and inner by columns."""

    rows: int
    inner: int
    columns: int


def _multiplications(given: Product) -> Asked:
    n, m, p = given
    return Asked(
        f"A has {n} rows and {m} columns, B has {m} rows and {p} columns. How many multiplications of two numbers "
        "does AB take, done by the definition?",
        n * m * p,
        f"AB has {n} · {p} entries, and each is a sum of {m} products.",
        [
            (n * p, "This is the number of entries; each of them needs several products."),
            (n * m + m * p, "This is how many numbers both matrices hold."),
            (n * m * m * p, "The inner size counts once for each entry, not twice."),
            (n * (m - 1) * p, "This is the number of additions."),
            (n * m, "This is the size of A alone."),
        ],
        f"Each of the {n} · {p} entries is a row times a column: {m} multiplications.",
    )


class Entry(NamedTuple):
    """A matrix with two columns and a vector of two."""

    first: Vector
    second: Vector
    vector: Vector


def _matrix_vector(given: Entry) -> Asked:
    (a, b), (c, d), (x, y) = given
    return Asked(
        f"The rows of a matrix are {shown(given.first)} and {shown(given.second)}. It is multiplied by the column "
        f"{shown(given.vector)}. What is the second entry of the result?",
        c * x + d * y,
        f"The second row times the vector: {short(c)} · {short(x)} + {short(d)} · {short(y)}.",
        [
            (a * x + b * y, "This is the first entry; it uses the first row."),
            (b * x + d * y, "This uses the second column instead of the second row."),
            (c * y + d * x, "The entries of the vector were swapped."),
            (c * x - d * y, "The products are added, not subtracted."),
        ],
        "Each entry of the result is the dot product of one row with the vector.",
    )


class Descent(NamedTuple):
    """f(w) = scale · (w − goal)², a start and a learning rate."""

    scale: int
    goal: int
    start: int
    rate: float


def _step(given: Descent) -> Asked:
    scale, goal, start, rate = given
    slope = 2 * scale * (start - goal)
    sign = "−" if goal >= 0 else "+"
    factor = "" if scale == 1 else f"{scale}"
    return Asked(
        f"f(w) = {factor}(w {sign} {abs(goal)})². Gradient descent starts at w = {short(start)} with learning rate "
        f"{rate}. What is w after one step?",
        start - rate * slope,
        f"The slope at {short(start)} is {short(slope)}; {rate} times it is subtracted.",
        [
            (start + rate * slope, "This step goes up the slope; descent subtracts it."),
            (start - rate * slope / 2, "The factor 2 of the derivative is missing."),
            (start - slope, "The learning rate is missing."),
            (start - rate, "The step is the rate times the slope, not the rate alone."),
            (start - rate * start, "The slope was taken to be w itself."),
        ],
        f"The derivative is {2 * scale}(w {sign} {abs(goal)}), here {short(slope)}. New w = old w − rate · slope.",
        places=2,
    )


def _descent(draws: Draws) -> Descent:
    goal = draws.one_of((-3, -2, -1, 1, 2, 3, 4))
    return Descent(draws.whole(1, 3), goal, goal + draws.one_of((-4, -3, -2, 2, 3, 5)), draws.one_of((0.05, 0.1, 0.2)))


class Chain(NamedTuple):
    """y = (a·x + b)ⁿ at a point x."""

    a: int
    b: int
    power: int
    x: int


def _chain(given: Chain) -> Asked:
    a, b, n, x = given
    inner = a * x + b
    right = n * inner ** (n - 1) * a
    power = {2: "²", 3: "³"}[n]
    return Asked(
        f"y = ({a}x {'−' if b < 0 else '+'} {abs(b)}){power}. What is the slope dy/dx at x = {x}?",
        right,
        f"The inside is {short(inner)}, the outer slope {short(n * inner ** (n - 1))}, the inner slope {a}.",
        [
            (n * inner ** (n - 1), "The slope of the inside is missing."),
            (inner**n, "This is y itself, not its slope."),
            (n * inner**n * a, "The power was not lowered by one."),
            (inner ** (n - 1) * a, "The power did not come down as a factor."),
            (n * a * x ** (n - 1), "The inside was taken to be x alone."),
        ],
        "Chain rule: the slope of the outside, taken at the inside, times the slope of the inside.",
    )


FAMILIES: Final[tuple[Family[Any], ...]] = (
    Family(
        "g-dot-product",
        "math-linear-algebra",
        "easy",
        "khan-linear-algebra",
        lambda draws: Pair(_vector(draws, 3), _vector(draws, 3)),
        _dot,
    ),
    Family(
        "g-cosine",
        "math-linear-algebra",
        "medium",
        "mml-book",
        lambda draws: Pair(_vector(draws, 2), _vector(draws, 2)),
        _cosine,
    ),
    Family(
        "g-matrix-cost",
        "math-linear-algebra",
        "medium",
        "mml-book",
        lambda draws: Product(draws.whole(2, 6), draws.whole(2, 7), draws.whole(2, 6)),
        _multiplications,
    ),
    Family(
        "g-matrix-vector",
        "math-linear-algebra",
        "easy",
        "khan-linear-algebra",
        lambda draws: Entry(_vector(draws, 2), _vector(draws, 2), _vector(draws, 2)),
        _matrix_vector,
    ),
    Family("g-descent-step", "math-calculus", "medium", "khan-calculus", _descent, _step),
    Family(
        "g-chain-rule",
        "math-calculus",
        "medium",
        "khan-calculus",
        lambda draws: Chain(draws.whole(2, 4), draws.one_of((-3, -2, -1, 1, 2)), draws.whole(2, 3), draws.whole(1, 3)),
        _chain,
    ),
)
