"""The messages of posts, drawn once and kept before the first attempt. Moments are Unix microseconds."""

from __future__ import annotations

from collections.abc import Sequence

from bot.kit.database import Row, Transaction, Value


class Messages:
    """Rows of ``engine_message``."""

    async def receipts(self, tx: Transaction, post: int) -> tuple[str, ...]:
        """Return the platform's ids of a post's messages that are there."""
        rows = await tx.all(
            "SELECT receipt FROM engine_message WHERE post = :post AND receipt <> '' ORDER BY number", post=post
        )
        return tuple(str(row[0]) for row in rows)

    async def answer_doubt(self, tx: Transaction, post: int, *, again: bool) -> None:
        """Settle the messages of unknown fate: to be sent again, or taken as delivered."""
        await tx.execute(
            "UPDATE engine_message SET tried_at = NULL WHERE post = :post AND receipt IS NULL AND tried_at IS NOT NULL"
            if again
            else """
            UPDATE engine_message SET receipt = '', todo = ''
            WHERE post = :post AND receipt IS NULL AND tried_at IS NOT NULL
            """,
            post=post,
        )

    async def first_todo(self, tx: Transaction, post: int) -> Row | None:
        """Return the first message of a post with something to do."""
        return await tx.one(
            """
            SELECT number, part, wanted, nonce, todo, gone, tried_at, receipt FROM engine_message
            WHERE post = :post AND todo <> '' ORDER BY number LIMIT 1
            """,
            post=post,
        )

    async def all_of(self, tx: Transaction, post: int) -> Sequence[Row]:
        """Return all messages of a post, in order."""
        return await tx.all(
            """
            SELECT number, part, wanted, nonce, todo, gone, tried_at, receipt FROM engine_message
            WHERE post = :post ORDER BY number
            """,
            post=post,
        )

    async def put(self, tx: Transaction, rows: Sequence[dict[str, Value]]) -> None:
        """Add messages, or replace those of the same number but for nonce, first attempt and receipt."""
        await tx.many(
            """
            INSERT INTO engine_message (post, number, part, wanted, nonce, todo, gone)
            VALUES (:post, :number, :part, :wanted, :nonce, :todo, :gone)
            ON CONFLICT (post, number) DO UPDATE SET
                part = excluded.part, wanted = excluded.wanted, todo = excluded.todo, gone = excluded.gone
            """,
            rows,
        )

    async def drop(self, tx: Transaction, post: int, number: int) -> None:
        """Forget a message that is not there."""
        await tx.execute("DELETE FROM engine_message WHERE post = :post AND number = :number", post=post, number=number)

    async def note_receipt(self, tx: Transaction, errand: tuple[int, int, int], receipt: str) -> bool:
        """Note that a message (post, number, fence) was delivered; return False if the claim is somebody else's."""
        post, number, fence = errand
        changed = await tx.execute(
            """
            UPDATE engine_message SET receipt = :receipt, todo = CASE
                WHEN :receipt = '' THEN '' WHEN gone = 1 THEN 'delete' WHEN wanted IS NOT NULL THEN 'edit' ELSE '' END
            WHERE post = :post AND number = :number
                AND EXISTS (SELECT 1 FROM engine_post WHERE id = :post AND fence = :fence)
            """,
            receipt=receipt,
            post=post,
            number=number,
            fence=fence,
        )
        return changed > 0

    async def set(self, tx: Transaction, post: int, number: int, *, todo: str, tried_at: int | None) -> None:
        """Set what is to be done about a message and since when its fate is unknown."""
        await tx.execute(
            "UPDATE engine_message SET todo = :todo, tried_at = :tried_at WHERE post = :post AND number = :number",
            todo=todo,
            tried_at=tried_at,
            post=post,
            number=number,
        )

    async def doubt_nonces(self, tx: Transaction, now: int, since: int) -> None:
        """Take attempts dated after ``now``, by a clock that was ahead, as made at ``since``: nonces may be over."""
        await tx.execute(
            """
            UPDATE engine_message SET tried_at = :since
            WHERE receipt IS NULL AND tried_at > :now
                AND post IN (SELECT id FROM engine_post WHERE next_try IS NOT NULL)
            """,
            now=now,
            since=since,
        )

    async def note_edited(self, tx: Transaction, post: int, number: int, part: str | None) -> None:
        """Note that a message shows ``part`` now, or with None that it cannot be edited."""
        await tx.execute(
            """
            UPDATE engine_message SET part = COALESCE(:part, part), wanted = NULL,
                todo = CASE WHEN gone = 1 THEN 'delete' ELSE '' END
            WHERE post = :post AND number = :number
            """,
            part=part,
            post=post,
            number=number,
        )

    async def leave(self, tx: Transaction, post: int) -> None:
        """Do nothing more about the messages of a post."""
        await tx.execute("UPDATE engine_message SET todo = '' WHERE post = :post AND todo <> ''", post=post)
