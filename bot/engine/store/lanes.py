"""The queue and the pace of each chat, and which destinations are closed or moved. Moments are Unix microseconds."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from bot.kit.database import Row, Transaction, Value
from bot.kit.posting import Address

_BOT: Final = ""  # stands where a chat's id would, in the row of the whole bot
_MOST_MOVES: Final = 5


class Lanes:
    """Rows of ``engine_pace`` and ``engine_place``."""

    async def take_bot(self, tx: Transaction, platform: str) -> int:
        """Return when the whole bot's lane is free, and keep other processes out of it until this unit ends."""
        row = await tx.one(
            """
            INSERT INTO engine_pace (platform, chat, free_at, group_free_at) VALUES (:platform, :chat, 0, 0)
            ON CONFLICT (platform, chat) DO UPDATE SET free_at = engine_pace.free_at RETURNING free_at
            """,
            platform=platform,
            chat=_BOT,
        )
        assert row is not None  # noqa: S101 - RETURNING answers with the row or raises
        return int(row[0])

    async def free_bot(self, tx: Transaction, platform: str, at: int) -> None:
        """Let the whole bot's lane be free again at ``at``."""
        await tx.execute(
            "UPDATE engine_pace SET free_at = :at WHERE platform = :platform AND chat = :chat",
            at=at,
            platform=platform,
            chat=_BOT,
        )

    async def hold(self, tx: Transaction, platform: str, chat: str | None, until: int) -> None:
        """Let nothing go before ``until``, to one chat or, with None, from the whole bot."""
        await tx.execute(
            "UPDATE engine_pace SET free_at = :until WHERE platform = :platform AND chat = :chat AND free_at < :until",
            until=until,
            platform=platform,
            chat=_BOT if chat is None else chat,
        )

    async def ring(self, tx: Transaction, platform: str, chat: str, at: int) -> None:
        """Look at a chat's first post at ``at``, unless it is looked at earlier or one of its posts is in hand."""
        await tx.execute(
            """
            INSERT INTO engine_pace (platform, chat, due, free_at, group_free_at) VALUES (:platform, :chat, :at, 0, 0)
            ON CONFLICT (platform, chat) DO UPDATE SET due = excluded.due
            WHERE engine_pace.busy_until IS NULL AND (engine_pace.due IS NULL OR engine_pace.due > excluded.due)
            """,
            platform=platform,
            chat=chat,
            at=at,
        )

    async def let_go(self, tx: Transaction, platform: str, chat: str) -> None:
        """Note that nothing of a chat is in hand. ``settle`` must follow, as a statement of its own."""
        await tx.execute(
            "UPDATE engine_pace SET busy_until = NULL WHERE platform = :platform AND chat = :chat",
            platform=platform,
            chat=chat,
        )

    async def settle(self, tx: Transaction, platform: str, chat: str, now: int) -> None:
        """Work out anew when to look at a chat, unless one of its posts is in hand."""
        await tx.execute(
            """
            UPDATE engine_pace SET due = (
                SELECT CASE WHEN p.next_try < :now THEN :now ELSE p.next_try END FROM engine_post AS p
                WHERE p.platform = :platform AND p.chat = :chat AND p.next_try IS NOT NULL
                ORDER BY p.turn, p.id LIMIT 1)
            WHERE platform = :platform AND chat = :chat AND busy_until IS NULL
            """,
            now=now,
            platform=platform,
            chat=chat,
        )

    async def put_off(self, tx: Transaction, platform: str, chat: str, until: int) -> None:
        """Look at a chat again at ``until``; nothing of it is in hand."""
        await tx.execute(
            "UPDATE engine_pace SET due = :until, busy_until = NULL WHERE platform = :platform AND chat = :chat",
            until=until,
            platform=platform,
            chat=chat,
        )

    async def claim(self, tx: Transaction, rows: Sequence[dict[str, Value]]) -> None:
        """Note for each chat who has it until when (``until``) and when its lanes are free (``free``, ``group``)."""
        await tx.many(
            """
            UPDATE engine_pace SET due = :until, busy_until = :until, free_at = :free, group_free_at = :group
            WHERE platform = :platform AND chat = :chat
            """,
            rows,
        )

    async def next_due(self, tx: Transaction, platform: str, after: int = 0) -> int | None:
        """Return when there is something to look at next, later than ``after``."""
        row = await tx.one(
            "SELECT min(due) FROM engine_pace WHERE platform = :platform AND due > :after",
            platform=platform,
            after=after,
        )
        return None if row is None or row[0] is None else int(row[0])

    async def is_due(self, tx: Transaction, platform: str, now: int) -> bool:
        """Return whether some chat waits to be looked at."""
        row = await tx.one(
            "SELECT chat FROM engine_pace WHERE platform = :platform AND due <= :now LIMIT 1",
            platform=platform,
            now=now,
        )
        return row is not None

    async def place(self, tx: Transaction, at: Address) -> Row | None:
        """Return the row of exactly this place."""
        return await tx.one(
            """
            SELECT disabled_at, why, told, moved_to FROM engine_place
            WHERE platform = :platform AND chat = :chat AND thread = :thread
            """,
            platform=at.platform,
            chat=at.chat,
            thread=at.thread,
        )

    async def close(self, tx: Transaction, at: Address, why: str, now: int) -> None:
        """Give a place up: nothing is sent there until ``reopen``."""
        await tx.execute(
            """
            INSERT INTO engine_place (platform, chat, thread, disabled_at, why, told)
            VALUES (:platform, :chat, :thread, :now, :why, 0)
            ON CONFLICT (platform, chat, thread) DO UPDATE SET disabled_at = excluded.disabled_at, why = excluded.why
            WHERE engine_place.disabled_at IS NULL
            """,
            platform=at.platform,
            chat=at.chat,
            thread=at.thread,
            now=now,
            why=why,
        )

    async def tell(self, tx: Transaction, at: Address) -> bool:
        """Note that moderators are told of a closed place; return False if they were told before."""
        changed = await tx.execute(
            """
            UPDATE engine_place SET told = 1
            WHERE platform = :platform AND chat = :chat AND thread = :thread AND told = 0
            """,
            platform=at.platform,
            chat=at.chat,
            thread=at.thread,
        )
        return changed > 0

    async def is_closed(self, tx: Transaction, platform: str, chat: str) -> bool:
        """Return whether a chat or one of its threads is given up."""
        row = await tx.one(
            """
            SELECT 1 FROM engine_place
            WHERE platform = :platform AND chat = :chat AND disabled_at IS NOT NULL LIMIT 1
            """,
            platform=platform,
            chat=chat,
        )
        return row is not None

    async def reopen(self, tx: Transaction, platform: str, chat: str) -> bool:
        """Open a chat and its threads again; return whether one of them was closed."""
        changed = await tx.execute(
            """
            UPDATE engine_place SET disabled_at = NULL, why = '', told = 0
            WHERE platform = :platform AND chat = :chat AND disabled_at IS NOT NULL
            """,
            platform=platform,
            chat=chat,
        )
        return changed > 0

    async def resolve(self, tx: Transaction, at: Address) -> Address:
        """Return where a chat is now; chats that never moved are where they are."""
        chat = at.chat
        for _move in range(_MOST_MOVES):
            row = await tx.one(
                "SELECT moved_to FROM engine_place WHERE platform = :platform AND chat = :chat AND thread = ''",
                platform=at.platform,
                chat=chat,
            )
            if row is None or row[0] is None:
                break
            chat = str(row[0])
        return at if chat == at.chat else Address(at.platform, chat, at.thread)

    async def move(self, tx: Transaction, old: Address, new: Address, now: int) -> None:
        """Let a chat's posts and the reports sent there follow it to its new id."""
        if old.chat != new.chat:
            await tx.execute(
                """
                INSERT INTO engine_place (platform, chat, thread, why, told, moved_to)
                VALUES (:platform, :old, '', '', 0, :new)
                ON CONFLICT (platform, chat, thread) DO UPDATE SET moved_to = excluded.moved_to
                """,
                platform=old.platform,
                old=old.chat,
                new=new.chat,
            )
            await tx.execute(  # a circle would lead nowhere
                """
                UPDATE engine_place SET moved_to = NULL WHERE platform = :platform AND chat = :new AND thread = ''
                """,
                platform=old.platform,
                new=new.chat,
            )
        values = {"platform": old.platform, "old": old.chat, "new": new.chat, "was": old.thread, "thread": new.thread}
        await tx.execute(
            """
            UPDATE engine_post SET chat = :new, thread = CASE WHEN thread = :was THEN :thread ELSE thread END
            WHERE platform = :platform AND chat = :old
            """,
            **values,
        )
        await tx.execute(
            """
            UPDATE engine_post SET report_chat = :new,
                report_thread = CASE WHEN report_thread = :was THEN :thread ELSE report_thread END
            WHERE report_platform = :platform AND report_chat = :old AND next_try IS NOT NULL
            """,
            **values,
        )
        await self.let_go(tx, old.platform, old.chat)
        await self.settle(tx, old.platform, old.chat, now)
        await self.ring(tx, new.platform, new.chat, now)
