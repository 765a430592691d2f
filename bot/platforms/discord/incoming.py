"""Discord's interactions as the engine wants to hear them. Pure functions over plain JSON objects."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import IntEnum
from typing import Any, Final

from bot.kit.command import Command
from bot.kit.request import Incoming, Role, Sender, Setting, Trigger, Where
from bot.platforms.discord.commands import EXPLAIN, EXPLAINS
from bot.platforms.discord.controls import MENU, UPLOAD, data_of
from bot.platforms.discord.rights import ADMINISTRATOR, MANAGE_SERVER

PLATFORM: Final = "discord"

_EPHEMERAL: Final = 1 << 6
_IS_V2: Final = 1 << 15
_MESSAGE_COMMAND: Final = 3


class UnreadableError(ValueError):
    """An interaction that is not as Discord describes them."""


class Kind(IntEnum):
    """What somebody did."""

    PING = 1
    COMMAND = 2
    PRESS = 3
    COMPLETE = 4
    FORM = 5


@dataclass(frozen=True, slots=True)
class Server:
    """What is known of a server beside what an interaction tells."""

    name: str = ""
    owner: str = ""


@dataclass(frozen=True, slots=True)
class Sent:
    """A file that somebody sent: where Discord keeps it, and how many bytes it says there are, 0 if it does not."""

    url: str = field(repr=False)
    size: int


@dataclass(frozen=True, slots=True)
class Asked:
    """One interaction.

    Attributes:
        id, token, application: what an answer needs.
        kind: what somebody did.
        at: when it arrived.
        locale: the language of their client.
        permissions, app_permissions: what they and the bot may do in the place, as Discord's bits; 0 in a private chat.
        on_message: whether a message was pressed, so that it can be edited.
        on_public: whether everybody in the place sees that message.
        on_plain: whether that message is plain content and no card.
        has_files: whether files are attached to it.
        alone: a private chat with the bot.
        only_them: the answer is for the asker alone whatever it says.
        incoming: what the engine is asked; None for a completion.
        files: for a form, what was sent as files, by field; the values of these fields are empty.
        command, option, text: for a completion, what is being typed where.
    """

    id: str
    token: str = field(repr=False)
    application: str
    kind: Kind
    at: datetime
    locale: str = ""
    permissions: int = 0
    app_permissions: int = 0
    on_message: bool = False
    on_public: bool = False
    on_plain: bool = False
    has_files: bool = False
    alone: bool = False
    only_them: bool = False
    incoming: Incoming | None = None
    files: Mapping[str, Sent] = field(default_factory=dict)
    command: str = ""
    option: str = ""
    text: str = ""


def read(raw: Mapping[str, Any], at: datetime, server: Server, commands: Mapping[str, Command]) -> Asked:
    """Read an interaction; raise ``UnreadableError`` if it is none."""
    try:
        return _read(raw, at, server, commands)
    except (KeyError, IndexError, TypeError, ValueError, AttributeError, StopIteration) as error:
        raise UnreadableError(f"{type(error).__name__}: {error}") from error


def sketch(raw: Any, at: datetime) -> Asked | None:
    """Return of an unreadable interaction what is needed to say that it could not be read; None if not even that."""
    if not isinstance(raw, Mapping) or raw.get("type") not in (Kind.COMMAND, Kind.PRESS, Kind.FORM):
        return None
    found = [raw.get(name) for name in ("id", "token", "application_id")]
    if not all(isinstance(value, str) and value for value in found):
        return None
    event, token, application = map(str, found)
    return Asked(event, token, application, Kind(raw["type"]), at, alone=not server_id(raw))


def server_id(raw: Any) -> str:
    """Return the id of the server an interaction comes from, or an empty text."""
    found = raw.get("guild_id") if isinstance(raw, Mapping) else None
    return found if isinstance(found, str) else ""


def _read(raw: Mapping[str, Any], at: datetime, server: Server, commands: Mapping[str, Command]) -> Asked:
    kind = Kind(raw["type"])
    data = raw.get("data") or {}
    message = raw.get("message") or {}
    alone = not server_id(raw)
    flags = int(message.get("flags") or 0)
    on_public = bool(message) and not alone and not flags & _EPHEMERAL
    basics: dict[str, Any] = {
        "id": str(raw["id"]),
        "token": str(raw["token"]),
        "application": str(raw["application_id"]),
        "kind": kind,
        "at": at,
        "permissions": int((raw.get("member") or {}).get("permissions") or 0),
        "app_permissions": int(raw.get("app_permissions") or 0),
        "locale": str(raw.get("locale") or ""),
        "on_message": bool(message),
        "on_public": on_public,
        "on_plain": bool(message) and not flags & _IS_V2,
        "has_files": bool(message.get("attachments")),
        "alone": alone,
    }
    if kind is Kind.PING:
        return Asked(**basics)
    if kind is Kind.COMPLETE:
        focused = next(option for option in data["options"] if option.get("focused"))
        return Asked(
            **basics, command=str(data["name"]), option=str(focused["name"]), text=str(focused.get("value") or "")
        )
    explains = kind is Kind.COMMAND and data.get("type") == _MESSAGE_COMMAND
    trigger, text, values = _wants(kind, data, commands)
    incoming = Incoming(
        platform=PLATFORM,
        event=str(raw["id"]),
        trigger=trigger,
        sender=_sender(raw, server),
        where=_where(raw, server),
        text=text,
        at=at,
        values=values,
        on_public=on_public,
    )
    files = dict(_files(data["components"], data)) if kind is Kind.FORM else {}
    return Asked(**basics, only_them=explains and not alone, incoming=incoming, files=files)


def _wants(kind: Kind, data: Mapping[str, Any], commands: Mapping[str, Command]) -> tuple[Trigger, str, dict[str, str]]:
    if kind is Kind.PRESS:
        chosen, pressed = [str(value) for value in data.get("values") or ()], str(data.get("custom_id", ""))
        if chosen and data_of(pressed) != MENU:  # a list of several carries its action itself
            return Trigger.PRESS, data_of(pressed), {"chosen": ",".join(map(data_of, chosen))}
        return Trigger.PRESS, data_of(chosen[0] if chosen else str(data["custom_id"])), {}
    if kind is Kind.FORM:
        return Trigger.FORM, data_of(str(data["custom_id"])), dict(_fields(data["components"]))
    if data.get("type") == _MESSAGE_COMMAND:
        return _explain(data, commands)
    options = data.get("options") or []
    return Trigger.COMMAND, f"/{data['name']}", {str(option["name"]): str(option["value"]) for option in options}


def _explain(data: Mapping[str, Any], commands: Mapping[str, Command]) -> tuple[Trigger, str, dict[str, str]]:
    """Ask for the meaning of a message's words, as many as the command takes."""
    if data["name"] != EXPLAIN:
        raise UnreadableError(f"no entry of a message's menu is called {data['name']!r}")
    message = data["resolved"]["messages"][str(data["target_id"])]
    words = " ".join(str(message.get("content") or "").split()).strip("*_~|`> ")
    command = commands.get(EXPLAINS)
    if not words or command is None or not command.params:
        return Trigger.COMMAND, f"/{EXPLAINS}", {}
    param = command.params[0]
    if len(words) > param.longest:
        words = words[: param.longest].rpartition(" ")[0] or words[: param.longest]
    return Trigger.COMMAND, f"/{EXPLAINS}", {param.name: words}


