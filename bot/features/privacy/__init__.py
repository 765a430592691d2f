"""Own your data: what is stored about somebody, all of it as a file, and all of it gone."""

from __future__ import annotations

from bot.domain.tools import Tools
from bot.features.privacy.commands import PrivacyCommands
from bot.features.privacy.forgetting import Forgetting
from bot.kit.command import collect_commands
from bot.kit.feature import Feature, collect_actions

__all__ = ["build", "plan_forgetting"]


def build(tools: Tools) -> Feature:
    """Make the feature."""
    commands = PrivacyCommands(tools)
    return Feature(
        name="privacy",
        commands=collect_commands(commands),
        actions=collect_actions(commands),
        jobs=(Forgetting(tools).job,),
    )


async def plan_forgetting(tools: Tools) -> None:
    """See that what is no longer needed is forgotten every day; planned again, nothing changes."""
    await Forgetting(tools).plan()
