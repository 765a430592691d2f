"""Votes in Telegram's own polls: each is a press of the answer's action, by that person, where the poll stands."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from bot.kit.clock import Clock
from bot.kit.errors import StorageError
from bot.kit.platform import Answer, Delivery
from bot.kit.reply import Reply
from bot.kit.request import Incoming, Role, Setting, Trigger, Where
from bot.platforms.telegram.incoming import PLATFORM, Vote
from bot.platforms.telegram.polls import Question
from bot.platforms.telegram.speaker import Count
from bot.platforms.telegram.voting.store import Ballot, BallotStore

log = logging.getLogger("roadmate.telegram")


async def _nobody_waits() -> None:
    """Do nothing: whoever counts votes looks by themselves when the bot starts."""


class Ballots:
    """Remembers what each poll's answers do.

    ``known`` is called when the id of a poll became known, so that votes that came before can be counted.
    """

    def __init__(
        self, store: BallotStore, clock: Clock, known: Callable[[], Awaitable[None]] = _nobody_waits
    ) -> None:  # fmt: skip
        self._store = store
        self._clock = clock
        self._known = known

    def counted(self, where: Where) -> Count:
        """Return what is to be told of polls that are sent to a place."""

        async def count(poll: str, chat: int, asked: Question) -> None:
            await self.save(replace(where, chat=str(chat)), poll, asked.data, asked.retract, asked.closes)

        return count

    async def expect(self, where: Where, does: Sequence[str], retract: str, closes: int | None) -> int:
        """Remember what the answers of a poll do that is about to be sent; returns a number for it."""
        return await self._store.expect(Ballot("", where, tuple(does), retract, closes), self._now)

    async def drop(self, asking: int) -> None:
        """Forget a poll that was not sent."""
        await self._store.drop(asking)

    async def save(
        self, where: Where, poll: str, does: Sequence[str], retract: str, closes: int | None, *,
        asking: int | None = None,
    ) -> None:  # fmt: skip
        """Remember what the answers of a poll do that stands at a place; ``closes``: when Telegram closes it."""
        await self._store.save(Ballot(poll, where, tuple(does), retract, closes), self._now, asking=asking)
        await self._known()

    @property
    def _now(self) -> int:
        return int(self._clock.now().timestamp())


class Votes:
    """Has done what votes mean."""

    def __init__(
        self, store: BallotStore, clock: Clock, answer: Callable[[Incoming], Awaitable[Answer]]
    ) -> None:  # fmt: skip
        self._store = store
        self._clock = clock
        self._answer = answer

    async def take(self, vote: Vote) -> tuple[Where, Reply] | None:
        """Do what a vote does. Returns what to say and where, if anything.

        In a group nothing is said: the poll shows the vote already, and an answer is for the voter's eyes alone. A vote
        in a poll whose id is not known yet is put aside.
        """
        now = self._clock.now()
        ballot = await self._store.find(vote.poll)
        if ballot is None:
            ballot = await self._store.put_aside(vote, int(now.timestamp()))
            if ballot is not None:
                await self.take_waiting()  # those before this one
        if ballot is None:
            log.info("a vote in poll %s means nothing to us, at least not yet", vote.poll)
            return None
        return await self._count(ballot, vote, now)

    async def take_waiting(self) -> None:
        """Do what votes mean that came before the id of their poll was known; trouble leaves the rest for later."""
        try:
            await self._store.match(int(self._clock.now().timestamp()))
            for vote, at in await self._store.waiting():
                ballot = await self._store.find(vote.poll)
                if ballot is not None:
                    await self._count(ballot, vote, datetime.fromtimestamp(at, UTC))
                await self._store.settle(vote.event)
        except StorageError as trouble:
            log.warning("votes that came early wait a little longer: %s", trouble)

    async def _count(self, ballot: Ballot, vote: Vote, at: datetime) -> tuple[Where, Reply] | None:
        data = _does(ballot, vote.choice)
        if not data:
            log.info("a vote in poll %s for what was not asked", vote.poll)
            return None
        if ballot.closes is not None:  # Telegram takes no vote after that, however late it tells of one
            at = min(at, datetime.fromtimestamp(ballot.closes, UTC) - timedelta(seconds=1))
        alone = ballot.origin.setting is Setting.PRIVATE
        sender = vote.sender
        if sender.account == ballot.origin.chat and not alone:  # in the name of the group: an administrator
            sender = replace(sender, role=Role.MODERATOR)
        elif sender.account.startswith("-"):
            log.info("a channel voted in poll %s, which is nobody", vote.poll)
            return None
        answer = await self._answer(
            Incoming(
                platform=PLATFORM,
                event=vote.event,
                trigger=Trigger.PRESS,
                sender=sender,
                where=ballot.origin,
                text=data,
                at=at,
                on_public=not alone,
            )
        )
        if not alone or answer.delivery in (Delivery.NOTHING, Delivery.NOTICE):
            return None
        return ballot.origin, answer.reply


def _does(ballot: Ballot, choice: int | None) -> str:
    if choice is None:
        return ballot.retract
    return ballot.choices[choice] if 0 <= choice < len(ballot.choices) else ""
