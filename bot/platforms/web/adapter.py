"""The web chat from its start to its stop, as the engine sees every platform."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence

from aiohttp import web

from bot.domain.commons.courier import KeptCourier
from bot.domain.commons.surroundings import OpenRooms
from bot.domain.commons.travel import NextEvent, Rests
from bot.kit.clock import Clock, Dice, TravelClock
from bot.kit.command import Command
from bot.kit.database import Database
from bot.kit.errors import SettingsError
from bot.kit.naming import Names
from bot.kit.platform import Respond, Suggest
from bot.kit.watch import Watched
from bot.kit.wording import Catalogue
from bot.platforms.web.cast import PLATFORM
from bot.platforms.web.conversation import Conversation
from bot.platforms.web.guard import is_any
from bot.platforms.web.limits import FINISH_SECONDS, HANG_UP_SECONDS
from bot.platforms.web.live import Windows
from bot.platforms.web.options import WebOptions, refusal
from bot.platforms.web.server import Services, make_app
from bot.platforms.web.statics import load_statics
from bot.platforms.web.store import MessageStore
from bot.platforms.web.watching import add_watching


class WebPlatform:
    """Implements ``kit.platform.Platform`` with an HTTP server."""

    def __init__(
        self,
        options: WebOptions,
        *,
        database: Database,
        clock: Clock,
        dice: Dice,
        catalogue: Catalogue,
        travel: TravelClock | None,
        commands: Callable[[], Sequence[Command]],
        suggest: Suggest,
        next_event: NextEvent,
        watched: Watched | None = None,
        names: Names,
        rests: Rests,
    ) -> None:
        self._options = options
        self._watched = watched
        self._windows = Windows()
        store = MessageStore(database)
        self._conversation = Conversation(store, self._windows, clock, commands, options.language, names)
        self._services = Services(
            options=options,
            clock=clock,
            dice=dice,
            catalogue=catalogue,
            travel=travel,
            commands=commands,
            suggest=suggest,
            next_event=next_event,
            rests=rests,
            store=store,
            windows=self._windows,
            conversation=self._conversation,
            statics=load_statics(),
        )
        self._runner: web.AppRunner | None = None
        self.surroundings = OpenRooms()
        self.courier = KeptCourier(
            PLATFORM,
            store,
            clock,
            happened=lambda happening: self._windows.said(happening.chat),
            is_open=lambda: self._runner is not None,
        )
        """What brings posts into the chat."""

    @property
    def name(self) -> str:
        """The platform's name, as stored with identities."""
        return PLATFORM

    @property
    def address(self) -> str:
        """Host and port it really listens on, such as ``127.0.0.1:8642``; known once it is started."""
        if self._runner is None or not self._runner.addresses:
            raise RuntimeError("the web chat has not been started")
        host, port = self._runner.addresses[0][:2]
        host = "127.0.0.1" if is_any(host) else host
        return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"

    async def start(self, respond: Respond) -> None:
        """Begin to listen.

        Raises:
            SettingsError: the address cannot be bound; the sentence names it and the next step.
        """
        self._conversation.begin(respond)
        # A closed window ends its stream at once; what people sent is finished all the same, see Conversation.
        app = make_app(self._services)
        if self._watched is not None:
            add_watching(app, self._watched, self._options)
        runner = web.AppRunner(
            app,
            access_log=None,
            handle_signals=False,
            handler_cancellation=True,
            shutdown_timeout=HANG_UP_SECONDS,
        )
        await runner.setup()
        try:
            await web.TCPSite(runner, self._options.host, self._options.port).start()
        except (OSError, OverflowError) as error:
            await runner.cleanup()
            raise SettingsError(refusal(self._options, error)) from error
        self._runner = runner

    async def wait(self) -> None:
        """Never return: a server does not end by itself."""
        await asyncio.get_running_loop().create_future()

    async def stop(self) -> None:
        """Take no more requests, finish those in hand, let go of every window; ends within five seconds."""
        runner, self._runner = self._runner, None
        if runner is None:
            return
        for site in list(runner.sites):
            await site.stop()
        self._windows.close_all()
        await self._conversation.finish(FINISH_SECONDS)
        await runner.cleanup()
