"""Finding the entry somebody means: by number, by any of its names, or as near as can be guessed."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Final

from bot.domain.curriculum.curriculum import Curriculum
from bot.domain.curriculum.names import normal, slug, squashed


class Kind(StrEnum):
    """What an entry is, in the order people mean it when a name fits several."""

    STAGE = "stage"
    SUBTOPIC = "subtopic"
    TOPIC = "topic"
    TERM = "term"
    RESOURCE = "resource"


ROADMAP: Final = frozenset((Kind.STAGE, Kind.SUBTOPIC, Kind.TOPIC))
EVERYTHING: Final = frozenset(Kind)
CERTAIN: Final = 86.0
"""Similarity (0 to 100) from which a guess is taken without asking, if nothing else comes near."""
POSSIBLE: Final = 62.0
POSSIBLE_SHORT: Final = 76.0
"""Short words resemble many others, so more is asked of them."""
MARGIN: Final = 6.0
LONG: Final = 5
"""Characters from which a word is long enough to be told from others by its looks."""
MOST_GUESSES: Final = 5


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that can be found. ``label`` is how it is shown in a list of guesses."""

    kind: Kind
    id: str
    label: str


@dataclass(frozen=True, slots=True)
class Found:
    """Either the ``entry`` that was meant, or up to five ``guesses``, the likeliest first.

    ``exact`` says that the entry bears that very name; otherwise it is the only one that comes near.
    """

    entry: Entry | None
    guesses: tuple[Entry, ...] = ()
    exact: bool = False


class Lookup:
    """An index over every name in the curriculum."""

    def __init__(self, curriculum: Curriculum) -> None:
        self._names: dict[str, list[Entry]] = {}
        self._spoken: dict[str, list[Entry]] = {}  # names with their words apart, for comparing word by word
        for entry, names in _entries(curriculum):
            for name in names:
                key = squashed(name)
                known = self._names.setdefault(key, [])
                if entry not in known:
                    known.append(entry)
                    self._spoken.setdefault(normal(name), []).append(entry)
        order = list(Kind)
        for known in self._names.values():
            known.sort(key=lambda entry: order.index(entry.kind))
        self._labels = _labels(curriculum)
        self._leads = _leads(curriculum)
        self.find = lru_cache(maxsize=1024)(self._find)

    def _find(self, text: str, kinds: frozenset[Kind] = ROADMAP) -> Found:
        """Return the entry that ``text`` means among ``kinds``, or guesses. ``text`` may be anything."""
        text = text.strip()[:200]
        if re.fullmatch(r"-\s*[\d.]+", text):
            return Found(None)  # below zero there is nothing
        key = squashed(re.sub(r"^(?:stage|topic|chapter|part|step)\s+(?=\d)", "", normal(text)))
        for entry in self._names.get(key, ()):
            if entry.kind in kinds:
                return Found(entry, exact=True)
        if not key or re.fullmatch(r"[\d.]+", key):
            return Found(None)  # a number that does not exist is not like any other
        return self._guess(normal(text), key, kinds)

    def _guess(self, words: str, key: str, kinds: Collection[Kind]) -> Found:
        """Return what comes near: names that hold what was typed where a word begins, else names that look alike."""
        holding = self._holding(words, kinds)
        if len(key) < LONG and holding:  # short words look like many others, so only names that hold them count
            return self._choice(holding, len(key))
        best = self._alike(words, key, kinds)
        if holding:
            best = {entry: score for entry, score in best.items() if score >= CERTAIN}
        for entry, score in holding.items():
            best[entry] = max(score, best.get(entry, 0.0))
        return self._choice(best, len(key))

    def _choice(self, best: dict[Entry, float], length: int) -> Found:
        """Return the one entry that nothing else comes near, or the best few."""
        if not best:
            return Found(None)
        for term, topic in self._leads.items():  # a term and the topic it belongs to are one place, not two guesses
            if term in best and topic in best:
                best[topic] = max(best[topic], best.pop(term))
        order = list(Kind)
        ranked = sorted(best, key=lambda entry: (-best[entry], order.index(entry.kind), entry.label))
        top = best[ranked[0]]
        rivals = [entry for entry in ranked if best[entry] > top - MARGIN]
        if top >= CERTAIN and len(rivals) == 1 and length >= LONG:
            return Found(ranked[0])
        return Found(None, tuple(ranked[:MOST_GUESSES]))

    def _holding(self, words: str, kinds: Collection[Kind]) -> dict[Entry, float]:
        """Return entries one of whose names begins with the words, or holds them where a word begins."""
        found: dict[Entry, float] = {}
        for name, entries in self._spoken.items():
            if name.startswith(words):
                score = 86.0
            elif f" {words}" in name:
                score = 78.0
            else:
                continue
            score += 4.0 * len(words) / len(name)
            for entry in entries:
                if entry.kind in kinds:
                    found[entry] = max(score, found.get(entry, 0.0))
        return found

    def _alike(self, words: str, key: str, kinds: Collection[Kind]) -> dict[Entry, float]:
        """Return entries one of whose names looks like what was typed, with how much (0 to 100)."""
        from rapidfuzz import fuzz, process

        best: dict[Entry, float] = {}
        likely = POSSIBLE if len(key) >= LONG else POSSIBLE_SHORT
        for pool, query, scorer in (
            (self._names, key, fuzz.ratio),
            (self._spoken, words, fuzz.token_sort_ratio),
            (self._spoken, words, _whole_words),
        ):
            for name, score, _position in process.extract(
                query, pool.keys(), scorer=scorer, limit=40, score_cutoff=likely
            ):
                for entry in pool[name]:
                    if entry.kind in kinds and score > best.get(entry, 0.0):
                        best[entry] = score
        return best

    def complete(self, text: str, kinds: frozenset[Kind] = ROADMAP, most: int = 25) -> list[Entry]:
        """Return entries whose names begin with ``text``, then those that hold it, then guesses; the best first.

        With no text: the stages and sub-topics in order.
        """
        order = list(Kind)
        if not (words := normal(text)):
            return [
                entry for entry in self._labels if entry.kind in kinds and entry.kind in (Kind.STAGE, Kind.SUBTOPIC)
            ][:most]
        scored: dict[Entry, tuple[int, int, int]] = {}
        for name, entries in self._spoken.items():
            if name.startswith(words):
                rank = 0
            elif f" {words}" in name:
                rank = 1
            elif words in name:
                rank = 2
            else:
                continue
            for entry in entries:
                if entry.kind in kinds:
                    score = (rank, order.index(entry.kind), len(name))
                    scored[entry] = min(score, scored.get(entry, score))
        ranked = sorted(scored, key=lambda entry: (scored[entry], entry.label))
        if not ranked:
            found = self.find(text, kinds)
            ranked = [found.entry] if found.entry else list(found.guesses)
        return ranked[:most]


