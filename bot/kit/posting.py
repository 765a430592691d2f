"""Posts: what the bot says by itself, kept before it is sent, so that nothing is lost and nothing is said twice.

Features write posts through ``Outbox`` in the unit of work of the facts behind them. The engine hands them to the
``Courier`` of a platform, which tells by the error it raises what became of a message.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Protocol

from bot.kit.database import Transaction
from bot.kit.reply import Reply

Part = Mapping[str, Any]
"""One message of a post as its platform drew it: JSON values only, the same for the same reply and place."""


@dataclass(frozen=True, slots=True)
class Address:
    """Where a post goes, in the platform's own ids. ``thread`` is empty outside threads and topics."""

    platform: str
    chat: str
    thread: str = ""


class Doubt(StrEnum):
    """What to do about a message of which nobody knows whether it arrived, once probing has not told."""

    REPEAT = "repeat"
    ASK = "ask"


class State(StrEnum):
    """Where a post stands."""

    PLANNED = "planned"
    SENDING = "sending"
    SENT = "sent"
    UNKNOWN = "unknown"
    FAILED = "failed"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Post:
    """Something to say.

    Attributes:
        to: where.
        reply: what.
        key: names this post for ever, such as ``digest:7:2026-11-21``; a second post under the same key is the first.
        community: whose it is, or None.
        not_before: not sent earlier than this, aware; None: at once.
        expires: given up this long after it could first be sent.
        doubt: what to do if its fate stays unknown: say it again (a reminder) or ask a moderator (a quiz).
        report_to: where moderators read about trouble with it; None: nobody is told.
        title: the name of the thread or forum entry to open with it; empty: an ordinary message.
    """

    to: Address
    reply: Reply
    key: str
    community: int | None = None
    not_before: datetime | None = None
    expires: timedelta = timedelta(hours=12)
    doubt: Doubt = Doubt.ASK
    report_to: Address | None = None
    title: str = ""


@dataclass(frozen=True, slots=True)
class Posted:
    """What became of a post.

    Attributes:
        id, community: which post, and whose.
        state, why: where it stands, and why if something went wrong; ``why`` may be set for a sent post that could
            not be edited.
        receipts: the platform's ids of its messages that are there, in order.
    """

    id: int
    state: State
    why: str
    receipts: tuple[str, ...]
    community: int | None = None


class Outbox(Protocol):
    """The port features say things through. Everything happens inside the caller's unit of work."""

    async def post(self, tx: Transaction, post: Post) -> int:
        """Keep a post and return its id; a key that is known returns the id of the first."""
        ...

    async def edit(self, tx: Transaction, post: int, reply: Reply) -> None:
        """Say something else in a post's place: before it is sent, instead of it; afterwards by editing it.

        The latest edit counts. A post that failed, was taken back or never was is left alone.
        """
        ...

    async def delete(self, tx: Transaction, post: int) -> None:
        """Take a post back: not sent if it has not been yet, deleted if it has; its state becomes ``cancelled``."""
        ...

    async def fate(self, tx: Transaction, post: int) -> Posted | None:
        """Return what became of a post, or None if there never was one."""
        ...

    async def resend(self, tx: Transaction, post: int) -> bool:
        """Send what is of unknown fate once more; return False if nothing waits for such a word any more."""
        ...

    async def leave(self, tx: Transaction, post: int) -> bool:
        """Take what is of unknown fate as delivered, and go on; return False as ``resend`` does."""
        ...

    async def reopen(self, tx: Transaction, platform: str, chat: str) -> bool:
        """Send to a chat again that was given up, with all its threads; return whether it had been given up.

        To be called when somebody asks the bot something there or lets it in again.
        """
        ...

    async def counts(self, tx: Transaction) -> Mapping[State, int]:
        """Return how many posts are in each state."""
        ...


class DeliveryError(Exception):
    """A message did not certainly arrive. Its subclasses say what is known."""


