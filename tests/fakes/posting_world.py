"""An outbox, a sender and a platform on virtual time; the process can die and begin again over the same file."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta
from pathlib import Path
from typing import TypeVar

from bot.engine.alarm import Alarm
from bot.engine.outbox import Postbox
from bot.engine.reports import ReportButtons
from bot.engine.sender import POLL, Sender
from bot.engine.settling import Settling
from bot.infra.database_inline import InlineDatabase
from bot.kit.database import Database, Transaction
from bot.kit.posting import Address, Courier, Post, Posted, State
from bot.kit.reply import Reply, reply
from bot.kit.text import para
from tests.fakes.clock import FakeDice
from tests.fakes.courier import FakeCourier, FakePlatform
from tests.fakes.databases import open_quick
from tests.fakes.engine_tables import engine_migrations
from tests.fakes.migrated import migrate
from tests.fakes.virtual_time import VirtualClock

Result = TypeVar("Result")
ROOM = Address("fake", "room")
DESK = Address("fake", "desk")
BUTTONS = ReportButtons(resend=lambda post: f"resend:{post}", leave=lambda post: f"leave:{post}")


def said(*texts: str) -> Reply:
    """A reply of one message for each text."""
    return reply(*(para(text) for text in texts))


def post(key: str = "one", *texts: str, to: Address = ROOM, report_to: Address | None = DESK, **rest: object) -> Post:
    """A post that says its key, or ``texts``."""
    return Post(to=to, reply=said(*(texts or (key,))), key=key, report_to=report_to, **rest)  # type: ignore[arg-type]


class PostingWorld:
    """One process: its database, outbox and sender. ``restart`` is another process over the same file."""

    def __init__(
        self,
        database: Database,
        clock: VirtualClock,
        couriers: Sequence[Courier],
        moved: Callable[[Transaction, Address, Address], Awaitable[None]] | None = None,
        poll: timedelta = POLL,
    ) -> None:
        self.database = database
        self.clock = clock
        self.alarm = Alarm()
        self.outbox = Postbox(clock, self.alarm.ring)
        settling = Settling(self.outbox, BUTTONS) if moved is None else Settling(self.outbox, BUTTONS, moved)
        self.sender = Sender(database, clock, FakeDice(), couriers, settling, self.alarm, poll=poll)

    @classmethod
    async def open(
        cls, clock: VirtualClock, couriers: Sequence[Courier], path: Path | None = None, *, poll: timedelta = POLL
    ) -> PostingWorld:
        is_new = path is None or not path.exists()  # noqa: ASYNC240 - nothing else runs meanwhile
        database = open_quick(path)
        for setting in ("synchronous = OFF", "journal_mode = MEMORY"):  # processes die here, power never fails
            if isinstance(database, InlineDatabase):
                database._connection.execute(f"PRAGMA {setting}").close()
        if is_new:
            await migrate(database, engine_migrations(), before_change=None, now=0)
        return cls(database, clock, couriers, poll=poll)

    async def post(self, *posts: Post) -> list[int]:
        async def work(tx: Transaction) -> list[int]:
            return [await self.outbox.post(tx, one) for one in posts]

        return await self.database.write(work)

    async def do(self, work: Callable[[Transaction], Awaitable[Result]]) -> Result:
        return await self.database.write(work)

    async def edit(self, number: int, *texts: str) -> None:
        await self.do(lambda tx: self.outbox.edit(tx, number, said(*texts)))

    async def delete(self, number: int) -> None:
        await self.do(lambda tx: self.outbox.delete(tx, number))

    async def fate(self, number: int) -> Posted:
        fate = await self.do(lambda tx: self.outbox.fate(tx, number))
        assert fate is not None
        return fate

    async def state(self, number: int) -> State:
        return (await self.fate(number)).state

    async def close(self) -> None:
        await self.sender.stop()
        await self.database.close()


__all__ = ["DESK", "ROOM", "FakeCourier", "FakePlatform", "PostingWorld", "post", "said"]
