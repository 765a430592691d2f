"""Setting up a community: the first message, ``/setup``, and a test post that proves it works."""

from __future__ import annotations

from bot.domain.tools import Tools
from bot.features.setup.commands import FINISHED, SetupCommands
from bot.features.setup.proof import Proof
from bot.kit.command import collect_commands
from bot.kit.feature import Feature, collect_actions


def build(tools: Tools) -> Feature:
    """Make the feature."""
    proof = Proof(tools)
    commands = SetupCommands(tools)
    return Feature(
        name="setup",
        commands=collect_commands(commands),
        actions=collect_actions(commands),
        jobs=(proof.job,),
        preferences=(proof.preference, FINISHED),
        added=commands.greet,
    )
