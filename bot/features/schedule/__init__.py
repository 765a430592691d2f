"""What will happen here by itself, and when: to read for everybody, to change for moderators."""

from __future__ import annotations

from bot.domain.tools import Tools
from bot.features.schedule.commands import ScheduleCommands
from bot.kit.command import collect_commands
from bot.kit.feature import Feature, collect_actions


def build(tools: Tools) -> Feature:
    """Make the feature."""
    commands = ScheduleCommands(tools)
    return Feature(name="schedule", commands=collect_commands(commands), actions=collect_actions(commands))
