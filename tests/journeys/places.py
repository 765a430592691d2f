"""The places a bot is let into, each over the fake of its platform, run as ``roadmate`` runs them: posts go out, plans
are kept, and everything comes back after a restart."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Protocol

from bot import connections
from bot.app import App, all_migrations, build_app, keeping_time, posting, running
from bot.engine.budget import Budgets
from bot.engine.migrate import migrate
from bot.infra.clock import MovableClock
from bot.kit.database import Transaction
from bot.kit.platform import Platform
from bot.kit.posting import State
from bot.platforms.discord.adapter import DiscordPlatform
from bot.platforms.discord.rights import MANAGE_SERVER
from bot.settings import Settings
from tests.fakes.core import shipped_shelf
from tests.fakes.databases import open_kept
from tests.fakes.discord_answers import user
from tests.fakes.discord_channels import EVERYTHING
from tests.fakes.discord_payloads import touchables
from tests.fakes.discord_people import DiscordPerson
from tests.fakes.discord_server import FORUM, GUILD, THREAD, TOKEN, Channel, FakeDiscord, fake_discord
from tests.fakes.discord_server import Message as DiscordMessage
from tests.fakes.telegram_bot import WatchedDatabase
from tests.fakes.telegram_chats import Chat, Message, Person
from tests.fakes.telegram_server import TOKEN as TELEGRAM_TOKEN
from tests.fakes.telegram_server import FakeTelegram

START = datetime(2026, 11, 21, 18, 0, tzinfo=UTC)
Build = Callable[[App, WatchedDatabase], Platform]


class Visitor(Protocol):
    """Somebody in the place. Each call returns what they see in answer, as words."""

    taps: int
    """How often they typed or tapped so far."""

    @property
    def labels(self) -> list[str]:
        """What can be pressed on the card they looked at last."""
        ...

    async def says(self, text: str) -> str: ...

    async def presses(self, label: str) -> str: ...

    async def fills(self, **values: str) -> str: ...


class Place(Protocol):
    """One place of one platform, and the bot that was let into it or will be."""

    clock: MovableClock
    hides: bool
    """Whether an answer in this place can be shown to one person alone."""
    here: str
    """What the button of ``/setup`` that chooses this place says."""

    @property
    def is_inner(self) -> bool:
        """Whether it is a room inside of the place that the bot was let into."""
        ...

    def person(self, name: str, *, moderates: bool = False) -> Visitor: ...

    def demotes(self, visitor: Visitor) -> None: ...

    async def adds_bot(self) -> None: ...

    async def newcomer(self, name: str) -> None: ...

    @property
    def heard(self) -> list[str]:
        """What the bot said so far that everybody in the place reads."""
        ...

    async def hears(self, words: str, count: int = 1) -> None:
        """Return once so many messages with these words stand in the place."""
        ...

    async def is_told(self, words: str) -> None:
        """Return once a message with these words stands anywhere in the group or server."""
        ...

    def loses_bot(self) -> None:
        """Take the bot's right to write here."""
        ...

    def regains_bot(self) -> None: ...

    def deletes_place(self) -> None: ...

    async def gives_up(self) -> None:
        """Return once the test post is given up."""
        ...

    async def restart(self) -> None: ...


class Running:
    """The bot itself, from its start to its stop, as ``bot.serve`` joins it."""

    def __init__(self, path: Path, clock: MovableClock, build: Build) -> None:
        self._path = path
        self._clock = clock
        self._build = build
        self._stack = AsyncExitStack()
        self.database: WatchedDatabase
        self.platform: Platform
        self.app: App

    async def start(self) -> None:
        self._stack = AsyncExitStack()
        self.database = WatchedDatabase(await open_kept(self._path))
        self._stack.push_async_callback(self.database.close)
        clock = self._clock
        self.app = build_app(self.database, shipped_shelf(), clock, zone="Europe/Berlin", budgets=Budgets(clock))
        owners = all_migrations(self.app.features, connections.migrations())
        await migrate(self.database, owners, before_change=None, now=int(clock.now().timestamp()))
        await self.app.plan_own()
        self.platform = self._build(self.app, self.database)
        await self._stack.enter_async_context(running(self.app, [self.platform]))
        await self._stack.enter_async_context(posting(self.app, self.database, [self.platform]))
        await self._stack.enter_async_context(keeping_time(self.app, self.database, clock))

    async def stop(self) -> None:
        await self._stack.aclose()

    async def gives_up(self) -> None:
        """Return once the test post is given up."""

        async def look(tx: Transaction) -> list[str]:
            return [row["state"] for row in await tx.all("SELECT state FROM engine_post WHERE key LIKE 'setup.test:%'")]

        async with asyncio.timeout(10):
            while await self.database.read(look) != [State.FAILED]:
                await self.database.next_write()


