"""The quiz's SQL."""

from __future__ import annotations

from bot.features.quiz.store.answers import AnswerStore, Earlier, Rejudged
from bot.features.quiz.store.members import Club, MemberStore
from bot.features.quiz.store.practice import Given, QuizStore
from bot.features.quiz.store.rounds import ANEW, ASKED, CLOSED, FIRST, TAKEN_BACK, Kept, Round, RoundStore, Shown, Vote
from bot.features.quiz.store.standings import Line, StandingsStore, Worth

__all__ = [
    "ANEW",
    "ASKED",
    "CLOSED",
    "FIRST",
    "TAKEN_BACK",
    "AnswerStore",
    "Club",
    "Earlier",
    "Given",
    "Kept",
    "Line",
    "MemberStore",
    "QuizStore",
    "Rejudged",
    "Round",
    "RoundStore",
    "Shown",
    "StandingsStore",
    "Vote",
    "Worth",
]
