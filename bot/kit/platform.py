"""The port to a place where people meet the bot."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from bot.kit.posting import Address, Courier, DeliveryError
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
        sentence: what is wrong, where "I lack" and the right do not say it; else empty.
    """

    right: str
    grant: str
    cost: str
    vital: bool = False
    sentence: str = ""


@dataclass(frozen=True, slots=True)
class Room:
    """A place of a community that posts may go to: a channel, thread or topic, and what people call it."""

    to: Address
    title: str


@dataclass(frozen=True, slots=True)
class Rank:
    """A role that a platform shows beside people's names.

    Attributes:
        id, name: the platform's own id, and what people call it.
        refused: why no bot should give it, in one sentence; empty for an ordinary one.
    """

    id: str
    name: str
    refused: str = ""


class RankRefusedError(DeliveryError):
    """The platform does not let the bot give or take a role; ``lack`` says what is missing and how to grant it."""

    def __init__(self, lack: Lacking) -> None:
        super().__init__(lack.right)
        self.lack = lack


class Ranks(Protocol):
    """The port to the roles a platform shows beside people's names, not to what people may do here (``Role``).

    ``here`` is any place of the community. Every method raises ``DeliveryError`` if the platform cannot be asked now.
    """

    async def find(self, here: Address, wanted: str) -> Sequence[Rank]:
        """Return the roles meant by a name, an id or a mention as people type it: one, several that fit, or none."""
        ...

    async def lacking(self, here: Address, rank: str) -> Lacking | None:
        """Return what the bot lacks to give a role, or None if it can."""
        ...

    async def give(self, here: Address, account: str, rank: str) -> None:
        """Give somebody a role; done again, it changes nothing.

        Raises ``RankRefusedError`` if the bot may not, ``GoneError`` if the person is not there any more.
        """
        ...

    async def take(self, here: Address, account: str, rank: str) -> None:
        """Take a role from somebody; done again, it changes nothing. Raises as ``give`` does."""
        ...


class Surroundings(Protocol):
    """The port to what a platform tells of the places the bot is in.

    Every method raises ``DeliveryError`` if it tells nothing just now.
    """

    @property
    def ranks(self) -> Ranks | None:
        """What gives people roles there; None where members have none."""
        ...

    @property
    def marks_polls(self) -> bool:
        """Whether polls are the platform's own: it marks what was right when one was sent, and shows who chose what."""
        ...

    async def lacking(self, to: Address) -> Sequence[Lacking]:
        """Return the rights that posting in a place needs and the bot does not have there, the vital ones first."""
        ...

    async def rooms(self, here: Address) -> Sequence[Room]:
        """Return the places of the same community that posts could go to, at most 25, ``here`` first.

        Where a platform tells no list (topics of a Telegram forum), ``here`` alone.
        """
        ...

    async def has(self, here: Address, account: str) -> bool:
        """Return whether somebody is in the community of a place now: neither gone nor banned."""
        ...


class Platform(Protocol):
    """A place where people meet the bot, from its start to its stop."""

    @property
    def name(self) -> str:
        """The platform's name, as stored with identities: lower-case letters."""
        ...

    @property
    def courier(self) -> Courier | None:
        """What brings posts there; None where nothing is ever said unasked."""
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
