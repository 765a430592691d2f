"""What to do next: one unit of work that finds due posts, keeps the pace, and claims one message of each.

An errand is one call of a courier. It belongs to whoever claimed it until its lease ends; its fence, which goes up with
each claim, keeps everybody else's late words out.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from bot.engine.pacing import MICROSECOND, SECOND, Rate
from bot.engine.settling import Settling
from bot.engine.store.lanes import Lanes
from bot.engine.store.messages import Messages
from bot.engine.store.posts import Posts
from bot.kit.database import Row, Transaction, Value
from bot.kit.posting import Address, Courier, Part, State

LEASE: Final = 10 * SECOND
NONCE_SHARE: Final = (4, 5)  # of the time a platform remembers a nonce; the rest is for the way there
NONCE_BYTES: Final = 12  # 24 hexadecimal digits; Discord takes 25 characters


class Kind(StrEnum):
    """What a courier is asked to do."""

    SEND = "send"
    FIND = "find"
    EDIT = "edit"
    DELETE = "delete"


@dataclass(frozen=True, slots=True)
class Errand:
    """One call of a courier.

    Attributes:
        post, number, fence: which message, and under which claim.
        kind: what to do with it.
        to: where.
        part: the message as JSON text.
        nonce, receipt: the message's own id, and the platform's if it has one.
        since: when it was first tried, in microseconds, if its fate is unknown.
        until: when the claim ends, in microseconds.
    """

    post: int
    number: int
    fence: int
    kind: Kind
    to: Address
    part: str
    nonce: str
    receipt: str
    since: int | None
    until: int


@dataclass(frozen=True, slots=True)
class Undrawn:
    """A post to be drawn: its reply as JSON text and the number of the edit."""

    post: int
    revision: int
    to: Address
    reply: str
    title: str


@dataclass(frozen=True, slots=True)
class Drawn:
    """The messages of a post as JSON texts; None if it could not be drawn."""

    post: int
    revision: int
    parts: tuple[str, ...] | None


@dataclass(slots=True)
class Round:
    """What one look found: errands to run, posts to draw, and when to look again (microseconds; None: no need)."""

    errands: list[Errand] = field(default_factory=list)
    undrawn: list[Undrawn] = field(default_factory=list)
    next_due: int | None = None

    def look_at(self, moment: int) -> None:
        """Look again at ``moment`` at the latest."""
        self.next_due = moment if self.next_due is None else min(self.next_due, moment)


class Rates:
    """A courier's pace as arithmetic."""

    def __init__(self, courier: Courier) -> None:
        pace = courier.pace
        self.courier = courier
        self.at_once = pace.at_once
        self.chat = Rate.of(pace.chat)
        self.group = None if pace.group is None else Rate.of(pace.group)
        self.bot = Rate.of(pace.bot)


