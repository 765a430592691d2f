"""Full-text search over everything people can read: from memory, ranked by BM25, forgiving about word endings."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from bot.domain.curriculum.names import normal

_WORD = re.compile(r"[\w+#]+")
_SMALL_WORDS: Final = "a an and are as at be by for from how i in is it of on or the this to what when with you your"
_STOP: Final = frozenset(_SMALL_WORDS.split())
_SATURATION: Final = 1.4
_LENGTH: Final = 0.6
TITLE_WEIGHT: Final = 4


@dataclass(frozen=True, slots=True)
class Document:
    """Something to find. ``key`` is handed back; words of the ``title`` count more than those of the ``text``."""

    key: tuple[str, str]
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Hit:
    """A document that fits, with its score (higher is better)."""

    document: Document
    score: float


class Search:
    """An inverted index, built once for a set of documents."""

    def __init__(self, documents: Iterable[Document]) -> None:
        self._documents = tuple(documents)
        self._postings: dict[str, dict[int, int]] = {}
        self._lengths: list[int] = []
        for number, document in enumerate(self._documents):
            counts = Counter(stems(document.text))
            for stem in stems(document.title):
                counts[stem] += TITLE_WEIGHT
            self._lengths.append(sum(counts.values()))
            for stem, count in counts.items():
                self._postings.setdefault(stem, {})[number] = count
        self._mean = sum(self._lengths) / max(1, len(self._lengths))

    def find(self, text: str, most: int = 10) -> list[Hit]:
        """Return the documents that fit best; every word asked for counts, rare words more than common ones."""
        scores: dict[int, float] = {}
        matched: Counter[int] = Counter()
        asked = list(dict.fromkeys(stems(text[:400])))[:20]
        asked = [stem for stem in asked if len(stem) > 1 or stem.isdigit()] or asked
        for stem in asked:
            found = self._matching(stem)
            if not found:
                continue
            rarity = math.log(1 + (len(self._documents) - len(found) + 0.5) / (len(found) + 0.5))
            for number, count in found.items():
                weight = count + _SATURATION * (1 - _LENGTH + _LENGTH * self._lengths[number] / self._mean)
                scores[number] = scores.get(number, 0.0) + rarity * count * (_SATURATION + 1) / weight
                matched[number] += 1
        wanted = normal(text)
        enough = len(asked) / 2 if len(asked) < 6 else 2
        scores = {number: score for number, score in scores.items() if matched[number] >= enough}
        for number in scores:
            title = normal(self._documents[number].title)
            scores[number] *= (matched[number] / len(asked)) ** 2
            if wanted and wanted in title:
                scores[number] *= 2 if wanted == title else 1.5
        ranked = sorted(scores.items(), key=lambda item: (-item[1], item[0]))[:most]
        return [Hit(self._documents[number], score) for number, score in ranked]

    def _matching(self, stem: str) -> dict[int, int]:
        exact = self._postings.get(stem)
        if exact is not None or len(stem) < 4:
            return exact or {}
        joined: dict[int, int] = {}
        for known, posting in self._postings.items():
            if known.startswith(stem):
                for number, count in posting.items():
                    joined[number] = max(joined.get(number, 0), count)
        return joined


def stems(text: str) -> list[str]:
    """Return the words that carry meaning, without their commonest endings."""
    return [_stem(word) for word in _WORD.findall(normal(text)) if word not in _STOP]


def _stem(word: str) -> str:
    if len(word) <= 4:
        return word[:-1] if len(word) == 4 and word.endswith("s") and not word.endswith("ss") else word
    for ending, instead in (("ies", "y"), ("ing", ""), ("sses", "ss"), ("es", "e"), ("s", ""), ("ed", "")):
        if word.endswith(ending) and not word.endswith("ss") and len(word) - len(ending) >= 4:
            return (word[: -len(ending)] + instead).rstrip("e")
    return word.rstrip("e") if len(word) > 5 else word
