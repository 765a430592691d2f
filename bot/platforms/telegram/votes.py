"""Votes in Telegram's own polls: each is a press of the answer's action, by that person, where the poll stands."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace

from bot.kit.clock import Clock
from bot.kit.platform import Answer, Delivery
from bot.kit.reply import Reply
from bot.kit.request import Incoming, Role, Setting, Trigger, Where
from bot.platforms.telegram.incoming import PLATFORM, Vote
from bot.platforms.telegram.polls import Question
from bot.platforms.telegram.speaker import Count
from bot.platforms.telegram.store import Ballot, TelegramStore

log = logging.getLogger("roadmate.telegram")


class Ballots:
    """Remembers what each poll's answers do."""

    def __init__(self, store: TelegramStore, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    def counted(self, where: Where) -> Count:
        """Return what is to be told of polls that are sent to a place."""

        async def count(poll: str, chat: int, asked: Question) -> None:
            await self.save(replace(where, chat=str(chat)), poll, asked.data, asked.retract)

        return count

    async def save(self, where: Where, poll: str, does: Sequence[str], retract: str) -> None:
        """Remember what the answers of a poll do that stands at a place."""
        ballot = Ballot(poll, where, tuple(does), retract)
        await self._store.save_ballot(ballot, int(self._clock.now().timestamp()))


class Votes:
    """Has done what votes mean."""

    def __init__(
        self, store: TelegramStore, clock: Clock, answer: Callable[[Incoming], Awaitable[Answer]]
    ) -> None:  # fmt: skip
        self._store = store
        self._clock = clock
        self._answer = answer

    async def take(self, vote: Vote) -> tuple[Where, Reply] | None:
        """Do what a vote does. Returns what to say and where, if anything.

        In a group nothing is said: the poll shows the vote already, and an answer is for the voter's eyes alone.
        """
        ballot = await self._store.ballot(vote.poll)
        data = _does(ballot, vote.choice)
        if ballot is None or not data:
            log.info("a vote in poll %s means nothing to us", vote.poll)
            return None
        alone = ballot.origin.setting is Setting.PRIVATE
        sender = vote.sender
        if sender.account == ballot.origin.chat and not alone:  # in the name of the group: an administrator
            sender = replace(sender, role=Role.MODERATOR)
        answer = await self._answer(
            Incoming(
                platform=PLATFORM,
                event=vote.event,
                trigger=Trigger.PRESS,
                sender=sender,
                where=ballot.origin,
                text=data,
                at=self._clock.now(),
                on_public=not alone,
            )
        )
        if not alone or answer.delivery in (Delivery.NOTHING, Delivery.NOTICE):
            return None
        return ballot.origin, answer.reply


def _does(ballot: Ballot | None, choice: int | None) -> str:
    if ballot is None:
        return ""
    if choice is None:
        return ballot.retract
    return ballot.choices[choice] if 0 <= choice < len(ballot.choices) else ""
