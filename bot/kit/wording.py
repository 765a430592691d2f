"""Words people read, marked for translation from the first sentence.

``_("...")`` looks a sentence up in the language of the request that is being answered; ``N_`` marks a sentence that
is looked up later (a declaration at import time); ``ngettext`` chooses a plural form; ``say`` fills spans into a
translated sentence, so that a translator may move a bold word without touching code.

The language is held in a context variable: the engine sets it before a feature is asked, so features stay plain.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Protocol

from bot.kit.text import Spans, Words, spans

DEFAULT_LANGUAGE = "en"


class Catalogue(Protocol):
    """The sentences of one language, as the standard library's ``gettext`` translations offer them."""

    def gettext(self, message: str, /) -> str:
        """Return the sentence in this language, or unchanged where it has no translation."""
        ...

    def ngettext(self, singular: str, plural: str, count: int, /) -> str:
        """Return the plural form of this language for ``count``."""
        ...


class _English:
    def gettext(self, message: str, /) -> str:
        return message

    def ngettext(self, singular: str, plural: str, count: int, /) -> str:
        return singular if count == 1 else plural


ENGLISH: Catalogue = _English()
_catalogue: ContextVar[Catalogue] = ContextVar("catalogue", default=ENGLISH)


def _(message: str) -> str:
    """Return a sentence in the language being spoken."""
    return _catalogue.get().gettext(message)


def ngettext(singular: str, plural: str, count: int) -> str:
    """Return the form of a sentence that fits ``count``; fill the number in with ``say`` or ``format``."""
    return _catalogue.get().ngettext(singular, plural, count)


def N_(message: str) -> str:  # noqa: N802 - the name every gettext user knows
    """Mark a sentence for translation without looking it up yet."""
    return message


@contextmanager
def speaking(catalogue: Catalogue) -> Iterator[None]:
    """Answer in the language of ``catalogue`` inside this block."""
    token = _catalogue.set(catalogue)
    try:
        yield
    finally:
        _catalogue.reset(token)


def quoted(text: str) -> str:
    """Return ``text`` in the quotation marks of the language being spoken."""
    return _("“{text}”").format(text=text)


def decimal(text: str) -> str:
    """Return a number written with a point, such as ``0.25``, with the decimal sign of the language being spoken."""
    whole, point, part = text.partition(".")
    # Translators: a number such as 1.5; put the decimal sign of your language between its parts
    return _("{whole}.{part}").format(whole=whole, part=part) if point else whole


def pointed(text: str) -> str:
    """Return what somebody typed with a point as its decimal sign.

    A comma is one where the language being spoken writes it so, and elsewhere if it cannot stand between thousands:
    ``3,5`` and ``0,125`` are, ``1,024`` is not.
    """
    if text.count(",") != 1 or "." in text:
        return text
    is_decimal = decimal(".") == "," or _THOUSANDS.search(text) is None
    return text.replace(",", ".") if is_decimal else text


_THOUSANDS = re.compile(r"[1-9]\d{0,2},\d{3}(?!\d)")
_HOLE = re.compile(r"\{(\w+)\}")


def say(sentence: str, **words: Words | int) -> Spans:
    """Fill words into a sentence that was already looked up: ``say(_("Next: {topic}"), topic=bold("Python"))``.

    Holes are names in braces. Raises ``KeyError`` if the sentence has a hole that was not given.
    """
    parts: list[Words] = []
    position = 0
    for hole in _HOLE.finditer(sentence):
        parts.append(sentence[position : hole.start()])
        word = words[hole[1]]
        parts.append(str(word) if isinstance(word, int) else word)
        position = hole.end()
    parts.append(sentence[position:])
    return spans(*parts)
