"""Taking secrets out of text: in whatever way they were written, whole or cut off, known or only looking like one."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterable, Iterator
from typing import Final
from urllib.parse import quote, quote_plus, unquote

HIDDEN: Final = "•••"
_SHORTEST: Final = 4  # shorter ones would hide half of every line
_SHORTEST_ENCODED: Final = 8
_TELLING: Final = 16  # letters of a long secret that are never shown, though the rest may be cut off
_LONG: Final = 24
_LOOKS_SECRET: Final = re.compile(
    r"""
    (?P<telegram> (?<![\d.]) \d{5,} (?: : | %3A ) [A-Za-z0-9_-]{20,} )
  | (?P<discord> \b [A-Za-z0-9_-]{23,28} \. [A-Za-z0-9_-]{6,7} \. [A-Za-z0-9_-]{27,} )
  | (?P<answer> (?: (?<= /webhooks/ ) | (?<= interactions/ ) ) \d{15,20} / [A-Za-z0-9_-]{40,} )   # of an interaction
  | (?P<login> (?<= :// ) [^\s/:@"']{0,200} : [^\s/@"']{1,200} @ )
    """,
    re.VERBOSE,
)


class Redactor:
    """Hides known secrets, and what has the shape of one."""

    def __init__(self, secrets: Iterable[str]) -> None:
        known = [secret for secret in secrets if len(secret) >= _SHORTEST]
        plain = {form for secret in known for form in _forms(secret)}
        encoded = {form for secret in known for form in _encoded(secret)}
        whole = sorted(plain | encoded, key=len, reverse=True)  # the longest first: one may begin another
        cut = [_cut_off(form, r"[\w.:%+=~-]*") for form in plain if len(form) >= _LONG]
        cut += [_cut_off(form, r"[\w+/=-]*") for form in encoded if len(form) >= _LONG]
        patterns = [*map(re.escape, whole), *cut]
        self._known = re.compile("|".join(patterns)) if patterns else None

    def __call__(self, text: str) -> str:
        """Return the text without secrets."""
        if self._known is not None:
            text = self._known.sub(HIDDEN, text)
        return _LOOKS_SECRET.sub(_hide, text)


def _hide(found: re.Match[str]) -> str:
    return f"{HIDDEN}@" if found.lastgroup == "login" else HIDDEN


def _cut_off(form: str, more: str) -> str:
    """Return what finds the beginning of a long secret, and the rest of it as far as it goes."""
    return re.escape(form[:_TELLING]) + more


def _readings(secret: str) -> set[str]:
    """Return a secret as it is set, as it is meant, and the part of a Telegram token behind its public number."""
    found = {secret, unquote(secret), secret.partition(":")[2]}
    return {text for text in found if len(text) >= _SHORTEST}


def _forms(secret: str) -> Iterator[str]:
    """Yield a secret as it may stand in addresses, JSON and Python's own quoting."""
    for text in _readings(secret):
        yield text
        yield quote(text)
        yield quote(text, safe="")
        yield quote_plus(text)
        yield json.dumps(text)[1:-1]
        yield json.dumps(text, ensure_ascii=False)[1:-1]
        yield repr(text)[1:-1]


def _encoded(secret: str) -> Iterator[str]:
    """Yield the letters that stand for a secret in Base64, wherever in something longer it begins, and in hex."""
    for text in _readings(secret):
        data = text.encode()
        if len(data) < _SHORTEST_ENCODED:
            continue
        yield data.hex()
        for before in range(3):
            padded = bytes(before) + data
            whole = padded[: len(padded) // 3 * 3]  # the letters of a last, incomplete group depend on what follows
            for letters in (base64.b64encode(whole), base64.urlsafe_b64encode(whole)):
                yield letters.decode()[4 if before else 0 :]
