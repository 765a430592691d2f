"""What people get who ask what is stored about them, take it out, and have it erased."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.domain.personal.store import Subject
from bot.infra.database_sqlite import SqliteDatabase
from bot.kit.database import Transaction
from bot.kit.personal import Personal, Spoken
from bot.kit.platform import Answer
from bot.kit.request import Incoming, Sender, Setting, Trigger, Where
from tests.fakes.clock import FakeClock
from tests.fakes.core import ROOM, CoreWorld, words
from tests.fakes.privacy_world import ACCOUNTS, NAME, TRACES, WORD, columns, found_in_files, open_world, plant

PLATFORM, ACCOUNT = ACCOUNTS[0]


@dataclass
class Canary:
    """Somebody who is in every table, and talks to the bot on Telegram."""

    core: CoreWorld
    database: SqliteDatabase
    path: Path
    person: int
    events: int = 0

    async def sends(self, trigger: Trigger, text: str, account: str = ACCOUNT, name: str = NAME) -> Answer:
        return await self.core.app.router.respond(self.event(trigger, text, account, name))

    def event(self, trigger: Trigger, text: str, account: str = ACCOUNT, name: str = NAME) -> Incoming:
        self.events += 1
        return Incoming(
            platform=PLATFORM,
            event=f"c{self.events}",
            trigger=trigger,
            sender=Sender(account, name),
            where=Where(account, Setting.PRIVATE),
            text=text,
            at=self.core.clock.now(),
        )

    async def says(self, text: str, **who: str) -> Answer:
        return await self.sends(Trigger.COMMAND, text, **who)

    async def asks_to_erase(self) -> str:
        """Take the first step; return the data of the confirming button."""
        answer = await self.says("/privacy erase")
        return answer.reply.buttons[0][0].data

    async def erases(self) -> Answer:
        return await self.sends(Trigger.PRESS, await self.asks_to_erase())

    async def subject(self) -> Subject | None:
        return await self.database.read(lambda tx: self.core.app.tools.personal.subject(tx, self.person))

    async def people(self) -> list[str]:
        async def work(tx: Transaction) -> list[str]:
            rows = await tx.all(
                "SELECT p.name FROM community_person p WHERE p.name <> '' AND p.id IN"
                " (SELECT person_id FROM community_identity)"
            )
            return [str(row["name"]) for row in rows]

        return await self.database.read(work)


@pytest.fixture
async def canary(tmp_path: Path) -> AsyncIterator[Canary]:
    path = tmp_path / "roadmate.db"
    core, database = await open_world(path, FakeClock())
    at = int(core.clock.now().timestamp())
    core.clock.travel(timedelta(hours=1))
    person = await database.write(lambda tx: plant(tx, at))
    yield Canary(core, database, path, person)
    await database.close()


async def test_the_card_names_every_kind_of_thing_that_is_stored(canary: Canary) -> None:
    answer = await canary.says("/privacy")
    said = words(answer.reply)
    for table in canary.core.app.tools.personal.declared:
        if isinstance(table, Personal):
            assert f"{table.what}: " in said
    assert "Answers that wait for you to collect them: 30 days" in said
    assert [button.label for row in answer.reply.buttons for button in row] == ["Export", "Erase"]


async def test_in_a_room_the_card_is_for_the_asker_alone(canary: Canary) -> None:
    message = await canary.core.person("Ana").says("/privacy", ROOM)
    assert not message.public


async def test_the_export_holds_every_value_of_every_personal_table(canary: Canary) -> None:
    answer = await canary.says("/privacy export")
    document = answer.reply.document
    assert document is not None
    assert document.name == "roadmate-2026-11-21.json"
    told = json.loads(document.text)
    assert told["roadmate_export"] == 1
    assert told["schema"]["community"] >= 3
    there = await canary.database.read(columns)
    for table in canary.core.app.tools.personal.declared:
        if isinstance(table, Personal):
            kept = told["tables"][table.table]["rows"]
            assert kept, f"nobody was planted in {table.table}"
            assert set(kept[0]) == set(there[table.table])
            assert all(re.match(r"\d{4}-\d\d-\d\dT", kept[0][time]) for time in table.times if kept[0][time])
    assert {one["account"] for one in told["accounts"]} == {account for _platform, account in ACCOUNTS}
    for trace in TRACES:
        assert trace in document.text
    assert told["tables"]["learning_record"]["rows"][0]["topic"] == WORD
    assert told["tables"]["telegram_update"]["rows"][0]["body"]["message"]["text"] == WORD


async def test_the_export_tells_nothing_of_anybody_else(canary: Canary) -> None:
    ana = canary.core.person("Ana")
    await ana.says("/start")
    document = (await canary.says("/privacy export")).reply.document
    assert document is not None
    assert "Ana" not in document.text
    other = (await ana.says("/privacy export")).reply.document
    assert other is not None
    assert not [trace for trace in TRACES if trace in other.text]


async def test_what_was_planted_stands_in_the_files_before(canary: Canary) -> None:
    assert {hit.partition(" in ")[0] for hit in found_in_files(canary.path)} == set(TRACES)


async def test_after_erasing_no_trace_is_in_the_file_or_its_log(canary: Canary) -> None:
    answer = await canary.erases()
    assert "is erased" in words(answer.reply)
    assert "2027" in words(answer.reply), "the day by which no copy of before is left"
    assert found_in_files(canary.path) == []
    assert await canary.subject() is None


async def test_after_erasing_every_table_is_empty_of_them(canary: Canary) -> None:
    whose = await canary.subject()
    assert whose is not None
    await canary.erases()

    async def work(tx: Transaction) -> dict[str, int]:
        rows = canary.core.app.tools.personal._rows
        tables = canary.core.app.tools.personal._tables()
        left = {name: await rows.count(tx, table, tables, whose) for name, table in tables.items()}
        for table in canary.core.app.tools.personal.declared:
            if isinstance(table, Spoken):
                left[f"spoken {table.table}"] = len(await rows.spoken(tx, table, whose))
        return left

    left = await canary.database.read(work)
    assert left.pop("community_person") == 1, "the empty row, so that its number is not given out twice"
    assert set(left.values()) == {0}, left


async def test_the_log_holds_no_name(canary: Canary, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    await canary.says("/privacy export")
    late = canary.event(Trigger.COMMAND, "/roadmap")
    canary.core.clock.travel(timedelta(seconds=5))
    await canary.erases()
    await canary.core.app.router.respond(late)
    assert not [trace for trace in TRACES if trace in caplog.text]


async def test_what_is_shared_stays_without_a_name(canary: Canary) -> None:
    await canary.erases()

    async def work(tx: Transaction) -> tuple[str, tuple[object, ...], str]:
        post = await tx.one("SELECT reply FROM engine_post WHERE id = 920")
        change = await tx.one("SELECT person_id, about, after FROM community_change WHERE id = 901")
        said = await tx.one("SELECT text FROM web_message WHERE id = 943")
        assert post is not None
        assert change is not None
        assert said is not None
        return post["reply"], (change[0], change[1], change[2]), said["text"]

    reply, change, said = await canary.database.read(work)
    dots = "·" * len(NAME)
    assert json.loads(reply)["blocks"][0]["text"] == f"Welcome, {dots}!"
    assert change == (None, None, "host")
    assert said == f"Well done, {dots}."


async def test_nobody_else_loses_anything(canary: Canary) -> None:
    ana = canary.core.person("Ana")
    await ana.says("/start", ROOM)
    await ana.says("/settings zone Tokyo")
    before = (await ana.says("/privacy")).text
    await canary.erases()
    assert (await ana.says("/privacy")).text == before
    assert "Ana" in await canary.people()


async def test_an_event_of_before_brings_nobody_back(canary: Canary) -> None:
    late = canary.event(Trigger.COMMAND, "/roadmap")
    press = canary.event(Trigger.COMMAND, "/done Python")
    canary.core.clock.travel(timedelta(seconds=5))
    await canary.erases()
    for event in (late, press, late):
        answer = await canary.core.app.router.respond(event)
        assert "already saved" in words(answer.reply)
    assert await canary.people() == []
    assert found_in_files(canary.path) == []


async def test_a_new_command_starts_a_fresh_person_to_whom_old_events_do_nothing(canary: Canary) -> None:
    late = canary.event(Trigger.COMMAND, "/settings zone Tokyo")
    canary.core.clock.travel(timedelta(seconds=5))
    await canary.erases()
    canary.core.clock.travel(timedelta(seconds=5))
    await canary.says("/start")
    assert await canary.people() == [NAME]
    answer = await canary.core.app.router.respond(late)
    assert "already saved" in words(answer.reply)

    async def work(tx: Transaction) -> tuple[int, str]:
        row = await tx.one("SELECT id, zone FROM community_person WHERE name = :name", name=NAME)
        assert row is not None
        return int(row["id"]), str(row["zone"])

    fresh, zone = await canary.database.read(work)
    assert fresh != canary.person, "a number is never given out twice"
    assert zone == "Europe/Berlin"


async def test_a_second_delivery_of_the_confirming_press_changes_nothing(canary: Canary) -> None:
    event = canary.event(Trigger.PRESS, await canary.asks_to_erase())
    await canary.core.app.router.respond(event)
    canary.core.clock.travel(timedelta(seconds=5))
    answer = await canary.core.app.router.respond(event)
    assert "already saved" in words(answer.reply)
    assert await canary.people() == []


async def test_the_button_works_for_ten_minutes(canary: Canary) -> None:
    data = await canary.asks_to_erase()
    canary.core.clock.travel(timedelta(minutes=10, seconds=1))
    answer = await canary.sends(Trigger.PRESS, data)
    assert "ten minutes" in words(answer.reply)
    assert await canary.people() == [NAME]


async def test_a_button_that_claims_more_time_does_nothing(canary: Canary) -> None:
    name, person, until = (await canary.asks_to_erase()).split(":")
    answer = await canary.sends(Trigger.PRESS, f"{name}:{person}:{int(until) + 60}")
    assert "ten minutes" in words(answer.reply)
    assert await canary.people() == [NAME]


async def test_somebody_elses_button_does_nothing(canary: Canary) -> None:
    data = await canary.asks_to_erase()
    answer = await canary.sends(Trigger.PRESS, data, account="77", name="Mallory")
    assert "somebody else's" in words(answer.reply)
    assert NAME in await canary.people()


async def test_asking_alone_erases_nothing(canary: Canary) -> None:
    answer = await canary.says("/privacy erase")
    said = words(answer.reply)
    assert "Changes you made to a community" in said.partition("This stays")[2]
    assert "What you did about topics" in said.partition("This stays")[0]
    assert NAME in await canary.people()


async def test_erasing_on_one_platform_erases_every_identity(canary: Canary) -> None:
    await canary.erases()
    discord = replace(canary.event(Trigger.COMMAND, "/next", account=ACCOUNTS[1][1]), platform=ACCOUNTS[1][0])
    canary.core.clock.travel(timedelta(seconds=5))
    assert "already saved" in words((await canary.core.app.router.respond(discord)).reply)
    assert await canary.people() == []


async def test_what_has_had_its_time_is_forgotten_every_day(canary: Canary) -> None:
    records = canary.core.app.tools.personal

    async def count(table: str) -> int:
        async def work(tx: Transaction) -> int:
            row = await tx.one(f"SELECT COUNT(*) FROM {table}")
            assert row is not None
            return int(row[0])

        return await canary.database.read(work)

    canary.core.clock.travel(timedelta(days=6))
    await records.forget(canary.database, canary.core.clock.now())
    assert (await count("telegram_dialogue"), await count("telegram_waiting")) == (1, 1)
    canary.core.clock.travel(timedelta(days=2))
    await records.forget(canary.database, canary.core.clock.now())
    assert (await count("telegram_dialogue"), await count("telegram_waiting")) == (0, 1)
    canary.core.clock.travel(timedelta(days=400))
    await records.forget(canary.database, canary.core.clock.now())
    canary.core.clock.travel(timedelta(days=1))
    await records.forget(canary.database, canary.core.clock.now())
    for table in ("telegram_waiting", "telegram_poll", "web_message", "telegram_update", "engine_post", "engine_inbox"):
        assert await count(table) == 0
    assert await count("learning_record") == 1


async def test_the_daily_job_is_planned_once(canary: Canary) -> None:
    await canary.core.app.plan_own()
    await canary.core.app.plan_own()

    async def work(tx: Transaction) -> int:
        row = await tx.one("SELECT COUNT(*) FROM engine_plan WHERE job = 'privacy.forget' AND next_due IS NOT NULL")
        assert row is not None
        return int(row[0])

    assert await canary.database.read(work) == 1