# Telegram --------------------------------------------------------------------------------------------------------------


@dataclass
class TelegramVisitor:
    """Somebody with Telegram on their phone, in the place and in a private chat with the bot."""

    place: TelegramPlace
    person: Person
    taps: int = 0
    latest: Message | None = None

    @property
    def labels(self) -> list[str]:
        return (self.latest or self.place.chat.seen[-1]).labels

    @property
    def _chats(self) -> tuple[Chat, Chat]:
        return self.place.chat, self.person.alone

    async def says(self, text: str, *, alone: bool = False) -> str:
        """Type in the place; in a channel only its administrators can, and they do so in its name."""
        self.taps += 1
        before = self._looks()
        place = self.place
        if alone:
            update = await self.person.types(text, self.person.alone)
        elif place.chat.type == "channel":
            update = await self.person.posts(text, place.chat)
        else:
            update = await self.person.types(text, place.chat, topic=place.topic)
        await place.bot.database.handled(update)
        return self._news(before)

    async def presses(self, label: str) -> str:
        """Press on the newest message that offers it, in the place or alone with the bot."""
        offers = [message for chat in self._chats for message in chat.seen if label in message.labels]
        assert offers, f"no “{label}” in:\n" + "\n".join(message.words for chat in self._chats for message in chat.seen)
        message = max(offers, key=lambda offer: offer.number)
        return await self._answered(*await self.person.presses(message, label))

    async def sends(self, data: str, on: Message) -> str:
        """Press a button that carries ``data``, whether or not it is there."""
        return await self._answered(*await self.person.sends(on, data))

    async def _answered(self, update: int, query: str) -> str:
        self.taps += 1
        before = self._looks()
        await self.place.bot.database.handled(update)
        answer = self.place.server.answers[query] or {}
        return "\n".join(filter(None, (self._news(before), str(answer.get("text", "")))))

    async def fills(self, **values: str) -> str:
        """Answer the questions of a form in the private chat."""
        said = ""
        for value in values.values():
            said = await self.says(value, alone=True)
        return said

    def _looks(self) -> dict[int, int]:
        return {message.number: message.edits for chat in self._chats for message in chat.seen}

    def _news(self, before: dict[int, int]) -> str:
        """What was said or changed since."""
        now = [message for chat in self._chats for message in chat.seen if before.get(message.number) != message.edits]
        now.sort(key=lambda message: message.number)
        self.latest = next((message for message in reversed(now) if message.labels), self.latest)
        return "\n".join(message.words for message in now)


