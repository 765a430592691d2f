"""What a button does: a name and a few typed values, small enough to travel inside the button itself.

Nothing about a button is kept in memory, so it works after a restart and a year later. The encoded form is
``name:value:value``; the worst case is proven to fit every platform when the action is declared.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Final, Protocol

DATA_LIMIT: Final = 64
"""Bytes: Telegram's ``callback_data`` (Discord's ``custom_id`` allows 100 characters)."""

_NAME = re.compile(r"[a-z][a-z0-9]*(\.[a-z0-9]+)+")


class BadActionDataError(ValueError):
    """The data of a button cannot be read: it was altered, cut, or comes from a version that named things otherwise."""


class Codec(Protocol):
    """How one value travels in a button."""

    @property
    def width(self) -> int:
        """Most bytes a value of this kind takes."""
        ...

    def encode(self, value: Any, /) -> str:
        """Return the value as text without a colon; raise ``ValueError`` if it does not fit."""
        ...

    def decode(self, text: str, /) -> Any:
        """Return the value; raise ``ValueError`` if the text is not one."""
        ...


@dataclass(frozen=True, slots=True)
class WholeNumber:
    """A whole number from 0 to ``most``."""

    most: int

    @property
    def width(self) -> int:
        """Digits of the largest value."""
        return len(str(self.most))

    def encode(self, value: int, /) -> str:
        """Return the decimal digits."""
        if not 0 <= value <= self.most:
            raise ValueError(f"{value} is not between 0 and {self.most}")
        return str(value)

    def decode(self, text: str, /) -> int:
        """Read decimal digits."""
        if not (text.isascii() and text.isdigit() and len(text) <= self.width and int(text) <= self.most):
            raise ValueError(f"{text!r} is not a whole number up to {self.most}")
        return int(text)


@dataclass(frozen=True, slots=True)
class Slug:
    """A stable id of content: lower-case letters, digits and hyphens, at most ``longest`` characters."""

    longest: int = 40

    @property
    def width(self) -> int:
        """Characters of the longest id."""
        return self.longest

    def encode(self, value: str, /) -> str:
        """Return the id as it is."""
        return self.decode(value)

    def decode(self, text: str, /) -> str:
        """Check the id."""
        if len(text) > self.longest or not re.fullmatch(r"[a-z0-9-]+", text):
            raise ValueError(f"{text!r} is not an id of at most {self.longest} characters")
        return text


@dataclass(frozen=True, slots=True)
class OneOf:
    """One of a few short words."""

    words: tuple[str, ...]

    @property
    def width(self) -> int:
        """Characters of the longest word."""
        return max(map(len, self.words))

    def encode(self, value: str, /) -> str:
        """Return the word as it is."""
        return self.decode(value)

    def decode(self, text: str, /) -> str:
        """Check the word."""
        if text not in self.words:
            raise ValueError(f"{text!r} is none of {', '.join(self.words)}")
        return text


@dataclass(frozen=True, slots=True)
class Word:
    """A short text of printable ASCII without spaces, such as ``07:00`` or ``Europe/Berlin``; may be empty."""

    longest: int

    @property
    def width(self) -> int:
        """Characters of the longest text as it travels."""
        return self.longest

    def encode(self, value: str, /) -> str:
        """Return the text with a comma in the place of each colon."""
        text = value.replace(":", ",")
        if len(value) > self.longest or not re.fullmatch(r"[!-~]*", value) or "," in value:
            raise ValueError(f"{value!r} is no word of at most {self.longest} characters without commas")
        return text

    def decode(self, text: str, /) -> str:
        """Read it back."""
        if len(text) > self.longest or not re.fullmatch(r"[!-~]*", text):
            raise ValueError(f"{text!r} is no word of at most {self.longest} characters")
        return text.replace(",", ":")


tiny_int: Final = WholeNumber(255)
small_int: Final = WholeNumber(65_535)
row_id: Final = WholeNumber(2**53 - 1)
slug: Final = Slug()


class Action:
    """A named thing a button can do, with the values it carries.

    Args:
        name: two or more short words joined by dots, the first one the feature's; stable for ever.
        fresh: the command that shows the current state when a button of this action can no longer be read.
        values: the codec of each value, by name, in the order they travel.

    Raises:
        ValueError: the name is malformed or the longest possible data does not fit ``DATA_LIMIT``.
    """

    __slots__ = ("codecs", "fresh", "name")

    def __init__(self, name: str, /, *, fresh: str = "help", **values: Codec) -> None:
        if not _NAME.fullmatch(name):
            raise ValueError(f"{name!r} is not a name such as 'roadmap.stage'")
        worst = len(name) + sum(1 + codec.width for codec in values.values())
        if worst > DATA_LIMIT:
            raise ValueError(f"{name} may need {worst} bytes; a button carries {DATA_LIMIT}")
        self.name: Final = name
        self.fresh: Final = fresh
        self.codecs: Final = values

    def data(self, **values: Any) -> str:
        """Return the text a button carries; raise ``ValueError`` if a value is missing, unknown or does not fit."""
        if values.keys() != self.codecs.keys():
            raise ValueError(f"{self.name} carries {', '.join(self.codecs) or 'nothing'}, not {', '.join(values)}")
        return ":".join((self.name, *(codec.encode(values[name]) for name, codec in self.codecs.items())))

    def read(self, data: str) -> dict[str, Any]:
        """Return the values a button carried; raise ``BadActionDataError`` if they cannot be read."""
        name, *texts = data.split(":")
        if name != self.name or len(texts) != len(self.codecs):
            raise BadActionDataError(data)
        try:
            return {key: codec.decode(text) for (key, codec), text in zip(self.codecs.items(), texts, strict=True)}
        except ValueError as error:
            raise BadActionDataError(data) from error

    def __repr__(self) -> str:
        return f"Action({self.name!r})"


RUN: Final = Action("engine.run", command=Slug(32))
"""A button that stands for a command without arguments, as if somebody typed it; the engine answers it."""


def name_of(data: str) -> str:
    """Return the name of the action that a button's data belongs to."""
    return data.partition(":")[0]
