"""Looking after a database file: whether it is sound, whether it is ours, and what to do if it is not.

Nothing here changes a file or leaves one behind, so all of it may be done while the bot runs.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from threading import Event
from typing import Final

from bot.infra.backup_names import copies, folder_of
from bot.infra.sqlite_units import BUSY_SECONDS
from bot.kit.errors import StorageError

HEADER: Final = b"SQLite format 3\0"  # https://www.sqlite.org/fileformat.html#magic_header_string
APPLICATION: Final = 0x526F6D74  # "Romt", kept in the file's header so that other programs' files are told apart
ENDINGS: Final = ("-wal", "-shm", "-journal")
CHECKED_BYTES: Final = 64 * 1024 * 1024
"""Files up to this size are looked through before a start; it takes well under a second."""

_LEDGER: Final = {"owner", "number", "name", "checksum", "applied_at"}
_STEPS: Final = 10_000  # of SQLite's machine between two looks at whether to stop: well under a millisecond
_TRIED: Final = 5  # copies looked at to name a good one: more would keep somebody waiting who has trouble already


@contextmanager
def read_only(path: Path, stop: Event | None = None) -> Iterator[sqlite3.Connection]:
    """Open a file for reading; raises ``sqlite3.Error``, also in the middle of something long once ``stop`` is set.

    A file with nothing beside it is at rest, and is read as if it could not change: an ordinary connection would
    create the files of the write-ahead log and leave them there.
    """
    at_rest = not any(path.with_name(path.name + ending).exists() for ending in ("-wal", "-journal"))
    mode = "mode=ro&immutable=1" if at_rest else "mode=ro"
    with closing(
        sqlite3.connect(
            f"{path.absolute().as_uri()}?{mode}",
            uri=True,
            timeout=BUSY_SECONDS,
            isolation_level=None,
            check_same_thread=False,
        )
    ) as raw:
        raw.execute("PRAGMA query_only = ON").close()
        raw.execute("PRAGMA trusted_schema = OFF").close()
        stop_with(raw, stop)
        yield raw


def stop_with(raw: sqlite3.Connection, stop: Event | None) -> None:
    """Let a connection give up whatever it does once ``stop`` is set."""
    if stop is not None:
        raw.set_progress_handler(lambda: int(stop.is_set()), _STEPS)


def damage(raw: sqlite3.Connection, *, thorough: bool = False) -> str:
    """Return what is wrong with the pages of a file, or nothing.

    ``thorough`` compares indexes with their tables as well, which takes several times as long. Raises ``sqlite3.Error``
    if the check itself cannot be done; for a file damaged at its beginning that is the finding.
    """
    try:
        found = raw.execute(f"PRAGMA {'integrity' if thorough else 'quick'}_check(1)").fetchone()[0]
    except sqlite3.DatabaseError as error:
        if is_damage(error):
            return str(error)
        raise
    return "" if found == "ok" else " ".join(str(found).split())


def is_damage(error: sqlite3.Error) -> bool:
    """Tell whether SQLite found a file damaged."""
    return getattr(error, "sqlite_errorcode", 0) & 0xFF in {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}


def check_sound(raw: sqlite3.Connection, path: Path) -> None:
    """Raise ``StorageError`` if the file is damaged; the sentence names the newest good copy."""
    if found := damage(raw):
        raise StorageError(f"{path} is damaged ({found}). {advice(path)}")


def is_ours(raw: sqlite3.Connection) -> bool:
    """Tell whether a file is a database of Roadmate, or has nothing in it yet; raises ``sqlite3.Error``."""
    application = raw.execute("PRAGMA application_id").fetchone()[0]
    if application != 0:
        return bool(application == APPLICATION)
    tables = {
        row[0] for row in raw.execute("SELECT name FROM sqlite_master WHERE name NOT LIKE 'sqlite\\_%' ESCAPE '\\'")
    }
    if not tables:
        return True
    # Writing a database out as SQL and in again loses the number, but not the ledger of migrations.
    return {row[1] for row in raw.execute("PRAGMA table_info(schema_migration)")} == _LEDGER


def is_foreign(path: Path) -> bool:
    """Tell whether a file is surely another program's database; one that cannot be read is nobody's."""
    try:
        with read_only(path) as raw:
            return not is_ours(raw)
    except sqlite3.Error:
        return False


def rows_of(raw: sqlite3.Connection) -> dict[str, int]:
    """Return how many rows each table has; raises ``sqlite3.Error``."""
    tables = raw.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name").fetchall()
    quoted = {str(table[0]): str(table[0]).replace('"', '""') for table in tables}
    return {name: int(raw.execute(f'SELECT count(*) FROM "{safe}"').fetchone()[0]) for name, safe in quoted.items()}


def ledger_of(raw: sqlite3.Connection) -> list[tuple[object, ...]]:
    """Return the migrations a file has had, in order; none for a file that never had any. Raises ``sqlite3.Error``."""
    if not raw.execute("PRAGMA table_info(schema_migration)").fetchall():
        return []
    rows = raw.execute("SELECT owner, number, name, checksum FROM schema_migration ORDER BY owner, number").fetchall()
    return [tuple(row) for row in rows]


def trouble_with(path: Path, *, thorough: bool = False) -> str:
    """Return why a file cannot serve as a database of Roadmate, as the end of a sentence; nothing if it can."""
    try:
        with path.open("rb") as file:
            if file.read(len(HEADER)) != HEADER:
                return "is not a database"
        with read_only(path) as raw:
            if found := damage(raw, thorough=thorough):
                return f"is damaged ({found})"
            return "" if is_ours(raw) else "belongs to another program"
    except OSError as error:
        return f"cannot be read: {error.strerror}"
    except sqlite3.Error as error:
        return f"cannot be read: {error}"


def newest_good(database: Path) -> Path | None:
    """Return the newest sound copy of a database, or None if there is none among the newest five."""
    # Before version 0.2 copies made before a migration lay beside the database.
    older = sorted(database.parent.glob(f"{database.stem}.before-*.db"), reverse=True)
    candidates = [*(copy.path for copy in copies(database)), *older]
    return next((path for path in candidates[:_TRIED] if not trouble_with(path)), None)


def advice(database: Path) -> str:
    """Return the next step for somebody whose database is damaged."""
    good = newest_good(database)
    if good is None:
        return (
            f"There is no good backup in {folder_of(database)}. If you have one elsewhere, run “roadmate restore "
            "FILE”; else move the file away or set ROADMATE_DATABASE to another file."
        )
    return f"The newest good backup is {good}: run “roadmate restore {good}”. The damaged file is kept then."
