"""A small server that Telegram calls with updates: it keeps each before it says that it arrived."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import logging
from typing import Final

from aiohttp import web

from bot.kit.errors import SettingsError, StorageError
from bot.platforms.telegram.intake import Intake, readable
from bot.platforms.telegram.limits import CLOSING_SECONDS, WEBHOOK_BODY_BYTES, WEBHOOK_BODY_SECONDS
from bot.platforms.telegram.options import LISTEN, WebhookOptions

log = logging.getLogger("roadmate.telegram")
HEADER: Final = "X-Telegram-Bot-Api-Secret-Token"


def secret_of(token: str) -> str:
    """Return what Telegram proves itself with: made from the token, so it is the same after every restart."""
    return hmac.new(token.encode(), b"roadmate telegram webhook", hashlib.sha256).hexdigest()


class Webhook:
    """Takes calls from ``open`` to ``close``; before ``begin`` Telegram is asked to come again later.

    ``url`` and ``secret`` are what Telegram is told.
    """

    def __init__(self, options: WebhookOptions, token: str) -> None:
        self._options = options
        self.url = options.url
        self.secret = secret_of(token)
        self._strangers = 0
        self._intake: Intake | None = None
        self._runner: web.AppRunner | None = None

    async def open(self) -> None:
        """Listen. Raises ``SettingsError`` if the address cannot be used."""
        place = self._options
        app = web.Application(client_max_size=WEBHOOK_BODY_BYTES)
        app.router.add_route("*", "/{path:.*}", self._called)
        self._runner = web.AppRunner(app, access_log=None, handle_signals=False, shutdown_timeout=CLOSING_SECONDS)
        await self._runner.setup()
        try:
            await web.TCPSite(self._runner, place.listen_host, place.listen_port).start()
        except OSError as trouble:
            await self.close()
            raise SettingsError(
                f"{LISTEN} is {place.listen_host}:{place.listen_port}, where nothing can listen "
                f"({trouble.strerror or trouble}). Choose another port, or end the program that uses it."
            ) from None
        if not place.listens_on_this_computer_only:
            log.warning(
                "the webhook listens on %s:%d without encryption; let nothing but your proxy reach it",
                place.listen_host,
                place.listen_port,
            )

    def begin(self, intake: Intake) -> None:
        """Hand updates to ``intake`` from now on."""
        self._intake = intake

    async def close(self) -> None:
        """Take no more calls; those being taken are finished."""
        runner, self._runner = self._runner, None
        if runner is not None:
            await runner.cleanup()

    async def _called(self, request: web.Request) -> web.Response:
        if request.method != "POST":
            return web.Response(status=405, headers={"Allow": "POST"})
        given = request.headers.get(HEADER, "").encode("utf-8", "surrogateescape")
        if not hmac.compare_digest(given, self.secret.encode()):
            self._strangers += 1
            log.log(
                logging.WARNING if self._strangers == 1 else logging.DEBUG,
                "somebody without the secret called the webhook",
            )
            return web.Response(status=403)
        if self._intake is None or self._intake.is_full:
            return web.Response(status=503, headers={"Retry-After": "1"})
        try:
            async with asyncio.timeout(WEBHOOK_BODY_SECONDS):
                update = json.loads(await request.read())
        except TimeoutError:
            return web.Response(status=408)
        except (ValueError, RecursionError):
            log.warning("Telegram called with something that is no update")
            return web.Response(status=400)
        updates = readable([update])
        if not updates:
            log.warning("Telegram called with an update without an id; it is left out")
        try:
            await self._intake.take(updates)
        except StorageError as trouble:
            log.warning("an update could not be kept (%s); Telegram will bring it again", trouble)
            return web.Response(status=503)
        return web.Response()
