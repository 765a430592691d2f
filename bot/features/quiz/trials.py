"""The two tests: the one that finds somebody's level, and the one at the end of a stage."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.domain.contributions import Marking
from bot.domain.curriculum.shapes import Stage
from bot.domain.tools import Tools
from bot.features.quiz import gate, placement
from bot.features.quiz.card import GATE, PLACEMENT, Run, Standing
from bot.features.quiz.chooser import Chooser
from bot.features.quiz.service import QuizService, is_today
from bot.features.quiz.store import QuizStore
from bot.kit.database import Transaction
from bot.kit.request import Asker, Request


@dataclass(frozen=True, slots=True)
class Finding:
    """What a placement found: the stage to begin with, topics that seem known, and a sub-topic to look at first.

    ``stage`` is None if all of them hold. ``known`` holds ids of core topics, ``unmarked`` those of them that are not
    marked as done yet.
    """

    stage: Stage | None
    known: tuple[str, ...]
    unmarked: tuple[str, ...]
    first: str | None


@dataclass(frozen=True, slots=True)
class Passed:
    """The test of a stage was passed before."""

    at: datetime


@dataclass(frozen=True, slots=True)
class Tomorrow:
    """The test of a stage was tried today; ``at`` the next try may begin."""

    at: datetime


class Trials:
    """Begins tests and says what came of them."""

    def __init__(self, tools: Tools, service: QuizService) -> None:
        self._tools = tools
        self._service = service
        self._store = QuizStore()
        self._chooser = Chooser(tools)

    async def begin_placement(self, request: Request) -> Standing | None:
        """Begin to find the asker's level, or go on where they stopped today; None: there are no questions for it."""
        base = await self._service.base()
        person, now = request.asker.person, int(request.at.timestamp())

        async def work(tx: Transaction) -> Standing | None:
            stock = await self._service.stock(tx, base, request)
            run = await self._store.latest_test(tx, person, PLACEMENT, "")
            if run is None or run.ended or not is_today(request.asker, run.began_at, request.at):
                run = await self._store.begin(tx, person, PLACEMENT, "", "", placement.LENGTH, now)
            standing = await self._service.advance(tx, stock, run, now)
            return standing if standing.question is not None or standing.answered else None

        return await self._tools.database.write(work)

    async def level(self, request: Request, run: int) -> Finding | None:
        """Return what a placement of the asker found; None: it is not theirs."""
        base = await self._service.base()
        person = request.asker.person

        async def work(tx: Transaction) -> Finding | None:
            found = await self._store.run(tx, run, person)
            if found is None or found.kind != PLACEMENT:
                return None
            stock = await self._service.stock(tx, base, request)
            asked = await self._store.asked(tx, run)
            place = placement.place(self._chooser.rungs(stock), self._chooser.probes(stock, asked))
            curriculum = self._tools.shelf.curriculum
            known = tuple(topic.id for name in place.known for topic in curriculum.subtopics[name].topics if topic.core)
            done = await self._marked(tx, person)
            stage = curriculum.stage(place.stage) if place.stage is not None else None
            return Finding(stage, known, tuple(topic for topic in known if topic not in done), place.first)

        return await self._tools.database.read(work)

    async def begin_gate(self, request: Request, stage: str) -> Standing | Passed | Tomorrow | None:
        """Begin the test of a stage, or go on with today's. None: there is no such stage, or too little to ask."""
        base = await self._service.base()
        asker, now = request.asker, int(request.at.timestamp())

        async def work(tx: Transaction) -> Standing | Passed | Tomorrow | None:
            run: Run | None = await self._store.latest_test(tx, asker.person, GATE, stage)
            is_of_today = run is not None and is_today(asker, run.began_at, request.at)
            if run is not None and not is_of_today:
                await self._store.end(tx, run.id, now)  # whoever begins anew has one try, not what was left as well
            at = await self.passed(tx, asker.person, stage)
            if at is not None:
                return Passed(at)
            if run is not None and is_of_today and run.ended:
                return Tomorrow(next_day(asker, request.at))
            if not is_of_today:
                run = None
            stock = await self._service.stock(tx, base, request, GATE)
            if run is None:
                if sum(map(len, self._chooser.parts(stock, stage))) < gate.LENGTH:
                    return None
                run = await self._store.begin(tx, asker.person, GATE, stage, "", gate.LENGTH, now)
            return await self._service.advance(tx, stock, run, now)

        return await self._tools.database.write(work)

    async def passed(self, tx: Transaction, person: int, stage: str) -> datetime | None:
        """Return when somebody last passed the test of a stage (UTC); None: never."""
        at = await self._store.passed(tx, person, GATE, stage, gate.PASS)
        return None if at is None else datetime.fromtimestamp(at, UTC)

    async def proved(self, request: Request, stage: str) -> tuple[str, ...] | None:
        """Return the core topics of a stage that are not marked yet; None: its test was not passed."""
        found = self._tools.shelf.curriculum.stage_ids.get(stage)
        topics = [
            topic.id for subtopic in (found.subtopics if found else ()) for topic in subtopic.topics if topic.core
        ]

        async def work(tx: Transaction) -> tuple[str, ...] | None:
            if await self.passed(tx, request.asker.person, stage) is None:
                return None
            done = await self._marked(tx, request.asker.person)
            return tuple(topic for topic in topics if topic not in done)

        return await self._tools.database.read(work)

    async def _marked(self, tx: Transaction, person: int) -> set[str]:
        """Return the topics somebody marked as done."""
        return {topic for offer in self._tools.contributions.of(Marking) for topic in await offer.done(tx, person)}

    async def again(self, request: Request, stage: str) -> datetime | None:
        """Return when the asker may try the test of a stage again (UTC); None: now."""

        async def work(tx: Transaction) -> Run | None:
            return await self._store.latest_test(tx, request.asker.person, GATE, stage)

        latest = await self._tools.database.read(work)
        if latest is None or not latest.ended or not is_today(request.asker, latest.began_at, request.at):
            return None
        return next_day(request.asker, request.at)

    async def gaps(self, request: Request, standing: Standing) -> list[str]:
        """Return the sub-topics to read again after the test of a stage, the weakest first."""
        results = await self._service.topics(request, standing)
        return gate.weakest([(self._chooser.subtopic(topic), right) for topic, right in results])


def next_day(asker: Asker, now: datetime) -> datetime:
    """Return when somebody's next study day begins (UTC)."""
    tomorrow = asker.today(now) + timedelta(days=1)
    return datetime.combine(tomorrow, time(asker.day_start), ZoneInfo(asker.zone)).astimezone(UTC)
