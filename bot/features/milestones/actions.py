"""What the buttons of milestones do, by name. Names are stable: buttons in old messages carry them."""

from __future__ import annotations

from bot.kit.action import Action, row_id, tiny_int

SHOW = Action("milestones.show", fresh="milestone", stage=tiny_int)
PROJECT = Action("milestones.project", fresh="milestone", stage=tiny_int)
GIVEN = Action("milestones.given", fresh="milestone", stage=tiny_int)
ASK = Action("milestones.ask", fresh="milestone", stage=tiny_int)
ASK_IN = Action("milestones.ask.room", fresh="milestone", stage=tiny_int, community=row_id)
WITHDRAW = Action("milestones.withdraw", fresh="milestone", number=row_id)
APPROVE = Action("milestones.approve", fresh="milestone", number=row_id)
APPROVED = Action("milestones.approved", fresh="milestone", number=row_id)
MISSING = Action("milestones.missing", fresh="milestone", number=row_id)
SAID = Action("milestones.said", fresh="milestone", number=row_id)
RECALL = Action("milestones.recall", fresh="milestone", number=row_id)
"""On the news of a reached milestone, for a month."""
REVOKE = Action("milestones.revoke", fresh="milestone", badge=row_id)
REVOKED = Action("milestones.revoked", fresh="milestone", badge=row_id)
