"""The present tables can be read in one place, and the migrations really reach them."""

from __future__ import annotations

from bot.app import all_migrations, build_app
from bot.engine.migrate import Migrations
from bot.infra.database_inline import open_inline
from tests.fakes.clock import FakeClock
from tests.fakes.core import shipped_shelf
from tests.schema import schemas


async def test_each_schema_shows_what_its_migrations_add_up_to() -> None:
    found = await schemas()
    assert {file.parent.parent.name for file, _text in found} >= {"engine", "community", "learning", "roadmap", "web"}
    for file, text in found:
        assert file.read_text("utf-8") == text, f"{file} is stale; run: python -m tests.schema"
        assert "CREATE TABLE" in text


async def test_tables_are_strict_and_begin_with_their_owner() -> None:
    for file, text in await schemas():
        owner = file.parent.parent.name
        for statement in text.split(";\n"):
            if "CREATE TABLE" in statement:
                assert f"CREATE TABLE {owner}_" in statement
                assert statement.rstrip().endswith("STRICT")


async def test_every_owner_is_named_once() -> None:
    database = open_inline()
    owners: list[Migrations] = all_migrations(build_app(database, shipped_shelf(), FakeClock()).features)
    assert len({owner.owner for owner in owners}) == len(owners)
    await database.close()
