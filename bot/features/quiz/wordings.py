"""The question of a round in two wordings: as it was asked, and as it reads now. Pure.

Buttons, polls and stored votes carry positions among the options as they were asked, and keep them for ever; only how
they are judged and told changes when a question is corrected.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from bot.domain.questions.body import load
from bot.domain.questions.shapes import Question
from bot.features.quiz.store import Round

GONE: Final = -1
"""In the place of an option that is not among those of the corrected question."""
load_body = lru_cache(maxsize=256)(load)
"""``load``, remembered: everybody's vote asks for the same question."""


@dataclass(frozen=True, slots=True)
class Wordings:
    """A question as it was asked and as it reads now; ``places[p]`` is where option ``p`` as asked is now, or GONE."""

    asked: Question
    now: Question
    places: tuple[int, ...]

    def is_choice(self, choice: int) -> bool:
        """Whether there was such an option."""
        return 0 <= choice < len(self.asked.options)

    def is_right(self, choice: int) -> bool:
        """Whether an option, as asked, is right."""
        return self.places[choice] in self.now.right

    def chosen(self, choice: int) -> tuple[int, ...]:
        """Return the position of a choice among the options as they are now; nothing for one that is gone."""
        return () if self.places[choice] == GONE else (self.places[choice],)

    def tally(self, counts: Mapping[int, int]) -> dict[int, int]:
        """Return counts by position as asked as counts by position now; options that are gone count as GONE."""
        found: dict[int, int] = {}
        for choice, count in counts.items():
            place = self.places[choice] if self.is_choice(choice) else GONE
            found[place] = found.get(place, 0) + count
        return found

    @property
    def is_same_text(self) -> bool:
        """Whether question and options say what they said, so that answers to both may be counted together."""
        asked, now = self.asked, self.now
        return (asked.stem, asked.code) == (now.stem, now.code) and _texts(asked) == _texts(now)


def _texts(question: Question) -> list[str]:
    return sorted(option.text for option in question.options)


def wordings(kept: Round, present: Question | None) -> Wordings | None:
    """Return the question of a round; ``present`` stands in where a round of long ago did not keep its own.

    None: nobody knows any more what was asked.
    """
    if kept.body:
        asked = load_body(kept.body)
    elif present is not None:
        asked = present
    else:
        return None
    if not kept.fixed:
        return Wordings(asked, asked, tuple(range(len(asked.options))))
    return Wordings(asked, load_body(kept.fixed), tuple(json.loads(kept.places)))


def corrected(before: Wordings, question: Question) -> Wordings:
    """Return the same round with its question corrected (once more)."""
    step = found_again([option.text for option in before.now.options], [option.text for option in question.options])
    places = [step[place] if place != GONE else GONE for place in before.places]
    free = {option.text: number for number, option in enumerate(question.options) if number not in places}
    for number, place in enumerate(places):  # an earlier correction dropped it, this one brings it back
        if place == GONE:
            places[number] = free.pop(before.asked.options[number].text, GONE)
    return Wordings(before.asked, question, tuple(places))


def found_again(old: Sequence[str], new: Sequence[str]) -> list[int]:
    """Return where each option is now: by its text; reworded ones by their position, else in their order."""
    left = {text: number for number, text in reversed(list(enumerate(new)))}
    places = [left.pop(text, GONE) for text in old]
    free = sorted(set(range(len(new))) - set(places))
    for number, place in enumerate(places):
        if place == GONE and number in free:
            free.remove(number)
            places[number] = number
    for number, place in enumerate(places):
        if place == GONE and free:
            places[number] = free.pop(0)
    return places
