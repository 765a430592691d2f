from __future__ import annotations

import asyncio
import struct
import sys
import zlib

import pytest

from bot.infra import pictures
from bot.infra.pictures import SCALE, PictureMaker
from bot.kit.reply import Picture

WORDS = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="200" height="60"><rect width="200" height="60" fill="#ffffff"/>'
    '<text x="10" y="40" font-size="24" font-family="DejaVu Sans, sans-serif" fill="#000000">{}</text></svg>'
)


def _picture(words: str) -> Picture:
    return Picture(WORDS.format(words), "words", 200, 60)


def _pixels(png: bytes) -> bytes:
    """Return the unpacked bytes of an image's data."""
    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    packed, position = b"", 8
    while position < len(png):
        (length,) = struct.unpack(">I", png[position : position + 4])
        if png[position + 4 : position + 8] == b"IDAT":
            packed += png[position + 8 : position + 8 + length]
        position += 12 + length
    return zlib.decompress(packed)


async def test_a_picture_is_twice_as_large_as_it_says() -> None:
    png = await PictureMaker().draw(_picture("Stage 2"))
    assert struct.unpack(">II", png[16:24]) == (200 * SCALE, 60 * SCALE)


@pytest.mark.parametrize("words", ["Stage", "Γράμμα", "Этап", "مرحلة", "Größe"])
async def test_letters_are_drawn_with_the_shipped_font(words: str) -> None:
    """Other letters give other pixels: none is an empty box."""
    assert len({_pixels(await PictureMaker().draw(_picture(letter))) for letter in set(words)}) == len(set(words))


async def test_what_is_no_drawing_is_refused() -> None:
    with pytest.raises(ValueError, match=r".+"):
        await PictureMaker().draw(Picture("<p>no</p>", "words", 1, 1))


async def test_people_are_answered_while_a_picture_is_drawn() -> None:
    """The library lets nothing else run; here the loop goes on, and the library is not even loaded."""
    lines = "".join(f'<text x="10" y="{line}" font-size="24">Stage {line}</text>' for line in range(10, 2000, 4))
    svg = f'<svg xmlns="http://www.w3.org/2000/svg" width="900" height="2000">{lines}</svg>'
    drawing = asyncio.ensure_future(PictureMaker().draw(Picture(svg, "words", 900, 2000)))
    turns = 0
    while not drawing.done():
        turns += 1
        await asyncio.sleep(0)
    assert turns > 100
    assert "resvg_py" not in sys.modules


async def test_the_same_picture_is_drawn_once() -> None:
    maker = PictureMaker()
    first, second = await asyncio.gather(maker.draw(_picture("Same")), maker.draw(_picture("Same")))
    assert first == second
    assert await maker.draw(_picture("Same")) is (await maker.draw(_picture("Same")))


async def test_a_drawing_that_takes_too_long_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pictures, "PATIENCE", 0.0)
    with pytest.raises(TimeoutError):
        await PictureMaker().draw(_picture("Slow"))
