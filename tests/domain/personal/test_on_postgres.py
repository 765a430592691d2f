"""The same declarations serve on a PostgreSQL server."""

from __future__ import annotations

import json

from bot.app import all_migrations, build_app
from bot.connections import migrations, personal
from bot.engine.migrate import migrate
from bot.infra.database_postgres import open_postgres
from bot.kit.database import Transaction
from bot.kit.personal import Personal
from tests.fakes.clock import FakeClock, FakeDice
from tests.fakes.core import shipped_shelf
from tests.fakes.privacy_world import TRACES, plant


async def test_somebody_in_every_table_is_exported_erased_and_forgotten(postgres_url: str) -> None:
    clock = FakeClock()
    now = clock.now()
    database = await open_postgres(postgres_url, pool=2)
    try:
        app = build_app(database, shipped_shelf(), clock, FakeDice(), personal=personal())
        records = app.tools.personal
        await migrate(database, all_migrations(app.features, migrations()), before_change=None, now=0)
        person = await database.write(lambda tx: plant(tx, int(now.timestamp())))

        async def export(tx: Transaction) -> str:
            whose = await records.subject(tx, person)
            assert whose is not None
            return await records.export(tx, whose, now)

        async def erase(tx: Transaction) -> tuple[dict[str, int], bool]:
            whose = await records.subject(tx, person)
            assert whose is not None
            await records.erase(tx, whose, now)
            left = {one.what: one.count for one in await records.stored(tx, whose)}
            return left, await records.subject(tx, person) is None

        text = await database.read(export)
        assert all(trace in text for trace in TRACES)
        assert all(
            json.loads(text)["tables"][one.table]["rows"] for one in records.declared if isinstance(one, Personal)
        )
        left, is_gone = await database.write(erase)
        assert list(left.values()) == [1], "the empty row alone"
        assert is_gone
        await records.forget(database, now)
        assert await records.scrub(), "what is left on the server's disk is the server's to remove"
        assert not records.leaves_copies
    finally:
        await database.close()
