"""Who is there and where: the people you can be on surfaces of our own, and their rooms."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from bot.kit.request import Role, Sender, Setting, Where
from bot.kit.wording import N_, _


@dataclass(frozen=True, slots=True)
class Persona:
    """Somebody you can be. ``about`` is marked for translation."""

    account: str
    name: str
    role: Role
    about: str

    def sender(self, language: str) -> Sender:
        """Return the persona as the engine knows people."""
        return Sender(self.account, self.name, self.role, language)


@dataclass(frozen=True, slots=True)
class Room:
    """A place to talk. ``title`` and ``about`` are marked for translation."""

    slug: str
    title: str
    about: str
    setting: Setting

    @property
    def is_private(self) -> bool:
        """Whether each persona has a chat of their own behind this name."""
        return self.setting is Setting.PRIVATE

    def chat(self, persona: Persona) -> str:
        """Return the id of the conversation ``persona`` sees in this room."""
        return f"{self.slug}-{persona.account}" if self.is_private else self.slug

    def where(self, persona: Persona) -> Where:
        """Return the place as the engine knows places."""
        return Where(self.chat(persona), self.setting, _(self.title))


PERSONAS: Final = (
    Persona("ana", "Ana", Role.MEMBER, N_("learner")),
    Persona("ben", "Ben", Role.MEMBER, N_("learner")),
    Persona("cem", "Cem", Role.MEMBER, N_("learner")),
    Persona("dilek", "Dilek", Role.MEMBER, N_("learner")),
    Persona("mo", "Mo", Role.MODERATOR, N_("moderator")),
)
"""Four learners and a moderator: enough for a quiz with a tally, equal points and somebody who is late."""
HALL: Final = Room("study-hall", N_("Study hall"), N_("Everybody reads along"), Setting.GROUP)


def persona_of(account: str) -> Persona | None:
    """Return the persona with this account, or None."""
    return next((persona for persona in PERSONAS if persona.account == account), None)


def name_of(account: str) -> str:
    """Return the name to show for an account; a persona that no longer exists is shown by its account."""
    persona = persona_of(account)
    return persona.name if persona else account
