"""Chance: turning a condition around, expecting, counting hits, and how far from the mean."""

from __future__ import annotations

import math
from typing import Any, Final, NamedTuple

from bot.domain.questions.families.family import Asked, Family, num, short
from bot.domain.questions.seeds import Draws


class Check(NamedTuple):
    """Percentages: how many have it, of those how many test positive, of the others how many do as well."""

    base: float
    hit: int
    alarm: int


def _bayes(given: Check) -> Asked:
    base, hit, alarm = given.base / 100, given.hit / 100, given.alarm / 100
    true, false = base * hit, (1 - base) * alarm
    return Asked(
        f"{short(given.base)} % of the parts are faulty. A check warns for {given.hit} % of the faulty and "
        f"{given.alarm} % of the good parts. It warns: how likely is the part faulty?",
        100 * true / (true + false),
        f"Of all parts {num(100 * true, 2)} % are faulty with a warning, {num(100 * false, 2)} % good with a warning.",
        [
            (given.hit, "This is how likely a faulty part is to cause a warning, the other way round."),
            (100 - given.alarm, "This is how often a good part passes."),
            (100 * (true + false), "This is the share of warnings among all parts."),
            (100 * true, "This is the share of parts that are faulty and warned about, among all parts."),
            (100 * hit / (hit + alarm), "This forgets how rare faulty parts are."),
        ],
        f"Bayes: {num(true, 4)} / ({num(true, 4)} + {num(false, 4)}). The rarer the fault, the more warnings are "
        "false.",
        places=1,
        unit="%",
    )


class Bet(NamedTuple):
    """Chance in percent of a gain, the gain, and the loss otherwise."""

    percent: int
    gain: int
    loss: int


def _expected(given: Bet) -> Asked:
    share = given.percent / 100
    value = share * given.gain - (1 - share) * given.loss
    return Asked(
        f"An offer reaches a buyer with probability {given.percent} % and then earns {given.gain} euros; otherwise it "
        f"costs {given.loss} euros. What is its expected value in euros?",
        value,
        f"{short(share)} · {given.gain} − {short(1 - share)} · {given.loss} = {short(round(value, 6))}.",
        [
            (share * given.gain, "The cost of the other cases is missing."),
            (share * given.gain + (1 - share) * given.loss, "The cost was added instead of subtracted."),
            ((given.gain - given.loss) / 2, "This weighs both cases alike."),
            (share * given.gain - given.loss, "The cost arises in the other cases alone, so it is weighed as well."),
            ((1 - share) * given.gain - share * given.loss, "The probabilities were swapped."),
            (share * (given.gain - given.loss), "The cost belongs to the other cases, with their own probability."),
        ],
        "Weigh each outcome with its probability and add them up; a cost counts as negative.",
        places=2,
    )


class Tries(NamedTuple):
    """So many tries, the chance of each in percent, and how many hits are asked for."""

    tries: int
    percent: int
    hits: int


def _binomial(given: Tries) -> Asked:
    n, k, p = given.tries, given.hits, given.percent / 100
    right = math.comb(n, k) * p**k * (1 - p) ** (n - k)
    return Asked(
        f"Each of {n} independent requests fails with probability {given.percent} %. How likely do exactly {k} of "
        "them fail?",
        right,
        f"There are {math.comb(n, k)} ways to choose the {k} that fail.",
        [
            (p**k, "This says that those requests fail; the others must succeed as well."),
            (p**k * (1 - p) ** (n - k), f"This is one of the {math.comb(n, k)} ways to choose which fail."),
            (k / n, "This is a share of requests, not a probability."),
            (1 - (1 - p) ** n, "This is the probability that at least one fails."),
            (k * p, "Probabilities of separate requests do not add up like this."),
        ],
        f"Ways to choose, times the chance of one way: {math.comb(n, k)} · {short(p)}^{k} · {short(1 - p)}^{n - k}.",
        places=3,
    )


class Place(NamedTuple):
    """A value, the mean and the standard deviation around it."""

    value: float
    mean: float
    deviation: float


def _z_score(given: Place) -> Asked:
    value, mean, deviation = given
    return Asked(
        f"A column has mean {short(mean)} and standard deviation {short(deviation)}. What does {short(value)} become "
        "when the column is standardized?",
        (value - mean) / deviation,
        f"It lies {short(value - mean)} from the mean, in steps of {short(deviation)}.",
        [
            ((mean - value) / deviation, "The sign is turned around: the mean is subtracted from the value."),
            (value / deviation, "The mean was not subtracted."),
            ((value - mean) / deviation**2, "This divides by the variance."),
            (value - mean, "This centers the value but does not scale it."),
        ],
        "Standardizing subtracts the mean and divides by the standard deviation.",
        places=2,
    )


def _place(draws: Draws) -> Place:
    mean, deviation = draws.whole(20, 80, 5), draws.one_of((2, 4, 5, 8, 10))
    return Place(mean + draws.one_of((-3, -2, -1, 1, 2, 3)) * deviation / 2, mean, deviation)


FAMILIES: Final[tuple[Family[Any], ...]] = (
    Family(
        "g-bayes",
        "math-prob-stats",
        "hard",
        "statquest-stats",
        lambda draws: Check(draws.one_of((0.5, 1, 2, 3, 4, 5)), draws.whole(80, 98, 2), draws.whole(2, 10)),
        _bayes,
    ),
    Family(
        "g-expected-value",
        "math-prob-stats",
        "easy",
        "khan-stats",
        lambda draws: Bet(draws.whole(10, 60, 5), draws.whole(20, 90, 10), draws.whole(2, 9)),
        _expected,
    ),
    Family(
        "g-binomial",
        "math-prob-stats",
        "medium",
        "khan-stats",
        lambda draws: Tries(draws.whole(4, 7), draws.whole(5, 45, 5), draws.whole(1, 3)),
        _binomial,
    ),
    Family("g-z-score", "math-prob-stats", "easy", "statquest-stats", _place, _z_score),
)
