"""What the doctor looks at on this computer: versions, zone data, disk, folder, database file, clock."""

from __future__ import annotations

import os
import platform
import shutil
import sqlite3
import sys
import tempfile
import zoneinfo
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from importlib.metadata import PackageNotFoundError, version
from importlib.resources import files
from pathlib import Path
from typing import Final

import aiohttp

from bot.infra.backup_names import copies, folder_of
from bot.infra.database_inline import InlineDatabase
from bot.infra.sqlite_care import advice, damage, is_ours, read_only
from bot.infra.sqlite_claim import is_running
from bot.infra.sqlite_units import explain
from bot.kit.checkup import Finding, ok, problem, warning
from bot.kit.clock import Clock
from bot.kit.database import Database

SECONDS: Final = 5.0
"""How long an answer over the network may take."""
_SOUND_SQLITE: Final = (3, 51, 3)
_LITTLE_BYTES: Final = 256 * 1024 * 1024
_NEXT_TO_NOTHING: Final = 32 * 1024 * 1024
_LOOKED_THROUGH: Final = 1024 * 1024 * 1024  # a gigabyte takes some seconds
_OLD_BACKUP: Final = timedelta(days=2)
_OLD_ZONES: Final = timedelta(days=550)
_SKEW: Final = timedelta(seconds=2)
_MUCH_SKEW: Final = timedelta(seconds=30)
_YEARS: Final = 2


def look_at_versions() -> Finding:
    """Python and SQLite."""
    ours = tuple(int(part) for part in sqlite3.sqlite_version.split("."))
    what = f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}"
    if ours >= _SOUND_SQLITE:
        return ok(what)
    # https://www.sqlite.org/changes.html: two writing connections could damage the log when it was begun anew.
    return ok(f"{what} (before 3.51.3 two writers could damage a file; Roadmate writes with one connection only)")


def look_at_zones(now: datetime) -> Finding:
    """The zone data in use, and whether the system's would have been another."""
    try:
        ours = version("tzdata")
    except PackageNotFoundError:
        return problem("no zone data", "the package tzdata is not installed", "Install Roadmate again.")
    name = files("tzdata").joinpath("zones")
    if not name.is_file():
        return problem("zone data unreadable", "the package tzdata is incomplete", "Install Roadmate again.")
    different = _zones_that_differ(now)
    what = f"tzdata {ours}"
    if different:
        what += (
            f" (this system's own data differ for {len(different)} zones until {now.year + _YEARS}; they are not used)"
        )
    released = _released(ours)
    if released is not None and now - released > _OLD_ZONES:
        return warning(
            what,
            "it is more than a year and a half old, and clocks may be changed by newer laws",
            "Install a newer tzdata.",
        )
    return ok(what)


