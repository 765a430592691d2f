"""The port to a place where people meet the bot."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from bot.kit.posting import Address, Courier
from bot.kit.reply import Reply
from bot.kit.request import Incoming


class Delivery(StrEnum):
    """Where an answer belongs."""

    NEW = "new"
    EDIT = "edit"
    NOTICE = "notice"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Answer:
    """What the engine answers an event: a reply, where it belongs, and whether only the asker may see it."""

    reply: Reply
    delivery: Delivery
    only_you: bool


Respond = Callable[[Incoming], Awaitable[Answer]]
"""What a platform calls for each event. Never raises: every error has become a kind reply."""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """One completion offered while somebody types: ``value`` is put in, ``label`` is shown (at most 100 characters)."""

    label: str
    value: str


Suggest = Callable[[str, str], list[Suggestion]]
"""Completions for a parameter: called with what the parameter suggests (``topic``) and the text so far; from memory."""


@dataclass(frozen=True, slots=True)
class Lacking:
    """A right the bot does not have in a place.

    Attributes:
        right: what the platform calls it where people grant it.
        grant: how to grant it, in one sentence.
        cost: what does not work without it, in one sentence.
        vital: whether nothing can be posted there at all without it.
    """

    right: str
    grant: str
    cost: str
    vital: bool = False


@dataclass(frozen=True, slots=True)
class Room:
    """A place of a community that posts may go to: a channel, thread or topic, and what people call it."""

    to: Address
    title: str


class Surroundings(Protocol):
    """The port to what a platform tells of the places the bot is in.

    Both methods raise ``DeliveryError`` if it tells nothing just now.
    """

    async def lacking(self, to: Address) -> Sequence[Lacking]:
        """Return the rights that posting in a place needs and the bot does not have there, the vital ones first."""
        ...

    async def rooms(self, here: Address) -> Sequence[Room]:
        """Return the places of the same community that posts could go to, at most 25, ``here`` first.

        Where a platform tells no list (topics of a Telegram forum), ``here`` alone.
        """
        ...


class Platform(Protocol):
    """A place where people meet the bot, from its start to its stop."""

    @property
    def name(self) -> str:
        """The platform's name, as stored with identities: lower-case letters."""
        ...

    @property
    def courier(self) -> Courier | None:
        """What brings posts there; None where nothing is ever said unasked, as in a terminal."""
        ...

    @property
    def surroundings(self) -> Surroundings | None:
        """What tells about rights and rooms there; None where nothing is ever said unasked."""
        ...

    async def start(self, respond: Respond) -> None:
        """Begin to listen; returns once people can be answered. Raises ``SettingsError`` if that cannot work."""
        ...

    async def wait(self) -> None:
        """Return when the platform has ended by itself (the terminal at end of input); never for servers."""
        ...

    async def stop(self) -> None:
        """Stop listening, finish what is in hand within five seconds, let go of everything."""
        ...
