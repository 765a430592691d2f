"""Where milestones are spoken of, and in which language: in the rooms of a community, and to a learner alone."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from datetime import timedelta
from typing import Final

from bot.domain.tools import Tools
from bot.features.milestones.card import Ask
from bot.features.milestones.store import RequestStore
from bot.kit.database import Transaction
from bot.kit.posting import Address, Doubt, Post
from bot.kit.preference import NOTHING, Scope
from bot.kit.reply import Reply
from bot.kit.wording import DEFAULT_LANGUAGE, speaking

CARD: Final = "card"
NEWS: Final = "news"
"""Kinds of posts: a request and what became of it, and that somebody reached something."""
WITHIN: Final = timedelta(days=2)
"""What could not be said by then is of no use any more."""


class Speech:
    """Writes posts in the caller's unit of work. What to say is drawn inside ``of_community`` or ``of_person``.

    A database may give the number of an erased request to a new one, so the key of a post says when it was asked, too.
    """

    def __init__(self, tools: Tools, store: RequestStore) -> None:
        self._tools = tools
        self._store = store

    async def rooms(self, tx: Transaction, community: int, here: Address | None) -> list[Address]:
        """Return where a community wants its posts; ``here`` if it has not said so."""
        rooms = [room.to for room in await self._tools.preferences.rooms.rooms(tx, community)]
        return rooms or ([here] if here is not None else [])

    async def say(
        self, tx: Transaction, ask: Ask, kind: str, card: Reply, rooms: Sequence[Address], now: int, word: str = ""
    ) -> None:
        """Say something about a request once in each room; ``word`` tells apart what is of one kind."""
        for to in rooms:
            key = f"milestones:{ask.id}.{ask.asked_at}:{word or kind}:{to.platform}"
            doubt = Doubt.REPEAT if word or kind == NEWS else Doubt.ASK
            post = Post(to, card, key, ask.community, expires=WITHIN, doubt=doubt, report_to=to)
            number = await self._tools.outbox.post(tx, post)
            await self._store.note_post(tx, number, ask.id, ask.community, kind, now)

    async def reword(self, tx: Transaction, request: int, card: Reply) -> None:
        """Say something else in the place of a request's card."""
        for post in await self._store.posts(tx, request, CARD):
            await self._tools.outbox.edit(tx, post, card)

    async def withdraw(self, tx: Transaction, request: int, *kinds: str) -> None:
        """Take posts about a request back."""
        for kind in kinds:
            for post in await self._store.posts(tx, request, kind):
                await self._tools.outbox.delete(tx, post)

    async def tell(self, tx: Transaction, ask: Ask, word: str, told: Reply) -> None:
        """Tell the learner where they asked in private; who asked among others reads it on their own card."""
        if ask.home is not None:
            key = f"milestones:{ask.id}.{ask.asked_at}:told:{word}"
            await self._tools.outbox.post(tx, Post(ask.home, told, key, expires=WITHIN, doubt=Doubt.REPEAT))

    async def named(self, tx: Transaction, person: int, name: str) -> str:
        """Return the name of somebody as others may read it: empty for those who hide."""
        own = await self._tools.preferences.of(tx, Scope.PERSON, person)
        return "" if own.get("shown") == NOTHING else name

    async def of_community(self, tx: Transaction, community: int) -> AbstractContextManager[None]:
        """Return what speaks the language of a community."""
        ours = await self._tools.preferences.of(tx, Scope.COMMUNITY, community)
        return speaking(self._tools.catalogue(ours.get("our-language", DEFAULT_LANGUAGE)))

    async def of_person(self, tx: Transaction, person: int) -> AbstractContextManager[None]:
        """Return what speaks the language of a person."""
        own = await self._tools.preferences.of(tx, Scope.PERSON, person)
        return speaking(self._tools.catalogue(own.get("language", DEFAULT_LANGUAGE)))
