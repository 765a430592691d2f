"""A started Telegram platform over the fake server, with a pretend engine; waits for the bot without sleeping."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, TypeVar

from bot.app import App, all_migrations, build_app
from bot.engine.migrate import Migrations
from bot.kit.command import Command, Param
from bot.kit.database import Database, Transaction, Work
from bot.kit.errors import StorageError
from bot.kit.platform import Answer, Delivery, Respond
from bot.kit.reply import Reply, reply
from bot.kit.request import Incoming, Role
from bot.kit.text import code, spans
from bot.platforms import telegram
from bot.platforms.telegram.adapter import TelegramPlatform
from tests.fakes.clock import FakeDice
from tests.fakes.core import shipped_shelf
from tests.fakes.databases import open_quick
from tests.fakes.discord_clock import PatientClock
from tests.fakes.migrated import migrate
from tests.fakes.telegram_chats import Chat, Json, Message, Person
from tests.fakes.telegram_server import TOKEN, FakeTelegram

Result = TypeVar("Result")


class WatchedDatabase:
    """A database that tells whoever waits after each write, and refuses to write when told."""

    def __init__(self, database: Database) -> None:
        self.inner = database
        self.refuses = 0
        """How many of the next writes fail."""
        self._written = asyncio.Event()

    async def read(self, work: Work[Result], /) -> Result:
        return await self.inner.read(work)

    async def write(self, work: Work[Result], /) -> Result:
        if self.refuses:
            self.refuses -= 1
            raise StorageError("the disk is full")
        result = await self.inner.write(work)
        self._written.set()
        return result

    async def close(self) -> None:
        await self.inner.close()

    async def next_write(self) -> None:
        """Return after the next write."""
        self._written.clear()
        await self._written.wait()

    async def handled(self, update: int) -> None:
        """Return once an update needs nothing more."""

        async def work(tx: Transaction) -> bool:
            row = await tx.one("SELECT body FROM telegram_update WHERE id = :id", id=update)
            return row is not None and not row["body"]

        async with asyncio.timeout(10):
            while True:
                self._written.clear()
                if await self.inner.read(work):
                    return
                await self._written.wait()

    async def unhandled(self) -> list[int]:
        """The updates that wait to be answered."""

        async def work(tx: Transaction) -> list[int]:
            return [row["id"] for row in await tx.all("SELECT id FROM telegram_update WHERE body <> '' ORDER BY id")]

        return await self.inner.read(work)


async def _unused(*_arguments: object) -> Reply:
    raise AssertionError("a platform never calls a handler itself")


COMMANDS = (
    Command("start", "Say hello", _unused, needs=Role.STRANGER),
    Command(
        "roadmap", "The whole way", _unused, (Param("topic", "Where to look", suggests="topic"),), needs=Role.STRANGER
    ),
    Command("progress", "How far you are", _unused, private=True, needs=Role.STRANGER),
    Command("setup", "Set the community up", _unused, needs=Role.MODERATOR),
)


@dataclass(slots=True)
class FakeEngine:
    """Notes what it hears; answers with ``answers`` in order, then by repeating what was typed."""

    heard: list[Incoming] = field(default_factory=list)
    answers: list[Answer | Exception] = field(default_factory=list)
    gate: asyncio.Event | None = None
    """If set, every answer waits for it."""
    asked: asyncio.Event = field(default_factory=asyncio.Event)

    async def respond(self, incoming: Incoming) -> Answer:
        self.heard.append(incoming)
        self.asked.set()
        if self.gate is not None:
            await self.gate.wait()
        if self.answers:
            answer = self.answers.pop(0)
            if isinstance(answer, Exception):
                raise answer
            return answer
        return Answer(reply(spans("You said ", code(incoming.text))), Delivery.NEW, only_you=False)

    def next(self, answer: Reply, delivery: Delivery = Delivery.NEW, *, only_you: bool = False) -> None:
        """Say what to answer next."""
        self.answers.append(Answer(answer, delivery, only_you))

    @property
    def texts(self) -> list[str]:
        """What was heard, in order."""
        return [incoming.text for incoming in self.heard]


def build_platform(server: FakeTelegram, database: Database, clock: PatientClock, **more: Any) -> TelegramPlatform:
    """The platform, not yet connected."""
    given: dict[str, Any] = {"token": TOKEN, "root": server.root, "commands": lambda: COMMANDS, "dice": FakeDice()}
    return telegram.build(**{**given, **more}, database=database, clock=clock)


@dataclass(slots=True)
class TelegramBot:
    """One bot, running or about to."""

    server: FakeTelegram
    platform: TelegramPlatform
    engine: FakeEngine
    database: WatchedDatabase
    clock: PatientClock
    more: dict[str, Any]
    respond: Respond

    async def start(self) -> None:
        await self.platform.start(self.respond)

    async def says(self, person: Person, text: str, chat: Chat | None = None, **more: Any) -> list[Message]:
        """Let somebody type; returns what the bot said there in answer."""
        chat = chat or person.alone
        before = len(chat.seen)
        update = await person.types(text, chat, **more)
        assert update, "privacy mode keeps this from the bot"
        await self.database.handled(update)
        return chat.seen[before:]

    async def gets_file(self, person: Person, data: bytes, **more: Any) -> list[Message]:
        """Let somebody send a file in their private chat; returns what the bot said there in answer."""
        before = len(person.alone.seen)
        await self.database.handled(await person.sends_file(data, **more))
        return person.alone.seen[before:]

    async def presses(self, person: Person, message: Message, label: str) -> dict[str, Any]:
        """Let somebody press; returns what the press was answered."""
        update, query = await person.presses(message, label)
        return await self.answered(update, query)

    async def sends(self, person: Person, message: Message, data: str, more: Json | None = None) -> Json:
        """Let somebody press a button that carries ``data``; returns what the press was answered."""
        update, query = await person.sends(message, data, more)
        return await self.answered(update, query)

    async def answered(self, update: int, query: str) -> dict[str, Any]:
        await self.database.handled(update)
        answer = self.server.answers[query]
        assert answer is not None, "the press was never answered"
        return answer

    async def handles(self, update: dict[str, Any], number: int | None = None) -> int:
        """Hand over an update of any kind and wait until it needs nothing more."""
        number = await self.server.push(update, number, unasked=True)
        await self.database.handled(number)
        return number

    async def restart(self, **more: Any) -> None:
        """Stop the bot and start another over the same database."""
        await self.platform.stop()
        self.rebuild(**more)
        await self.start()

    def rebuild(self, **more: Any) -> None:
        self.more |= more
        self.platform = build_platform(self.server, self.database, self.clock, **self.more)


async def open_telegram_database() -> WatchedDatabase:
    """An empty database with Telegram's tables."""
    database = WatchedDatabase(open_quick())
    await migrate(database, [Migrations("telegram", telegram.migrations())], before_change=None, now=0)
    return database


