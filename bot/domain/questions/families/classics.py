"""The classic algorithms by hand: a line, a curve, neighbors, centers."""

from __future__ import annotations

import math
from typing import Any, Final, NamedTuple

from bot.domain.questions.families.algebra import shown
from bot.domain.questions.families.family import Asked, Family, listed, num, short
from bot.domain.questions.seeds import Draws

Point = tuple[int, int]


class Points(NamedTuple):
    """Points of a column x and a column y."""

    x: tuple[int, ...]
    y: tuple[int, ...]


def _points(draws: Draws) -> Points:
    start = draws.whole(0, 4)
    x = (start, start + 1, start + 2, start + draws.whole(3, 5))
    slope = draws.one_of((-3, -2, 2, 3, 4))
    return Points(x, tuple(10 + slope * value + draws.one_of((-3, -1, 0, 2, 4)) for value in x))


def _slope(given: Points) -> Asked:
    x, y = given
    mean_x, mean_y = sum(x) / 4, sum(y) / 4
    together = sum((a - mean_x) * (b - mean_y) for a, b in zip(x, y, strict=True))
    around = sum((a - mean_x) ** 2 for a in x)
    return Asked(
        f"x is {listed(x)}; y is {listed(y)}. What is the slope of the least-squares line of y on x?",
        together / around,
        f"Around the means, Σxy is {short(together)} and Σx² is {short(around)}.",
        [
            ((y[-1] - y[0]) / (x[-1] - x[0]), "This joins the first and last point and ignores the others."),
            (sum(a * b for a, b in zip(x, y, strict=True)) / sum(a * a for a in x), "The means were not subtracted."),
            (mean_y / max(mean_x, 1), "This is the ratio of the means."),
            (around / together if together else 99.0, "The fraction is upside down."),
            (together / 4, "This is the covariance; divide by the variance of x."),
        ],
        "Slope = sum of (x − mean)(y − mean) / sum of (x − mean)².",
        places=2,
    )


class Odds(NamedTuple):
    """Intercept, weight and value of one feature."""

    intercept: float
    weight: float
    value: int


def _logistic(given: Odds) -> Asked:
    intercept, weight, value = given
    score = intercept + weight * value
    right = 1 / (1 + math.exp(-score))
    return Asked(
        f"A logistic regression has intercept {short(intercept)} and weight {short(weight)}. The feature is {value}. "
        "Which probability does the model give?",
        right,
        f"The score is {short(round(score, 6))}, and 1 / (1 + e^{short(round(-score, 6))}) turns it into a "
        "probability.",
        [
            (1 - right, "This is the probability of the other class; a sign is turned around."),
            (1 / (1 + math.exp(-weight * value)), "The intercept is missing."),
            (math.exp(score), "These are the odds, not the probability."),
            (score, "This is the score before the sigmoid."),
            (1 / (1 + math.exp(-(intercept + weight))), "The value of the feature is missing."),
        ],
        "Add up intercept and weight · value, then apply the sigmoid 1 / (1 + e^−score).",
        places=2,
    )


class Change(NamedTuple):
    """A weight and by how much its feature grows."""

    weight: float
    by: int


def _odds_ratio(given: Change) -> Asked:
    weight, by = given
    return Asked(
        f"In a logistic regression a feature has weight {short(weight)}. By which factor do the odds change when the "
        f"feature grows by {by}?",
        math.exp(weight * by),
        f"The log-odds change by {short(round(weight * by, 6))}, so the odds change by its exponential.",
        [
            (weight * by, "This is the change of the log-odds."),
            (math.exp(weight), "This is the factor for a growth of 1."),
            (by * math.exp(weight), "The factor of one step is taken to a power, not multiplied."),
            (1 / (1 + math.exp(-weight * by)), "This is a probability, not a ratio of odds."),
            (math.exp(-weight * by), "The sign is turned around."),
            (1 + weight * by, "This treats the change as a percentage."),
        ],
        "Weights add to the log-odds, so they multiply the odds: factor e^(weight · change).",
        places=2,
    )


class Near(NamedTuple):
    """Labeled points, a new point and how many neighbors vote."""

    points: tuple[Point, ...]
    values: tuple[int, ...]
    new: Point
    k: int


def _neighbors(given: Near) -> list[int]:
    """Return the positions of the points, the nearest first."""
    return sorted(range(len(given.points)), key=lambda place: math.dist(given.points[place], given.new))


def _near(draws: Draws) -> Near:
    while True:
        points = tuple((draws.whole(0, 8), draws.whole(0, 8)) for _ in range(5))
        given = Near(
            points,
            tuple(draws.whole(10, 60, 2) for _ in range(5)),
            (draws.whole(2, 6), draws.whole(2, 6)),
            draws.one_of((2, 3)),
        )
        apart = sorted(math.dist(point, given.new) for point in points)
        if len({*points, given.new}) == 6 and apart[given.k] - apart[given.k - 1] > 0.3:
            return given


