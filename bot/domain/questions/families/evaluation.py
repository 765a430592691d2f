"""How good is a model: rates from a confusion matrix, and errors of predicted numbers."""

from __future__ import annotations

import math
from typing import Any, Final, NamedTuple

from bot.domain.questions.families.family import Asked, Family, listed, num, short
from bot.domain.questions.seeds import Draws


class Matrix(NamedTuple):
    """Counts of a two-class model: found, false alarms, missed, rightly left alone."""

    found: int
    alarms: int
    missed: int
    quiet: int
    thing: str

    @property
    def told(self) -> str:
        """The counts in a sentence."""
        return (
            f"A model looks for {self.thing}. It finds {self.found}, misses {self.missed}, gives {self.alarms} false "
            f"alarms and rightly leaves {num(self.quiet)} cases alone."
        )


def _matrix(draws: Draws) -> Matrix:
    thing = draws.one_of(("faulty parts", "spam mails", "stolen cards", "sick plants", "cracked tiles"))
    return Matrix(
        draws.whole(12, 60, 4), draws.whole(5, 45, 5), draws.whole(4, 40, 4), draws.whole(100, 900, 50), thing
    )


def _precision(given: Matrix) -> Asked:
    found, alarms, missed, quiet, _thing = given
    return Asked(
        f"{given.told} What is its precision?",
        found / (found + alarms),
        f"Of {found + alarms} alarms, {found} were right.",
        [
            (found / (found + missed), "This is recall: the share of all true cases that was found."),
            (2 * found / (2 * found + alarms + missed), "This is F1, between precision and recall."),
            (alarms / (found + alarms), "This is the share of alarms that were false."),
            ((found + quiet) / (found + alarms + missed + quiet), "This is accuracy, over all cases."),
        ],
        f"Precision asks how many alarms are right: {found} / ({found} + {alarms}). Misses do not enter.",
        places=2,
    )


def _recall(given: Matrix) -> Asked:
    found, alarms, missed, quiet, _thing = given
    return Asked(
        f"{given.told} What is its recall?",
        found / (found + missed),
        f"Of {found + missed} true cases, {found} were found.",
        [
            (found / (found + alarms), "This is precision: the share of alarms that were right."),
            (2 * found / (2 * found + alarms + missed), "This is F1, between precision and recall."),
            (missed / (found + missed), "This is the share of true cases that was missed."),
            ((found + quiet) / (found + alarms + missed + quiet), "This is accuracy, over all cases."),
        ],
        f"Recall asks how many true cases are found: {found} / ({found} + {missed}). False alarms do not enter.",
        places=2,
    )


def _f1(given: Matrix) -> Asked:
    found, alarms, missed, quiet, _thing = given
    precision, recall = found / (found + alarms), found / (found + missed)
    return Asked(
        f"{given.told} What is its F1 score?",
        2 * precision * recall / (precision + recall),
        f"The harmonic mean of precision {num(precision, 3)} and recall {num(recall, 3)}.",
        [
            ((found + quiet) / (found + alarms + missed + quiet), "This is accuracy, over all cases."),
            (precision, "This is precision alone."),
            (recall, "This is recall alone."),
            (precision * recall, "This is the product; the harmonic mean divides it by the mean."),
        ],
        f"F1 = 2 · found / (2 · found + false alarms + missed) = {2 * found} / {2 * found + alarms + missed}.",
        places=3,
    )


def _false_alarm_rate(given: Matrix) -> Asked:
    found, alarms, missed, quiet, _thing = given
    return Asked(
        f"{given.told} What is its false positive rate?",
        alarms / (alarms + quiet),
        f"Of {num(alarms + quiet)} harmless cases, {alarms} raised an alarm.",
        [
            (alarms / (found + alarms), "This divides by the alarms; the rate divides by the harmless cases."),
            (missed / (found + missed), "This is the share of true cases that was missed."),
            (quiet / (alarms + quiet), "This is specificity, the other part of the harmless cases."),
            (alarms / (found + alarms + missed + quiet), "This divides by all cases."),
        ],
        f"False positive rate = false alarms / harmless cases = {alarms} / ({alarms} + {num(quiet)}).",
        places=3,
    )


class Classes(NamedTuple):
    """Rows of a rare and a common class, and a model's accuracy in percent."""

    rare: int
    common: int


def _baseline(given: Classes) -> Asked:
    rare, common = given
    rows = rare + common
    return Asked(
        f"A table has {num(common)} rows of class A and {num(rare)} of class B. What accuracy does a model reach that "
        "answers A for each row?",
        100 * common / rows,
        f"It is right for {num(common)} of {num(rows)} rows.",
        [
            (50, "Guessing between two equal classes gives this; here one class is larger."),
            (100, "It is wrong for each row of class B."),
            (100 * (1 - rare / rows / 2), "Each row of class B is an error, not half of one."),
            (100 * rare / rows, "This is the share of the class that it gets wrong."),
            (100 * (common - rare) / rows, "This subtracts the errors twice."),
            (100 * (common / rows) ** 2, "This is for guessing A at random with its share, counting A alone."),
        ],
        "The largest class alone gives this accuracy. A model is of use if it does better, or finds the rare class.",
        places=1,
        unit="%",
    )


