"""The writing rules for the bank as a whole: what a clever guesser could learn from many questions, and what repeats.

Such rules compare with chance. They speak up when a pattern, such as the right answer being the longest, is more
frequent than luck explains, and then name the clearest cases with file and line.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Final

from bot.domain.questions.draw import shown_order
from bot.domain.questions.habits import WORD, Fault, habits
from bot.domain.questions.shapes import CHOICES, OPTION_GOOD, Kind, Option, Question
from bot.kit.problems import Problems

LONG_OPTIONS: Final = 0.2
"""Share of options that may be longer than ``OPTION_GOOD``."""
DEVIATIONS: Final = 2.0
"""How far beyond chance, in standard deviations, a pattern may go: about 1 in 40 sound banks would be told."""
FEWEST: Final = 20
"""Questions from which a pattern is looked for; fewer prove nothing."""
SAME_STEM: Final = 88
"""Similarity, 0 to 100, from which two questions are too alike."""

_COMMON: Final = frozenset((
    "been", "does", "from", "gets", "have", "into", "more", "most", "should", "than", "that", "their", "them", "then",
    "there", "these", "they", "this", "were", "what", "when", "where", "which", "will", "with", "your",
))  # fmt: skip
"""Words of four letters or more that carry no meaning of their own."""


def lint(questions: Sequence[Question], problems: Problems) -> None:
    """Note everything in a bank that breaks a writing rule."""
    for question in questions:
        for spot, sentence in habits(question):
            problems.add(spot, sentence)
    for rule in (_long_keys, _echoes, _places, _long_options, _twins, _spoilers):
        for spot, sentence in rule(questions):
            problems.add(spot, sentence)


def _single(questions: Iterable[Question]) -> list[Question]:
    return [question for question in questions if question.how in CHOICES]


def _beyond_chance(
    questions: Sequence[Question], cue: Callable[[Question, Option], float], sentence: str
) -> Iterator[Fault]:
    """Yield the clearest cases if the right answer has the highest value of a cue more often than chance explains.

    Questions in which several options share the highest value count for as many parts.
    """
    expected = spread = had = 0.0
    cases: list[tuple[float, Question]] = []
    for question in questions:
        values = [cue(question, option) for option in question.options]
        if len(set(values)) == 1:
            continue
        top = max(values)
        share = 1 / len(values)
        expected += share
        spread += share * (1 - share)
        if values[0] == top:
            had += 1 / values.count(top)
            if values.count(top) == 1:
                cases.append((top - sorted(values)[-2], question))
    allowed = expected + DEVIATIONS * math.sqrt(spread)
    if len(questions) < FEWEST or had <= allowed:
        return
    cases.sort(key=lambda case: (-case[0], case[1].id))
    for _gap, question in cases[: math.ceil(had - allowed)]:
        yield (
            question.answer[0].spot,
            f"{sentence} in {had:.0f} of {len(questions)} questions, by chance it would be {expected:.0f}; "
            "change it here, where it is clearest",
        )


def _long_keys(questions: Sequence[Question]) -> Iterator[Fault]:
    asked = [question for question in _single(questions) if question.how is not Kind.CODE]
    yield from _beyond_chance(
        asked, lambda _question, option: float(len(option.text)), "the right answer is the longest option"
    )


def _echoes(questions: Sequence[Question]) -> Iterator[Fault]:
    def echo(question: Question, option: Option) -> float:
        return float(len(_content(question.stem) & _content(option.text)))

    asked = [question for question in _single(questions) if question.how is not Kind.CODE]
    yield from _beyond_chance(asked, echo, "the right answer repeats most words of the stem")


def _content(text: str) -> set[str]:
    """Return the words that carry meaning, cut to six letters so that endings make no difference."""
    return {word.casefold()[:6] for word in WORD.findall(text) if len(word) > 3 and word.casefold() not in _COMMON}


def _places(questions: Sequence[Question]) -> Iterator[Fault]:
    """The right answer stands at each place about equally often: as shuffled, and where numbers stand in order."""
    groups: dict[tuple[int, bool], list[tuple[int, Question]]] = {}
    for question in _single(questions):
        order = shown_order(question, question.id)
        is_sorted = order == shown_order(question, question.id + " once more")
        groups.setdefault((len(order), is_sorted), []).append((order.index(0), question))
    for (count, _is_sorted), cases in groups.items():
        expected = len(cases) / count
        allowed = expected + 3 * math.sqrt(expected * (1 - 1 / count))
        for place in range(count):
            here = [question for where, question in cases if where == place]
            if len(cases) >= FEWEST and len(here) > allowed:
                yield (
                    here[0].spot,
                    f"the right answer stands at place {place + 1} of {count} in {len(here)} of {len(cases)} "
                    f"questions; by chance it would be {expected:.0f}",
                )


def _long_options(questions: Sequence[Question]) -> Iterator[Fault]:
    options = [option for question in questions for option in question.options]
    long = sorted((one for one in options if len(one.text) > OPTION_GOOD), key=lambda one: -len(one.text))
    allowed = max(3, int(LONG_OPTIONS * len(options)))
    for option in long[: max(0, len(long) - allowed)]:
        yield option.spot, f"has {len(option.text)} characters; keep options to {OPTION_GOOD} where you can"


def _twins(questions: Sequence[Question]) -> Iterator[Fault]:
    """Yield questions that ask nearly the same as one before; the order of words makes no difference."""
    from rapidfuzz import fuzz, process

    texts = [_sorted_words(f"{question.stem} {question.code or ''}") for question in questions]
    answers = [_sorted_words(" ".join(option.text for option in question.answer)) for question in questions]
    for at, question in enumerate(questions):
        for _text, alike, before in process.extract(
            texts[at], texts[:at], scorer=fuzz.ratio, score_cutoff=SAME_STEM - 18, limit=None
        ):
            same_answer = fuzz.ratio(answers[at], answers[before])
            if alike >= SAME_STEM or (same_answer >= SAME_STEM and alike + same_answer >= 2 * SAME_STEM - 18):
                yield question.spot, f"“{question.id}” asks nearly the same as “{questions[before].id}”"


def _sorted_words(text: str) -> str:
    return " ".join(sorted(text.casefold().split()))


def _spoilers(questions: Sequence[Question]) -> Iterator[Fault]:
    """Yield stems in which the answer to another question on the same topic can be read."""
    topics: dict[str, list[tuple[Question, str, str, set[str]]]] = {}
    for question in questions:
        stem, key = _words(question.stem), _words(question.answer[0].text)
        topics.setdefault(question.topic, []).append((question, stem, key, _content(question.stem)))
    for group in topics.values():
        for told, stem, _key, told_content in group:
            for asked, _stem, key, content in group:
                if key not in stem or asked is told or asked.how not in CHOICES or len(key) < 7:
                    continue
                if len(key) >= 27 or len(content & told_content) >= 0.5 * len(content):
                    yield told.spot, f"the stem of “{told.id}” tells the answer to “{asked.id}”: {asked.answer[0].text}"


def _words(text: str) -> str:
    """Return the bare words of a text with a space on both sides, so that whole words can be looked for."""
    return f" {' '.join(WORD.findall(text)).casefold()} "
