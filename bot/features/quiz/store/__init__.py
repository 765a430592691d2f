"""The quiz's SQL."""

from __future__ import annotations

from bot.features.quiz.store.answers import AnswerStore, Earlier, Rejudged
from bot.features.quiz.store.practice import Given, QuizStore
from bot.features.quiz.store.rounds import ANEW, ASKED, CLOSED, FIRST, TAKEN_BACK, Kept, Round, RoundStore, Shown, Vote
from bot.features.quiz.store.standings import Line, StandingsStore

__all__ = [
    "ANEW",
    "ASKED",
    "CLOSED",
    "FIRST",
    "TAKEN_BACK",
    "AnswerStore",
    "Earlier",
    "Given",
    "Kept",
    "Line",
    "QuizStore",
    "Rejudged",
    "Round",
    "RoundStore",
    "Shown",
    "StandingsStore",
    "Vote",
]
