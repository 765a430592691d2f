"""Keeps what the bot will say by itself, in the unit of work of the facts behind it. ``sender.py`` sends it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Final

from bot.engine.pacing import MICROSECOND, SECOND, micros
from bot.engine.store.lanes import Lanes
from bot.engine.store.messages import Messages
from bot.engine.store.posts import Posts
from bot.kit import codec
from bot.kit.clock import Clock
from bot.kit.database import Database, Row, Transaction
from bot.kit.posting import Address, Post, Posted, State
from bot.kit.reply import Reply

FRESH_WORD: Final = 3600 * SECOND
"""What a moderator sends again may take so long, whenever the post was to expire."""
KEPT: Final = timedelta(days=400)
"""How long a post and its key are remembered after it expired: longer than anything that could post it again."""


def _nobody() -> None:
    """Wake nobody: whoever sends looks by themselves within a second."""


class Postbox:
    """The ``Outbox`` port over the tables of ``migrations/0003_posts.sql``.

    ``ring`` is called inside the unit of work, on whichever thread it runs, after something to send was written.
    """

    def __init__(self, clock: Clock, ring: Callable[[], None] = _nobody) -> None:
        self._clock = clock
        self._ring = ring
        self._posts = Posts()
        self._messages = Messages()
        self._lanes = Lanes()

    async def post(self, tx: Transaction, post: Post) -> int:
        """Keep a post and return its id; a key that is known returns the id of the first."""
        now = micros(self._clock.now())
        turn = now if post.not_before is None else max(now, micros(post.not_before))
        to = await self._lanes.resolve(tx, post.to)
        report = post.report_to or Address("", "")
        made = await self._posts.add(
            tx,
            key=post.key,
            community=post.community,
            platform=to.platform,
            chat=to.chat,
            thread=to.thread,
            title=post.title,
            reply=codec.dump(post.reply),
            doubt=post.doubt.value,
            report_platform=report.platform,
            report_chat=report.chat,
            report_thread=report.thread,
            turn=turn,
            expires=turn + post.expires // MICROSECOND,
        )
        if made is None:
            return await self._posts.by_key(tx, post.key)
        await self._lanes.ring(tx, to.platform, to.chat, turn)
        self._ring()
        return made

    async def edit(self, tx: Transaction, post: int, reply: Reply) -> None:
        """Say something else in a post's place: before it is sent, instead of it; afterwards by editing it."""
        row = await self._posts.get(tx, post)
        text = codec.dump(reply)
        if row is None or row["withdrawn"] or row["reply"] == text or State(row["state"]) in _OVER:
            return
        now = micros(self._clock.now())
        next_try, turn = row["next_try"], row["turn"]
        if next_try is None and row["state"] == State.SENT:
            next_try, turn = now, now
        await self._posts.reword(tx, post, text, next_try=next_try, turn=turn)
        if next_try is not None:
            await self._wake(tx, row, next_try)

    async def delete(self, tx: Transaction, post: int) -> None:
        """Take a post back: not sent if it has not been yet, deleted if it has."""
        row = await self._posts.get(tx, post)
        if row is None or row["withdrawn"] or row["state"] == State.CANCELLED:
            return
        remains = await self._posts.withdraw(tx, post)
        if row["lease_until"] is not None:
            return  # whoever has it in hand sees it when they are done
        now = micros(self._clock.now())
        if remains:
            await self._posts.schedule(tx, post, state=row["state"], next_try=now, turn=now)
            await self._wake(tx, row, now)
            return
        await self._posts.schedule(tx, post, state=State.CANCELLED, next_try=None)
        await self._lanes.settle(tx, row["platform"], row["chat"], now)
        self._ring()

    async def fate(self, tx: Transaction, post: int) -> Posted | None:
        """Return what became of a post, or None if there never was one."""
        row = await self._posts.get(tx, post)
        if row is None:
            return None
        receipts = await self._messages.receipts(tx, post)
        return Posted(post, State(row["state"]), row["why"], receipts, row["community"])

    async def resend(self, tx: Transaction, post: int) -> bool:
        """Send what is of unknown fate once more; return False if nothing waits for such a word any more."""
        row = await self._waiting(tx, post)
        if row is None:
            return False
        now = micros(self._clock.now())
        await self._messages.answer_doubt(tx, post, again=True)
        expires = max(row["expires_at"], now + FRESH_WORD)
        await self._posts.schedule(tx, post, state=State.PLANNED, next_try=now, why="", turn=now, expires=expires)
        await self._wake(tx, row, now)
        return True

    async def leave(self, tx: Transaction, post: int) -> bool:
        """Take what is of unknown fate as delivered, and go on; return False as ``resend`` does."""
        row = await self._waiting(tx, post)
        if row is None:
            return False
        now = micros(self._clock.now())
        await self._messages.answer_doubt(tx, post, again=False)
        await self._posts.schedule(tx, post, state=row["state"], next_try=None, turn=now)
        if await self._posts.go_on(tx, post, row["fence"], now):
            await self._wake(tx, row, now)
        return True

    async def reopen(self, tx: Transaction, platform: str, chat: str) -> bool:
        """Send to a chat again that was given up, with all its threads; return whether it had been given up."""
        return await self._lanes.reopen(tx, platform, chat)

    async def counts(self, tx: Transaction) -> Mapping[State, int]:
        """Return how many posts are in each state."""
        return dict.fromkeys(State, 0) | {State(row[0]): int(row[1]) for row in await self._posts.counts(tx)}

    async def _waiting(self, tx: Transaction, post: int) -> Row | None:
        """Return the row of a post that waits for a moderator's word."""
        row = await self._posts.get(tx, post)
        if row is None or row["state"] != State.UNKNOWN or row["next_try"] is not None or row["withdrawn"]:
            return None
        return row

    async def _wake(self, tx: Transaction, row: Row, at: int) -> None:
        await self._lanes.ring(tx, row["platform"], row["chat"], at)
        self._ring()


_OVER: Final = frozenset((State.FAILED, State.CANCELLED))


async def forget_old_posts(database: Database, clock: Clock) -> int:
    """Drop posts that were settled long ago; return how many."""
    before = micros(clock.now() - KEPT)

    async def work(tx: Transaction) -> int:
        return await Posts().forget(tx, before)

    return await database.write(work)


async def note_use(database: Database, outbox: Postbox, platform: str, chat: str) -> bool:
    """Open a chat again in which somebody met the bot; costs one quick read unless it was closed."""

    async def look(tx: Transaction) -> bool:
        return await Lanes().is_closed(tx, platform, chat)

    async def work(tx: Transaction) -> bool:
        return await outbox.reopen(tx, platform, chat)

    return await database.read(look) and await database.write(work)
