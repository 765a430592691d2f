"""Finding out in a few questions where on the road somebody stands: what to ask next, and what the answers say. Pure.

First the stage: each answer makes it likelier or less likely that somebody knows the road up to each point, and the
next question is about the stage of which that is most open. Slips and lucky guesses are reckoned with. Then, with the
questions left, the sub-topics before that stage, from the beginning of the road: only what was asked there and
answered counts as known.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import takewhile
from typing import Final

from bot.domain.questions.seeds import weight

LENGTH: Final = 12
"""Questions at most; about three minutes."""
KNOWN: Final = 0.85
GUESSED: Final = 0.3
"""How likely an answer is right about what somebody knows, and about what they do not: most have three options."""
SURE: Final = 0.9
"""So likely must it be where somebody stands, to ask no more about it."""


@dataclass(frozen=True, slots=True)
class Rung:
    """A sub-topic that can be asked about, and the number of its stage. Rungs are listed in the order of the road."""

    subtopic: str
    stage: int


@dataclass(frozen=True, slots=True)
class Probe:
    """An answer: about which sub-topic, and whether it was right."""

    subtopic: str
    correct: bool


@dataclass(frozen=True, slots=True)
class Place:
    """Where somebody stands.

    Attributes:
        stage: number of the stage to begin with; None: all of them hold.
        known: sub-topics that seem known, in the order of the road.
        first: a sub-topic before that stage that did not hold, if there is one.
    """

    stage: int | None
    known: tuple[str, ...]
    first: str | None


def following(rungs: Sequence[Rung], probes: Sequence[Probe], seed: str) -> str | None:
    """Return the sub-topic to ask about next, or None when it is known well enough where somebody stands.

    Args:
        rungs: what can be asked, in the order of the road.
        probes: the answers so far, in the order they were given.
        seed: of the chance among the sub-topics of a stage.
    """
    if len(probes) >= LENGTH:
        return None
    asked = [probe.subtopic for probe in probes]
    held, open_stage = _search(rungs, probes)
    if open_stage is not None:
        inside = [rung.subtopic for rung in rungs if rung.stage == open_stage]
        return min(inside, key=lambda name: (asked.count(name), weight(seed, name)))
    broken = _broken(rungs, probes)  # nothing from there on can be told as known
    before = list(takewhile(lambda rung: rung.subtopic != broken, rungs))
    return next((rung.subtopic for rung in before if rung.stage <= held and rung.subtopic not in asked), None)


def place(rungs: Sequence[Rung], probes: Sequence[Probe]) -> Place:
    """Return what the answers say.

    A sub-topic is known only if all its questions were answered rightly and every earlier one that was asked holds.
    """
    held, _open = _search(rungs, probes)
    stage = next((one for one in sorted({rung.stage for rung in rungs}) if one > held), None)
    broken = _broken(rungs, probes)
    order = [rung.subtopic for rung in rungs]
    limit = order.index(broken) if broken is not None else len(order)
    right = {probe.subtopic for probe in probes if probe.correct}
    known = tuple(name for name in order[:limit] if name in right)
    stage_of = {rung.subtopic: rung.stage for rung in rungs}
    first = broken if broken is not None and stage_of[broken] <= held else None
    return Place(stage, known, first)


def _broken(rungs: Sequence[Rung], probes: Sequence[Probe]) -> str | None:
    """Return the earliest sub-topic with a wrong answer."""
    wrong = {probe.subtopic for probe in probes if not probe.correct}
    return next((rung.subtopic for rung in rungs if rung.subtopic in wrong), None)


def _search(rungs: Sequence[Rung], probes: Sequence[Probe]) -> tuple[int, int | None]:
    """Return the highest stage that holds (0: none does), and the stage that is to be asked about, if one is."""
    stages = sorted({rung.stage for rung in rungs})
    belief = _belief(stages, {rung.subtopic: rung.stage for rung in rungs}, probes)
    likeliest = max(belief)
    held = belief.index(likeliest)
    number = stages[held - 1] if held else 0
    if likeliest >= SURE or not stages:
        return number, None
    open_place = min(range(len(stages)), key=lambda place: round(abs(sum(belief[place + 1 :]) - 0.5), 9))
    return number, stages[open_place]


def _belief(stages: Sequence[int], stage_of: Mapping[str, int], probes: Sequence[Probe]) -> list[float]:
    """Return how likely it is that nothing holds, the first stage does, the first two do, and so on; 1 in all.

    What is settled stays so: later answers tell of sub-topics.
    """
    belief = [1 / (len(stages) + 1)] * (len(stages) + 1)
    for probe in probes:
        stage = stage_of.get(probe.subtopic)
        if stage is None:
            continue
        if max(belief) >= SURE:
            break
        right = [KNOWN if held and stages[held - 1] >= stage else GUESSED for held in range(len(belief))]
        seen = [
            before * (chance if probe.correct else 1 - chance) for before, chance in zip(belief, right, strict=True)
        ]
        belief = [one / sum(seen) for one in seen]
    return belief
