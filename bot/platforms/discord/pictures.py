"""Pictures as Discord takes them: attached as PNG, if somebody can draw one; the words always say the same."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Awaitable, Callable
from typing import Final

from bot.kit.reply import Picture, Reply
from bot.platforms.discord.exchange import Upload
from bot.platforms.discord.limits import PICTURE_BYTES

log = logging.getLogger("roadmate.discord")

Draw = Callable[[Picture], Awaitable[bytes]]
"""Turns a drawing into a PNG."""

_PNG: Final = b"\x89PNG\r\n\x1a\n"


async def drawn(reply: Reply, draw: Draw | None) -> Upload | None:
    """Return a reply's picture, or None if there is none, nobody draws, or drawing fails."""
    if draw is None or reply.picture is None:
        return None
    try:
        data = await draw(reply.picture)
    except Exception:
        log.exception("a picture could not be drawn; its words are sent alone")
        return None
    if not data.startswith(_PNG) or len(data) > PICTURE_BYTES:
        log.error(
            "a picture came out as something Discord does not take (%d bytes); its words are sent alone", len(data)
        )
        return None
    return Upload(f"roadmate-{hashlib.sha256(data).hexdigest()[:16]}.png", data)
