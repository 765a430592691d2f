"""How posts come to rest: done, given up, or waiting for a moderator; and what moderators are told of it."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Final

from bot.engine import reports
from bot.engine.outbox import Postbox
from bot.engine.reports import ReportButtons
from bot.engine.store.lanes import Lanes
from bot.engine.store.messages import Messages
from bot.engine.store.posts import Posts, report_to
from bot.kit.database import Row, Transaction
from bot.kit.posting import Address, GoneError, State
from bot.kit.reply import Reply

log = logging.getLogger("roadmate.outbox")
NOT_KNOWN: Final = "nobody knows whether it arrived"
Moved = Callable[[Transaction, Address, Address], Awaitable[None]]
"""Called in the unit of work in which a chat's posts follow it from its old address to its new one."""


async def _follow_nothing(tx: Transaction, old: Address, new: Address) -> None:
    """Leave everything but posts where it is."""


class Settling:
    """Ends claims. Every method holds for the claim of a fence and does nothing for an older one."""

    def __init__(self, outbox: Postbox, buttons: ReportButtons, moved: Moved = _follow_nothing) -> None:
        self._outbox = outbox
        self._buttons = buttons
        self._moved = moved
        self._posts = Posts()
        self._messages = Messages()
        self._lanes = Lanes()

    async def go_on(self, tx: Transaction, post: int, fence: int, to: Address, now: int) -> None:
        """End a claim after something went well: the next message at once, or the post is done."""
        await self._lanes.let_go(tx, to.platform, to.chat)
        await self._posts.go_on(tx, post, fence, now)
        await self._lanes.settle(tx, to.platform, to.chat, now)

    async def retry(self, tx: Transaction, post: int, row: Row, at: int, now: int, *, doubt: bool) -> None:
        """End a claim and try again at ``at``. ``doubt``: a message is of unknown fate until then."""
        state = State.UNKNOWN if doubt else State.SENT if row["sent_at"] is not None else State.PLANNED
        await self._rest(tx, post, row, state, at, None, now)

    async def fail(self, tx: Transaction, post: int, fence: int, why: str, now: int) -> None:
        """End a post that cannot be sent, and tell moderators."""
        row = await self._posts.held(tx, post, fence)
        if row is None:
            return
        await self._messages.leave(tx, post)
        await self._rest(tx, post, row, State.FAILED, None, why, now)
        log.warning("post %s failed: %s", post, why)
        to = Address(row["platform"], row["chat"], row["thread"])
        await self._tell(tx, f"{post}:{fence}:failed", row, reports.failed(row["key"], to, why))

    async def fail_undrawn(self, tx: Transaction, post: int, revision: int, why: str, now: int) -> None:
        """End a post whose latest edit cannot be drawn; one that was sent stays as it is."""
        current = await self._posts.get(tx, post)
        if current is None or current["revision"] != revision or (current["lease_until"] or 0) > now:
            return
        if current["sent_at"] is None:
            await self.fail(tx, post, current["fence"], why, now)
        elif await self._posts.note_drawn(tx, post, revision, now):
            await self.note_trouble(tx, post, current["fence"], current, why)

    async def note_trouble(self, tx: Transaction, post: int, fence: int, row: Row, why: str) -> None:
        """Keep why a sent post could not be changed, and tell moderators; the claim goes on."""
        await self._posts.note_why(tx, post, why)
        to = Address(row["platform"], row["chat"], row["thread"])
        await self._tell(tx, f"{post}:{fence}:failed", row, reports.failed(row["key"], to, why))

    async def give_up(self, tx: Transaction, post: int, fence: int, why: str, now: int) -> None:
        """End a post to a place that is closed. Moderators are told once, by the first post that can tell them."""
        row = await self._posts.held(tx, post, fence)
        if row is None:
            return
        await self._messages.leave(tx, post)
        done = row["sent_at"] is not None
        state = State.CANCELLED if row["withdrawn"] else State.SENT if done else State.FAILED
        await self._rest(tx, post, row, state, None, why, now)
        to, elsewhere = Address(row["platform"], row["chat"], row["thread"]), report_to(row)
        closed = await self._lanes.place(tx, to)
        is_thread = to.thread != "" and closed is not None and closed["disabled_at"] is not None
        place = to if is_thread else replace(to, thread="")
        if elsewhere is None or elsewhere == to or (not is_thread and replace(elsewhere, thread="") == place):
            return
        if await self._lanes.tell(tx, place):
            await self._tell(tx, f"{post}:{fence}:closed", row, reports.closed(place, why))

    async def ask(self, tx: Transaction, post: int, fence: int, row: Row, now: int) -> None:
        """Let a post wait until a moderator says what became of it."""
        await self._rest(tx, post, row, State.UNKNOWN, None, NOT_KNOWN, now)
        log.warning("post %s: %s", post, NOT_KNOWN)
        to = Address(row["platform"], row["chat"], row["thread"])
        await self._tell(tx, f"{post}:{fence}:unknown", row, reports.unknown(post, row["key"], to, self._buttons))

    async def close(self, tx: Transaction, post: int, fence: int, row: Row, gone: GoneError, now: int) -> None:
        """Give a destination up after its first refusal, with this post, and tell moderators once elsewhere."""
        to = Address(row["platform"], row["chat"], row["thread"])
        place = to if gone.thread_only else replace(to, thread="")
        await self._lanes.close(tx, place, str(gone), now)
        log.warning("%s is closed: %s", place, gone)
        await self.give_up(tx, post, fence, str(gone), now)

    async def move(self, tx: Transaction, post: int, row: Row, new: Address, now: int) -> None:
        """Let everything of a chat follow it to its new address; this post goes on at once."""
        old = Address(row["platform"], row["chat"], row["thread"])
        await self._lanes.move(tx, old, new, now)
        await self._moved(tx, old, new)
        log.info("%s moved to %s", old, new)

    async def _rest(
        self, tx: Transaction, post: int, row: Row, state: State, at: int | None, why: str | None, now: int
    ) -> None:
        await self._lanes.let_go(tx, row["platform"], row["chat"])
        await self._posts.schedule(tx, post, state=state, next_try=at, why=why)
        await self._lanes.settle(tx, row["platform"], row["chat"], now)

    async def _tell(self, tx: Transaction, event: str, row: Row, said: Reply) -> None:
        to = report_to(row)
        if to is not None:
            await self._outbox.post(tx, reports.report(event, to, said, row["community"]))