def _knn(given: Near) -> Asked:
    order = _neighbors(given)
    values = [given.values[place] for place in order]
    k = given.k
    told = ", ".join(f"{shown(point)} {value}" for point, value in zip(given.points, given.values, strict=True))
    return Asked(
        f"Points and their values: {told}. What does k-nearest-neighbors regression with k = {k} predict at "
        f"{shown(given.new)}?",
        sum(values[:k]) / k,
        f"The nearest {k} points have the values {listed(values[:k])}; their mean is predicted.",
        [
            (values[0], "This is the value of the nearest point alone."),
            (sum(values) / 5, "This is the mean of all points."),
            (sum(values[: k + 1]) / (k + 1), "One neighbor too many."),
            (sum(values[-k:]) / k, "These are the points farthest away."),
            (sum(values[:k]), "This is the sum; the mean is predicted."),
        ],
        "Measure the distance to each point, take the k smallest, and average their values.",
        places=1,
    )


class Search(NamedTuple):
    """Stored rows, features and rows to predict."""

    rows: int
    features: int
    new: int


def _knn_cost(given: Search) -> Asked:
    rows, features, new = given
    return Asked(
        f"k-NN without an index holds {num(rows)} rows with {features} features. It predicts {num(new)} new rows. How "
        "many differences between two feature values does it compute?",
        rows * features * new,
        f"Each new row meets {num(rows)} stored rows, and each meeting compares {features} values.",
        [
            (rows * new, "This counts distances; each of them compares all features."),
            (rows * features, "This is for one new row."),
            ((rows + new) * features, "Each new row meets each stored row, so the counts are multiplied."),
            (rows * rows * features, "Stored rows are not compared with each other."),
            (features * new, "The stored rows are missing."),
        ],
        "Cost = new rows · stored rows · features. k plays no part: all distances are needed to find the nearest.",
    )


class Cluster(NamedTuple):
    """Points on a line and two centers."""

    points: tuple[int, ...]
    centers: tuple[int, int]


def _kmeans(given: Cluster) -> Asked:
    low, high = given.centers
    first = [point for point in given.points if abs(point - low) < abs(point - high)]
    second = [point for point in given.points if point not in first]
    return Asked(
        f"k-means runs on {listed(given.points)} with centers {low} and {high}. Where is the center that starts at "
        f"{low} after one full step?",
        sum(first) / len(first),
        f"{listed(first)} lie nearer to {low}; the center moves to their mean.",
        [
            (sum(second) / len(second), "This is where the other center goes."),
            (sum(given.points) / len(given.points), "This is the mean of all points."),
            ((low + sum(first)) / (len(first) + 1), "The old center does not count as a point."),
            (low, "The center moves to the mean of its points."),
            ((min(first) + max(first)) / 2, "This is the middle between the outer points, not their mean."),
        ],
        "One step: give each point to its nearest center, then move each center to the mean of its points.",
        places=2,
    )


def _cluster(draws: Draws) -> Cluster:
    while True:
        points = tuple(sorted(draws.some_of(range(1, 31), 6)))
        low, high = draws.whole(2, 10), draws.whole(16, 28)
        near = [point for point in points if abs(point - low) < abs(point - high)]
        even = any(abs(point - low) == abs(point - high) for point in points)
        if 2 <= len(near) <= 4 and not even and low not in points and high not in points:
            return Cluster(points, (low, high))


FAMILIES: Final[tuple[Family[Any], ...]] = (
    Family("g-least-squares-slope", "alg-linear-regression", "hard", "islp", _points, _slope),
    Family(
        "g-logistic-probability",
        "alg-logistic-regression",
        "medium",
        "google-mlcc",
        lambda draws: Odds(
            draws.one_of((-2.0, -1.5, -1.0, -0.5, 0.5, 1.0)), draws.one_of((0.25, 0.5, 0.75, 1.0)), draws.whole(1, 5)
        ),
        _logistic,
    ),
    Family(
        "g-odds-ratio",
        "alg-logistic-regression",
        "hard",
        "islp",
        lambda draws: Change(draws.one_of((-1, 1)) * draws.whole(1, 12) / 10, draws.whole(2, 4)),
        _odds_ratio,
    ),
    Family("g-knn-prediction", "alg-knn", "medium", "sklearn-docs", _near, _knn),
    Family(
        "g-knn-cost",
        "alg-knn",
        "medium",
        "sklearn-docs",
        lambda draws: Search(draws.whole(1000, 9000, 1000), draws.whole(4, 20, 2), draws.whole(10, 90, 10)),
        _knn_cost,
    ),
    Family("g-kmeans-step", "alg-kmeans", "medium", "sklearn-docs", _cluster, _kmeans),
)
