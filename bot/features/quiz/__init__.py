"""Questions: practice that suits, with the reasons, and a review of what was missed when it is due."""

from __future__ import annotations

from importlib.resources import files

from bot.domain.contributions import Answers, EntryButton, Gate, Mastery, ProgressLines, Rescore, Upcoming
from bot.domain.tools import Tools
from bot.features.quiz.actions import BEGIN, GATE, PLACEMENT
from bot.features.quiz.commands import QuizCommands
from bot.features.quiz.personal import PERSONAL
from bot.features.quiz.runs import Runs
from bot.features.quiz.service import QuizService
from bot.features.quiz.trial_commands import TrialCommands
from bot.features.quiz.trials import Trials
from bot.kit.command import collect_commands
from bot.kit.feature import Feature, collect_actions
from bot.kit.wording import N_


def build(tools: Tools) -> Feature:
    """Make the feature."""
    service = QuizService(tools)
    trials = Trials(tools, service)
    runs = Runs(tools, service, trials)
    commands, tests = QuizCommands(tools, service, runs), TrialCommands(tools, trials, runs)
    return Feature(
        name="quiz",
        commands=(*collect_commands(commands), *collect_commands(tests)),
        actions=(*collect_actions(commands), *collect_actions(tests)),
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
            EntryButton(
                N_("Find my level"), lambda kind, _entry: PLACEMENT.data() if kind == "start" else None, host="quiz"
            ),
            ProgressLines(commands.progress),
            Mastery(service.mastery),
            Gate(lambda stage: GATE.data(stage=stage), trials.passed),
            Answers(commands.figures.of),
            Rescore(commands.rescoring.apply),
            Upcoming(commands.ending),
        ),
    )
