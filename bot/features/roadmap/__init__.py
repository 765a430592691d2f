"""The roadmap: six stages, every topic with resources, what you have done, and what to do next."""

from __future__ import annotations

from importlib.resources import files

from bot.domain.contributions import EntryButton, Marking, Upcoming
from bot.domain.tools import Tools
from bot.features.roadmap.actions import OPEN
from bot.features.roadmap.commands import RoadmapCommands, entry_data
from bot.features.roadmap.personal import PERSONAL
from bot.features.roadmap.service import RoadmapService
from bot.kit.command import collect_commands
from bot.kit.feature import Feature, collect_actions
from bot.kit.wording import N_


def build(tools: Tools) -> Feature:
    """Make the feature."""
    service = RoadmapService(tools)
    commands = RoadmapCommands(tools, service)
    return Feature(
        name="roadmap",
        commands=collect_commands(commands),
        actions=collect_actions(commands),
        migrations=files(__package__).joinpath("migrations"),
        personal=PERSONAL,
        contributions=(
            EntryButton(
                N_("Open on the roadmap"),
                lambda kind, entry: entry_data(tools.shelf.curriculum, kind, entry),
                host="roadmap",
                order=10,
                apart=lambda kind, entry: OPEN.data(topic=entry) if kind == "topic" else None,
            ),
            Upcoming(service.coming),
            Marking(commands.mark_known, service.done),
        ),
    )
