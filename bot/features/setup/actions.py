"""What the buttons of set-up do, by name. Names are stable: buttons in old messages carry them."""

from __future__ import annotations

from bot.kit.action import Action, Slug, Word, row_id

NAME = Slug(24)

BEGIN = Action("setup.begin", fresh="setup")
STEP = Action("setup.step", fresh="setup", name=NAME)
SET = Action("setup.set", fresh="setup", name=NAME, value=Word(24))
TYPE = Action("setup.type", fresh="setup", name=NAME)
TYPED = Action("setup.typed", fresh="setup", name=NAME)
ROOM = Action("setup.room", fresh="setup", thread=Word(24))
DONE = Action("setup.done", fresh="setup")
UNDO = Action("setup.undo", fresh="setup")
REVERT = Action("setup.revert", fresh="setup", change=row_id)
