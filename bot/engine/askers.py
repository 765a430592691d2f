"""Who asks: found in memory while nothing about people and places was written since, else in the database."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from typing import Final

from bot.domain.community.preferences import Preferences
from bot.domain.community.store import Known, People
from bot.kit.database import Database, Stamped, Transaction
from bot.kit.request import Incoming, Role

REMEMBERED: Final = 2_000
"""Askers kept in memory, each by the place they asked in; less than a KiB each."""
OWNER: Final = "community"
"""What the names of the tables begin with that say who asks."""
_Key = tuple[str, str, str, str, str]


class Askers:
    """Finds and meets whoever sent an event.

    A database that is ours alone tells by a number whether anything about people was written (``Stamped``); while it
    stays the same, what was read before is still true, and asking costs no turn of the database's thread.
    """

    def __init__(self, database: Database, people: People, preferences: Preferences, zone: str) -> None:
        self._database = database
        self._people = people
        self._preferences = preferences
        self._zone = zone
        self._stamped = database if isinstance(database, Stamped) else None
        self._known: OrderedDict[_Key, tuple[int, Known]] = OrderedDict()

    async def known(self, incoming: Incoming) -> tuple[Known, Mapping[str, str]]:
        """Return who asks, and what they and the community they ask in have set; meets whoever is new."""
        sender, where = incoming.sender, incoming.where
        key = (incoming.platform, sender.account, sender.name, where.chat, where.setting.value)
        is_stranger = sender.role is Role.STRANGER
        stamp = self._stamped.stamp(OWNER) if self._stamped is not None and not is_stranger else None
        if stamp is not None and (found := self._remembered(key, stamp, incoming)) is not None:
            return found

        async def look(tx: Transaction) -> tuple[Known | None, Mapping[str, str]]:
            known = await self._people.known(tx, incoming)
            if known is None or not known.complete:
                return None, {}
            return known, await self._preferences.of_known(tx, known)

        async def meet(tx: Transaction) -> tuple[Known, Mapping[str, str]]:
            known = await self._people.meet(tx, incoming, zone=self._zone)
            return known, await self._preferences.of_known(tx, known)

        known, values = await self._database.read(look)
        if known is None:
            return await self._database.write(meet)
        if stamp is not None and (known.is_member or known.community is None):
            self._known[key] = (stamp, known)  # read after the stamp was taken, so it is no older than that
            if len(self._known) > REMEMBERED:
                self._known.popitem(last=False)
        return known, values

    async def left(self, incoming: Incoming) -> None:
        """Note that somebody was met as a stranger in a community they belonged to; nobody new is met by this."""
        known = await self._database.read(lambda tx: self._people.known(tx, incoming))
        if known is not None and known.is_member:
            await self._database.write(lambda tx: self._people.leave(tx, incoming))

    async def found(self, incoming: Incoming) -> int:
        """Return the community of a place, made now if it is new; nobody becomes a member by this."""

        async def work(tx: Transaction) -> int:
            return await self._people.found(tx, incoming, zone=self._zone)

        return await self._database.write(work)

    def _remembered(self, key: _Key, stamp: int, incoming: Incoming) -> tuple[Known, Mapping[str, str]] | None:
        before, known = self._known.get(key, (-1, None))
        if known is None or before != stamp or known.since > int(incoming.at.timestamp()):
            return None
        values = self._preferences.remembered(known)
        return None if values is None else (known, values)
