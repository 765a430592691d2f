"""The port to what a platform tells of places, with whatever a test puts into it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field

from bot.kit.platform import Lacking, Rank, RankRefusedError, Ranks, Room
from bot.kit.posting import Address, GoneError, NotSentError


@dataclass
class FakeSurroundings:
    """Tells of ``others`` besides the place asked about, and which rights are missing where."""

    others: list[Room] = field(default_factory=list)
    missing: dict[str, list[Lacking]] = field(default_factory=dict)
    """By thread."""
    gone: dict[str, Exception] = field(default_factory=dict)
    is_silent: bool = False
    ranks: Ranks | None = None
    marks_polls: bool = False
    left: set[str] = field(default_factory=set)
    """Accounts that are not in the community any more."""

    async def lacking(self, to: Address) -> Sequence[Lacking]:
        """Return what is missing there."""
        if to.thread in self.gone:
            raise self.gone[to.thread]
        if self.is_silent:
            raise NotSentError("no connection")
        return self.missing.get(to.thread, [])

    async def rooms(self, here: Address) -> Sequence[Room]:
        """Return the place itself and the others."""
        if self.is_silent:
            raise NotSentError("no connection")
        return [Room(here, "Hall"), *self.others]

    async def has(self, here: Address, account: str) -> bool:
        """Return whether an account has not left."""
        if self.is_silent:
            raise NotSentError("no connection")
        return account not in self.left


@dataclass
class FakeRanks:
    """Roles of one server: those it has, who wears which, and what stands in the way."""

    known: list[Rank] = field(default_factory=list)
    worn: dict[str, set[str]] = field(default_factory=dict)
    """By account."""
    lack: Lacking | None = None
    left: set[str] = field(default_factory=set)
    is_silent: bool = False
    asked: list[str] = field(default_factory=list)
    before_giving: Callable[[], Awaitable[None]] | None = None
    """What happens, once, while a role is on its way to somebody."""

    async def find(self, here: Address, wanted: str) -> Sequence[Rank]:
        """Return roles of that name or id, else those whose name contains it."""
        self._speak()
        exact = [rank for rank in self.known if wanted in (rank.id, rank.name)]
        return exact or [rank for rank in self.known if wanted.lower() in rank.name.lower()]

    async def lacking(self, here: Address, rank: str) -> Lacking | None:
        """Return what stands in the way."""
        self._speak()
        return self.lack

    async def give(self, here: Address, account: str, rank: str) -> None:
        """Let somebody wear a role."""
        meanwhile, self.before_giving = self.before_giving, None
        if meanwhile is not None:
            await meanwhile()
        self._change(here, account).add(rank)

    async def take(self, here: Address, account: str, rank: str) -> None:
        """Let somebody wear it no more."""
        self._change(here, account).discard(rank)

    def _change(self, here: Address, account: str) -> set[str]:
        self.asked.append(here.chat)
        self._speak()
        if account in self.left:
            raise GoneError("not there any more")
        if self.lack is not None:
            raise RankRefusedError(self.lack)
        return self.worn.setdefault(account, set())

    def _speak(self) -> None:
        if self.is_silent:
            raise NotSentError("no connection")
