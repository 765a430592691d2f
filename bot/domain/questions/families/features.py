"""Columns made ready: scaling, encoding, weighing words, fewer dimensions, and rows that leak."""

from __future__ import annotations

import math
from typing import Any, Final, NamedTuple

from bot.domain.questions.families.family import Asked, Family, listed, num, short
from bot.domain.questions.seeds import Draws


class Range(NamedTuple):
    """Lowest and highest training value and a new value."""

    low: int
    high: int
    value: int


def _min_max(given: Range) -> Asked:
    low, high, value = given
    return Asked(
        f"In the training rows a column runs from {low} to {high}. Min-max scaling to 0–1 was fitted there. What does "
        f"a new value of {value} become?",
        (value - low) / (high - low),
        f"It lies {value - low} above the minimum, and the range is {high - low}.",
        [
            (value / high, "The minimum was not subtracted."),
            ((high - value) / (high - low), "This measures from the maximum."),
            (value / (high - low), "The minimum was subtracted from the range but not from the value."),
            ((value - low) / high, "The range is the maximum minus the minimum."),
            (min(1.0, (value - low) / (high - low)), "New values are not cut; they may leave 0–1."),
        ],
        "(value − minimum) / (maximum − minimum), both from the training rows. New rows may fall outside 0–1.",
        places=2,
    )


class Table(NamedTuple):
    """Numeric columns and the number of categories of each other column."""

    numeric: int
    categories: tuple[int, ...]


def _one_hot(given: Table) -> Asked:
    numeric, categories = given
    words = listed(categories)
    return Asked(
        f"A table has {numeric} numeric columns and {len(categories)} categorical ones with {words} categories. How "
        "many columns are there after plain one-hot encoding?",
        numeric + sum(categories),
        f"Each category gets a column: {numeric} + {' + '.join(map(str, categories))}.",
        [
            (
                numeric + sum(categories) - len(categories),
                "This drops one category of each column; plain encoding keeps all.",
            ),
            (numeric + len(categories), "This is ordinal encoding, which keeps one column each."),
            (numeric + math.prod(categories), "This makes a column for each combination."),
            (sum(categories), "The numeric columns stay as well."),
            (numeric + sum(categories) + len(categories), "The old columns are replaced, not kept."),
        ],
        "One-hot encoding replaces a column by one column for each of its categories.",
    )


class Components(NamedTuple):
    """Variances along the principal components, the largest first, and how many are kept."""

    variances: tuple[int, ...]
    kept: int


def _explained(given: Components) -> Asked:
    values, kept = given
    total = sum(values)
    return Asked(
        f"PCA finds components with the variances {listed(values)}. Which share of the variance do the first {kept} "
        "keep?",
        100 * sum(values[:kept]) / total,
        f"{sum(values[:kept])} of {total}.",
        [
            (100 * kept / len(values), "Components differ in variance, so their number does not count."),
            (100 * sum(values[kept:]) / total, "This is the share that is lost."),
            (100 * values[0] / total, "This is the first component alone."),
            (
                100 * sum(map(math.sqrt, values[:kept])) / sum(map(math.sqrt, values)),
                "This adds standard deviations instead of variances.",
            ),
            (100 * sum(values[: kept + 1]) / total, "This keeps one component more."),
        ],
        "Share kept = variances of the kept components / sum of all variances.",
        places=1,
        unit="%",
    )


class Word(NamedTuple):
    """Texts in all, texts with the word, and how often it stands in this one."""

    texts: int
    having: int
    times: int


def _tf_idf(given: Word) -> Asked:
    texts, having, times = given
    return Asked(
        f"A word stands {times} times in a text and in {having} of {num(texts)} texts. What is its weight as "
        "tf-idf = count · ln(texts / texts with the word)?",
        times * math.log(texts / having),
        f"{times} · ln({num(texts)} / {having}); the rarer the word, the larger its weight.",
        [
            (times * math.log10(texts / having), "This used log10; ln is the natural logarithm."),
            (times * math.log2(texts / having), "This used log2; ln is the natural logarithm."),
            (math.log(texts / having), "The count in this text is missing."),
            (times * having / texts, "This makes frequent words weigh more."),
            (times * math.log(texts), "The number of texts with the word is missing."),
        ],
        "Term frequency says how often here, inverse document frequency how rare elsewhere.",
        places=2,
    )


