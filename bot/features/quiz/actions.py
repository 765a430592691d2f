"""What the buttons of the quiz do, by name. Names are stable: buttons in old messages carry them."""

from __future__ import annotations

from bot.kit.action import Action, OneOf, Slug, row_id, tiny_int

BEGIN = Action("quiz.begin", fresh="quiz", about=Slug(40))
REVIEW = Action("quiz.review", fresh="review")
ANSWER = Action("quiz.answer", fresh="quiz", run=row_id, number=tiny_int, choice=tiny_int)
TYPE = Action("quiz.type", fresh="quiz", run=row_id, number=tiny_int)
TYPED = Action("quiz.typed", fresh="quiz", run=row_id, number=tiny_int)
SEVERAL = Action("quiz.several", fresh="quiz", run=row_id, number=tiny_int)
UNSURE = Action("quiz.unsure", fresh="quiz", run=row_id, number=tiny_int)
PLACEMENT = Action("quiz.placement", fresh="placement")
KNOWN = Action("quiz.known", fresh="placement", run=row_id)
NOT_KNOWN = Action("quiz.notknown", fresh="placement", run=row_id)
STAGE_DONE = Action("quiz.stagedone", fresh="quiz", stage=Slug(40))
GATE = Action("quiz.gate", fresh="quiz", stage=Slug(40))
NEXT = Action("quiz.next", fresh="quiz", run=row_id)
VOTE = Action("quiz.vote", fresh="quiz", round=row_id, choice=tiny_int)
RETRACT = Action("quiz.retract", fresh="quiz", round=row_id)
BOARD = Action("quiz.board", fresh="leaderboard", span=OneOf(("day", "week", "month", "all")))
PLACE = Action("quiz.place", fresh="leaderboard", span=OneOf(("day", "week", "month", "all")))
BOARD_OF = Action("quiz.boardof", fresh="leaderboard", community=row_id, span=OneOf(("day", "week", "month", "all")))
PLACE_OF = Action("quiz.placeof", fresh="leaderboard", community=row_id, span=OneOf(("day", "week", "month", "all")))
ANYTHING = "anything"
"""Stands for whatever suits in the place of a topic's id."""
