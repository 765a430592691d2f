"""Posts on a surface of our own: rows of our own database, so each arrives exactly once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Protocol

from bot.kit import codec
from bot.kit.clock import Clock
from bot.kit.errors import StorageError
from bot.kit.posting import Address, NotSentError, Pace, Part, VanishedError
from bot.kit.reply import Reply

PACE: Final = Pace(chat=(50, timedelta(seconds=1)), group=None, bot=(200, timedelta(seconds=1)))
"""Our own page or screen: fast enough never to be noticed."""


class Messages(Protocol):
    """The port to where a surface keeps what the bot said."""

    async def add(self, *, chat: str, event: str, at: datetime, reply: Reply) -> int | None:
        """Keep a message and return its number; return None and keep nothing if this ``event`` left one before."""
        ...

    async def number(self, event: str) -> int | None:
        """Return the number of the message that an event left, or None if it left none."""
        ...

    async def replace(self, message: int, reply: Reply) -> bool:
        """Put another reply in the place of the bot's message; return False if it is gone."""
        ...

    async def remove(self, message: int) -> bool:
        """Remove one of the bot's messages; return False if it is gone."""
        ...


@dataclass(frozen=True, slots=True)
class Happening:
    """Something that came into a chat by itself, changed or went.

    Attributes:
        message: its number.
        reply: what it says now; None if it was taken back.
        is_new: whether it was not there before.
    """

    chat: str
    message: int
    reply: Reply | None
    is_new: bool


class KeptCourier:
    """Implements ``kit.posting.Courier``. An address is a chat as ``Where`` names it.

    ``happened`` is told of each change right after it is stored; ``is_open`` says whether the surface is there.
    """

    pace = PACE

    def __init__(
        self,
        platform: str,
        messages: Messages,
        clock: Clock,
        *,
        happened: Callable[[Happening], None],
        is_open: Callable[[], bool],
    ) -> None:
        self.platform = platform
        self._messages = messages
        self._clock = clock
        self._happened = happened
        self._is_open = is_open

    @property
    def is_ready(self) -> bool:
        """Whether the surface is open."""
        return self._is_open()

    def is_group(self, to: Address) -> bool:
        """Return False: there is no limit of its own for rooms."""
        return False

    def draw(self, to: Address, reply: Reply, title: str) -> Sequence[Part]:
        """Return the reply as it is kept; the surface draws it anew each time."""
        return [{"reply": codec.dump(reply)}]

    def remembers_nonce(self, to: Address, part: Part) -> timedelta | None:
        """Return a very long time: the nonce is a unique column."""
        return timedelta(days=3650)

    async def send(self, to: Address, part: Part, nonce: str) -> str:
        """Keep a message and tell the surface; the same nonce again changes nothing."""
        event, reply = f"post:{nonce}", codec.load(part["reply"])
        try:
            added = await self._messages.add(chat=to.chat, event=event, at=self._clock.now(), reply=reply)
            number = added if added is not None else await self._messages.number(event)
        except StorageError as error:
            raise NotSentError(str(error)) from error
        if added is not None:
            self._happened(Happening(to.chat, added, reply, is_new=True))
        return str(number) if number is not None else ""

    async def find(self, to: Address, part: Part, nonce: str, since: datetime) -> str | None:
        """Look for a message by its nonce."""
        try:
            number = await self._messages.number(f"post:{nonce}")
        except StorageError as error:
            raise NotSentError(str(error)) from error
        return str(number) if number is not None else None

    async def edit(self, to: Address, receipt: str, part: Part) -> None:
        """Put another reply in the place of a message."""
        reply = codec.load(part["reply"])
        try:
            kept = await self._messages.replace(int(receipt), reply)
        except StorageError as error:
            raise NotSentError(str(error)) from error
        self._tell(to, receipt, kept, reply)

    async def delete(self, to: Address, receipt: str) -> None:
        """Remove a message."""
        try:
            removed = await self._messages.remove(int(receipt))
        except StorageError as error:
            raise NotSentError(str(error)) from error
        self._tell(to, receipt, removed, None)

    def _tell(self, to: Address, receipt: str, was_there: bool, reply: Reply | None) -> None:
        if not was_there:
            raise VanishedError("the message is gone")
        self._happened(Happening(to.chat, int(receipt), reply, is_new=False))
