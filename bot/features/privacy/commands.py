"""``/privacy``: what is stored about the asker, and what they can do about it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Final

from bot.domain.personal.records import Stored
from bot.domain.personal.store import Subject
from bot.domain.tools import Tools
from bot.features.privacy import actions, replies
from bot.kit.command import Area, Param, command
from bot.kit.database import Transaction
from bot.kit.feature import handles
from bot.kit.reply import Document, Reply
from bot.kit.request import Request, Role, Setting
from bot.kit.wording import N_

EXPORT: Final = "export"
ERASE: Final = "erase"
CONFIRM_WITHIN: Final = timedelta(minutes=10)


class PrivacyCommands:
    """Tells, exports and erases. Everything is about whoever asks, and answered to them alone."""

    def __init__(self, tools: Tools) -> None:
        self._database = tools.database
        self._records = tools.personal

    @command(
        "privacy",
        N_("See, take out or erase what is stored about you"),
        params=(Param("what", N_("export or erase; nothing: what is stored"), choices=(EXPORT, ERASE)),),
        example="/privacy export",
        area=Area.ABOUT,
        private=True,
        needs=Role.STRANGER,
    )
    async def privacy(self, request: Request, what: str = "") -> Reply:
        """Show what is stored, or do what is asked."""
        if what == EXPORT:
            return await self._export(request)
        return await self._ask(request) if what == ERASE else await self._show(request)

    @handles(actions.SHOW, needs=Role.STRANGER)
    async def show(self, request: Request) -> Reply:
        """Show what is stored."""
        return await self._show(request)

    @handles(actions.EXPORT, needs=Role.STRANGER)
    async def export(self, request: Request) -> Reply:
        """Give everything as a file."""
        return await self._export(request)

    @handles(actions.ERASE, needs=Role.STRANGER)
    async def erase(self, request: Request) -> Reply:
        """Say what erasing does, and ask once more."""
        return await self._ask(request)

    @handles(actions.REALLY, needs=Role.STRANGER)
    async def really(self, request: Request, person: int, until: int) -> Reply:
        """Erase, if it was this person who was asked, at most ten minutes ago."""
        left = until - request.at.timestamp()
        if person != request.asker.person:
            return replies.not_yours()
        if not 0 < left <= CONFIRM_WITHIN.total_seconds():
            return replies.too_late()

        async def work(tx: Transaction) -> list[str] | None:
            whose = await self._subject(tx, request)
            if whose is None:
                return None
            told = await self._records.farewells(tx, whose)
            await self._records.erase(tx, whose, request.at)
            return told

        told = await self._database.write(work)
        if told is None:
            return replies.nothing()
        is_clean = await self._records.scrub()
        gone = self._records.copies_gone(request.at) if self._records.leaves_copies else None
        return replies.erased(gone, told, is_clean=is_clean)

    async def _show(self, request: Request) -> Reply:
        stored = await self._stored(request)
        return replies.card(stored, self._records.retention())

    async def _ask(self, request: Request) -> Reply:
        until = int((request.at + CONFIRM_WITHIN).timestamp())
        gone = self._records.copies_gone(request.at) if self._records.leaves_copies else None
        button = actions.REALLY.data(person=request.asker.person, until=until)
        return replies.ask(await self._stored(request), button, datetime.fromtimestamp(until, UTC), gone)

    async def _export(self, request: Request) -> Reply:
        async def work(tx: Transaction) -> str:
            whose = await self._subject(tx, request)
            return "" if whose is None else await self._records.export(tx, whose, request.at)

        text = await self._database.read(work)
        if not text:
            return replies.nothing()
        name = f"roadmate-{request.asker.today(request.at).isoformat()}.json"
        return replies.exported(Document(name, text, "application/json"))

    async def _stored(self, request: Request) -> list[Stored]:
        async def work(tx: Transaction) -> list[Stored]:
            whose = await self._subject(tx, request)
            return [] if whose is None else await self._records.stored(tx, whose)

        return await self._database.read(work)

    async def _subject(self, tx: Transaction, request: Request) -> Subject | None:
        own = None
        if request.setting is Setting.PRIVATE and request.here is not None:
            own = request.here.platform, request.here.chat
        return await self._records.subject(tx, request.asker.person, own)