@asynccontextmanager
async def whole_bot() -> AsyncIterator[tuple[TelegramBot, App]]:
    """A bot with everything it really answers, connected."""
    server, database, clock = FakeTelegram(), WatchedDatabase(open_quick()), PatientClock()
    await server.start()
    app = build_app(database, shipped_shelf(), clock, FakeDice(), zone="Europe/Berlin")
    owners = all_migrations(app.features, (("telegram", telegram.migrations()),))
    await migrate(database, owners, before_change=None, now=0)
    more = {"commands": lambda: app.commands, "needs": app.needs}
    platform = build_platform(server, database, clock, **more)
    bot = TelegramBot(server, platform, FakeEngine(), database, clock, more, app.router.respond)
    try:
        await bot.start()
        yield bot, app
    finally:
        await bot.platform.stop()
        await server.stop()
        await database.close()
    assert server.problems == []


@asynccontextmanager
async def telegram_bot(
    prepare: Callable[[FakeTelegram], None] | None = None, *, started: bool = True, **more: Any
) -> AsyncIterator[TelegramBot]:
    """Start a server and a bot, stop both afterwards, and see that every request was as Telegram describes it."""
    server = FakeTelegram()
    await server.start()
    if prepare is not None:
        prepare(server)
    database, clock, engine = await open_telegram_database(), PatientClock(), FakeEngine()
    bot = TelegramBot(
        server, build_platform(server, database, clock, **more), engine, database, clock, more, engine.respond
    )
    try:
        if started:
            await bot.start()
        yield bot
    finally:
        await bot.platform.stop()
        await server.stop()
        await database.close()
    assert server.problems == []
