"""The language of somebody's app outlasts a restart, so that words in private are answered in it; nothing waits."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from datetime import timedelta

import pytest

from bot.infra.catalogues import catalogue
from bot.kit.database import Database, Result, Transaction, Work
from bot.kit.errors import StorageError
from bot.kit.reply import notice
from bot.platforms.discord.limits import LANGUAGE_DAYS, LANGUAGE_NOTED_DAYS
from bot.platforms.discord.store import DiscordStore
from tests.fakes.discord_people import COMMAND, DiscordPerson
from tests.fakes.discord_server import APPLICATION
from tests.platforms.discord.conftest import DiscordWorld

DAY = timedelta(days=1)
STICKER = {"sticker_items": [{"id": "1", "name": "wave", "format_type": 1}]}


@dataclass
class Moody:
    """A database that does to units of work by themselves what a test wants; stands before the platform's alone."""

    real: Database
    is_broken: bool = False
    writes: int = 0
    may_write: asyncio.Event = field(default_factory=asyncio.Event)

    async def read(self, work: Work[Result], /) -> Result:
        if self.is_broken:
            raise StorageError("the disk is gone")
        return await self.real.read(work)

    async def write(self, work: Work[Result], /) -> Result:
        self.writes += 1
        await self.may_write.wait()
        if self.is_broken:
            raise StorageError("the disk is full")
        return await self.real.write(work)

    async def close(self) -> None:
        await self.real.close()


@pytest.fixture
async def german(idle: DiscordWorld) -> DiscordWorld:
    """A bot that speaks German."""
    idle.languages = {"de": catalogue("de")}
    idle.catalogue = catalogue
    idle.platform = idle.build()
    await idle.start()
    return idle


@pytest.fixture
def ana(german: DiscordWorld) -> DiscordPerson:
    ana = german.person("77", alone=True, name="Ana")
    ana.locale = "de"
    return ana


async def moody(world: DiscordWorld) -> Moody:
    """Let the platform, and it alone, keep what it keeps in a moody database; all commands are known by then."""
    async with asyncio.timeout(10):
        while not await DiscordStore(world.database).fingerprint(APPLICATION):
            await asyncio.get_running_loop().run_in_executor(None, int)
    await world.platform.stop()
    kept = world.database
    world.database = found = Moody(kept)
    world.platform = world.build()
    world.database = kept
    await world.start()
    return found


async def kept(world: DiscordWorld) -> list[tuple[str, str, int]]:
    async def work(tx: Transaction) -> list[tuple[str, str, int]]:
        rows = await tx.all("SELECT account, language, at FROM discord_language ORDER BY account")
        return [(str(row["account"]), str(row["language"]), int(row["at"])) for row in rows]

    await world.settled()
    return await world.database.read(work)


async def test_after_a_restart_words_in_private_are_answered_in_the_language_of_the_app(
    german: DiscordWorld, ana: DiscordPerson
) -> None:
    await ana.slash("roadmap")
    (card,) = await ana.writes("/roadmap 2")
    (remark,) = await ana.writes("", **STICKER)
    german.clock.travel(timedelta(minutes=2))
    await german.restart()
    (again,) = await ana.writes("/roadmap 2")
    assert again.text == card.text
    assert "Etappe 2" in again.text
    (said,) = await ana.writes("", **STICKER)
    assert said.text == remark.text
    assert "I only read" not in said.text


async def test_what_somebody_pressed_last_counts(german: DiscordWorld, ana: DiscordPerson) -> None:
    german.answers(notice("Hi"))
    await ana.slash("roadmap")
    ana.locale = "fr"
    await ana.slash("roadmap")
    await german.restart()
    await ana.writes("one")
    ana.locale = "en-US"
    await ana.slash("roadmap")
    await ana.writes("two")
    await german.restart()
    await ana.writes("three")
    assert [asked.sender.language for asked in german.asked] == ["de", "fr", "fr", "en-US", "en-US", "en-US"]


async def test_of_whom_nothing_is_known_nothing_is_kept(german: DiscordWorld, ana: DiscordPerson) -> None:
    await ana.writes("/roadmap")
    ana.locale = "qzx"
    await ana.slash("roadmap")
    assert await kept(german) == []
    assert [asked.sender.language for asked in german.asked] == ["", "qzx"]


