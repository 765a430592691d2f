"""The terminal's own words, which are no commands of the bot: who and where you are, and what you want to see again."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Final

from bot.kit.reply import Reply, reply
from bot.kit.text import Facts, spans
from bot.kit.wording import _


class Key(StrEnum):
    """What a word means."""

    QUIT = "quit"
    AGAIN = "again"
    SHOW = "show"
    KEYS = "keys"
    AS = "as"
    HALL = "hall"
    ALONE = "alone"
    CARDS = "cards"
    CARD = "#"
    LATER = "later"


@dataclass(frozen=True, slots=True)
class Pressed:
    """A word of the terminal's own, and what was typed behind it."""

    key: Key
    rest: str = ""


WORDS: Final = {word.value: word for word in Key if word is not Key.CARD} | {
    "exit": Key.QUIT, "/quit": Key.QUIT, "/exit": Key.QUIT,
}  # fmt: skip
_CARD: Final = re.compile(r"#\s?([0-9]{1,15})")
_SPAN: Final = re.compile(r"([0-9]{1,4})\s*(m(?:ins?|inutes?)?|h(?:rs?|ours?)?|d(?:ays?)?)")
_UNITS: Final = {"m": timedelta(minutes=1), "h": timedelta(hours=1), "d": timedelta(days=1)}


def read(line: str) -> Pressed | None:
    """Return what a line means if it is one of these words; None if it is for the bot."""
    if card := _CARD.fullmatch(line):
        return Pressed(Key.CARD, card[1])
    word, _space, rest = line.partition(" ")
    key, rest = WORDS.get(word.lower()), rest.strip()
    is_whole = not rest or key is Key.AS or (key is Key.LATER and any(char.isdigit() for char in rest))
    return Pressed(key, rest) if key is not None and is_whole else None


def span(text: str) -> timedelta | None:
    """Return a span such as ``30m``, ``2 h`` or ``3d``, at least a minute; None for anything else."""
    found = _SPAN.fullmatch(text.strip().lower())
    return int(found[1]) * _UNITS[found[2][0]] or None if found else None


def listed(names: str) -> Reply:
    """Return what there is to type beside commands. ``names`` are those one can be."""
    rows = (
        ("1, B", _("press a choice by its number, its letter or its name")),
        ("again", _("the last card once more; {show} with hidden words").format(show="show")),
        ("as Ana", _("be somebody else: {names}").format(names=names)),
        ("hall", _("go where everybody reads along")),
        ("alone", _("back to you and the bot")),
        ("cards", _("what was said here before; {number} opens one").format(number="#12")),
        ("cancel", _("leave a form")),
        (
            "later 2h",
            _("move the clock on, to try things out, at most to what happens next; “later” alone: up to there"),
        ),
        ("quit", _("end")),
    )  # fmt: skip
    return reply(Facts(tuple((key, spans(words)) for key, words in rows)), title=_("What you can type here"))
