from __future__ import annotations

import struct
import zlib

import pytest

from bot.infra.pictures import SCALE, draw_png
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
    png = await draw_png(_picture("Stage 2"))
    assert struct.unpack(">II", png[16:24]) == (200 * SCALE, 60 * SCALE)


@pytest.mark.parametrize("words", ["Stage", "Γράμμα", "Этап", "مرحلة", "Größe"])
async def test_letters_are_drawn_with_the_shipped_font(words: str) -> None:
    """Other letters give other pixels: none is an empty box."""
    assert len({_pixels(await draw_png(_picture(letter))) for letter in set(words)}) == len(set(words))


async def test_what_is_no_drawing_is_refused() -> None:
    with pytest.raises(ValueError, match=r".+"):
        await draw_png(Picture("<p>no</p>", "words", 1, 1))
