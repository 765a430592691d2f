"""What the roadmap's buttons do, by name. Names are stable: buttons in old messages carry them."""

from __future__ import annotations

from bot.kit.action import Action, OneOf, Word, row_id, slug, small_int, tiny_int

HOME = Action("roadmap.home", fresh="roadmap")
STAGE = Action("roadmap.stage", fresh="roadmap", stage=tiny_int)
SUBTOPIC = Action("roadmap.sub", fresh="roadmap", subtopic=slug)
TOPIC = Action("roadmap.topic", fresh="roadmap", topic=slug)
OPEN = Action("roadmap.open", fresh="roadmap", topic=slug)
"""The card of a topic for the presser alone, in a message of its own."""
RESOURCES = Action("roadmap.resources", fresh="roadmap", entry=slug)
RESOURCE = Action("roadmap.resource", fresh="search", resource=slug)
MARK = Action("roadmap.mark", fresh="roadmap", status=OneOf(("learning", "done", "none")), entry=slug)
SET = Action("roadmap.set", fresh="roadmap", status=OneOf(("learning", "done", "none")), topic=slug)
UNDO = Action("roadmap.undo", fresh="roadmap", change=row_id)
NEXT = Action("roadmap.next", fresh="next", skip=tiny_int)
LATER = Action("roadmap.later", fresh="next", topic=slug)
PROGRESS = Action("roadmap.progress", fresh="progress")
SHARE = Action("roadmap.share", fresh="progress", community=row_id, thread=Word(20), day=small_int)
"""With the place where it was asked, since the answer may stand in a private chat; ``day`` as ``rules.day_number``."""
