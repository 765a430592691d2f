"""Which events had their effect."""

from __future__ import annotations

from bot.kit.database import Transaction


class Inbox:
    """Which events had their effect."""

    async def note(self, tx: Transaction, platform: str, event: str, at: int) -> bool:
        """Note an event; return False if it was noted before. ``at`` is in Unix seconds."""
        changed = await tx.execute(
            "INSERT INTO engine_inbox (platform, event, at) VALUES (:platform, :event, :at) ON CONFLICT DO NOTHING",
            platform=platform,
            event=event,
            at=at,
        )
        return changed > 0

    async def forget(self, tx: Transaction, before: int) -> int:
        """Drop events older than ``before`` (Unix seconds); return how many. Platforms repeat for a day at most."""
        return await tx.execute("DELETE FROM engine_inbox WHERE at < :before", before=before)
