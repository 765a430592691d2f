"""Sends what the outbox keeps: finds what is due, keeps the pace, hands it to couriers, stores what became of it.

One loop looks and claims; each errand runs as a task of its own, so that a slow chat delays no other; outcomes that
come together are stored together. Whatever happens to this process, another one, or the same after a restart, goes on
from what is stored.
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from bot.engine.alarm import Alarm
from bot.engine.errands import LEASE, Claims, Drawn, Errand, Kind, Rates, Round, Undrawn
from bot.engine.outcomes import Outcome, Outcomes
from bot.engine.pacing import SECOND, micros, moment_of
from bot.engine.settling import Settling
from bot.engine.store.lanes import Lanes
from bot.engine.store.messages import Messages
from bot.engine.store.posts import Posts
from bot.kit import codec
from bot.kit.clock import Clock, Dice
from bot.kit.database import Database, Transaction
from bot.kit.errors import StorageError
from bot.kit.posting import Courier, DeliveryError, UnknownFateError

log = logging.getLogger("roadmate.outbox")
POLL: Final = timedelta(seconds=1)
"""How soon posts of other processes and couriers that got ready are noticed."""
ECHO: Final = timedelta(milliseconds=50)
ECHOES: Final = 2
"""After a post was announced, looks follow so closely: its unit of work may be committed a little later."""
EXTEND_EVERY: Final = LEASE // 3
SOON: Final = 3 * SECOND
"""What waits for its turn for no longer than this counts as due for whoever waits for rest."""
LONGEST_ERRAND: Final = 150 * SECOND
LONG_AGO: Final = 3600 * SECOND  # when something dated in the future is taken to have been; no nonce lasts so long
STOP_SECONDS: Final = timedelta(seconds=5)


@dataclass(slots=True)
class _Hand:
    """An errand being run: its task, when it began, and until when its claim holds (microseconds)."""

    errand: Errand
    task: asyncio.Task[None]
    since: int
    until: int


class Sender:
    """Sends posts from ``start`` to ``stop``. Several may work over one database."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        dice: Dice,
        couriers: Sequence[Courier],
        settling: Settling,
        alarm: Alarm,
        *,
        poll: timedelta = POLL,
    ) -> None:
        """Prepare. ``alarm`` is rung by ``Postbox``; ``poll``: how often to look for posts of other processes."""
        self._poll = poll
        self._database = database
        self._clock = clock
        self._dice = dice
        self._rates = {courier.platform: Rates(courier) for courier in couriers}
        self._claims = Claims(settling)
        self._outcomes = Outcomes(settling)
        self._alarm = alarm
        self._posts = Posts()
        self._messages = Messages()
        self._lanes = Lanes()
        self._salt = ""
        self._hands: dict[tuple[int, int], _Hand] = {}
        self._ended: list[tuple[Errand, Outcome]] = []
        self._storing: asyncio.Task[None] | None = None
        self._loop: asyncio.Task[None] | None = None
        self._is_stopping = False
        self._asleep = asyncio.Event()
        self._extend_at = 0
        self._latest: int | None = None
        self._echoes = 0

    async def start(self) -> None:
        """Begin to send; raises ``StorageError`` if the database cannot be used."""
        fresh = self._dice.token(16)

        async def work(tx: Transaction) -> str:
            return await self._posts.salt(tx, fresh)

        self._salt = await self._database.write(work)
        self._alarm.bind()
        self._loop = asyncio.get_running_loop().create_task(self._run())

    async def stop(self) -> None:
        """Begin nothing more, finish what is in hand within five seconds on the clock; the rest stays planned."""
        self._is_stopping = True
        self._alarm.ring_here()
        patience = asyncio.ensure_future(self._clock.sleep_until(self._clock.now() + STOP_SECONDS))
        finishing = asyncio.ensure_future(self._finish())
        await asyncio.wait([patience, finishing], return_when=asyncio.FIRST_COMPLETED)
        tasks = [hand.task for hand in self._hands.values()]
        late = [task for task in (patience, finishing, self._loop, *tasks) if task is not None]
        for task in late:
            task.cancel()
        await asyncio.gather(*late, return_exceptions=True)
        if self._storing is not None:
            self._storing.cancel()
            await asyncio.gather(self._storing, return_exceptions=True)
        with suppress(StorageError):
            await self._store_once()

    async def rests(self) -> None:
        """Return once nothing is in hand, or due within seconds, on the platforms that can be reached."""
        while not self._is_stopping:
            await self._asleep.wait()
            if busy := [hand.task for hand in self._hands.values()] + ([self._storing] if self._storing else []):
                await asyncio.wait(busy)
                continue
            due = await self._soonest([rates for rates in self._rates.values() if rates.courier.is_ready])
            if not self._asleep.is_set() or self._hands or self._storing:
                continue
            now = micros(self._clock.now())
            if due is None or due > now + SOON:
                return
            self._asleep.clear()
            if due <= now:
                self._alarm.ring_here()

    async def _finish(self) -> None:
        """Return when the loop has ended and nothing is in hand."""
        if self._loop is not None:
            await asyncio.wait([self._loop])
        while busy := [hand.task for hand in self._hands.values()] + ([self._storing] if self._storing else []):
            await asyncio.wait(busy)

    async def _run(self) -> None:
        drawn: list[Drawn] = []
        while not self._is_stopping:
            try:
                found = await self._look(drawn)
            except StorageError as error:
                log.warning("posts wait for the database: %s", error)
                found = Round()
            except Exception:  # whatever it is, it must not end this loop
                log.exception("looking for posts failed")
                found = Round()
            for errand in found.errands:
                self._begin(errand)
            drawn = [self._draw(post) for post in found.undrawn]
            if not drawn and not self._is_stopping:
                self._asleep.set()
                await self._pause(found.next_due)
                self._asleep.clear()

    async def _look(self, drawn: Sequence[Drawn]) -> Round:
        """Store what was drawn, keep claims that go on, and claim what is due."""
        now = micros(self._clock.now())
        busy = dict.fromkeys(self._rates, 0)
        for hand in self._hands.values():
            busy[hand.errand.to.platform] += 1
        ready = [rates for name, rates in self._rates.items() if rates.courier.is_ready and busy[name] < rates.at_once]
        kept = self._to_keep(now)
        is_back = self._latest is None or now < self._latest - SECOND  # the clock was set back, or may have been
        if not drawn and not kept and not is_back:  # most looks find nothing; they leave the disk alone
            soonest = await self._soonest(ready)
            if soonest is None or soonest > now:
                self._latest = now
                return Round(next_due=soonest)

        async def work(tx: Transaction) -> Round:
            found = Round()
            if is_back:
                await self._messages.doubt_nonces(tx, now, now - LONG_AGO)
            for hand in kept:
                await self._posts.extend(tx, hand.errand.post, hand.errand.fence, now + LEASE)
            if drawn:
                await self._claims.keep_drawn(tx, drawn, self._salt, now)
            for rates in ready:
                room = rates.at_once - busy[rates.courier.platform]
                await self._claims.claim(tx, rates, now, room, found)
            return found

        found = await self._database.write(work)
        self._latest = now
        for hand in kept:
            hand.until = now + LEASE
            self._extend_at = now + EXTEND_EVERY
        return found

    async def _soonest(self, ready: Sequence[Rates]) -> int | None:
        """Return when something is due on one of the platforms."""

        async def peek(tx: Transaction) -> list[int | None]:
            return [await self._lanes.next_due(tx, rates.courier.platform) for rates in ready]

        found = [due for due in await self._database.read(peek) if due is not None] if ready else []
        return min(found, default=None)

    def _to_keep(self, now: int) -> list[_Hand]:
        """Return the errands whose claims need to be kept longer; end those that take for ever."""
        if self._extend_at - EXTEND_EVERY <= now < self._extend_at:  # else it is time, or the clock was set back
            return []
        for hand in self._hands.values():
            hand.since = min(hand.since, now)
            if now > hand.since + LONGEST_ERRAND:
                hand.task.cancel()
        return list(self._hands.values())

    def _draw(self, post: Undrawn) -> Drawn:
        courier = self._rates[post.to.platform].courier
        try:
            parts = courier.draw(post.to, codec.load(post.reply), post.title)
            texts = tuple(json.dumps(part, ensure_ascii=False, separators=(",", ":")) for part in parts)
        except Exception:  # one post that cannot be drawn must not stop the others
            log.exception("post %s could not be drawn", post.post)
            return Drawn(post.post, post.revision, None)
        return Drawn(post.post, post.revision, texts)

    def _begin(self, errand: Errand) -> None:
        task = asyncio.get_running_loop().create_task(self._carry(errand))
        self._hands[errand.post, errand.fence] = _Hand(errand, task, micros(self._clock.now()), errand.until)

    async def _carry(self, errand: Errand) -> None:
        """Run one errand and let its outcome be stored."""
        key = errand.post, errand.fence
        if micros(self._clock.now()) >= self._hands[key].until:
            log.warning("post %s was claimed too long ago; it is left to whoever claims it next", errand.post)
            del self._hands[key]
            return
        outcome: Outcome = UnknownFateError("it was interrupted")
        try:
            outcome = await self._call(errand)
        except DeliveryError as error:
            outcome = error
        except Exception as error:
            log.exception("the courier of %s failed with post %s", errand.to.platform, errand.post)
            outcome = UnknownFateError(str(error))
        finally:
            self._ended.append((errand, outcome))
            if self._storing is None:
                self._storing = asyncio.get_running_loop().create_task(self._store())

    async def _call(self, errand: Errand) -> Outcome:
        courier = self._rates[errand.to.platform].courier
        match errand.kind:
            case Kind.SEND:
                return await courier.send(errand.to, json.loads(errand.part), errand.nonce)
            case Kind.FIND:
                since = moment_of(errand.since or 0)
                return await courier.find(errand.to, json.loads(errand.part), errand.nonce, since)
            case Kind.EDIT:
                await courier.edit(errand.to, errand.receipt, json.loads(errand.part))
            case Kind.DELETE:
                await courier.delete(errand.to, errand.receipt)
        return ""

    async def _store(self) -> None:
        """Store outcomes until none is left; what the database refuses now is tried again every second."""
        try:
            while self._ended:
                try:
                    await self._store_once()
                except StorageError as error:
                    log.warning("what became of posts cannot be stored yet: %s", error)
                    await self._clock.sleep_until(self._clock.now() + POLL)
        finally:
            self._storing = None

    async def _store_once(self) -> None:
        """Store all outcomes together, or where that fails one by one; raise the last error for those that remain."""
        ended = list(self._ended)
        try:
            await self._store_some(ended)
        except Exception:
            if len(ended) < 2:
                raise
            trouble: Exception | None = None
            for one in ended:
                try:
                    await self._store_some([one])
                except StorageError as error:
                    trouble = error
            if trouble is not None:
                raise trouble from None

    async def _store_some(self, ended: Sequence[tuple[Errand, Outcome]]) -> None:
        now = micros(self._clock.now())

        async def work(tx: Transaction) -> None:
            await self._outcomes.note_all(tx, ended, now)

        if ended:
            await self._database.write(work)
            done = {(errand.post, errand.fence) for errand, _outcome in ended}
            self._ended = [one for one in self._ended if (one[0].post, one[0].fence) not in done]
            for key in done:
                self._hands.pop(key, None)
            self._alarm.ring_here()

    async def _pause(self, next_due: int | None) -> None:
        """Sleep until something is due or rung, and never longer than ``poll``."""
        now = self._clock.now()
        if self._alarm.was_rung_outside():
            self._echoes = ECHOES
        until = now + self._poll
        if self._echoes > 0:
            self._echoes -= 1
            until = now + ECHO
        if next_due is not None:
            until = min(until, moment_of(next_due))
        await self._alarm.wait(self._clock, until)
