"""How names are compared: without case, accents, punctuation, or the difference between a space and a hyphen."""

from __future__ import annotations

import re
import unicodedata

_GAPS = re.compile(r"[^\w+#.]+|_")
_DOTS = re.compile(r"\.(?!\d)|(?<!\d)\.")


def normal(text: str) -> str:
    """Return words in lower case with single spaces: ``K-Nearest  Neighbors!`` becomes ``k nearest neighbors``."""
    decomposed = unicodedata.normalize("NFKD", text.casefold().replace("’", "'").replace("'s ", "s ").replace("'", ""))
    bare = "".join(char for char in decomposed if not unicodedata.combining(char))
    return " ".join(_GAPS.sub(" ", _DOTS.sub(" ", bare)).split())


def squashed(text: str) -> str:
    """Return the letters and digits only: ``back propagation`` and ``Back-propagation`` become the same."""
    return normal(text).replace(" ", "")


def slug(text: str) -> str:
    """Return an id made from a name: ``Bayes' theorem`` becomes ``bayes-theorem``."""
    return (
        re.sub(r"[^a-z0-9]+", "-", normal(text).replace("+", " plus ").replace("#", " sharp "))
        .strip("-")[:40]
        .strip("-")
    )
