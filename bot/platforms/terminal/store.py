"""What the bot said in the terminal, kept so that every card can be shown and pressed again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from bot.kit import codec
from bot.kit.database import Database, Row, Transaction
from bot.kit.reply import Reply, reply
from bot.kit.text import italic
from bot.kit.wording import _
from bot.platforms.terminal.limits import CHAT_MESSAGES

_VISIBLE = "chat = :chat AND only_for IN ('', :account)"


@dataclass(frozen=True, slots=True)
class Card:
    """Something the bot said. ``only_for`` is the one account that may see it, or empty for everybody in the chat."""

    number: int
    chat: str
    only_for: str
    reply: Reply


class CardStore:
    """The one who asks the database about cards; keeps the newest of each chat."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, *, chat: str, event: str, at: datetime, reply: Reply, only_for: str = "") -> int | None:
        """Keep a card and return its number; returns None and keeps nothing if this ``event`` already left one."""

        async def work(tx: Transaction) -> int | None:
            row = await tx.one(
                "INSERT INTO terminal_message (chat, event, only_for, at, reply)"
                " VALUES (:chat, :event, :only_for, :at, :reply) ON CONFLICT (event) DO NOTHING RETURNING id",
                chat=chat,
                event=event,
                only_for=only_for,
                at=int(at.timestamp()),
                reply=codec.dump(reply),
            )
            if row is None:
                return None
            await tx.execute(
                "DELETE FROM terminal_message WHERE chat = :chat AND id <="
                " (SELECT id FROM terminal_message WHERE chat = :chat ORDER BY id DESC LIMIT 1 OFFSET :keep)",
                chat=chat,
                keep=CHAT_MESSAGES,
            )
            return int(row["id"])

        return await self._database.write(work)

    async def replace(self, message: int, reply: Reply) -> bool:
        """Put another reply in the place of a card; returns False if it is gone."""

        async def work(tx: Transaction) -> bool:
            changed = await tx.execute(
                "UPDATE terminal_message SET reply = :reply WHERE id = :id", id=message, reply=codec.dump(reply)
            )
            return changed == 1

        return await self._database.write(work)

    async def remove(self, message: int) -> bool:
        """Remove a card; returns False if it is gone already."""

        async def work(tx: Transaction) -> bool:
            return await tx.execute("DELETE FROM terminal_message WHERE id = :id", id=message) == 1

        return await self._database.write(work)

    async def number(self, event: str) -> int | None:
        """Return the number of the card that an event left, or None if it left none."""

        async def work(tx: Transaction) -> Row | None:
            return await tx.one("SELECT id FROM terminal_message WHERE event = :event", event=event)

        row = await self._database.read(work)
        return int(row["id"]) if row is not None else None

    async def card(self, number: int, *, chat: str, account: str) -> Card | None:
        """Return one card if ``account`` may see it in ``chat``."""

        async def work(tx: Transaction) -> Row | None:
            return await tx.one(
                f"SELECT id, chat, only_for, reply FROM terminal_message WHERE id = :id AND {_VISIBLE}",
                id=number,
                chat=chat,
                account=account,
            )

        row = await self._database.read(work)
        return _read(row) if row is not None else None

    async def latest(self) -> datetime | None:
        """Return when the newest card of all was said, or None if there is none."""

        async def work(tx: Transaction) -> Row | None:
            return await tx.one("SELECT at FROM terminal_message ORDER BY at DESC LIMIT 1")

        row = await self._database.read(work)
        return datetime.fromtimestamp(row["at"], UTC) if row is not None else None

    async def newest(self, *, chat: str, account: str, count: int) -> list[Card]:
        """Return the last cards that ``account`` sees in ``chat``, the newest first."""

        async def work(tx: Transaction) -> Sequence[Row]:
            return await tx.all(
                f"SELECT id, chat, only_for, reply FROM terminal_message WHERE {_VISIBLE}"
                " ORDER BY id DESC LIMIT :count",
                chat=chat,
                account=account,
                count=count,
            )

        return [_read(row) for row in await self._database.read(work)]


def _read(row: Row) -> Card:
    try:
        said = codec.load(row["reply"])
    except ValueError:  # written by another version
        said = reply(italic(_("This message can no longer be shown. Ask again to get a fresh one.")))
    return Card(row["id"], row["chat"], row["only_for"], said)
