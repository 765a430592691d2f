"""A feature: what it answers and what it offers to others. Handed to the app as one value, with no global registry."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from importlib.resources.abc import Traversable
from typing import TypeVar

from bot.kit.action import Action
from bot.kit.command import Command
from bot.kit.reply import Reply
from bot.kit.request import Role
from bot.kit.schedule import Job


@dataclass(frozen=True, slots=True)
class ActionHandler:
    """What answers the buttons of an action. ``needs`` is checked again at every press."""

    action: Action
    handler: Callable[..., Awaitable[Reply]]
    needs: Role = Role.STRANGER


Method = TypeVar("Method", bound=Callable[..., Awaitable[Reply]])


def handles(action: Action, needs: Role = Role.STRANGER) -> Callable[[Method], Method]:
    """Declare the decorated method as the answer to a press of ``action``; ``collect_actions`` finds it."""

    def declare(method: Method) -> Method:
        method.__dict__["handles"] = (action, needs)
        return method

    return declare


def collect_actions(owner: object) -> tuple[ActionHandler, ...]:
    """Return the handlers declared on the methods of ``owner``, in the order they are written."""
    found: list[ActionHandler] = []
    for name in type(owner).__dict__:
        method = getattr(owner, name)
        declared = getattr(method, "handles", None)
        if declared is not None:
            action, needs = declared
            found.append(ActionHandler(action, method, needs))
    return tuple(found)


@dataclass(frozen=True, slots=True)
class Feature:
    """What a feature gives back when it is built.

    Attributes:
        name: its folder's name; its tables start with it.
        commands, actions: what it answers.
        jobs: what the clock starts for it; their names begin with the feature's.
        migrations: the folder of its numbered SQL files, or None if it keeps nothing.
        contributions: values of types from ``domain.contributions``, offered to whichever feature hosts that type.
    """

    name: str
    commands: tuple[Command, ...] = ()
    actions: tuple[ActionHandler, ...] = ()
    migrations: Traversable | None = None
    contributions: tuple[object, ...] = ()
    jobs: tuple[Job, ...] = ()
