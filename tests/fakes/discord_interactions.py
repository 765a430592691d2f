"""The fake Discord's interactions: three seconds for a first answer, fifteen minutes for more, one first answer only."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from aiohttp import web

from tests.fakes.discord_answers import answer, refusal, user
from tests.fakes.discord_channels import Channels, Message
from tests.fakes.discord_payloads import EPHEMERAL, modal_refusals, refusals

Payload = dict[str, Any]
Files = dict[str, bytes]


@dataclass
class Interaction:
    """What somebody did and what came of it."""

    id: str
    token: str
    raw: Payload
    at: datetime
    account: str
    channel: str
    source: Message | None = None
    answers: list[Payload] = field(default_factory=list)
    original: Message | None = None
    messages: list[Message] = field(default_factory=list)
    modal: Payload | None = None
    choices: list[Payload] = field(default_factory=list)
    is_loading: bool = False
    answered: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def kinds(self) -> list[int]:
        return [given["type"] for given in self.answers]


class Interactions:
    """What people do, and what a bot may answer."""

    def __init__(
        self, now: Callable[[], datetime], next_id: Callable[[], str], channels: Channels, application: str, guild: str
    ) -> None:
        self._now = now
        self._next_id = next_id
        self._channels = channels
        self._application = application
        self._guild = guild
        self.all: dict[str, Interaction] = {}
        self.refused: list[str] = []
        """Why answers were refused that a bot should have known better than to give."""
        self.refuses_follow: tuple[int, int, str] | None = None

    def begin(
        self, kind: int, account: str, data: Payload, *, name: str = "", alone: bool = False, source: Message | None = None,
        permissions: int = 0, locale: str = "en-US", channel: str = "",
    ) -> Interaction:  # fmt: skip
        """Let somebody do something; returns what the bot has to be told."""
        number = self._next_id()
        place = self._channels.of_person(account) if alone else self._channels.of(channel or "6001")
        person = user(account, name or f"user{account}")
        raw: Payload = {
            "id": number, "application_id": self._application, "type": kind, "data": data, "token": f"token-{number}",
            "version": 1, "channel_id": place.id, "channel": place.as_json(self._guild), "locale": locale,
            "context": 1 if alone else 0, "entitlements": [], "app_permissions": str(place.rights),
            "attachment_size_limit": 10 * 2**20,
            "authorizing_integration_owners": {"0": "0" if alone else self._guild},
        }  # fmt: skip
        if alone:
            raw["user"] = person
        else:
            raw |= {"guild_id": self._guild, "guild_locale": "en-US", "guild": {"id": self._guild, "locale": "en-US"}}
            raw["member"] = {"user": person, "nick": None, "permissions": str(permissions), "roles": []}
        if source is not None:
            raw["message"] = source.as_json(self._application) | {"components": []}
        one = Interaction(number, str(raw["token"]), raw, self._now(), account, place.id, source)
        self.all[number] = one
        return one

    async def callback(self, request: web.Request, body: Payload, files: Files) -> web.Response:
        one = self.all.get(request.match_info["id"])
        if one is None or one.token != request.match_info["token"]:
            return refusal(404, 10062, "Unknown interaction")
        if one.answers:
            return refusal(400, 40060, "Interaction has already been acknowledged.")
        if self._now() - one.at > timedelta(seconds=3):
            return refusal(404, 10062, "Unknown interaction")
        data = body.get("data", {})
        if problems := self._problems(one, body["type"], data, files):
            self.refused += problems
            return refusal(400, 50035, f"Invalid Form Body {problems}")
        one.answers.append(body)
        match body["type"]:
            case 4:
                one.original = self._post(one, data, files)
            case 5:
                one.is_loading = True
                one.original = self._post(one, data, files)
            case 6:
                one.original = one.source
            case 7:
                assert one.source is not None
                one.original = one.source
                one.source.put(data, files)
                one.messages.append(one.source)
            case 8:
                one.choices = data["choices"]
            case 9:
                one.modal = data
        one.answered.set()
        if request.query.get("with_response") == "1":
            return answer({"interaction": {"id": one.id, "type": one.raw["type"]}})
        return web.Response(status=204)

    def _problems(self, one: Interaction, kind: int, data: Payload, files: Files) -> list[str]:
        if (kind == 8) != (one.raw["type"] == 4):
            return ["choices answer completions and nothing else"]
        match kind:
            case 4:
                return refusals(data, files)
            case 5:
                return [] if set(data) <= {"flags"} else ["a deferral carries only flags"]
            case 6:
                return [] if one.source else ["there is no message to leave as it is"]
            case 7:
                return one.source.refused(data, files) if one.source else ["there is no message to edit"]
            case 8:
                return [
                    f"bad choice {choice}"
                    for choice in data["choices"]
                    if not 1 <= len(choice["name"]) <= 100 or not 1 <= len(choice["value"]) <= 100
                ] + ([] if len(data["choices"]) <= 25 else ["too many choices"])
            case 9:
                return modal_refusals(data) if one.raw["type"] != 5 else ["a form cannot answer a form"]
            case _:
                return [f"unknown type {kind}"]

    def _post(self, one: Interaction, data: Payload, files: Files) -> Message:
        hidden = data.get("flags", 0) & EPHEMERAL
        message = Message(self._next_id(), {}, one.channel, one.account if hidden else "", at=self._now())
        message.put(data, files)
        one.messages.append(message)
        self._channels.of(one.channel).messages.append(message)
        return message

    def _of_token(self, request: web.Request) -> Interaction | None:
        token = request.match_info["token"]
        found = next((one for one in self.all.values() if one.token == token), None)
        if found is None or not found.answers or self._now() - found.at > timedelta(minutes=15):
            return None
        return found

    async def follow(self, request: web.Request, body: Payload, files: Files) -> web.Response:
        one = self._of_token(request)
        if one is None:
            return refusal(401, 50027, "Invalid Webhook Token")
        if self.refuses_follow is not None:
            (status, code, message), self.refuses_follow = self.refuses_follow, None
            return refusal(status, code, message)
        if problems := refusals(body, files):
            self.refused += problems
            return refusal(400, 50035, f"Invalid Form Body {problems}")
        if one.is_loading and one.original is not None:
            one.is_loading = False
            one.original.put(body, files)
            return answer({"id": one.original.id})
        return answer({"id": self._post(one, body, files).id})

    async def replace(self, request: web.Request, body: Payload, files: Files) -> web.Response:
        one = self._of_token(request)
        if one is None:
            return refusal(401, 50027, "Invalid Webhook Token")
        if one.original is None or one.original.is_gone:
            return refusal(404, 10008, "Unknown Message")
        if problems := one.original.refused(body, files):
            self.refused += problems
            return refusal(400, 50035, f"Invalid Form Body {problems}")
        one.is_loading = False
        one.original.put(body, files)
        if one.original not in one.messages:
            one.messages.append(one.original)
        return answer({"id": one.original.id})

    async def withdraw(self, request: web.Request, _body: Payload, _files: Files) -> web.Response:
        one = self._of_token(request)
        if one is None or one.original is None:
            return refusal(404, 10008, "Unknown Message")
        one.original.is_gone = True
        one.messages.remove(one.original)
        return web.Response(status=204)
