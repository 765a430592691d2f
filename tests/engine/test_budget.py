"""Nobody's flood slows the others, and whoever floods is told once."""

from __future__ import annotations

import asyncio
import time
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.app import all_migrations, build_app
from bot.engine.budget import COMMAND, PERSON, ROOM, Allowance, Budgets, Verdict
from bot.kit.platform import Answer, Delivery
from bot.kit.request import Incoming, Role, Sender, Setting, Trigger, Where
from tests.fakes.clock import FakeClock, FakeDice
from tests.fakes.core import CoreWorld, shipped_shelf
from tests.fakes.databases import open_quick
from tests.fakes.migrated import migrate


def asked(
    clock: FakeClock, account: str = "ana", chat: str = "hall", trigger: Trigger = Trigger.COMMAND, text: str = "/next"
) -> Incoming:
    """Return one request."""
    where = Where(chat, Setting.GROUP, "Hall")
    return Incoming(
        "core", f"e{time.perf_counter_ns()}", trigger, Sender(account, account, Role.MEMBER), where, text, clock.now()
    )


def test_a_burst_is_answered_and_then_one_at_a_time() -> None:
    clock = FakeClock()
    budgets = Budgets(clock)
    verdicts = [budgets.spend(asked(clock), "/next")[0] for _ in range(100)]
    assert verdicts[: COMMAND.at_once] == [Verdict.ANSWER] * COMMAND.at_once
    assert verdicts[COMMAND.at_once] is Verdict.SAY_SO
    assert set(verdicts[COMMAND.at_once + 1 :]) == {Verdict.LEAVE}
    _verdict, pause = budgets.spend(asked(clock), "/next")
    clock.travel(pause)
    assert budgets.spend(asked(clock), "/next")[0] is Verdict.ANSWER


def test_other_commands_have_what_is_left_of_the_persons_own_budget() -> None:
    clock = FakeClock()
    budgets = Budgets(clock)
    names = ("/next", "/done", "/search")
    answered = sum(
        budgets.spend(asked(clock), name)[0] is Verdict.ANSWER for name in names for _ in range(COMMAND.at_once)
    )
    assert answered == PERSON.at_once


def test_others_in_the_same_room_are_not_held_back_by_one() -> None:
    clock = FakeClock()
    budgets = Budgets(clock)
    for _ in range(1000):
        budgets.spend(asked(clock), "/next")
    assert budgets.spend(asked(clock, "ben"), "/next")[0] is Verdict.ANSWER


def test_a_room_has_a_budget_for_commands_but_none_for_presses() -> None:
    clock = FakeClock()
    budgets = Budgets(clock)
    people = [str(number) for number in range(5 * ROOM.at_once)]
    presses = [budgets.spend(asked(clock, name, trigger=Trigger.PRESS), "quiz.a")[0] for name in people]
    assert set(presses) == {Verdict.ANSWER}
    commands = [budgets.spend(asked(clock, name), "/quiz")[0] for name in people]
    assert commands.count(Verdict.ANSWER) == ROOM.at_once
    assert budgets.spend(asked(clock, "zoe", "another"), "/quiz")[0] is Verdict.ANSWER


@given(pauses=st.lists(st.integers(0, 3000), max_size=200), at_once=st.integers(1, 10), every=st.integers(50, 2000))
def test_never_more_than_the_allowance_in_any_span(pauses: list[int], at_once: int, every: int) -> None:
    clock = FakeClock()
    allowance = Allowance(at_once, timedelta(milliseconds=every))
    wide = Allowance(10**6, timedelta(microseconds=1))
    budgets = Budgets(clock, person=allowance, command=wide, room=wide)
    answered: list[float] = []
    for pause in pauses:
        if pause:
            clock.travel(timedelta(milliseconds=pause))
        if budgets.spend(asked(clock), "/next")[0] is Verdict.ANSWER:
            answered.append(clock.now().timestamp() * 1000)
    for first in range(len(answered)):
        for last in range(first, len(answered)):
            assert last - first + 1 <= at_once + (answered[last] - answered[first]) / every + 1e-3


@pytest.fixture
async def limited() -> CoreWorld:
    """A bot with budgets, as it runs for real."""
    clock = FakeClock()
    database = open_quick()
    app = build_app(database, shipped_shelf(), clock, FakeDice(), budgets=Budgets(clock))
    await migrate(database, all_migrations(app.features), before_change=None, now=int(clock.now().timestamp()))
    return CoreWorld(app, database, clock)


async def test_a_flood_of_commands_is_answered_kindly_once_and_then_not_at_all(limited: CoreWorld) -> None:
    answers = [await limited.app.respond(asked(limited.clock)) for _ in range(200)]
    kinds = [answer.delivery for answer in answers]
    assert kinds[: COMMAND.at_once] == [Delivery.NEW] * COMMAND.at_once
    assert kinds[COMMAND.at_once] is Delivery.NOTICE
    assert set(kinds[COMMAND.at_once + 1 :]) == {Delivery.NOTHING}
    pressed = await limited.app.respond(asked(limited.clock, trigger=Trigger.PRESS, text="roadmap.home"))
    assert pressed.delivery is not Delivery.NOTHING  # a press waits for an answer
    await limited.close()


async def test_somebody_else_is_answered_at_least_half_as_fast_during_a_flood(limited: CoreWorld) -> None:
    """What a refused request costs is a small part of what an answer costs."""

    async def cost(account: str, count: int) -> float:
        began = time.process_time()
        answers: list[Answer] = []
        for _ in range(count):
            answers.append(await limited.app.respond(asked(limited.clock, account)))
            await asyncio.sleep(0)
        return (time.process_time() - began) / count

    await cost("ben", 5)
    answered = await cost("cleo", 10)
    for _ in range(40):
        await limited.app.respond(asked(limited.clock, "dan"))
    refused = await cost("dan", 1000)
    assert refused < answered / 5
    await limited.close()
