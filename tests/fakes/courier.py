"""A platform to post to that behaves like the real ones, faults included, and remembers everything that arrived.

``FakePlatform`` is the world outside: it outlives the bot's process. ``FakeCourier`` is how the bot reaches it.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from bot.kit.clock import Clock
from bot.kit.posting import (
    Address,
    DeliveryError,
    GoneError,
    MovedAwayError,
    NotSentError,
    Pace,
    Part,
    RefusedPostError,
    UnknownFateError,
    VanishedError,
    WaitFirstError,
)
from bot.kit.reply import Reply, Tone
from bot.kit.text import plain

WIDE = (1_000_000, timedelta(seconds=1))
OPEN = Pace(chat=WIDE, group=None, bot=WIDE)
TELEGRAM = Pace(
    chat=(1, timedelta(seconds=1)), group=(20, timedelta(seconds=60)), bot=(30, timedelta(seconds=1)), at_once=30
)
DISCORD = Pace(chat=(5, timedelta(seconds=5)), group=None, bot=(50, timedelta(seconds=1)), at_once=30)


@dataclass(slots=True)
class Said:
    """One message as people see it."""

    id: str
    to: Address
    part: Part
    nonce: str
    at: datetime
    is_deleted: bool = False
    edits: int = 0

    @property
    def text(self) -> str:
        return str(self.part["text"])


@dataclass(frozen=True, slots=True)
class Fault:
    """What goes wrong with one call: ``error`` is raised, after the call had its effect if ``after``."""

    error: BaseException
    after: bool = False
    only: str = ""


def lost_after(only: str = "") -> Fault:
    """The platform did it, and the answer was lost."""
    return Fault(UnknownFateError("the connection broke"), after=True, only=only)


def lost_before(only: str = "") -> Fault:
    """The platform never heard of it, but nobody can tell."""
    return Fault(UnknownFateError("the connection broke"), only=only)


class Window:
    """Counts what came in a window of time by brute force."""

    def __init__(self, limit: tuple[int, timedelta]) -> None:
        self.most, self.span = limit
        self.came: deque[datetime] = deque()

    def wait(self, now: datetime) -> timedelta:
        """How long to wait before one more is allowed."""
        while self.came and self.came[0] <= now - self.span:
            self.came.popleft()
        return self.came[0] + self.span - now if len(self.came) >= self.most else timedelta()


@dataclass
class FakePlatform:
    """What is there outside of the bot, whatever becomes of its process.

    Attributes:
        limits: enforced in every window as a real platform would; None: no limits.
        nonces: how long it recognises a message by its nonce.
        moved: chats that have another id now.
        gone: chats, and (chat, thread) pairs, that refuse everything, and why.
        too_many: how often it had to refuse because of its limits.
    """

    clock: Clock
    limits: Pace | None = None
    nonces: timedelta | None = None
    said: list[Said] = field(default_factory=list)
    moved: dict[str, str] = field(default_factory=dict)
    gone: dict[str | tuple[str, str], str] = field(default_factory=dict)
    too_many: int = 0
    calls: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.chats: dict[str, Window] = {}
        self.groups: dict[str, Window] = {}
        self.everything = Window(self.limits.bot) if self.limits else None

    def visible(self, chat: str = "") -> list[Said]:
        return [said for said in self.said if not said.is_deleted and chat in {"", said.to.chat}]

    def texts(self, chat: str = "") -> list[str]:
        return [said.text for said in self.visible(chat)]

    def message(self, receipt: str) -> Said:
        """Return a message that is there; raise ``VanishedError`` otherwise."""
        found = next((said for said in self.said if said.id == receipt), None)
        if found is None or found.is_deleted:
            raise VanishedError(f"message {receipt} is not there")
        return found

    def enter(self, to: Address, *, is_group: bool, counts: bool) -> None:
        """Let a call in, or raise what the place or the limits make of it."""
        if to.chat in self.moved:
            raise MovedAwayError(replace(to, chat=self.moved[to.chat]))
        if to.chat in self.gone:
            raise GoneError(self.gone[to.chat])
        if (to.chat, to.thread) in self.gone:
            raise GoneError(self.gone[to.chat, to.thread], thread_only=True)
        if self.limits is None or not counts:
            return
        now = self.clock.now()
        windows = [self.chats.setdefault(to.chat, Window(self.limits.chat))]
        if is_group and self.limits.group:
            windows.append(self.groups.setdefault(to.chat, Window(self.limits.group)))
        assert self.everything is not None
        overall = self.everything.wait(now)
        pause = max(overall, *(window.wait(now) for window in windows))
        if pause > timedelta():
            self.too_many += 1
            raise WaitFirstError(pause, whole_bot=overall == pause)
        for window in (self.everything, *windows):
            window.came.append(now)

    def send(self, to: Address, part: Part, nonce: str, *, is_group: bool) -> str:
        now = self.clock.now()
        self.enter(to, is_group=is_group, counts=True)
        if part.get("refused"):
            raise RefusedPostError("nobody takes this")
        if self.nonces is not None:
            for old in self.said:
                if old.nonce == nonce and now < old.at + self.nonces:
                    return "" if old.is_deleted else old.id
        self.said.append(Said(f"m{len(self.said) + 1}", to, part, nonce, now))
        return self.said[-1].id


class FakeCourier:
    """The ``Courier`` port to a ``FakePlatform``.

    Faults are taken in order, each by the first call it fits; ``Fault.only`` names a method. ``can_find``: whether the
    platform can tell what arrived.
    """

    def __init__(
        self,
        world: FakePlatform,
        *,
        platform: str = "fake",
        pace: Pace = OPEN,
        can_find: bool = True,
        groups: bool = False,
    ) -> None:
        self.world = world
        self.faults: list[Fault] = []
        self.slow: dict[str, timedelta] = {}
        self.in_flight = 0
        self.most_in_flight = 0
        self.draws = 0
        self.version = ""
        self.is_ready = True
        self.pace = pace
        self.platform = platform
        self._can_find = can_find
        self._groups = groups

    def is_group(self, to: Address) -> bool:
        return self._groups

    def remembers_nonce(self, to: Address, part: Part) -> timedelta | None:
        return self.world.nonces

    def draw(self, to: Address, reply: Reply, title: str) -> Sequence[Part]:
        """One message for each block, or for all where the tone says that they belong together; buttons on the last."""
        self.draws += 1
        texts = [plain((block,)).strip() for block in reply.blocks]
        if reply.tone is not Tone.NEUTRAL:
            texts = ["\n".join(texts)]
        parts: list[dict[str, Any]] = [{"text": self.version + text} for text in texts]
        if any("undrawable" in part["text"] for part in parts):
            raise ValueError("a mistake in drawing")
        for part in parts:
            if "refuse me" in part["text"]:
                part["refused"] = True
        if parts and reply.buttons:
            parts[-1]["buttons"] = {button.label: button.data for row in reply.buttons for button in row}
        if parts and title:
            parts[0]["title"] = title
        return parts

    async def send(self, to: Address, part: Part, nonce: str) -> str:
        assert 1 <= len(nonce) <= 25
        fault = await self._begin("send", to)
        receipt = self.world.send(to, part, nonce, is_group=self._groups)
        self._end(fault)
        return receipt

    async def find(self, to: Address, part: Part, nonce: str, since: datetime) -> str | None:
        fault = await self._begin("find", to)
        self.world.enter(to, is_group=self._groups, counts=False)
        self._end(fault)
        if not self._can_find:
            raise UnknownFateError("this platform shows bots nothing")
        for said in self.world.said:
            if said.nonce == nonce and said.to == to and said.at >= since:
                return "" if said.is_deleted else said.id
        return None

    async def edit(self, to: Address, receipt: str, part: Part) -> None:
        fault = await self._begin("edit", to)
        self.world.enter(to, is_group=self._groups, counts=True)
        if part.get("refused"):
            raise RefusedPostError("nobody takes this")
        said = self.world.message(receipt)
        said.part = part
        said.edits += 1
        self._end(fault)

    async def delete(self, to: Address, receipt: str) -> None:
        fault = await self._begin("delete", to)
        self.world.enter(to, is_group=self._groups, counts=True)
        self.world.message(receipt).is_deleted = True
        self._end(fault)

    async def _begin(self, call: str, to: Address) -> Fault | None:
        self.world.calls.append(call)
        fault = next((fault for fault in self.faults if fault.only in {"", call}), None)
        if fault is not None:
            self.faults.remove(fault)
        if to.chat in self.slow:
            self.in_flight += 1
            self.most_in_flight = max(self.most_in_flight, self.in_flight)
            await self.world.clock.sleep_until(self.world.clock.now() + self.slow[to.chat])
            self.in_flight -= 1
        if fault is not None and not fault.after:
            raise fault.error
        return fault

    @staticmethod
    def _end(fault: Fault | None) -> None:
        if fault is not None:
            raise fault.error


__all__ = ["DISCORD", "OPEN", "TELEGRAM", "DeliveryError", "FakeCourier", "FakePlatform", "Fault", "NotSentError"]
