"""Milestones: what somebody can show at the end of a stage, looked at by a peer, kept as a badge, told to everybody."""

from __future__ import annotations

from importlib.resources import files

from bot.domain.contributions import EntryButton, ProgressLines
from bot.domain.personal.records import Farewell
from bot.domain.tools import Tools
from bot.features.milestones.actions import SHOW
from bot.features.milestones.commands import MilestoneCommands
from bot.features.milestones.partings import Partings
from bot.features.milestones.personal import PERSONAL
from bot.features.milestones.ranks import Ranking
from bot.features.milestones.reviews import Reviews
from bot.features.milestones.service import MilestoneService
from bot.kit.command import collect_commands
from bot.kit.feature import Feature, collect_actions
from bot.kit.wording import N_


def build(tools: Tools) -> Feature:
    """Make the feature."""
    ranking = Ranking(tools)
    service, partings = MilestoneService(tools), Partings(tools)
    tools.personal.before_erasing(Farewell(service.let_go))
    tools.personal.before_erasing(Farewell(partings.begin, partings.tells))
    commands = MilestoneCommands(tools, service, Reviews(tools, service, ranking), ranking)

    def button(kind: str, entry: str) -> str | None:
        stage = service.stage_of(entry) if kind == "stage" else None
        return SHOW.data(stage=stage.number) if stage is not None else None

    return Feature(
        name="milestones",
        commands=collect_commands(commands),
        actions=collect_actions(commands),
        jobs=(*service.jobs, *ranking.jobs, *partings.jobs),
        migrations=files(__package__).joinpath("migrations"),
        personal=PERSONAL,
        contributions=(
            EntryButton(N_("Milestone"), button, host="milestones", order=30),
            ProgressLines(commands.progress, order=60),
        ),
    )
