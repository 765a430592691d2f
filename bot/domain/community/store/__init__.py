"""SQL for people, communities, what they set and where they post."""

from __future__ import annotations

from bot.domain.community.store.people import Known, People
from bot.domain.community.store.preferences import Change, PreferenceRows
from bot.domain.community.store.rooms import RoomRows

__all__ = ["Change", "Known", "People", "PreferenceRows", "RoomRows"]
