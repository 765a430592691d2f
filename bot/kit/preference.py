"""Preferences: what people and communities may set. Each is declared by the feature that obeys it.

A value travels and is kept as text in one canonical form, so that equal values are equal texts. ``/settings`` and
``/setup`` draw whatever is declared and know none by name.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import time
from enum import StrEnum
from typing import Final, Protocol

from bot.kit.command import BadArgumentError
from bot.kit.database import Transaction
from bot.kit.request import Role
from bot.kit.text import Blocks
from bot.kit.wording import N_, _, quoted, say

NAME: Final = re.compile(r"[a-z][a-z0-9-]{0,23}")
_TIME: Final = re.compile(r"(\d{1,2})(?:[:.h](\d{2}))?\s*(am|pm|a\.m\.|p\.m\.|h|uhr|o'clock)?")
_ADDRESS: Final = re.compile(r"https?://(?:[\w-]+\.)*[\w-]+(?::\d{1,5})?(?:[/?#]\S*)?")
_SPAN: Final = re.compile(r"\s*(?:-|–|—|to|bis|until)\s*")
NOTHING: Final = "off"


class Scope(StrEnum):
    """Whose preference it is."""

    PERSON = "person"
    COMMUNITY = "community"


class Kind(Protocol):
    """What a preference takes."""

    @property
    def choices(self) -> tuple[str, ...]:
        """Values to offer for a tap, the likeliest first; empty where something has to be typed."""
        ...

    @property
    def is_open(self) -> bool:
        """Whether something other than the choices may be typed."""
        ...

    def read(self, text: str, /) -> str:
        """Return the canonical value of what somebody typed; raise ``BadArgumentError`` with a sentence for them."""
        ...

    def show(self, value: str, /) -> str:
        """Return a canonical value in words, in the language being spoken."""
        ...


@dataclass(frozen=True, slots=True)
class OneOf:
    """One of a few words. ``labels`` maps each value to what people read, marked with ``N_``."""

    labels: Mapping[str, str]
    is_open: bool = False

    @property
    def choices(self) -> tuple[str, ...]:
        """Every value, in the order declared."""
        return tuple(self.labels)

    def read(self, text: str, /) -> str:
        """Accept a value or its label in the language being spoken, in any case."""
        word = text.strip().casefold()
        for value, label in self.labels.items():
            if word in (value, label.casefold(), _(label).casefold()):
                return value
        known = ", ".join(_(label) for label in self.labels.values())
        raise BadArgumentError(say(_("{word} is not one of {choices}."), word=quoted(text.strip()[:60]), choices=known))

    def show(self, value: str, /) -> str:
        """Return the label."""
        return _(self.labels.get(value, value))


SWITCH: Final = OneOf({"on": N_("on"), "off": N_("off")})
"""On or off."""


@dataclass(frozen=True, slots=True)
class TimeOfDay:
    """An hour and minute on the wall, such as ``09:00``; ``NOTHING`` switches off where ``may_be_off``."""

    offered: tuple[str, ...] = ("07:00", "08:00", "09:00", "12:00", "17:00", "18:00", "19:00", "20:00")
    may_be_off: bool = False
    is_open: bool = True

    @property
    def choices(self) -> tuple[str, ...]:
        """The offered times, and off."""
        return (*self.offered, NOTHING) if self.may_be_off else self.offered

    def read(self, text: str, /) -> str:
        """Read ``9``, ``9:30``, ``9 pm``, ``21h`` or ``21 Uhr``."""
        if self.may_be_off and text.strip().casefold() in (NOTHING, _("off").casefold()):
            return NOTHING
        return clock_time(text)

    def show(self, value: str, /) -> str:
        """Return it as it is, or “off”."""
        return _("off") if value == NOTHING else value


@dataclass(frozen=True, slots=True)
class Hours:
    """From one time to another, past midnight if need be, such as ``22:00-07:00``; or ``NOTHING``."""

    offered: tuple[str, ...] = ("22:00-07:00", "21:00-08:00", "23:00-06:00")
    is_open: bool = True

    @property
    def choices(self) -> tuple[str, ...]:
        """The offered hours, and off."""
        return (*self.offered, NOTHING)

    def read(self, text: str, /) -> str:
        """Read two times with a dash or “to” between them."""
        if text.strip().casefold() in (NOTHING, _("off").casefold()):
            return NOTHING
        ends = _SPAN.split(text.strip().casefold())
        if len(ends) != 2:
            raise BadArgumentError(say(_("Type two times, for example {example}."), example="22:00-07:00"))
        return "-".join(clock_time(end) for end in ends)

    def show(self, value: str, /) -> str:
        """Return both times, or “off”."""
        return _("off") if value == NOTHING else value.replace("-", "–")


@dataclass(frozen=True, slots=True)
class Words:
    """A line of free text, at most ``longest`` characters; empty clears it."""

    longest: int = 300
    choices: tuple[str, ...] = ()
    is_open: bool = True

    def read(self, text: str, /) -> str:
        """Take it without surrounding space."""
        text = " ".join(text.split())
        if len(text) > self.longest:
            sentence = _("That is {count} characters long; {most} is the most. Please shorten it.")
            raise BadArgumentError(say(sentence, count=len(text), most=self.longest))
        return text

    def show(self, value: str, /) -> str:
        """Return it, or a dash."""
        return value or "–"


@dataclass(frozen=True, slots=True)
class WebAddress:
    """An address that begins with https:// or http://; empty clears it."""

    longest: int = 300
    choices: tuple[str, ...] = ()
    is_open: bool = True

    def read(self, text: str, /) -> str:
        """Check the form; nothing is fetched."""
        text = text.strip()
        if not text:
            return ""
        if len(text) > self.longest or not text.isprintable() or not _ADDRESS.fullmatch(text):
            sentence = _("That is no web address I can use. It begins with {example} and has no spaces.")
            raise BadArgumentError(say(sentence, example="https://"))
        return text

    def show(self, value: str, /) -> str:
        """Return it, or a dash."""
        return value or "–"


