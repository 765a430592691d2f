"""The addresses under which an interaction is answered, and for how long each is of use."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from bot.platforms.discord.exchange import Payload, Upload
from bot.platforms.discord.incoming import Asked
from bot.platforms.discord.limits import ANSWER_SECONDS, TOKEN_SECONDS
from bot.platforms.discord.sender import Sender

_ANSWER: Final = timedelta(seconds=ANSWER_SECONDS)
_TOKEN: Final = timedelta(seconds=TOKEN_SECONDS)


class InteractionLine:
    """Implements ``exchange.Line``. It belongs to no connection of the gateway, so answers outlive those."""

    def __init__(self, sender: Sender) -> None:
        self._sender = sender

    async def answer(self, asked: Asked, body: Payload, upload: Upload | None = None) -> None:
        """Give the first answer to an interaction."""
        path = f"/interactions/{asked.id}/{asked.token}/callback"
        await self._sender.send("POST", path, body, token=asked.token, until=asked.at + _ANSWER, upload=upload)

    async def replace(self, asked: Asked, body: Payload, upload: Upload | None = None) -> None:
        """Put something in the place of the first answer, or of the pressed message."""
        await self._send("PATCH", asked, "/messages/@original", body, upload)

    async def follow(self, asked: Asked, body: Payload, upload: Upload | None = None) -> None:
        """Say something more."""
        await self._send("POST", asked, "", body, upload)

    async def withdraw(self, asked: Asked) -> None:
        """Take the first answer back."""
        await self._send("DELETE", asked, "/messages/@original", None, None)

    async def _send(self, method: str, asked: Asked, more: str, body: Payload | None, upload: Upload | None) -> None:
        path = f"/webhooks/{asked.application}/{asked.token}{more}"
        await self._sender.send(method, path, body, token=asked.token, until=asked.at + _TOKEN, upload=upload)
