"""Questions get better: people say what is wrong with one, moderators fix, retire and add them."""

from __future__ import annotations

from importlib.resources import files

from bot.domain.questions.personal import PERSONAL
from bot.domain.tools import Tools
from bot.features.questions.commands import QuestionCommands
from bot.features.questions.flags import HIDE, Flagging
from bot.features.questions.intake import Intake
from bot.features.questions.reports import Reports
from bot.features.questions.service import QuestionService
from bot.kit.command import collect_commands
from bot.kit.feature import Feature, collect_actions


def build(tools: Tools) -> Feature:
    """Make the feature. Its tables lie with the domain, where every feature that asks questions reads them."""
    commands = QuestionCommands(tools, QuestionService(tools), Intake(tools))
    reports = Reports(Flagging(tools))
    return Feature(
        name="questions",
        commands=collect_commands(commands),
        actions=(*collect_actions(commands), *collect_actions(reports)),
        contributions=(reports.button,),
        preferences=(HIDE,),
        migrations=files("bot.domain.questions").joinpath("migrations"),
        personal=PERSONAL,
    )
