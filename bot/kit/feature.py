"""A feature: what it answers and what it offers to others. Handed to the app as one value, with no global registry."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from importlib.resources.abc import Traversable
from typing import TypeVar

from bot.kit.action import Action
from bot.kit.command import Command
from bot.kit.personal import Declared
from bot.kit.posting import Address
from bot.kit.preference import Preference
from bot.kit.reply import Reply
from bot.kit.request import Role, Setting
from bot.kit.schedule import Job


@dataclass(frozen=True, slots=True)
class ActionHandler:
    """What answers the buttons of an action. ``needs`` is checked again at every press.

    ``role_matters``: the answer depends on the presser's role, so that a platform which has to ask for it does so.
    """

    action: Action
    handler: Callable[..., Awaitable[Reply]]
    needs: Role
    role_matters: bool = False


Method = TypeVar("Method", bound=Callable[..., Awaitable[Reply]])


def handles(action: Action, needs: Role, *, role_matters: bool = False) -> Callable[[Method], Method]:
    """Declare the decorated method as the answer to a press of ``action``; ``collect_actions`` finds it."""

    def declare(method: Method) -> Method:
        method.__dict__["handles"] = (action, needs, role_matters)
        return method

    return declare


def collect_actions(owner: object) -> tuple[ActionHandler, ...]:
    """Return the handlers declared on the methods of ``owner``, in the order they are written."""
    found: list[ActionHandler] = []
    for name in type(owner).__dict__:
        method = getattr(owner, name)
        declared = getattr(method, "handles", None)
        if declared is not None:
            action, needs, role_matters = declared
            found.append(ActionHandler(action, method, needs, role_matters))
    return tuple(found)


@dataclass(frozen=True, slots=True)
class Arrival:
    """Somebody or something new: the bot in a community, or a person.

    Attributes:
        community: whose community it is about.
        here: where a word about it may be posted.
        setting: the kind of place.
        language: what the platform says of the place or person; empty if nothing.
        at: when, aware, UTC.
        event: the platform's id of what happened; a second delivery carries the same one.
        title: what the place is called, or the person.
    """

    community: int
    here: Address
    setting: Setting
    language: str
    at: datetime
    event: str
    title: str


@dataclass(frozen=True, slots=True)
class Feature:
    """What a feature gives back when it is built.

    Attributes:
        name: its folder's name; its tables start with it.
        commands, actions: what it answers.
        jobs: what the clock starts for it; their names begin with the feature's.
        migrations: the folder of its numbered SQL files, or None if it keeps nothing.
        preferences: what can be set about it.
        added: told when the bot was let into a community; it answers by a post, if at all.
        personal: what its tables hold about people, rows that point at others first.
        joined: told when a person came into a community the bot is in; likewise.
        contributions: values of types from ``domain.contributions``, offered to whichever feature hosts that type.
    """

    name: str
    commands: tuple[Command, ...] = ()
    actions: tuple[ActionHandler, ...] = ()
    migrations: Traversable | None = None
    contributions: tuple[object, ...] = ()
    jobs: tuple[Job, ...] = ()
    added: Callable[[Arrival], Awaitable[None]] | None = None
    joined: Callable[[Arrival], Awaitable[None]] | None = None
    preferences: tuple[Preference, ...] = ()
    personal: tuple[Declared, ...] = ()
