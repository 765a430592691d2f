"""Channels, threads and forum posts of Discord over its fake, with a bot that was let in or will be."""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from bot import connections
from bot.infra.clock import MovableClock
from bot.platforms.discord.adapter import DiscordPlatform
from bot.platforms.discord.rights import MANAGE_SERVER
from bot.settings import Settings
from tests.fakes.discord_answers import user
from tests.fakes.discord_channels import EVERYTHING
from tests.fakes.discord_payloads import touchables
from tests.fakes.discord_people import DiscordPerson
from tests.fakes.discord_server import FORUM, GUILD, THREAD, TOKEN, Channel, FakeDiscord, fake_discord
from tests.fakes.discord_server import Message as DiscordMessage
from tests.journeys.place import START, Running, Visitor, label_of, one_of


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

    async def asks(self, text: str) -> str:
        """Type a command; what it answers about the asker nobody else sees."""
        return await self.says(text)

    async def answers(self, option: str) -> str:
        """Press an option of the newest question."""
        self.taps += 1
        for message in reversed(self.place.channel.messages):
            label = label_of(option, message.text, touchables(message.payload))
            if label and _is_public(message):
                self.person.latest = message
                return await self.person.presses(label)
        raise AssertionError(f"no question with the option “{option}”")

    async def borrows(self, owner: Visitor, label: str) -> str:
        assert isinstance(owner, DiscordVisitor)
        self.taps += 1
        one = await self.person.press(label, owner.person.latest)
        return "\n".join(message.text for message in one.messages)

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

    async def uploads(self, data: bytes) -> str:
        if self.person.modal is None or self.person.seen[-1] is not self.person.modal:
            await self.presses("Import questions")  # a form never answers a form, so it waits behind a button
        self.taps += 1
        return await self.person.fills(file=data)


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

    async def hears_one_of(self, words: Collection[str]) -> str:
        where = self.channel.messages
        await self.server.until(lambda: bool(one_of(words, [one.text for one in where if _is_public(one)])))
        return one_of(words, [one.text for one in where if _is_public(one)])

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
