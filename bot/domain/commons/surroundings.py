"""What a surface of our own tells of its rooms: nothing lacks there, and nobody else's rooms can be posted to."""

from __future__ import annotations

from collections.abc import Sequence

from bot.domain.commons.cast import HALL
from bot.kit.platform import Lacking, Room
from bot.kit.posting import Address
from bot.kit.wording import _


class OpenRooms:
    """Implements ``kit.platform.Surroundings``."""

    ranks = None
    marks_polls = False

    async def lacking(self, to: Address) -> Sequence[Lacking]:
        """Return nothing: the surface is our own."""
        return ()

    async def has(self, here: Address, account: str) -> bool:
        """Return yes: its rooms are open to everybody, and nobody leaves."""
        return True

    async def rooms(self, here: Address) -> Sequence[Room]:
        """Return the room alone."""
        return (Room(here, _(HALL.title) if here.chat == HALL.slug else _("Your private chat")),)
