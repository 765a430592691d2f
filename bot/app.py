"""Introduces everyone to everyone: the only file that sees features, platforms, engine and infra at once."""

from __future__ import annotations

import asyncio
import logging
from collections import Counter, OrderedDict
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

from bot.domain.community.personal import PERSONAL as COMMUNITY
from bot.domain.community.preferences import Preferences
from bot.domain.community.store import People
from bot.domain.contributions import Coming, Contributions, Upcoming
from bot.domain.curriculum.shelf import Shelf
from bot.domain.learning.personal import PERSONAL as LEARNING
from bot.domain.learning.store import Ledger
from bot.domain.personal.records import Farewell, PersonalRecords, Scrub
from bot.domain.questions.corrections import Corrections
from bot.domain.tools import Tools
from bot.engine.alarm import Alarm
from bot.engine.askers import Askers
from bot.engine.budget import Budgets
from bot.engine.discover import Registry, join
from bot.engine.inbox import OnceOnly
from bot.engine.jobs import OTHERS, Jobs
from bot.engine.migrate import Migrations
from bot.engine.outbox import Postbox, forget_old_posts, note_use
from bot.engine.personal import PERSONAL as ENGINE
from bot.engine.replies import RUN
from bot.engine.reports import ReportButtons
from bot.engine.router import Router
from bot.engine.schedules import Timetable
from bot.engine.sender import POLL, Sender
from bot.engine.settling import Settling
from bot.engine.starting import all_ended
from bot.engine.suggestions import suggested
from bot.features import (
    delivery,
    guide,
    lookup,
    milestones,
    privacy,
    questions,
    quiz,
    roadmap,
    schedule,
    settings,
    setup,
)
from bot.infra.bell import ScheduledBell
from bot.infra.catalogues import catalogue, spoken
from bot.infra.clock import SystemDice
from bot.infra.content_files import content_folder, read_folder, read_text
from bot.kit.action import name_of
from bot.kit.clock import Clock, Dice
from bot.kit.command import Command
from bot.kit.content import Node
from bot.kit.database import Database, Transaction
from bot.kit.errors import StorageError
from bot.kit.feature import Feature
from bot.kit.personal import Owned
from bot.kit.platform import Answer, Platform, Respond, Suggestion, Surroundings
from bot.kit.posting import Address, Courier
from bot.kit.preference import Scope
from bot.kit.problems import Problems
from bot.kit.request import Incoming, Role, Setting, Trigger
from bot.kit.schedule import Bell, Due
from bot.kit.shared import Shared, in_turns
from bot.kit.text import reading_in
from bot.kit.wording import DEFAULT_LANGUAGE, _, speaking

log = logging.getLogger("roadmate")

LOOKED_AT_EVERY, LOOKED_AT = timedelta(minutes=1), 50_000
"""How often a chat in which people ask is looked at, and how many are remembered for that."""

FEATURES = (
    guide.build,
    roadmap.build,
    quiz.build,
    milestones.build,
    questions.build,
    lookup.build,
    setup.build,
    schedule.build,
    settings.build,
    privacy.build,
    delivery.build,
)
"""Every feature's door, in the order ``/help`` and the platforms list their commands."""


def open_shelf(extra: Path | None = None) -> Shelf:
    """Return a shelf over the shipped content and, if given, an operator's own folder. Nothing is read yet.

    Shipped questions were checked before they were shipped and are read when first needed; own ones at the start.
    """
    shipped = content_folder()

    def read(under: str, problems: Problems) -> Iterator[tuple[str, Node]]:
        yield from read_folder(shipped, under, "content", problems)
        if extra is not None:
            yield from read_folder(extra, under, str(extra), problems)

    return Shelf(read, is_thorough=extra is not None, read_text=read_text)