class Predicted(NamedTuple):
    """True values and what a model said."""

    true: tuple[int, ...]
    said: tuple[int, ...]

    @property
    def told(self) -> str:
        """Both rows in a sentence."""
        return f"True values: {listed(self.true)}. A model predicts {listed(self.said)}."

    @property
    def errors(self) -> list[int]:
        """True value minus prediction."""
        return [true - said for true, said in zip(self.true, self.said, strict=True)]


def _predicted(draws: Draws) -> Predicted:
    true = tuple(draws.whole(10, 40) for _ in range(4))
    return Predicted(true, tuple(value + draws.one_of((-6, -4, -3, -2, -1, 1, 2, 3, 5, 8)) for value in true))


def _mae(given: Predicted) -> Asked:
    errors = given.errors
    squares = sum(error**2 for error in errors)
    total = sum(map(abs, errors))
    return Asked(
        f"{given.told} What is the mean absolute error?",
        total / 4,
        f"The sizes of the errors are {listed([abs(error) for error in errors])}; their mean is {short(total / 4)}.",
        [
            (math.sqrt(squares / 4), "This is the root mean squared error, which weighs large errors more."),
            (abs(sum(errors)) / 4, "Here errors of opposite sign cancel; take their sizes first."),
            (float(total), "This is the sum; divide by the number of values."),
            (squares / 4, "This is the mean squared error."),
            (float(max(map(abs, errors))), "This is the largest error, not the mean."),
        ],
        f"Mean absolute error = sum of the sizes of all errors / their number = {total} / 4.",
        places=2,
    )


def _rmse(given: Predicted) -> Asked:
    errors = given.errors
    squares = sum(error**2 for error in errors)
    total = sum(map(abs, errors))
    return Asked(
        f"{given.told} What is the root mean squared error?",
        math.sqrt(squares / 4),
        f"The squared errors add up to {squares}; a quarter of it is {short(squares / 4)}, and then the root.",
        [
            (total / 4, "This is the mean absolute error."),
            (squares / 4, "This is the mean squared error; the root is missing."),
            (math.sqrt(squares), "This is the root of the sum; divide by the number of values first."),
            (math.sqrt(squares) / 4, "Here the root was taken before dividing."),
            (float(max(map(abs, errors))), "This is the largest error alone."),
        ],
        f"Square the errors, take the mean, then the root: √({squares} / 4). Large errors weigh more than in MAE.",
        places=2,
    )


def _r2(given: Predicted) -> Asked:
    mean = sum(given.true) / 4
    left = sum(error**2 for error in given.errors)
    around = sum((value - mean) ** 2 for value in given.true) or 1e-9
    return Asked(
        f"{given.told} What is R²?",
        1 - left / around,
        f"The errors leave {short(left)} of the {short(around)} that the mean would leave.",
        [
            (left / around, "This is the share left unexplained; R² is one minus it."),
            (1 - math.sqrt(left / around), "Here roots were taken; R² compares the squares."),
            (1 - left / sum(value**2 for value in given.true), "This compares with zero instead of the mean."),
            (1 - left / (2 * around), "Here the squares around the mean were counted twice."),
        ],
        f"R² = 1 − {short(left)} / {short(around)}: squared errors against those of predicting the mean. Below 0 is "
        "possible.",
        places=2,
    )


def _spread(draws: Draws) -> Predicted:
    while True:
        given = _predicted(draws)
        if max(given.true) - min(given.true) >= 12:
            return given


FAMILIES: Final[tuple[Family[Any], ...]] = (
    Family("g-precision", "model-evaluation", "easy", "google-mlcc", _matrix, _precision),
    Family("g-recall", "model-evaluation", "easy", "google-mlcc", _matrix, _recall),
    Family("g-f1", "model-evaluation", "medium", "google-mlcc", _matrix, _f1),
    Family("g-false-positive-rate", "model-evaluation", "medium", "google-mlcc", _matrix, _false_alarm_rate),
    Family(
        "g-majority-baseline",
        "model-evaluation",
        "easy",
        "google-mlcc",
        lambda draws: Classes(draws.whole(10, 120, 5), draws.whole(200, 1800, 50)),
        _baseline,
    ),
    Family("g-mean-absolute-error", "ml-regression-classification", "easy", "google-mlcc", _predicted, _mae),
    Family("g-root-mean-squared-error", "ml-regression-classification", "medium", "google-mlcc", _predicted, _rmse),
    Family("g-r-squared", "model-evaluation", "hard", "islp", _spread, _r2),
)
