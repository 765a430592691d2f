"""What the buttons about questions do, by name. Names are stable: buttons in old messages carry them.

``seen`` is the revision of the question that whoever presses has seen; what was changed since is told, not overwritten.
"""

from __future__ import annotations

from typing import Final

from bot.kit.action import Action, OneOf, Slug, WholeNumber, row_id

REASONS: Final = ("answer", "two", "words", "old", "other")
"""What can be wrong; kept in the database under these names."""
NAME: Final = Slug(40)
SEEN: Final = WholeNumber(999_999)
PLACE: Final = WholeNumber(9)

FLAG = Action("questions.flag", question=NAME)
WHY = Action("questions.why", question=NAME, reason=OneOf(REASONS))
NOTE = Action("questions.note", question=NAME)
"""For everybody."""

LIST = Action("questions.list", fresh="question")
SHOW = Action("questions.show", fresh="question", question=NAME)
LOOK = Action("questions.look", fresh="question", question=NAME)
AGAIN = Action("questions.again", fresh="question", question=NAME, seen=SEEN)
RETIRE = Action("questions.retire", fresh="question", question=NAME, seen=SEEN)
KEYS = Action("questions.keys", fresh="question", question=NAME)
KEY = Action("questions.key", fresh="question", question=NAME, seen=SEEN, place=PLACE)
CHOSEN = Action("questions.chosen", fresh="question", question=NAME, seen=SEEN)
FIX = Action("questions.fix", fresh="question", question=NAME)
FIXED = Action("questions.fixed", fresh="question", question=NAME, seen=SEEN)
RESTORE = Action("questions.first", fresh="question", question=NAME, seen=SEEN)
UNDO = Action("questions.undo", fresh="question", change=row_id)
ADD = Action("questions.add", fresh="question")
ADDED = Action("questions.added", fresh="question")
IMPORT = Action("questions.import", fresh="question")
IMPORTED = Action("questions.imported", fresh="question")
"""For moderators."""
