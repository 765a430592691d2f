"""Bringing the tables up to date with this version, one numbered SQL file after another.

Every owner (the engine, a shared part, a feature, a platform) has a folder with ``0001_words.sql``, ``0002_words.sql``
and so on. A file is applied once, in a unit of work of its own that also notes it in the ledger, and is never edited
afterwards: a later change is a later file. Everything that could be refused is refused before anything is changed.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass
from importlib.resources.abc import Traversable
from typing import Final

from bot.engine.store.applied import Applied, MigrationLedger
from bot.kit.database import Database, Transaction
from bot.kit.errors import StorageError

__all__ = ["Applied", "Migrations", "migrate", "pending", "split"]

PICTURE: Final = "schema.sql"  # shows what the files add up to; it is never run
_NAME: Final = re.compile(r"(\d{4})_([a-z0-9_]+)\.sql")
_TOKEN: Final = re.compile(
    r"""
    (?P<space> \s+ | --[^\n]* | /\*.*?\*/ )
  | (?P<quoted> '[^']*' | "[^"]*" | `[^`]*` )   # a doubled quote reads as two texts side by side, which is as good
  | (?P<open> ['"`] | /\* )                     # begins something that never ends
  | (?P<end> ; )
  | (?P<word> \w+ )
  | (?P<other> . )
    """,
    re.VERBOSE | re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Migrations:
    """The numbered files of one owner.

    Attributes:
        owner: a feature's name, or such as ``engine``; never reused for something else.
        folder: where its files lie, in the package or on disk (a ``Path`` will do).
    """

    owner: str
    folder: Traversable


@dataclass(frozen=True, slots=True)
class _File:
    owner: str
    number: int
    name: str
    checksum: str
    statements: tuple[str, ...]

    def applied(self, at: int) -> Applied:
        return Applied(self.owner, self.number, self.name, self.checksum, at)


async def migrate(
    database: Database,
    owners: Sequence[Migrations],
    *,
    before_change: Callable[[], Awaitable[None]] | None,
    now: int,
) -> list[Applied]:
    """Apply what is missing, owner after owner in the order given, and return it.

    Args:
        database: what to change.
        owners: every owner this version knows. Rows of the ledger whose owner is not among them are left alone: they
            belong to a feature that is switched off and may come back.
        before_change: awaited once before the first change, unless the database is brand new; the moment for a copy.
        now: Unix seconds, for the ledger.

    Raises:
        StorageError: if the files and the database do not fit together, or a statement fails. Migrations applied
            before the one that failed stay; of the failed one nothing does.
    """
    files = [file for owner in owners for file in _read(owner)]
    if len({owner.owner for owner in owners}) < len(owners):
        raise StorageError("Two migration folders have the same owner. Give each an owner of its own.")
    ledger = MigrationLedger()
    applied = await database.write(ledger.load)
    _compare(files, {owner.owner for owner in owners}, applied)
    known = {(row.owner, row.number) for row in applied}
    missing = [file for file in files if (file.owner, file.number) not in known]
    if missing and applied and before_change is not None:
        await before_change()
    return [await _apply(database, ledger, file, now) for file in missing]


async def pending(database: Database, owners: Sequence[Migrations]) -> list[str]:
    """Return the files that a database has not had, without changing anything.

    Raises:
        StorageError: if the files and the database do not fit together.
    """
    files = [file for owner in owners for file in _read(owner)]
    applied = await database.read(MigrationLedger().look)
    _compare(files, {owner.owner for owner in owners}, applied)
    known = {(row.owner, row.number) for row in applied}
    return [f"{file.owner}/{file.number:04}_{file.name}" for file in files if (file.owner, file.number) not in known]


def split(sql: str) -> list[str]:
    """Return the statements of a script, without the semicolons and comments between them.

    Semicolons in quotes, in comments and in the body of a trigger do not count. Dollar quotes and nested comments are
    not part of the SQL that SQLite and PostgreSQL share.

    Raises:
        ValueError: if a quote or a comment is never closed.
    """
    statements: list[str] = []
    start: int | None = None  # where the present statement begins
    stop = 0  # where its last sign so far ends
    words: list[str] = []  # its words and semicolons; other signs and quoted texts count as an empty word
    for token in _TOKEN.finditer(sql):
        kind = token.lastgroup
        if kind == "space":
            continue
        if kind == "open":
            line = sql.count("\n", 0, token.start()) + 1
            raise ValueError(f"what begins with {token.group()} in line {line} is never closed")
        if kind == "end" and (start is None or not _is_inside_trigger(words)):
            if start is not None:
                statements.append(sql[start:stop])
            start, words = None, []
            continue
        start, stop = token.start() if start is None else start, token.end()
        words.append(token.group().upper() if kind in {"word", "end"} else "")
    if start is not None:
        statements.append(sql[start:stop])
    return statements


def _is_inside_trigger(words: Sequence[str]) -> bool:
    """Tell whether a semicolon after these words belongs to the body of a trigger, which closes with ``; END``."""
    made = next((word for word in words[1:] if word not in {"OR", "REPLACE", "TEMP", "TEMPORARY"}), "")
    is_trigger = words[0] == "CREATE" and made == "TRIGGER"
    return is_trigger and "BEGIN" in words and words[-2:] != [";", "END"]


def _read(owner: Migrations) -> Iterator[_File]:
    """Yield an owner's files by number; raise ``StorageError`` if a name, a number or a text cannot be."""
    if not owner.folder.is_dir():
        raise StorageError(f"The migrations of {owner.owner} are missing ({owner.folder}). Install Roadmate again.")
    names = sorted(entry.name for entry in owner.folder.iterdir() if entry.name.endswith(".sql"))
    for expected, name in enumerate((name for name in names if name != PICTURE), start=1):
        place = f"{owner.owner}/{name}"
        matched = _NAME.fullmatch(name)
        if matched is None:
            raise StorageError(f"{place} is not named like 0001_words.sql. Rename it.")
        if int(matched[1]) != expected:
            raise StorageError(f"{place} should have number {expected:04}: numbers go up by one. Rename it.")
        data = owner.folder.joinpath(name).read_bytes()
        data = data.replace(b"\r\n", b"\n").replace(b"\r", b"\n")  # a checkout on Windows is the same migration
        try:
            text = data.decode("utf-8-sig")
            statements = tuple(split(text))
        except ValueError as error:
            raise StorageError(f"{place} cannot be read: {error}. Correct it.") from error
        yield _File(owner.owner, expected, matched[2], hashlib.sha256(text.encode()).hexdigest(), statements)


def _compare(files: Sequence[_File], owners: set[str], applied: Sequence[Applied]) -> None:
    """Raise ``StorageError`` unless what was applied is the beginning of what we have."""
    ours = {(file.owner, file.number): file for file in files}
    next_number: dict[str, int] = {}
    for row in applied:  # by owner and number
        if row.owner not in owners:
            continue
        place = f"{row.owner}/{row.number:04}_{row.name}.sql"
        file = ours.get((row.owner, row.number))
        if file is None:
            raise StorageError(
                f"The database was written by a newer Roadmate: it knows {place}, this version does not. "
                "Install that version, or restore the copy made before the update."
            )
        if file.checksum != row.checksum:
            raise StorageError(
                f"{place} was edited after it was applied to this database. Put the file back as it was, "
                "and make the change in a new file."
            )
        expected = next_number.get(row.owner, 1)
        if row.number != expected:
            raise StorageError(
                f"The database has {place}, but not number {expected:04} of {row.owner}. "
                "Restore the newest copy of the database."
            )
        next_number[row.owner] = expected + 1


async def _apply(database: Database, ledger: MigrationLedger, file: _File, now: int) -> Applied:
    applied = file.applied(now)

    async def work(tx: Transaction) -> None:
        await ledger.note(tx, applied)  # first, so that a second process doing the same fails before changing anything
        for statement in file.statements:
            await tx.execute(statement)

    try:
        await database.write(work)
    except StorageError as error:
        raise StorageError(
            f"Migration {file.owner}/{file.number:04}_{file.name}.sql could not be applied; nothing of it was kept. "
            f"{error}"
        ) from error
    return applied
