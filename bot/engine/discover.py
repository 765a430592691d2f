"""Joining features into one bot: commands, actions and jobs by name, with every clash refused at start."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from bot.kit.command import Command
from bot.kit.feature import ActionHandler, Arrival, Feature
from bot.kit.schedule import Job

Tell = Callable[[Arrival], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Registry:
    """Everything that can be asked, and everything the clock starts, by name."""

    commands: dict[str, Command]
    actions: dict[str, ActionHandler]
    jobs: dict[str, Job]
    added: tuple[Tell, ...] = ()
    joined: tuple[Tell, ...] = ()


def join(features: Sequence[Feature]) -> Registry:
    """Return everything; raise ``ValueError`` if a name is claimed twice or wrongly, or a button leads nowhere."""
    commands: dict[str, Command] = {}
    actions: dict[str, ActionHandler] = {}
    jobs: dict[str, Job] = {}
    for feature in features:
        for command in feature.commands:
            if command.name in commands:
                raise ValueError(f"/{command.name} is declared twice, the second time by {feature.name}")
            commands[command.name] = command
        for handler in feature.actions:
            name = handler.action.name
            if name in actions:
                raise ValueError(f"the action {name} is declared twice, the second time by {feature.name}")
            if not name.startswith(f"{feature.name}."):
                raise ValueError(f"the action {name} of {feature.name} does not begin with the feature's name")
            actions[name] = handler
        for job in feature.jobs:
            if job.name in jobs:
                raise ValueError(f"the job {job.name} is declared twice, the second time by {feature.name}")
            if not job.name.startswith(f"{feature.name}."):
                raise ValueError(f"the job {job.name} of {feature.name} does not begin with the feature's name")
            jobs[job.name] = job
    for handler in actions.values():
        if handler.action.fresh not in commands:
            raise ValueError(f"{handler.action.name} offers /{handler.action.fresh} afresh, which does not exist")
    return Registry(
        commands,
        actions,
        jobs,
        tuple(feature.added for feature in features if feature.added is not None),
        tuple(feature.joined for feature in features if feature.joined is not None),
    )