def _fields(components: Any) -> Iterator[tuple[str, str]]:
    """Yield the fields of a modal by name; those that take a file are empty."""
    for component in _controls(components):
        given = component.get("value", component.get("values"))
        if isinstance(given, list):
            given = given[0] if given else ""
        yield str(component["custom_id"]), "" if component.get("type") == UPLOAD else str(given or "")


def _files(components: Any, data: Mapping[str, Any]) -> Iterator[tuple[str, Sent]]:
    """Yield the files sent with a modal, by the names of their fields."""
    for component in _controls(components):
        if component.get("type") == UPLOAD and component.get("values"):
            file = data["resolved"]["attachments"][str(component["values"][0])]
            yield str(component["custom_id"]), Sent(str(file["url"]), int(file.get("size") or 0))


def _controls(components: Any) -> Iterator[Mapping[str, Any]]:
    """Yield what can be filled in, whatever it is wrapped in."""
    for component in components:
        if "component" in component:
            yield from _controls([component["component"]])
        elif "components" in component:
            yield from _controls(component["components"])
        elif "custom_id" in component:
            yield component


def _sender(raw: Mapping[str, Any], server: Server) -> Sender:
    member = raw.get("member")
    user = member["user"] if member else raw["user"]
    account = str(user["id"])
    name = (member or {}).get("nick") or user.get("global_name") or user["username"]
    role = Role.MEMBER if member or not server_id(raw) else Role.STRANGER
    if member and account == server.owner:
        role = Role.OWNER
    elif member and int(member.get("permissions") or 0) & (ADMINISTRATOR | MANAGE_SERVER):
        role = Role.MODERATOR
    return Sender(account, str(name), role, str(raw.get("locale") or ""))


def _where(raw: Mapping[str, Any], server: Server) -> Where:
    """Return the place: a server is one community, whichever of its channels somebody asks in."""
    channel = raw.get("channel") or {}
    room = str(raw.get("channel_id") or channel["id"])
    if not (home := server_id(raw)):
        return Where(room, Setting.PRIVATE)
    return Where(home, Setting.GROUP, title=server.name, thread=room)
