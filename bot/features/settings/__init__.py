"""What people and communities can set, who changed what, and the roles a community gives."""

from __future__ import annotations

from bot.domain.tools import Tools
from bot.features.settings.commands import SettingsCommands
from bot.features.settings.ours import OurSettings
from bot.features.settings.own import own_preferences
from bot.kit.command import collect_commands
from bot.kit.feature import Feature, collect_actions


def build(tools: Tools) -> Feature:
    """Make the feature."""
    commands, ours = SettingsCommands(tools), OurSettings(tools)
    return Feature(
        name="settings",
        commands=(*collect_commands(commands), *collect_commands(ours)),
        actions=(*collect_actions(commands), *collect_actions(ours)),
        preferences=own_preferences(tools),
    )
