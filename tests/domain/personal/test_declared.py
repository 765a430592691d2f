"""Every table of every owner says whether it is about people, and every column that sounds like a person is covered."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.kit.personal import Impersonal, Personal, Spoken
from tests.fakes.core import CoreWorld
from tests.fakes.privacy_world import columns, open_world

SOUNDS_PERSONAL = re.compile(
    r"person|account|name|author|only_for|about|\bwho|user|member|owner|sender|mail|voter|chat$"
)


@pytest.fixture
async def full(tmp_path: Path) -> AsyncIterator[CoreWorld]:
    world, database = await open_world(tmp_path / "roadmate.db")
    yield world
    await database.close()


async def test_every_table_is_declared_and_every_declared_table_is_there(full: CoreWorld) -> None:
    there = await full.database.read(columns)
    declared = {table.table for table in full.app.tools.personal.declared}
    assert set(there) - declared == set(), "say beside its store what a row of it is"
    assert declared - set(there) == set()


async def test_every_column_that_is_named_is_there(full: CoreWorld) -> None:
    there = await full.database.read(columns)
    for table in full.app.tools.personal.declared:
        named: set[str] = set(table.innocent)
        if table.kept is not None:
            named.add(table.kept.since)
        if isinstance(table, Personal):
            named |= {*table.people, *table.accounts, *table.chats, *table.mentions, *table.times}
            named |= set(table.becomes or ()) | ({table.parent.column} if table.parent else set())
        if isinstance(table, Spoken):
            named |= {*table.key, *table.texts}
        assert named <= set(there[table.table]), table.table


async def test_every_column_that_sounds_like_a_person_is_covered(full: CoreWorld) -> None:
    there = await full.database.read(columns)
    declared = full.app.tools.personal.declared
    bare = []
    for name, found in there.items():
        covered: set[str] = set()
        for table in declared:
            if table.table != name:
                continue
            covered |= set(table.innocent)
            if isinstance(table, Personal):
                covered |= {*table.people, *table.accounts, *table.chats, *table.mentions}
                covered |= set(found) if table.becomes is None and not table.chats else set(table.becomes or ())
        bare += [f"{name}.{column}" for column in found if SOUNDS_PERSONAL.search(column) and column not in covered]
    assert bare == []


async def test_a_table_cannot_be_declared_both_personal_and_not(full: CoreWorld) -> None:
    declared = full.app.tools.personal.declared
    personal = {table.table for table in declared if isinstance(table, Personal)}
    assert personal.isdisjoint(table.table for table in declared if isinstance(table, Impersonal))
    assert all(table.why for table in declared if isinstance(table, Impersonal))
    assert all(table.what for table in declared if isinstance(table, Personal))
