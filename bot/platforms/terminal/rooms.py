"""Where one can be in a terminal: alone with the bot, or in the hall where everybody reads along."""

from __future__ import annotations

from typing import Final

from bot.domain.commons.cast import PERSONAS, Persona, Room
from bot.kit.request import Setting
from bot.kit.wording import N_

PLATFORM: Final = "terminal"
ALONE: Final = Room("terminal", N_("Roadmate"), N_("You and the bot, in private"), Setting.PRIVATE)


def people(owner: Persona) -> tuple[Persona, ...]:
    """Return everybody one can be here: whoever sits at the terminal first."""
    return (owner, *(persona for persona in PERSONAS if persona.account != owner.account))


def owner_of(chat: str, everybody: tuple[Persona, ...]) -> Persona | None:
    """Return whose private chat this is; None for the hall."""
    return next((persona for persona in everybody if ALONE.chat(persona) == chat), None)
