from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.engine import health
from bot.engine.health import Counted, Health, LoopWatch, Outcome, ended
from bot.infra.database_inline import open_inline
from bot.kit.database import Transaction
from bot.kit.errors import StorageError
from bot.kit.noted import what_is_noted
from bot.kit.platform import Answer, Delivery
from bot.kit.reply import Reply
from bot.kit.request import Incoming, Sender, Setting, Trigger, Where

ANSWER = Answer(Reply(), Delivery.NEW, only_you=False)
INCOMING = Incoming(
    platform="telegram", event="77", trigger=Trigger.COMMAND, sender=Sender("1", "Ana"),
    where=Where("5", Setting.PRIVATE, ""), text="/roadmap 2", at=datetime(2026, 11, 21, tzinfo=UTC), values={}, on_public=False,
)  # fmt: skip


def fresh() -> Health:
    return Health("1.2.3", lambda: 4096, 1000.0)


def saying(text: str) -> Callable[[], Awaitable[str]]:
    async def part() -> str:
        return text

    return part


async def counted(incoming: Incoming, *outcomes: Outcome) -> Health:
    """Answer an event inside the counting and return what was counted."""
    found = fresh()

    async def respond(heard: Incoming) -> Answer:
        assert what_is_noted() == {"platform": heard.platform, "event": heard.event}
        for outcome in outcomes:
            ended(outcome)
        return ANSWER

    known = {"roadmap", "help", "roadmap.done"}
    assert await found.measured(respond, known.__contains__)(incoming) is ANSWER
    return found


class TestRequests:
    @pytest.mark.parametrize(
        ("text", "trigger", "command"),
        [
            ("/roadmap 2", Trigger.COMMAND, "roadmap"), ("/Roadmap@bot", Trigger.COMMAND, "roadmap"), ("/", Trigger.COMMAND, "help"),
            ("/my secret words", Trigger.COMMAND, "unknown"), ("what is knn", Trigger.COMMAND, "words"),
            ("roadmap.done:5", Trigger.PRESS, "roadmap.done"), ("gone.action:5", Trigger.PRESS, "unknown"),
        ],
    )  # fmt: skip
    async def test_are_counted_by_command_and_never_by_what_somebody_typed(
        self, text: str, trigger: Trigger, command: str
    ) -> None:
        found = await counted(replace(INCOMING, text=text, trigger=trigger))
        assert found.requests.value("telegram", command, "answered") == 1

    async def test_are_counted_by_how_they_ended(self) -> None:
        found = await counted(INCOMING, Outcome.STORAGE)
        assert found.requests.value("telegram", "roadmap", "storage") == 1
        assert 'roadmate_answer_seconds_count{platform="telegram"} 1' in await found.metrics()

    async def test_an_outcome_outside_of_any_request_is_nobodys(self) -> None:
        ended(Outcome.MISTAKE)
        found = await counted(INCOMING)
        assert found.requests.value("telegram", "roadmap", "answered") == 1


class TestReadiness:
    async def test_every_part_says_why_not(
        self, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
    ) -> None:
        monkeypatch.setattr(health, "_PART_SECONDS", 0.01)
        found = fresh()

        async def broken() -> str:
            raise KeyError("x")

        async def refused() -> str:
            raise StorageError("The disk is full.")

        async def silent() -> str:
            await asyncio.get_running_loop().create_future()
            raise AssertionError

        found.watch("content", saying(""))
        found.watch("discord", saying("no connection"))
        found.watch("database", refused)
        found.watch("clock", silent)
        found.watch("odd", broken)
        assert await found.unready() == {
            "content": "", "discord": "no connection", "database": "The disk is full.", "clock": "does not answer",
            "odd": "cannot be asked (KeyError)",
        }  # fmt: skip
        text = await found.metrics()
        assert 'roadmate_ready{part="content"} 1' in text
        assert 'roadmate_ready{part="database"} 0' in text


class TestNumbers:
    async def test_sources_are_asked_when_the_numbers_are_read_and_one_that_fails_spoils_nothing(
        self, caplog: pytest.LogCaptureFixture
    ) -> None:
        found = fresh()

        async def fail() -> None:
            raise StorageError("no")

        async def count() -> None:
            found.posts.set("sent", to=7)

        found.read_first(fail)
        found.read_first(count)
        text = await found.metrics()
        assert 'roadmate_posts{state="sent"} 7' in text
        assert 'roadmate_info{version="1.2.3"} 1' in text
        assert "process_resident_memory_bytes 4096" in text
        assert "a number could not be read: no" in caplog.text

    async def test_units_of_work_are_counted_by_kind_and_end(self) -> None:
        found = fresh()
        database = Counted(open_inline(), found.units)

        async def look(tx: Transaction) -> int:
            await tx.one("SELECT 1")
            return 5

        async def break_it(tx: Transaction) -> None:
            await tx.execute("no sql")

        assert await database.read(look) == 5
        assert await database.write(look) == 5
        with pytest.raises(StorageError):
            await database.write(break_it)
        await database.close()
        assert [found.units.value(*key) for key in (("read", "done"), ("write", "done"), ("write", "failed"))] == [
            1,
            1,
            1,
        ]


class TestLoop:
    async def test_a_loop_that_turns_is_not_stalled(self) -> None:
        watch = LoopWatch()
        watch.start()
        watch.stop()
        assert watch.worst() == 0.0

    async def test_it_measures_by_itself_until_it_is_stopped(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(health, "_TICK_SECONDS", 0.0)
        watch = LoopWatch()
        watch.start()
        for _turn in range(5):
            await asyncio.sleep(0)
        assert watch._lags
        watch.stop()
        count = len(watch._lags)
        for _turn in range(5):
            await asyncio.sleep(0)
        assert len(watch._lags) == count

    def test_the_worst_of_the_last_minute_counts(self) -> None:
        found = fresh()
        found.loop.note(0.0, 12.0)
        assert found.stalled() == "the loop stood still for 12 s"
        found.loop.note(30.0, 0.05)
        assert found.stalled()
        found.loop.note(61.0, 0.2)
        assert found.stalled() == ""
        assert found.loop.slow == 2
