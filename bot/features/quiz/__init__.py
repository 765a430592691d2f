"""Questions: practice that suits, with the reasons, and a review of what was missed when it is due."""

from __future__ import annotations

from importlib.resources import files

from bot.domain.contributions import EntryButton, ProgressLines
from bot.domain.tools import Tools
from bot.features.quiz.actions import BEGIN
from bot.features.quiz.commands import QuizCommands
from bot.features.quiz.personal import PERSONAL
from bot.features.quiz.service import QuizService
from bot.kit.command import collect_commands
from bot.kit.feature import Feature, collect_actions
from bot.kit.wording import N_


def build(tools: Tools) -> Feature:
    """Make the feature."""
    commands = QuizCommands(tools, QuizService(tools))
    return Feature(
        name="quiz",
        commands=collect_commands(commands),
        actions=collect_actions(commands),
        jobs=commands.jobs,
        preferences=commands.preferences,
        migrations=files(__package__).joinpath("migrations"),
        personal=PERSONAL,
        contributions=(
            EntryButton(
                N_("Quiz me"),
                lambda kind, entry: BEGIN.data(about=entry) if kind in ("topic", "subtopic", "stage") else None,
                host="quiz",
                order=20,
            ),
            ProgressLines(commands.progress),
        ),
    )
