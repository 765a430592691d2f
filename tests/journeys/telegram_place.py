"""Groups, topics and channels of Telegram over its fake, with a bot that was let in or will be."""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from bot import connections
from bot.infra.clock import MovableClock
from bot.settings import Settings
from tests.fakes.telegram_chats import Chat, Json, Message, Person
from tests.fakes.telegram_server import TOKEN as TELEGRAM_TOKEN
from tests.fakes.telegram_server import FakeTelegram
from tests.journeys.place import START, Running, Visitor, label_of, one_of


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

    async def asks(self, text: str) -> str:
        """Type in the private chat."""
        return await self.says(text, alone=True)

    async def answers(self, option: str) -> str:
        """Vote in the newest poll that has an option, which tells the verdict by itself, or press its letter."""
        for message in reversed(self.place.chat.seen):
            if option in message.options:
                self.taps += 1
                if not message.poll.get("is_closed"):  # else nobody can vote in it any more
                    await self.place.bot.database.handled(await self.person.votes(message, option))
                return ""
            if label := label_of(option, message.words, message.labels):
                return await self._answered(*await self.person.presses(message, label))
        raise AssertionError(f"no question with the option “{option}”")

    async def presses(self, label: str) -> str:
        """Press on the newest message that offers it, in the place or alone with the bot."""
        offers = [message for chat in self._chats for message in chat.seen if label in message.labels]
        assert offers, f"no “{label}” in:\n" + "\n".join(message.words for chat in self._chats for message in chat.seen)
        message = max(offers, key=lambda offer: offer.number)
        return await self._answered(*await self.person.presses(message, label))

    async def borrows(self, owner: Visitor, label: str) -> str:
        assert isinstance(owner, TelegramVisitor)
        card = owner.person.alone.seen[-1]
        return await self.sends(card.key(label)["callback_data"], card)

    async def sends(self, data: str, on: Message, more: Json | None = None) -> str:
        """Press a button that carries ``data``, whether or not it is there; ``more`` goes into Telegram's query."""
        return await self._answered(*await self.person.sends(on, data, more))

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

    async def uploads(self, data: bytes) -> str:
        self.taps += 1
        before = self._looks()
        await self.place.bot.database.handled(await self.person.sends_file(data))
        return self._news(before)

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

    async def hears_one_of(self, words: Collection[str]) -> str:
        await self.server.until(lambda: bool(one_of(words, self._here)))
        return one_of(words, self._here)

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
