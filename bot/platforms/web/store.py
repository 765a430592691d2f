"""What was said in the web chat, kept so that history and every button survive a restart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from bot.kit import codec
from bot.kit.database import Database, Row, Transaction
from bot.kit.reply import Reply, reply
from bot.kit.text import italic
from bot.kit.wording import _
from bot.platforms.web.limits import PAGE_MESSAGES, ROOM_MESSAGES, TRIM_EVERY

_COLUMNS = "id, revision, chat, author, only_for, at, text, reply"
_VISIBLE = "only_for IN ('', :account)"
_NEXT_REVISION = "(SELECT coalesce(max(revision), 0) + 1 FROM web_message)"


@dataclass(frozen=True, slots=True)
class Message:
    """One message of a chat.

    Attributes:
        id: grows with every message.
        revision: grows with every message and every change to one, over all chats.
        author: an account, or empty for the bot.
        only_for: the one account that may see it, or empty for everybody in the chat.
        text: what a person typed.
        reply: what the bot answered, or None for a person's message.
    """

    id: int
    revision: int
    chat: str
    author: str
    only_for: str
    at: datetime
    text: str
    reply: Reply | None


@dataclass(frozen=True, slots=True)
class Page:
    """A stretch of a chat, oldest first, as it was at ``revision``; ``older`` says whether more was said before."""

    messages: tuple[Message, ...]
    older: bool
    revision: int


class MessageStore:
    """The one who asks the database about messages."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(
        self,
        *,
        chat: str,
        event: str,
        at: datetime,
        author: str = "",
        only_for: str = "",
        text: str = "",
        reply: Reply | None = None,
    ) -> int | None:
        """Keep a message and return its id; returns None and keeps nothing if this ``event`` already left one."""

        async def work(tx: Transaction) -> int | None:
            row = await tx.one(
                "INSERT INTO web_message (chat, revision, event, author, only_for, at, text, reply)"
                f" VALUES (:chat, {_NEXT_REVISION}, :event, :author, :only_for, :at, :text, :reply)"
                " ON CONFLICT (event) DO NOTHING RETURNING id",
                chat=chat,
                event=event,
                author=author,
                only_for=only_for,
                at=int(at.timestamp()),
                text=text,
                reply=codec.dump(reply) if reply is not None else "",
            )
            if row is None:
                return None
            if row["id"] % TRIM_EVERY == 0:
                await _trim(tx, chat)
            return int(row["id"])

        return await self._database.write(work)

    async def replace(self, message: int, reply: Reply) -> bool:
        """Put another reply in the place of the bot's message; returns False if the message is gone."""

        async def work(tx: Transaction) -> bool:
            changed = await tx.execute(
                f"UPDATE web_message SET reply = :reply, revision = {_NEXT_REVISION} WHERE id = :id AND reply <> ''",
                id=message,
                reply=codec.dump(reply),
            )
            return changed == 1

        return await self._database.write(work)

    async def latest(self) -> datetime | None:
        """Return when something was said last, or None if nothing ever was."""

        async def work(tx: Transaction) -> Row | None:
            return await tx.one("SELECT at FROM web_message ORDER BY at DESC LIMIT 1")

        row = await self._database.read(work)
        return datetime.fromtimestamp(row["at"], UTC) if row is not None else None

    async def number(self, event: str) -> int | None:
        """Return the id of the message that an event left, or None if it left none."""

        async def work(tx: Transaction) -> Row | None:
            return await tx.one("SELECT id FROM web_message WHERE event = :event", event=event)

        row = await self._database.read(work)
        return int(row["id"]) if row is not None else None

    async def remove(self, message: int) -> bool:
        """Remove one of the bot's messages; returns False if it is gone already."""

        async def work(tx: Transaction) -> bool:
            return await tx.execute("DELETE FROM web_message WHERE id = :id AND reply <> ''", id=message) == 1

        return await self._database.write(work)

    async def message(self, message: int, *, chat: str, account: str) -> Message | None:
        """Return one message if ``account`` may see it in ``chat``."""

        async def work(tx: Transaction) -> Row | None:
            return await tx.one(
                f"SELECT {_COLUMNS} FROM web_message WHERE id = :id AND chat = :chat AND {_VISIBLE}",
                id=message,
                chat=chat,
                account=account,
            )

        row = await self._database.read(work)
        return _read(row) if row is not None else None

    async def page(self, *, chat: str, account: str, before: int | None = None) -> Page:
        """Return the last messages ``account`` sees, or the last ones before a message."""

        async def work(tx: Transaction) -> tuple[Sequence[Row], Row | None]:
            rows = await tx.all(
                f"SELECT {_COLUMNS} FROM web_message WHERE chat = :chat AND {_VISIBLE} AND id < :before"
                " ORDER BY id DESC LIMIT :count",
                chat=chat,
                account=account,
                before=before if before is not None else 2**62,
                count=PAGE_MESSAGES + 1,
            )
            return rows, await tx.one("SELECT coalesce(max(revision), 0) AS latest FROM web_message")

        rows, latest = await self._database.read(work)
        return Page(
            messages=tuple(_read(row) for row in reversed(rows[:PAGE_MESSAGES])),
            older=len(rows) > PAGE_MESSAGES,
            revision=latest["latest"] if latest is not None else 0,
        )

    async def changes(self, *, chat: str, account: str, after: int) -> list[Message]:
        """Return what ``account`` sees that was said or changed after a revision, in the order it happened."""

        async def work(tx: Transaction) -> Sequence[Row]:
            return await tx.all(
                f"SELECT {_COLUMNS} FROM web_message WHERE chat = :chat AND revision > :after AND {_VISIBLE}"
                " ORDER BY revision LIMIT :count",
                chat=chat,
                account=account,
                after=after,
                count=PAGE_MESSAGES,
            )

        return [_read(row) for row in await self._database.read(work)]


async def _trim(tx: Transaction, chat: str) -> None:
    # The newest message also carries the highest revision of its insert, so revisions are never given out twice.
    await tx.execute(
        "DELETE FROM web_message WHERE chat = :chat AND id <="
        " (SELECT id FROM web_message WHERE chat = :chat ORDER BY id DESC LIMIT 1 OFFSET :keep)",
        chat=chat,
        keep=ROOM_MESSAGES,
    )


def _read(row: Row) -> Message:
    return Message(
        id=row["id"],
        revision=row["revision"],
        chat=row["chat"],
        author=row["author"],
        only_for=row["only_for"],
        at=datetime.fromtimestamp(row["at"], UTC),
        text=row["text"],
        reply=_read_reply(row["reply"]) if row["reply"] else None,
    )


def _read_reply(text: str) -> Reply:
    try:
        return codec.load(text)
    except ValueError:
        # Written by another version: one lost card must not take the whole history with it.
        return reply(italic(_("This message can no longer be shown. Ask again to get a fresh one.")))
