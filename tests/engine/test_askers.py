"""Who asks is found in memory, and every change about them is seen with the next event."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TypeVar

import pytest

from bot.app import all_migrations, build_app, open_shelf
from bot.domain.community.preferences import Preferences
from bot.domain.community.store import People
from bot.engine.askers import Askers
from bot.infra.clock import MovableClock
from bot.infra.database_inline import open_inline
from bot.kit.database import Database, Transaction, Work
from bot.kit.errors import AlreadyHandledError
from bot.kit.preference import Scope
from bot.kit.request import Incoming, Role, Sender, Setting, Trigger, Where
from tests.fakes.migrated import migrate

Result = TypeVar("Result")
NOW = datetime(2026, 11, 21, 9, tzinfo=UTC)
ANA = Incoming(
    "telegram", "1", Trigger.COMMAND, Sender("7", "Ana"), Where("hall", Setting.GROUP, "Hall"), "/roadmap", NOW
)


class Counting:
    """Counts the units of work that reach a database, and passes its stamp on if asked to."""

    def __init__(self, inner: Database) -> None:
        self.inner = inner
        self.units = 0

    async def read(self, work: Work[Result], /) -> Result:
        self.units += 1
        return await self.inner.read(work)

    async def write(self, work: Work[Result], /) -> Result:
        self.units += 1
        return await self.inner.write(work)

    async def close(self) -> None:
        await self.inner.close()


class Alone(Counting):
    """The same, for a database nobody else writes to."""

    def stamp(self, owner: str, /) -> int | None:
        assert hasattr(self.inner, "stamp")
        number: int = self.inner.stamp(owner)
        return number


@pytest.fixture
async def inner() -> AsyncIterator[Database]:
    database = open_inline()
    shelf = open_shelf()
    shelf.reload().refuse()
    app = build_app(database, shelf, MovableClock())
    await migrate(database, all_migrations(app.features), before_change=None, now=0)
    yield database
    await database.close()


def askers(database: Database) -> Askers:
    return Askers(database, People(), Preferences(), "UTC")


async def met(database: Counting) -> Askers:
    who = askers(database)
    await who.known(ANA)
    await who.known(ANA)
    database.units = 0
    return who


async def test_somebody_met_before_is_found_without_the_database(inner: Database) -> None:
    database = Alone(inner)
    who = await met(database)
    known, _values = await who.known(replace(ANA, event="2"))
    assert (known.name, database.units) == ("Ana", 0)


async def test_where_others_may_write_the_database_is_asked_each_time(inner: Database) -> None:
    database = Counting(inner)
    who = await met(database)
    await who.known(ANA)
    await who.known(ANA)
    assert database.units == 2


async def test_a_setting_a_role_and_a_new_name_are_seen_at_once(inner: Database) -> None:
    who = await met(Alone(inner))
    known, _values = await who.known(ANA)

    async def change(tx: Transaction) -> None:
        preferences = Preferences()
        await preferences._rows.write(tx, Scope.PERSON, known.person, "zone", "Asia/Tokyo")
        assert known.community is not None
        await preferences.rooms.give(tx, known.community, known.person, Role.HOST)

    await inner.write(change)
    fresh, values = await who.known(ANA)
    assert (fresh.zone, fresh.given, values["zone"]) == ("Asia/Tokyo", Role.HOST, "Asia/Tokyo")
    renamed, _values = await who.known(replace(ANA, sender=Sender("7", "Ana María")))
    assert (renamed.person, renamed.name) == (known.person, "Ana María")
    again, _values = await who.known(replace(ANA, sender=Sender("7", "Ana María")))
    assert again.name == "Ana María"


async def test_others_and_other_places_are_told_apart(inner: Database) -> None:
    who = await met(Alone(inner))
    here, _values = await who.known(ANA)
    other, _values = await who.known(replace(ANA, sender=Sender("8", "Ana")))
    private, _values = await who.known(replace(ANA, where=Where("7", Setting.PRIVATE)))
    elsewhere, _values = await who.known(replace(ANA, where=Where("barn", Setting.GROUP, "Barn")))
    assert other.person != here.person == private.person == elsewhere.person
    assert private.community is None
    assert elsewhere.community != here.community


async def test_an_event_of_before_they_were_met_is_not_answered_from_memory(inner: Database) -> None:
    """After an erasure it must not bring anybody back; the database decides about it."""
    database = Alone(inner)
    who = await met(database)
    with suppress(AlreadyHandledError):
        await who.known(replace(ANA, at=NOW - timedelta(days=1)))
    assert database.units > 0


OUTSIDE = replace(ANA, sender=replace(ANA.sender, role=Role.STRANGER))
PRESSED = replace(ANA, trigger=Trigger.PRESS)


async def left(database: Database) -> list[bool]:
    """Whether each member of each community has left it."""
    rows = await database.read(lambda tx: tx.all("SELECT left_at FROM community_member ORDER BY person_id"))
    return [row["left_at"] is not None for row in rows]


async def test_who_is_met_as_a_stranger_has_left_and_who_types_is_back(inner: Database) -> None:
    who = await met(Alone(inner))
    assert await left(inner) == [False]
    for outside in (who.left, who.known):
        await outside(OUTSIDE)
        assert await left(inner) == [True]
        known, _values = await who.known(PRESSED)
        assert not known.is_member
        assert await left(inner) == [True], "an old button can be pressed by anybody"
        known, _values = await who.known(ANA)
        assert known.is_member
        assert await left(inner) == [False]
        await who.known(ANA)  # from here on it is remembered


async def test_a_new_name_makes_nobody_a_member_again(inner: Database) -> None:
    who = await met(Alone(inner))
    await who.left(OUTSIDE)
    await who.known(replace(PRESSED, sender=replace(ANA.sender, name="Ana María")))
    assert await left(inner) == [True]


async def test_who_never_belonged_is_no_member_and_one_who_is_unknown_is_not_met_for_it(inner: Database) -> None:
    who = askers(Alone(inner))
    await who.left(OUTSIDE)
    assert await left(inner) == []
    assert not await inner.read(lambda tx: tx.all("SELECT id FROM community_person"))
    known, _values = await who.known(OUTSIDE)
    assert not known.is_member
    assert await left(inner) == [True]


async def test_to_be_told_again_that_somebody_left_writes_nothing(inner: Database) -> None:
    database = Alone(inner)
    who = await met(database)
    await who.left(OUTSIDE)
    database.units = 0
    await who.left(replace(OUTSIDE, event="9"))
    await who.known(replace(OUTSIDE, event="10"))
    assert database.units == 2, "both only looked"