@dataclass
class TelegramPlace:
    """A group, supergroup, topic or channel."""

    clock: MovableClock
    server: FakeTelegram
    chat: Chat
    topic: int | None
    bot: Running
    hides: bool = False
    here: str = "Here: Hall"
    people: dict[str, TelegramVisitor] = field(default_factory=dict)

    @property
    def is_inner(self) -> bool:
        return self.topic is not None

    def person(self, name: str, *, moderates: bool = False) -> TelegramVisitor:
        if name not in self.people:
            person = self.server.person(name)
            self.chat.statuses[person.id] = "administrator" if moderates else "member"
            self.people[name] = TelegramVisitor(self, person)
        return self.people[name]

    def demotes(self, visitor: Visitor) -> None:
        assert isinstance(visitor, TelegramVisitor)
        self.chat.statuses[visitor.person.id] = "member"
        self.clock.travel(timedelta(minutes=10))  # what Telegram told is remembered for a few minutes

    async def adds_bot(self) -> None:
        adder = self.person("Mo", moderates=True).person
        standing = {"status": "member"}
        if self.chat.type == "channel":
            standing = {"status": "administrator", "can_post_messages": True}  # type: ignore[dict-item]
        self.chat.bot_standing = standing
        await self.bot.database.handled(await adder.changes_bot(self.chat, "left", standing))

    async def newcomer(self, name: str) -> None:
        person = self.person(name).person
        await self.bot.database.handled(await person.brings(self.chat, person))

    @property
    def heard(self) -> list[str]:
        return [message.words for message in self.chat.seen]

    @property
    def _here(self) -> list[str]:
        return [message.words for message in self.chat.seen if message.thread == self.topic]

    async def hears(self, words: str, count: int = 1) -> None:
        await self.server.until(lambda: sum(words in said for said in self._here) >= count)

    async def is_told(self, words: str) -> None:
        await self.server.until(lambda: any(words in said for said in self.heard))

    def loses_bot(self) -> None:
        self.chat.bot_standing = {"status": "restricted", "is_member": True, "can_send_messages": False}
        if self.chat.type == "channel":
            self.chat.bot_standing = {"status": "administrator", "can_post_messages": False}

    def regains_bot(self) -> None:
        self.chat.bot_standing = {"status": "administrator", "can_post_messages": True}

    async def gives_up(self) -> None:
        await self.bot.gives_up()

    def deletes_place(self) -> None:
        if self.topic is not None:
            self.chat.topics[self.topic] = "deleted"
        else:
            self.chat.forbidden = "the group chat was deleted"

    async def migrates(self) -> None:
        """Become a supergroup, as a group does when its administrators use one of its rights."""
        old, new = self.chat, self.server.group(self.chat.title)
        new.statuses, new.bot_standing, old.moved_to = old.statuses, old.bot_standing, new.id
        mo = self.people["Mo"].person
        await self.bot.database.handled(await mo.types("", old, migrate_to_chat_id=new.id))
        self.chat = new

    async def restart(self) -> None:
        await self.bot.stop()
        await self.bot.start()


@asynccontextmanager
async def telegram(path: Path, kind: str, topic: int | None = None) -> AsyncIterator[TelegramPlace]:
    """A bot on Telegram and a chat it is not in yet."""
    clock, server = MovableClock(START), FakeTelegram()
    await server.start()
    settings = Settings(telegram_token=TELEGRAM_TOKEN, telegram_api=server.root)
    bot = Running(path, clock, lambda app, database: connections.build_telegram(settings, app, database))
    try:
        await bot.start()
        chat = server.group("Hall", kind)
        if topic is not None:
            chat.topics[topic] = "open"
        yield TelegramPlace(clock, server, chat, topic, bot)
    finally:
        await bot.stop()
        await server.stop()
    assert server.problems == []


# Discord ---------------------------------------------------------------------------------------------------------------


@dataclass
class DiscordVisitor:
    """Somebody in the server."""

    person: DiscordPerson
    place: DiscordPlace
    taps: int = 0

    @property
    def labels(self) -> list[str]:
        latest = self.person.latest
        return [] if latest is None else list(touchables(latest.payload))

    async def says(self, text: str) -> str:
        self.taps += 1
        return await self.person.says(text)

    async def presses(self, label: str) -> str:
        """Press on the newest message they see that offers it."""
        self.taps += 1
        seen = [message for message in self.place.channel.messages if message.seen_by in ("", self.person.account)]
        for message in [*([self.person.latest] if self.person.latest else []), *reversed(seen)]:
            if not message.is_gone and label in message.text:
                self.person.latest = message
                return await self.person.presses(label)
        raise AssertionError(f"no “{label}” in:\n" + "\n".join(message.text for message in seen))

    async def fills(self, **values: str) -> str:
        self.taps += 1
        return await self.person.fills(**values)


