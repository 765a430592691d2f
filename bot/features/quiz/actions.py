"""What the buttons of the quiz do, by name. Names are stable: buttons in old messages carry them."""

from __future__ import annotations

from bot.kit.action import Action, Slug, row_id, tiny_int

BEGIN = Action("quiz.begin", fresh="quiz", about=Slug(40))
REVIEW = Action("quiz.review", fresh="review")
ANSWER = Action("quiz.answer", fresh="quiz", run=row_id, number=tiny_int, choice=tiny_int)
TYPE = Action("quiz.type", fresh="quiz", run=row_id, number=tiny_int)
TYPED = Action("quiz.typed", fresh="quiz", run=row_id, number=tiny_int)
NEXT = Action("quiz.next", fresh="quiz", run=row_id)
ANYTHING = "anything"
"""Stands for whatever suits in the place of a topic's id."""
