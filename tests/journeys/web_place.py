"""The study hall of the web chat over real HTTP, without any script, and the three people one can be there."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import aiohttp

from bot import connections
from bot.infra.clock import MovableClock
from bot.platforms.web.adapter import WebPlatform
from bot.settings import Address, Settings
from tests.fakes.web_page import Element, parse
from tests.fakes.web_world import Sent, filled_in
from tests.journeys.own_place import OwnPlace
from tests.journeys.place import START, Running, Visitor, label_of

HALL, ALONE = "study-hall", "roadmate"
INLINE = {"b", "strong", "i", "em", "s", "a", "code", "span", "time", "button", "var"}


@dataclass
class WebVisitor:
    """Somebody at a page; each call returns the remark on it, or else the newest card of the room they are in."""

    place: WebPlace
    account: str
    taps: int = 0
    room: str = HALL
    page: Element = field(default_factory=lambda: Element("", {}))

    @property
    def labels(self) -> list[str]:
        card = list(self.page.all("div", "card"))[-1]
        return list(_keys(card))

    @property
    def _address(self) -> str:
        return f"{self.place.url}/room/{self.room}/as/{self.account}/"

    async def looks(self) -> list[str]:
        """Load the page; returns its cards."""
        async with self.place.http.get(self._address) as response:
            self.page = parse(await response.text())
        return _cards(self.page)

    async def _post(self, where: str, fields: Sent) -> str:
        self.taps += 1
        headers = {"Origin": self.place.url}
        async with self.place.http.post(self._address + where, data=fields, headers=headers) as response:
            assert response.status in (200, 422)  # 422: the form has to be looked at again
            self.page = parse(await response.text())
        remark = self.page.one("div", id="remarks").text.strip()
        return remark or _cards(self.page)[-1]

    async def says(self, text: str) -> str:
        self.room = HALL
        return await self._types(text)

    async def asks(self, text: str) -> str:
        self.room = ALONE
        return await self._types(text)

    async def _types(self, text: str) -> str:
        await self.looks()
        return await self._post("say", self.page.one("form", "composer").fields() | {"text": text})

    async def presses(self, label: str) -> str:
        """Press on the newest card that offers it, of the room they are in or else of the other one."""
        for room in (self.room, HALL if self.room == ALONE else ALONE):
            self.room = room
            await self.looks()
            for card in reversed(list(self.page.all("div", "card"))):
                if (fields := _keys(card).get(label)) is not None:
                    return await self._post("press", fields)
        raise AssertionError(f"no “{label}” in:\n{self.page.text}")

    async def answers(self, option: str) -> str:
        self.room = HALL
        await self.looks()
        for card in reversed(list(self.page.all("div", "card"))):
            if label := label_of(option, _words(card), keys := _keys(card)):
                return await self._post("press", keys[label])
        raise AssertionError(f"no question with the option “{option}”")

    async def travels(self) -> str:
        """Move the clock on to what happens next."""
        await self.looks()
        return await self._post("clock", {"by": "event"})

    async def borrows(self, owner: Visitor, label: str) -> str:
        raise NotImplementedError("a page shows everybody their own cards alone")

    async def fills(self, **values: str) -> str:
        return await self._fills(values)

    async def uploads(self, data: bytes) -> str:
        return await self._fills({"file": data})

    async def _fills(self, values: Mapping[str, str | bytes]) -> str:
        await self.looks()
        form = list(self.page.all("div", "card"))[-1].one("form", "ask")
        return await self._post("form", filled_in(form, values))


def _words(element: Element) -> str:
    """Return what is to be seen, each block on lines of its own."""
    if "unseen" in element.kinds:
        return ""
    parts = (part if isinstance(part, str) else _words(part) for part in element.parts)
    inner = "".join(parts)
    return inner if element.tag in INLINE else f"\n{inner.strip()}\n"


def _cards(page: Element) -> list[str]:
    return [re.sub(r"\n{2,}", "\n", _words(card)).strip() for card in page.all("div", "card")]


def _keys(card: Element) -> dict[str, dict[str, str]]:
    """Return what each button and entry of a card sends, by its words."""
    found: dict[str, dict[str, str]] = {}
    for form in card.all("form"):
        for key in (*form.all("button"), *form.all("option")):
            if key.attributes.get("value"):
                words = key.attributes.get("label", "") or key.text.partition(" · ")[0].strip()
                found[words] = form.fields() | {"data": key.attributes["value"]}
        for choice in form.all("label", "choice"):
            found[choice.text.strip()] = form.fields() | {"data": choice.one("input").attributes["value"]}
    return found


@dataclass(kw_only=True)
class WebPlace(OwnPlace):
    """The study hall as a page."""

    http: aiohttp.ClientSession
    heard: list[str] = field(default_factory=list)
    people: dict[str, WebVisitor] = field(default_factory=dict)

    @property
    def url(self) -> str:
        assert isinstance(self.bot.platform, WebPlatform)
        return f"http://{self.bot.platform.address}"

    def person(self, name: str, *, moderates: bool = False) -> WebVisitor:
        assert moderates == (name == "Mo"), "in the web chat Mo is the moderator, and nobody else"
        return self.people.setdefault(name, WebVisitor(self, name.lower()))

    async def look(self) -> list[str]:
        """Read what stands in the hall, as a stranger there would."""
        self.heard = await WebVisitor(self, "ben").looks()
        return self.heard


@asynccontextmanager
async def web(path: Path) -> AsyncIterator[WebPlace]:
    """A bot whose web chat is open."""
    clock, settings = MovableClock(START), Settings(web=Address("127.0.0.1", 0))
    bot = Running(path, clock, lambda app, database: connections.build_web(settings, app, database, clock))
    async with aiohttp.ClientSession() as http:
        try:
            await bot.start()
            yield WebPlace(clock=clock, bot=bot, http=http)
        finally:
            await bot.stop()
