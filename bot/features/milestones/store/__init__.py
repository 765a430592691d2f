"""SQL for milestones: what was asked, said and reached, and which roles it gives."""

from __future__ import annotations

from bot.features.milestones.store.badges import BadgeStore
from bot.features.milestones.store.partings import Parting, PartingStore
from bot.features.milestones.store.ranks import Errand, RankStore
from bot.features.milestones.store.requests import RequestStore

__all__ = ["BadgeStore", "Errand", "Parting", "PartingStore", "RankStore", "RequestStore"]
