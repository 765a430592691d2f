"""Writes ``schema.sql`` beside each folder of migrations: what all numbered files add up to, readable in one place.

``python -m tests.schema`` writes them; a test proves they are fresh.
"""

from __future__ import annotations

import asyncio
from pathlib import Path

from bot.app import all_migrations, build_app
from bot.connections import migrations
from bot.engine.migrate import Migrations, migrate
from bot.infra.database_inline import open_inline
from bot.kit.database import Transaction
from tests.fakes.clock import FakeClock
from tests.fakes.core import shipped_shelf

HEADER = "-- What the numbered files of this folder add up to. Generated: python -m tests.schema\n"


async def schemas() -> list[tuple[Path, str]]:
    """Return (file, text) for each owner of tables."""
    database = open_inline()
    app = build_app(database, shipped_shelf(), FakeClock())
    owners = all_migrations(app.features, migrations())
    await migrate(database, owners, before_change=None, now=0)

    async def work(tx: Transaction) -> list[tuple[str, str]]:
        rows = await tx.all("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY rowid")
        return [(row["name"], row["sql"]) for row in rows]

    made = await database.read(work)
    await database.close()
    return [(Path(str(owner.folder)) / "schema.sql", _text(owner, made)) for owner in owners]


def _text(owner: Migrations, made: list[tuple[str, str]]) -> str:
    return HEADER + "".join(f"\n{sql.strip()};\n" for name, sql in made if name.startswith(f"{owner.owner}_"))


if __name__ == "__main__":
    for file, text in asyncio.run(schemas()):
        file.write_text(text, "utf-8")
