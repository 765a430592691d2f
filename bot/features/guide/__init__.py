"""The first words and the help: what Roadmate is for and what people can ask of it."""

from __future__ import annotations

from bot.domain.tools import Tools
from bot.features.guide.commands import GuideCommands
from bot.features.guide.preferences import LINKS, WELCOME
from bot.kit.command import collect_commands
from bot.kit.feature import Feature, collect_actions


def build(tools: Tools) -> Feature:
    """Make the feature."""
    commands = GuideCommands(tools)
    return Feature(
        name="guide",
        commands=collect_commands(commands),
        actions=collect_actions(commands),
        preferences=(*LINKS, WELCOME),
        joined=commands.welcome,
    )
