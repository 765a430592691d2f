"""What Discord needs remembered over a restart: commands it knows, forms behind buttons, new servers, languages."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from bot.kit import codec
from bot.kit.database import Database, Row, Transaction
from bot.kit.reply import Form, Reply
from bot.platforms.discord.limits import ARRIVAL_DAYS, FORM_DAYS, LANGUAGE_NOTED_DAYS


@dataclass(frozen=True, slots=True)
class DiscordStore:
    """The one who asks the database."""

    database: Database

    async def fingerprint(self, application: str) -> str:
        """Return the fingerprint of the commands an application was last given, or an empty text."""

        async def work(tx: Transaction) -> Row | None:
            return await tx.one(
                "SELECT fingerprint FROM discord_registered WHERE application = :application", application=application
            )

        row = await self.database.read(work)
        return str(row["fingerprint"]) if row is not None else ""

    async def registered(self, application: str, fingerprint: str) -> None:
        """Note that an application was given commands."""

        async def work(tx: Transaction) -> None:
            await tx.execute(
                "INSERT INTO discord_registered (application, fingerprint) VALUES (:application, :fingerprint)"
                " ON CONFLICT (application) DO UPDATE SET fingerprint = excluded.fingerprint",
                application=application,
                fingerprint=fingerprint,
            )

        await self.database.write(work)

    async def keep_form(self, form: Form, now: int) -> str:
        """Keep a form and return its id; the same form has the same id. ``now`` is in Unix seconds."""
        text = codec.dump(Reply(form=form))
        name = hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:32]

        async def work(tx: Transaction) -> None:
            await tx.execute("DELETE FROM discord_form WHERE asked_at < :before", before=now - FORM_DAYS * 86_400)
            await tx.execute(
                "INSERT INTO discord_form (id, reply, asked_at) VALUES (:id, :reply, :now)"
                " ON CONFLICT (id) DO UPDATE SET asked_at = excluded.asked_at",
                id=name,
                reply=text,
                now=now,
            )

        await self.database.write(work)
        return name

    async def form(self, name: str) -> Form | None:
        """Return a kept form, or None if there is none or another version wrote it."""

        async def work(tx: Transaction) -> Row | None:
            return await tx.one("SELECT reply FROM discord_form WHERE id = :id", id=name)

        row = await self.database.read(work)
        if row is None:
            return None
        try:
            return codec.load(row["reply"]).form
        except ValueError:
            return None

    async def has_arrived(self, event: str) -> bool:
        """Return whether an arrival of the bot was told of before."""

        async def work(tx: Transaction) -> bool:
            return await tx.one("SELECT event FROM discord_arrived WHERE event = :event", event=event) is not None

        return await self.database.read(work)

    async def arrived(self, event: str, now: int) -> None:
        """Note that an arrival of the bot was told of; forget those nobody tells of any more. In Unix seconds."""

        async def work(tx: Transaction) -> None:
            await tx.execute("DELETE FROM discord_arrived WHERE at < :before", before=now - ARRIVAL_DAYS * 86_400)
            await tx.execute(
                "INSERT INTO discord_arrived (event, at) VALUES (:event, :now) ON CONFLICT (event) DO NOTHING",
                event=event,
                now=now,
            )

        await self.database.write(work)

    async def language(self, account: str) -> str:
        """Return the language of somebody's app as it was last kept, or an empty text."""

        async def work(tx: Transaction) -> Row | None:
            return await tx.one("SELECT language FROM discord_language WHERE account = :account", account=account)

        row = await self.database.read(work)
        return str(row["language"]) if row is not None else ""

    async def keep_language(self, account: str, language: str, now: int) -> None:
        """Keep the language of somebody's app, unless the same was kept lately. ``now`` is in Unix seconds."""

        async def work(tx: Transaction) -> None:
            await tx.execute(
                "INSERT INTO discord_language (account, language, at) VALUES (:account, :language, :now)"
                " ON CONFLICT (account) DO UPDATE SET language = excluded.language, at = excluded.at"
                " WHERE discord_language.language <> excluded.language OR discord_language.at < :before",
                account=account,
                language=language,
                now=now,
                before=now - LANGUAGE_NOTED_DAYS * 86_400,
            )

        await self.database.write(work)
