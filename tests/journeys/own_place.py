"""What the study halls of our own surfaces have in common: they are there from the beginning, and nobody comes or goes."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection
from dataclasses import dataclass

from bot.infra.clock import MovableClock
from tests.journeys.place import Running, Visitor, one_of


@dataclass
class OwnPlace:
    """A hall everybody reads; ``look`` reads it."""

    clock: MovableClock
    bot: Running
    hides: bool = True
    here: str = "Here: Study hall"
    is_inner: bool = True

    async def look(self) -> list[str]:
        """Read what stands in the hall, as a stranger there would."""
        raise NotImplementedError

    async def hears(self, words: str, count: int = 1) -> None:
        await self._until(lambda said: sum(words in one for one in said) >= count)

    async def hears_one_of(self, words: Collection[str]) -> str:
        await self._until(lambda said: bool(one_of(words, said)))
        return one_of(words, await self.look())

    async def _until(self, happened: Callable[[list[str]], bool]) -> None:
        async with asyncio.timeout(10):
            while True:
                written = asyncio.ensure_future(self.bot.database.next_write())  # while the hall is being read, too
                try:
                    if happened(await self.look()):
                        return
                    await written
                finally:
                    written.cancel()

    async def is_told(self, words: str) -> None:
        await self.hears(words)

    async def restart(self) -> None:
        await self.bot.stop()
        await self.bot.start()

    async def adds_bot(self) -> None:
        """Do nothing: it is there already."""

    async def gives_up(self) -> None:
        await self.bot.gives_up()

    def demotes(self, visitor: Visitor) -> None:
        raise NotImplementedError("who is who is fixed there")

    async def newcomer(self, name: str) -> None:
        raise NotImplementedError("nobody comes and goes there")

    def loses_bot(self) -> None:
        raise NotImplementedError("the place is the bot's own")

    def regains_bot(self) -> None:
        raise NotImplementedError("the place is the bot's own")

    def deletes_place(self) -> None:
        raise NotImplementedError("the place is the bot's own")