Obey = Callable[[Transaction, int, str], Awaitable[None]]
"""Called in the unit of work of a change with the owner's id and the new value."""


@dataclass(frozen=True, slots=True)
class Preference:
    """Something that can be set.

    Attributes:
        name: lower-case letters, digits and hyphens, at most 24 characters; unique in the whole bot.
        label: what it is called, marked with ``N_``.
        summary: what it does, in one sentence, marked with ``N_``.
        kind: what it takes.
        default: the canonical value it has until somebody sets it.
        scope: whose it is.
        needs: who may set it; for personal ones everybody for themselves.
        setup: its place among the steps of ``/setup``, or None if it is not asked there.
        preview: what people will see with a value, for ``/setup``; empty blocks show nothing.
        obey: what else happens, in the same unit of work, when it changes.
        is_listed: whether ``/settings`` shows it; what a feature only notes for itself is not shown.
    """

    name: str
    label: str
    summary: str
    kind: Kind
    default: str
    scope: Scope
    needs: Role = Role.MODERATOR
    setup: int | None = None
    preview: Callable[[str], Blocks] | None = None
    obey: Obey | None = None
    is_listed: bool = True

    def __post_init__(self) -> None:
        if not NAME.fullmatch(self.name):
            raise ValueError(f"{self.name!r} is no name of a preference")

    def of(self, values: Mapping[str, str]) -> str:
        """Return its value among what was set, or the default."""
        return values.get(self.name, self.default)

    def words(self, values: Mapping[str, str]) -> str:
        """Return its value in words."""
        return self.kind.show(self.of(values))


def clock_time(text: str) -> str:
    """Read a time as people type it; return ``HH:MM``. Raises ``BadArgumentError``."""
    found = _TIME.fullmatch(text.strip().casefold())
    if found is not None:
        hour, minute, half = int(found[1]), int(found[2] or 0), (found[3] or "").replace(".", "")
        if half in ("am", "pm") and 1 <= hour <= 12:
            hour = hour % 12 + (12 if half == "pm" else 0)
        if hour < 24 and minute < 60:
            return f"{hour:02}:{minute:02}"
    raise BadArgumentError(
        say(_("{word} is no time of day. Type it like {example}."), word=quoted(text.strip()[:30]), example="18:30")
    )


def as_time(value: str) -> time:
    """Return a canonical time of day as a ``time``; raises ``ValueError`` for anything else, ``NOTHING`` included."""
    return time.fromisoformat(value)
