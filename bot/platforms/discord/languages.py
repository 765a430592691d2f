"""The language of each person's app: what people write in private does not tell it, only what they press does."""

from __future__ import annotations

import logging

from bot.kit.clock import Clock
from bot.kit.errors import StorageError
from bot.platforms.discord.limits import LOCALES, PEOPLE_REMEMBERED
from bot.platforms.discord.store import DiscordStore

log = logging.getLogger("roadmate.discord")


class Languages:
    """Remembers them, the latest in memory and all in the database, so that they outlast a restart."""

    def __init__(self, store: DiscordStore, clock: Clock) -> None:
        self._store = store
        self._clock = clock
        self._known: dict[str, str] = {}
        self._kept: set[str] = set()  # of whom what is known was noted in the database since the start

    def note(self, account: str, language: str) -> bool:
        """Remember what somebody's app told just now; return whether that is to be kept as well, by ``keep``.

        Only languages that Discord has are kept.
        """
        is_kept = account in self._kept and self._known.get(account) == language
        self._remember(account, language)
        if is_kept or language not in LOCALES:
            return False
        self._kept.add(account)
        return True

    async def keep(self, account: str, language: str) -> None:
        """Keep what was noted; if that cannot be, the log says so, and it is learned anew after a restart."""
        try:
            await self._store.keep_language(account, language, int(self._clock.now().timestamp()))
        except StorageError as error:
            log.warning("the language of somebody's app could not be kept: %s", error)

    async def of(self, account: str) -> str:
        """Return the language of somebody's app as Discord names it; empty: nobody knows."""
        if account not in self._known:
            try:
                kept = await self._store.language(account)
            except StorageError as error:
                log.warning("the language of somebody's app could not be read: %s", error)
            else:
                if account not in self._known:  # what they pressed meanwhile is newer
                    self._remember(account, kept)
        return self._known.get(account, "")

    def _remember(self, account: str, language: str) -> None:
        self._known.pop(account, None)
        self._known[account] = language
        if len(self._known) > PEOPLE_REMEMBERED:
            forgotten = next(iter(self._known))
            del self._known[forgotten]
            self._kept.discard(forgotten)
