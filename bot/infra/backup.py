"""Copies of a database: made while the bot runs, checked before they count, and put back in its place.

A copy is read in one snapshot, so it holds everything stored up to one moment and nothing half; whoever writes
meanwhile is not kept waiting. It gets its name only once it is checked and on the disk.
"""

from __future__ import annotations

import logging
import os
import shutil
import sqlite3
import sys
from collections.abc import Awaitable, Callable
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event, get_ident
from typing import Final

from bot.infra.backup_names import DAILY, REPLACED, copies, expired, folder_of, fresh_name, superfluous
from bot.infra.sqlite_care import (
    ENDINGS,
    advice,
    damage,
    is_damage,
    is_ours,
    ledger_of,
    read_only,
    rows_of,
    stop_with,
    trouble_with,
)
from bot.infra.sqlite_units import explain
from bot.kit.clock import Clock
from bot.kit.errors import StorageError

log = logging.getLogger("roadmate.backup")

Progress = Callable[[int, int], None]
"""Told how many pages were copied, and of how many."""

_PAGES: Final = 1024  # copied between two looks at the progress: 4 MiB with pages of the usual size
_SPARE_BYTES: Final = 16 * 1024 * 1024  # left free by a copy, so that it never fills the disk the bot writes to
_FIRST_AFTER: Final = timedelta(hours=1)  # a bot that is only tried out leaves no copies
_EVERY: Final = timedelta(days=1)
_AGAIN_AFTER: Final = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Made:
    """A copy that was made and checked: where it is, its size in bytes, and how many rows its tables hold."""

    path: Path
    size: int
    rows: int


def back_up(source: Path, target: Path, progress: Progress | None = None, *, stop: Event | None = None) -> Made:
    """Copy a database to a new file, which is checked and on the disk before it gets its name.

    The database may be in use. The copy is one plain file with the same rights as the original. Once ``stop`` is set,
    the copy is given up within a moment.

    Raises:
        StorageError: it cannot be done; then nothing is left behind.
    """
    target = target.expanduser().absolute()
    part = target.with_name(f".{target.name}.{os.getpid()}-{get_ident()}.part")
    try:
        if target.exists():
            raise StorageError(f"The copy {target} exists already. Move it away or choose another name.")
        if not target.parent.exists():
            target.parent.mkdir(parents=True)
            _give(target.parent, source.parent)
        _check_room(source, target.parent)
        part.touch(mode=source.stat().st_mode & 0o777)  # what nobody else may read stays so
        _give(part, source)
        rows = _fill(source, part, progress, stop)
        _put_on_disk(part)
        _name(part, target)
    except sqlite3.Error as error:
        raise _given_up(target, stop) or explain(error, str(target)) from error
    except FileExistsError as error:
        raise StorageError(f"The copy {target} exists already. Move it away or choose another name.") from error
    except OSError as error:
        raise StorageError(f"The copy {target} cannot be written: {error.strerror}. Choose another place.") from error
    finally:
        for ending in ("", *ENDINGS):
            with suppress(OSError):
                part.with_name(part.name + ending).unlink()
    return Made(target, target.stat().st_size, rows)


def _check_room(source: Path, folder: Path) -> None:
    needed = source.stat().st_size + _SPARE_BYTES
    free = shutil.disk_usage(folder).free
    if free < needed:
        raise StorageError(
            f"The disk that holds {folder} has {_mebibytes(free)} free, and a copy needs {_mebibytes(needed)}. "
            "Free some space, or choose another place."
        )


def _given_up(target: Path, stop: Event | None) -> StorageError | None:
    if stop is None or not stop.is_set():
        return None
    return StorageError(f"The copy {target} was given up, because Roadmate is stopping. Make it again.")


def _fill(source: Path, part: Path, progress: Progress | None, stop: Event | None) -> int:
    """Copy page by page, then compare; return how many rows there are."""
    with read_only(source, stop) as original, closing(sqlite3.connect(part, isolation_level=None)) as copy:
        stop_with(copy, stop)
        try:
            # One snapshot for all pages: SQLite would begin again whenever somebody writes, and never end.
            original.execute("BEGIN").close()
            if not is_ours(original):
                raise StorageError(f"{source} belongs to another program, so it is not copied.")
            rows, ledger = rows_of(original), ledger_of(original)
        except sqlite3.Error as error:
            if is_damage(error):
                raise StorageError(f"{source} is damaged ({error}), so it is not copied. {advice(source)}") from error
            raise _given_up(part, stop) or explain(error, str(source)) from error
        original.backup(copy, pages=_PAGES, progress=_pages(progress, stop))
        copy.execute("PRAGMA journal_mode = DELETE").close()  # one plain file, nothing beside it
        if found := damage(copy, thorough=True):
            raise StorageError(f"{source} is damaged ({found}), and so is every copy of it. {advice(source)}")
        if copy.execute("PRAGMA foreign_key_check").fetchone() is not None:
            raise StorageError(
                f"{source} has rows that point at nothing, so its copy was thrown away. {advice(source)}"
            )
        if (rows_of(copy), ledger_of(copy)) != (rows, ledger):
            raise StorageError(f"The copy of {source} is not the same as the original. Check the disk and try again.")
        return sum(rows.values())


def _pages(progress: Progress | None, stop: Event | None) -> Callable[[int, int, int], None]:
    def tell(_status: int, remaining: int, total: int) -> None:
        if stop is not None and stop.is_set():
            raise sqlite3.OperationalError("interrupted")
        if progress is not None:
            progress(total - remaining, total)

    return tell


