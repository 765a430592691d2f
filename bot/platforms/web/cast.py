"""Who is there and where: the people you can be in the web chat, and its rooms."""

from __future__ import annotations

from typing import Final

from bot.domain.commons.cast import HALL, PERSONAS, Persona, Room, name_of, persona_of
from bot.kit.request import Setting
from bot.kit.wording import N_

__all__ = ["HALL", "LOBBY", "PERSONAS", "PLATFORM", "ROOMS", "Persona", "Room", "name_of", "persona_of", "room_of"]

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
