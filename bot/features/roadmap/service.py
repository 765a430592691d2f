"""The roadmap's use cases: load, decide, save. Each changes everything it changes in one unit of work."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.domain.contributions import Coming, Mastered, Mastery, ProgressLines
from bot.domain.curriculum.curriculum import Curriculum
from bot.domain.curriculum.shapes import Topic
from bot.domain.learning.ledger import Deed, Entry, Pace
from bot.domain.tools import Tools
from bot.features.roadmap import rules
from bot.features.roadmap.rules import Standing, Status
from bot.features.roadmap.store import Changed, RoadmapStore
from bot.kit import codec
from bot.kit.database import Transaction
from bot.kit.posting import Address, Doubt, Post
from bot.kit.reply import Reply
from bot.kit.request import Asker, Request, Setting
from bot.kit.text import Blocks
from bot.kit.wording import _

SHARE_WITHIN = timedelta(hours=1)
"""A shared card that could not be posted by then is of no interest any more."""
REST = timedelta(days=1)
"""So long a topic that is marked as done although answers on it were weak is not offered again."""
SOURCE = "roadmap"
"""The name under which this feature writes the ledger."""


@dataclass(frozen=True, slots=True)
class Marked:
    """What marking did: the change to undo it by (None if nothing changed), and what it opened up."""

    change: int | None
    standing: Standing
    opened: tuple[Topic, ...]


@dataclass(frozen=True, slots=True)
class Overall:
    """Everything ``/progress`` shows. ``pace`` covers the last seven days, ``hours_a_day`` the last four weeks."""

    standing: Standing
    pace: Pace
    hours_a_day: float
    lines: Blocks


class RoadmapService:
    """What can be done with the roadmap."""

    def __init__(self, tools: Tools) -> None:
        self._tools = tools
        self._store = RoadmapStore()

    @property
    def curriculum(self) -> Curriculum:
        """The curriculum in use."""
        return self._tools.shelf.curriculum

    async def share(self, request: Request, community: int, thread: str, card: Reply) -> bool:
        """Post a card where it was asked for; return False for a place the asker does not belong to."""
        if request.here is None or request.community not in (None, community):
            return False
        here, person = request.here, request.asker.person
        look = hashlib.sha256(codec.dump(card).encode("utf-8", "replace")).hexdigest()[:16]

        async def work(tx: Transaction) -> bool:
            rooms = self._tools.preferences.rooms
            if await rooms.member(tx, community, person) is None:
                return False
            to = here
            if request.setting is Setting.PRIVATE:
                chat = await rooms.chat(tx, community, here.platform)
                if chat is None:
                    return False
                to = Address(here.platform, chat, thread)
            key = f"roadmap.share:{person}:{community}:{to.thread}:{request.asker.today(request.at)}:{look}"
            await self._tools.outbox.post(tx, Post(to, card, key, community, expires=SHARE_WITHIN, doubt=Doubt.REPEAT))
            return True

        return await self._tools.database.write(work)

    async def standing(self, person: int) -> Standing:
        """Return where a person stands."""

        async def work(tx: Transaction) -> Standing:
            standing = await self._store.standing(tx, person)
            evidence = await self._tools.ledger.evidence(tx, person)
            answers = {topic: (round(one.score * one.answers), one.answers)
                       for topic, one in evidence.items() if one.score is not None}  # fmt: skip
            return replace(standing, answers=answers)

        return await self._tools.database.read(work)

    async def mark(self, request: Request, topics: tuple[Topic, ...], status: Status | None) -> Marked:
        """Set or clear the mark of topics, write the ledger, and remember how to undo it."""
        asker, now = request.asker, int(request.at.timestamp())

        async def work(tx: Transaction) -> Marked:
            before = await self._store.standing(tx, asker.person)
            changed: list[Changed] = []
            for topic in topics:
                old = before.status.get(topic.id)
                kept = old is Status.DONE and status is Status.LEARNING and (len(topics) > 1 or request.public)
                if old is status or kept:  # what is done stays done where its mark was not looked at
                    continue
                record = None
                for deed in (Deed.FINISHED, Deed.STARTED) if status is None else (Deed.FINISHED,):
                    await self._tools.ledger.retract_deeds(tx, asker.person, topic.id, deed, SOURCE, now)
                if status is not None:
                    deed = Deed.FINISHED if status is Status.DONE else Deed.STARTED
                    record = await self._tools.ledger.write(tx, self._entry(request, topic.id, deed))
                await self._store.set_status(tx, asker.person, topic.id, status, now)
                changed.append(Changed(topic.id, old, before.since.get(topic.id), status, record))
            change = await self._store.add_change(tx, asker.person, now, changed) if changed else None
            if status is Status.DONE:
                await self._let_rest(tx, asker.person, topics, now)
            after = await self._store.standing(tx, asker.person)
            return Marked(change, after, tuple(rules.opened(self.curriculum, before.done, after.done)))

        return await self._tools.database.write(work)

    async def _let_rest(self, tx: Transaction, person: int, topics: Sequence[Topic], now: int) -> None:
        """Do not offer again at once what somebody calls done although their answers on it were weak.

        What they put off themselves stays as they said, so that it still does when the mark is taken back.
        """
        mastery = await self._mastery(tx, person)
        for topic in topics:
            if (known := mastery.get(topic.id)) is not None and known.is_weak:
                await self._store.rest(tx, person, topic.id, now, _rested(now))

    def _entry(self, request: Request, topic: str, deed: Deed, at: datetime | None = None) -> Entry:
        asker, at = request.asker, at or request.at
        return Entry(
            person=asker.person,
            topic=topic,
            deed=deed,
            at=at,
            day=asker.today(at),
            source=SOURCE,
            community=request.community,
        )

    async def undo(self, request: Request, change: int) -> tuple[Changed, ...] | None:
        """Take a change of the asker's back. Topics that were marked anew since are left as they are.

        Returns what was taken back, or None if there was nothing to take back. Raises ``PermissionError`` if the change
        is somebody else's.
        """
        person, now = request.asker.person, int(request.at.timestamp())

        async def work(tx: Transaction) -> tuple[Changed, ...] | None:
            made = await self._store.made(tx, change)
            if made is None:
                return None
            owner, at = made
            if owner != person:
                raise PermissionError(change)
            taken = await self._store.change(tx, change, person)
            if taken is None:
                return None
            later = await self._store.touched_later(tx, change, person)
            restored = tuple(topic for topic in taken if topic.topic not in later)
            for topic in restored:
                since = now if topic.before_since is None else topic.before_since
                await self._store.set_status(tx, person, topic.topic, topic.before, since)
                if topic.after is Status.DONE:
                    await self._store.wake(tx, person, topic.topic, _rested(at))
                    # an earlier undo may have written it anew under another id
                    await self._tools.ledger.retract_deeds(tx, person, topic.topic, Deed.FINISHED, SOURCE, now)
                elif topic.record is not None:
                    await self._tools.ledger.retract(tx, topic.record, person, now)
                if topic.before is Status.DONE or (topic.before is not None and topic.after is None):
                    # the deed was taken back with the mark; it counts again, for the day on which it was done
                    deed = Deed.FINISHED if topic.before is Status.DONE else Deed.STARTED
                    then = datetime.fromtimestamp(since, UTC)
                    await self._tools.ledger.write(tx, self._entry(request, topic.topic, deed, then))
            if restored:
                await self._store.set_undone(tx, change, now)
            return restored

        return await self._tools.database.write(work)

    async def steps(self, asker: Asker, now: datetime) -> list[rules.Step]:
        """Return what could be done now, the best first."""

        async def work(tx: Transaction) -> list[rules.Step]:
            standing = await self._store.standing(tx, asker.person)
            evidence = await self._tools.ledger.evidence(tx, asker.person)
            snoozed = await self._store.snoozed(tx, asker.person, int(now.timestamp()))
            mastery = await self._mastery(tx, asker.person)
            scores = {topic: one.score for topic, one in evidence.items() if one.score is not None}
            return rules.steps(self.curriculum, standing, mastery, snoozed, scores)

        return await self._tools.database.read(work)

    async def is_new(self, person: int) -> bool:
        """Return whether nobody knows yet where a person stands, so that a test of their level is worth an offer."""

        async def work(tx: Transaction) -> bool:
            return rules.is_new(await self._store.standing(tx, person), await self._mastery(tx, person))

        return await self._tools.database.read(work)

    async def _mastery(self, tx: Transaction, person: int) -> dict[str, Mastered]:
        """Return what a person's answers show, by topic."""
        mastery: dict[str, Mastered] = {}
        for offer in self._tools.contributions.of(Mastery):
            mastery |= await offer.of(tx, person)
        return mastery

    async def done(self, tx: Transaction, person: int) -> frozenset[str]:
        """Return the topics a person marked as done."""
        return (await self._store.standing(tx, person)).done

    async def put_off(self, request: Request, topic: str) -> datetime:
        """Do not offer a topic before the asker's next day begins; return that moment (UTC)."""
        asker = request.asker
        tomorrow = asker.today(request.at) + timedelta(days=1)
        until = datetime.combine(tomorrow, time(asker.day_start), ZoneInfo(asker.zone)).astimezone(UTC)

        async def work(tx: Transaction) -> None:
            await self._store.snooze(tx, asker.person, topic, int(until.timestamp()))

        await self._tools.database.write(work)
        return until

    async def overall(self, asker: Asker, now: datetime) -> Overall:
        """Return everything about a person's progress."""
        hosts = self._tools.contributions.of(ProgressLines)
        week_ago = asker.today(now) - timedelta(days=6)

        async def work(tx: Transaction) -> tuple[Standing, Pace, Blocks]:
            standing = await self._store.standing(tx, asker.person)
            pace = await self._tools.ledger.pace(tx, asker.person, week_ago)
            lines: Blocks = ()
            for host in hosts:
                lines += await host.lines(tx, asker, now)
            return standing, pace, lines

        standing, pace, lines = await self._tools.database.read(work)
        hours_a_day = rules.recent_pace(
            self.curriculum, standing, asker.today(now), lambda at: asker.today(datetime.fromtimestamp(at, UTC))
        )
        return Overall(standing, pace, hours_a_day, lines)

    async def coming(self, tx: Transaction, now: datetime) -> Coming | None:
        """Return when the next topic that was put off is offered again."""
        for topic, until in await self._store.put_off_until(tx, int(now.timestamp())):
            if topic in self.curriculum.places:
                title = self.curriculum.places[topic].topic.title
                return Coming(datetime.fromtimestamp(until, UTC), _("{topic} is offered again").format(topic=title))
        return None


def _rested(now: int) -> int:
    """Return until when a topic rests that was marked as done at ``now``; both in Unix seconds."""
    return now + int(REST.total_seconds())
