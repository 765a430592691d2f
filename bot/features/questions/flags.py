"""What people say is wrong with a question, and when that hides it until a moderator looks."""

from __future__ import annotations

from typing import Final

from bot.domain.questions.bank import Bank
from bot.domain.questions.store import Changes, Flags, Kind
from bot.domain.tools import Tools
from bot.features.questions.card import FAMILY, Heard
from bot.features.questions.news import News
from bot.kit.database import Transaction
from bot.kit.preference import OneOf, Preference, Scope
from bot.kit.request import Request
from bot.kit.wording import N_

NEVER: Final = "never"
HIDE: Final = Preference(
    "flags-hide",
    N_("Hide a flagged question"),
    N_("When so many people say something is wrong with it; until a moderator looks."),
    OneOf({"2": N_("at 2 people"), "3": N_("at 3 people"), "5": N_("at 5 people"), NEVER: N_("never")}),
    "3",
    Scope.COMMUNITY,
)


class Flagging:
    """Keeps flags in every community that they concern."""

    def __init__(self, tools: Tools) -> None:
        self._tools = tools
        self._changes = Changes()
        self._flags = Flags()
        self._news = News(tools)

    async def knows(self, request: Request, name: str) -> bool:
        """Return whether a question is known where somebody asks."""
        bank = await self._tools.shelf.bank()

        async def work(tx: Transaction) -> bool:
            return await self._is_known(tx, bank, await self._places(tx, request), name)

        return await self._tools.database.read(work)

    async def flag(self, request: Request, name: str, reason: str, note: str = "") -> Heard:
        """Keep what somebody says of a question: for the community they say it in, in private for all of theirs.

        A question that enough different people of a community flagged is hidden there until a moderator looks.
        """
        bank = await self._tools.shelf.bank()
        person, at = request.asker.person, int(request.at.timestamp())

        async def work(tx: Transaction) -> Heard:
            places = await self._places(tx, request)
            if not places:
                return Heard.NOWHERE
            told = [community for community in places if await self._is_known(tx, bank, [community], name)]
            for community in told:
                revision = await self._changes.begin(tx, community)  # so that two at a time are both counted
                await self._flags.put(tx, community, name, person, reason, note, at)
                await self._hide(tx, request, community, name, revision)
            return Heard.KEPT if told else Heard.UNKNOWN

        return await self._tools.database.write(work)

    async def _hide(self, tx: Transaction, request: Request, community: int, name: str, revision: int) -> None:
        """Hide a question where enough people flagged it."""
        most = HIDE.of(await self._tools.preferences.of(tx, Scope.COMMUNITY, community))
        if most == NEVER or len(await self._flags.open(tx, community, name)) < int(most):
            return
        latest = await self._changes.latest(tx, community, name)
        if latest is not None and not latest.kind.is_asked:
            return
        body = {name: "" if latest is None else latest.body}
        at = int(request.at.timestamp())
        await self._changes.write(tx, community, revision, body, Kind.HIDDEN, None, at)
        await self._news.waits(tx, community, request.at)

    async def _places(self, tx: Transaction, request: Request) -> list[int]:
        if request.community is not None:
            return [request.community]
        return await self._flags.communities(tx, request.asker.person)

    async def _is_known(self, tx: Transaction, bank: Bank, communities: list[int], name: str) -> bool:
        if bank.get(name) is not None:
            return True
        if name.startswith(FAMILY):
            from bot.domain.questions.families import FAMILIES  # not needed to start

            return name in FAMILIES
        return await self._changes.is_known(tx, communities, name)
