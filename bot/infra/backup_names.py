"""How copies of a database are called, and which of the daily ones may go.

``roadmate-2026-11-21T0658.db`` is one somebody made. Roadmate itself makes ``…-daily.db`` once a day,
``…-before-0.2.0.db`` before tables change, and ``…-replaced.db`` when a copy takes a file's place. Moments are UTC.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from bot.domain.personal.records import COPIES_DAYS

DAILY: Final = "daily"
REPLACED: Final = "replaced"
DAYS_KEPT: Final = 7
WEEKS_KEPT: Final = 4
_STAMP: Final = "%Y-%m-%dT%H%M"


@dataclass(frozen=True, slots=True, order=True)
class Copy:
    """A copy found in a folder: when it was made (UTC), what for (empty: by hand), and where it is."""

    made: datetime
    kind: str
    path: Path


def folder_of(database: Path) -> Path:
    """Return where copies of a database lie unless somebody says otherwise: ``backups`` beside it."""
    return database.expanduser().resolve().parent / "backups"


def fresh_name(folder: Path, database: Path, now: datetime, kind: str = "") -> Path:
    """Return a path for a new copy that does not exist yet; a second one of the same minute ends in ``-2``."""
    ending = f"-{kind}" if kind else ""
    stem = f"{database.stem}-{now.astimezone(UTC):{_STAMP}}{ending}"
    number, found = 1, folder / f"{stem}.db"
    while found.exists():
        number += 1
        found = folder / f"{stem}-{number}.db"
    return found


def parse(path: Path, database: Path) -> Copy | None:
    """Return what the name of a file says, or None if it is not the name of a copy of this database."""
    stamp, kind = r"\d{4}-\d\d-\d\dT\d{4}", rf"{DAILY}|{REPLACED}|before-[\w.+]+"
    found = re.fullmatch(rf"{re.escape(database.stem)}-({stamp})(?:-({kind}))?(?:-\d+)?\.db", path.name)
    if found is None:
        return None
    try:
        made = datetime.strptime(found[1], _STAMP).replace(tzinfo=UTC)
    except ValueError:
        return None
    return Copy(made, found[2] or "", path)


def copies(database: Path, folder: Path | None = None) -> list[Copy]:
    """Return the copies of a database in a folder (its own for them), newest first; none if it cannot be read."""
    try:
        found = [parse(path, database) for path in (folder or folder_of(database)).iterdir()]
    except OSError:
        return []
    return sorted((copy for copy in found if copy is not None), reverse=True)


def superfluous(found: Iterable[Copy]) -> list[Copy]:
    """Return the daily copies that may go.

    Kept are the newest copy of each of the seven newest days that have one, and among the older ones the newest of each
    of the four newest ISO weeks. Copies that were not made daily are never named.
    """
    daily = sorted((copy for copy in found if copy.kind == DAILY), reverse=True)
    days = _newest(daily, lambda made: made.date(), DAYS_KEPT)
    older = [copy for copy in daily if copy.made.date() not in {kept.made.date() for kept in days}]
    kept = {*days, *_newest(older, lambda made: made.isocalendar()[:2], WEEKS_KEPT)}
    return [copy for copy in daily if copy not in kept]


def expired(database: Path, now: datetime) -> list[Copy]:
    """Return the copies Roadmate made by itself, of any kind, that are too old to be kept.

    People who were erased are in them. Those that somebody made by hand are never named.
    """
    found = [*copies(database), *copies(database, database.expanduser().resolve().parent)]
    return [copy for copy in found if copy.kind and copy.made < now - timedelta(days=COPIES_DAYS)]


def _newest(found: Iterable[Copy], span: Callable[[datetime], object], most: int) -> list[Copy]:
    """Return the first copy of each span of time, for the first so many spans."""
    first: dict[object, Copy] = {}
    for copy in found:
        first.setdefault(span(copy.made), copy)
    return list(first.values())[:most]
