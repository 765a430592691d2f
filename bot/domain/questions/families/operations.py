"""Models at work: limits of a service, what drifts, and what a search or a recommendation is worth."""

from __future__ import annotations

import math
from typing import Any, Final, NamedTuple

from bot.domain.questions.families.family import Asked, Family, listed, num, short
from bot.domain.questions.seeds import Draws


class Load(NamedTuple):
    """Requests a second, milliseconds each, and requests one worker handles at a time (1)."""

    a_second: int
    milliseconds: int


def _workers(given: Load) -> Asked:
    busy = given.a_second * given.milliseconds / 1000
    return Asked(
        f"{given.a_second} requests arrive each second, and the model needs {given.milliseconds} ms for each. A "
        "worker handles one request at a time. How many workers are needed at least?",
        math.ceil(busy),
        f"{given.a_second} · {short(given.milliseconds / 1000)} s = {short(round(busy, 3))} seconds of work a second.",
        [
            (math.ceil(given.a_second / given.milliseconds), "This divides; more time a request needs more workers."),
            (math.floor(busy), "Rounded down, work piles up."),
            (given.a_second, "A worker can handle several requests in a second."),
            (math.ceil(1000 / given.milliseconds), "This is how many requests one worker handles in a second."),
            (2 * math.ceil(busy), "Spare workers are wise, but this is more than the least."),
        ],
        "Busy workers = arrivals a second · seconds each, rounded up. Real services need a reserve on top.",
    )


def _load(draws: Draws) -> Load:
    while True:
        given = Load(draws.whole(10, 90, 5), draws.whole(40, 240, 20))
        if given.a_second * given.milliseconds % 1000:
            return given


class Shares(NamedTuple):
    """Percentages of a category at training and now, for two categories."""

    before: int
    now: int


def _stability(given: Shares) -> Asked:
    before, now = given.before / 100, given.now / 100
    right = (now - before) * math.log(now / before) + (before - now) * math.log((1 - now) / (1 - before))
    return Asked(
        f"In training {given.before} % of the users were new; now {given.now} % are. What is the population stability "
        "index, the sum of (now − before) · ln(now / before) over both groups?",
        right,
        f"New users give {num((now - before) * math.log(now / before), 3)}, the others the rest.",
        [
            ((now - before) * math.log(now / before), "The group of the other users is missing."),
            (abs(now - before), "This is the difference of the shares."),
            (
                math.log(now / before) if now > before else math.log(before / now),
                "The logarithm is weighed and summed.",
            ),
            ((now - before) ** 2 / before, "This is a part of the chi-squared statistic."),
            (2 * right, "Each group counts once."),
        ],
        "PSI adds (now − before) · ln(now / before) over all groups. Above about 0.2 a shift is called large.",
        places=3,
    )


def _shares(draws: Draws) -> Shares:
    before = draws.whole(10, 60, 5)
    return Shares(before, before + draws.one_of((-5, 10, 15, 20, 30)))


class Ranks(NamedTuple):
    """The place of the first right result for each query; 0 where none was found."""

    places: tuple[int, ...]


def _mrr(given: Ranks) -> Asked:
    (places,) = given
    found = [place for place in places if place]
    right = sum(1 / place for place in found) / len(places)
    told = listed([place for place in places if place])
    return Asked(
        f"For {len(places)} queries, the first relevant item stands at place {told}; {len(places) - len(found)} query "
        "finds none. What is the mean reciprocal rank?",
        right,
        f"The inverses {', '.join(f'1/{place}' for place in found)} and 0 are averaged over {len(places)} queries.",
        [
            (right * len(places) / len(found), "The query without a result counts as 0, not as absent."),
            (1 / max(found), "This looks at the worst query alone."),
            (1 / sum(found), "This inverts the sum of the places."),
            (len(found) / sum(found), "This inverts the mean place; invert each place first."),
            (len(found) / len(places), "This is the share of queries with a result."),
            (sum(found) / len(found), "This is the mean place."),
            (right * len(places), "This is the sum; divide by the number of queries."),
        ],
        "MRR = mean of 1 / place of the first relevant item, with 0 where there is none.",
        places=3,
    )


class Found(NamedTuple):
    """Relevant items in all, shown items, and relevant ones among the shown."""

    relevant: int
    shown: int
    hits: int


def _recall_at(given: Found) -> Asked:
    relevant, shown, hits = given
    return Asked(
        f"A recommender shows a user {shown} films. {hits} of them are among the {relevant} films that the user "
        f"likes. What is its recall at {shown}?",
        hits / relevant,
        f"{hits} of {relevant} liked films were shown.",
        [
            (hits / shown, f"This is precision at {shown}: the share of shown films that are liked."),
            (shown / relevant, "This forgets that some shown films are not liked."),
            (2 * hits / (relevant + shown), "This is F1, between precision and recall."),
            (hits / (relevant + shown - hits), "This is the overlap of both sets."),
            (1 - hits / relevant, "This is the share of liked films that was not shown."),
        ],
        "Recall at k = relevant items shown / all relevant items. More places can raise it, never lower it.",
        places=2,
    )


def _found(draws: Draws) -> Found:
    relevant = draws.whole(6, 30)
    return Found(relevant, draws.one_of((5, 10, 20)), draws.whole(1, min(5, relevant - 1)))


class Sample(NamedTuple):
    """Tested cases and percent right."""

    cases: int
    percent: int


def _interval(given: Sample) -> Asked:
    p = given.percent / 100
    error = math.sqrt(p * (1 - p) / given.cases)
    return Asked(
        f"A model is right for {given.percent} % of {num(given.cases)} test cases. How many percentage points is the "
        "half-width of the 95 % interval, as 1.96 standard errors?",
        100 * 1.96 * error,
        f"The standard error is √({short(p)} · {short(round(1 - p, 4))} / {num(given.cases)}).",
        [
            (100 * error, "This is one standard error; 95 % takes 1.96 of them."),
            (100 * 1.96 * p * (1 - p) / math.sqrt(given.cases), "The root of p(1 − p) is missing."),
            (2 * 100 * 1.96 * error, "This is the whole width, from end to end."),
            (100 * 1.96 * math.sqrt(p * (1 - p)) / given.cases, "The number of cases stands below the root."),
            (100 * 1.96 * math.sqrt(p / given.cases), "The factor 1 − p is missing."),
        ],
        "Half-width = 1.96 · √(p(1 − p) / n). Four times the cases halve it.",
        places=2,
    )


FAMILIES: Final[tuple[Family[Any], ...]] = (
    Family("g-workers", "dep-apis", "medium", "fastapi-docs", _load, _workers),
    Family("g-stability-index", "mlops-monitoring", "hard", "evidently-docs", _shares, _stability),
    Family(
        "g-reciprocal-rank",
        "e2e-recommender",
        "hard",
        "google-recsys",
        lambda draws: Ranks((*(draws.whole(1, 6) for _ in range(draws.whole(2, 4))), 0)),
        _mrr,
    ),
    Family("g-recall-at-k", "e2e-recommender", "medium", "google-recsys", _found, _recall_at),
    Family(
        "g-accuracy-interval",
        "mlops-monitoring",
        "hard",
        "islp",
        lambda draws: Sample(draws.whole(100, 1000, 50), draws.whole(60, 95)),
        _interval,
    ),
)
