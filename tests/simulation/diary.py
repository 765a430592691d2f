"""A feature for simulations: communities that post something every day, every few days or every few hours."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import time

from bot.domain.tools import Tools
from bot.kit.database import Transaction
from bot.kit.feature import Feature
from bot.kit.posting import Address, Post
from bot.kit.reply import reply
from bot.kit.schedule import Daily, Due, Every, Job, Owner, Plan, Rule, Weekly

RULES: tuple[tuple[Rule, str], ...] = (
    (Daily(time(2, 30)), "Europe/Berlin"),
    (Daily(time(0, 0)), "America/New_York"),
    (Daily(time(9, 0)), "Australia/Lord_Howe"),
    (Daily(time(23, 59)), "Pacific/Apia"),
    (Weekly(frozenset({1, 3, 7}), time(1, 30)), "Europe/London"),
    (Every(360), "UTC"),
)


@dataclass(frozen=True, slots=True)
class Diary:
    """Writes one post for each occurrence, in the unit of work in which the occurrence is noted."""

    tools: Tools

    async def write(self, due: Due) -> None:
        """Keep the post of an occurrence."""
        data = due.plan.plan.data
        key = f"day-{due.plan.plan.tag}-{due.key}"
        to = Address(str(data["platform"]), str(data["chat"]), str(data["thread"]))

        async def work(tx: Transaction) -> None:
            await self.tools.outbox.post(tx, Post(to, reply(f"{key}#0"), key, report_to=_desk(to)))

        await self.tools.database.write(work)

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
    return Feature(name="diary", jobs=(Job("diary.write", Diary(tools).write),))
