"""SQL for which accounts were erased a few days ago; only a salted fingerprint of each is kept."""

from __future__ import annotations

import hashlib
from datetime import datetime

from bot.kit.database import Transaction


class Erasures:
    """Notes erased accounts and recognises them inside a unit of work."""

    async def note(self, tx: Transaction, platform: str, account: str, *, salt: str, at: int) -> None:
        """Note that an account was erased. ``at`` is in Unix microseconds."""
        await tx.execute(
            "INSERT INTO community_erased (mark, salt, at) VALUES (:mark, :salt, :at) ON CONFLICT DO NOTHING",
            mark=_mark(salt, platform, account),
            salt=salt,
            at=at,
        )

    async def is_before(self, tx: Transaction, platform: str, account: str, at: int) -> bool:
        """Return whether an account was erased at a moment (Unix microseconds) or later: an event of then is void."""
        rows = await tx.all("SELECT mark, salt FROM community_erased WHERE at >= :at", at=at)
        return any(row["mark"] == _mark(str(row["salt"]), platform, account) for row in rows)

    async def is_any_since(self, tx: Transaction, at: int) -> bool:
        """Return whether anybody was erased since a moment (Unix seconds)."""
        return await tx.one("SELECT 1 FROM community_erased WHERE at > :at LIMIT 1", at=at * 1_000_000) is not None


def _mark(salt: str, platform: str, account: str) -> str:
    return hashlib.sha256(f"{salt}\n{platform}\n{account}".encode("utf-8", "surrogatepass")).hexdigest()


def micros(moment: datetime) -> int:
    """Return a moment (aware) in Unix microseconds."""
    return round(moment.timestamp() * 1_000_000)