class Visits(NamedTuple):
    """Rows of each patient in training and test parts, as ids."""

    train: tuple[int, ...]
    test: tuple[int, ...]


def _leak(given: Visits) -> Asked:
    train, test = set(given.train), given.test
    seen = [patient for patient in test if patient in train]
    return Asked(
        f"Rows are split at random. Patients in the training part: {listed(given.train)}. In the test part: "
        f"{listed(test)}. How many test rows leak, since their patient was seen in training?",
        len(seen),
        f"The rows of {listed(seen)} belong to patients of the training part.",
        [
            (len(set(seen)), "This counts patients; each of their test rows leaks."),
            (0, "A random split mixes patients, so some are on both sides."),
            (len(test), "Some patients appear in the test part alone."),
            (len(test) - len(seen), "These are the rows that do not leak."),
            (len(train & set(test)) + len(train), "This counts training patients as well."),
            (sum(1 for patient in given.train if patient in test), "This counts rows of the training part."),
        ],
        "Keep all rows of a patient on one side: split by group. Otherwise the model recognizes people.",
    )


def _visits(draws: Draws) -> Visits:
    while True:
        train = tuple(sorted(draws.whole(1, 9) for _ in range(6)))
        test = tuple(sorted(draws.whole(1, 9) for _ in range(5)))
        shared = [patient for patient in test if patient in train]
        if len(shared) >= 2 and len(set(shared)) < len(shared) < len(test):
            return Visits(train, test)


class Gap(NamedTuple):
    """A column with gaps: the known values and how many are missing."""

    known: tuple[int, ...]
    missing: int


def _filled(given: Gap) -> Asked:
    known, missing = given
    count = len(known)
    mean = sum(known) / count
    squares = sum((value - mean) ** 2 for value in known)
    return Asked(
        f"A column holds {listed(known)} and {missing} gaps. The gaps are filled with the mean. What is the variance "
        "of the filled column (dividing by the number of rows)?",
        squares / (count + missing),
        f"The filled rows add no spread: {short(round(squares, 3))} / {count + missing}.",
        [
            (squares / count, "This is the variance before filling; filling shrinks it."),
            (squares / (count - 1), "This is the sample variance of the known values."),
            (math.sqrt(squares / (count + missing)), "This is the standard deviation."),
            (squares, "This is the sum of squares; divide by the rows."),
            (squares / (count + missing - 1), "This divides by the rows minus one."),
        ],
        "Filling with the mean keeps the mean but shrinks the spread, and so also correlations with other columns.",
        places=2,
    )


FAMILIES: Final[tuple[Family[Any], ...]] = (
    Family(
        "g-min-max",
        "fe-selection-extraction",
        "easy",
        "sklearn-docs",
        lambda draws: Range(low := draws.whole(5, 40, 5), low + draws.whole(20, 80, 10), low + draws.whole(3, 110)),
        _min_max,
    ),
    Family(
        "g-one-hot-columns",
        "fe-encoding",
        "easy",
        "sklearn-docs",
        lambda draws: Table(draws.whole(2, 9), tuple(draws.whole(2, 12) for _ in range(draws.whole(2, 3)))),
        _one_hot,
    ),
    Family(
        "g-explained-variance",
        "fe-selection-extraction",
        "medium",
        "sklearn-docs",
        lambda draws: Components(
            tuple(sorted(draws.some_of(range(1, 25), draws.whole(4, 5)), reverse=True)), draws.whole(2, 3)
        ),
        _explained,
    ),
    Family(
        "g-tf-idf",
        "nlp-preprocessing-embeddings",
        "medium",
        "slp3",
        lambda draws: Word(draws.whole(200, 2000, 200), draws.whole(4, 60, 4), draws.whole(2, 6)),
        _tf_idf,
    ),
    Family("g-group-leak", "model-evaluation", "medium", "sklearn-docs", _visits, _leak),
    Family(
        "g-mean-filling",
        "fe-missing-data",
        "hard",
        "sklearn-docs",
        lambda draws: Gap(tuple(draws.whole(2, 30, 2) for _ in range(4)), draws.whole(2, 4)),
        _filled,
    ),
)
