"""Does what is planned when it is due: takes occurrences, runs jobs, tries again what failed, tells what was missed.

One loop looks and takes; each occurrence runs as a task of its own, so that a slow job delays no other. The loop keeps
the next moment in memory and sleeps until then; the database is asked only when something is due or was changed.
"""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, TypeVar

from bot.engine.alarm import Alarm
from bot.engine.claims import LEASE, Claimed, Claims, Round
from bot.engine.inbox import noting
from bot.engine.schedules import forget_old_plans, seconds
from bot.engine.store.plans import moment_of
from bot.kit.clock import Dice
from bot.kit.database import Database, Transaction
from bot.kit.errors import AlreadyHandledError, StorageError
from bot.kit.schedule import Bell, Job

log = logging.getLogger("roadmate.jobs")
AT_ONCE: Final = 128
"""Most jobs that run side by side; when half of them are done, the next are taken."""
OTHERS: Final = timedelta(seconds=10)
"""How soon plans that another process changed, and its jobs when it died, are noticed."""
ECHO: Final = timedelta(seconds=1)
"""A change is announced inside its unit of work, which may be stored only after we looked: we look once more."""
AFTER_TROUBLE: Final = timedelta(seconds=5)
KEEP_EVERY: Final = LEASE // 3
LONGEST_RUN: Final = 15 * 60
TIDY_EVERY: Final = 3600
SHORTEST: Final = timedelta(milliseconds=100)
"""The least time between two looks that nobody rang for."""
PATIENCE: Final = timedelta(seconds=4)
"""How long stopping waits for jobs in hand."""
Result = TypeVar("Result")
Telling = Callable[[Transaction, bool], Awaitable[Result]]
"""A unit of work that tells a job what it missed, unless the flag says not to."""


@dataclass(slots=True)
class _Hand:
    """A job being run, since when (Unix seconds), and whether it was told to end because it takes too long."""

    claimed: Claimed
    task: asyncio.Task[None]
    since: int
    is_broken_off: bool = False


