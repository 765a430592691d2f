"""What the buttons under ``/privacy`` do, by name. Names are stable: buttons in old messages carry them."""

from __future__ import annotations

from bot.kit.action import Action, row_id

SHOW = Action("privacy.show", fresh="privacy")
EXPORT = Action("privacy.export", fresh="privacy")
ERASE = Action("privacy.erase", fresh="privacy")
REALLY = Action("privacy.really", fresh="privacy", person=row_id, until=row_id)