@dataclass(frozen=True, slots=True)
class App:
    """A whole bot, ready to answer. Platforms are added by whoever starts it."""

    tools: Tools
    features: tuple[Feature, ...]
    registry: Registry
    router: Router
    postbox: Postbox
    post_alarm: Alarm
    plan_alarm: Alarm
    surroundings: dict[str, Surroundings]
    in_use: OrderedDict[tuple[str, str], datetime] = field(default_factory=OrderedDict)
    at_work: list[Callable[[], Awaitable[None]]] = field(default_factory=list)

    @property
    def commands(self) -> Sequence[Command]:
        """Every command of every feature."""
        return tuple(self.registry.commands.values())

    def suggest(self, what: str, text: str) -> list[Suggestion]:
        """Return completions for a parameter that suggests ``entry``, ``topic`` or ``term``; from memory."""
        return suggested(self.tools.shelf, what, text)

    async def respond(self, incoming: Incoming) -> Answer:
        """Answer one event. A group that was given up is written to again within a minute after somebody asks there."""
        answer = await self.router.respond(incoming)
        if incoming.where.setting is not Setting.PRIVATE and self._is_fresh(incoming):
            try:
                await note_use(self.tools.database, self.postbox, incoming.platform, incoming.where.chat)
            except StorageError as error:
                log.warning("nobody noted that a chat is in use: %s", error)
        return answer

    def _is_fresh(self, incoming: Incoming) -> bool:
        """Return whether nobody looked for a minute whether a chat was given up; it is looked at from now on."""
        key, now = (incoming.platform, incoming.where.chat), self.tools.clock.now()
        if key in self.in_use and timedelta() <= now - self.in_use[key] < LOOKED_AT_EVERY:
            return False
        self.in_use[key] = now
        if len(self.in_use) > LOOKED_AT:
            self.in_use.popitem(last=False)
        return True

    def sender(self, database: Database, couriers: Sequence[Courier], *, poll: timedelta = POLL) -> Sender:
        """Return what sends the posts that features keep, not yet started; ``poll`` is how often it looks unasked."""
        buttons = ReportButtons(resend=delivery.resend_data, leave=delivery.leave_data)

        async def moved(tx: Transaction, old: Address, new: Address) -> None:
            await People().move(tx, old.platform, old.chat, new.chat)

        settling = Settling(self.postbox, buttons, moved)
        sender = Sender(database, self.tools.clock, self.tools.dice, couriers, settling, self.post_alarm, poll=poll)
        self.at_work.append(sender.rests)
        return sender

    def jobs(self, database: Database, bell: Bell, *, others: timedelta = OTHERS) -> Jobs:
        """Return what does the jobs that features plan, not yet started; ``others`` is how often it looks unasked."""
        spoken = {name: replace(job, run=self._speaking(job.run)) for name, job in self.registry.jobs.items()}
        jobs = Jobs(spoken, database, bell, self.tools.dice, self.plan_alarm, others=others)
        self.at_work.append(jobs.rests)
        return jobs

    async def rests(self) -> None:
        """Return once nothing that was due is still to be done or sent, for whoever moves the clock on."""
        for rests in reversed(self.at_work):  # jobs first: they write posts
            await rests()

    def _speaking(self, run: Callable[[Due], Awaitable[None]]) -> Callable[[Due], Awaitable[None]]:
        """Return what runs a job in the language of whom it is for, and by their clock; a plan may follow another."""

        async def speak(due: Due) -> None:
            owner, zone, preferences = due.plan.plan.owner, due.plan.plan.zone, self.tools.preferences

            async def work(tx: Transaction) -> tuple[str, str]:
                if owner.community is not None:
                    ours = await preferences.of(tx, Scope.COMMUNITY, owner.community)
                    return ours.get("our-language", DEFAULT_LANGUAGE), ours.get("our-zone", zone)
                if owner.person is not None:
                    own = await preferences.of(tx, Scope.PERSON, owner.person)
                    return own.get("language", DEFAULT_LANGUAGE), own.get("zone", zone)
                return DEFAULT_LANGUAGE, zone

            language, here = await self.tools.database.read(work)
            with speaking(catalogue(language)), reading_in(here):
                await run(due)

        return speak

    def needs(self, trigger: Trigger, text: str) -> Role:
        """Return the role up to which a platform has to tell who asks, for a command as typed or a button's data."""
        if trigger is Trigger.COMMAND:
            word, _gap, rest = text.strip().removeprefix("/").partition(" ")
            command = self.registry.commands.get(word.partition("@")[0].lower())
            if command is None:
                return Role.STRANGER
            return Role.MODERATOR if command.role_matters else command.needs_for(rest)
        if name_of(text) == RUN.name:
            return self.needs(Trigger.COMMAND, text.partition(":")[2])
        handler = self.registry.actions.get(name_of(text))
        if handler is None:
            return Role.STRANGER
        return Role.MODERATOR if handler.role_matters else handler.needs

    async def plan_own(self) -> None:
        """See that what the bot does for itself is planned."""
        await privacy.plan_forgetting(self.tools)

    async def move_place(self, platform: str, old: str, new: str) -> None:
        """Let everything that belongs to a chat follow it to its new id."""

        async def work(tx: Transaction) -> None:
            await People().move(tx, platform, old, new)

        await self.tools.database.write(work)

    async def next_event(self) -> tuple[datetime, str] | None:
        """Return what will happen next by itself, and when."""
        now = self.tools.clock.now()
        offers = self.tools.contributions.of(Upcoming)

        async def work(tx: Transaction) -> list[Coming | None]:
            found = [await offer.soonest(tx, now) for offer in offers]
            for job in self.registry.jobs.values():
                planned = await self.tools.schedules.soonest(tx, job.name) if job.title else None
                if planned is not None and planned.due is not None:
                    found.append(Coming(planned.due, _(job.title)))
            return found

        coming = [event for event in await self.tools.database.read(work) if event is not None]
        if not coming:
            return None
        first = min(coming, key=lambda event: event.at)
        return first.at, first.what


def all_migrations(features: Sequence[Feature], platforms: Sequence[tuple[str, Traversable]] = ()) -> list[Migrations]:
    """Return every owner of tables: engine, domain, features, then platforms given as (owner, folder)."""
    owners = [
        Migrations("engine", files("bot.engine").joinpath("migrations")),
        Migrations("community", files("bot.domain.community").joinpath("migrations")),
        Migrations("learning", files("bot.domain.learning").joinpath("migrations")),
    ]
    owners += [Migrations(feature.name, feature.migrations) for feature in features if feature.migrations is not None]
    owners += [Migrations(name, folder) for name, folder in platforms]
    return owners


