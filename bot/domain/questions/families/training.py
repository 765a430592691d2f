"""The bookkeeping of training: learning rates, updates, and how many models a search trains."""

from __future__ import annotations

import math
from typing import Any, Final, NamedTuple

from bot.domain.questions.families.family import Asked, Family, listed, num, short


class Schedule(NamedTuple):
    """First learning rate, factor, epochs between drops, and the epoch asked for."""

    rate: float
    factor: float
    every: int
    epoch: int


def _decay(given: Schedule) -> Asked:
    rate, factor, every, epoch = given
    drops = epoch // every
    return Asked(
        f"The learning rate starts at {short(rate)} in epoch 0 and is multiplied by {short(factor)} each {every} "
        f"epochs. What is it in epoch {epoch}?",
        rate * factor**drops,
        f"By epoch {epoch} it dropped {drops} times: {short(rate)} · {short(factor)}^{drops}.",
        [
            (rate * factor ** (drops + 1), "One drop too many."),
            (rate * factor ** (drops - 1), "One drop too few."),
            (rate * factor**epoch, f"It drops each {every} epochs, not each epoch."),
            (rate * factor, "It drops again and again, not once."),
            (rate / (1 + drops), "This divides by the number of drops plus one."),
            (max(0.0, rate * (1 - drops * (1 - factor))), "Drops multiply; this subtracts the same amount each time."),
        ],
        "Step decay: rate · factor^(epoch // step), where // drops the remainder.",
        places=5,
    )


class Training(NamedTuple):
    """Rows, rows in a batch, epochs."""

    rows: int
    batch: int
    epochs: int


def _updates(given: Training) -> Asked:
    rows, batch, epochs = given
    a_epoch = math.ceil(rows / batch)
    return Asked(
        f"Training runs {epochs} epochs over {num(rows)} rows in batches of {batch}; the last batch may be smaller. "
        "How many weight updates are made?",
        a_epoch * epochs,
        f"{num(rows)} / {batch} rounded up gives {a_epoch} batches an epoch.",
        [
            (rows // batch * epochs, "The smaller last batch makes an update as well."),
            (a_epoch, "This is one epoch."),
            (rows * epochs, "This updates after each row."),
            (epochs, "This updates once an epoch."),
            (batch * epochs, "The size of a batch is not the number of batches."),
        ],
        "Updates = batches in an epoch (rounded up) · epochs.",
    )


class Grid(NamedTuple):
    """Values of each hyperparameter and folds."""

    values: tuple[int, ...]
    folds: int


def _fits(given: Grid) -> Asked:
    values, folds = given
    combinations = math.prod(values)
    return Asked(
        f"A grid search tries {listed(values)} values of {len(values)} hyperparameters with {folds}-fold "
        "cross-validation, then refits the best. How many models are trained?",
        combinations * folds + 1,
        f"{combinations} combinations · {folds} folds, and one final fit.",
        [
            (combinations * folds, "The final fit on all training rows is missing."),
            (combinations, "Each combination is trained once a fold."),
            ((combinations + 1) * folds, "The best is refitted once, on all training rows, not once a fold."),
            (combinations * (folds + 1), "The best alone is refitted, not each combination."),
            (sum(values) * folds + 1, "A grid combines values, so their numbers are multiplied."),
            (combinations + folds, "Folds multiply the work."),
            (combinations * (folds - 1) + 1, "Each fold is held out once, so there are as many fits as folds."),
        ],
        "Models = product of the numbers of values · folds + 1 for the final fit.",
    )


FAMILIES: Final[tuple[Family[Any], ...]] = (
    Family(
        "g-step-decay",
        "dlf-pytorch",
        "medium",
        "pytorch-tutorials",
        lambda draws: Schedule(
            draws.one_of((0.1, 0.05, 0.02, 0.01)),
            draws.one_of((0.1, 0.2, 0.5)),
            every := draws.whole(5, 20, 5),
            draws.whole(1, 3) * every + draws.whole(0, 4),
        ),
        _decay,
    ),
    Family(
        "g-updates",
        "nn-frameworks-intro",
        "easy",
        "pytorch-tutorials",
        lambda draws: Training(draws.whole(1000, 9000, 250), draws.one_of((32, 64, 128)), draws.whole(3, 12)),
        _updates,
    ),
    Family(
        "g-grid-fits",
        "hyperparameter-tuning",
        "medium",
        "sklearn-docs",
        lambda draws: Grid(tuple(draws.whole(2, 6) for _ in range(draws.whole(2, 3))), draws.one_of((3, 5, 10))),
        _fits,
    ),
)
