"""The worlds of Telegram for journeys: a whole bot over a real database file, people at the fake server."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from bot.app import App, all_migrations, build_app
from bot.platforms import telegram
from bot.platforms.telegram.adapter import TelegramPlatform
from tests.fakes.clock import FakeClock, FakeDice
from tests.fakes.core import shipped_shelf
from tests.fakes.databases import open_kept
from tests.fakes.migrated import migrate
from tests.fakes.telegram_bot import WatchedDatabase
from tests.fakes.telegram_chats import Chat, Message, Person
from tests.fakes.telegram_server import TOKEN, FakeTelegram


@dataclass(slots=True)
class TelegramJourney:
    """People who each talk to the bot alone, or all in one group."""

    path: Path
    clock: FakeClock
    server: FakeTelegram
    group: Chat | None
    database: WatchedDatabase
    platform: TelegramPlatform
    people: dict[str, TelegramPerson] = field(default_factory=dict)

    def person(self, name: str) -> TelegramPerson:
        if name not in self.people:
            self.people[name] = TelegramPerson(self, self.server.person(name))
        return self.people[name]

    async def restart(self) -> None:
        await self.platform.stop()
        await self.database.close()
        self.database, self.platform = await _begin(self.path, self.clock, self.server)


@dataclass(slots=True)
class TelegramPerson:
    """Somebody at the fake server; each call returns what they read in answer, as words."""

    world: TelegramJourney
    person: Person

    @property
    def here(self) -> Chat:
        """Where they type."""
        return self.world.group or self.person.alone

    @property
    def latest(self) -> Message:
        """What the bot said last, here or to them alone."""
        return max((message for chat in self._chats for message in chat.seen), key=lambda message: message.number)

    @property
    def _chats(self) -> tuple[Chat, ...]:
        return tuple({chat.id: chat for chat in (self.here, self.person.alone)}.values())

    async def says(self, text: str) -> str:
        return await self._types(text, self.here)

    async def presses(self, label: str) -> str:
        """Press a button, or answer a poll, on the newest message that offers it."""
        offers = [message for chat in self._chats for message in chat.seen if label in message.labels + message.options]
        assert offers, f"no “{label}” in:\n{self.latest.words}"
        message = max(offers, key=lambda offer: offer.number)
        before = self._looks()
        if label in message.options:
            await self.world.database.handled(await self.person.votes(message, label))
            return self._news(before)
        update, query = await self.person.presses(message, label)
        await self.world.database.handled(update)
        answer = self.world.server.answers[query] or {}
        return self._news(before) or str(answer.get("text", ""))

    async def fills(self, **values: str) -> str:
        """Answer the questions of a form in the private chat, by a button where there is one."""
        said = ""
        for value in values.values():
            asks = self.person.alone.seen[-1]
            said = await (self.presses(value) if value in asks.labels else self._types(value, self.person.alone))
        return said

    async def _types(self, text: str, chat: Chat) -> str:
        before = self._looks()
        await self.world.database.handled(await self.person.types(text, chat))
        return self._news(before)

    def _looks(self) -> dict[int, int]:
        return {message.number: message.edits for chat in self._chats for message in chat.seen}

    def _news(self, before: dict[int, int]) -> str:
        """What was said or changed since."""
        now = [message for chat in self._chats for message in chat.seen if before.get(message.number) != message.edits]
        return "\n".join(message.words for message in sorted(now, key=lambda message: message.number))


async def _begin(path: Path, clock: FakeClock, server: FakeTelegram) -> tuple[WatchedDatabase, TelegramPlatform]:
    database = WatchedDatabase(await open_kept(path))
    app = build_app(database, shipped_shelf(), clock, FakeDice(), zone="Europe/Berlin")
    owners = all_migrations(app.features, (("telegram", telegram.migrations()),))
    await migrate(database, owners, before_change=None, now=0)
    platform = _build(app, database, clock, server)
    await platform.start(app.router.respond)
    return database, platform


def _build(app: App, database: WatchedDatabase, clock: FakeClock, server: FakeTelegram) -> TelegramPlatform:
    async def moved(old: str, new: str) -> None:
        await app.move_place("telegram", old, new)

    return telegram.build(
        TOKEN,
        root=server.root,
        database=database,
        clock=clock,
        dice=FakeDice(),
        commands=lambda: app.commands,
        needs=app.needs,
        moved=moved,
    )


@asynccontextmanager
async def telegram_journey(path: Path, *, alone: bool = True) -> AsyncIterator[TelegramJourney]:
    """A running bot on Telegram; people talk to it alone, or else in a group where others read along."""
    clock, server = FakeClock(), FakeTelegram()
    await server.start()
    try:
        group = None if alone else server.group()
        world = TelegramJourney(path, clock, server, group, *(await _begin(path, clock, server)))
        try:
            yield world
        finally:
            await world.platform.stop()
            await world.database.close()
    finally:
        await server.stop()
    assert server.problems == []


@asynccontextmanager
async def telegram_group_journey(path: Path) -> AsyncIterator[TelegramJourney]:
    """A running bot on Telegram; people talk to it in a group, where others read along."""
    async with telegram_journey(path, alone=False) as world:
        yield world