def build_app(
    database: Database,
    shelf: Shelf,
    clock: Clock,
    dice: Dice | None = None,
    *,
    zone: str = "UTC",
    builders: Sequence[Callable[[Tools], Feature]] = FEATURES,
    budgets: Budgets | None = None,
    scrub: Scrub | None = None,
    personal: Sequence[Owned] = (),
) -> App:
    """Join everything into one bot over an open database and a shelf whose content was read.

    ``budgets`` limit how much anybody may ask; without them there is no limit. ``scrub`` leaves nothing of what was
    deleted in the database's files, where those are ours; ``personal`` says what platforms' tables hold about people.
    """
    dice = dice or SystemDice()
    once = OnceOnly(database)
    post_alarm, plan_alarm = Alarm(), Alarm()
    postbox = Postbox(clock, post_alarm.ring)
    registry: list[Registry] = []
    contributions = Contributions()
    preferences = Preferences()
    surroundings: dict[str, Surroundings] = {}
    tools = Tools(
        database=once,
        clock=clock,
        dice=dice,
        shelf=shelf,
        ledger=Ledger(),
        outbox=postbox,
        schedules=Timetable(clock, plan_alarm.ring),
        contributions=contributions,
        commands=lambda: tuple(registry[0].commands.values()),
        jobs=lambda: registry[0].jobs,
        preferences=preferences,
        surroundings=surroundings.get,
        languages=spoken,
        catalogue=catalogue,
        personal=PersonalRecords(lambda: dice.token(32), scrub),
        corrections=Corrections(),
    )
    tools.personal.before_erasing(Farewell(tools.ledger.leave_nothing))
    features = tuple(build(tools) for build in builders)
    registry.append(join(features))
    for feature in features:
        contributions.fill(feature.contributions)
    ours = [Owned(feature.name, feature.personal) for feature in features]

    async def forget_more(where: Database, _now: datetime) -> None:
        await forget_old_posts(where, clock)

    tools.personal.declare([*personal, *ours, LEARNING, ENGINE, COMMUNITY], forget_more)
    preferences.declare([preference for feature in features for preference in feature.preferences])
    router = Router(registry[0], Askers(once, People(), preferences, zone), catalogue, dice, budgets)
    return App(tools, features, registry[0], router, postbox, post_alarm, plan_alarm, surroundings)


@asynccontextmanager
async def running(
    app: App, platforms: Sequence[Platform], respond: Respond | None = None, stop: asyncio.Event | None = None
) -> AsyncIterator[None]:
    """Start platforms; inside the block people are answered; afterwards all of them have stopped.

    ``respond`` answers them, the app itself if nothing else is given.

    They start side by side, so that one that cannot be reached delays no other. Raises ``SettingsError`` if one of
    them can never work; then none runs. Raises ``StoppedEarlyError`` if ``stop`` is set before all have started.
    """
    for platform in platforms:
        if platform.surroundings is not None:
            app.surroundings[platform.name] = platform.surroundings
    try:
        starting = [asyncio.ensure_future(platform.start(respond or app.respond)) for platform in platforms]
        await all_ended(starting, stop)
        for trouble in [start.exception() for start in starting]:
            if trouble is not None:
                raise trouble
        yield
    finally:
        ended = await asyncio.gather(*(platform.stop() for platform in platforms), return_exceptions=True)
        for platform, trouble in zip(platforms, ended, strict=True):
            if trouble is not None:
                log.error("%s did not stop cleanly: %r", platform.name, trouble)


@asynccontextmanager
async def posting(app: App, database: Database, platforms: Sequence[Platform]) -> AsyncIterator[None]:
    """Send what features keep in the outbox, on every platform that takes posts; ends within five seconds."""
    couriers = [platform.courier for platform in platforms if platform.courier is not None]
    sender = app.sender(database, couriers)
    await sender.start()
    try:
        yield
    finally:
        await sender.stop()


@asynccontextmanager
async def keeping_time(
    app: App, database: Database, clock: Clock, shared: Shared | None = None
) -> AsyncIterator[Counter[str]]:
    """Do what features planned when it is due, inside the block; ends within five seconds.

    The block gets what is counted in ``Jobs.counts``. Of processes that share a database one does it at a time.
    """
    counts: Counter[str] = Counter()

    async def ring() -> None:
        async with ScheduledBell(clock) as bell:
            jobs = app.jobs(database, bell)
            jobs.counts = counts
            await jobs.start()
            try:
                await asyncio.get_running_loop().create_future()
            finally:
                await jobs.stop()

    async def keep() -> None:
        try:
            await in_turns(shared, "bell", ring)
        except Exception:
            log.exception("nothing that is planned is done any more; start Roadmate again")

    keeping = asyncio.ensure_future(keep())
    try:
        yield counts
    finally:
        keeping.cancel()
        await asyncio.gather(keeping, return_exceptions=True)
