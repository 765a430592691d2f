"""Which migrations a database has had."""

from __future__ import annotations

from dataclasses import dataclass

from bot.kit.database import Transaction


@dataclass(frozen=True, slots=True)
class Applied:
    """A migration that the database has had.

    Attributes:
        owner, number, name: which file.
        checksum: SHA-256 of its text, hexadecimal.
        applied_at: Unix seconds.
    """

    owner: str
    number: int
    name: str
    checksum: str
    applied_at: int


class MigrationLedger:
    """Which migrations the database has had. It makes its own table, as it comes before every migration."""

    async def load(self, tx: Transaction) -> list[Applied]:
        """Return everything applied so far, by owner and number; empty if the database is brand new."""
        await tx.execute(
            "CREATE TABLE IF NOT EXISTS schema_migration (owner TEXT NOT NULL, number INTEGER NOT NULL, "
            "name TEXT NOT NULL, checksum TEXT NOT NULL, applied_at BIGINT NOT NULL, PRIMARY KEY (owner, number))"
        )
        return await self.look(tx)

    async def look(self, tx: Transaction) -> list[Applied]:
        """Return the same without making anything; raise ``StorageError`` if the database is brand new."""
        rows = await tx.all(
            "SELECT owner, number, name, checksum, applied_at FROM schema_migration ORDER BY owner, number"
        )
        return [Applied(str(row[0]), int(row[1]), str(row[2]), str(row[3]), int(row[4])) for row in rows]

    async def note(self, tx: Transaction, applied: Applied) -> None:
        """Note that a migration is being applied; raise ``ConstraintError`` if it was applied before."""
        await tx.execute(
            "INSERT INTO schema_migration (owner, number, name, checksum, applied_at) "
            "VALUES (:owner, :number, :name, :checksum, :applied_at)",
            owner=applied.owner,
            number=applied.number,
            name=applied.name,
            checksum=applied.checksum,
            applied_at=applied.applied_at,
        )
