"""The rooms of the web chat, and where somebody arrives."""

from __future__ import annotations

from typing import Final

from bot.domain.commons.cast import HALL, PERSONAS, Room
from bot.kit.request import Setting
from bot.kit.wording import N_

PLATFORM: Final = "web"
ROOMS: Final = (
    HALL,
    Room("roadmate", N_("Roadmate"), N_("You and the bot, in private"), Setting.PRIVATE),
)
LOBBY: Final = (ROOMS[1], PERSONAS[0])
"""Where somebody arrives who has chosen nothing yet: alone with the bot, where trying things disturbs nobody."""


def room_of(slug: str) -> Room | None:
    """Return the room with this slug, or None."""
    return next((room for room in ROOMS if room.slug == slug), None)
