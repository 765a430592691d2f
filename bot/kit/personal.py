"""Declarations of what is stored about people: each owner of tables says it for each of them, beside its store.

From these values alone ``/privacy`` tells what is stored, exports it, erases it and forgets it when its time has come.
They hold no SQL: they name columns, and ``domain/personal`` makes the statements.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final

from bot.kit.database import Value

SECONDS: Final = 1
MICROSECONDS: Final = 1_000_000
"""Units of a column that holds a moment: how many make a second."""


@dataclass(frozen=True, slots=True)
class Kept:
    """How long rows are kept.

    Attributes:
        days: after so many whole days they are forgotten.
        since: the column with the moment from which the days count.
        unit: ``SECONDS`` or ``MICROSECONDS``, the unit of that column.
        by_owner: age alone does not tell, so the owner forgets them when the daily job asks it to.
    """

    days: int
    since: str
    unit: int = SECONDS
    by_owner: bool = False


@dataclass(frozen=True, slots=True)
class Parent:
    """A row that belongs to whom another row belongs to: ``column`` names the ``key`` of a row of ``table``."""

    column: str
    table: str
    key: str = "id"


@dataclass(frozen=True, slots=True)
class Personal:
    """A table with rows about people.

    A row is somebody's if any of the ways to find it says so. Tables are erased in the order they are declared, so rows
    that point at others come first.

    Attributes:
        table: its name.
        what: what its rows are, in plain words, marked with ``N_``.
        people: columns with the number of a person.
        accounts: columns with an account of ``platform``.
        chats: columns with a chat of ``platform``, found if it is somebody's own chat with the bot.
        platform: whose accounts and chats those are; empty: the column called ``platform`` says it.
        parent: whose row it belongs to.
        mentions: by column of JSON text, how an account stands in it, such as ``"id":{account}``.
        becomes: what columns become when the person is erased, while the rows stay; None: the rows go. A column of
            ``people`` changes only where it names the person. An empty ``what`` of rows that stay tells nothing.
        times: the unit of each column with a moment, for the export.
        kept: how long, or None: until it is erased.
        innocent: columns of rows that stay which sound like a person's and are not, each with the reason.
    """

    table: str
    what: str
    people: tuple[str, ...] = ()
    accounts: tuple[str, ...] = ()
    chats: tuple[str, ...] = ()
    platform: str = ""
    parent: Parent | None = None
    mentions: Mapping[str, str] = field(default_factory=dict)
    becomes: Mapping[str, Value] | None = None
    times: Mapping[str, int] = field(default_factory=dict)
    kept: Kept | None = None
    innocent: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not (self.people or self.accounts or self.chats or self.parent or self.mentions):
            raise ValueError(f"{self.table}: nothing says whose a row is")


@dataclass(frozen=True, slots=True)
class Spoken:
    """A table whose rows are shared, but may say somebody's name in columns of JSON or plain text.

    Erasing puts dots in the place of the name, as many as it is long, so that marks counted by position stay right.
    """

    table: str
    what: str
    key: tuple[str, ...]
    texts: tuple[str, ...]
    kept: Kept | None = None
    innocent: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Impersonal:
    """A table without anything about a person, and why; ``innocent`` as for ``Personal``."""

    table: str
    why: str
    kept: Kept | None = None
    innocent: Mapping[str, str] = field(default_factory=dict)


Declared = Personal | Spoken | Impersonal


@dataclass(frozen=True, slots=True)
class Owned:
    """Everything one owner of tables declares.

    Attributes:
        owner: the first word of its tables.
        tables: one declaration for each table and purpose, rows that point at others first.
        own_chat: for a platform, the chat that belongs to an account alone; None where that cannot be told.
    """

    owner: str
    tables: tuple[Declared, ...]
    own_chat: Callable[[str], str] | None = None