class Jobs:
    """Does the jobs given by name from ``start`` to ``stop``. Several may work over one database.

    Attributes:
        counts: how many occurrences were ``done`` (``late`` ones among them), and how many runs ``failed``.
    """

    def __init__(
        self,
        jobs: Mapping[str, Job],
        database: Database,
        bell: Bell,
        dice: Dice,
        alarm: Alarm,
        *,
        others: timedelta = OTHERS,
    ) -> None:
        """Prepare. ``alarm`` is rung by ``Timetable``; ``others``: how often to look for changes of other processes."""
        self._database = database
        self._bell = bell
        self._dice = dice
        self._alarm = alarm
        self._others = others
        self._claims = Claims(jobs)
        self._hands: dict[tuple[int, str], _Hand] = {}
        self._is_full = False
        self._keep_at = 0
        self._tidy_at = 0
        self._is_stopping = False
        self._sleeps_until: datetime | None = None
        self._asleep = asyncio.Event()
        self._loop: asyncio.Task[None] | None = None
        self.counts: Counter[str] = Counter()

    @property
    def is_idle(self) -> bool:
        """Whether the loop sleeps, nothing is in hand, and nothing it knows of is due."""
        until = self._sleeps_until
        return until is not None and until > self._bell.now() and not self._hands

    async def start(self) -> None:
        """Begin; returns at once. What is due already is done in the background."""
        self._alarm.bind()
        self._loop = asyncio.get_running_loop().create_task(self.run_until_stopped())

    async def stop(self) -> None:
        """Begin nothing more and wait at most four seconds for what is in hand; the rest is left to its lease."""
        self._is_stopping = True
        self._alarm.ring_here()
        patience = asyncio.ensure_future(self._bell.sleep_until(self._bell.now() + PATIENCE))
        finishing = asyncio.ensure_future(self._finish())
        await asyncio.wait([patience, finishing], return_when=asyncio.FIRST_COMPLETED)
        await _cancel(patience, finishing)
        await _cancel(*(task for task in (self._loop, *(hand.task for hand in self._hands.values())) if task))

    async def run_until_stopped(self) -> None:
        """Do what is due, over and over."""
        while not self._is_stopping:
            now = self._bell.now()
            try:
                found = await self.turn()
            except StorageError as error:
                log.warning("jobs wait for the database: %s", error)
                until = now + AFTER_TROUBLE
            except Exception:  # whatever it is, it must not end this loop
                log.exception("looking for jobs failed")
                until = now + AFTER_TROUBLE
            else:
                if self._is_full and len(self._hands) <= AT_ONCE // 2:
                    continue
                until = self._next_look(found, now)
            self._sleeps_until = until
            self._asleep.set()
            await self._alarm.wait(self._bell, until)
            self._asleep.clear()
            self._sleeps_until = None

    async def rests(self) -> None:
        """Return once nothing is due or in hand; it looks at once for that, not only when the bell rings."""
        while not (self._is_stopping or self.is_idle):
            if self._hands:
                await asyncio.wait([hand.task for hand in self._hands.values()])
            elif self._sleeps_until is not None:
                self._asleep.clear()
                self._alarm.ring_here()  # only who sleeps is woken: a ring at any other time would keep it awake
            await self._asleep.wait()

    async def run_due(self) -> None:
        """Do everything that is due now and return when it is done or put off; for a bot whose loop does not run."""
        while True:
            found = await self.turn()
            if self._hands:
                await asyncio.wait([hand.task for hand in self._hands.values()])
            elif not found.claimed and not found.odd:
                return

    async def turn(self) -> Round:
        """Look once: take what is due and begin it; return what was found."""
        now = seconds(self._bell.now())
        kept: list[Claimed] = []
        if self._hands and not self._keep_at - KEEP_EVERY <= now < self._keep_at:  # or the clock was set back
            kept = self._still_in_hand(now)
            self._keep_at = now + KEEP_EVERY
        room = AT_ONCE - len(self._hands)

        async def work(tx: Transaction) -> Round:
            if kept:
                await self._claims.keep(tx, kept, now)
            return await self._claims.look(tx, now, room, self._hands.keys())

        found = await self._database.write(work)
        self._is_full = found.is_full or room <= 0
        for claimed in found.claimed:
            self._begin(claimed, now)
        await asyncio.gather(*(self._catch_up(plan, now) for plan in set(found.odd)))
        if not self._tidy_at - TIDY_EVERY <= now < self._tidy_at:
            self._tidy_at = now + (1 if await forget_old_plans(self._database, self._bell) else TIDY_EVERY)
        return found

    def _next_look(self, found: Round, now: datetime) -> datetime:
        """Return when to look again, unless somebody rings before."""
        moments = [now + self._others, moment_of(self._tidy_at)]
        if self._hands:
            moments.append(moment_of(self._keep_at))
        if self._alarm.was_rung_outside():
            moments.append(now + ECHO)
        if found.look_at is not None and not self._is_full:
            moments.append(moment_of(found.look_at))
        return max(min(moments), now + SHORTEST)

    def _still_in_hand(self, now: int) -> list[Claimed]:
        """Return what to hold on to; break off what takes too long."""
        kept = []
        for hand in self._hands.values():
            hand.since = min(hand.since, now)
            if now - hand.since > LONGEST_RUN and not hand.is_broken_off:
                hand.is_broken_off = True
                hand.task.cancel()
            kept.append(hand.claimed)
        return kept

    def _begin(self, claimed: Claimed, now: int) -> None:
        if not self._hands:
            self._keep_at = now + KEEP_EVERY
        task = asyncio.get_running_loop().create_task(self._run(claimed))
        self._hands[claimed.name] = _Hand(claimed, task, now)
        task.add_done_callback(lambda _task: self._end(claimed))

    def _end(self, claimed: Claimed) -> None:
        """Make room for others, and wake the loop if that is what they wait for."""
        del self._hands[claimed.name]
        others_wait = self._is_full and len(self._hands) <= AT_ONCE // 2
        following = claimed.due.next
        its_next_waits = following is not None and following <= self._bell.now()
        if others_wait or its_next_waits:
            self._wake()

    def _wake(self) -> None:
        self._sleeps_until = None
        self._alarm.ring_here()

    async def _run(self, claimed: Claimed) -> None:
        """Run a job, and record that it is done, that it is to be tried again, or that it is too late."""

        async def note(tx: Transaction) -> None:
            await self._claims.note(tx, claimed)

        try:
            with noting(note) as noted:
                await claimed.job.run(claimed.due)
            if not noted.is_noted:
                await self._database.write(note)
        except AlreadyHandledError as error:
            log.info("left alone: %s", error)
            return
        except asyncio.CancelledError:
            hand = self._hands.get(claimed.name)
            if hand is None or not hand.is_broken_off:
                raise
            log.error("%s was broken off after %d s", _label(claimed), LONGEST_RUN)  # noqa: TRY400 - by us
            await self._fail(claimed)
            return
        except Exception as error:  # whatever a job raises concerns that job alone
            reference = self._dice.token(6)
            if isinstance(error, StorageError):
                log.error("reference %s: %s failed: %s", reference, _label(claimed), error)  # noqa: TRY400
            else:
                log.exception("reference %s: %s failed", reference, _label(claimed))
            await self._fail(claimed)
            return
        self.counts["done"] += 1
        self.counts["late"] += claimed.due.late

    async def _fail(self, claimed: Claimed) -> None:
        """Let go of an occurrence whose run failed; if its effect was stored before that, it is done all the same."""
        self.counts["failed"] += 1
        now = seconds(self._bell.now())

        async def work(tx: Transaction, tell: bool) -> int | None:
            return await self._claims.put_off(tx, claimed, now, tell=tell)

        try:
            again = await self._telling(_label(claimed), work)
        except StorageError as error:
            log.warning("%s is left to its lease: %s", _label(claimed), error)
            return
        if again is not None:
            log.info("%s is tried again in %d s", _label(claimed), again - now)
            self._wake()

    async def _catch_up(self, plan: int, now: int) -> None:
        """Deal with a plan that is behind, and begin its latest occurrence if that is worth it."""

        async def work(tx: Transaction, tell: bool) -> Claimed | None:
            return await self._claims.catch_up(tx, plan, now, tell=tell)

        async def shelve(tx: Transaction) -> None:
            await self._claims.shelve(tx, plan)

        try:
            claimed = await self._telling(f"plan {plan}", work)
        except StorageError:
            raise
        except Exception:  # what cannot be worked out now never can, and must not be in the way of others
            log.exception("reference %s: plan %d is left alone until it is changed", self._dice.token(6), plan)
            await self._database.write(shelve)
            return
        if claimed is not None:
            self._begin(claimed, now)

    async def _telling(self, what: str, work: Telling[Result]) -> Result:
        """Run a unit that tells a job what was missed; if the job cannot bear that, run it without."""
        try:
            return await self._database.write(lambda tx: work(tx, True))
        except StorageError as error:
            log.warning("%s is recorded without telling anybody: %s", what, error)
        except Exception:
            log.exception("reference %s: %s could not be told what was missed", self._dice.token(6), what)
        return await self._database.write(lambda tx: work(tx, False))

    async def _finish(self) -> None:
        if self._loop is not None:
            await asyncio.wait([self._loop])
        while self._hands:
            await asyncio.wait([hand.task for hand in self._hands.values()])


def _label(claimed: Claimed) -> str:
    plan, key = claimed.name
    return f"{claimed.job.name} of plan {plan} for {key}"


async def _cancel(*tasks: asyncio.Future[None]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