def _released(name: str) -> datetime | None:
    """Return about when a version such as ``2026.6`` came out: a year has up to eight or so."""
    year, _dot, number = name.partition(".")
    try:
        return datetime(int(year), min(12, 1 + int(number) * 3 // 2), 1, tzinfo=UTC)
    except ValueError:
        return None


def _zones_that_differ(now: datetime) -> list[str]:
    """Return the zones for which the system's data and ours disagree within the next years."""
    folder = next((Path(path) for path in _SYSTEM_ZONES if Path(path).is_dir()), None)
    if folder is None:
        return []
    hours = [now + timedelta(days=day) for day in range(_YEARS * 365)]
    found = []
    for name in sorted(zoneinfo.available_timezones()):
        try:
            with (folder / name).open("rb") as file:
                theirs = zoneinfo.ZoneInfo.from_file(file)
            own = zoneinfo.ZoneInfo(name)
        except (OSError, ValueError):
            continue
        if any(moment.astimezone(theirs).utcoffset() != moment.astimezone(own).utcoffset() for moment in hours[::7]):
            found.append(name)
    return found


_SYSTEM_ZONES: Final = ("/usr/share/zoneinfo", "/usr/lib/zoneinfo", "/usr/share/lib/zoneinfo", "/etc/zoneinfo")


def look_at_disk(folder: Path) -> Finding:
    """Free space where the data are, or will be."""
    place = _nearest(folder)
    usage = shutil.disk_usage(place)
    what = f"{_size(usage.free)} free for {folder}"
    if usage.free < _NEXT_TO_NOTHING:
        return problem(what, "nothing can be stored soon", "Free some space.")
    if usage.free < _LITTLE_BYTES:
        return warning(what, "backups will not find room", "Free some space, or move old backups away.")
    return ok(what)


def look_at_folder(folder: Path) -> Finding:
    """Whether files can be made where the database lies."""
    place = _nearest(folder)
    try:
        with tempfile.TemporaryFile(dir=place) as file:
            file.write(b"x")
    except OSError as error:
        step = "Give the user who runs Roadmate the right to write there, or set ROADMATE_HOME."
        return problem(f"{place} cannot be written to", error.strerror or str(error), step)
    if place != folder:
        return ok(f"{folder} is not there yet and can be made")
    if sys.platform != "win32" and folder.stat().st_mode & 0o002:
        return warning(f"{folder} can be written to", "so can everybody on this computer", f"chmod o-w {folder}")
    return ok(f"{folder} can be written to")


def _nearest(folder: Path) -> Path:
    return next(place for place in (folder, *folder.parents) if place.exists())


def look_at_file(path: Path) -> Finding:
    """The database file: whether it is there, ours, and sound. Reads only, also while the bot runs."""
    if not path.exists():
        if found := copies(path):
            step = f"If it was lost, run “roadmate restore {found[0].path}”."
            return warning(f"no database at {path}", "there are backups of one", step)
        return ok(f"no database at {path} yet; it is made at the first start")
    size = path.stat().st_size
    running = "in use by a running Roadmate" if is_running(path) else "not in use"
    what = f"{path}: {_size(size)}, {running}"
    try:
        with read_only(path) as raw:
            found_damage = damage(raw) if size <= _LOOKED_THROUGH else ""
            if found_damage:
                return problem(what, f"it is damaged ({found_damage})", advice(path))
            if not is_ours(raw):
                step = "Set ROADMATE_DATABASE to another file."
                return problem(what, "it belongs to another program", step)
    except sqlite3.Error as error:
        return problem(what, f"it cannot be read: {error}", "Check who may read it and its folder.")
    if sys.platform != "win32" and not os.access(path, os.W_OK):
        return problem(what, "this user may not write to it", "Run Roadmate as its owner, or change its rights.")
    return ok(what + (", sound" if size <= _LOOKED_THROUGH else ", too large to be looked through here"))


@contextmanager
def reading(path: Path) -> Iterator[Database]:
    """Open a file for units of work that read, without changing anything, whether the bot runs or not.

    Raises ``StorageError``.
    """
    try:
        with read_only(path) as raw:
            raw.row_factory = sqlite3.Row
            yield InlineDatabase(raw, str(path))
    except sqlite3.Error as error:
        raise explain(error, str(path)) from error


def look_at_backups(path: Path, now: datetime) -> Finding:
    """How old the newest backup is."""
    if not path.exists():
        return ok("nothing to back up yet")
    found = copies(path)
    age_of_database = now - datetime.fromtimestamp(path.stat().st_ctime, UTC)
    if not found:
        what = f"none in {folder_of(path)}"
        if age_of_database < _OLD_BACKUP:
            return ok(f"{what}; a running Roadmate makes one every day")
        return warning(
            what, "Roadmate makes one every day while it runs, so it was not running", "Run “roadmate backup”."
        )
    age = now - found[0].made
    what = f"{len(found)}, the newest {_age(age)} old"
    if age > _OLD_BACKUP:
        return warning(
            what, "Roadmate makes one every day while it runs", "Look into its log, or run “roadmate backup”."
        )
    return ok(what)


async def look_at_clock(clock: Clock, address: str) -> Finding:
    """How far this computer's clock is from a platform's, by the date of an answer."""
    if not address:
        return ok("not compared: no platform is set up")
    try:
        timeout = aiohttp.ClientTimeout(total=SECONDS)
        async with aiohttp.ClientSession(timeout=timeout, trust_env=True) as session:
            before = clock.now()
            async with session.get(address, allow_redirects=False) as response:
                told = response.headers.get("Date", "")
            after = clock.now()
        theirs = parsedate_to_datetime(told)
    except (aiohttp.ClientError, OSError, TimeoutError):
        return warning("not compared", f"{address} cannot be reached", "Check the network, or try again later.")
    except ValueError:
        return ok(f"not compared: {address} does not tell the time")
    if theirs.tzinfo is None:
        theirs = theirs.replace(tzinfo=UTC)
    # The date has no fractions, and the answer was written somewhere between asking and hearing.
    early, late = before - theirs - timedelta(seconds=1), after - theirs
    skew = timedelta() if early <= timedelta() <= late else min(early, late, key=abs)
    what = f"{_seconds(skew)} from {address}"
    step = "Let this computer set its clock from the network (NTP)."
    if abs(skew) > _MUCH_SKEW:
        return problem(what, "plans happen at wrong times, and platforms may refuse what seems old", step)
    if abs(skew) > _SKEW:
        return warning(what, "plans happen at slightly wrong times", step)
    return ok(what)


def _seconds(skew: timedelta) -> str:
    return "less than a second" if abs(skew) < timedelta(seconds=1) else f"{abs(skew).total_seconds():,.0f} s"


def _age(age: timedelta) -> str:
    if age < timedelta(hours=1):
        return "less than an hour"
    hours = int(age.total_seconds() // 3600)
    return f"{hours} h" if hours < 48 else f"{hours // 24} days"


def _size(count: int) -> str:
    for unit, size in (("GiB", 1024**3), ("MiB", 1024**2)):
        if count >= size:
            return f"{count / size:,.1f} {unit}"
    return f"{count / 1024:,.0f} KiB"
