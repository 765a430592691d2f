"""The standings as a picture: what a community reached together, and the ten best below."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from bot.kit import drawing
from bot.kit.drawing import GROUND, INK, MARGIN, PALE, ROAD, SOFT, WIDTH

MOST: Final = 10
_TOP: Final = 138
_STEP: Final = 46
_NAME: Final = MARGIN + 52
_BAR: Final = 352
_POINTS: Final = 62


@dataclass(frozen=True, slots=True)
class Row:
    """One line: the place, the name as it can be drawn, and points."""

    place: int
    name: str
    points: int


def height_of(rows: Sequence[Row]) -> int:
    """Return how high the picture is."""
    return _TOP + _STEP * len(rows[:MOST]) + 14


def draw(title: str, headline: str, share: float, rows: Sequence[Row], unnamed: str) -> str:
    """Return the standings as SVG text, ``WIDTH`` by ``height_of(rows)`` pixels.

    Args:
        title: which standings, small above everything.
        headline: what a community reached together.
        share: the same from 0 to 1.
        rows: the best first; ten are drawn.
        unnamed: stands where a name cannot be drawn.
    """
    parts = [
        drawing.text(MARGIN, 44, 18, SOFT, drawing.fit(title, 18, WIDTH - 2 * MARGIN)),
        drawing.text(MARGIN, 80, 24, INK, drawing.fit(headline, 24, WIDTH - 2 * MARGIN), is_bold=True),
        drawing.bar(MARGIN, 98, WIDTH - 2 * MARGIN, 14, share),
    ]
    best = max((row.points for row in rows), default=0)
    for number, row in enumerate(rows[:MOST]):
        parts += _row(_TOP + _STEP * number, row, best, unnamed)
    return drawing.card(height_of(rows), parts)


def _row(top: float, row: Row, best: int, unnamed: str) -> list[str]:
    is_ahead = row.place <= 3
    line = top + 29
    room = _BAR - _NAME - 14
    words, colour = (row.name, INK) if row.name else (unnamed, SOFT)
    name = drawing.text(0, 29, 20, colour, drawing.fit(words, 20, room), is_bold=is_ahead and bool(row.name))
    return [
        f'<circle cx="{MARGIN + 18}" cy="{top + 22:g}" r="17" fill="{ROAD if is_ahead else PALE}"/>',
        drawing.text(
            MARGIN + 18, line - 1, 17, GROUND if is_ahead else INK, str(row.place), is_bold=True, anchor="middle"
        ),
        drawing.clipped(_NAME, top, room, _STEP, name),
        drawing.bar(_BAR, top + 16, WIDTH - MARGIN - _POINTS - _BAR, 12, row.points / best if best else 0.0),
        drawing.text(WIDTH - MARGIN, line, 20, INK, str(row.points), is_bold=True, anchor="end"),
    ]
