"""Posts, and what claims do to them. Moments are Unix microseconds."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from bot.kit.database import Row, Transaction, Value
from bot.kit.posting import Address

_PENDING: Final = """(
    (p.drawn < p.revision AND p.withdrawn = 0)
    OR EXISTS (SELECT 1 FROM engine_message AS m WHERE m.post = p.id AND m.todo <> ''))"""
"""Whether a post that is not settled has more to do."""


class Posts:
    """Rows of ``engine_post``."""

    async def add(self, tx: Transaction, **values: Value) -> int | None:
        """Keep a post and return its id, or None if its key is known."""
        row = await tx.one(
            """
            INSERT INTO engine_post (key, community, platform, chat, thread, title, reply, revision, drawn, withdrawn,
                doubt, report_platform, report_chat, report_thread, state, why, turn, expires_at, next_try, attempts,
                lease_until, fence, sent_at)
            VALUES (:key, :community, :platform, :chat, :thread, :title, :reply, 1, 0, 0,
                :doubt, :report_platform, :report_chat, :report_thread, 'planned', '', :turn, :expires, :turn, 0,
                NULL, 0, NULL)
            ON CONFLICT (key) DO NOTHING RETURNING id
            """,
            **values,
        )
        return None if row is None else int(row[0])

    async def by_key(self, tx: Transaction, key: str) -> int:
        """Return the id of the post of a key, which exists."""
        row = await tx.one("SELECT id FROM engine_post WHERE key = :key", key=key)
        assert row is not None  # noqa: S101 - its key was refused as known
        return int(row[0])

    async def get(self, tx: Transaction, post: int) -> Row | None:
        """Return a post's row."""
        return await tx.one("SELECT * FROM engine_post WHERE id = :post", post=post)

    async def counts(self, tx: Transaction) -> Sequence[Row]:
        """Return (state, how many) for each state that posts are in."""
        return await tx.all(
            """
            SELECT state, count(*) FROM engine_post WHERE state <> 'sent' GROUP BY state
            UNION ALL SELECT 'sent', (SELECT count(*) FROM engine_post)
                - (SELECT count(*) FROM engine_post WHERE state <> 'sent')
            """
        )

    async def forget(self, tx: Transaction, before: int) -> int:
        """Drop posts with nothing left to do that expired before ``before``; return how many."""
        await tx.execute(
            """
            DELETE FROM engine_message WHERE post IN (
                SELECT id FROM engine_post WHERE next_try IS NULL AND expires_at < :before)
            """,
            before=before,
        )
        return await tx.execute(
            "DELETE FROM engine_post WHERE next_try IS NULL AND expires_at < :before", before=before
        )

    async def reword(self, tx: Transaction, post: int, reply: str, *, next_try: int | None, turn: int) -> None:
        """Put another reply in the place of a post's."""
        await tx.execute(
            """
            UPDATE engine_post SET reply = :reply, revision = revision + 1, next_try = :next_try, turn = :turn
            WHERE id = :post
            """,
            post=post,
            reply=reply,
            next_try=next_try,
            turn=turn,
        )

    async def withdraw(self, tx: Transaction, post: int) -> bool:
        """Mark a post and its messages as taken back; return whether something of it may be there."""
        await tx.execute("UPDATE engine_post SET withdrawn = 1 WHERE id = :post", post=post)
        await tx.execute(
            "DELETE FROM engine_message WHERE post = :post AND receipt IS NULL AND tried_at IS NULL", post=post
        )
        await tx.execute(
            """
            UPDATE engine_message SET gone = 1, todo = CASE WHEN receipt IS NULL THEN 'send' ELSE 'delete' END
            WHERE post = :post AND (receipt IS NULL OR receipt <> '')
            """,
            post=post,
        )
        row = await tx.one("SELECT 1 FROM engine_message WHERE post = :post AND todo <> '' LIMIT 1", post=post)
        return row is not None

    async def schedule(self, tx: Transaction, post: int, *, state: str, next_try: int | None, **more: Value) -> None:
        """Set a post that is in nobody's hand: its state, when to try, and why (``why``), turn and expiry if given."""
        await tx.execute(
            """
            UPDATE engine_post SET state = :state, next_try = :next_try, lease_until = NULL,
                why = COALESCE(:why, why), turn = COALESCE(:turn, turn), expires_at = COALESCE(:expires, expires_at)
            WHERE id = :post
            """,
            post=post,
            state=state,
            next_try=next_try,
            why=more.get("why"),
            turn=more.get("turn"),
            expires=more.get("expires"),
        )

    async def heads(self, tx: Transaction, platform: str, now: int, most: int) -> Sequence[Row]:
        """Return the first post of each chat that is due, with the lanes of the chat; longest due first.

        ``reply`` is there only if it has to be drawn; ``closed`` says why the place is closed, if it is.
        """
        return await tx.all(
            """
            SELECT q.chat AS chat, q.free_at AS free_at, q.group_free_at AS group_free_at,
                p.id AS id, p.thread AS thread, p.title AS title, p.revision AS revision, p.drawn AS drawn,
                p.withdrawn AS withdrawn, p.state AS state, p.expires_at AS expires_at, p.next_try AS next_try,
                p.fence AS fence, p.sent_at AS sent_at,
                CASE WHEN p.drawn < p.revision THEN p.reply END AS reply,
                (SELECT d.why FROM engine_place AS d WHERE d.platform = q.platform AND d.chat = q.chat
                    AND d.thread IN ('', p.thread) AND d.disabled_at IS NOT NULL LIMIT 1) AS closed
            FROM engine_pace AS q JOIN engine_post AS p ON p.id = (
                SELECT h.id FROM engine_post AS h
                WHERE h.platform = q.platform AND h.chat = q.chat AND h.next_try IS NOT NULL
                ORDER BY h.turn, h.id LIMIT 1)
            WHERE q.platform = :platform AND q.due <= :now ORDER BY q.due, q.chat LIMIT :most /*skip locked*/
            """,
            platform=platform,
            now=now,
            most=most,
        )

    async def note_drawn(self, tx: Transaction, post: int, revision: int, now: int) -> bool:
        """Note which revision the messages show; return False if it is not the latest, or somebody has the post.

        Whoever let a claim run out has the post no longer: what they still tell of it is not heard.
        """
        changed = await tx.execute(
            """
            UPDATE engine_post SET drawn = :revision, lease_until = NULL,
                fence = fence + CASE WHEN lease_until IS NULL THEN 0 ELSE 1 END
            WHERE id = :post AND revision = :revision AND drawn < :revision AND withdrawn = 0
                AND (lease_until IS NULL OR lease_until <= :now)
            """,
            post=post,
            revision=revision,
            now=now,
        )
        return changed > 0

    async def claim(
        self, tx: Transaction, posts: Sequence[dict[str, Value]], sends: Sequence[dict[str, Value]]
    ) -> None:
        """Note who has which posts (``until``, ``fence``, ``state``), and at which messages an attempt begins."""
        await tx.many(
            """
            UPDATE engine_post SET state = :state, lease_until = :until, next_try = :until, fence = :fence,
                attempts = attempts + 1
            WHERE id = :post
            """,
            posts,
        )
        await tx.many(
            """
            UPDATE engine_message SET tried_at = :now WHERE post = :post AND number = :number AND tried_at IS NULL
            """,
            sends,
        )

    async def extend(self, tx: Transaction, post: int, fence: int, until: int) -> bool:
        """Keep a claim longer; return False if it is somebody else's by now, or has ended."""
        changed = await tx.execute(
            """
            UPDATE engine_post SET lease_until = :until, next_try = :until
            WHERE id = :post AND fence = :fence AND lease_until IS NOT NULL
            """,
            post=post,
            fence=fence,
            until=until,
        )
        if changed:
            await tx.execute(
                """
                UPDATE engine_pace SET due = :until, busy_until = :until
                WHERE (platform, chat) = (SELECT platform, chat FROM engine_post WHERE id = :post)
                """,
                post=post,
                until=until,
            )
        return changed > 0

    async def held(self, tx: Transaction, post: int, fence: int) -> Row | None:
        """Return a claimed post, or None if the claim is somebody else's by now."""
        return await tx.one(
            """
            SELECT platform, chat, thread, community, doubt, withdrawn, sent_at, attempts, key, title,
                report_platform, report_chat, report_thread
            FROM engine_post WHERE id = :post AND fence = :fence
            """,
            post=post,
            fence=fence,
        )

    async def go_on(self, tx: Transaction, post: int, fence: int, now: int) -> bool:
        """Let go of a claim after something went well; return whether there is more to do."""
        row = await tx.one(
            f"""
            UPDATE engine_post SET lease_until = NULL, attempts = 0, next_try = pending.at,
                state = CASE
                    WHEN pending.at IS NULL THEN CASE WHEN withdrawn = 1 THEN 'cancelled' ELSE 'sent' END
                    WHEN sent_at IS NULL THEN 'sending' ELSE 'sent' END,
                sent_at = CASE WHEN pending.at IS NULL THEN COALESCE(sent_at, :now) ELSE sent_at END
            FROM (
                SELECT CASE WHEN {_PENDING} THEN CAST(:now AS BIGINT) END AS at FROM engine_post AS p WHERE p.id = :post
            ) AS pending
            WHERE id = :post AND fence = :fence RETURNING next_try
            """,
            post=post,
            fence=fence,
            now=now,
        )
        return row is not None and row[0] is not None

    async def note_why(self, tx: Transaction, post: int, why: str) -> None:
        """Keep what went wrong with a post."""
        await tx.execute("UPDATE engine_post SET why = :why WHERE id = :post", why=why, post=post)

    async def salt(self, tx: Transaction, fresh: str) -> str:
        """Return what makes nonces of this database its own; ``fresh`` if nothing was kept yet."""
        await tx.execute("INSERT INTO engine_salt (id, salt) VALUES (1, :salt) ON CONFLICT DO NOTHING", salt=fresh)
        row = await tx.one("SELECT salt FROM engine_salt WHERE id = 1")
        assert row is not None  # noqa: S101 - it was put there if it was missing
        return str(row[0])


def report_to(row: Row) -> Address | None:
    """Return where moderators read about trouble with a post."""
    if not row["report_platform"]:
        return None
    return Address(row["report_platform"], row["report_chat"], row["report_thread"])
