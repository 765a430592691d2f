"""A started web chat with a pretend engine, and people who use it as a browser without any script does."""

from __future__ import annotations

import asyncio
import io
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from http import HTTPStatus

import aiohttp

from bot.engine.migrate import Migrations
from bot.infra.clock import SystemDice
from bot.kit.command import Command, Param
from bot.kit.database import Database
from bot.kit.naming import Names
from bot.kit.platform import Answer, Delivery, Suggestion
from bot.kit.reply import Reply, reply
from bot.kit.request import Incoming, Role
from bot.kit.text import code
from bot.platforms import web
from bot.platforms.web.adapter import WebPlatform
from bot.platforms.web.controls import FIELD_PREFIX
from tests.fakes.clock import FakeClock
from tests.fakes.databases import open_quick
from tests.fakes.migrated import migrate
from tests.fakes.web_page import Element, parse


async def _unused(*_arguments: object) -> Reply:
    raise AssertionError("the web chat never calls a handler itself")


COMMANDS = (
    Command(
        "roadmap", "The whole way", _unused, (Param("topic", "Where to look", suggests="topic"),), needs=Role.STRANGER
    ),
    Command("progress", "How far you are", _unused, private=True, needs=Role.STRANGER),
    Command("search", "Find anything", _unused, (Param("text", "What to find", required=True),), needs=Role.STRANGER),
    Command("setup", "Set the community up", _unused, needs=Role.MODERATOR),
)


class German:
    """A catalogue that calls one command otherwise."""

    def gettext(self, message: str, /) -> str:
        return {"command:progress": "fortschritt"}.get(message, message)

    def ngettext(self, singular: str, plural: str, count: int, /) -> str:
        return singular if count == 1 else plural


def suggest_topics(_kind: str, text: str) -> list[Suggestion]:
    """Three topics by their beginning."""
    topics = ("bayes", "backpropagation", "knn")
    return [Suggestion(topic.title(), topic) for topic in topics if topic.startswith(text.lower())]


@dataclass(slots=True)
class FakeEngine:
    """Notes what it hears; answers with ``answers`` in order, then by repeating what was typed."""

    heard: list[Incoming] = field(default_factory=list)
    answers: list[Answer] = field(default_factory=list)
    gate: asyncio.Event | None = None
    """If set, every answer waits for it."""
    asked: asyncio.Event = field(default_factory=asyncio.Event)

    async def respond(self, incoming: Incoming) -> Answer:
        self.heard.append(incoming)
        self.asked.set()
        if self.gate is not None:
            await self.gate.wait()
        if self.answers:
            return self.answers.pop(0)
        return Answer(reply("You said ", code(incoming.text)), Delivery.NEW, only_you=False)

    def next(self, answer: Reply, delivery: Delivery = Delivery.NEW, *, only_you: bool = False) -> None:
        """Say what to answer next."""
        self.answers.append(Answer(answer, delivery, only_you))


@dataclass(slots=True)
class WebWorld:
    """One running web chat."""

    platform: WebPlatform
    engine: FakeEngine
    clock: FakeClock
    database: Database
    http: aiohttp.ClientSession
    planned: list[tuple[datetime, str]]

    @property
    def url(self) -> str:
        return f"http://{self.platform.address}"

    def person(self, account: str, room: str = "roadmate") -> Visitor:
        return Visitor(self, f"{self.url}/room/{room}/as/{account}/")

    async def restart(self) -> None:
        """Stop the chat and start another over the same database."""
        await self.platform.stop()
        self.platform = build_platform(self.database, self.clock, self.planned)
        await self.platform.start(self.engine.respond)


Sent = dict[str, str] | aiohttp.FormData


def filled_in(form: Element, values: Mapping[str, str | bytes]) -> Sent:
    """What a browser sends of a form after fields were filled in, in its own way; bytes are chosen files."""
    named = {FIELD_PREFIX + name: value for name, value in values.items()}
    typed = form.fields() | {name: value for name, value in named.items() if isinstance(value, str)}
    inputs = {one.attributes["name"]: one for one in form.all("input", type="file")}
    if form.attributes.get("enctype") != "multipart/form-data":
        assert not inputs, "a browser would send the names of files alone"
        return typed
    sent = aiohttp.FormData(default_to_multipart=True)
    for name in (one.attributes.get("name", "") for one in form.all()):
        one, data = inputs.get(name), named.get(name)
        if one is None:
            if name in typed:
                sent.add_field(name, typed[name])
            continue
        assert isinstance(data, bytes) or "required" not in one.attributes, "a browser would not send it"
        chosen = isinstance(data, bytes)
        sent.add_field(name, io.BytesIO(data if isinstance(data, bytes) else b""), filename="questions.yaml" if chosen else "",
                       content_type="application/x-yaml" if chosen else "application/octet-stream")  # fmt: skip
    return sent


