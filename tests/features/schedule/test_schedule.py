"""What is planned can be read by everybody and changed by moderators."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta

import pytest

from bot.app import FEATURES, all_migrations, build_app
from bot.domain.tools import Tools
from bot.features.schedule.replies import preview
from bot.features.schedule.rules import moved
from bot.kit.database import Transaction
from bot.kit.feature import Feature
from bot.kit.preference import Preference, Scope, TimeOfDay, as_time
from bot.kit.reply import Picture, Reply, reply
from bot.kit.request import Role
from bot.kit.schedule import Daily, Due, Every, Job, Once, Owner, Plan, Planned, Weekly
from bot.kit.text import para, plain
from tests.fakes.bell import FakeBell
from tests.fakes.clock import FakeClock, FakeDice
from tests.fakes.core import ROOM, CoreWorld, Message, Person, shipped_shelf
from tests.fakes.databases import open_quick
from tests.fakes.migrated import migrate


@dataclass
class Sample:
    """A feature with a daily post whose hour is a setting, asked for by ``/setup``."""

    tools: Tools
    done: list[Due] = field(default_factory=list)

    def feature(self) -> Feature:
        return Feature(
            "sample",
            jobs=(Job("sample.daily", self.run, title="Sample post", preview=self.preview, setting="sample-at"),),
            preferences=(
                Preference(
                    "sample-at", "Sample hour", "When the quiz comes.", TimeOfDay(), "off", Scope.COMMUNITY, setup=40,
                    obey=self.plan, preview=lambda _value: reply("Which of these?").blocks,
                ),
            ),
        )  # fmt: skip

    async def plan(self, tx: Transaction, community: int, value: str) -> None:
        ours = await self.tools.preferences.of(tx, Scope.COMMUNITY, community)
        zone = ours.get("our-zone", "UTC")
        await self.tools.schedules.plan(tx, Plan("sample.daily", Owner(community), Daily(as_time(value)), zone))

    async def run(self, due: Due) -> None:
        self.done.append(due)

    async def preview(self, planned: Planned) -> Reply:
        return reply("Which of these is a leaf?", title="Quiz")


@dataclass
class World:
    """A bot with such a feature."""

    core: CoreWorld
    sample: Sample
    mo: Person

    async def due(self) -> None:
        await self.core.app.jobs(self.core.database, FakeBell(self.core.clock.now())).run_due()

    async def set(self, at: str = "18:00") -> None:
        card = await self.mo.says("/setup", ROOM)
        await self.mo.sends(f"setup.set:sample-at:{at.replace(':', ',')}", card)

    async def open(self) -> Message:
        await self.mo.says("/schedule", ROOM)
        return await self.mo.presses("Sample post")


@pytest.fixture
async def planned() -> AsyncIterator[World]:
    samples: list[Sample] = []

    def build(tools: Tools) -> Feature:
        samples.append(Sample(tools))
        return samples[0].feature()

    clock = FakeClock()
    database = open_quick()
    app = build_app(database, shipped_shelf(), clock, FakeDice(), zone="Europe/Berlin", builders=(*FEATURES, build))
    await migrate(database, all_migrations(app.features), before_change=None, now=int(clock.now().timestamp()))
    core = CoreWorld(app, database, clock)
    world = World(core, samples[0], core.person("Mo", Role.MODERATOR))
    await world.set()
    yield world
    await core.close()


async def test_a_feature_adds_its_own_step_to_the_setup(planned: World) -> None:
    card = await planned.mo.says("/setup", ROOM)
    assert card.reply.title == "1 of 6: Language"
    await planned.mo.sends("setup.step:sample-at", card)
    assert card.reply.title == "5 of 6: Sample hour"
    assert "Which of these?" in card.text


async def test_everybody_reads_the_next_seven_days(planned: World) -> None:
    card = await planned.core.person("Ana").says("/schedule", ROOM)
    assert card.text.count(" UTC  Sample post") == 7
    assert card.reply.menu is None
    assert "Europe" not in card.text


async def test_a_preview_is_for_the_moderator_alone(planned: World) -> None:
    card = await planned.open()
    assert "Every day at 18:00 (Europe/Berlin)." in card.text
    shown = await planned.mo.presses("Preview")
    assert "Which of these is a leaf?" in shown.text
    assert shown.reply.only_you
    assert planned.sample.done == []


async def test_pause_and_go_on(planned: World) -> None:
    card = await planned.open()
    await planned.mo.presses("Pause")
    assert "It is paused." in card.text
    assert "Paused: Sample post" in (await planned.mo.says("/schedule", ROOM)).text
    planned.core.clock.travel(timedelta(days=2))
    await planned.due()
    assert planned.sample.done == []
    await planned.mo.presses("Sample post")
    await planned.mo.presses("Go on")
    planned.core.clock.travel(timedelta(days=1))
    await planned.due()
    assert len(planned.sample.done) == 1


async def test_skip_leaves_out_the_next_one_alone(planned: World) -> None:
    await planned.open()
    await planned.mo.presses("Skip the next")
    assert (await planned.mo.says("/schedule", ROOM)).text.count(" UTC  Sample post") == 6


async def test_while_no_place_is_chosen_the_list_says_so_to_everybody(planned: World) -> None:
    read = await planned.core.person("Ana").says("/schedule", ROOM)
    assert read.text.splitlines()[1].startswith("I do not know yet where to post this, so nothing comes.")
    assert "/setup" in read.text
    assert read.labels == []
    card = await planned.mo.says("/schedule", ROOM)
    assert card.labels == ["Here", "Set up"]
    await planned.mo.presses("Here")
    assert "From now on I post in Hall." in card.text
    assert card.text.count(" UTC  Sample post") == 7
    assert "do not know" not in (await planned.mo.says("/schedule", ROOM)).text


async def test_what_is_paused_needs_no_place_yet(planned: World) -> None:
    await planned.open()
    await planned.mo.presses("Pause")
    assert "do not know" not in (await planned.mo.says("/schedule", ROOM)).text


async def test_run_now_is_refused_while_no_place_is_chosen(planned: World) -> None:
    card = await planned.open()
    await planned.mo.presses("Run now")
    assert "I do not know yet where to post it." in card.text
    assert card.labels == ["Here", "Set up", "Back"]
    planned.core.clock.travel(timedelta(seconds=2))
    await planned.due()
    assert planned.sample.done == []
    await planned.mo.presses("Here")
    assert "From now on I post in Hall." in card.text
    await planned.mo.presses("Run now")
    assert "starts within seconds" in card.text


async def test_run_now_does_it_once_besides_what_is_planned(planned: World) -> None:
    card = await planned.open()
    await planned.mo.sends("schedule.here:0", card)
    card = await planned.open()
    await planned.mo.presses("Run now")
    assert "starts within seconds" in card.text
    planned.core.clock.travel(timedelta(seconds=2))
    await planned.due()
    assert len(planned.sample.done) == 1
    planned.core.clock.travel(timedelta(days=1))
    await planned.due()
    assert len(planned.sample.done) == 2


async def test_move_changes_the_hour_and_the_setting_behind_it(planned: World) -> None:
    card = await planned.open()
    form = await planned.mo.presses("Move")
    refused = await planned.mo.fills(form, at="half past nine")
    assert "no time of day" in refused.text
    again = await planned.mo.presses("Try again", on=refused)
    card = await planned.mo.fills(again, at="9:30 pm")
    assert "Every day at 21:30" in card.text
    assert "Sample hour: 21:30" in (await planned.mo.says("/settings community", ROOM)).text
    assert "Mo: Sample hour from 18:00 to 21:30" in (await planned.mo.says("/settings changes", ROOM)).text


async def test_a_plan_of_another_community_cannot_be_touched(planned: World) -> None:
    card = await planned.mo.says("/schedule", "elsewhere")
    for data in ("open", "preview", "pause", "skip", "run", "move", "moved"):
        await planned.mo.sends(f"schedule.{data}:1", card)
        assert "not planned here" in planned.mo.notices[-1]
    assert (await planned.mo.says("/schedule", ROOM)).text.count(" UTC  Sample post") == 7


async def test_without_plans_it_says_what_to_do(world: CoreWorld) -> None:
    assert "Nothing is planned" in (await world.person("Ana").says("/schedule", ROOM)).text
    assert "/setup" in (await world.person("Mo", Role.MODERATOR).says("/schedule", ROOM)).text


def test_a_single_time_keeps_its_day_unless_that_has_passed() -> None:
    noon = datetime(2026, 11, 21, 12)
    assert moved(Once(datetime(2026, 11, 22, 9)), time(7), noon) == Once(datetime(2026, 11, 22, 7))
    assert moved(Once(datetime(2026, 11, 21, 18)), time(9), noon) == Once(datetime(2026, 11, 22, 9))
    assert moved(Weekly(frozenset((1, 3)), time(9)), time(10), noon) == Weekly(frozenset((1, 3)), time(10))
    assert moved(Every(30), time(9), noon) is None


def test_a_preview_says_that_nobody_else_sees_it_below_a_picture_as_well() -> None:
    drawing = Picture("<svg/>", "words", 10, 10, beside=(para("short"),))
    shown = preview(reply("whole", picture=drawing))
    assert "Nobody else sees it" in plain(shown.below_picture)
    assert "short" in plain(shown.below_picture)
    assert "whole" in plain(shown.blocks)
