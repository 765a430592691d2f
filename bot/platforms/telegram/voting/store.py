"""SQL for polls: what their votes mean, those on their way, and votes that came before their poll's id was known."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from bot.kit.database import Database, Row, Transaction
from bot.kit.request import Role, Sender, Setting, Where
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

        It is also known once votes of two people tell which poll was lost, see ``match``.
        """

        async def work(tx: Transaction) -> Ballot | None:
            known = await _find(tx, vote.poll)
            if known is not None:
                return known
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
            await _match(tx, now, people=2)
            found = await _find(tx, vote.poll)
            if found is not None:
                await tx.execute("DELETE FROM telegram_vote WHERE event = :event", event=vote.event)
            return found

        return await self._database.write(work)

    async def match(self, now: int) -> None:
        """Find out which unknown poll is the one that was sent without Telegram's answer to it being heard.

        That happens when the process dies in between. Exactly one unknown poll may have got votes while that one was
        open, and no other poll on its way may claim it; otherwise nobody guesses.
        """
        lost = await self._database.read(
            lambda tx: tx.one("SELECT id FROM telegram_asking WHERE at <= :before LIMIT 1", before=now - IN_FLIGHT)
        )
        if lost is not None:  # hardly ever
            await self._database.write(lambda tx: _match(tx, now, people=1))

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


async def _match(tx: Transaction, now: int, *, people: int) -> None:
    """Give lost polls their ids, where votes of at least so many people tell them; alone with somebody, of that one."""
    askings = await tx.all("SELECT id, origin, choices, retract, closes, at FROM telegram_asking ORDER BY id")
    if not any(row["at"] <= now - IN_FLIGHT for row in askings):
        return
    votes = await tx.all(
        "SELECT v.poll AS poll, v.account AS account, MIN(v.at) AS at FROM telegram_vote AS v"
        " WHERE NOT EXISTS (SELECT 1 FROM telegram_poll AS p WHERE p.poll = v.poll) GROUP BY v.poll, v.account"
    )
    first: dict[str, int] = {}
    for vote in votes:
        first[vote["poll"]] = min(first.get(vote["poll"], vote["at"]), vote["at"])
    claims: dict[int, dict[str, set[str]]] = {}
    ballots: dict[int, Ballot] = {}
    for row in askings:
        ballots[row["id"]] = asked = await _ballot(tx, "", row)
        alone = asked.origin.chat if asked.origin.setting is Setting.PRIVATE else ""
        voters = claims.setdefault(row["id"], {})
        for vote in votes:
            is_open = first[vote["poll"]] >= row["at"] and (asked.closes is None or vote["at"] < asked.closes)
            if is_open and alone in ("", vote["account"]):
                voters.setdefault(vote["poll"], set()).add(vote["account"])
    for row in askings:
        if row["at"] > now - IN_FLIGHT or len(claims[row["id"]]) != 1:
            continue
        ((poll, accounts),) = claims[row["id"]].items()
        asked = ballots[row["id"]]
        needed = 1 if asked.origin.setting is Setting.PRIVATE else people
        if len(accounts) < needed or sum(poll in voters for voters in claims.values()) > 1:
            continue
        await _keep(tx, replace(asked, poll=poll), now)
        await tx.execute("DELETE FROM telegram_asking WHERE id = :asking", asking=row["id"])


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
