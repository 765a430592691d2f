"""Discord from its start to its stop, as the engine sees every platform; whatever Discord does, it comes back."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from bot.kit.clock import Clock
from bot.kit.command import Command
from bot.kit.database import Database
from bot.kit.errors import SettingsError, StorageError
from bot.kit.naming import Names
from bot.kit.platform import Respond, Suggest
from bot.kit.shared import Shared, in_turn
from bot.kit.wording import Catalogue
from bot.platforms.discord import limits
from bot.platforms.discord.arrivals import bot_arrived, person_arrived
from bot.platforms.discord.attachments import Attachments
from bot.platforms.discord.client import LeanClient, api_base, is_rejected, quiet_library, use_server
from bot.platforms.discord.commands import NAME, Catalogues, declarations, fingerprint
from bot.platforms.discord.conversation import Conversation
from bot.platforms.discord.courier import DiscordCourier
from bot.platforms.discord.direct import DirectLine
from bot.platforms.discord.exchange import RefusedError, UnreachableError
from bot.platforms.discord.incoming import PLATFORM
from bot.platforms.discord.line import InteractionLine
from bot.platforms.discord.options import DiscordOptions, invite_link, rejected
from bot.platforms.discord.pictures import Draw
from bot.platforms.discord.rest import Rest
from bot.platforms.discord.sender import Sender
from bot.platforms.discord.store import DiscordStore
from bot.platforms.discord.surroundings import DiscordSurroundings

log = logging.getLogger("roadmate.discord")


class DiscordPlatform:
    """Implements ``kit.platform.Platform`` with discord.py."""

    name = PLATFORM

    def __init__(
        self,
        options: DiscordOptions,
        *,
        database: Database,
        clock: Clock,
        commands: Callable[[], Sequence[Command]],
        suggest: Suggest,
        catalogue: Callable[[str], Catalogue],
        languages: Catalogues,
        draw: Draw | None = None,
        shared: Shared | None = None,
    ) -> None:
        self._options = options
        self._shared = shared
        self._store = DiscordStore(database)
        self._clock = clock
        self._commands = commands
        self._suggest = suggest
        self._catalogue = catalogue
        self._languages = languages
        self._draw = draw
        self._conversation: Conversation | None = None
        self._running: asyncio.Task[None] | None = None
        self._heard = asyncio.Event()  # Discord took us in, or the first attempt came to nothing
        self._connected_at: datetime | None = None
        self._invited: str = ""
        self._me = ""
        self._sender = Sender(api_base, clock)
        self._files = Attachments(options.api)
        self._rest = Rest(api_base, options.token.strip(), clock)
        self.surroundings = DiscordSurroundings(self._rest, lambda: self._me, clock)
        self.courier = DiscordCourier(self._rest, lambda: bool(self._me), lambda: self._me, draw)
        """What brings posts to Discord."""

    async def start(self, respond: Respond) -> None:
        """Begin to listen. If Discord cannot be reached, go on trying in the background, so that nobody else waits.

        Raises:
            SettingsError: the token is none, or Discord rejects it; the sentence says the next step.
        """
        self._options.check()
        use_server(self._options.api, self._options.gateway)
        quiet_library()
        self._conversation = self.conversation(respond)
        self._running = running = asyncio.create_task(self._stay_connected(self._conversation))
        heard = asyncio.create_task(self._heard.wait())
        await asyncio.wait((running, heard), timeout=limits.FIRST_ATTEMPT_SECONDS, return_when=asyncio.FIRST_COMPLETED)
        heard.cancel()
        if running.done():
            self._running = None
            await running
        running.add_done_callback(_say_why_it_ended)

    async def wait(self) -> None:
        """Never return; raise ``SettingsError`` if Discord withdraws the token while the bot runs."""
        if self._running is not None:
            await asyncio.shield(self._running)
        await asyncio.get_running_loop().create_future()

    async def stop(self) -> None:
        """Take nothing more, finish what is in hand, hang up; ends within five seconds."""
        if self._conversation is not None:
            await self._conversation.finish(limits.FINISH_SECONDS)
        running, self._running = self._running, None
        if running is not None:
            running.remove_done_callback(_say_why_it_ended)
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)
        self._me = ""
        await asyncio.gather(self._rest.close(), self._sender.close(), self._files.close())

    def conversation(self, respond: Respond) -> Conversation:
        """Return what answers interactions, and what people write in private."""
        return Conversation(
            store=self._store,
            clock=self._clock,
            commands=self._commands,
            suggest=self._suggest,
            catalogue=self._catalogue,
            respond=respond,
            files=self._files,
            names=Names(self._commands, self._languages, NAME),
            draw=self._draw,
        )

    def client(self, conversation: Conversation) -> LeanClient:
        """Return a client that brings what people do and write to ``conversation``, not yet connected."""
        line = InteractionLine(self._sender)
        private = DirectLine(self._sender, self._options.token.strip(), self._clock)

        def take(raw: object) -> None:
            conversation.take(raw, line, client.server)

        def met_server(raw: Mapping[str, Any]) -> None:
            if (arrived := bot_arrived(raw, self._me, self._clock.now())) is not None:
                conversation.meet(arrived)

        def heard(raw: Mapping[str, Any]) -> None:
            if not raw.get("guild_id"):
                conversation.hear(raw, private, self._me)
            elif (arrived := person_arrived(raw, client.server, self._clock.now())) is not None:
                conversation.meet(arrived)

        client = LeanClient(take, self._on_connected, self._clock, met_server, heard)
        return client

    def _on_connected(self) -> None:
        self._connected_at = self._clock.now()
        log.info("connected to Discord")
        self._heard.set()

    async def _stay_connected(self, conversation: Conversation) -> None:
        pause = limits.FIRST_PAUSE_SECONDS
        while True:
            self._connected_at = None
            trouble = await self._connect_once(conversation)
            self._heard.set()
            if self._held_for(timedelta(seconds=limits.LONGEST_PAUSE_SECONDS)):
                pause = limits.FIRST_PAUSE_SECONDS
            log.warning("no connection to Discord (%s); trying again in %d s", trouble, pause)
            await self._clock.sleep_until(self._clock.now() + timedelta(seconds=pause))
            pause = min(2 * pause, limits.LONGEST_PAUSE_SECONDS)

    def _held_for(self, time: timedelta) -> bool:
        return self._connected_at is not None and self._clock.now() - self._connected_at >= time

    async def _connect_once(self, conversation: Conversation) -> str:
        """Be connected as long as it lasts; return why it ended.

        Raises:
            SettingsError: Discord rejects the token.
        """
        client = self.client(conversation)
        is_left = True

        async def talk() -> None:
            registering = asyncio.create_task(self.register(client))
            try:
                await client.connect(reconnect=False)
            finally:
                registering.cancel()
                await asyncio.gather(registering, return_exceptions=True)

        try:
            await client.login(self._options.token.strip())
            self._me = str(client.user.id) if client.user is not None else ""
            self._invite(client)
            if self._shared is not None and not self._shared.is_alone:
                self._heard.set()  # whether it is our turn or not: posts can be sent, and nobody need wait for us
            is_left = await in_turn(self._shared, PLATFORM, talk)  # Discord would answer two with every event twice
        except Exception as error:
            if is_rejected(error):
                raise rejected() from error
            return f"{type(error).__name__}: {error}"
        finally:
            with contextlib.suppress(Exception):
                await asyncio.wait_for(client.close(), limits.HANG_UP_SECONDS)
            with contextlib.suppress(Exception):
                await client.http.close()  # left open by the line above if Discord does not hang up in time
        return "the connection was closed" if is_left else "another process may have taken over"

    def _invite(self, client: LeanClient) -> None:
        application = str(client.application_id)
        if application != self._invited:
            log.info("invite Roadmate to a server: %s", invite_link(application))
            self._invited = application

    async def register(self, client: LeanClient) -> None:
        """Tell Discord the commands if they changed since it was told last; try until it works or is refused."""
        told = declarations(self._commands(), self._languages)
        mark = fingerprint(told)
        application = str(client.application_id)
        pause = limits.FIRST_PAUSE_SECONDS
        while True:
            try:
                if await self._store.fingerprint(application) == mark:
                    return
                await client.register(told)
                await self._store.registered(application, mark)
            except RefusedError as error:
                log.error("Discord refused the commands: %s", error)  # noqa: TRY400 - the sentence says it all
                return
            except (UnreachableError, StorageError) as error:
                log.warning("Discord could not be told the commands (%s); trying again in %d s", error, pause)
            else:
                log.info("Discord was told %d commands", len(told))
                return
            await self._clock.sleep_until(self._clock.now() + timedelta(seconds=pause))
            pause = min(2 * pause, limits.LONGEST_PAUSE_SECONDS)


def _say_why_it_ended(running: asyncio.Task[None]) -> None:
    if not running.cancelled() and isinstance(error := running.exception(), SettingsError):
        log.error("%s", error)