@dataclass(slots=True)
class Visitor:
    """Somebody at a page: every form is posted, every redirect is followed."""

    world: WebWorld
    address: str
    page: Element = field(default_factory=lambda: Element("", {}))
    status: int = 0

    async def looks(self, more: str = "") -> Element:
        """Load the page."""
        async with self.world.http.get(self.address + more) as response:
            self.status = response.status
            self.page = parse(await response.text())
        return self.page

    async def fills(self, **values: str | bytes) -> Element:
        """Fill in the last form of the page and send it; bytes are files."""
        await self.looks()
        return await self.posts("form", filled_in(list(self.page.all("form", "ask"))[-1], values))

    async def posts(self, where: str, fields: Sent) -> Element:
        """Send a form and look at the page it leads to."""
        headers = {"Origin": self.world.url}
        async with self.world.http.post(self.address + where, data=fields, headers=headers) as response:
            self.status = response.status
            self.page = parse(await response.text())
        return self.page

    async def says(self, text: str, event: str = "") -> Element:
        """Type something and send it."""
        await self.looks()
        fields = self.page.one("form", "composer").fields()
        return await self.posts("say", fields | {"text": text} | ({"event": event} if event else {}))

    async def presses(self, label: str, message: int = -1) -> Element:
        """Press a button by its words, on the last message that has it unless told."""
        await self.looks()
        return await self.posts("press", self.keys(label)[message])

    def keys(self, label: str) -> list[dict[str, str]]:
        """What each button with these words on the page would send."""
        return [
            form.fields() | {"data": button.attributes["value"]}
            for form in self.page.all("form", "keys")
            for button in form.all("button")
            if button.text == label
        ]

    @property
    def bubbles(self) -> list[str]:
        """What people said, as shown."""
        return [bubble.text for bubble in self.page.all("div", "bubble")]

    @property
    def cards(self) -> list[str]:
        """What the bot said, as shown."""
        return [card.text for card in self.page.all("div", "card")]

    @property
    def remark(self) -> str:
        return self.page.one("div", id="remarks").text

    @asynccontextmanager
    async def follows(self, after: int | None = None) -> AsyncIterator[LiveWindow]:
        """Open a live window from the page last looked at, or from a revision."""
        if after is None:
            after = int(self.page.one("ol", id="messages").attributes["data-after"])
        async with self.world.http.get(f"{self.address}live?after={after}") as response:
            assert response.status == HTTPStatus.OK
            yield LiveWindow(response)


@dataclass(slots=True)
class LiveWindow:
    """What a window is told."""

    response: aiohttp.ClientResponse

    async def hears(self, kind: str = "message") -> dict[str, str]:
        """The next thing of a kind it is told."""
        async with asyncio.timeout(5):
            lines: dict[str, str] = {}
            while True:
                line = (await self.response.content.readline()).decode()
                if not line:
                    raise ConnectionError("the stream ended")
                if line != "\n":
                    name, _colon, value = line.rstrip("\n").partition(": ")
                    lines[name] = value
                    continue
                if lines.get("event") == kind:
                    told: dict[str, str] = json.loads(lines["data"])
                    return told
                lines = {}

    async def ends(self) -> bool:
        """Whether the stream is closed by the other side."""
        async with asyncio.timeout(5):
            while await self.response.content.readline():
                pass
        return True


def build_platform(
    database: Database,
    clock: FakeClock,
    planned: list[tuple[datetime, str]],
    options: web.WebOptions | None = None,
) -> WebPlatform:
    """A web chat on a free port."""

    async def next_event() -> tuple[datetime, str] | None:
        return planned[0] if planned else None

    return web.build(
        options or web.WebOptions(port=0, zone="Europe/Berlin"),
        database=database,
        clock=clock,
        dice=SystemDice(),
        travel=clock,
        commands=lambda: COMMANDS,
        suggest=suggest_topics,
        next_event=next_event,
        names=Names(lambda: COMMANDS, {"de": German()}),
    )


async def open_web_database() -> Database:
    """An empty database with the web chat's tables."""
    database = open_quick()
    await migrate(database, [Migrations("web", web.migrations())], before_change=None, now=0)
    return database


@asynccontextmanager
async def web_world(options: web.WebOptions | None = None) -> AsyncIterator[WebWorld]:
    """Start a web chat and stop it afterwards."""
    database = await open_web_database()
    clock, engine = FakeClock(), FakeEngine()
    planned = [(clock.now() + timedelta(hours=5), "Daily quiz")]
    platform = build_platform(database, clock, planned, options)
    await platform.start(engine.respond)
    async with aiohttp.ClientSession() as http:
        world = WebWorld(platform, engine, clock, database, http, planned)
        try:
            yield world
        finally:
            await world.platform.stop()
            await database.close()
