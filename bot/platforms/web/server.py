"""The addresses of the web chat and what each one does; one aiohttp application, made by ``make_app``."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from http import HTTPStatus
from typing import Final, TypeVar

from aiohttp import web
from markupsafe import Markup

from bot.domain.commons.cast import Persona, Room, persona_of
from bot.domain.commons.travel import NextEvent, Rests, travel
from bot.kit.clock import Clock, Dice, TravelClock
from bot.kit.command import Command
from bot.kit.platform import Suggest
from bot.kit.reply import Reply
from bot.kit.wording import Catalogue, _
from bot.platforms.web.cast import LOBBY, room_of
from bot.platforms.web.complete import complete
from bot.platforms.web.controls import FIELD_PREFIX
from bot.platforms.web.conversation import Conversation, Outcome
from bot.platforms.web.door import Door, page, read_form, wants_json
from bot.platforms.web.frame import Look
from bot.platforms.web.limits import BODY_BYTES, EVENT_LETTERS, EVENT_LONGEST, REMARKS, TEXT_LONGEST
from bot.platforms.web.live import Windows
from bot.platforms.web.messages import draw_message
from bot.platforms.web.options import WebOptions
from bot.platforms.web.page import View, address, draw_room
from bot.platforms.web.render import draw_remark
from bot.platforms.web.statics import KINDS, Statics
from bot.platforms.web.store import MessageStore
from bot.platforms.web.stream import Stream
from bot.platforms.web.uploads import read_filled

Part = TypeVar("Part", str, bytes)

_EVENT: Final = re.compile(rf"[A-Za-z0-9_-]{{8,{EVENT_LONGEST}}}")
_NUMBER: Final = re.compile(r"[0-9]{1,15}")
_ROOM: Final = "/room/{room}/as/{persona}"
_JUMPS: Final = {"hour": timedelta(hours=1), "day": timedelta(days=1)}


@dataclass(frozen=True, slots=True)
class Services:
    """Everything the addresses work with."""

    options: WebOptions
    clock: Clock
    dice: Dice
    catalogue: Catalogue
    travel: TravelClock | None
    commands: Callable[[], Sequence[Command]]
    suggest: Suggest
    next_event: NextEvent
    rests: Rests
    store: MessageStore
    windows: Windows
    conversation: Conversation
    statics: Statics


def make_app(services: Services) -> web.Application:
    """Return the whole web chat as one application; whoever makes it may add further addresses before it is started."""
    app = web.Application(client_max_size=BODY_BYTES)
    look = Look(services.options.language, services.options.zone, services.statics.version)
    Door(services.options, services.clock, services.dice, services.catalogue, look).install(app)
    rooms = Rooms(services, look)
    app.router.add_get("/", rooms.enter)
    app.router.add_get("/static/{name}", rooms.show_static)
    app.router.add_get(_ROOM, rooms.add_slash)
    app.router.add_get(_ROOM + "/", rooms.show)
    app.router.add_get(_ROOM + "/live", rooms.follow, allow_head=False)
    app.router.add_get(_ROOM + "/suggest", rooms.offer)
    app.router.add_get(_ROOM + r"/picture/{message:\d{1,15}}.svg", rooms.show_picture)
    app.router.add_get(_ROOM + r"/file/{message:\d{1,15}}/{name}", rooms.send_file)
    app.router.add_post(_ROOM + "/say", rooms.say)
    app.router.add_post(_ROOM + "/press", rooms.press)
    app.router.add_post(_ROOM + "/form", rooms.fill_in)
    if services.travel is not None:
        app.router.add_post(_ROOM + "/clock", rooms.travel)
    return app


class Rooms:
    """What can be done in a room, by whom the address says."""

    def __init__(self, services: Services, look: Look) -> None:
        self._services = services
        self._travelling = asyncio.Lock()
        self._look = look
        self._remarks: dict[str, Markup] = {}

    def _fresh_event(self) -> str:
        return self._services.dice.token(EVENT_LETTERS)

    def _event(self, values: Mapping[str, str]) -> str:
        """Return the id the page gave this event; a page that gave none cannot send it twice knowingly."""
        event = values.get("event", "")
        return event if _EVENT.fullmatch(event) else self._fresh_event()

    async def enter(self, _request: web.Request) -> web.Response:
        """Lead somebody who has chosen nothing yet to the lobby."""
        return _to(address(*LOBBY))

    async def add_slash(self, request: web.Request) -> web.Response:
        """Lead to the address under which the room's forms work."""
        return _to(address(*_place(request)))

    async def show_static(self, request: web.Request) -> web.Response:
        """Send one of the page's own files."""
        name = request.match_info["name"]
        if name not in KINDS:
            raise web.HTTPNotFound
        fresh = request.query.get("v") == self._services.statics.version
        return web.Response(
            body=self._services.statics.contents[name],
            content_type=KINDS[name],
            charset="utf-8",
            headers={"Cache-Control": "public, max-age=31536000, immutable" if fresh else "no-cache"},
        )

    async def show(self, request: web.Request) -> web.Response:
        """Show a room as one persona sees it."""
        room, persona = _place(request)
        return await self._show(request, room, persona, Outcome())

    async def _show(self, request: web.Request, room: Room, persona: Persona, outcome: Outcome) -> web.Response:
        services = self._services
        before = _number(request.query.get("before"))
        remark = self._remarks.pop(request.query.get("remark", ""), Markup())
        view = View(
            room=room,
            persona=persona,
            page=await services.store.page(chat=room.chat(persona), account=persona.account, before=before),
            now=services.clock.now() if services.travel is not None else None,
            stamp=self._fresh_event(),
            commands=services.commands(),
            before=before,
            remark=self._drawn(outcome.remark) or remark,
            draft=outcome.draft,
            refused=outcome.refused,
        )
        has_to_mend = outcome.draft is not None or outcome.refused
        status = HTTPStatus.UNPROCESSABLE_ENTITY if has_to_mend else HTTPStatus.OK
        return page(draw_room(view, replace(self._look, theme=request.query.get("theme", ""))), status)

    def _drawn(self, remark: Reply | None) -> Markup:
        return draw_remark(remark, self._look.zone) if remark is not None else Markup()

    async def say(self, request: web.Request) -> web.Response:
        """Take a typed line."""
        room, persona = _place(request)
        values = await read_form(request)
        outcome = await self._services.conversation.type(persona, room, values.get("text", ""), self._event(values))
        return await self._told(request, room, persona, outcome)

    async def press(self, request: web.Request) -> web.Response:
        """Take the press of a button, a menu's entry or a poll's answer."""
        room, persona = _place(request)
        values = await read_form(request)
        number, data = _number(values.get("message")) or 0, values.get("data", "")
        outcome = await self._services.conversation.press(persona, room, number, data, self._event(values))
        return await self._told(request, room, persona, outcome)

    async def fill_in(self, request: web.Request) -> web.Response:
        """Take a filled-in form."""
        room, persona = _place(request)
        filled = await read_filled(request)
        number, event = _number(filled.values.get("message")) or 0, self._event(filled.values)
        outcome = await self._services.conversation.fill_in(
            persona, room, number, _fields(filled.values), _fields(filled.files), event
        )
        return await self._told(request, room, persona, outcome)

    async def _told(self, request: web.Request, room: Room, persona: Persona, outcome: Outcome) -> web.Response:
        """Answer a post: a script gets what it has to put in place, everybody else is led back to the room."""
        if wants_json(request):
            told = {"remark": str(self._drawn(outcome.remark)), "refused": bool(outcome.refused)}
            if outcome.draft is not None:
                told["form"] = await self._redrawn(room, persona, outcome)
            return web.json_response(told)
        if outcome.draft is not None or outcome.refused:
            return await self._show(request, room, persona, outcome)
        if outcome.remark is None:
            return _to(f"{address(room, persona)}#latest")
        key = self._fresh_event()
        self._remarks[key] = self._drawn(outcome.remark)
        while len(self._remarks) > REMARKS:
            del self._remarks[next(iter(self._remarks))]
        return _to(f"{address(room, persona)}?remark={key}#latest")

    async def _redrawn(self, room: Room, persona: Persona, outcome: Outcome) -> str:
        number = outcome.draft.message if outcome.draft is not None else 0
        message = await self._services.store.message(number, chat=room.chat(persona), account=persona.account)
        return str(draw_message(message, persona, self._look.zone, draft=outcome.draft)) if message else ""

    async def travel(self, request: web.Request) -> web.Response:
        """Move the demo clock on."""
        room, persona = _place(request)
        values = await read_form(request)
        services = self._services
        remark: Reply | None = None
        if services.travel is not None:
            by = _JUMPS.get(values.get("by", ""))
            async with self._travelling:  # a second press goes on from where the first one led
                remark = await travel(services.travel, services.next_event, services.rests, by)
            services.windows.time_moved()
        return await self._told(request, room, persona, Outcome(remark))

    async def offer(self, request: web.Request) -> web.Response:
        """Offer completions for what is being typed."""
        _room, persona = _place(request)
        services = self._services
        text = request.query.get("text", "")[:TEXT_LONGEST]
        found = complete(text, services.commands(), services.suggest, persona.role)
        return web.json_response([{"label": offer.label, "value": offer.value} for offer in found])

    async def show_picture(self, request: web.Request) -> web.Response:
        """Send the drawing of a message to who may see it, so that nothing in it can ever run."""
        room, persona = _place(request)
        number = int(request.match_info["message"])
        message = await self._services.store.message(number, chat=room.chat(persona), account=persona.account)
        if message is None or message.reply is None or message.reply.picture is None:
            raise web.HTTPNotFound
        return web.Response(
            body=message.reply.picture.svg.encode(),
            content_type="image/svg+xml",
            charset="utf-8",
            headers={
                "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; sandbox",
                "Cache-Control": "private, max-age=86400",
            },
        )

    async def send_file(self, request: web.Request) -> web.Response:
        """Send the file of a message to who may see it, to be kept and never to be shown as a page."""
        room, persona = _place(request)
        number = int(request.match_info["message"])
        message = await self._services.store.message(number, chat=room.chat(persona), account=persona.account)
        document = message.reply.document if message is not None and message.reply is not None else None
        if document is None or document.name != request.match_info["name"]:
            raise web.HTTPNotFound
        return web.Response(
            body=document.text.encode("utf-8", "replace"),
            content_type=document.media_type,
            charset="utf-8",
            headers={
                "Content-Disposition": f'attachment; filename="{document.name}"',
                "Content-Security-Policy": "default-src 'none'; sandbox",
                "X-Content-Type-Options": "nosniff",
                "Cache-Control": "private, no-store",
            },
        )

    async def follow(self, request: web.Request) -> web.StreamResponse:
        """Send live updates to a window until it is closed."""
        room, persona = _place(request)
        seen = _number(request.headers.get("Last-Event-ID")) or _number(request.query.get("after")) or 0
        services = self._services
        window = services.windows.open(room.chat(persona))
        if window is None:
            sentence = _("Too many windows are open for live updates. Close one, then reload this page.")
            return web.Response(text=sentence, status=HTTPStatus.SERVICE_UNAVAILABLE)
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream", "X-Accel-Buffering": "no"})
        try:
            await response.prepare(request)
            now = services.clock.now if services.travel is not None else None
            stream = Stream(response, window, services.windows, services.store, self._look.zone)
            await stream.follow(room, persona, seen, now)
        except TimeoutError:
            if request.transport is not None:
                request.transport.abort()  # what it has not read is thrown away, not kept
        except ConnectionError:
            pass  # the window was closed
        finally:
            services.windows.close(window)
        return response


def _to(path: str) -> web.Response:
    return web.Response(status=HTTPStatus.SEE_OTHER, headers={"Location": path})


def _place(request: web.Request) -> tuple[Room, Persona]:
    room, persona = room_of(request.match_info["room"]), persona_of(request.match_info["persona"])
    if room is None or persona is None:
        raise web.HTTPNotFound
    return room, persona


def _fields(sent: Mapping[str, Part]) -> dict[str, Part]:
    """Return what belongs to the form's own fields."""
    return {name.removeprefix(FIELD_PREFIX): part for name, part in sent.items() if name.startswith(FIELD_PREFIX)}


def _number(text: str | None) -> int | None:
    return int(text) if text is not None and _NUMBER.fullmatch(text) else None
