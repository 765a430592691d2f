"""The quiz's SQL."""

from __future__ import annotations

from bot.features.quiz.store.practice import Given, QuizStore
from bot.features.quiz.store.rounds import Line, Round, RoundStore, Vote

__all__ = ["Given", "Line", "QuizStore", "Round", "RoundStore", "Vote"]
