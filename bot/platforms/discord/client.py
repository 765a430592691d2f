"""The library that talks to Discord, made fit for long service: the only module that touches its insides.

Two things are done otherwise than the library would. Interactions are taken as they arrive, as plain JSON, so that
buttons, menus and forms work after a restart without anything registered in memory. And an event that cannot be read
is written to the log and left alone, where the library would end with it.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from typing import Any, Final

import aiohttp
import discord
import yarl
from discord.gateway import DiscordWebSocket
from discord.http import Route
from discord.webhook.async_ import async_context

from bot.platforms.discord.exchange import Payload, RefusedError, UnreachableError
from bot.platforms.discord.incoming import Asked, Server

log = logging.getLogger("roadmate.discord")

INTERACTION: Final = "INTERACTION_CREATE"
Parser = Callable[[Any], None]


class LeanClient(discord.Client):
    """A client that hears interactions and knows its servers, and nothing else: no privileged intent is needed."""

    def __init__(self, on_interaction: Callable[[Any], None], on_connected: Callable[[], None]) -> None:
        intents = discord.Intents.none()
        intents.guilds = True
        super().__init__(
            intents=intents,
            allowed_mentions=discord.AllowedMentions.none(),
            max_messages=None,
            member_cache_flags=discord.MemberCacheFlags.none(),
            chunk_guilds_at_startup=False,
        )
        self._on_connected = on_connected
        parsers: dict[str, Parser] = self._connection.parsers
        parsers[INTERACTION] = on_interaction
        for event, parser in list(parsers.items()):
            parsers[event] = _shielded(event, parser)

    async def on_connect(self) -> None:
        """Be told by the library that the gateway took us in."""
        self._on_connected()

    async def on_resumed(self) -> None:
        """Be told by the library that a lost connection goes on."""
        log.info("the connection to Discord goes on")

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

    # The line to Discord, see ``exchange.Line``. Interaction addresses need no token and have limits of their own,
    # so they go through the library's sender for webhooks: a limit on other requests never delays an answer.

    async def answer(self, asked: Asked, body: Payload) -> None:
        """Give the first answer to an interaction."""
        path = "/interactions/{webhook_id}/{webhook_token}/callback"
        await self._send(Route("POST", path, webhook_id=asked.id, webhook_token=asked.token), body)

    async def replace(self, asked: Asked, body: Payload) -> None:
        """Put something in the place of the first answer, or of the pressed message."""
        await self._send(self._route("PATCH", asked, "/messages/@original"), body)

    async def follow(self, asked: Asked, body: Payload) -> None:
        """Say something more."""
        await self._send(self._route("POST", asked), body)

    async def withdraw(self, asked: Asked) -> None:
        """Take the first answer back."""
        await self._send(self._route("DELETE", asked, "/messages/@original"))

    @staticmethod
    def _route(method: str, asked: Asked, more: str = "") -> Route:
        path = "/webhooks/{webhook_id}/{webhook_token}" + more
        return Route(method, path, webhook_id=asked.application, webhook_token=asked.token)

    async def _send(self, route: Route, body: Payload | None = None) -> None:
        session: aiohttp.ClientSession = self.http._HTTPClient__session  # type: ignore[attr-defined]  # noqa: SLF001
        await _told(async_context.get().request(route, session, payload=body))


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


def is_rejected(error: BaseException) -> bool:
    """Whether an error says that the token is no good, so that trying again is of no use."""
    if isinstance(error, discord.LoginFailure):
        return True
    if isinstance(error, discord.ConnectionClosed):
        return error.code == 4004
    return isinstance(error, discord.HTTPException) and error.status == 401


def quiet_library() -> None:
    """Let the library warn in one line where it would print where in its own code it was."""
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
