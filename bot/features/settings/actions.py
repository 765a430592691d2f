"""What the buttons of settings do, by name. Names are stable: buttons in old messages carry them."""

from __future__ import annotations

from bot.kit.action import Action, OneOf, Slug, Word, row_id

NAME = Slug(24)
VALUE = Word(20)

MINE = Action("settings.mine", fresh="settings")
OPEN = Action("settings.open", fresh="settings", name=NAME)
SET = Action("settings.set", fresh="settings", name=NAME, value=VALUE)
TYPE = Action("settings.type", fresh="settings", name=NAME)
TYPED = Action("settings.typed", fresh="settings", name=NAME)
RESET = Action("settings.reset", fresh="settings", name=NAME)
"""One's own."""

OURS = Action("settings.ours", fresh="settings")
OUR_OPEN = Action("settings.our.open", fresh="settings", name=NAME)
OUR_SET = Action("settings.our.set", fresh="settings", name=NAME, value=VALUE)
OUR_TYPE = Action("settings.our.type", fresh="settings", name=NAME)
OUR_TYPED = Action("settings.our.typed", fresh="settings", name=NAME)
OUR_RESET = Action("settings.our.reset", fresh="settings", name=NAME)
HERE = Action("settings.here", fresh="settings", name=NAME)
CHANGES = Action("settings.changes", fresh="settings")
UNDO = Action("settings.undo", fresh="settings", change=row_id)
"""The community's."""

PEOPLE = Action("settings.people", fresh="roles")
PERSON = Action("settings.person", fresh="roles", person=row_id)
ROLE = Action("settings.role", fresh="roles", person=row_id, role=OneOf(("member", "host", "moderator")))
"""Who may do what."""
