"""What the buttons of the schedule do, by name. Names are stable: buttons in old messages carry them."""

from __future__ import annotations

from bot.kit.action import Action, row_id

LIST = Action("schedule.list", fresh="schedule")
OPEN = Action("schedule.open", fresh="schedule", plan=row_id)
PREVIEW = Action("schedule.preview", fresh="schedule", plan=row_id)
PAUSE = Action("schedule.pause", fresh="schedule", plan=row_id)
RESUME = Action("schedule.resume", fresh="schedule", plan=row_id)
MOVE = Action("schedule.move", fresh="schedule", plan=row_id)
MOVED = Action("schedule.moved", fresh="schedule", plan=row_id)
SKIP = Action("schedule.skip", fresh="schedule", plan=row_id)
RUN = Action("schedule.run", fresh="schedule", plan=row_id)
HERE = Action("schedule.here", fresh="schedule", plan=row_id)
"""Chooses this place for everything planned, and shows a plan again; 0: the list."""
