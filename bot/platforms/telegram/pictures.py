"""Pictures as Telegram takes them: photos, if somebody can draw one; the words always say the same."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from typing import Final

from bot.kit.reply import Picture
from bot.platforms.telegram.limits import PHOTO_BYTES, PHOTO_RATIO, PHOTO_SIDES

log = logging.getLogger("roadmate.telegram")
Draw = Callable[[Picture], Awaitable[bytes]]
"""Turns a drawing into a PNG."""

_BEGINNING: Final = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"


async def drawn(picture: Picture, draw: Draw) -> bytes | None:
    """Return a picture as PNG, or None if drawing fails or Telegram would not take what comes out."""
    try:
        data = await draw(picture)
    except Exception:
        log.exception("a picture could not be drawn; its words are sent alone")
        return None
    if not is_photo(data):
        log.error("a picture came out as something Telegram does not take (%d bytes)", len(data))
        return None
    return data


def is_photo(data: bytes) -> bool:
    """Whether Telegram takes a PNG as a photo."""
    if not data.startswith(_BEGINNING) or len(data) > PHOTO_BYTES:
        return False
    start = len(_BEGINNING)
    width, height = int.from_bytes(data[start : start + 4], "big"), int.from_bytes(data[start + 4 : start + 8], "big")
    short, long = sorted((width, height))
    return short > 0 and long <= short * PHOTO_RATIO and short + long <= PHOTO_SIDES
