"""Pictures as SVG text from a few plain shapes: a card with its own ground, words that fit, bars.

Cards are 560 wide, so that on a phone, which shows them about 370 wide, words of size 17 and more are easy to read.
Every colour of words has a contrast of at least 4.5 to its ground. The ground fills the whole picture. It is a dark
green that glares on no screen, since Telegram and Discord show one picture to everybody; a page that is light gets
light colours (``LIGHT``) by a style sheet inside, which the maker of PNGs passes over. Pictures are drawn with the font
DejaVu Sans; ``drawable`` says what it has.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from html import escape
from typing import Final

WIDTH: Final = 560
MARGIN: Final = 28
GROUND: Final = "#24332f"
INK: Final = "#f3efe6"
SOFT: Final = "#b5c2bb"
RAIL: Final = "#3b4e48"
ROAD: Final = "#6fcbb0"
PALE: Final = "#385149"
_EDGE: Final = "#40534d"
LIGHT: Final = {
    GROUND: "#fbfaf7", INK: "#1c2733", SOFT: "#546372", RAIL: "#e2ddd1", ROAD: "#0f766e", PALE: "#d7ece8",
    _EDGE: "#cfc9bb",
}  # fmt: skip
"""What each colour becomes on a light page."""
_FAMILY: Final = "DejaVu Sans, Segoe UI, Roboto, Helvetica, Arial, sans-serif"
_STYLE: Final = "@media (prefers-color-scheme: light) {{{}}}".format(
    "".join(f'[fill="{dark}"]{{fill:{light}}}[stroke="{dark}"]{{stroke:{light}}}' for dark, light in LIGHT.items())
)
_DRAWN: Final = (
    (0x20, 0x2AF), (0x370, 0x3FF), (0x400, 0x525), (0x621, 0x63A), (0x641, 0x64A), (0x660, 0x669), (0x67E, 0x67E),
    (0x686, 0x686), (0x698, 0x698), (0x6A9, 0x6A9), (0x6AF, 0x6AF), (0x6CC, 0x6CC), (0x1E00, 0x1EFB), (0x2010, 0x2027),
    (0x2030, 0x203A),
)  # fmt: skip
"""Latin, Greek, Cyrillic, Arabic and what stands between words."""
_SIGNS: Final = frozenset(("So", "Sk", "Cf", "Mn", "Me", "Co", "Cn"))
"""Emoji and what belongs to them; a name is as good without."""
_NARROW: Final = frozenset("ijlI.,:;'’|!()[] /·-ftr")
_PLAIN: Final = 0.91
"""How wide plain words are, in parts of the width of bold ones."""
_WIDE: Final = frozenset("mwMW@%—…ЖжШшЩщЮюЫыФфش")


def card(height: float, parts: Sequence[str], width: int = WIDTH) -> str:
    """Return a whole picture as SVG text: its ground, a band at the top, and the parts."""
    return "".join(
        (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height:g}" width="{width}"'
            f' height="{height:g}" font-family="{_FAMILY}"><style>{_STYLE}</style>',
            f'<rect width="{width}" height="{height:g}" fill="{GROUND}"/>',
            f'<rect x=".5" y=".5" width="{width - 1}" height="{height - 1:g}" fill="none" stroke="{_EDGE}"/>',
            f'<rect width="{width}" height="8" fill="{ROAD}"/>',
            *parts,
            "</svg>",
        )
    )


def text(
    x: float, y: float, size: float, colour: str, words: str, *, is_bold: bool = False, anchor: str = "start"
) -> str:
    """Return words with their baseline at ``y``; ``anchor`` says what of them is at ``x``: start, middle or end."""
    weight = ' font-weight="700"' if is_bold else ""
    words = "".join(letter for letter in words if letter.isprintable())
    return (
        f'<text x="{x:g}" y="{y:g}" font-size="{size:g}"{weight} fill="{colour}" text-anchor="{anchor}">'
        f"{escape(words)}</text>"
    )


def bar(x: float, y: float, width: float, height: float, share: float) -> str:
    """Return a bar filled from 0 to 1; whatever is more than nothing can be seen."""
    half = height / 2
    rail = f'<rect x="{x:g}" y="{y:g}" width="{width:g}" height="{height:g}" rx="{half:g}" fill="{RAIL}"/>'
    if share <= 0:
        return rail
    filled = max(height, width * min(share, 1.0))
    return (
        f'{rail}<rect x="{x:g}" y="{y:g}" width="{filled:.1f}" height="{height:g}" rx="{half:g}" fill="{ROAD}"/>'
    )  # fmt: skip


def clipped(x: float, y: float, width: float, height: float, part: str) -> str:
    """Return a part of which nothing is seen outside of a box; inside, ``x`` and ``y`` begin at 0."""
    return f'<svg x="{x:g}" y="{y:g}" width="{width:g}" height="{height:g}">{part}</svg>'


def wide(words: str, size: float, *, is_bold: bool = True) -> float:
    """Return about how wide words are; a little more than less."""
    bold = sum(0.46 if sign in _NARROW else 1.12 if sign in _WIDE else _usual(sign) for sign in words)
    return size * bold * (1.0 if is_bold else _PLAIN)


def _usual(sign: str) -> float:
    return 0.86 if sign.isupper() or ord(sign) > 0x52F else 0.72


def fit(words: str, size: float, room: float, *, is_bold: bool = True) -> str:
    """Return words, or as many of their first letters as have room, and then an ellipsis."""
    words = " ".join("".join(sign if sign.isprintable() else " " for sign in words).split())
    if wide(words, size, is_bold=is_bold) <= room:
        return words
    while words and wide(words + "…", size, is_bold=is_bold) > room:
        words = words[:-1].rstrip()
    return f"{words}…"


def drawable(words: str) -> str:
    """Return words as they can be drawn, without emoji; empty if the font lacks one of their letters."""
    words = unicodedata.normalize("NFC", words)
    kept = "".join(sign for sign in words if unicodedata.category(sign) not in _SIGNS)
    kept = " ".join(kept.split())
    return kept if all(_is_drawn(sign) for sign in kept) else ""


def _is_drawn(sign: str) -> bool:
    return sign.isprintable() and any(first <= ord(sign) <= last for first, last in _DRAWN)
