"""Posts in the web chat: rows of our own database, so each arrives exactly once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Final

from bot.kit import codec
from bot.kit.clock import Clock
from bot.kit.errors import StorageError
from bot.kit.posting import Address, NotSentError, Pace, Part, VanishedError
from bot.kit.reply import Reply
from bot.platforms.web.cast import PLATFORM
from bot.platforms.web.live import Windows
from bot.platforms.web.store import MessageStore

PACE: Final = Pace(chat=(50, timedelta(seconds=1)), group=None, bot=(200, timedelta(seconds=1)))
"""Our own page: fast enough never to be noticed."""


class WebCourier:
    """Implements ``kit.posting.Courier``. An address is a chat as ``Where`` names it."""

    platform = PLATFORM
    pace = PACE

    def __init__(self, store: MessageStore, windows: Windows, clock: Clock, is_listening: Callable[[], bool]) -> None:
        self._store = store
        self._windows = windows
        self._clock = clock
        self._is_listening = is_listening

    @property
    def is_ready(self) -> bool:
        """Whether the chat is open."""
        return self._is_listening()

    def is_group(self, to: Address) -> bool:
        """Return False: there is no limit of its own for rooms."""
        return False

    def draw(self, to: Address, reply: Reply, title: str) -> Sequence[Part]:
        """Return the reply as it is kept; the page draws it anew each time."""
        return [{"reply": codec.dump(reply)}]

    def remembers_nonce(self, to: Address, part: Part) -> timedelta | None:
        """Return a very long time: the nonce is a unique column."""
        return timedelta(days=3650)

    async def send(self, to: Address, part: Part, nonce: str) -> str:
        """Keep a message and tell open windows; the same nonce again changes nothing."""
        event = f"post:{nonce}"
        try:
            await self._store.add(chat=to.chat, event=event, at=self._clock.now(), reply=codec.load(part["reply"]))
            number = await self._store.number(event)
        except StorageError as error:
            raise NotSentError(str(error)) from error
        self._windows.said(to.chat)
        return str(number) if number is not None else ""

    async def find(self, to: Address, part: Part, nonce: str, since: datetime) -> str | None:
        """Look for a message by its nonce."""
        try:
            number = await self._store.number(f"post:{nonce}")
        except StorageError as error:
            raise NotSentError(str(error)) from error
        return str(number) if number is not None else None

    async def edit(self, to: Address, receipt: str, part: Part) -> None:
        """Put another reply in the place of a message."""
        try:
            kept = await self._store.replace(int(receipt), codec.load(part["reply"]))
        except StorageError as error:
            raise NotSentError(str(error)) from error
        if not kept:
            raise VanishedError("the message is gone")
        self._windows.said(to.chat)

    async def delete(self, to: Address, receipt: str) -> None:
        """Remove a message; windows that are open show it until they are loaded again."""
        try:
            removed = await self._store.remove(int(receipt))
        except StorageError as error:
            raise NotSentError(str(error)) from error
        if not removed:
            raise VanishedError("the message is gone")
        self._windows.said(to.chat)