def _give(path: Path, like: Path) -> None:
    """Let a file belong to whom another belongs to: root's copy of the bot's file must stay the bot's."""
    if sys.platform != "win32" and os.geteuid() == 0:
        owner = like.stat()
        os.chown(path, owner.st_uid, owner.st_gid)


def _put_on_disk(path: Path) -> None:
    with path.open("rb+") as file:
        os.fsync(file.fileno())


def _name(part: Path, target: Path) -> None:
    """Give a finished file its name, unless something of that name has come to be; raises ``OSError``."""
    try:
        os.link(part, target)
    except FileExistsError:
        raise
    except OSError:  # a file system without hard links
        if target.exists():
            raise FileExistsError(target) from None
        part.rename(target)
    _settle(target.parent)


def _settle(folder: Path) -> None:
    """See that names given in a folder survive a power cut, where the operating system offers a way."""
    with suppress(OSError):  # Windows cannot open a folder
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


@dataclass(frozen=True, slots=True)
class Restored:
    """What a restore did: where the file that was there before is now, or None if there was none."""

    path: Path
    before: Path | None


def check_copy(file: Path, database: Path) -> None:
    """Raise ``StorageError`` unless a file can take the place of a database, with what is wrong and the next step."""
    if not file.exists():
        raise StorageError(f"{file} does not exist. Name a backup; “roadmate restore” alone lists those there are.")
    if not file.is_file():
        raise StorageError(
            f"{file} is not an ordinary file. Name a backup; “roadmate restore” alone lists those there are."
        )
    if database.exists() and file.samefile(database):
        raise StorageError(f"{file} is the database itself. Name a backup of it.")
    if trouble := trouble_with(file, thorough=True):
        raise StorageError(f"{file} {trouble}, so nothing was changed. Name another backup.")
    with read_only(file) as raw:
        if not ledger_of(raw):
            raise StorageError(f"{file} holds nothing of Roadmate, so nothing was changed. Name another backup.")


def swap(database: Path, fresh: Path, now: datetime) -> Restored:
    """Put a finished file in the place of a database that nobody has open, and keep the one that was there.

    There is always a whole file under the database's name: the one before or the fresh one, whatever happens.
    Raises ``StorageError`` if it cannot be done; then the database is as it was.
    """
    kept = fresh_name(database.parent, database, now, REPLACED)
    try:
        _put_on_disk(fresh)
        if not database.exists():
            _give(fresh, database.parent)
            fresh.replace(database)
            _settle(database.parent)
            return Restored(database, None)
        _gather(database)
        fresh.chmod(database.stat().st_mode & 0o777)
        _give(fresh, database)
        try:
            os.link(database, kept)
        except OSError:  # a file system without hard links
            shutil.copy2(database, kept)
            _put_on_disk(kept)
        for ending in ENDINGS:  # left only beside a damaged file; they must not be read with the fresh one
            beside = database.with_name(database.name + ending)
            if beside.exists():
                beside.replace(kept.with_name(kept.name + ending))
        fresh.replace(database)
        _settle(database.parent)
    except OSError as error:
        raise StorageError(f"{database} cannot be replaced: {error.strerror}. Check who may write there.") from error
    return Restored(database, kept)


def _gather(database: Path) -> None:
    """Move what a killed bot left in the log into the file, unless that is damaged: then both are kept as they are."""
    if not database.with_name(database.name + "-wal").exists() or trouble_with(database):
        return
    with suppress(sqlite3.Error), closing(sqlite3.connect(database, isolation_level=None)) as raw:
        raw.execute("PRAGMA wal_checkpoint(TRUNCATE)").close()


class DailyBackups:
    """Makes a copy every day while the bot runs, and removes daily ones that are not needed any more."""

    def __init__(self, copy_to: Callable[[Path], Awaitable[object]], database: Path, clock: Clock) -> None:
        """Take the driver's way to copy, the path of its file, and the real clock, even in a rehearsal."""
        self._copy_to = copy_to
        self._database = database.expanduser().resolve()
        self._clock = clock
        self._began = clock.now()
        self.trouble = ""
        """Why the last try failed; empty if it did not."""

    async def run(self) -> None:
        """Make copies until cancelled. Trouble is logged and tried again within the hour; it never ends this."""
        while True:
            await self._clock.sleep_until(self._due())
            try:
                await self._make()
                self.trouble = ""
            except StorageError as error:
                self.trouble = str(error)
                log.error("the daily backup was not made: %s", error)  # noqa: TRY400 - the sentence says it all
                await self._clock.sleep_until(self._clock.now() + _AGAIN_AFTER)

    def _due(self) -> datetime:
        now = self._clock.now()
        # A copy from the future was made while the computer's clock was wrong; it must not put off the next one.
        made = [copy.made for copy in copies(self._database) if copy.kind == DAILY and copy.made <= now]
        return max(made) + _EVERY if made else self._began + _FIRST_AFTER

    async def _make(self) -> None:
        now = self._clock.now().astimezone(UTC)
        target = fresh_name(folder_of(self._database), self._database, now, DAILY)
        await self._copy_to(target)
        log.info("made the daily backup %s", target)
        for copy in superfluous(copies(self._database)):
            with suppress(OSError):
                copy.path.unlink()
                log.info("removed the old daily backup %s", copy.path)
        for copy in expired(self._database, now):
            with suppress(OSError):
                for ending in (*ENDINGS, ""):
                    copy.path.with_name(copy.path.name + ending).unlink(missing_ok=True)
                log.info("removed the copy %s, as it might hold people who were erased", copy.path)


def _mebibytes(count: int) -> str:
    return f"{count / 1024 / 1024:,.0f} MiB"
