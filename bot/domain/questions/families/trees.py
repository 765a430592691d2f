"""Trees and groups of trees: how mixed a node is, what a split gains, how many trees agree."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, Final, NamedTuple

from bot.domain.questions.families.family import Asked, Family, listed, num, short
from bot.domain.questions.seeds import Draws


def entropy(counts: Sequence[int]) -> float:
    """Return the entropy in bits of classes with these counts."""
    total = sum(counts)
    return -sum(count / total * math.log2(count / total) for count in counts if count)


def gini(counts: Sequence[int]) -> float:
    """Return the Gini impurity of classes with these counts."""
    total = sum(counts)
    return 1 - sum((count / total) ** 2 for count in counts)


class Node(NamedTuple):
    """Rows of class A and of class B in a node."""

    a: int
    b: int


def _node(draws: Draws) -> Node:
    a = draws.whole(1, 12)
    return Node(a, a + draws.whole(1, 9))


def _entropy(given: Node) -> Asked:
    p, q = given.a / sum(given), given.b / sum(given)
    return Asked(
        f"A tree node holds {given.a} rows of class A and {given.b} of class B. What is its entropy in bits?",
        entropy(given),
        f"The shares are {num(p, 3)} and {num(q, 3)}; each is weighed with its own log2.",
        [
            (gini(given), "This is the Gini impurity, which needs no logarithm."),
            (-p * math.log(p) - q * math.log(q), "This used the natural logarithm; bits need log2."),
            (-math.log2(q), "This is the surprise of one row of the larger class."),
            (-math.log2(p), "This is the surprise of one row of the smaller class."),
            (1.0, "An even mix has 1 bit; this node is not even."),
            (-p * math.log2(p), "The term of class B is missing."),
            (1 - entropy(given), "This is the entropy lost since an even mix."),
        ],
        "Entropy = −Σ p · log2 p. It is 1 bit for an even mix of two classes and 0 for a pure node.",
        places=3,
    )


def _gini(given: Node) -> Asked:
    p, q = given.a / sum(given), given.b / sum(given)
    return Asked(
        f"A tree node holds {given.a} rows of class A and {given.b} of class B. What is its Gini impurity?",
        gini(given),
        f"One minus {num(p, 3)}² minus {num(q, 3)}².",
        [
            (entropy(given), "This is the entropy in bits."),
            (p * p + q * q, "This is the chance that two rows agree; the impurity is one minus it."),
            (p * q, "Both orders count, so this is half of it."),
            (min(p, q), "This is the error of predicting the larger class."),
            (abs(p - q), "This is the difference of the shares."),
        ],
        "Gini = 1 − Σ p². It is the chance that two rows drawn with replacement differ in class.",
        places=3,
    )


class Split(NamedTuple):
    """Two child nodes."""

    left: Node
    right: Node


def _gain(given: Split) -> Asked:
    left, right = given
    parent = Node(left.a + right.a, left.b + right.b)
    rows = sum(parent)
    mean = (sum(left) * entropy(left) + sum(right) * entropy(right)) / rows
    return Asked(
        f"A split sends {left.a} rows of class A and {left.b} of B to the left, {right.a} of A and {right.b} of B to "
        "the right. What is its information gain in bits?",
        entropy(parent) - mean,
        f"Entropy {num(entropy(parent), 3)} before, {num(mean, 3)} as weighed mean after.",
        [
            (mean, "This is the entropy left after the split."),
            (entropy(parent), "This is the entropy before the split."),
            (
                entropy(parent) - (entropy(left) + entropy(right)) / 2,
                "The children were weighed alike; they differ in size.",
            ),
            (gini(parent) - (sum(left) * gini(left) + sum(right) * gini(right)) / rows, "This used Gini impurity."),
            (entropy(left) + entropy(right), "This adds the entropies of the children."),
        ],
        "Information gain = entropy of the parent minus the mean entropy of the children, weighed by their rows.",
        places=3,
    )


def _split(draws: Draws) -> Split:
    return Split(
        Node(draws.whole(5, 12), draws.whole(0, 4)),
        Node(draws.whole(0, 3), draws.whole(4, 9)),
    )


class Boosted(NamedTuple):
    """The base prediction, what each tree adds, and the learning rate."""

    base: int
    trees: tuple[int, ...]
    rate: float


def _boosted(given: Boosted) -> Asked:
    base, trees, rate = given
    return Asked(
        f"A gradient boosting model starts at {base} and has learning rate {rate}. For one row its trees output "
        f"{listed(trees)}. What does it predict?",
        base + rate * sum(trees),
        f"{base} + {rate} · {short(sum(trees))}; each tree counts with the learning rate.",
        [
            (base + sum(trees), "The learning rate is missing."),
            (rate * sum(trees), "The start value is missing."),
            (
                base + rate * sum(trees) / len(trees),
                "This averages the trees as a random forest does; boosting adds them.",
            ),
            (rate * (base + sum(trees)), "The start value is not multiplied by the learning rate."),
            (base - rate * sum(trees), "The trees are added; each was fitted to what was missing."),
        ],
        "Boosting adds the output of each tree, shrunk by the learning rate, to the start value.",
        places=2,
    )


class Voters(NamedTuple):
    """Independent models and the accuracy of each in percent."""

    models: int
    percent: int


def _majority(given: Voters) -> Asked:
    n, p = given.models, given.percent / 100
    right = sum(math.comb(n, k) * p**k * (1 - p) ** (n - k) for k in range(n // 2 + 1, n + 1))
    return Asked(
        f"{n} models vote, and the majority decides. Each is right with probability {given.percent} %, independently "
        "of the others. How likely is the vote right?",
        100 * right,
        f"Add the chances that {', '.join(str(k) for k in range(n // 2 + 1, n + 1))} of {n} are right.",
        [
            (given.percent, "This is one model alone; errors that differ cancel in a vote."),
            (100 * p**n, "This asks all models to be right at once."),
            (100 * (1 - (1 - p) ** n), "This asks one model to be right; a majority is needed."),
            (
                100 * math.comb(n, n // 2 + 1) * p ** (n // 2 + 1) * (1 - p) ** (n // 2),
                "This counts the smallest majority; larger ones count as well.",
            ),
        ],
        "Independent errors cancel in a vote. Real models make similar errors, so real ensembles gain less.",
        places=1,
        unit="%",
    )


FAMILIES: Final[tuple[Family[Any], ...]] = (
    Family("g-entropy", "alg-decision-trees", "medium", "statquest-ml", _node, _entropy),
    Family("g-gini", "alg-decision-trees", "medium", "sklearn-docs", _node, _gini),
    Family("g-information-gain", "alg-decision-trees", "hard", "statquest-ml", _split, _gain),
    Family(
        "g-boosted-prediction",
        "ens-gradient-boosting",
        "easy",
        "statquest-ml",
        lambda draws: Boosted(
            draws.whole(20, 90, 10),
            tuple(draws.one_of((-12, -8, -5, -3, 4, 6, 9, 15, 20)) for _ in range(draws.whole(2, 3))),
            draws.one_of((0.05, 0.1, 0.2, 0.3)),
        ),
        _boosted,
    ),
    Family(
        "g-majority-vote",
        "ens-random-forests",
        "hard",
        "islp",
        lambda draws: Voters(draws.one_of((3, 5, 7)), draws.whole(51, 90)),
        _majority,
    ),
)
