"""What people and communities set, read from memory on the way of every request, and changed with an audit line."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from bot.domain.community.store import Change, Known, PreferenceRows, RoomRows
from bot.kit.database import Transaction
from bot.kit.platform import Room
from bot.kit.posting import Address
from bot.kit.preference import Preference, Scope
from bot.kit.request import Role

REMEMBERED: Final = 20_000
"""Owners whose values are kept in memory; some hundred bytes each."""
ROOM: Final = "room"
ROLE: Final = "role"
QUESTION: Final = "question"
MILESTONE: Final = "milestone"
"""Names in the audit list of what is no preference; a question's is followed by its id."""

UndoOther = Callable[[Transaction, int, Change, int, datetime], Awaitable[bool]]
"""Takes a change of a community back, for a person, at a moment; returns whether it could be."""


@dataclass(frozen=True, slots=True)
class Undone:
    """What undoing a change led to: the change; None if it could not be, because a later one stands."""

    change: Change | None


class Preferences:
    """Reads and changes preferences, rooms and given roles.

    Values are remembered by owner and revision. The revision is read anew with every request, so that a change is seen
    by every process at once and nothing has to be told to anybody.
    """

    def __init__(self) -> None:
        self._declared: Mapping[str, Preference] = {}
        self._rows = PreferenceRows()
        self.rooms = RoomRows()
        self._others: dict[str, UndoOther] = {}
        self._values: OrderedDict[tuple[Scope, int], tuple[int, Mapping[str, str]]] = OrderedDict()

    def declare(self, preferences: Sequence[Preference]) -> None:
        """Take every preference of every feature; raises ``ValueError`` if a name is used twice."""
        declared: dict[str, Preference] = {}
        for preference in preferences:
            if preference.name in declared:
                raise ValueError(f"the preference {preference.name} is declared twice")
            declared[preference.name] = preference
        self._declared = declared

    @property
    def declared(self) -> Mapping[str, Preference]:
        """Every preference by name, in the order declared."""
        return self._declared

    async def of_known(self, tx: Transaction, known: Known) -> Mapping[str, str]:
        """Return what an asker and the community they ask in have set, by name; from memory if nothing changed."""
        own = await self._remembered(tx, Scope.PERSON, known.person, known.revision)
        if known.community is None:
            return own
        ours = await self._remembered(tx, Scope.COMMUNITY, known.community, known.community_revision)
        return {**own, **ours} if own and ours else own or ours

    def remembered(self, known: Known) -> Mapping[str, str] | None:
        """Return the same as ``of_known`` if it is in memory, else None."""
        own = self._values.get((Scope.PERSON, known.person))
        if own is None or own[0] != known.revision:
            return None
        if known.community is None:
            return own[1]
        ours = self._values.get((Scope.COMMUNITY, known.community))
        if ours is None or ours[0] != known.community_revision:
            return None
        return {**own[1], **ours[1]} if own[1] and ours[1] else own[1] or ours[1]

    async def of(self, tx: Transaction, scope: Scope, owner: int) -> Mapping[str, str]:
        """Return what an owner has set, read anew; for jobs and for what is about to be changed."""
        return await self._rows.read(tx, scope, owner)

    async def change(
        self, tx: Transaction, preference: Preference, owner: int, value: str, *, by: int, at: datetime
    ) -> str | None:
        """Set a preference to a canonical value; return the value before, or None if nothing changed.

        A change of a community is noted in its audit list.
        """
        before = preference.of(await self._rows.read(tx, preference.scope, owner))
        if before == value:
            return None
        await self._set(tx, preference, owner, value)
        if preference.scope is Scope.COMMUNITY:
            await self._rows.note(tx, owner, by, int(at.timestamp()), preference.name, before, value)
        return before

    async def _set(self, tx: Transaction, preference: Preference, owner: int, value: str) -> None:
        kept = "" if value == preference.default else value
        await self._rows.write(tx, preference.scope, owner, preference.name, kept)
        if preference.obey is not None:
            await preference.obey(tx, owner, value)

    async def use_room(self, tx: Transaction, community: int, room: Room, *, by: int, at: datetime) -> bool:
        """Post in a room from now on; return whether that is new."""
        before = await self.rooms.room(tx, community, room.to.platform)
        if before is not None and before.to == room.to:
            return False
        await self.rooms.use(tx, community, room)
        was = "" if before is None else f"{before.to.platform} {before.to.chat} {before.to.thread} {before.title}"
        now = f"{room.to.platform} {room.to.chat} {room.to.thread} {room.title}"
        await self._rows.note(tx, community, by, int(at.timestamp()), ROOM, was, now)
        return True

    async def give_role(
        self, tx: Transaction, community: int, person: int, role: Role, *, by: int, at: datetime
    ) -> bool:
        """Give a member a role; return whether anything changed (not for somebody never seen there)."""
        member = await self.rooms.member(tx, community, person)
        if member is None or member.role is role:
            return False
        await self.rooms.give(tx, community, person, role)
        await self._rows.note(tx, community, by, int(at.timestamp()), ROLE, member.role.value, role.value, about=person)
        return True

    async def note(
        self, tx: Transaction, community: int, what: str, before: str, after: str, *, by: int, at: datetime,
        about: int | None = None,
    ) -> int:  # fmt: skip
        """Add a line to the audit list about what a feature changed; return its number.

        It is undone where it was done, and from the list only if its first word is one that ``undoes`` knows. ``what``
        is marked with ``N_``; ``about`` is whose it is.
        """
        return await self._rows.note(tx, community, by, int(at.timestamp()), what, before, after, about)

    def undoes(self, name: str, undo: UndoOther) -> None:
        """Let changes that a feature notes, whose names begin with a word, be taken back by it."""
        self._others[name] = undo

    async def changes(self, tx: Transaction, community: int, most: int = 10) -> list[Change]:
        """Return the audit list, newest first."""
        return await self._rows.changes(tx, community, most)

    async def changes_by(self, tx: Transaction, community: int, person: int, since: int) -> list[Change]:
        """Return what one person changed since a moment (Unix seconds), newest first."""
        return await self._rows.changes_by(tx, community, person, since)

    async def undo(self, tx: Transaction, community: int, number: int, *, by: int, at: datetime) -> Undone:
        """Take a change back, unless something changed the same thing since; the taking back is a change as well."""
        change = await self._rows.change(tx, community, number)
        if change is None or change.undone:
            return Undone(None)
        if await self._rows.latest(tx, community, change.name, change.about_person) != number:
            return Undone(None)
        if change.name == ROLE and change.about_person is not None:
            await self.rooms.give(tx, community, change.about_person, Role(change.before))
        elif change.name == ROOM:
            platform, _gap, rest = (change.before or change.after).partition(" ")
            if change.before:
                chat, thread, title = [*rest.split(" ", 2), "", ""][:3]
                await self.rooms.use(tx, community, Room(Address(platform, chat, thread), title))
            else:
                await self.rooms.leave(tx, community, platform)
        elif change.name in self._declared:
            await self._set(tx, self._declared[change.name], community, change.before)
        elif (other := self._others.get(change.name.partition(" ")[0])) is not None:
            if not await other(tx, community, change, by, at):
                return Undone(None)
        else:
            return Undone(None)
        await self._rows.undone(tx, number)
        back = await self._rows.note(
            tx, community, by, int(at.timestamp()), change.name, change.after, change.before, change.about_person
        )
        await self._rows.undone(tx, back)
        return Undone(change)

    async def _remembered(self, tx: Transaction, scope: Scope, owner: int, revision: int) -> Mapping[str, str]:
        key = (scope, owner)
        known = self._values.get(key)
        if known is not None and known[0] == revision:
            return known[1]
        values = await self._rows.read(tx, scope, owner)
        self._values[key] = (revision, values)
        self._values.move_to_end(key)
        if len(self._values) > REMEMBERED:
            self._values.popitem(last=False)
        return values
