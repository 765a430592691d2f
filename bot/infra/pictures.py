"""Pictures as PNG, drawn from SVG with a font that ships with Roadmate; loads the drawing library when first needed.

The font is DejaVu Sans, which has Latin, Greek, Cyrillic and Arabic letters. Other letters and emoji would be empty
boxes, so features keep people's names in the text.
"""

from __future__ import annotations

import asyncio
from functools import lru_cache
from importlib.resources import as_file, files
from typing import Final

from bot.kit.reply import Picture

SCALE: Final = 2.0
"""Pixels of the PNG for each pixel of the drawing, so that it is crisp on a phone."""

REMEMBERED: Final = 32
"""Pictures kept, so that the same card is not drawn for each of many readers."""


async def draw_png(picture: Picture) -> bytes:
    """Return a picture as PNG, twice as wide and high as it says.

    Raises:
        ValueError: the SVG cannot be drawn.
    """
    return await asyncio.to_thread(_draw, picture.svg)


@lru_cache(maxsize=REMEMBERED)
def _draw(svg: str) -> bytes:
    import resvg_py

    with as_file(files("bot.infra").joinpath("fonts")) as fonts:
        drawn = resvg_py.svg_to_bytes(
            svg_string=svg,
            zoom=SCALE,
            skip_system_fonts=True,
            font_dirs=[str(fonts)],
            font_family="DejaVu Sans",
            sans_serif_family="DejaVu Sans",
        )
    return bytes(drawn)