async def test_it_is_written_only_when_it_changes(german: DiscordWorld, ana: DiscordPerson) -> None:
    found = await moody(german)
    found.may_write.set()
    german.answers(notice("Hi"))
    for locale, writes in (("de", 1), ("de", 1), ("fr", 2), ("fr", 2), ("de", 3)):
        ana.locale = locale
        await ana.slash("roadmap")
        await ana.writes("x")
        await german.settled()
        assert found.writes == writes


async def test_a_language_that_stays_is_kept_as_long_as_somebody_comes(german: DiscordWorld) -> None:
    store = DiscordStore(german.database)
    day = int(DAY.total_seconds())
    await store.keep_language("77", "de", 0)
    await store.keep_language("77", "de", LANGUAGE_NOTED_DAYS * day)
    assert await kept(german) == [("77", "de", 0)]
    await store.keep_language("77", "de", LANGUAGE_NOTED_DAYS * day + 1)
    assert await kept(german) == [("77", "de", LANGUAGE_NOTED_DAYS * day + 1)]
    await store.keep_language("77", "fr", LANGUAGE_NOTED_DAYS * day + 2)
    assert await kept(german) == [("77", "fr", LANGUAGE_NOTED_DAYS * day + 2)]


async def test_words_asked_first_after_a_restart_keep_nobody_from_staying_known(
    german: DiscordWorld, ana: DiscordPerson
) -> None:
    german.answers(notice("Hi"))
    await ana.slash("roadmap")
    german.clock.travel(2 * LANGUAGE_NOTED_DAYS * DAY)
    await german.restart()
    await ana.writes("x")
    await ana.slash("roadmap")
    assert await kept(german) == [("77", "de", int(german.clock.now().timestamp()))]


async def test_it_is_forgotten_in_time(german: DiscordWorld, ana: DiscordPerson) -> None:
    await ana.slash("roadmap")
    await kept(german)
    for days, left in ((LANGUAGE_DAYS, 1), (LANGUAGE_DAYS + 2, 0)):
        await german.app.tools.personal.forget(german.database, german.clock.now() + days * DAY)
        assert len(await kept(german)) == left


async def test_no_answer_waits_for_it(german: DiscordWorld, ana: DiscordPerson) -> None:
    found = await moody(german)
    one = await ana.does(COMMAND, {"id": "1", "name": "roadmap", "type": 1, "options": []})
    await german.until(lambda: bool(one.messages))
    await german.server.write("77", "/roadmap 2")
    await german.until(lambda: bool(ana.chat.messages) and "Etappe 2" in ana.chat.messages[-1].text)
    assert found.writes == 1
    assert await german.database.read(lambda tx: tx.all("SELECT * FROM discord_language")) == []
    found.may_write.set()
    assert [row[:2] for row in await kept(german)] == [("77", "de")]


async def test_a_database_in_trouble_is_told_to_the_log_and_everybody_is_answered(
    german: DiscordWorld, ana: DiscordPerson, caplog: pytest.LogCaptureFixture
) -> None:
    found = await moody(german)
    found.is_broken = True
    found.may_write.set()
    (card,) = await ana.writes("/roadmap 2")
    assert "Stage 2" in card.text
    assert "the language of somebody's app could not be read: the disk is gone" in caplog.text
    assert (await ana.slash("roadmap")).messages
    await german.settled()
    assert "the language of somebody's app could not be kept: the disk is full" in caplog.text
    assert "Etappe 2" in (await ana.writes("/roadmap 2"))[0].text
    assert "77" not in caplog.text


async def test_what_erases_everything_leaves_no_language(german: DiscordWorld, ana: DiscordPerson) -> None:
    one = await ana.slash("privacy", what="erase")
    assert [row[0] for row in await kept(german)] == ["77"]
    await german.restart()  # the confirming press is the first that tells the language
    label = catalogue("de").gettext("Erase everything about me")
    pressed = await ana.press(label, one.messages[-1])
    assert label not in pressed.messages[-1].text
    assert await kept(german) == []
