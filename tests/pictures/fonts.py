"""What a TrueType font says of itself, read from its tables: which letters it has, and how wide they are."""

from __future__ import annotations

import struct
from pathlib import Path

FONTS = Path(__file__).parents[2] / "bot" / "infra" / "fonts"


class Font:
    """Letters of a font with their width in parts of the font's size."""

    def __init__(self, name: str) -> None:
        data = (FONTS / name).read_bytes()
        count = struct.unpack(">H", data[4:6])[0]
        tables: dict[str, int] = {}
        for number in range(count):
            tag, _sum, offset, _length = struct.unpack(">4sLLL", data[12 + 16 * number : 28 + 16 * number])
            tables[tag.decode()] = offset
        head, hhea, hmtx = tables["head"], tables["hhea"], tables["hmtx"]
        (em,) = struct.unpack(">H", data[head + 18 : head + 20])
        (metrics,) = struct.unpack(">H", data[hhea + 34 : hhea + 36])
        self.widths: dict[int, float] = {}
        for letter, glyph in _letters(data, tables["cmap"]).items():
            at = hmtx + 4 * min(glyph, metrics - 1)
            self.widths[letter] = struct.unpack(">H", data[at : at + 2])[0] / em

    def has(self, words: str) -> bool:
        """Whether every letter can be drawn."""
        return all(ord(letter) in self.widths for letter in words)

    def width(self, words: str) -> float:
        """Return the width of words, in parts of the font's size, letters side by side."""
        return sum(self.widths[ord(letter)] for letter in words)


def _letters(data: bytes, cmap: int) -> dict[int, int]:
    """Return the glyph of each letter, from the subtable of format 12 or else 4."""
    (count,) = struct.unpack(">H", data[cmap + 2 : cmap + 4])
    found: dict[int, int] = {}
    for number in range(count):
        at = cmap + struct.unpack(">HHL", data[cmap + 4 + 8 * number : cmap + 12 + 8 * number])[2]
        (kind,) = struct.unpack(">H", data[at : at + 2])
        if kind == 12:
            (groups,) = struct.unpack(">L", data[at + 12 : at + 16])
            for group in range(groups):
                first, last, glyph = struct.unpack(">LLL", data[at + 16 + 12 * group : at + 28 + 12 * group])
                found |= {letter: glyph + letter - first for letter in range(first, last + 1)}
    return found
