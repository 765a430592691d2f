"""A whole bot without a platform: people talk to the router itself. The fastest world to tell a story in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from bot.app import App, all_migrations, build_app, open_shelf
from bot.domain.curriculum.shelf import Shelf
from bot.kit.database import Database
from bot.kit.platform import Answer, Delivery
from bot.kit.reply import Button, Reply
from bot.kit.request import Incoming, Role, Sender, Setting, Trigger, Where
from bot.kit.text import plain
from tests.fakes.clock import FakeClock, FakeDice
from tests.fakes.databases import open_quick
from tests.fakes.migrated import migrate

PRIVATE = "private"
ROOM = "room"


@cache
def shipped_shelf() -> Shelf:
    """The shipped content, read once for all tests."""
    shelf = open_shelf()
    shelf.reload().refuse()
    return shelf


@dataclass(slots=True)
class Message:
    """A message as somebody sees it; edits change it."""

    reply: Reply
    public: bool
    where: str

    @property
    def text(self) -> str:
        return words(self.reply)

    @property
    def labels(self) -> list[str]:
        return [button.label for row in self.reply.buttons for button in row]


def words(reply: Reply) -> str:
    """Everything a reply says, with its menu and form, as plain lines."""
    parts = [reply.title, plain(reply.blocks)]
    if reply.menu:
        parts += [reply.menu.prompt, *(f"{choice.label} {choice.description}" for choice in reply.menu.choices)]
    if reply.poll:
        parts += [reply.poll.question, *(choice.label for choice in reply.poll.choices), plain(reply.poll.below)]
    if reply.form:
        parts += [reply.form.title, *(f"{asked.label} {asked.hint}" for asked in reply.form.fields), reply.form.submit]
    return "\n".join(filter(None, parts)).strip()


def presses_of(reply: Reply) -> dict[str, str]:
    """The data behind each label of a reply."""
    found = {button.label: button.data for row in reply.buttons for button in row if button.data}
    for offered in (reply.menu, reply.poll):
        if offered is not None:
            found |= {choice.label: choice.data for choice in offered.choices}
    return found


@dataclass(slots=True)
class Person:
    """Somebody who talks to the bot, alone or in the room."""

    world: CoreWorld
    name: str
    role: Role = Role.MEMBER
    language: str = "en"
    seen: list[Message] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)

    async def says(self, text: str, where: str = PRIVATE, event: str = "") -> Message:
        """Type something and return what comes back to this person."""
        return await self._ask(Trigger.COMMAND, text, where, event)

    async def presses(self, label: str, on: Message | None = None, event: str = "") -> Message:
        """Press the button or choose the entry of this label on a message (the last one seen)."""
        message = on or self.seen[-1]
        offered = presses_of(message.reply)
        if label not in offered:
            raise AssertionError(f"no “{label}” among {list(offered)} in:\n{message.text}")
        return await self.sends(offered[label], message, event)

    async def sends(self, data: str, on: Message, event: str = "") -> Message:
        """Press a button that carries ``data``, whether or not it is there."""
        return await self._ask(Trigger.PRESS, data, on.where, event, on=on)

    async def chooses(self, chosen: str, data: str, on: Message) -> Message:
        """Send what was chosen (values with commas) from a list of several that carries ``data``."""
        return await self._ask(Trigger.PRESS, data, on.where, "", {"chosen": chosen}, on)

    async def fills(self, on: Message | None = None, event: str = "", **values: str) -> Message:
        """Send the form of a message."""
        message = on or self.seen[-1]
        assert message.reply.form is not None
        return await self._ask(Trigger.FORM, message.reply.form.data, message.where, event, values, message)

    async def _ask(
        self,
        trigger: Trigger,
        text: str,
        where: str,
        event: str = "",
        values: dict[str, str] | None = None,
        on: Message | None = None,
    ) -> Message:
        world = self.world
        alone = where == PRIVATE
        incoming = Incoming(
            platform="core",
            event=event or world.next_event(),
            trigger=trigger,
            sender=Sender(self.name.lower(), self.name, self.role, self.language),
            where=Where(
                f"private-{self.name}" if alone else where, Setting.PRIVATE if alone else Setting.GROUP, "Hall"
            ),
            text=text,
            at=world.clock.now(),
            values=values or {},
            on_public=bool(on and on.public),
        )
        answer = await world.app.router.respond(incoming)
        return self._receive(answer, where, on)

    def _receive(self, answer: Answer, where: str, on: Message | None) -> Message:
        message = Message(answer.reply, not answer.only_you and where != PRIVATE, where)
        if answer.delivery is Delivery.NOTICE:
            self.notices.append(message.text)
            return message
        if answer.delivery is Delivery.NOTHING:
            return message
        if answer.delivery is Delivery.EDIT and on is not None:
            on.reply = answer.reply
            return on
        self.seen.append(message)
        return message


class CoreWorld:
    """One bot over one database, and the people who talk to it."""

    def __init__(self, app: App, database: Database, clock: FakeClock) -> None:
        self.app = app
        self.database = database
        self.clock = clock
        self.events = 0

    @classmethod
    async def open(cls, path: Path | None = None, *, clock: FakeClock | None = None) -> CoreWorld:
        clock = clock or FakeClock()
        database = open_quick(path)
        app = build_app(database, shipped_shelf(), clock, FakeDice(), zone="Europe/Berlin")
        await migrate(database, all_migrations(app.features), before_change=None, now=int(clock.now().timestamp()))
        return cls(app, database, clock)

    def person(self, name: str, role: Role = Role.MEMBER, language: str = "en") -> Person:
        return Person(self, name, role, language)

    def next_event(self) -> str:
        self.events += 1
        return f"e{self.events}"

    async def close(self) -> None:
        await self.database.close()


def buttons_of(reply: Reply) -> Sequence[Button]:
    """All buttons of a reply in reading order."""
    return [button for row in reply.buttons for button in row]
