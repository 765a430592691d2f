"""Drawing the progress card as SVG: how far somebody is in all, and in each stage."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from bot.kit import drawing
from bot.kit.drawing import INK, MARGIN, SOFT, WIDTH

_TOP: Final = 142
_STEP: Final = 56
_PERCENT: Final = 74
"""Room for the percent at the right end of a bar."""


@dataclass(frozen=True, slots=True)
class Bar:
    """One line of the card: a label and hours done of hours in all."""

    label: str
    done: float
    total: float

    @property
    def share(self) -> float:
        """From 0 to 1."""
        return min(1.0, self.done / self.total) if self.total else 0.0


def height_of(bars: Sequence[Bar]) -> int:
    """Return how high the card is."""
    return _TOP + _STEP * len(bars) + 6


def draw(title: str, headline: str, detail: str, bars: Sequence[Bar]) -> str:
    """Return the card as SVG text, ``WIDTH`` by ``height_of(bars)`` pixels."""
    room = WIDTH - 2 * MARGIN
    parts = [
        drawing.text(MARGIN, 44, 18, SOFT, drawing.fit(drawing.drawable(title), 18, room, is_bold=False)),
        drawing.text(MARGIN, 84, 30, INK, drawing.fit(headline, 30, room), is_bold=True),
        drawing.text(MARGIN, 114, 18, SOFT, drawing.fit(detail, 18, room, is_bold=False)),
    ]
    for number, bar in enumerate(bars):
        y = _TOP + _STEP * number
        percent = f"{int(100 * bar.share + 1e-9)} %"
        parts.append(drawing.text(MARGIN, y + 16, 18, INK, drawing.fit(bar.label, 18, room, is_bold=False)))
        parts.append(drawing.bar(MARGIN, y + 27, room - _PERCENT, 12, bar.share))
        parts.append(drawing.text(WIDTH - MARGIN, y + 39, 18, INK, percent, anchor="end", is_bold=True))
    return drawing.card(height_of(bars), parts)
