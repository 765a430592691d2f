"""Neural networks by hand: one neuron, its gradient, softmax, and losses."""

from __future__ import annotations

import itertools
import math
from typing import Any, Final, NamedTuple

from bot.domain.questions.families.algebra import shown
from bot.domain.questions.families.family import Asked, Family, listed, num, short
from bot.domain.questions.seeds import Draws


class Neuron(NamedTuple):
    """Inputs, weights, bias."""

    inputs: tuple[int, ...]
    weights: tuple[int, ...]
    bias: int


def _relu(given: Neuron) -> Asked:
    inputs, weights, bias = given
    parts = [x * w for x, w in zip(inputs, weights, strict=True)]
    score = sum(parts) + bias
    return Asked(
        f"A ReLU neuron has the weights {shown(weights)} and the bias {short(bias)}. Its input is {shown(inputs)}. "
        "What is its output?",
        max(0, score),
        f"The weighted sum with bias is {short(score)}; ReLU {'keeps it' if score > 0 else 'turns it into 0'}.",
        [
            (score, "This is the sum before ReLU, which cuts what is below zero."),
            (max(0, sum(parts)), "The bias is missing."),
            (sum(max(0, part) for part in parts) + bias, "ReLU is applied to the sum, not to each product."),
            (abs(score), "ReLU cuts negative values; it does not turn their sign."),
            (max(0, sum(inputs) + sum(weights) + bias), "Inputs and weights are multiplied, not added."),
            (max(0, sum(parts) - bias), "The bias is added, not subtracted."),
        ],
        "Output = max(0, Σ weight · input + bias).",
    )


class Layers(NamedTuple):
    """Sizes of a fully connected network, from input to output."""

    sizes: tuple[int, ...]


def _parameters(given: Layers) -> Asked:
    (sizes,) = given
    pairs = list(itertools.pairwise(sizes))
    weights = sum(a * b for a, b in pairs)
    biases = sum(sizes[1:])
    return Asked(
        f"A fully connected network has layers of {listed(sizes)} units, the input first. How many parameters does it "
        "have, with biases?",
        weights + biases,
        f"{num(weights)} weights and {num(biases)} biases, one for each unit after the input.",
        [
            (weights, "The biases are missing."),
            (weights + sum(sizes), "Input units have no bias."),
            (sum(sizes), "This counts units; each connection has a weight."),
            (weights + len(pairs), "Each unit has a bias of its own, not each layer."),
            (math.prod(sizes), "Layers are connected one after another, so their products are added."),
        ],
        "Each layer has inputs · units weights and one bias a unit.",
    )


class Scores(NamedTuple):
    """Scores of the classes, and the position of the one asked for."""

    values: tuple[float, ...]
    place: int


def _scores(draws: Draws) -> Scores:
    return Scores(tuple(draws.some_of((-1.0, -0.5, 0.0, 0.5, 1.0, 1.5, 2.0, 3.0), 3)), draws.below(3))


def _softmax(given: Scores) -> Asked:
    values, place = given
    powers = [math.exp(value) for value in values]
    positive = sum(max(0.0, value) for value in values) or 1.0
    letter = "ABC"[place]
    return Asked(
        f"A network gives the scores {listed(values)} to the classes A, B and C. Which probability does softmax give "
        f"to {letter}?",
        powers[place] / sum(powers),
        f"e^{short(values[place])} divided by the sum of all three exponentials.",
        [
            (
                max(0.0, values[place]) / positive,
                "This divides the scores themselves; softmax takes exponentials first.",
            ),
            (1 / (1 + math.exp(-values[place])), "This is the sigmoid, which ignores the other classes."),
            (2 ** values[place] / sum(2**value for value in values), "This uses powers of 2 instead of e."),
            (1 / 3, "Equal shares need equal scores."),
            (powers[(place + 1) % 3] / sum(powers), "This is the probability of another class."),
        ],
        "Softmax: take e to the power of each score, then divide by their sum.",
        places=3,
    )