@dataclass
class DiscordPlace:
    """A channel, thread or forum post of a server."""

    clock: MovableClock
    server: FakeDiscord
    channel: Channel
    bot: Running
    here: str
    hides: bool = True
    people: dict[str, DiscordVisitor] = field(default_factory=dict)

    @property
    def is_inner(self) -> bool:
        return self.channel.id != "6001"

    def person(self, name: str, *, moderates: bool = False) -> DiscordVisitor:
        if name not in self.people:
            person = DiscordPerson(
                self.server, self._platform, str(1000 + len(self.people)), name, channel=self.channel.id
            )
            person.permissions = MANAGE_SERVER if moderates else 0
            self.people[name] = DiscordVisitor(person, self)
        return self.people[name]

    def _platform(self) -> DiscordPlatform:
        assert isinstance(self.bot.platform, DiscordPlatform)
        return self.bot.platform

    def demotes(self, visitor: Visitor) -> None:
        assert isinstance(visitor, DiscordVisitor)
        visitor.person.permissions = 0

    async def adds_bot(self) -> None:
        self.server.guild.joined_at = self.clock.now()
        await self.server.tell("GUILD_CREATE", self.server.guild.event())

    async def newcomer(self, name: str) -> None:
        account = self.person(name).person.account
        message = {
            "id": self.server.next_id(), "type": 7, "guild_id": GUILD, "channel_id": "6001", "content": "",
            "author": user(account, name), "member": {"roles": []}, "timestamp": self.clock.now().isoformat(),
        }  # fmt: skip
        await self.server.tell("MESSAGE_CREATE", message)

    @property
    def heard(self) -> list[str]:
        """What everybody reads in the server, beginning with this place."""
        places = [self.channel, *(one for one in self.server.channels.all.values() if one is not self.channel)]
        return [message.text for one in places for message in one.messages if _is_public(message)]

    async def hears(self, words: str, count: int = 1) -> None:
        where = self.channel.messages
        await self.server.until(lambda: sum(words in one.text for one in where if _is_public(one)) >= count)

    async def is_told(self, words: str) -> None:
        await self.server.until(lambda: any(words in said for said in self.heard))

    def loses_bot(self) -> None:
        channel = self.channel
        if channel.type == THREAD:
            channel = self.server.channels.of(channel.parent)
        for one in (channel, self.channel):
            one.rights = 1 << 10

    def regains_bot(self) -> None:
        for one in (self.channel, self.server.channels.of(self.channel.parent or self.channel.id)):
            one.rights = EVERYTHING

    async def gives_up(self) -> None:
        await self.bot.gives_up()

    def deletes_place(self) -> None:
        self.channel.is_gone = True

    async def restart(self) -> None:
        await self.bot.stop()
        await self.bot.start()


def _is_public(message: DiscordMessage) -> bool:
    return not message.seen_by and not message.is_gone


@asynccontextmanager
async def discord(path: Path, kind: str) -> AsyncIterator[DiscordPlace]:
    """A bot on Discord that is in a server only once it was let in."""
    clock = MovableClock(START)
    async with fake_discord(clock) as server:
        settings = Settings(discord_token=TOKEN, discord_api=server.api, discord_gateway=server.gateway)
        bot = Running(path, clock, lambda app, database: connections.build_discord(settings, app, database))
        channels = {
            "text": lambda: server.channels.of("6001"),
            "thread": lambda: server.channels.of("6003"),
            "forum": lambda: server.channels.add("6004", THREAD, name="week 1", parent="6002"),
        }
        assert server.channels.of("6002").type == FORUM
        channel = channels[kind]()
        try:
            await bot.start()
            await server.knows_commands.wait()
            around = server.channels.of(channel.parent).name if channel.parent else ""
            title = f"#{around} › {channel.name}" if around else f"#{channel.name}"
            yield DiscordPlace(clock, server, channel, bot, f"Here: {title}")
        finally:
            await bot.stop()


PLACES: dict[str, Callable[[Path], AbstractAsyncContextManager[Place]]] = {
    "telegram-group": lambda path: telegram(path, "group"),
    "telegram-supergroup": lambda path: telegram(path, "supergroup"),
    "telegram-topic": lambda path: telegram(path, "supergroup", 7),
    "telegram-channel": lambda path: telegram(path, "channel"),
    "discord-text": lambda path: discord(path, "text"),
    "discord-thread": lambda path: discord(path, "thread"),
    "discord-forum": lambda path: discord(path, "forum"),
}


async def begins(place: Place, mo: Visitor) -> str:
    """Come to the first question; where the hello stands elsewhere, by the command."""
    return await mo.says("/setup") if place.is_inner else await mo.presses("Set up")


async def goes_on(
    place: Place, mo: Visitor, card: str, until: str = "All set", test_post: str = "in ten minutes"
) -> str:
    """Answer every question with what is offered first, and want a test post; stop at a title."""
    while until not in (title := card.partition("\n")[0]):
        named = re.fullmatch(r"\d+ of \d+: (.+)", title)
        assert named, card
        answers = {"Place": place.here, "Test post": test_post}
        card = await mo.presses(answers.get(named[1], mo.labels[0]))
    return card


async def walks(place: Place, mo: Visitor, until: str = "All set") -> str:
    """Set the bot up, or go so far."""
    return await goes_on(place, mo, await begins(place, mo), until)
