"""The worlds journeys run in: each a whole bot over a real database file, with people on one platform."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

import aiohttp

from bot import connections
from bot.app import App, all_migrations, build_app
from bot.infra.clock import SystemDice
from bot.kit.database import Database
from bot.platforms import terminal, web
from bot.platforms.terminal.adapter import TerminalPlatform
from bot.platforms.web.adapter import WebPlatform
from bot.platforms.web.controls import FIELD_PREFIX
from tests.fakes.clock import FakeClock, FakeDice
from tests.fakes.core import CoreWorld, shipped_shelf
from tests.fakes.core import Person as CorePerson
from tests.fakes.databases import open_kept
from tests.fakes.discord_world import discord_world
from tests.fakes.migrated import migrate
from tests.fakes.telegram_world import telegram_journey
from tests.fakes.typed_lines import Typist
from tests.fakes.web_page import Element, parse


class Someone(Protocol):
    """A person at their platform. Each call returns what they see in answer, as words."""

    async def says(self, text: str) -> str: ...

    async def presses(self, label: str) -> str: ...

    async def fills(self, **values: str) -> str: ...


class World(Protocol):
    """A running bot on one platform."""

    clock: FakeClock

    def person(self, name: str) -> Someone: ...

    async def restart(self) -> None: ...


@dataclass(slots=True)
class _Core:
    """People at the router itself; also tells what the others are compared with."""

    path: Path
    clock: FakeClock
    world: CoreWorld
    people: dict[str, _CoreSomeone] = field(default_factory=dict)

    def person(self, name: str) -> Someone:
        return self.people.setdefault(name, _CoreSomeone(self.world.person(name)))

    async def restart(self) -> None:
        await self.world.close()
        begun = self.world.events
        self.world = await CoreWorld.open(self.path, clock=self.clock)
        self.world.events = begun
        for someone in self.people.values():
            someone.person.world = self.world


@dataclass(slots=True)
class _CoreSomeone:
    person: CorePerson

    async def says(self, text: str) -> str:
        message = await self.person.says(text)
        return "\n".join((message.text, *message.labels))

    async def presses(self, label: str) -> str:
        noticed = len(self.person.notices)
        message = await self.person.presses(label)
        if len(self.person.notices) > noticed:
            return self.person.notices[-1]
        return "\n".join((message.text, *message.labels))

    async def fills(self, **values: str) -> str:
        return (await self.person.fills(None, "", **values)).text


@asynccontextmanager
async def core_world(path: Path) -> AsyncIterator[World]:
    clock = FakeClock()
    world = _Core(path, clock, await CoreWorld.open(path, clock=clock))
    try:
        yield world
    finally:
        await world.world.close()


async def _open_app(path: Path, clock: FakeClock) -> tuple[App, Database]:
    database = await open_kept(path)
    app = build_app(database, shipped_shelf(), clock, FakeDice(), zone="Europe/Berlin")
    owners = all_migrations(app.features, connections.migrations())
    await migrate(database, owners, before_change=None, now=0)
    return app, database


@dataclass(slots=True)
class _Web:
    """People at pages over real HTTP, without any script."""

    path: Path
    clock: FakeClock
    http: aiohttp.ClientSession
    database: Database
    platform: WebPlatform

    def person(self, name: str) -> Someone:
        return _WebSomeone(self, name.lower())

    async def restart(self) -> None:
        await self.platform.stop()
        await self.database.close()
        self.database, self.platform = await _start_web(self.path, self.clock)


async def _start_web(path: Path, clock: FakeClock) -> tuple[Database, WebPlatform]:
    app, database = await _open_app(path, clock)
    platform = web.build(
        web.WebOptions(port=0, zone="Europe/Berlin"),
        database=database,
        clock=clock,
        dice=SystemDice(),
        travel=clock,
        commands=lambda: app.commands,
        suggest=app.suggest,
        next_event=app.next_event,
    )
    await platform.start(app.router.respond)
    return database, platform


@dataclass(slots=True)
class _WebSomeone:
    world: _Web
    account: str
    page: Element = field(default_factory=lambda: Element("", {}))

    @property
    def _address(self) -> str:
        return f"http://{self.world.platform.address}/room/roadmate/as/{self.account}/"

    async def _look(self) -> None:
        async with self.world.http.get(self._address) as response:
            self.page = parse(await response.text())

    async def _post(self, where: str, fields: dict[str, str]) -> str:
        headers = {"Origin": f"http://{self.world.platform.address}"}
        async with self.world.http.post(self._address + where, data=fields, headers=headers) as response:
            assert response.status == 200
            self.page = parse(await response.text())
        remark = self.page.one("div", id="remarks").text.strip()
        return remark or list(self.page.all("div", "card"))[-1].text

    async def says(self, text: str) -> str:
        await self._look()
        return await self._post("say", self.page.one("form", "composer").fields() | {"text": text})

    async def presses(self, label: str) -> str:
        await self._look()
        card = list(self.page.all("div", "card"))[-1]
        for form in card.all("form"):
            for button in (*form.all("button"), *form.all("option")):
                if label in (button.text.strip(), button.attributes.get("label", "")) or button.text.startswith(
                    f"{label} ·"
                ):
                    return await self._post("press", form.fields() | {"data": button.attributes["value"]})
        raise AssertionError(f"no “{label}” in:\n{card.text}")

    async def fills(self, **values: str) -> str:
        await self._look()
        card = list(self.page.all("div", "card"))[-1]
        form = card.one("form", "ask")
        return await self._post("form", form.fields() | {FIELD_PREFIX + name: value for name, value in values.items()})


@asynccontextmanager
async def web_world(path: Path) -> AsyncIterator[World]:
    clock = FakeClock()
    database, platform = await _start_web(path, clock)
    async with aiohttp.ClientSession() as http:
        world = _Web(path, clock, http, database, platform)
        try:
            yield world
        finally:
            await world.platform.stop()
            await world.database.close()


@dataclass(slots=True)
class _Terminal:
    """People at terminals of their own over one bot."""

    path: Path
    clock: FakeClock
    app: App
    database: Database
    people: dict[str, _TerminalSomeone] = field(default_factory=dict)
    dice: FakeDice = field(default_factory=FakeDice)

    def person(self, name: str) -> Someone:
        return self.people.setdefault(name, _TerminalSomeone(self, name))

    async def restart(self) -> None:
        for someone in self.people.values():
            await someone.leave()
        await self.database.close()
        self.app, self.database = await _open_app(self.path, self.clock)


@dataclass(slots=True)
class _TerminalSomeone:
    world: _Terminal
    name: str
    platform: TerminalPlatform | None = None
    typist: Typist | None = None
    shown: str = ""

    async def _sit_down(self) -> Typist:
        if self.typist is None:
            self.typist = Typist()
            self.platform = terminal.build(
                database=self.world.database,
                clock=self.world.clock,
                travel=self.world.clock,
                dice=self.world.dice,
                commands=lambda: self.world.app.commands,
                suggest=self.world.app.suggest,
                next_event=self.world.app.next_event,
                zone="Europe/Berlin",
                reads=self.typist.lines,  # type: ignore[arg-type]
                writes=self.typist.screen,
                account=self.name.lower(),
                called=self.name,
            )
            await self.platform.start(self.world.app.router.respond)
            await self.typist.is_asked()
        return self.typist

    async def _type(self, line: str) -> str:
        self.shown = await (await self._sit_down()).types(line)
        return self.shown

    async def says(self, text: str) -> str:
        return await self._type(text)

    async def presses(self, label: str) -> str:
        found = re.search(rf"\[(\d+)\] {re.escape(label)}(?=\s\s| · |\s*$)", self.shown, re.MULTILINE)
        assert found, f"no “{label}” in:\n{self.shown}"
        return await self._type(found[1])

    async def fills(self, **values: str) -> str:
        for value in values.values():
            await self._type(value)
        return self.shown

    async def leave(self) -> None:
        if self.platform is not None:
            await self.platform.stop()
        self.platform = self.typist = None


@asynccontextmanager
async def terminal_world(path: Path) -> AsyncIterator[World]:
    clock = FakeClock()
    world = _Terminal(path, clock, *(await _open_app(path, clock)))
    try:
        yield world
    finally:
        for someone in world.people.values():
            await someone.leave()
        await world.database.close()


WORLDS: dict[str, Callable[[Path], AbstractAsyncContextManager[World]]] = {
    "core": core_world,
    "web": web_world,
    "terminal": terminal_world,
    "telegram": telegram_journey,
    "discord": discord_world,
}
