"""Pictures as PNG, drawn from SVG with a font that ships with Roadmate, each in a process of its own.

Drawing takes a tenth of a second in which the library lets nothing else run, so it happens outside of the process that
answers people; that one never loads the library either. What was drawn lately is kept.

The font is DejaVu Sans, which has Latin, Greek, Cyrillic and Arabic letters. Other letters and emoji would be empty
boxes, so features keep people's names in the text.
"""

from __future__ import annotations

import asyncio
import sys
from collections import OrderedDict
from contextlib import suppress
from importlib.resources import as_file, files
from pathlib import Path
from typing import Final

from bot.kit.reply import Picture

SCALE: Final = 2.0
"""Pixels of the PNG for each pixel of the drawing, so that it is crisp on a phone."""
REMEMBERED: Final = 32
"""Pictures kept, so that the same card is not drawn for each of many readers."""
AT_ONCE: Final = 2
PATIENCE: Final = 10.0
"""Seconds after which a drawing is given up."""


class PictureMaker:
    """Draws pictures, at most ``AT_ONCE`` together; for one loop."""

    def __init__(self) -> None:
        self._drawn: OrderedDict[str, bytes] = OrderedDict()
        self._room = asyncio.Semaphore(AT_ONCE)

    async def draw(self, picture: Picture) -> bytes:
        """Return a picture as PNG, twice as wide and high as it says.

        Raises:
            ValueError: the SVG cannot be drawn.
            TimeoutError: it took too long.
            OSError: no process could be started.
        """
        async with self._room:
            if (known := self._drawn.get(picture.svg)) is None:
                known = self._drawn[picture.svg] = await _draw(picture.svg)
                if len(self._drawn) > REMEMBERED:
                    self._drawn.popitem(last=False)
            return known


async def _draw(svg: str) -> bytes:
    with as_file(files("bot.infra").joinpath("fonts")) as fonts:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-I", str(Path(__file__).with_name("picture_maker.py")), str(SCALE), str(fonts),
            stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
        )  # fmt: skip
        try:
            png, trouble = await asyncio.wait_for(process.communicate(svg.encode("utf-8", "replace")), PATIENCE)
        except BaseException:
            with suppress(ProcessLookupError):
                process.kill()
            await process.wait()
            raise
    if process.returncode:
        raise ValueError(trouble.decode(errors="replace").strip()[-200:] or f"drawing ended with {process.returncode}")
    return png
