"""A feature for simulations: it posts something every day, every few days or hours, and what people ask it to note."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import time

from bot.domain.tools import Tools
from bot.kit.command import Command, Param
from bot.kit.database import Transaction
from bot.kit.feature import Feature
from bot.kit.posting import Address, Post
from bot.kit.reply import Reply, reply
from bot.kit.request import Request, Role
from bot.kit.schedule import Daily, Due, Every, Job, Owner, Plan, Rule, Weekly

RULES: tuple[tuple[Rule, str], ...] = (
    (Daily(time(2, 30)), "Europe/Berlin"),
    (Daily(time(0, 0)), "America/New_York"),
    (Daily(time(9, 0)), "Australia/Lord_Howe"),
    (Daily(time(23, 59)), "Pacific/Apia"),
    (Weekly(frozenset({1, 3, 7}), time(1, 30)), "Europe/London"),
    (Every(360), "UTC"),
)
SAID = "said-"
NOTED = "Noted."


@dataclass(frozen=True, slots=True)
class Diary:
    """Writes a post for each occurrence and each thing asked, in the unit of work in which that is noted.

    Every key ends in chance, so that the outbox does not hide it if something is done twice.
    """

    tools: Tools

    async def write(self, due: Due) -> None:
        """Keep the post of an occurrence."""
        data = due.plan.plan.data
        key = f"day-{due.plan.plan.tag}-{due.key}~{self.tools.dice.token(6)}"
        to = Address(str(data["platform"]), str(data["chat"]), str(data["thread"]))

        async def work(tx: Transaction) -> None:
            await self.tools.outbox.post(tx, Post(to, reply(f"{key}#0"), key, report_to=_desk(to)))

        await self.tools.database.write(work)

    async def scribble(self, request: Request, what: str = "") -> Reply:
        """Post what somebody asked to note, where they asked."""
        to = request.here
        assert to is not None
        key = f"{SAID}{what}~{self.tools.dice.token(6)}"

        async def work(tx: Transaction) -> None:
            await self.tools.outbox.post(tx, Post(to, reply(f"{key}#0"), key, report_to=_desk(to)))

        await self.tools.database.write(work)
        return reply(NOTED)

    async def plan(self, tx: Transaction, number: int, to: Address) -> None:
        """Plan the posts of a rule."""
        rule, zone = RULES[number]
        data = {"platform": to.platform, "chat": to.chat, "thread": to.thread}
        await self.tools.schedules.plan(
            tx, Plan("diary.write", Owner(community=number + 1), rule, zone, str(number), data)
        )


def _desk(to: Address) -> Address:
    return Address("telegram", "-199") if to.platform == "telegram" else Address("discord", "900", "299")


def build(tools: Tools) -> Feature:
    """Make the feature."""
    diary = Diary(tools)
    scribble = Command(
        "scribble", "Note something", diary.scribble, (Param("what", "What to note"),), needs=Role.STRANGER
    )
    return Feature(name="diary", commands=(scribble,), jobs=(Job("diary.write", diary.write),))
