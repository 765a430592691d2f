"""Drawing the progress card as SVG: plain shapes and text, readable on light and dark grounds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Final

INK: Final = "#1c2733"
SOFT: Final = "#5b6b7b"
GROUND: Final = "#fbfaf7"
RAIL: Final = "#e4e0d6"
ROAD: Final = "#0f766e"
MARGIN: Final = 36


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


def draw(title: str, headline: str, detail: str, bars: Sequence[Bar], width: int, height: int) -> str:
    """Return the card as SVG text of ``width`` by ``height`` pixels."""
    top = 130
    step = (height - top - MARGIN / 2) / max(1, len(bars))
    rail = width - 2 * MARGIN
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}"'
        ' font-family="DejaVu Sans, Segoe UI, Roboto, Helvetica, Arial, sans-serif">',
        f'<rect width="{width}" height="{height}" rx="18" fill="{GROUND}"/>',
        f'<rect width="{width}" height="8" fill="{ROAD}"/>',
        _text(MARGIN, 48, 18, SOFT, _fit(title, 60)),
        _text(MARGIN, 88, 32, INK, headline, weight=700),
        _text(MARGIN, 112, 16, SOFT, detail),
    ]
    for number, bar in enumerate(bars):
        y = top + step * number
        parts.append(_text(MARGIN, y + 15, 15, INK, _fit(bar.label, 64)))
        parts.append(_text(width - MARGIN, y + 15, 15, INK, f"{int(100 * bar.share + 1e-9)} %", anchor="end"))
        parts.append(f'<rect x="{MARGIN}" y="{y + 23:.1f}" width="{rail}" height="10" rx="5" fill="{RAIL}"/>')
        if bar.share:
            filled = max(10.0, rail * bar.share)
            parts.append(f'<rect x="{MARGIN}" y="{y + 23:.1f}" width="{filled:.1f}" height="10" rx="5" fill="{ROAD}"/>')
    parts.append("</svg>")
    return "".join(parts)


def _text(x: float, y: float, size: int, colour: str, words: str, *, weight: int = 400, anchor: str = "start") -> str:
    return (
        f'<text x="{x:g}" y="{y:.1f}" font-size="{size}" font-weight="{weight}" fill="{colour}"'
        f' text-anchor="{anchor}">{escape(words)}</text>'
    )


def _fit(words: str, most: int) -> str:
    words = "".join(char for char in words if char.isprintable())
    return words if len(words) <= most else words[: most - 1].rstrip() + "…"