class Beliefs(NamedTuple):
    """Percentages a model gives to three classes, and the position of the true one."""

    percents: tuple[int, int, int]
    place: int


def _cross_entropy(given: Beliefs) -> Asked:
    shares = [percent / 100 for percent in given.percents]
    share = shares[given.place]
    told = f"{listed(given.percents)} %"
    return Asked(
        f"A classifier gives {told} to the classes A, B and C. The true class is {'ABC'[given.place]}. What is the "
        "cross-entropy loss, with the natural logarithm?",
        -math.log(share),
        f"The loss is −ln of what the true class got: −ln {short(share)}.",
        [
            (1 - share, "This is the missing probability, without a logarithm."),
            (-math.log2(share), "This used log2; the natural logarithm is asked for."),
            (-math.log(1 - share), "This punishes the probability of the wrong classes."),
            (
                -sum(part * math.log(part) for part in shares),
                "This is the entropy of the prediction; it ignores the label.",
            ),
            (-math.log(max(shares)) if share != max(shares) else -math.log(min(shares)), "This uses another class."),
            ((1 - share) ** 2, "This is a squared error."),
        ],
        "Cross-entropy looks at the true class alone: −ln of its probability. Certain and wrong costs most.",
        places=2,
    )


def _beliefs(draws: Draws) -> Beliefs:
    first = draws.whole(10, 80, 5)
    second = draws.whole(5, 95 - first, 5)
    return Beliefs((first, second, 100 - first - second), draws.below(3))


class Slope(NamedTuple):
    """One weight, one input, a bias and a target, for a linear neuron with squared error."""

    weight: int
    bias: int
    x: int
    target: int


def _gradient(given: Slope) -> Asked:
    weight, bias, x, target = given
    said = weight * x + bias
    error = said - target
    return Asked(
        f"A linear neuron computes ŷ = {short(weight)}x {'−' if bias < 0 else '+'} {abs(bias)}. The loss is (ŷ − y)². "
        f"For x = {x} and y = {short(target)}, what is the gradient of the loss with respect to the weight?",
        2 * error * x,
        f"ŷ is {short(said)}, so 2 · ({short(said)} − {short(target)}) · {x}.",
        [
            (2 * error, "This is the gradient for the bias; the input is missing."),
            (error * x, "The factor 2 of the square is missing."),
            (error**2, "This is the loss itself."),
            (-2 * error * x, "The sign is turned around; the error is ŷ − y."),
            (2 * error * weight, "This is the gradient for the input x."),
        ],
        "Chain rule: 2(ŷ − y) for the square, times x, since ŷ grows by x when the weight grows by 1.",
    )


def _slope(draws: Draws) -> Slope:
    weight, bias, x = draws.one_of((-2, -1, 2, 3)), draws.one_of((-3, -2, -1, 1, 2, 4)), draws.whole(2, 5)
    return Slope(weight, bias, x, weight * x + bias + draws.one_of((-4, -3, -2, 2, 3, 5)))


FAMILIES: Final[tuple[Family[Any], ...]] = (
    Family(
        "g-relu-neuron",
        "nn-basics",
        "easy",
        "3b1b-neural-networks",
        lambda draws: Neuron(
            tuple(draws.whole(1, 4) for _ in range(3)),
            tuple(draws.one_of((-3, -2, -1, 1, 2, 3)) for _ in range(3)),
            draws.one_of((-3, -2, -1, 1, 2, 3)),
        ),
        _relu,
    ),
    Family(
        "g-dense-parameters",
        "nn-basics",
        "medium",
        "nielsen-nndl",
        lambda draws: Layers((draws.whole(4, 20), draws.whole(5, 30, 5), draws.whole(2, 10))),
        _parameters,
    ),
    Family("g-softmax", "nn-basics", "medium", "d2l", _scores, _softmax),
    Family("g-cross-entropy", "nn-backprop", "medium", "d2l", _beliefs, _cross_entropy),
    Family("g-neuron-gradient", "nn-backprop", "hard", "nielsen-nndl", _slope, _gradient),
)
