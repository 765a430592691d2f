"""Support vector machines by hand: how wide the margin is, and what a row on the wrong side costs."""

from __future__ import annotations

import math
from typing import Any, Final, NamedTuple

from bot.domain.questions.families.family import Asked, Family, short


class Margin(NamedTuple):
    """The weights of a linear SVM."""

    a: int
    b: int


def _margin(given: Margin) -> Asked:
    size = math.hypot(*given)
    return Asked(
        f"A linear SVM has the weights w = ({given.a}, {given.b}). How wide is its margin, from one boundary to the "
        "other?",
        2 / size,
        f"The length of w is √({given.a}² + {given.b}²), and the margin is 2 divided by it.",
        [
            (1 / size, "This is the distance from the middle to one boundary."),
            (size, "This is the length of w; a longer w means a narrower margin."),
            (2 * size, "The length divides, it does not multiply."),
            (2 / size**2, "The root is missing in the length of w."),
            (2 / (given.a + given.b), "The length of w is no sum of its entries."),
        ],
        "The boundaries are w·x + b = ±1, so they lie 2 / |w| apart. A small |w| means a wide margin.",
        places=3,
    )


class Signed(NamedTuple):
    """True class, −1 or 1, and the score a model gives."""

    label: int
    score: float


def _hinge(given: Signed) -> Asked:
    label, score = given
    product = label * score
    return Asked(
        f"A linear SVM gives the score {short(score)} to a row of class {short(label)} (classes are −1 and 1). What "
        "is the hinge loss of this row?",
        max(0.0, 1 - product),
        f"Class times score is {short(product)}; what is missing to 1 is the loss.",
        [
            (1 + product, "The sign of the product is turned around."),
            (max(0.0, -product), "A row inside the margin costs as well; the border is 1, not 0."),
            (abs(label - score), "This is the distance between class and score."),
            ((1 - product) ** 2, "This squares the loss."),
            (1.0, "This counts the row as one error."),
        ],
        "Hinge loss = max(0, 1 − class · score). It is zero from a score of 1 on the right side.",
        places=1,
    )


FAMILIES: Final[tuple[Family[Any], ...]] = (
    Family(
        "g-svm-margin",
        "alg-svm",
        "hard",
        "islp",
        lambda draws: Margin(draws.whole(1, 9), draws.whole(1, 9)),
        _margin,
    ),
    Family(
        "g-hinge-loss",
        "alg-svm",
        "medium",
        "sklearn-docs",
        lambda draws: Signed(label := draws.one_of((-1, 1)), label * draws.whole(-19, 9) / 10),
        _hinge,
    ),
)
