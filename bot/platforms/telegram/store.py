"""What Telegram's side remembers across restarts: updates in hand, forms half-way, waiting answers, open polls."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from bot.kit import codec
from bot.kit.database import Database, Row, Transaction
from bot.kit.reply import Form, Reply
from bot.kit.request import Setting, Where
from bot.platforms.telegram.limits import DIALOGUE_DAYS, EARLY_DAYS, POLL_DAYS, UPDATES_KEPT_SECONDS, WAITING_DAYS
from bot.platforms.telegram.topics import Topic

DAY = 86_400


@dataclass(frozen=True, slots=True)
class Dialogue:
    """A form being filled in, one question after another.

    Attributes:
        account: whose private chat it is held in.
        event: the event the filled-in form will be; also keeps buttons of other forms apart.
        step: the field asked now.
        answers: what was answered so far.
        origin: the place where the form was asked for.
    """

    account: str
    event: str
    form: Form
    step: int
    answers: Mapping[str, str]
    origin: Where


@dataclass(frozen=True, slots=True)
class Waiting:
    """An answer for one person's eyes that could not be brought to them."""

    account: str
    event: str
    reply: Reply
    origin: Where


class TelegramStore:
    """The one who asks the database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def keep(self, updates: Sequence[tuple[int, str]], now: int) -> list[int]:
        """Keep updates, given as (id, JSON); return the ids that were not known yet."""

        async def work(tx: Transaction) -> list[int]:
            fresh = []
            for number, body in updates:
                row = await tx.one(
                    "INSERT INTO telegram_update (id, at, body) VALUES (:id, :at, :body)"
                    " ON CONFLICT (id) DO NOTHING RETURNING id",
                    id=number,
                    at=now,
                    body=body,
                )
                if row is not None:
                    fresh.append(number)
            return fresh

        return await self._database.write(work)

    async def handled(self, updates: Sequence[int]) -> None:
        """Note that updates need nothing more; their ids are remembered for two days."""

        async def work(tx: Transaction) -> None:
            for update in updates:
                await tx.execute("UPDATE telegram_update SET body = '' WHERE id = :id", id=update)

        await self._database.write(work)

    async def left_over(self) -> list[tuple[int, str]]:
        """Return updates that an earlier run kept and did not finish, oldest first."""

        async def work(tx: Transaction) -> Sequence[Row]:
            return await tx.all("SELECT id, body FROM telegram_update WHERE body <> '' ORDER BY id")

        return [(row["id"], row["body"]) for row in await self._database.read(work)]

    async def hold(self, updates: Sequence[int], now: int) -> None:
        """Show other processes that updates are in hand here."""

        async def work(tx: Transaction) -> None:
            await tx.many(
                "UPDATE telegram_update SET at = :now WHERE id = :id AND body <> ''",
                [{"id": update, "now": now} for update in updates],
            )

        await self._database.write(work)

    async def take_over(self, now: int, *, untouched_since: int) -> list[tuple[int, str]]:
        """Take updates that nobody has had in hand since a moment (Unix seconds), oldest first, each by one process."""

        async def look(tx: Transaction) -> Row | None:
            return await tx.one(
                "SELECT id FROM telegram_update WHERE body <> '' AND at <= :old LIMIT 1", old=untouched_since
            )

        async def work(tx: Transaction) -> Sequence[Row]:
            return await tx.all(
                "UPDATE telegram_update SET at = :now WHERE body <> '' AND at <= :old RETURNING id, body",
                now=now,
                old=untouched_since,
            )

        if await self._database.read(look) is None:  # nearly always
            return []
        return sorted((row["id"], row["body"]) for row in await self._database.write(work))

    async def forget(self, now: int) -> None:
        """Forget what is too old to matter; Telegram may use the numbers of old updates anew after a silent week."""

        async def work(tx: Transaction) -> None:
            await tx.execute("DELETE FROM telegram_update WHERE at < :old", old=now - UPDATES_KEPT_SECONDS)
            await tx.execute("DELETE FROM telegram_waiting WHERE at < :old", old=now - WAITING_DAYS * DAY)
            await tx.execute("DELETE FROM telegram_dialogue WHERE at < :old", old=now - DIALOGUE_DAYS * DAY)
            await tx.execute("DELETE FROM telegram_poll WHERE at < :old", old=now - POLL_DAYS * DAY)
            await tx.execute("DELETE FROM telegram_asking WHERE at < :old", old=now - EARLY_DAYS * DAY)
            await tx.execute("DELETE FROM telegram_vote WHERE at < :old", old=now - EARLY_DAYS * DAY)

        await self._database.write(work)

    async def save_dialogue(self, dialogue: Dialogue, now: int) -> None:
        """Keep where a dialogue stands; it takes the place of any other with the same person."""

        async def work(tx: Transaction) -> None:
            await tx.execute(
                "INSERT INTO telegram_dialogue (account, event, form, step, answers, origin, at)"
                " VALUES (:account, :event, :form, :step, :answers, :origin, :at)"
                " ON CONFLICT (account) DO UPDATE SET event = excluded.event, form = excluded.form,"
                " step = excluded.step, answers = excluded.answers, origin = excluded.origin,"
                " at = excluded.at",
                account=dialogue.account,
                event=dialogue.event,
                form=codec.dump(Reply(form=dialogue.form)),
                step=dialogue.step,
                answers=json.dumps(dict(dialogue.answers), ensure_ascii=False),
                origin=dump_where(dialogue.origin),
                at=now,
            )

        await self._database.write(work)

    async def dialogue(self, account: str, now: int) -> Dialogue | None:
        """Return the dialogue held with somebody, if there is one that is not too old."""

        async def work(tx: Transaction) -> tuple[Row, Where] | None:
            row = await tx.one(
                "SELECT account, event, form, step, answers, origin FROM telegram_dialogue"
                " WHERE account = :account AND at >= :old",
                account=account,
                old=now - DIALOGUE_DAYS * DAY,
            )
            return (row, await present_where(tx, row["origin"])) if row is not None else None

        found = await self._database.read(work)
        if found is None:
            return None
        row, origin = found
        try:
            form = codec.load(row["form"]).form
        except ValueError:  # written by another version: the form is asked for again
            return None
        if form is None or row["step"] >= len(form.fields):
            return None
        return Dialogue(row["account"], row["event"], form, row["step"], json.loads(row["answers"]), origin)

    async def end_dialogue(self, account: str, event: str) -> None:
        """Forget a dialogue, unless another one has taken its place."""

        async def work(tx: Transaction) -> None:
            await tx.execute(
                "DELETE FROM telegram_dialogue WHERE account = :account AND event = :event",
                account=account,
                event=event,
            )

        await self._database.write(work)

    async def put_aside(self, door: str, waiting: Waiting, now: int) -> None:
        """Keep an answer until its person comes through the door."""

        async def work(tx: Transaction) -> None:
            await tx.execute(
                "INSERT INTO telegram_waiting (door, account, event, reply, origin, at)"
                " VALUES (:door, :account, :event, :reply, :origin, :at)",
                door=door,
                account=waiting.account,
                event=waiting.event,
                reply=codec.dump(waiting.reply),
                origin=dump_where(waiting.origin),
                at=now,
            )

        await self._database.write(work)

    async def waiting(self, door: str, now: int) -> Waiting | None:
        """Return the answer behind a door, if there is one that is not too old. It may be collected again."""

        async def work(tx: Transaction) -> tuple[Row, Where] | None:
            row = await tx.one(
                "SELECT account, event, reply, origin FROM telegram_waiting WHERE door = :door AND at >= :old",
                door=door,
                old=now - WAITING_DAYS * DAY,
            )
            return (row, await present_where(tx, row["origin"])) if row is not None else None

        found = await self._database.read(work)
        if found is None:
            return None
        row, origin = found
        try:
            return Waiting(row["account"], row["event"], codec.load(row["reply"]), origin)
        except ValueError:  # written by another version
            return None

    async def moved(self, old: str, new: str) -> None:
        """Note that a group has another id, so that whatever began under the old one goes on under the new."""

        async def work(tx: Transaction) -> None:
            await tx.execute(
                "INSERT INTO telegram_moved (old, new) VALUES (:old, :new)"
                " ON CONFLICT (old) DO UPDATE SET new = excluded.new",
                old=old,
                new=new,
            )

        await self._database.write(work)

    async def came_from_elsewhere(self, chat: str) -> bool:
        """Return whether a group had another id before."""

        async def work(tx: Transaction) -> bool:
            return await tx.one("SELECT old FROM telegram_moved WHERE new = :chat LIMIT 1", chat=chat) is not None

        return await self._database.read(work)

    async def note_topic(self, topic: Topic) -> None:
        """Keep what was told of a topic; what was not told about it stays as it was."""

        async def work(tx: Transaction) -> None:
            await tx.execute(
                "INSERT INTO telegram_topic (chat, thread, name, is_closed) VALUES (:chat, :thread, :name, :fresh)"
                " ON CONFLICT (chat, thread) DO UPDATE SET"
                " name = CASE WHEN excluded.name = '' THEN telegram_topic.name ELSE excluded.name END,"
                " is_closed = CASE WHEN :told = 1 THEN excluded.is_closed ELSE telegram_topic.is_closed END",
                chat=topic.chat,
                thread=topic.thread,
                name=topic.name,
                fresh=int(bool(topic.is_closed)),
                told=int(topic.is_closed is not None),
            )

        await self._database.write(work)

    async def topic(self, chat: str, thread: str) -> Topic | None:
        """Return what was told of a topic, or None if nothing was."""

        async def work(tx: Transaction) -> Row | None:
            return await tx.one(
                "SELECT name, is_closed FROM telegram_topic WHERE chat = :chat AND thread = :thread",
                chat=chat,
                thread=thread,
            )

        row = await self._database.read(work)
        return Topic(chat, thread, row["name"], bool(row["is_closed"])) if row is not None else None


async def present_where(tx: Transaction, text: str) -> Where:
    """Return a place as it was kept, under the id it has now."""
    where = _load_where(text)
    if where.setting is Setting.GROUP:
        row = await tx.one("SELECT new FROM telegram_moved WHERE old = :old", old=where.chat)
        if row is not None:
            return replace(where, chat=row["new"])
    return where


def dump_where(where: Where) -> str:
    """Return a place as text to be kept; ``present_where`` reads it."""
    place: dict[str, Any] = {
        "chat": where.chat, "setting": where.setting.value, "title": where.title, "thread": where.thread
    }  # fmt: skip
    return json.dumps(place, ensure_ascii=False)


def _load_where(text: str) -> Where:
    place = json.loads(text)
    return Where(place["chat"], Setting(place["setting"]), place["title"], place["thread"])


def bodies(updates: Iterable[Mapping[str, Any]]) -> list[tuple[int, str]]:
    """Return updates as they are kept: (id, JSON), in the order of their ids."""
    kept = {update["update_id"]: json.dumps(update, ensure_ascii=True, separators=(",", ":")) for update in updates}
    return sorted(kept.items())
