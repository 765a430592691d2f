"""One interaction from its first sign of life to the last part of its answer, whatever order Discord wants it in."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass, field
from enum import Enum, IntEnum
from typing import Any, Final, Protocol

from bot.platforms.discord.incoming import Asked, Kind
from bot.platforms.discord.render import EPHEMERAL, NO_MENTIONS

log = logging.getLogger("roadmate.discord")

Payload = dict[str, Any]  # JSON

ALREADY_ANSWERED: Final = 40060
TOO_LATE: Final = frozenset((10062, 10015, 50027))
"""Unknown interaction, unknown webhook, bad webhook token: three seconds, or fifteen minutes, have passed."""


class RefusedError(Exception):
    """Discord answered that it will not do something; sending the same again is of no use."""

    def __init__(self, status: int, code: int, sentence: str) -> None:
        super().__init__(f"{status} (code {code}): {sentence}")
        self.status = status
        self.code = code


class UnreachableError(Exception):
    """Discord could not be reached, or failed again and again; whether it did what it was asked is not known."""


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that goes along with a message, which names it in its ``attachments`` under id 0."""

    name: str
    data: bytes = field(repr=False)
    media_type: str = "image/png"


class Line(Protocol):
    """The way to Discord. Each method raises ``RefusedError`` or ``UnreachableError``."""

    async def answer(self, asked: Asked, body: Payload, upload: Upload | None = None) -> None:
        """Give the first answer to an interaction."""
        ...

    async def replace(self, asked: Asked, body: Payload, upload: Upload | None = None) -> None:
        """Put something in the place of the first answer, or of the pressed message."""
        ...

    async def follow(self, asked: Asked, body: Payload, upload: Upload | None = None) -> None:
        """Say something more."""
        ...

    async def withdraw(self, asked: Asked) -> None:
        """Take the first answer back."""
        ...


class Talk(Protocol):
    """What an answer is said with, whatever way somebody asked. Each method raises as those of ``Line`` do."""

    @property
    def is_open(self) -> bool:
        """Whether nothing was said yet, so that a modal may be shown and everything be chosen freely."""
        ...

    async def defer(self, *, hidden: bool) -> None:
        """Show that an answer will come, unless it came."""
        ...

    async def modal(self, modal: Payload) -> bool:
        """Show a form; returns False where that is impossible."""
        ...

    async def say(self, messages: list[Payload], *, hidden: bool, upload: Upload | None = None) -> None:
        """Say something new, for the asker alone if ``hidden``; ``upload`` goes with the first message."""
        ...

    async def edit(self, messages: list[Payload], *, upload: Upload | None = None) -> None:
        """Put an answer in the place of the pressed message."""
        ...

    async def nothing(self) -> None:
        """Leave everything as it is, and let the client know that it was heard."""
        ...


class _Answer(IntEnum):
    MESSAGE = 4
    THINKING = 5
    SILENCE = 6
    EDIT = 7
    CHOICES = 8
    MODAL = 9


class _State(Enum):
    OPEN = "nothing was said yet"
    THINKING = "a sign of waiting is shown"
    SILENT = "the press was acknowledged without a sign"
    ANSWERED = "the first answer was given"


