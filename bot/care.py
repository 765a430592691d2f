"""Backup and restore, as the operator asks for them: what is said on the way, and what refuses to be done."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final, TextIO

from bot import connections
from bot.infra.backup import back_up, check_copy, swap
from bot.infra.backup_names import copies, folder_of, fresh_name
from bot.infra.clock import SystemClock
from bot.infra.database_sqlite import open_database
from bot.infra.sqlite_care import ENDINGS, is_foreign, trouble_with
from bot.infra.sqlite_claim import Claim, InUseError, unusable
from bot.kit.errors import SettingsError, StorageError
from bot.settings import Settings

if TYPE_CHECKING:
    from bot.engine.migrate import Migrations

Say = Callable[[str], None]
"""Prints one line."""

_WIDTH: Final = 30  # letters of the progress bar
_QUARTERS: Final = 4


@dataclass(slots=True)
class Bar:
    """Shows how far something is: a bar that grows in a terminal, a line for each quarter anywhere else."""

    stream: TextIO
    what: str
    _told: int = field(default=-1, init=False)

    def show(self, done: int, of: int) -> None:
        """Show that ``done`` of ``of`` is done; the last call is made with both the same."""
        percent = 100 if of <= 0 else done * 100 // of
        if self.stream.isatty():
            if percent == self._told:
                return
            full = "█" * (percent * _WIDTH // 100)
            end = "\n" if percent == 100 else ""
            self.stream.write(f"\r{self.what} {full:░<{_WIDTH}} {percent:3} %{end}")
            self._told = percent
        else:
            quarter = percent * _QUARTERS // 100
            if quarter == self._told or (quarter == 0 and done):
                return
            self.stream.write(f"{self.what}: {percent} %\n")
            self._told = quarter
        self.stream.flush()


def keep_copy(settings: Settings, wanted: Path | None, say: Say, stream: TextIO) -> None:
    """Make a checked copy of the database, whether the bot runs or not.

    Args:
        settings: which database.
        wanted: the file to write or a folder to put it into; None: a dated name in ``backups`` beside the database.
        say: prints what was done.
        stream: where the progress is shown.

    Raises:
        SettingsError: the database is a server's.
        StorageError: it cannot be done; nothing is left behind.
    """
    _refuse_server(settings, "pg_dump --format=custom --file={file} '{url}'", "Make the backup")
    database = _database(settings)
    if not database.exists():
        raise StorageError(f"There is no database at {database}, so there is nothing to back up.")
    now = SystemClock().now()
    if wanted is None:
        target = fresh_name(folder_of(database), database, now)
    elif wanted.expanduser().is_dir():
        target = fresh_name(wanted.expanduser(), database, now)
    elif not wanted.expanduser().parent.is_dir():
        raise StorageError(f"There is no folder {wanted.expanduser().parent}. Make it, or name another file.")
    elif not wanted.suffix:  # a stick that is not plugged in must not become a file where its folder belongs
        raise StorageError(f"{wanted} is no folder, and a backup's name ends in .db. Make the folder, or add .db.")
    else:
        target = wanted.expanduser()
    claim = _claim_unless_running(database)
    try:
        made = back_up(database, target, Bar(stream, "Copying").show)
    finally:
        if claim is not None:
            claim.release()
    say(f"Wrote {made.path}: {_size(made.size)}, {made.rows:,} rows, checked.")
    say(f"To bring it back: stop Roadmate, then roadmate restore {made.path}")


def list_copies(settings: Settings, say: Say) -> None:
    """Print the copies there are, newest first, and whether each can be used."""
    _refuse_server(settings, "pg_restore --list FILE", "Look into a dump")
    database = _database(settings)
    found = copies(database)
    if not found:
        say(f"There are no backups in {folder_of(database)}. “roadmate backup” makes one.")
        return
    say(f"Backups of {database}, newest first; “roadmate restore FILE” brings one back:")
    for copy in found:
        state = trouble_with(copy.path) or "good"
        kind = f", {copy.kind}" if copy.kind else ""
        say(f"{copy.path}  {copy.made:%Y-%m-%d %H:%M} UTC{kind}, {_size(copy.path.stat().st_size)}: {state}")


def bring_back(settings: Settings, file: Path, say: Say, stream: TextIO) -> None:
    """Put a copy in the place of the database: copied aside, checked, brought up to date, then swapped at once.

    Raises:
        SettingsError: the database is a server's.
        StorageError: the bot runs, or the file cannot serve; then nothing was changed.
    """
    _refuse_server(settings, "pg_restore --clean --if-exists --dbname='{url}' {file}", "Bring a backup back")
    database, file = _database(settings), file.expanduser().absolute()
    fresh = database.with_name(f"{database.name}.restoring")
    now = SystemClock().now()
    is_done = False
    try:
        claim = Claim.of(database, check=False)
    except OSError as error:
        raise unusable(database, error) from error
    try:
        _remove(fresh)  # left by a restore that was cut off
        _refuse_foreign(database)
        check_copy(file, database)
        made = back_up(file, fresh, Bar(stream, "Copying").show)
        applied = asyncio.run(_update(fresh, file, now))
        done = swap(database, fresh, now)
        is_done = True
    finally:
        _remove(fresh)
        claim.release(forget=not is_done)
    say(f"Restored {database} from {file}: {made.rows:,} rows.")
    if applied:
        say(f"Its tables were brought up to this version ({', '.join(applied)}).")
    if done.before is not None:
        _say_way_back(done.before, say)
    say("Start Roadmate again. Posts that waited when the backup was made and are still in time will be sent then.")


def _say_way_back(before: Path, say: Say) -> None:
    if trouble := trouble_with(before):
        say(f"What was there before is kept in {before}. It {trouble}.")
    else:
        say(f"What was there before is kept in {before}. To go back: roadmate restore {before}")


async def _update(fresh: Path, file: Path, now: datetime) -> list[str]:
    """Bring the side copy up to this version; return the names of the migrations it had not had."""
    from bot.engine.migrate import migrate

    opened = await open_database(fresh)
    try:
        applied = await migrate(opened, owners(), before_change=None, now=int(now.timestamp()))
    except StorageError as error:
        raise StorageError(f"{file} cannot be used, so nothing was changed. {error}") from error
    finally:
        await opened.close()
    return [f"{migration.owner}/{migration.number:04}_{migration.name}" for migration in applied]


def owners() -> list[Migrations]:
    """Return every owner of tables this version knows, without opening its database."""
    from bot.app import all_migrations, build_app, open_shelf
    from bot.infra.database_inline import open_inline

    shelf = open_shelf()
    shelf.reload().refuse()
    nothing = open_inline()
    try:
        app = build_app(nothing, shelf, SystemClock())
        return all_migrations(app.features, connections.migrations())
    finally:
        nothing.close_now()


def _refuse_foreign(database: Path) -> None:
    """Leave another program's file alone, even if it stands where our database should; a damaged one may go."""
    if is_foreign(database):
        raise StorageError(f"{database} belongs to another program, so it was left alone. Set ROADMATE_DATABASE.")


def _claim_unless_running(database: Path) -> Claim | None:
    """Hold the file while it is copied, so that nobody starts in the middle; None if the bot holds it already."""
    try:
        return Claim.of(database)
    except InUseError:
        return None
    except OSError:  # a folder we may only read: nobody else writes there either, as far as we can tell
        return None


def _database(settings: Settings) -> Path:
    return settings.database_path.expanduser().resolve()


def _refuse_server(settings: Settings, command: str, what: str) -> None:
    if not connections.uses_server(settings):
        return
    url = connections.without_password(settings.database)
    raise SettingsError(
        f"ROADMATE_DATABASE names a PostgreSQL server, which has its own tools. {what} with: "
        f"{command.format(url=url, file='roadmate.dump')} (it asks for the password, or takes it from PGPASSWORD "
        "or ~/.pgpass)"
    )


def _remove(fresh: Path) -> None:
    for ending in ("", *ENDINGS, ".lock"):
        with suppress(OSError):
            fresh.with_name(fresh.name + ending).unlink()


def _size(count: int) -> str:
    return f"{count / 1024:,.0f} KiB" if count < 1024 * 1024 else f"{count / 1024 / 1024:,.1f} MiB"
