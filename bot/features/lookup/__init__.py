"""Looking things up: full-text search over everything, and a glossary that explains one term at a time."""

from __future__ import annotations

from bot.domain.tools import Tools
from bot.features.lookup.commands import LookupCommands
from bot.kit.command import collect_commands
from bot.kit.feature import Feature, collect_actions


def build(tools: Tools) -> Feature:
    """Make the feature."""
    commands = LookupCommands(tools)
    return Feature(name="lookup", commands=collect_commands(commands), actions=collect_actions(commands))
