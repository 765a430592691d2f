"""SQL for people, communities and where they meet."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from bot.domain.community.store.erasures import Erasures, micros
from bot.kit.database import Transaction
from bot.kit.errors import AlreadyHandledError
from bot.kit.request import Incoming, Role, Setting, Trigger

_INSIDE: Final = frozenset((Trigger.COMMAND, Trigger.JOINED))
"""What only members can do: a button may still be pressed by somebody who left."""


@dataclass(frozen=True, slots=True)
class Known:
    """What is stored about an asker.

    ``community`` is None in private; ``complete`` says that nothing must be added. The revisions grow with each change
    of what the person or the community set. ``given`` is the role the community gave them, ``since`` when they were met
    first, in Unix seconds. ``is_member`` is False in private, and for whoever left the community, as far as is known.
    """

    person: int
    name: str
    language: str
    zone: str
    day_start: int
    community: int | None
    complete: bool
    is_member: bool = True
    revision: int = 0
    community_revision: int = 0
    community_language: str = ""
    community_zone: str = "UTC"
    given: Role = Role.MEMBER
    since: int = 0


class People:
    """Reads and adds people, communities and places inside a unit of work."""

    async def known(self, tx: Transaction, incoming: Incoming) -> Known | None:
        """Return what is stored about whoever sent ``incoming``, or None if they are new."""
        row = await tx.one(
            """
            SELECT p.id AS person, p.name AS name, p.language AS language, p.zone AS zone, p.day_start AS day_start,
                   p.revision AS revision, p.created_at AS since, place.community_id AS community,
                   member.person_id AS member, member.left_at AS left_at,
                   member.role AS given, c.revision AS community_revision, c.language AS community_language,
                   c.zone AS community_zone
            FROM community_identity AS i
            JOIN community_person AS p ON p.id = i.person_id
            LEFT JOIN community_place AS place ON place.platform = :platform AND place.chat = :chat
            LEFT JOIN community_community AS c ON c.id = place.community_id
            LEFT JOIN community_member AS member
                   ON member.community_id = place.community_id AND member.person_id = p.id
            WHERE i.platform = :platform AND i.account = :account
            """,
            platform=incoming.platform,
            account=incoming.sender.account,
            chat=incoming.where.chat,
        )
        if row is None:
            return None
        alone = incoming.where.setting is Setting.PRIVATE
        has_left = row["left_at"] is not None
        is_stranger = incoming.sender.role is Role.STRANGER
        is_told = has_left if is_stranger else not (has_left and incoming.trigger in _INSIDE)
        return Known(
            person=row["person"],
            name=row["name"],
            language=row["language"],
            zone=row["zone"],
            day_start=row["day_start"],
            community=None if alone else row["community"],
            complete=row["name"] == incoming.sender.name
            and (alone or (row["member"] is not None and is_told))
            and row["since"] <= int(incoming.at.timestamp()),
            is_member=row["member"] is not None and not has_left,
            revision=row["revision"],
            community_revision=row["community_revision"] or 0,
            community_language=row["community_language"] or "",
            community_zone=row["community_zone"] or "UTC",
            given=Role(row["given"]) if row["given"] and not alone else Role.MEMBER,
            since=row["since"],
        )

    async def meet(self, tx: Transaction, incoming: Incoming, *, zone: str) -> Known:
        """Add whatever is not stored yet: person, identity, community, place, membership; return what is known then.

        Whoever comes as a stranger has left; who does what only members can is back.

        Raises ``AlreadyHandledError`` if the sender was erased after they sent this: it must not bring them back.
        """
        now = int(incoming.at.timestamp())
        sender, where = incoming.sender, incoming.where
        known = await self.known(tx, incoming)
        if (known is None or now < known.since) and await Erasures().is_before(
            tx, incoming.platform, sender.account, micros(incoming.at)
        ):
            raise AlreadyHandledError(f"{incoming.platform} event {incoming.event} is of before an erasure")
        if known is None:
            person = await tx.one(
                """
                INSERT INTO community_person (created_at, name, zone) VALUES (:now, :name, :zone) RETURNING id
                """,
                now=now,
                name=sender.name,
                zone=zone,
            )
            assert person is not None  # noqa: S101 - RETURNING answers with the row or raises
            await tx.execute(
                """
                INSERT INTO community_identity (platform, account, person_id) VALUES (:platform, :account, :person)
                """,
                platform=incoming.platform,
                account=sender.account,
                person=person["id"],
            )
            known = await self.known(tx, incoming)
            assert known is not None  # noqa: S101 - it was added just now
        if known.name != sender.name:
            await tx.execute(
                "UPDATE community_person SET name = :name WHERE id = :person", name=sender.name, person=known.person
            )
        if where.setting is not Setting.PRIVATE:
            community = known.community
            if community is None:
                community = await self._found(tx, incoming, now, zone)
            is_stranger = sender.role is Role.STRANGER
            await tx.execute(
                f"""
                INSERT INTO community_member (community_id, person_id, joined_at, left_at)
                VALUES (:community, :person, :now, :left)
                ON CONFLICT (community_id, person_id)
                DO {"UPDATE SET left_at = :left" if is_stranger or incoming.trigger in _INSIDE else "NOTHING"}
                """,
                community=community,
                person=known.person,
                now=now,
                left=now if is_stranger else None,
            )
        fresh = await self.known(tx, incoming)
        assert fresh is not None  # noqa: S101 - it is there now
        return fresh

    async def is_elsewhere(self, tx: Transaction, *ours: str) -> bool:
        """Return whether anybody, or any community, is on a platform that is none of these."""
        rows = await tx.all(
            "SELECT DISTINCT platform FROM community_place UNION SELECT DISTINCT platform FROM community_identity"
        )
        return any(row["platform"] not in ours for row in rows)

    async def leave(self, tx: Transaction, incoming: Incoming) -> None:
        """Note that whoever sent ``incoming`` belongs no more to the community they sent it in."""
        await tx.execute(
            """
            UPDATE community_member SET left_at = :now
            WHERE left_at IS NULL
                AND person_id = (
                    SELECT person_id FROM community_identity WHERE platform = :platform AND account = :account)
                AND community_id = (
                    SELECT community_id FROM community_place WHERE platform = :platform AND chat = :chat)
            """,
            now=int(incoming.at.timestamp()),
            platform=incoming.platform,
            account=incoming.sender.account,
            chat=incoming.where.chat,
        )

    async def found(self, tx: Transaction, incoming: Incoming, *, zone: str) -> int:
        """Return the community of a place, made now if it is new. Nobody becomes a member by this."""
        row = await tx.one(
            "SELECT community_id FROM community_place WHERE platform = :platform AND chat = :chat",
            platform=incoming.platform,
            chat=incoming.where.chat,
        )
        if row is not None:
            return int(row["community_id"])
        return await self._found(tx, incoming, int(incoming.at.timestamp()), zone)

    async def move(self, tx: Transaction, platform: str, old: str, new: str) -> None:
        """Let a place follow its chat to a new id.

        If somebody spoke under the new id already, that place joins the community of the old one, with its members.
        """
        was, there = [
            await tx.one(
                "SELECT id, community_id FROM community_place WHERE platform = :platform AND chat = :chat",
                platform=platform,
                chat=chat,
            )
            for chat in (old, new)
        ]
        if was is None:
            return
        if there is not None:
            await tx.execute("DELETE FROM community_place WHERE id = :place", place=there["id"])
            await tx.execute(
                """
                INSERT INTO community_member (community_id, person_id, joined_at, left_at)
                SELECT :community, person_id, joined_at, left_at FROM community_member WHERE community_id = :left
                ON CONFLICT DO NOTHING
                """,
                community=was["community_id"],
                left=there["community_id"],
            )
        await tx.execute("UPDATE community_place SET chat = :new WHERE id = :place", new=new, place=was["id"])
        await tx.execute(
            "UPDATE community_room SET chat = :new WHERE platform = :platform AND chat = :old",
            new=new,
            platform=platform,
            old=old,
        )

    async def _found(self, tx: Transaction, incoming: Incoming, now: int, zone: str) -> int:
        """Make a community of its own for a place seen for the first time."""
        row = await tx.one(
            """
            INSERT INTO community_community (created_at, title, zone) VALUES (:now, :title, :zone) RETURNING id
            """,
            now=now,
            title=incoming.where.title or incoming.where.chat,
            zone=zone,
        )
        assert row is not None  # noqa: S101 - RETURNING answers with the row or raises
        await tx.execute(
            """
            INSERT INTO community_place (community_id, platform, chat, setting)
            VALUES (:community, :platform, :chat, :setting)
            """,
            community=row["id"],
            platform=incoming.platform,
            chat=incoming.where.chat,
            setting=incoming.where.setting.value,
        )
        return int(row["id"])