class WaitFirstError(DeliveryError):
    """Not sent: the platform asks to wait. ``whole_bot``: it means every chat, not this one alone."""

    def __init__(self, pause: timedelta, *, whole_bot: bool = False) -> None:
        super().__init__(f"the platform asks to wait {pause.total_seconds():g} s")
        self.pause = pause
        self.whole_bot = whole_bot


class NotSentError(DeliveryError):
    """Certainly not sent, for a reason that passes: no connection, an overloaded server."""


class UnknownFateError(DeliveryError):
    """It may have been sent: the connection broke after the request went out, or no answer came in time."""


class RefusedPostError(DeliveryError):
    """The platform will never take this message as it is; the destination is fine."""


class GoneError(DeliveryError):
    """The destination cannot be written to any more: removed, blocked, deleted, no right. The text says which.

    ``thread_only``: only the thread is lost, the chat around it is fine.
    """

    def __init__(self, why: str, *, thread_only: bool = False) -> None:
        super().__init__(why)
        self.thread_only = thread_only


class MovedAwayError(DeliveryError):
    """The destination has another address now; not sent. ``new`` keeps the thread if only the chat has a new id."""

    def __init__(self, new: Address) -> None:
        super().__init__(f"it moved to {new.chat}")
        self.new = new


class VanishedError(DeliveryError):
    """The message to edit or delete is not there any more."""


@dataclass(frozen=True, slots=True)
class Pace:
    """How fast a platform lets a bot post. Each is a number of messages in a span of time.

    Attributes:
        chat: to one chat.
        group: to one group, on top of ``chat``; None where there is no such limit.
        bot: to all chats together.
        at_once: most messages in flight.
    """

    chat: tuple[int, timedelta]
    group: tuple[int, timedelta] | None
    bot: tuple[int, timedelta]
    at_once: int = 30


class Courier(Protocol):
    """The port to a platform's way of posting. Answers to people never pass here, so they never wait behind posts.

    ``send``, ``find``, ``edit`` and ``delete`` raise a ``DeliveryError`` that tells what is known, and give up by
    themselves after a while (at most two minutes). Anything else they raise counts as an unknown fate. The other
    methods are pure, quick, and may be called from any thread.
    """

    @property
    def platform(self) -> str:
        """The platform's name."""
        ...

    @property
    def pace(self) -> Pace:
        """How fast it may post."""
        ...

    @property
    def is_ready(self) -> bool:
        """Whether the platform can be reached at the moment; posts wait until it can."""
        ...

    def is_group(self, to: Address) -> bool:
        """Whether the limit for groups holds there."""
        ...

    def draw(self, to: Address, reply: Reply, title: str) -> Sequence[Part]:
        """Return the messages of a reply, within every limit; the same every time."""
        ...

    def remembers_nonce(self, to: Address, part: Part) -> timedelta | None:
        """Return how long the platform can tell by its nonce that this message was sent; None: not at all.

        While it can, a message of unknown fate is simply sent again; afterwards ``find`` is asked first.
        """
        ...

    async def send(self, to: Address, part: Part, nonce: str) -> str:
        """Send one message and return the platform's id of it.

        ``nonce`` (at most 25 characters) is the same for every attempt at the same message; a platform that can tell
        by it that the message was sent before sends nothing and returns the id of the first, or ``""`` if the first
        was deleted since.
        """
        ...

    async def find(self, to: Address, part: Part, nonce: str, since: datetime) -> str | None:
        """Look whether a message of unknown fate arrived; return its id, or None if it certainly did not.

        Raises ``UnknownFateError`` where the platform offers no way to tell, ``NotSentError`` if it could not be asked
        just now. ``since`` is when it was first tried; messages drawn alike before that are others.
        """
        ...

    async def edit(self, to: Address, receipt: str, part: Part) -> None:
        """Put ``part`` in the place of a message."""
        ...

    async def delete(self, to: Address, receipt: str) -> None:
        """Delete a message."""
        ...
