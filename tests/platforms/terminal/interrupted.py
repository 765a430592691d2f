"""A terminal on a real screen into which a post comes whenever the process is told to: what a test runs beside itself."""

from __future__ import annotations

import asyncio
import signal
import sys

from bot.kit.platform import Answer, Delivery
from bot.kit.posting import Address
from bot.kit.reply import reply
from bot.kit.request import Incoming
from bot.platforms import terminal
from tests.fakes.clock import FakeClock, FakeDice
from tests.fakes.databases import open_quick
from tests.platforms.terminal.talking import COMMANDS, nothing_planned, tables

HALL = Address("terminal", "study-hall")


async def main() -> None:
    """Answer whatever is typed with itself, and post on SIGUSR1."""
    clock = FakeClock()
    platform = terminal.build(
        database=await tables(open_quick()), clock=clock, travel=clock, dice=FakeDice(), commands=lambda: COMMANDS,
        suggest=lambda _kind, _text: [], next_event=nothing_planned, called="Ana",
        reads=sys.stdin, writes=sys.stdout,
    )  # fmt: skip

    async def respond(incoming: Incoming) -> Answer:
        return Answer(reply(f"You asked {incoming.text}."), Delivery.NEW, only_you=False)

    async def post() -> None:
        (part,) = platform.courier.draw(HALL, reply("The quiz of the day"), "")
        await platform.courier.send(HALL, part, "n")

    posts: set[asyncio.Task[None]] = set()
    asyncio.get_running_loop().add_signal_handler(signal.SIGUSR1, lambda: posts.add(asyncio.ensure_future(post())))
    await platform.start(respond)
    await platform.wait()


if __name__ == "__main__":
    asyncio.run(main())
