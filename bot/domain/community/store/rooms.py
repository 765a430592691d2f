"""SQL for where a community wants its posts, and for the roles it gives."""

from __future__ import annotations

from dataclasses import dataclass

from bot.kit.database import Transaction
from bot.kit.platform import Room
from bot.kit.posting import Address
from bot.kit.request import Role


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody seen in a community, with the role it gave them."""

    person: int
    name: str
    role: Role


class RoomRows:
    """Reads and writes them inside a unit of work."""

    async def room(self, tx: Transaction, community: int, platform: str) -> Room | None:
        """Return where a community wants its posts on a platform."""
        return next((room for room in await self.rooms(tx, community) if room.to.platform == platform), None)

    async def rooms(self, tx: Transaction, community: int) -> list[Room]:
        """Return every place a community wants its posts in, one for each platform."""
        rows = await tx.all(
            """
            SELECT platform, chat, thread, title FROM community_room WHERE community_id = :community ORDER BY platform
            """,
            community=community,
        )
        return [
            Room(Address(str(row["platform"]), str(row["chat"]), str(row["thread"])), str(row["title"])) for row in rows
        ]

    async def chat(self, tx: Transaction, community: int, platform: str) -> str | None:
        """Return the platform's id of a chat in which a community meets there; None if it does not."""
        row = await tx.one(
            "SELECT chat FROM community_place WHERE community_id = :community AND platform = :platform ORDER BY id",
            community=community,
            platform=platform,
        )
        return None if row is None else str(row["chat"])

    async def use(self, tx: Transaction, community: int, room: Room) -> None:
        """Post there from now on."""
        await tx.execute(
            """
            INSERT INTO community_room (community_id, platform, chat, thread, title)
            VALUES (:community, :platform, :chat, :thread, :title)
            ON CONFLICT (community_id, platform) DO UPDATE SET chat = :chat, thread = :thread, title = :title
            """,
            community=community,
            platform=room.to.platform,
            chat=room.to.chat,
            thread=room.to.thread,
            title=room.title,
        )

    async def leave(self, tx: Transaction, community: int, platform: str) -> None:
        """Post nowhere on a platform any more."""
        await tx.execute(
            "DELETE FROM community_room WHERE community_id = :community AND platform = :platform",
            community=community,
            platform=platform,
        )

    async def members(self, tx: Transaction, community: int, *, most: int, named: str = "") -> list[Member]:
        """Return members whose name contains ``named`` (lower case), those with a role first, then the latest."""
        rows = await tx.all(
            """
            SELECT p.id AS person, p.name AS name, m.role AS role FROM community_member AS m
            JOIN community_person AS p ON p.id = m.person_id
            WHERE m.community_id = :community AND (:named = '' OR LOWER(p.name) LIKE '%' || :named || '%')
            ORDER BY CASE WHEN m.role = 'member' THEN 1 ELSE 0 END, m.joined_at DESC, p.id DESC LIMIT :most
            """,
            community=community,
            named=named,
            most=most,
        )
        return [Member(int(row["person"]), str(row["name"]), Role(row["role"])) for row in rows]

    async def member(self, tx: Transaction, community: int, person: int) -> Member | None:
        """Return one member, or None for somebody never seen there."""
        row = await tx.one(
            """
            SELECT p.name AS name, m.role AS role FROM community_member AS m
            JOIN community_person AS p ON p.id = m.person_id
            WHERE m.community_id = :community AND m.person_id = :person
            """,
            community=community,
            person=person,
        )
        return None if row is None else Member(person, str(row["name"]), Role(row["role"]))

    async def give(self, tx: Transaction, community: int, person: int, role: Role) -> None:
        """Give a member a role."""
        await tx.execute(
            "UPDATE community_member SET role = :role WHERE community_id = :community AND person_id = :person",
            role=role.value,
            community=community,
            person=person,
        )