def _whole_words(query: str, name: str, *, score_cutoff: float | None = None, processor: object = None) -> float:
    """Score a name by how much of it a whole-word overlap covers: ``bayes`` is near ``bayes theorem``."""
    asked, there = set(query.split()), set(name.split())
    if not asked & there:
        return 0.0
    common = sum(map(len, asked & there))
    if asked <= there:  # everything that was typed is in the name
        return 70.0 + 14.0 * common / sum(map(len, there))
    return 84.0 * common / max(sum(map(len, asked)), 0.6 * sum(map(len, there)))


def _entries(curriculum: Curriculum) -> Iterable[tuple[Entry, tuple[str, ...]]]:
    for stage in curriculum.stages:
        entry = Entry(Kind.STAGE, stage.id, f"{stage.number} {stage.title}")
        yield entry, (stage.id, str(stage.number), stage.title, *stage.aliases)
    for subtopic in curriculum.subtopics.values():
        entry = Entry(Kind.SUBTOPIC, subtopic.id, f"{subtopic.number} {subtopic.title}")
        yield entry, (subtopic.id, subtopic.number, subtopic.title, *subtopic.aliases)
    for spotted in curriculum.places.values():
        topic, number = spotted.topic, spotted.subtopic.number
        position = f"{number}.{spotted.subtopic.topics.index(topic) + 1}"
        entry = Entry(Kind.TOPIC, topic.id, f"{topic.title} ({number})")
        yield entry, (topic.id, position, topic.title, *topic.aliases)
    for term in curriculum.terms:
        yield Entry(Kind.TERM, slug(term.term), term.term), (term.term, *term.aliases)
    for resource in curriculum.resources.values():
        yield Entry(Kind.RESOURCE, resource.id, resource.name), (resource.id, resource.name, *resource.formerly)


def _leads(curriculum: Curriculum) -> dict[Entry, Entry]:
    """Return the topic that each term of the glossary belongs to."""
    entries = [entry for entry, _names in _entries(curriculum)]
    topics = {entry.id: entry for entry in entries if entry.kind is Kind.TOPIC}
    terms = {entry.id: entry for entry in entries if entry.kind is Kind.TERM}
    return {terms[name]: topics[term.topic] for name, term in curriculum.term_ids.items()}


def _labels(curriculum: Curriculum) -> tuple[Entry, ...]:
    return tuple(
        entry
        for stage in curriculum.stages
        for entry in (
            Entry(Kind.STAGE, stage.id, f"{stage.number} {stage.title}"),
            *(Entry(Kind.SUBTOPIC, part.id, f"{part.number} {part.title}") for part in stage.subtopics),
        )
    )
