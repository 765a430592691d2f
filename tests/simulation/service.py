"""A pretended chat service: what people see in each chat, and everything that can go wrong on the way there."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.kit.posting import (
    Address,
    DeliveryError,
    GoneError,
    MovedAwayError,
    NotSentError,
    Pace,
    Part,
    UnknownFateError,
    VanishedError,
    WaitFirstError,
)
from bot.kit.reply import Reply
from bot.kit.text import plain

LOST = "the bot was removed from the chat"
FAULTS = ("refused", "lost before", "lost after", "broken after", "wait", "slow")


@dataclass(slots=True)
class Shown:
    """A message as people see it."""

    number: int
    chat: str
    text: str
    nonce: str
    at: datetime
    edits: int = 0
    deleted: bool = False
    is_known: bool = False
    """Whether the bot was told that it arrived, and lived to store it."""
    is_left: bool = False
    """Whether it stands in a group that has moved since, where no bot can change it."""


@dataclass(slots=True)
class Service:
    """One platform. ``remembers`` is how long it knows a message by its nonce; None: it never does."""

    name: str
    random: random.Random
    now: Callable[[], datetime]
    trace: Callable[[str], None]
    is_clock_right: Callable[[], bool]
    limits: Pace
    remembers: timedelta | None = None
    searchable: bool = False
    faulty: float = 0.0
    messages: list[Shown] = field(default_factory=list)
    gone: set[str] = field(default_factory=set)
    lost: set[str] = field(default_factory=set)
    """Places in which it wanted to say something while it was not there."""
    moved: dict[str, str] = field(default_factory=dict)
    sent_at: list[tuple[datetime, str]] = field(default_factory=list)
    too_fast: int = 0
    begun: asyncio.Event = field(default_factory=asyncio.Event)
    """Set for a moment whenever a request to say something comes in."""

    def seen(self, chat: str) -> list[Shown]:
        """What can be read in a chat now."""
        return [shown for shown in self.messages if shown.chat == chat and not shown.deleted]

    def by_nonce(self, nonce: str, chat: str) -> Shown | None:
        """The message that the service still knows under a nonce."""
        if self.remembers is None:
            return None
        for shown in reversed(self.messages):
            if shown.nonce == nonce and shown.chat == chat and self.now() - shown.at <= self.remembers:
                return shown
        return None

    def is_too_fast(self, chat: str) -> float:
        """Seconds to wait before a message to ``chat`` is within the limits; 0 if it is now."""
        now = self.now()
        waits = [0.0]
        limits = [(self.limits.chat, chat), (self.limits.bot, None)]
        if self.limits.group is not None:
            limits.append((self.limits.group, chat))
        for (count, span), only in limits:
            recent = [at for at, where in self.sent_at if now - at < span and only in (None, where)]
            if len(recent) >= count:
                waits.append((recent[-count] + span - now).total_seconds())
        return max(waits)

    def move(self, chat: str, new: str) -> None:
        """A group becomes a supergroup, with a new id; what was said in it can be read and not changed."""
        self.moved[chat] = new
        for shown in self.messages:
            shown.is_left |= shown.chat == chat

    def next_fault(self) -> str:
        """Which trouble the next request has; mostly none."""
        return self.random.choice(FAULTS) if self.random.random() < self.faulty else ""


def place_of(to: Address) -> str:
    """Return a chat or thread as reports name it."""
    return f"{to.chat}/{to.thread}" if to.thread else to.chat


class ServiceCourier:
    """The ``Courier`` port over a pretended service. Once its process is dead, nothing it does has an effect."""

    def __init__(self, service: Service, pace: Pace, is_alive: Callable[[], bool]) -> None:
        self._service = service
        self._pace = pace
        self._is_alive = is_alive

    @property
    def platform(self) -> str:
        return self._service.name

    @property
    def pace(self) -> Pace:
        return self._pace

    @property
    def is_ready(self) -> bool:
        return True

    def is_group(self, to: Address) -> bool:
        return to.chat.startswith("-")

    def draw(self, to: Address, reply: Reply, title: str) -> Sequence[Part]:
        text = plain(reply.blocks).strip()
        return [{"text": line} for line in text.split("¶")]

    def remembers_nonce(self, to: Address, part: Part) -> timedelta | None:
        return self._service.remembers

    async def send(self, to: Address, part: Part, nonce: str) -> str:
        service = self._service
        wait = service.is_too_fast(to.chat)
        service.begun.set()
        service.begun = asyncio.Event()
        service.sent_at = [*service.sent_at[-200:], (service.now(), to.chat)]
        fault = await self._begin(to)
        if fault == "lost before":
            raise UnknownFateError("the connection broke")
        if wait > 0:
            service.too_fast += service.is_clock_right()
            service.trace(f"{service.name} too fast {to.chat}")
            raise WaitFirstError(timedelta(seconds=wait))
        known = service.by_nonce(nonce, to.chat)
        if known is not None:
            service.trace(f"{service.name} knows {nonce} as {known.number}")
            if known.deleted:
                return ""
        else:
            known = Shown(len(service.messages) + 1, to.chat, part["text"], nonce, service.now())
            service.messages.append(known)
            service.trace(f"{service.name} shows {known.number} in {to.chat}: {known.text}")
        await self._end(fault)
        known.is_known = True
        return str(known.number)

    async def find(self, to: Address, part: Part, nonce: str, since: datetime) -> str | None:
        await self._begin(to)
        if not self._service.searchable:
            raise UnknownFateError("messages of one's own cannot be read here")
        for shown in self._service.messages:
            if shown.nonce == nonce and shown.chat == to.chat:
                return str(shown.number)
        return None

    async def edit(self, to: Address, receipt: str, part: Part) -> None:
        fault = await self._begin(to)
        if fault == "lost before":
            raise UnknownFateError("the connection broke")
        shown = self._find(receipt, to)
        shown.text, shown.edits = part["text"], shown.edits + 1
        self._service.trace(f"{self._service.name} edits {receipt}: {shown.text}")
        await self._end(fault)

    async def delete(self, to: Address, receipt: str) -> None:
        fault = await self._begin(to)
        if fault == "lost before":
            raise UnknownFateError("the connection broke")
        self._find(receipt, to).deleted = True
        self._service.trace(f"{self._service.name} deletes {receipt}")
        await self._end(fault)

    def _find(self, receipt: str, to: Address) -> Shown:
        for shown in self._service.messages:
            if str(shown.number) == receipt and shown.chat == to.chat and not shown.deleted:
                return shown
        raise VanishedError(receipt)

    async def _begin(self, to: Address) -> str:
        service = self._service
        fault = service.next_fault()
        if fault:
            service.trace(f"{service.name} trouble: {fault}")
        await asyncio.sleep(service.random.uniform(0.01, 0.2) + (20 if fault == "slow" else 0))
        if not self._is_alive():
            await asyncio.Event().wait()  # a dead process hears nothing any more
        error: DeliveryError | None = None
        if to.chat in service.moved:
            error = MovedAwayError(Address(to.platform, service.moved[to.chat], to.thread))
        elif (place := place_of(to)) in service.gone:
            service.lost.add(place)
            error = GoneError(LOST, thread_only=to.thread != "")
        elif fault == "refused":
            error = NotSentError("503")
        elif fault == "wait":
            error = WaitFirstError(timedelta(seconds=service.random.choice((0.3, 5.0, 90.0))))
        if error is not None:
            raise error
        return fault

    async def _end(self, fault: str) -> None:
        await asyncio.sleep(self._service.random.uniform(0.01, 0.1))
        if not self._is_alive():
            await asyncio.Event().wait()
        if fault in ("lost after", "broken after"):
            raise UnknownFateError("no answer came")
