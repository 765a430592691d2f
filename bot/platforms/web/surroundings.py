"""What the web chat tells of its rooms: nothing lacks there, and nobody else's rooms can be posted to."""

from __future__ import annotations

from collections.abc import Sequence

from bot.kit.platform import Lacking, Room
from bot.kit.posting import Address
from bot.kit.wording import _
from bot.platforms.web.cast import room_of


class WebSurroundings:
    """Implements ``kit.platform.Surroundings``."""

    ranks = None

    async def lacking(self, to: Address) -> Sequence[Lacking]:
        """Return nothing: it is our own page."""
        return ()

    async def has(self, here: Address, account: str) -> bool:
        """Return yes: its rooms are open to everybody, and nobody leaves."""
        return True

    async def rooms(self, here: Address) -> Sequence[Room]:
        """Return the room alone."""
        room = room_of(here.chat)
        return (Room(here, _(room.title) if room is not None else _("Your private chat")),)
