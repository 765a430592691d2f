"""The quiz's SQL."""

from __future__ import annotations

from bot.features.quiz.store.practice import Asked, Given, QuizStore, Run
from bot.features.quiz.store.rounds import Line, Round, RoundStore, Vote

__all__ = ["Asked", "Given", "Line", "QuizStore", "Round", "RoundStore", "Run", "Vote"]
