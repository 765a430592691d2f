"""Updates on their way in: kept before Telegram is told that they arrived, then answered chat by chat."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

from bot.kit.clock import Clock
from bot.kit.errors import StorageError
from bot.platforms.telegram.lanes import Lanes
from bot.platforms.telegram.limits import FORGET_SECONDS, HOLD_EVERY_SECONDS, HOLD_SECONDS, WAITING_UPDATES
from bot.platforms.telegram.store import TelegramStore, bodies

log = logging.getLogger("roadmate.telegram")
Update = dict[str, Any]


class Intake:
    """Takes updates, each once, and has ``answer`` called with it; what is left is taken up after a restart.

    If other processes share the database, each shows every few seconds which updates it has in hand; what nobody has
    any more is taken over.
    """

    def __init__(
        self,
        store: TelegramStore,
        clock: Clock,
        answer: Callable[[Update], Awaitable[None]],
        *,
        is_alone: bool = True,
    ) -> None:
        self._is_alone = is_alone
        self._in_hand: dict[int, None] = {}
        self._store = store
        self._clock = clock
        self._answer = answer
        self._lanes: Lanes[Update] = Lanes(self._handle, WAITING_UPDATES)
        self._handled: list[int] = []
        self._noting: asyncio.Task[None] | None = None
        self._forgot = 0

    async def take(self, updates: list[Update]) -> None:
        """Keep updates and let them be answered; those that came before are left out.

        Raises:
            StorageError: they could not be kept. Telegram must not be told that they arrived.
        """
        if not updates:
            return
        if self._now - self._forgot >= FORGET_SECONDS:
            await self._forget()
        fresh = set(await self._store.keep(bodies(updates), self._now))
        for update in updates:
            if update["update_id"] in fresh:
                fresh.discard(update["update_id"])
                self._begin(update)

    async def take_up_what_was_left(self) -> None:
        """Let updates be answered that an earlier run, or a process that is gone, kept and did not finish."""
        try:
            await self._forget()
            left = await (self._store.left_over() if self._is_alone else self._take_over())
        except StorageError as trouble:
            log.warning("updates of the last run cannot be read: %s", trouble)
            return
        for _number, body in left:
            self._begin(json.loads(body))

    async def take_over_for_ever(self) -> None:
        """Hold on to what is in hand, and let be answered what a process that is gone left; alone there is none."""
        while not self._is_alone:
            await self._clock.sleep_until(self._clock.now() + timedelta(seconds=HOLD_EVERY_SECONDS))
            try:
                if self._in_hand:
                    await self._store.hold(tuple(self._in_hand), self._now)
                left = await self._take_over()
            except StorageError as trouble:
                log.warning("updates that other processes left cannot be read: %s", trouble)
                continue
            if left:
                log.info("%d updates are answered here, as their process did not", len(left))
            for _number, body in left:
                self._begin(json.loads(body))

    async def _take_over(self) -> list[tuple[int, str]]:
        left = await self._store.take_over(self._now, untouched_since=self._now - HOLD_SECONDS)
        return [(number, body) for number, body in left if number not in self._in_hand]

    def _begin(self, update: Update) -> None:
        self._in_hand[update["update_id"]] = None
        self._lanes.put(lane(update), update)

    @property
    def is_full(self) -> bool:
        """Whether no more should be taken at the moment."""
        return self._lanes.is_full

    async def room(self) -> None:
        """Return once there is room for more."""
        await self._lanes.room()

    async def finish(self, seconds: float) -> None:
        """Let what is in hand be answered, at most so long; the rest is taken up after the next start."""
        await self._lanes.finish(seconds)
        if self._noting is not None:
            await self._noting

    async def _forget(self) -> None:
        await self._store.forget(self._now)
        self._forgot = self._now

    async def _handle(self, update: Update) -> None:
        await self._answer(update)
        self._handled.append(update["update_id"])
        if self._noting is None:
            self._noting = asyncio.get_running_loop().create_task(self._note())

    async def _note(self) -> None:
        """Note what was answered, all of it that comes together in one go."""
        try:
            while self._handled:
                handled, self._handled = self._handled, []
                try:
                    await self._store.handled(handled)
                except StorageError as trouble:
                    log.warning("%d updates may be answered once more: %s", len(handled), trouble)
                for number in handled:
                    self._in_hand.pop(number, None)
        finally:
            self._noting = None

    @property
    def _now(self) -> int:
        return int(self._clock.now().timestamp())


def readable(updates: list[Any]) -> list[Update]:
    """Return the updates that carry an id, in order; anything else could never be confirmed."""
    found = [one for one in updates if isinstance(one, dict) and type(one.get("update_id")) is int]
    return sorted(found, key=lambda one: int(one["update_id"]))


def lane(update: Update) -> str:
    """Return what keeps updates apart: the chat they belong to, the voter, or who presses in a chat of many.

    A crowd that answers a question in a group would otherwise wait in one long line.
    """
    for kind in ("message", "callback_query", "channel_post", "my_chat_member"):
        part = update.get(kind)
        if isinstance(part, dict):
            message = part.get("message") if kind == "callback_query" else part
            chat = message.get("chat") if isinstance(message, dict) else None
            if not isinstance(chat, dict):
                return ""
            presser = part.get("from") if kind == "callback_query" and chat.get("type") != "private" else None
            return f"{chat.get('id')} {presser.get('id')}" if isinstance(presser, dict) else str(chat.get("id"))
    vote = update.get("poll_answer")
    voter = (vote.get("user") or vote.get("voter_chat")) if isinstance(vote, dict) else None
    return f"vote of {voter.get('id')}" if isinstance(voter, dict) else ""
