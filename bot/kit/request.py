"""What somebody asked, first as a platform heard it (``Incoming``), then as a feature gets it (``Request``)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from bot.kit.posting import Address


class Trigger(StrEnum):
    """How somebody asked."""

    COMMAND = "command"
    PRESS = "press"
    FORM = "form"
    ADDED = "added"
    """The bot was let into a group, channel or server, by ``sender`` (with an empty account where nobody knows)."""
    JOINED = "joined"
    """Somebody new, the ``sender``, came into a community the bot is in."""


class Setting(StrEnum):
    """The kind of place: alone with the bot, among others, or a one-way channel."""

    PRIVATE = "private"
    GROUP = "group"
    CHANNEL = "channel"


class Role(StrEnum):
    """What somebody may do in a community, from least to most."""

    STRANGER = "stranger"
    MEMBER = "member"
    HOST = "host"
    MODERATOR = "moderator"
    OWNER = "owner"

    @property
    def rank(self) -> int:
        """Higher may do more."""
        return list(Role).index(self)

    def may(self, needed: Role) -> bool:
        """Whether this role is enough where ``needed`` is asked for."""
        return self.rank >= needed.rank


@dataclass(frozen=True, slots=True)
class Sender:
    """Somebody as the platform knows them. ``account`` is the platform's own id."""

    account: str
    name: str
    role: Role = Role.MEMBER
    language: str = ""


@dataclass(frozen=True, slots=True)
class Where:
    """The place as the platform knows it. ``thread`` is empty outside threads and topics."""

    chat: str
    setting: Setting
    title: str = ""
    thread: str = ""


@dataclass(frozen=True, slots=True)
class Incoming:
    """One event from a platform.

    Attributes:
        platform: the platform's name.
        event: the platform's id of this event; a second delivery carries the same one.
        trigger: how they asked.
        text: a command as typed, slash included (``/roadmap 1.2``), or the data of a button or form.
        values: the fields of a form, or the typed options of a command on platforms that have them.
        on_public: for presses: whether everybody in the place can see the pressed message.
    """

    platform: str
    event: str
    trigger: Trigger
    sender: Sender
    where: Where
    text: str
    at: datetime
    values: Mapping[str, str] = field(default_factory=dict)
    on_public: bool = False


@dataclass(frozen=True, slots=True)
class Asker:
    """The person who asks, apart from any platform.

    Attributes:
        day_start: the hour at which their day begins.
        app_language: what the platform says their app is in, where it says so; answers are in ``language``.
    """

    person: int
    name: str
    role: Role
    language: str = "en"
    zone: str = "UTC"
    day_start: int = 4
    app_language: str = ""

    def today(self, now: datetime) -> date:
        """Return the person's own study day at the moment ``now`` (aware)."""
        return (now.astimezone(ZoneInfo(self.zone)) - timedelta(hours=self.day_start)).date()


@dataclass(frozen=True, slots=True)
class Request:
    """What a feature gets to answer.

    Attributes:
        asker: who asks.
        community: the community's id, or None in a private chat that belongs to none.
        setting: the kind of place.
        public: whether the answer, unless marked otherwise, will be seen by others.
        trigger: how they asked.
        at: when, aware, UTC.
        values: the fields of a form.
        place: what people call where they asked; empty in private.
        language: in which to answer: the community's where everybody reads it, else the asker's.
        settings: what the asker and the community have set, by name (``Preference.of`` reads it).
        community_zone: the zone of the community's wall, an IANA name.
        here: where they asked, as posts are addressed; None in tests of single features.
    """

    asker: Asker
    community: int | None
    setting: Setting
    public: bool
    trigger: Trigger
    at: datetime
    values: Mapping[str, str] = field(default_factory=dict)
    here: Address | None = None
    settings: Mapping[str, str] = field(default_factory=dict)
    community_zone: str = "UTC"
    place: str = ""
    language: str = "en"
