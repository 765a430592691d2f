"""The library that talks to Discord, made fit for long service: the only module that touches its insides.

Three things are done otherwise than the library would. Interactions are taken as they arrive, as plain JSON, so that
buttons, menus and forms work after a restart without anything registered in memory. An event that cannot be read
is written to the log and left alone, where the library would end with it. And a connection that breaks again and again
is given up, so that whoever connects can pause, where the library would go on at once and use up the day's logins.
"""

from __future__ import annotations

import logging
import sys
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Any, Final

import aiohttp
import discord
import yarl
from discord.gateway import DiscordWebSocket, ReconnectWebSocket
from discord.http import Route

from bot.kit.clock import Clock
from bot.platforms.discord.exchange import Payload, RefusedError, UnreachableError
from bot.platforms.discord.incoming import Server
from bot.platforms.discord.limits import IDENTIFY_SECONDS, STEADY_SECONDS

log = logging.getLogger("roadmate.discord")

INTERACTION: Final = "INTERACTION_CREATE"
_STEADY: Final = timedelta(seconds=STEADY_SECONDS)
Parser = Callable[[Any], None]


class UnsteadyError(Exception):
    """The connection broke soon after it was made, or could not be made again."""


class LeanClient(discord.Client):
    """A client that hears interactions, knows its servers, hears who comes in, and what people write to it in private.

    No privileged intent is needed. That people come in is told by a message of Discord's own, and messages of servers
    come all together. What they say is left out by Discord; whoever takes them drops all but that one kind unread.
    """

    def __init__(
        self,
        on_interaction: Callable[[Any], None],
        on_connected: Callable[[], None],
        clock: Clock,
        on_server: Callable[[Any], None] = lambda _server: None,
        on_message: Callable[[Any], None] = lambda _message: None,
    ) -> None:
        intents = discord.Intents.none()
        intents.guilds = True
        intents.guild_messages = True
        intents.dm_messages = True
        super().__init__(
            intents=intents,
            allowed_mentions=discord.AllowedMentions.none(),
            max_messages=None,
            member_cache_flags=discord.MemberCacheFlags.none(),
            chunk_guilds_at_startup=False,
        )
        self._on_connected = on_connected
        self._clock = clock
        self._since: datetime | None = None
        parsers: dict[str, Parser] = self._connection.parsers
        parsers[INTERACTION] = on_interaction
        for event in [name for name in parsers if name.startswith("MESSAGE_")]:
            del parsers[event]
        parsers["MESSAGE_CREATE"] = on_message
        parsers["GUILD_CREATE"] = _both(_shielded("GUILD_CREATE", on_server), parsers["GUILD_CREATE"])
        for event, parser in list(parsers.items()):
            parsers[event] = _shielded(event, parser)

    def dispatch(self, event: str, /, *args: Any, **kwargs: Any) -> None:
        """Be told by the library what happens to the connection.

        Raises:
            UnsteadyError: it broke, and making it again at once would be of no use.
        """
        if event == "connect":
            self._since = self._clock.now()
            self._on_connected()
        elif event == "resumed":
            self._since = self._clock.now()
            log.info("the connection to Discord goes on")
        elif event == "disconnect" and isinstance(sys.exception(), ReconnectWebSocket):
            since, self._since = self._since, None
            if since is None or self._clock.now() - since < _STEADY:
                raise UnsteadyError("the connection does not hold")
        super().dispatch(event, *args, **kwargs)

    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:
        """Be asked by the library before it begins a new session in place of a lost one."""
        if not initial:
            await self._clock.sleep_until(self._clock.now() + timedelta(seconds=IDENTIFY_SECONDS))

    def server(self, server: str) -> Server:
        """Return what is known of a server."""
        guild = self.get_guild(int(server)) if server.isdigit() else None
        if guild is None:
            return Server()
        return Server(guild.name, str(guild.owner_id or ""))

    async def register(self, commands: list[Payload]) -> None:
        """Tell Discord all commands at once; others are forgotten. Raises ``RefusedError`` or ``UnreachableError``."""
        route = Route("PUT", "/applications/{application}/commands", application=str(self.application_id))
        await _told(self.http.request(route, json=commands))


async def _told(request: Awaitable[Any]) -> Any:
    """Wait for a request, with the library's errors in our own words."""
    try:
        return await request
    except discord.HTTPException as error:
        if error.status >= 500 or error.status == 429:
            raise UnreachableError(f"{error.status}: {error.text[:200]}") from error
        raise RefusedError(error.status, error.code, error.text[:500]) from error
    except (OSError, TimeoutError, aiohttp.ClientError, discord.DiscordException) as error:
        raise UnreachableError(f"{type(error).__name__}: {error}") from error


def _both(first: Parser, second: Parser) -> Parser:
    def parse(data: Any) -> None:
        first(data)
        second(data)

    return parse


def _shielded(event: str, parser: Parser) -> Parser:
    def parse(data: Any) -> None:
        try:
            parser(data)
        except Exception:
            log.exception("an event %s from Discord could not be read and was left alone", event)

    return parse


def use_server(api: str, gateway: str) -> None:
    """Talk to another server than Discord's; empty addresses change nothing. Comes before any client is made."""
    if api:
        Route.BASE = api.rstrip("/")
    if gateway:
        DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(gateway)


def api_base() -> str:
    """Return the address of the interface in use, without a slash at its end."""
    return Route.BASE


def is_rejected(error: BaseException) -> bool:
    """Whether an error says that the token is no good, so that trying again is of no use."""
    if isinstance(error, discord.LoginFailure):
        return True
    if isinstance(error, discord.ConnectionClosed):
        return error.code == 4004
    return isinstance(error, discord.HTTPException) and error.status == 401


def quiet_library() -> None:
    """Let the library warn in one line where it would print where in its own code it was."""
    discord.VoiceClient.warn_nacl = discord.VoiceClient.warn_dave = False  # we never speak
    logger = logging.getLogger("discord")
    if not any(isinstance(known, _OneLine) for known in logging.getLogger("discord.client").filters):
        for name in ("client", "gateway", "http", "state"):
            logging.getLogger(f"discord.{name}").addFilter(_OneLine())
    logger.setLevel(logging.WARNING)


class _OneLine(logging.Filter):
    def filter(self, record: logging.LogRecord) -> bool:
        if record.exc_info and record.exc_info[1] is not None:
            error = record.exc_info[1]
            record.msg = f"{record.getMessage()} ({type(error).__name__}: {error})"
            record.args = ()
            record.exc_info = None
        return True
