"""SQL for what communities change about questions, and for what people say is wrong with them."""

from __future__ import annotations

from bot.domain.questions.store.changes import Change, Changes, Kind
from bot.domain.questions.store.flags import Flag, Flags, Waiting

__all__ = ["Change", "Changes", "Flag", "Flags", "Kind", "Waiting"]
