"""Export and erase, as the operator asks for them on behalf of somebody who cannot ask the bot any more."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

from bot import connections
from bot.app import App, all_migrations, build_app, open_shelf
from bot.domain.personal.store import Subject
from bot.engine.migrate import migrate
from bot.infra.clock import SystemClock
from bot.infra.database_sqlite import SqliteDatabase, open_database
from bot.infra.sqlite_claim import InUseError
from bot.kit.database import Database, Transaction
from bot.kit.errors import SettingsError, StorageError
from bot.settings import Settings

Say = Callable[[str], None]
"""Prints one line."""


@dataclass(frozen=True, slots=True)
class Account:
    """Somebody, by the platform's own id of them."""

    platform: str
    account: str


def export_person(settings: Settings, who: Account, file: Path, say: Say) -> None:
    """Write everything stored about a person to a new JSON file that its owner alone may read.

    Raises:
        SettingsError: nobody is known by this account.
        StorageError: the bot runs over the same file, the file is there already, or something cannot be written.
    """
    target = file.expanduser().absolute()
    if target.exists():
        raise StorageError(f"{target} exists already. Move it away, or name another file.")
    text = asyncio.run(_export(settings, who))
    try:
        descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError as error:
        raise StorageError(f"{target} cannot be written: {error.strerror}. Choose another place.") from error
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
            stream.write(text)
    except OSError as error:
        with suppress(OSError):
            target.unlink()
        raise StorageError(f"{target} cannot be written: {error.strerror}. Choose another place.") from error
    say(f"Wrote {target}: everything stored about this person, on every platform they use.")


def erase_person(settings: Settings, who: Account, say: Say, *, is_meant: bool) -> None:
    """Erase everything stored about a person, on every platform they use; it cannot be brought back.

    Raises:
        SettingsError: nobody is known by this account, or ``is_meant`` is missing.
        StorageError: the bot runs over the same file.
    """
    if not is_meant:
        raise SettingsError(
            "This erases everything about this person and cannot be undone. Add --yes if you mean it; "
            "“roadmate privacy export” shows first what there is."
        )
    asyncio.run(_erase(settings, who, say))


async def _export(settings: Settings, who: Account) -> str:
    async with _opened(settings) as (app, database):
        records = app.tools.personal
        now = app.tools.clock.now()

        async def work(tx: Transaction) -> str:
            return await records.export(tx, await _found(app, tx, who), now)

        return await database.read(work)


async def _erase(settings: Settings, who: Account, say: Say) -> None:
    async with _opened(settings) as (app, database):
        records = app.tools.personal
        now = app.tools.clock.now()

        async def work(tx: Transaction) -> int:
            return await records.erase(tx, await _found(app, tx, who), now)

        count = await database.write(work)
        is_clean = await records.scrub(2**62)
        say(f"Erased: {count:,} rows were removed or lost their name.")
        if not records.leaves_copies:
            say("On the server, VACUUM removes what is left on its disk; backups and WAL archives are yours to expire.")
            return
        if not is_clean:
            say("Another program reads the database, so traces may be in its file. The bot removes them at night.")
        say(
            f"Copies that Roadmate made by itself are removed by {records.copies_gone(now)} as long as it runs; copies "
            "made by hand (roadmate backup) are yours to remove."
        )


async def _found(app: App, tx: Transaction, who: Account) -> Subject:
    person = await app.tools.personal.person_of(tx, who.platform, who.account)
    whose = None if person is None else await app.tools.personal.subject(tx, person)
    if whose is None:
        raise SettingsError(
            f"Nobody is known by the account {who.account} on {who.platform}. Name the platform (telegram, discord, "
            "web or terminal) and its own id of the account, not a name."
        )
    return whose


@asynccontextmanager
async def _opened(settings: Settings) -> AsyncIterator[tuple[App, Database]]:
    """Open the database of this version, and join the bot over it without starting anything."""
    shelf = open_shelf(settings.content)
    shelf.reload().refuse()
    database = await _open(settings)
    try:
        app = build_app(
            database,
            shelf,
            SystemClock(),
            scrub=database.scrub if isinstance(database, SqliteDatabase) else None,
            personal=connections.personal(),
        )

        async def refuse() -> NoReturn:
            raise StorageError("The database is of an earlier version. Start Roadmate once, then try again.")

        owners = all_migrations(app.features, connections.migrations())
        await migrate(database, owners, before_change=refuse, now=int(app.tools.clock.now().timestamp()))
        yield app, database
    finally:
        await database.close()


async def _open(settings: Settings) -> Database:
    if connections.uses_server(settings):
        from bot.infra.database_postgres import open_postgres  # its library is loaded only by who needs it

        return await open_postgres(settings.database)
    path = settings.database_path.expanduser().resolve()
    if not path.exists():
        raise StorageError(f"There is no database at {path}, so nothing is stored about anybody.")
    try:
        return await open_database(path)
    except InUseError as error:
        raise StorageError(
            f"Roadmate is running with {path}. Stop it first, or let the person type /privacy themselves."
        ) from error
