"""The questions as a community has them: what one changes, others never see."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from bot.domain.questions.bank import Bank
from bot.domain.questions.body import dump
from bot.domain.questions.corrections import Corrections
from bot.domain.questions.shapes import Question
from bot.domain.questions.store import Changes, Kind
from bot.kit.database import Transaction, Value
from bot.kit.request import Role
from tests.domain.questions.samples import question
from tests.fakes.core import CoreWorld

BASE = Bank([question("a", stem="What is a?"), question("b", stem="What is b?")])


@dataclass
class Town:
    """Two communities; Ana belongs to both, Ben to the second."""

    core: CoreWorld
    corrections: Corrections

    async def change(self, community: int, kind: Kind, *questions: Question, name: str = "") -> None:
        async def work(tx: Transaction) -> None:
            changes = Changes()
            bodies = {one.id: dump(one) for one in questions} or {name: ""}
            await changes.write(tx, community, await changes.begin(tx, community), bodies, kind, None, 0)

        await self.core.database.write(work)

    async def bank(self, *communities: int) -> Bank:
        return await self.core.database.read(lambda tx: self.corrections.bank(tx, BASE, communities))

    async def bank_of(self, person: int, community: int | None = None) -> Bank:
        return await self.core.database.read(lambda tx: self.corrections.bank_of(tx, BASE, person, community))


@pytest.fixture
async def town(world: CoreWorld) -> Town:
    ana, ben = world.person("Ana", Role.MEMBER), world.person("Ben")
    await ana.says("/start", "first")
    await ana.says("/start", "second")
    await ben.says("/start", "second")
    return Town(world, Corrections())


async def test_where_nothing_was_changed_it_is_the_bank_itself(town: Town) -> None:
    assert await town.bank(1) is BASE
    assert await town.bank(1, 2) is BASE
    assert await town.bank() is BASE
    assert await town.bank_of(1) is BASE


async def test_it_costs_one_query_where_nothing_was_changed(town: Town) -> None:
    asked: list[str] = []

    class Counting:
        def __init__(self, tx: Transaction) -> None:
            self._tx = tx

        def __getattr__(self, name: str) -> object:
            async def ask(sql: str, **values: Value) -> object:
                asked.append(sql)
                return await getattr(self._tx, name)(sql, **values)

            return ask

    async def work(tx: Transaction) -> None:
        await town.corrections.bank(Counting(tx), BASE, [1])  # type: ignore[arg-type]
        await town.corrections.bank_of(Counting(tx), BASE, 1, None)  # type: ignore[arg-type]

    await town.core.database.read(work)
    assert len(asked) == 2
    await town.change(1, Kind.HIDDEN, name="q-a")
    await town.core.database.read(work)
    asked.clear()
    await town.core.database.read(work)
    assert len(asked) == 2  # what was read once is remembered


async def test_hidden_and_retired_questions_are_not_asked_there_and_come_back(town: Town) -> None:
    for kind in (Kind.HIDDEN, Kind.RETIRED):
        await town.change(1, kind, name="q-a")
        assert [one.id for one in await town.bank(1)] == ["q-b"]
        assert await town.bank(2) is BASE
        await town.change(1, Kind.PLAIN, name="q-a")
        assert await town.bank(1) is BASE


async def test_fixed_and_added_questions_read_as_the_community_wrote_them(town: Town) -> None:
    fixed = question("a", stem="What is a really?")
    await town.change(1, Kind.FIXED, fixed)
    await town.change(1, Kind.ADDED, question("c1-1", stem="What is new?"))
    bank = await town.bank(1)
    assert [one.stem for one in bank] == ["What is a really?", "What is b?", "What is new?"]
    found = bank.get("q-a")
    assert found is not None
    assert dump(found) == dump(fixed)
    assert await town.bank(2) is BASE
    assert {one.id for one in bank.topics[fixed.topic]} == {"q-a", "q-b", "q-c1-1"}


async def test_in_private_somebody_has_the_changes_of_all_their_communities(town: Town) -> None:
    await town.change(1, Kind.HIDDEN, name="q-a")
    await town.change(2, Kind.FIXED, question("a", stem="Fixed by the second?"))
    await town.change(2, Kind.FIXED, question("b", stem="B of the second?"))
    await town.change(1, Kind.FIXED, question("b", stem="B of the first?"))
    assert [one.stem for one in await town.bank_of(1)] == ["B of the first?"]
    assert [one.stem for one in await town.bank_of(2)] == ["Fixed by the second?", "B of the second?"]
    assert [one.stem for one in await town.bank_of(1, 2)] == ["Fixed by the second?", "B of the second?"]


async def test_a_change_that_was_rolled_back_is_never_remembered(town: Town) -> None:
    class OopsError(Exception):
        pass

    changes = Changes()

    async def fails(tx: Transaction) -> None:
        await changes.write(tx, 1, await changes.begin(tx, 1), {"q-a": ""}, Kind.HIDDEN, None, 0)
        assert [one.id for one in await town.corrections.bank(tx, BASE, [1])] == ["q-b"]
        raise OopsError

    with pytest.raises(OopsError):
        await town.core.database.write(fails)
    assert await town.bank(1) is BASE
    await town.change(1, Kind.HIDDEN, name="q-b")
    assert [one.id for one in await town.bank(1)] == ["q-a"]


async def test_content_that_was_read_anew_is_overlaid_anew(town: Town) -> None:
    await town.change(1, Kind.HIDDEN, name="q-a")
    await town.bank(1)
    other = Bank([question("a"), question("z", stem="What is z?")])
    found = await town.core.database.read(lambda tx: town.corrections.bank(tx, other, [1]))
    assert [one.id for one in found] == ["q-z"]
