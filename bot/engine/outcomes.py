"""What a courier's word means for a post: each outcome of an errand becomes what is stored."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import Final

from bot.engine.errands import Errand, Kind
from bot.engine.pacing import MICROSECOND, pause_after
from bot.engine.settling import NOT_KNOWN, Settling
from bot.engine.store.lanes import Lanes
from bot.engine.store.messages import Messages
from bot.engine.store.posts import Posts
from bot.kit.database import Row, Transaction
from bot.kit.posting import (
    DeliveryError,
    Doubt,
    GoneError,
    MovedAwayError,
    NotSentError,
    RefusedPostError,
    UnknownFateError,
    VanishedError,
    WaitFirstError,
)

log = logging.getLogger("roadmate.outbox")
Outcome = str | None | DeliveryError
"""A receipt (empty for edits and deletions), None for a message that ``find`` knows is not there, or the error."""
UNCHANGEABLE: Final = "it was sent, but could not be changed: {why}"


class Outcomes:
    """Stores how errands ended."""

    def __init__(self, settling: Settling) -> None:
        self._settling = settling
        self._posts = Posts()
        self._messages = Messages()
        self._lanes = Lanes()

    async def note_all(self, tx: Transaction, ended: Sequence[tuple[Errand, Outcome]], now: int) -> None:
        """Store several outcomes in one unit of work."""
        for errand, outcome in ended:
            await self.note(tx, errand, outcome, now)

    async def note(self, tx: Transaction, errand: Errand, outcome: Outcome, now: int) -> None:
        """Store one outcome, unless somebody else has claimed the post since."""
        claim = errand.post, errand.number, errand.fence
        has_arrived = isinstance(outcome, str) and errand.kind in {Kind.SEND, Kind.FIND}
        if has_arrived and await self._messages.note_receipt(tx, claim, str(outcome)):
            await self._settling.go_on(tx, errand.post, errand.fence, errand.to, now)
            return
        row = await self._posts.held(tx, errand.post, errand.fence)
        if row is None:
            log.warning("post %s: an outcome came after the claim had ended, and was left out", errand.post)
            return
        if isinstance(outcome, WaitFirstError | NotSentError | MovedAwayError):
            await self._try_later(tx, errand, outcome, row, now)
        elif isinstance(outcome, GoneError):
            await self._settling.close(tx, errand.post, errand.fence, row, outcome, now)
        elif errand.kind is Kind.SEND:
            await self._sent(tx, errand, outcome, row, now)
        elif errand.kind is Kind.FIND:
            await self._looked(tx, errand, outcome, row, now)
        else:
            await self._changed(tx, errand, outcome, row, now)

    async def _try_later(self, tx: Transaction, errand: Errand, outcome: DeliveryError, row: Row, now: int) -> None:
        """Note that nothing happened: the same again when the platform says, after a pause, or elsewhere."""
        doubt = errand.kind in {Kind.SEND, Kind.FIND} and errand.since is not None
        if errand.kind is Kind.SEND:  # an older attempt may still be of unknown fate, this one is not
            await self._messages.set(tx, errand.post, errand.number, todo="send", tried_at=errand.since)
        if isinstance(outcome, MovedAwayError):
            await self._settling.move(tx, errand.post, row, outcome.new, now)
            moved = await self._posts.held(tx, errand.post, errand.fence)
            row, at = moved or row, now
        elif isinstance(outcome, WaitFirstError):
            at = now + max(outcome.pause // MICROSECOND, 0)
            await self._lanes.hold(tx, errand.to.platform, None if outcome.whole_bot else errand.to.chat, at)
        else:
            at = now + pause_after(row["attempts"], errand.post)
        await self._settling.retry(tx, errand.post, row, at, now, doubt=doubt)

    async def _sent(self, tx: Transaction, errand: Errand, outcome: Outcome, row: Row, now: int) -> None:
        if isinstance(outcome, RefusedPostError | VanishedError):
            await self._settling.fail(tx, errand.post, errand.fence, str(outcome), now)
            return
        at = now + pause_after(row["attempts"], errand.post)
        await self._settling.retry(tx, errand.post, row, at, now, doubt=True)

    async def _looked(self, tx: Transaction, errand: Errand, outcome: Outcome, row: Row, now: int) -> None:
        """Go on after looking for a message of unknown fate: it is not there, or the platform cannot tell."""
        post, number = errand.post, errand.number
        if row["withdrawn"]:
            await self._messages.drop(tx, post, number)
            await self._settling.go_on(tx, post, errand.fence, errand.to, now)
            if outcome is not None:
                await self._posts.note_why(tx, post, NOT_KNOWN)
        elif outcome is None or row["doubt"] == Doubt.REPEAT:
            await self._messages.set(tx, post, number, todo="send", tried_at=None)
            await self._settling.retry(tx, post, row, now, now, doubt=False)
        else:
            await self._settling.ask(tx, post, errand.fence, row, now)

    async def _changed(self, tx: Transaction, errand: Errand, outcome: Outcome, row: Row, now: int) -> None:
        """Go on after an edit or a deletion; both may be done again without harm."""
        post, number = errand.post, errand.number
        if isinstance(outcome, UnknownFateError):
            at = now + pause_after(row["attempts"], post)
            await self._settling.retry(tx, post, row, at, now, doubt=False)
            return
        if isinstance(outcome, VanishedError):
            await self._messages.note_receipt(tx, (post, number, errand.fence), "")
        elif isinstance(outcome, DeliveryError):
            await self._settling.note_trouble(tx, post, errand.fence, row, UNCHANGEABLE.format(why=outcome))
            if errand.kind is Kind.EDIT:
                await self._messages.note_edited(tx, post, number, None)
            else:
                await self._messages.set(tx, post, number, todo="", tried_at=errand.since)
        elif errand.kind is Kind.EDIT:
            await self._messages.note_edited(tx, post, number, errand.part)
        else:
            await self._messages.drop(tx, post, number)
        await self._settling.go_on(tx, post, errand.fence, errand.to, now)
