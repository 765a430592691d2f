"""Starting and stopping: opens what a run needs, in order, and closes it again whatever happens."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, nullcontext, suppress

from bot import __version__, connections, watch
from bot.app import (
    App,
    all_migrations,
    build_app,
    keeping_time,
    open_shelf,
    posting,
    running,
)
from bot.engine.budget import Budgets
from bot.engine.health import Counted, Health
from bot.engine.inbox import forget_old_events
from bot.engine.migrate import migrate
from bot.engine.outbox import forget_old_posts
from bot.engine.schedules import use_zone_data
from bot.infra.backup_names import folder_of, fresh_name
from bot.infra.catalogues import catalogue
from bot.infra.clock import (
    MovableClock,
    SystemClock,
    SystemDice,
    local_zone,
    use_own_zone_data,
    zone_data_edition,
)
from bot.infra.database_sqlite import SqliteDatabase, open_database
from bot.infra.logs import set_up
from bot.infra.shared_alone import Alone
from bot.kit.clock import Clock
from bot.kit.database import Database
from bot.kit.errors import StoppedEarlyError
from bot.kit.platform import Platform
from bot.kit.shared import Shared
from bot.kit.wording import speaking
from bot.platforms import terminal
from bot.settings import Settings

log = logging.getLogger("roadmate")


async def serve(settings: Settings) -> int:
    """Run the bot until it is told to stop; return the exit code.

    Raises:
        SettingsError: something that is set cannot work, or a platform no longer knows its token.
    """
    set_up(settings.secrets)
    connections.refuse_what_cannot_run(settings)

    clock = MovableClock() if not settings.clock else _rehearsal(settings.clock)
    health = watch.new_health()
    health.rehearsal = f"the clock goes by ROADMATE_CLOCK={settings.clock}" if settings.clock else ""
    async with opened(settings, clock, health) as (app, database, shared), _unless_stopped():
        platforms = connections.build_platforms(settings, app, database, shared)
        page = None
        if settings.offers_web_chat:
            may_travel = not await connections.has_others(database)
            page = connections.build_web(settings, app, database, clock, health, may_travel=may_travel)
            platforms.append(page)
        watch.look_at(health, app, database, platforms)
        stop = _stop_signal()
        async with (
            running(app, platforms, watch.counting(health, app), stop),
            posting(app, database, platforms),
            keeping_time(app, database, clock, shared) as done,
            watch.watched_over(settings, health, database),
        ):
            watch.count_jobs(health, done)
            print(_greeting(platforms, page.address if page else ""), flush=True)
            print(f"Everything is kept in {_kept_in(settings, database)}. Ctrl-C stops it.", flush=True)
            if health.rehearsal:
                print(f"REHEARSAL: {health.rehearsal}. Nothing here happens at its real time.", flush=True)
            await until_one_ends(platforms, stop)
    return 0


async def chat_in_terminal(settings: Settings) -> int:
    """Hold a conversation in this terminal until it ends; return the exit code."""
    set_up(settings.secrets, quiet=True)
    clock = MovableClock() if not settings.clock else _rehearsal(settings.clock)
    if settings.clock:
        print(f"REHEARSAL: the clock goes by ROADMATE_CLOCK={settings.clock}. Nothing here happens at its real time.")
    async with opened(settings, clock) as (app, database, shared):
        platform = terminal.build(
            database=database,
            clock=clock,
            travel=None if (others := await connections.has_others(database)) else clock,
            real=clock if settings.clock else SystemClock(),
            next_event=app.next_event,
            rests=app.rests,
            dice=SystemDice(),
            commands=lambda: app.commands,
            suggest=app.suggest,
            zone=local_zone(),
            history=settings.home / "history",
            files=settings.home / "files",
            names=connections.names(app),
        )
        stop = _stop_signal()
        spoken = catalogue(os.environ.get("LANG", "").partition(".")[0])
        with speaking(spoken):  # what the terminal says by itself, and how it writes days
            async with AsyncExitStack() as stack:
                await stack.enter_async_context(running(app, [platform]))
                if not others:  # their quizzes are for the bot that can post them
                    await stack.enter_async_context(posting(app, database, [platform]))
                    await stack.enter_async_context(keeping_time(app, database, clock, shared))
                await until_one_ends([platform], stop)
    return 0


@asynccontextmanager
async def opened(
    settings: Settings, clock: Clock, health: Health | None = None
) -> AsyncIterator[tuple[App, Database, Shared]]:
    """Read the content, open and migrate the database, and join everything; close the database afterwards.

    The block also gets what processes over the same database leave to each other. ``health`` counts the units of work
    of what is joined.

    Raises:
        ContentError: the content has problems.
        StorageError: the database cannot be used.
    """
    use_own_zone_data()
    shelf = open_shelf(settings.content)
    shelf.reload().refuse()
    database, shared = await _open(settings)
    try:
        counted = Counted(database, health.units) if health is not None else database
        app = build_app(
            counted,
            shelf,
            clock,
            zone=local_zone(),
            budgets=Budgets(clock),
            scrub=database.scrub if isinstance(database, SqliteDatabase) else None,
            personal=connections.personal(),
        )
        owners = all_migrations(app.features, connections.migrations())
        now = int(clock.now().timestamp())
        sparing = database.sparing() if isinstance(database, SqliteDatabase) else nullcontext()
        async with shared.turn("migrations"), sparing:  # of processes that start together, one changes the tables
            await migrate(database, owners, before_change=_copying(database), now=now)
            if isinstance(clock, MovableClock) and not (settings.has_token or settings.clock):
                await _go_on(clock, database)
            await forget_old_events(database, now)
            await forget_old_posts(database, clock)
            await use_zone_data(database, zone_data_edition())
            await app.plan_own()
        await app.post_alarm.share(shared, "posts")
        await app.plan_alarm.share(shared, "plans")
        yield app, database, shared
    finally:
        await database.close()


async def _go_on(clock: MovableClock, database: Database) -> None:
    """Let the clock of somebody who tries things out go on where they left it: what is planned goes by it."""
    last = await connections.last_said(database)
    if last is not None and last > clock.now() and not await connections.has_others(database):
        clock.travel(last - clock.now())
        log.info("the clock goes on where it was left, at %s", f"{last:%Y-%m-%d %H:%M} UTC")


async def _open(settings: Settings) -> tuple[Database, Shared]:
    """Open the file or connect to the server that the settings name; raises ``StorageError`` if that cannot be."""
    if not connections.uses_server(settings):
        return await open_database(settings.database_path), Alone()
    from bot.infra.database_postgres import open_postgres  # its library is loaded only by who needs it

    database = await open_postgres(settings.database)
    return database, database


def _copying(database: Database) -> Callable[[], Awaitable[None]]:
    """Return what is done before the tables of an earlier version are changed."""

    async def keep_a_copy() -> None:
        if not isinstance(database, SqliteDatabase):
            log.info("the tables are brought up to version %s; a copy would be pg_dump's to make", __version__)
            return
        copy = fresh_name(folder_of(database.path), database.path, SystemClock().now(), f"before-{__version__}")
        await database.copy_to(copy)
        log.info("kept a copy of the database in %s before changing it", copy)

    return keep_a_copy


async def until_one_ends(platforms: Sequence[Platform], stop: asyncio.Event) -> None:
    """Return when ``stop`` is set or a platform has ended by itself; raise what a platform ended with."""
    waits = [asyncio.ensure_future(stop.wait()), *(asyncio.ensure_future(platform.wait()) for platform in platforms)]
    try:
        done, _waiting = await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        for ended in done:
            ended.result()
    finally:
        for wait in waits:
            wait.cancel()
        await asyncio.gather(*waits, return_exceptions=True)


def _kept_in(settings: Settings, database: Database) -> str:
    """Return where everything is, for people to read."""
    return (
        str(settings.database_path)
        if isinstance(database, SqliteDatabase)
        else connections.without_password(settings.database)
    )


def _greeting(platforms: Sequence[Platform], page: str) -> str:
    names = " and ".join(platform.name.title() for platform in platforms if platform.name != "web")
    begin = f"Roadmate is ready on {names}." if names else "Roadmate is ready."
    return f"{begin} Open http://{page} in your browser." if page else begin


def _rehearsal(text: str) -> MovableClock:
    clock = connections.rehearsal(text)
    log.warning("REHEARSAL: the clock starts at %s and is not the real one", f"{clock.now():%Y-%m-%d %H:%M:%S} UTC")
    return clock


@asynccontextmanager
async def _unless_stopped() -> AsyncIterator[None]:
    """Around a run: to be told to stop before everything has started is no error."""
    with suppress(StoppedEarlyError):
        yield


def _stop_signal() -> asyncio.Event:
    """Return an event that is set when the process is asked to stop."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        try:
            loop.add_signal_handler(number, stop.set)
        except NotImplementedError:  # Windows: Ctrl-C arrives as KeyboardInterrupt
            signal.signal(number, lambda *_ignored: loop.call_soon_threadsafe(stop.set))
    return stop
