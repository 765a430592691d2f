"""A terminal on a real screen into which a post comes whenever the process is told to: what a test runs beside itself."""

from __future__ import annotations

import asyncio
import signal
import sys

from bot.kit.platform import Answer, Delivery
from bot.kit.posting import Address
from bot.kit.reply import Button, reply
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
        buttons = ((Button("First", "mine.first"),),)
        return Answer(reply(f"You asked {incoming.text}.", buttons=buttons), Delivery.NEW, only_you=False)

    async def post(nonce: str) -> None:
        (part,) = platform.courier.draw(
            HALL, reply("The quiz of the day", buttons=((Button("Vote", "quiz.vote"),),)), ""
        )
        await platform.courier.send(HALL, part, nonce)

    posts: set[asyncio.Task[None]] = set()
    for number in (signal.SIGUSR1, signal.SIGUSR2):
        asyncio.get_running_loop().add_signal_handler(
            number,
            lambda number=number: posts.add(asyncio.ensure_future(post(str(number)))),  # type: ignore[misc]
        )
    await platform.start(respond)
    await platform.wait()


if __name__ == "__main__":
    asyncio.run(main())