class Claims:
    """Finds and claims errands, and keeps what was drawn."""

    def __init__(self, settling: Settling) -> None:
        self._settling = settling
        self._posts = Posts()
        self._messages = Messages()
        self._lanes = Lanes()

    async def keep_drawn(self, tx: Transaction, drawn: Sequence[Drawn], salt: str, now: int) -> None:
        """Store messages before the first attempt, so that every later attempt is at the same ones."""
        rows: list[dict[str, Value]] = []
        for sketch in drawn:
            if not sketch.parts:
                why = "it could not be drawn" if sketch.parts is None else "there is nothing to say in it"
                await self._settling.fail_undrawn(tx, sketch.post, sketch.revision, why, now)
            elif await self._posts.note_drawn(tx, sketch.post, sketch.revision, now):
                known = [] if sketch.revision == 1 else await self._messages.all_of(tx, sketch.post)
                rows += await self._changes(tx, sketch, {int(row["number"]): row for row in known}, salt)
        if rows:
            await self._messages.put(tx, rows)

    async def _changes(
        self, tx: Transaction, sketch: Drawn, known: dict[int, Row], salt: str
    ) -> list[dict[str, Value]]:
        """Return the rows that turn the messages there are into the drawn ones."""
        rows: list[dict[str, Value]] = []
        parts = sketch.parts or ()
        for number, part in enumerate(parts):
            row = known.get(number)
            is_new = row is None or (row["receipt"] is None and row["tried_at"] is None)
            values: dict[str, Value] = {"post": sketch.post, "number": number, "gone": 0}
            if row is None or is_new:
                values |= {"part": part, "wanted": None, "todo": "send"}
            elif row["receipt"] == "":
                continue  # it was deleted by somebody, or nobody knows its id
            else:
                same = row["part"] == part
                todo = "send" if row["receipt"] is None else "" if same else "edit"
                values |= {"part": row["part"], "wanted": None if same else part, "todo": todo}
            nonce = nonce_of(salt, sketch.post, number, sketch.revision) if row is None else row["nonce"]
            rows.append(values | {"nonce": nonce})
        for number, row in known.items():
            if number < len(parts) or row["receipt"] == "":
                continue
            if row["receipt"] is None and row["tried_at"] is None:
                await self._messages.drop(tx, sketch.post, number)
                continue
            todo = "send" if row["receipt"] is None else "delete"
            values = {"post": sketch.post, "number": number, "part": row["part"], "wanted": None}
            rows.append(values | {"nonce": row["nonce"], "todo": todo, "gone": 1})
        return rows

    async def claim(self, tx: Transaction, rates: Rates, now: int, room: int, found: Round) -> None:
        """Add errands of one platform to ``found``, at most ``room``, and when to look again."""
        platform = rates.courier.platform
        bot_free = was_free = await self._lanes.take_bot(tx, platform)
        left = min(room, rates.bot.room(bot_free, now))
        claims = _Batch()
        seen: set[int] = set()  # posts to be drawn; they stay due
        while left > 0:
            heads = await self._posts.heads(tx, platform, now, left + len(seen))
            fresh = [head for head in heads if head["id"] not in seen]
            if not fresh:
                break
            for head in fresh:
                errand = await self._consider(tx, rates, head, now, found, seen)
                if errand is not None:
                    bot_free = rates.bot.take(bot_free, now)
                    claims.add(errand, head, rates, now)
                    found.errands.append(errand)
                if errand is not None or head["id"] in seen:
                    left -= 1
            await claims.store(tx, self._posts, self._lanes, now)
        if bot_free != was_free:
            await self._lanes.free_bot(tx, platform, bot_free)
        due = await self._lanes.next_due(tx, platform, now)
        if due is not None:
            found.look_at(due)
        if bot_free > now and len(seen) == 0 and room > 0 and await self._lanes.is_due(tx, platform, now):
            found.look_at(bot_free)

    async def _consider(
        self, tx: Transaction, rates: Rates, head: Row, now: int, found: Round, seen: set[int]
    ) -> Errand | None:
        """Return what to do for the first post of a chat now, or None after seeing to it that it is not due."""
        platform, chat, post = rates.courier.platform, head["chat"], int(head["id"])
        to = Address(platform, chat, head["thread"])
        if head["next_try"] > now:
            await self._lanes.put_off(tx, platform, chat, head["next_try"])
            return None
        if head["closed"] is not None:
            await self._settling.give_up(tx, post, head["fence"], head["closed"], now)
            return None
        is_late = head["expires_at"] <= now and head["sent_at"] is None
        if head["reply"] is not None and not head["withdrawn"]:
            if is_late and head["drawn"] == 0:
                await self._settling.fail(tx, post, head["fence"], "too late", now)
                return None
            found.undrawn.append(Undrawn(post, head["revision"], to, head["reply"], head["title"]))
            seen.add(post)
            return None
        row = await self._messages.first_todo(tx, post)
        if row is None:
            await self._settling.go_on(tx, post, head["fence"], to, now)
            return None
        kind = _kind(rates.courier, to, row, now, is_late=is_late)
        if kind is Kind.SEND and is_late:
            await self._settling.fail(tx, post, head["fence"], "too late", now)
            return None
        free = head["free_at"]
        if rates.group is not None and rates.courier.is_group(to):
            free = max(free, head["group_free_at"])
        if kind is not Kind.FIND and free > now:
            await self._lanes.put_off(tx, platform, chat, free)
            return None
        part = row["wanted"] if kind is Kind.EDIT and row["wanted"] is not None else row["part"]
        return Errand(
            post=post,
            number=row["number"],
            fence=head["fence"] + 1,
            kind=kind,
            to=to,
            part=part,
            nonce=row["nonce"],
            receipt=row["receipt"] or "",
            since=row["tried_at"],
            until=now + LEASE,
        )


@dataclass(slots=True)
class _Batch:
    """Claims that are stored together."""

    lanes: list[dict[str, Value]] = field(default_factory=list)
    posts: list[dict[str, Value]] = field(default_factory=list)
    sends: list[dict[str, Value]] = field(default_factory=list)

    def add(self, errand: Errand, head: Row, rates: Rates, now: int) -> None:
        free, group = head["free_at"], head["group_free_at"]
        if errand.kind is not Kind.FIND:
            free = rates.chat.take(free, now)
            if rates.group is not None and rates.courier.is_group(errand.to):
                group = rates.group.take(group, now)
        at: dict[str, Value] = {"platform": errand.to.platform, "chat": errand.to.chat}
        self.lanes.append(at | {"until": errand.until, "free": free, "group": group})
        if errand.since is not None and errand.kind in {Kind.SEND, Kind.FIND}:
            state = State.UNKNOWN
        elif head["sent_at"] is not None:
            state = State.SENT
        else:
            state = State.SENDING
        self.posts.append({"post": errand.post, "state": state.value, "until": errand.until, "fence": errand.fence})
        if errand.kind is Kind.SEND:
            self.sends.append({"post": errand.post, "number": errand.number, "now": now})

    async def store(self, tx: Transaction, posts: Posts, lanes: Lanes, now: int) -> None:
        if self.posts:
            await lanes.claim(tx, self.lanes)
            await posts.claim(tx, self.posts, self.sends)
        self.lanes, self.posts, self.sends = [], [], []


def _kind(courier: Courier, to: Address, row: Row, now: int, *, is_late: bool) -> Kind:
    """Return what to do about a message."""
    if row["todo"] != "send":
        return Kind(row["todo"])
    if row["tried_at"] is None:
        return Kind.SEND
    if row["gone"] or is_late:
        return Kind.FIND
    part: Part = json.loads(row["part"])
    remembered = courier.remembers_nonce(to, part)
    if remembered is None:
        return Kind.FIND
    some, whole = NONCE_SHARE
    safe = remembered // MICROSECOND * some // whole
    return Kind.SEND if now < row["tried_at"] + safe else Kind.FIND


def nonce_of(salt: str, post: int, number: int, revision: int) -> str:
    """Return the id of a message under which a platform may tell that it was sent before."""
    return hashlib.blake2s(f"{salt}:{post}:{number}:{revision}".encode(), digest_size=NONCE_BYTES).hexdigest()
