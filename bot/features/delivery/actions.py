"""What the buttons under a report do, by name. Names are stable: buttons in old messages carry them."""

from __future__ import annotations

from bot.kit.action import Action, row_id

RESEND = Action("delivery.resend", post=row_id)
LEAVE = Action("delivery.leave", post=row_id)
