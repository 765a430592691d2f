"""A conversation in a terminal, from the first prompt to the last."""

from __future__ import annotations

import asyncio
import contextlib
import getpass
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final, TextIO

from bot.domain.commons.cast import Persona
from bot.domain.commons.courier import KeptCourier
from bot.domain.commons.surroundings import OpenRooms
from bot.domain.commons.travel import NextEvent, Rests, nothing_in_hand
from bot.kit.clock import Clock, Dice, TravelClock
from bot.kit.command import Command
from bot.kit.database import Database
from bot.kit.naming import Names
from bot.kit.platform import Respond, Suggest
from bot.kit.request import Role
from bot.kit.wording import N_, _
from bot.platforms.terminal.conversation import Conversation
from bot.platforms.terminal.keyboard import Keyboard
from bot.platforms.terminal.paper import NobodyReadsError, Paper
from bot.platforms.terminal.rooms import PLATFORM
from bot.platforms.terminal.store import CardStore
from bot.platforms.terminal.view import View

SESSION_LETTERS: Final = 10


class TerminalPlatform:
    """One terminal, and everybody one can be there."""

    name = PLATFORM

    def __init__(
        self,
        conversation: Conversation,
        paper: Paper,
        keyboard: Keyboard,
        courier: Callable[[Callable[[], bool]], KeptCourier],
    ) -> None:
        self._paper = paper
        self._conversation = conversation
        self._keyboard = keyboard
        self._talk: asyncio.Task[None] | None = None
        self.surroundings = OpenRooms()
        self.courier = courier(lambda: self._talk is not None and not self._talk.done())
        """What brings posts to the screen."""

    async def start(self, respond: Respond) -> None:
        """Greet and begin to read."""
        self._keyboard.start()
        self._talk = asyncio.create_task(self._talk_until_the_end(respond))

    async def wait(self) -> None:
        """Return when the conversation has ended."""
        if self._talk is not None:
            await asyncio.wait([self._talk])
            if not self._talk.cancelled():
                self._talk.result()

    async def stop(self) -> None:
        """End the conversation. The thread that reads the keyboard ends with the process."""
        if self._talk is not None:
            if not self._talk.done():
                with contextlib.suppress(NobodyReadsError):
                    self._paper.say("\n" + _("See you."))
            self._talk.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._talk

    async def _talk_until_the_end(self, respond: Respond) -> None:
        with contextlib.suppress(NobodyReadsError):
            await self._conversation.hold(respond, self._keyboard)


def completions(text: str, commands: Sequence[Command], suggest: Suggest) -> list[str]:
    """Return whole lines that may continue what was typed so far."""
    word, gap, rest = text.partition(" ")
    if not word.startswith("/"):
        return []
    if not gap:
        return [f"/{command.name}" for command in commands if f"/{command.name}".startswith(word)]
    wanted = [command for command in commands if f"/{command.name}" == word and command.params]
    if not wanted:
        return []
    return [f"{word} {found.value}" for found in suggest(wanted[0].params[-1].suggests, rest)]


def build(
    *,
    database: Database,
    clock: Clock,
    travel: TravelClock | None,
    dice: Dice,
    commands: Callable[[], Sequence[Command]],
    suggest: Suggest,
    next_event: NextEvent,
    rests: Rests = nothing_in_hand,
    real: Clock | None = None,
    zone: str = "UTC",
    reads: TextIO | None = None,
    writes: TextIO | None = None,
    account: str = "me",
    called: str = "",
    role: Role = Role.MEMBER,
    language: str = "",
    history: Path | None = None,
    files: Path | None = None,
    names: Names | None = None,
) -> TerminalPlatform:
    """Return the terminal, not yet reading. ``called`` is the name to greet, the system's user if empty.

    ``travel`` is the same clock, moved on to try things out, None where others go by it; ``rests`` returns once nothing
    that was due is still to be done, ``real`` is the clock of the computer. ``files`` is the folder for files that come
    with answers, without it their text is shown. ``names`` knows what commands are called in other languages.
    """
    paper = Paper(writes or sys.stdout, zone)
    store = CardStore(database)
    view = View(store, paper, Persona(account, called or _user(), role, N_("you")))
    conversation = Conversation(
        view=view,
        paper=paper,
        clock=clock,
        travel_clock=travel,
        next_event=next_event,
        rests=rests,
        real=real or clock,
        commands=commands,
        names=names or Names(commands, {}),
        language=language or os.environ.get("LANG", "").partition(".")[0],
        session=dice.token(SESSION_LETTERS),
        files=files,
    )
    keyboard = Keyboard(
        reads or sys.stdin,
        is_screen=paper.is_screen,
        colour=paper.colour,
        prompt=lambda: view.prompt,
        completions=lambda text: completions(text, commands(), suggest),
        history=history,
    )
    return TerminalPlatform(
        conversation,
        paper,
        keyboard,
        lambda is_open: KeptCourier(
            PLATFORM, store, clock, happened=lambda happening: view.heard(happening, keyboard), is_open=is_open
        ),
    )


def _user() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return "you"
