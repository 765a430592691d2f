"""SQL for polls: what their votes mean, those on their way, and votes that came before their poll's id was known."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from bot.kit.database import Database, Row, Transaction
from bot.kit.request import Role, Sender, Where
from bot.platforms.telegram.incoming import Vote
from bot.platforms.telegram.store import dump_where, present_where

IN_FLIGHT: Final = 120
"""Seconds after which the answer to sending a poll comes no more: courier and library have given up long before."""


@dataclass(frozen=True, slots=True)
class Ballot:
    """What votes in a poll mean.

    Attributes:
        poll: Telegram's id of the poll.
        origin: the place where it stands.
        choices: what each answer does, in order.
        retract: what taking a vote back does, or empty.
        closes: when Telegram closes it by itself, in Unix seconds; None: it does not.
    """

    poll: str
    origin: Where
    choices: tuple[str, ...]
    retract: str
    closes: int | None = None


class BallotStore:
    """Each method is a unit of work of its own."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def expect(self, ballot: Ballot, now: int) -> int:
        """Keep what votes in a poll mean that is about to be sent; its id is not known yet. Returns our own number."""

        async def work(tx: Transaction) -> int:
            row = await tx.one(
                "INSERT INTO telegram_asking (origin, choices, retract, closes, at)"
                " VALUES (:origin, :choices, :retract, :closes, :now) RETURNING id",
                origin=dump_where(ballot.origin),
                choices=json.dumps(ballot.choices),
                retract=ballot.retract,
                closes=ballot.closes,
                now=now,
            )
            assert row is not None  # noqa: S101 - RETURNING answers with the row or raises
            return int(row["id"])

        return await self._database.write(work)

    async def drop(self, asking: int) -> None:
        """Forget a poll that certainly was not sent."""

        async def work(tx: Transaction) -> None:
            await tx.execute("DELETE FROM telegram_asking WHERE id = :asking", asking=asking)

        await self._database.write(work)

    async def save(self, ballot: Ballot, now: int, *, asking: int | None = None) -> None:
        """Keep what votes in a poll mean, now that its id is known."""

        async def work(tx: Transaction) -> None:
            await _keep(tx, ballot, now)
            if asking is not None:
                await tx.execute("DELETE FROM telegram_asking WHERE id = :asking", asking=asking)

        await self._database.write(work)

    async def find(self, poll: str) -> Ballot | None:
        """Return what votes in a poll mean, if it is known as one of ours."""
        return await self._database.read(lambda tx: _find(tx, poll))

    async def put_aside(self, vote: Vote, now: int) -> Ballot | None:
        """Keep a vote in an unknown poll until its id is known; return what it means if that is known after all.

        If one poll alone was sent without Telegram's answer to it being heard, because the process died in between,
        and none is on its way, then this is that one.
        """

        async def work(tx: Transaction) -> Ballot | None:
            known = await _find(tx, vote.poll)
            if known is not None:
                return known
            lost = await tx.all(
                "SELECT id, origin, choices, retract, closes, at FROM telegram_asking"
                " WHERE closes IS NULL OR closes > :now ORDER BY id LIMIT 2",
                now=now,
            )
            if len(lost) == 1 and lost[0]["at"] <= now - IN_FLIGHT:
                ballot = await _ballot(tx, vote.poll, lost[0])
                await _keep(tx, ballot, now)
                await tx.execute("DELETE FROM telegram_asking WHERE id = :asking", asking=lost[0]["id"])
                return ballot
            await tx.execute(
                "INSERT INTO telegram_vote (event, poll, account, name, language, choice, at)"
                " VALUES (:event, :poll, :account, :name, :language, :choice, :now) ON CONFLICT (event) DO NOTHING",
                event=vote.event,
                poll=vote.poll,
                account=vote.sender.account,
                name=vote.sender.name,
                language=vote.sender.language,
                choice=vote.choice,
                now=now,
            )
            return None

        return await self._database.write(work)

    async def waiting(self) -> list[tuple[Vote, int]]:
        """Return votes that were put aside and whose poll is known now, with when they came, the first one first."""

        async def work(tx: Transaction) -> Sequence[Row]:
            return await tx.all(
                "SELECT v.event, v.poll, v.account, v.name, v.language, v.choice, v.at FROM telegram_vote AS v"
                " JOIN telegram_poll AS p ON p.poll = v.poll ORDER BY v.at, LENGTH(v.event), v.event"
            )

        return [
            (
                Vote(row["event"], row["poll"], Sender(row["account"], row["name"], Role.MEMBER, row["language"]),
                     row["choice"]),
                int(row["at"]),
            )
            for row in await self._database.read(work)
        ]  # fmt: skip

    async def settle(self, event: str) -> None:
        """Forget a vote that was put aside: it is done."""

        async def work(tx: Transaction) -> None:
            await tx.execute("DELETE FROM telegram_vote WHERE event = :event", event=event)

        await self._database.write(work)


async def _keep(tx: Transaction, ballot: Ballot, now: int) -> None:
    await tx.execute(
        "INSERT INTO telegram_poll (poll, origin, choices, retract, closes, at)"
        " VALUES (:poll, :origin, :choices, :retract, :closes, :at) ON CONFLICT (poll) DO NOTHING",
        poll=ballot.poll,
        origin=dump_where(ballot.origin),
        choices=json.dumps(ballot.choices),
        retract=ballot.retract,
        closes=ballot.closes,
        at=now,
    )


async def _find(tx: Transaction, poll: str) -> Ballot | None:
    row = await tx.one("SELECT origin, choices, retract, closes FROM telegram_poll WHERE poll = :poll", poll=poll)
    return None if row is None else await _ballot(tx, poll, row)


async def _ballot(tx: Transaction, poll: str, row: Row) -> Ballot:
    where = await present_where(tx, row["origin"])
    return replace(Ballot(poll, where, tuple(json.loads(row["choices"])), row["retract"]), closes=row["closes"])
