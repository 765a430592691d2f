"""The fake Discord's server: its name, roles, channels and the bot in it, as events and addresses tell them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from aiohttp import web

from tests.fakes.discord_answers import answer, refusal, user
from tests.fakes.discord_channels import DM, THREAD, Channels

Payload = dict[str, Any]
ADMINISTRATOR, VIEW, MANAGE_ROLES = 1 << 3, 1 << 10, 1 << 28
BOT_ROLE = "5002"
_LOOK = {"color": 0, "hoist": False, "managed": False, "mentionable": False, "flags": 0}


class Guild:
    """One server and what the bot may do there."""

    def __init__(self, channels: Channels, application: str, id: str, owner: str) -> None:  # noqa: A002 - Discord's word
        self._channels = channels
        self._application = application
        self.id = id
        self.owner = owner
        self.name = "Study hall"
        self.locale = "en-US"
        self.joined_at: datetime | None = None
        self.system_channel = ""
        self.has_left = False
        self.everyone = VIEW
        """What everybody may do in the server, before channels say otherwise."""
        self.bot_rights = 0
        """What the bot's own role adds to that."""
        self.bot_height = 1
        self.made_roles: list[Payload] = []
        self.worn: dict[str, set[str]] = {}
        """The roles of people, by account; whoever is not here has none, and is in the server all the same."""
        self.left: set[str] = set()

    def make_role(self, id: str, name: str, height: int = 1, permissions: int = 0, **more: Any) -> None:  # noqa: A002
        """Let there be a role; it stands above others of a smaller height."""
        told = {"id": id, "name": name, "permissions": str(permissions), "position": height}
        self.made_roles.append(_LOOK | told | more)

    @property
    def roles(self) -> list[Payload]:
        return [
            _LOOK | {"id": self.id, "name": "@everyone", "permissions": str(self.everyone), "position": 0},
            _LOOK
            | {
                "id": BOT_ROLE, "name": "Roadmate", "permissions": str(self.bot_rights), "position": self.bot_height,
                "tags": {"bot_id": self._application},
            },
            *self.made_roles,
        ]  # fmt: skip

    @property
    def member(self) -> Payload:
        told: Payload = {"user": user(self._application, "Roadmate", is_bot=True), "roles": [BOT_ROLE], "nick": None}
        return told | {
            "joined_at": self.joined_at.isoformat() if self.joined_at else None,
            "deaf": False,
            "mute": False,
            "flags": 0,
        }

    @property
    def channels(self) -> list[Payload]:
        found = [one for one in self._channels.all.values() if one.type not in (DM, THREAD) and not one.is_gone]
        return [self._channels.told(one) | {"position": position} for position, one in enumerate(found)]

    def event(self) -> Payload:
        """What the gateway tells of it."""
        told: Payload = {
            "id": self.id, "name": self.name, "owner_id": self.owner, "roles": self.roles, "emojis": [],
            "members": [self.member], "channels": self.channels, "member_count": 3, "unavailable": False,
            "preferred_locale": self.locale, "system_channel_id": self.system_channel or None,
        }  # fmt: skip
        return told | ({"joined_at": self.joined_at.isoformat()} if self.joined_at else {})

    # what a bot may ask

    def _asked(self, told: Callable[[], Any]) -> web.Response:
        return refusal(404, 10004, "Unknown Guild") if self.has_left else answer(told())

    async def look(self, _request: web.Request, _body: Payload, _files: dict[str, bytes]) -> web.Response:
        return self._asked(
            lambda: {"id": self.id, "name": self.name, "owner_id": self.owner, "roles": self.roles, "emojis": []}
        )

    async def list_channels(self, _request: web.Request, _body: Payload, _files: dict[str, bytes]) -> web.Response:
        return self._asked(lambda: self.channels)

    async def list_roles(self, _request: web.Request, _body: Payload, _files: dict[str, bytes]) -> web.Response:
        return self._asked(lambda: self.roles)

    async def look_at_member(self, request: web.Request, _body: Payload, _files: dict[str, bytes]) -> web.Response:
        account = request.match_info["user"]
        if account in self.left:
            return refusal(404, 10007, "Unknown Member")
        if account != self._application:
            return self._asked(lambda: {"user": user(account, "x"), "roles": sorted(self.worn.get(account, ()))})
        return self._asked(lambda: self.member)

    async def give_role(self, request: web.Request, _body: Payload, _files: dict[str, bytes]) -> web.Response:
        """Let somebody wear a role; refused without the right, and for roles that do not stand below the bot's."""
        refused = self._no_role_change(request)
        if refused is not None:
            return refused
        self.worn.setdefault(request.match_info["user"], set()).add(request.match_info["role"])
        return web.Response(status=204)

    async def take_role(self, request: web.Request, _body: Payload, _files: dict[str, bytes]) -> web.Response:
        """Take a role from somebody; refused as ``give_role``."""
        refused = self._no_role_change(request)
        if refused is not None:
            return refused
        self.worn.setdefault(request.match_info["user"], set()).discard(request.match_info["role"])
        return web.Response(status=204)

    def _no_role_change(self, request: web.Request) -> web.Response | None:
        if self.has_left:
            return refusal(404, 10004, "Unknown Guild")
        if request.match_info["user"] in self.left:
            return refusal(404, 10007, "Unknown Member")
        role = next((one for one in self.made_roles if one["id"] == request.match_info["role"]), None)
        if role is None:
            return refusal(404, 10011, "Unknown Role")
        if not self.bot_rights & (MANAGE_ROLES | ADMINISTRATOR) or role["managed"]:
            return refusal(403, 50013, "Missing Permissions")
        own = (self.bot_height, -int(BOT_ROLE))
        if own <= (int(role["position"]), -int(role["id"])):
            return refusal(403, 50013, "Missing Permissions")
        return None
