"""What a community is told about its questions, in its rooms and its language."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from bot.domain.questions.store import Flags
from bot.domain.tools import Tools
from bot.features.questions.card import Correction
from bot.features.questions.replies import posts
from bot.kit.database import Transaction
from bot.kit.posting import Address, Doubt, Post
from bot.kit.preference import Scope
from bot.kit.reply import Reply
from bot.kit.wording import DEFAULT_LANGUAGE, speaking


class News:
    """Writes posts in the unit of work of what they tell."""

    def __init__(self, tools: Tools) -> None:
        self._tools = tools
        self._flags = Flags()

    async def corrected(self, tx: Transaction, community: int, told: Correction, revision: int) -> None:
        """Tell what was corrected, how many people's points changed, and whom to thank. Once for each change."""
        names, unnamed = await self._flags.thanked(tx, community, told.question.id)
        elsewhere = replace(told, marks_old=False)
        key = f"questions:{community}:{revision}"
        await self._post(
            tx, community, key,
            lambda to: posts.corrected(told if self._marks_polls(to) else elsewhere, names, unnamed),
        )  # fmt: skip

    def _marks_polls(self, to: Address) -> bool:
        surroundings = self._tools.surroundings(to.platform)
        return surroundings is not None and surroundings.marks_polls

    async def waits(self, tx: Transaction, community: int, at: datetime) -> None:
        """Tell moderators, without a name, that a question waits; once a day however many do."""
        key = f"questions:{community}:waits:{at.astimezone(UTC).date().isoformat()}"
        await self._post(tx, community, key, lambda _to: posts.waits())

    async def _post(self, tx: Transaction, community: int, key: str, told: Callable[[Address], Reply]) -> None:
        rooms = await self._tools.preferences.rooms.rooms(tx, community)
        if not rooms:
            return
        ours = await self._tools.preferences.of(tx, Scope.COMMUNITY, community)
        for room in rooms:
            with speaking(self._tools.catalogue(ours.get("our-language", DEFAULT_LANGUAGE))):
                reply = told(room.to)
            post = Post(room.to, reply, f"{key}:{room.to.platform}", community, expires=timedelta(days=2),
                        doubt=Doubt.REPEAT, report_to=room.to)  # fmt: skip
            await self._tools.outbox.post(tx, post)
