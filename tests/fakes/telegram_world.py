"""A started Telegram platform over the fake server, with a pretend engine; waits for the bot without sleeping."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, TypeVar

from bot.engine.migrate import Migrations, migrate
from bot.infra.database_inline import open_inline
from bot.kit.command import Command, Param
from bot.kit.database import Database, Transaction, Work
from bot.kit.platform import Answer, Delivery, Respond
from bot.kit.reply import Reply, reply
from bot.kit.request import Incoming, Role
from bot.kit.text import code
from bot.platforms import telegram
from bot.platforms.telegram.adapter import TelegramPlatform
from tests.fakes.clock import FakeClock, FakeDice
from tests.fakes.telegram_server import TOKEN, FakeTelegram, Message, Person

Result = TypeVar("Result")


class WatchedDatabase:
    """A database that tells whoever waits after each write."""

    def __init__(self, database: Database) -> None:
        self.inner = database
        self._written = asyncio.Event()

    async def read(self, work: Work[Result], /) -> Result:
        return await self.inner.read(work)

    async def write(self, work: Work[Result], /) -> Result:
        result = await self.inner.write(work)
        self._written.set()
        return result

    async def close(self) -> None:
        await self.inner.close()

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


async def _unused(*_arguments: object) -> Reply:
    raise AssertionError("a platform never calls a handler itself")


COMMANDS = (
    Command("start", "Say hello", _unused),
    Command("roadmap", "The whole way", _unused, (Param("topic", "Where to look", suggests="topic"),)),
    Command("progress", "How far you are", _unused, private=True),
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
        return Answer(reply("You said ", code(incoming.text)), Delivery.NEW, only_you=False)

    def next(self, answer: Reply, delivery: Delivery = Delivery.NEW, *, only_you: bool = False) -> None:
        """Say what to answer next."""
        self.answers.append(Answer(answer, delivery, only_you))


def build_platform(server: FakeTelegram, database: Database, clock: FakeClock, **more: Any) -> TelegramPlatform:
    """The platform, not yet connected."""
    return telegram.build(
        **{"token": TOKEN, "root": server.root, "commands": lambda: COMMANDS, "dice": FakeDice()} | more,
        database=database,
        clock=clock,
    )


@dataclass(slots=True)
class TelegramWorld:
    """One running bot."""

    server: FakeTelegram
    platform: TelegramPlatform
    engine: FakeEngine
    database: WatchedDatabase
    clock: FakeClock
    more: dict[str, Any]

    async def says(self, person: Person, text: str, chat: Any = None, **more: Any) -> list[Message]:
        """Let somebody type; returns what the bot said there in answer."""
        chat = chat or person.alone
        before = len(chat.seen)
        await self.database.handled(await person.types(text, chat, **more))
        return chat.seen[before:]

    async def presses(self, person: Person, message: Message, label: str) -> dict[str, Any]:
        """Let somebody press; returns what the press was answered."""
        update, query = await person.presses(message, label)
        return await self.answered(update, query)

    async def sends(self, person: Person, message: Message, data: str, **more: Any) -> dict[str, Any]:
        """Let somebody press a button that carries ``data``; returns what the press was answered."""
        update, query = await person.sends(message, data, **more)
        return await self.answered(update, query)

    async def answered(self, update: int, query: str) -> dict[str, Any]:
        await self.database.handled(update)
        answer = self.server.answers[query]
        assert answer is not None, "the press was never answered"
        return answer

    async def restart(self) -> None:
        """Stop the bot and start another over the same database."""
        await self.platform.stop()
        self.platform = build_platform(self.server, self.database, self.clock, **self.more)
        await self.platform.start(self.engine.respond)


async def open_telegram_database() -> WatchedDatabase:
    """An empty database with Telegram's tables."""
    database = WatchedDatabase(open_inline())
    await migrate(database, [Migrations("telegram", telegram.migrations())], before_change=None, now=0)
    return database


@asynccontextmanager
async def telegram_world(
    prepare: Callable[[FakeTelegram], None] | None = None, respond: Respond | None = None, **more: Any
) -> AsyncIterator[TelegramWorld]:
    """Start a server and a bot, stop both afterwards, and see that every request was as Telegram describes it."""
    server = FakeTelegram()
    await server.start()
    if prepare is not None:
        prepare(server)
    database, clock, engine = await open_telegram_database(), FakeClock(), FakeEngine()
    platform = build_platform(server, database, clock, **more)
    world = TelegramWorld(server, platform, engine, database, clock, more)
    try:
        await platform.start(respond or engine.respond)
        yield world
    finally:
        await world.platform.stop()
        await server.stop()
        await database.close()
    assert server.problems == []
