"""What a community is told about its questions, in its rooms and its language."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from bot.domain.questions.shapes import Question
from bot.domain.questions.store import Flags
from bot.domain.tools import Tools
from bot.features.questions.replies import posts
from bot.kit.database import Transaction
from bot.kit.posting import Doubt, Post
from bot.kit.preference import Scope
from bot.kit.reply import Reply
from bot.kit.wording import DEFAULT_LANGUAGE, speaking


class News:
    """Writes posts in the unit of work of what they tell."""

    def __init__(self, tools: Tools) -> None:
        self._tools = tools
        self._flags = Flags()

    async def corrected(
        self,
        tx: Transaction,
        community: int,
        question: Question,
        revision: int,
        people: int,
        *,
        is_back: bool,
        is_told: bool,
    ) -> None:
        """Tell what was corrected, how many people's points changed, and whom to thank. Once for each change.

        ``is_back``: a correction was taken back. ``is_told``: everybody may read what is right; not while it is asked.
        """
        names, unnamed = await self._flags.thanked(tx, community, question.id)
        await self._post(
            tx,
            community,
            f"questions:{community}:{revision}",
            lambda: posts.corrected(question, people, names, unnamed, is_back=is_back, is_told=is_told),
        )

    async def waits(self, tx: Transaction, community: int, at: datetime) -> None:
        """Tell moderators, without a name, that a question waits; once a day however many do."""
        key = f"questions:{community}:waits:{at.astimezone(UTC).date().isoformat()}"
        await self._post(tx, community, key, posts.waits)

    async def _post(self, tx: Transaction, community: int, key: str, told: Callable[[], Reply]) -> None:
        rooms = await self._tools.preferences.rooms.rooms(tx, community)
        if not rooms:
            return
        ours = await self._tools.preferences.of(tx, Scope.COMMUNITY, community)
        with speaking(self._tools.catalogue(ours.get("our-language", DEFAULT_LANGUAGE))):
            reply = told()
        for room in rooms:
            post = Post(room.to, reply, f"{key}:{room.to.platform}", community, expires=timedelta(days=2),
                        doubt=Doubt.REPEAT, report_to=room.to)  # fmt: skip
            await self._tools.outbox.post(tx, post)