class Exchange:
    """Says what belongs to one interaction. A sign of waiting and an answer never cross: each takes its turn."""

    def __init__(self, line: Line, asked: Asked) -> None:
        self._line = line
        self._asked = asked
        self._state = _State.OPEN
        self._hidden = False
        self._turn = asyncio.Lock()

    @property
    def is_open(self) -> bool:
        """Whether nothing was said yet, so that a modal may be shown and everything be chosen freely."""
        return self._state is _State.OPEN and not self._turn.locked()

    async def defer(self, *, hidden: bool) -> None:
        """Show that an answer will come, unless it came. On a pressed message nothing is shown; all stays possible."""
        async with self._turn:
            if self._state is not _State.OPEN:
                return
            if self._asked.on_message:
                await self._first({"type": _Answer.SILENCE}, _State.SILENT)
                return
            self._hidden = hidden and not self._asked.alone
            await self._first({"type": _Answer.THINKING, "data": _flagged({}, self._hidden)}, _State.THINKING)

    async def choices(self, choices: Payload) -> None:
        """Offer completions."""
        await self._first({"type": _Answer.CHOICES, "data": choices}, _State.ANSWERED)

    async def modal(self, modal: Payload) -> bool:
        """Show a form; returns False if something was said before, which makes that impossible."""
        async with self._turn:
            if self._state is not _State.OPEN:
                return False
            await self._first({"type": _Answer.MODAL, "data": modal}, _State.ANSWERED)
            return True

    async def say(self, messages: list[Payload], *, hidden: bool, upload: Upload | None = None) -> None:
        """Say something new, for the asker alone if ``hidden``; ``upload`` goes with the first message."""
        async with self._turn:
            await self._say(messages, hidden and not self._asked.alone, upload)

    async def _say(self, messages: list[Payload], hidden: bool, upload: Upload | None) -> None:
        first, *more = (_flagged(message, hidden) for message in messages)
        if self._state is _State.OPEN:
            await self._first({"type": _Answer.MESSAGE, "data": first}, _State.ANSWERED, upload)
        elif self._state is _State.THINKING and hidden == self._hidden:
            await self._line.replace(self._asked, first, upload)
            self._state = _State.ANSWERED
        elif self._state is _State.THINKING:
            # Who sees the sign of waiting cannot be changed, so it is completed, followed and taken back.
            await self._line.replace(self._asked, {"content": "…", "allowed_mentions": NO_MENTIONS})
            self._state = _State.ANSWERED
            await self._line.follow(self._asked, first, upload)
            await self._line.withdraw(self._asked)
        else:
            await self._line.follow(self._asked, first, upload)
        for message in more:
            await self._line.follow(self._asked, message)

    async def edit(self, messages: list[Payload], *, upload: Upload | None = None) -> None:
        """Put an answer in the place of the pressed message; further parts come after it, seen by the same people."""
        first, *more = messages
        if self._asked.on_plain:
            first = {**first, "content": None, "embeds": []}
        if self._asked.has_files and "attachments" not in first:
            first = {**first, "attachments": []}  # a file that no card shows any more would stay below it
        async with self._turn:
            if self._state is _State.OPEN:
                await self._first({"type": _Answer.EDIT, "data": first}, _State.ANSWERED, upload)
            else:
                await self._line.replace(self._asked, first, upload)
            hidden = not self._asked.on_public and not self._asked.alone
            for message in more:
                await self._line.follow(self._asked, _flagged(message, hidden))

    async def nothing(self) -> None:
        """Leave everything as it is, and let the client know that it was heard."""
        async with self._turn:
            if self._state is _State.OPEN and self._asked.on_message:
                await self._first({"type": _Answer.SILENCE}, _State.SILENT)
            elif self._state in (_State.OPEN, _State.THINKING):
                await self._say([{"content": "👍", "allowed_mentions": NO_MENTIONS}], not self._asked.alone, None)

    async def _first(self, body: Payload, then: _State, upload: Upload | None = None) -> None:
        try:
            await self._line.answer(self._asked, body, upload)
        except RefusedError as error:
            if error.code != ALREADY_ANSWERED:
                raise
            # Our own answer arrived though its receipt got lost, or an instance that is still stopping was faster.
            log.info("interaction %s was answered before", self._asked.id)
        self._state = then


def is_edit_possible(asked: Asked, *, only_you: bool) -> bool:
    """Whether an answer may take the place of the pressed message: never a private one that of a public one."""
    return asked.on_message and asked.kind in (Kind.PRESS, Kind.FORM) and not (only_you and asked.on_public)


def _flagged(message: Payload, hidden: bool) -> Payload:
    return {**message, "flags": message.get("flags", 0) | EPHEMERAL} if hidden else message
