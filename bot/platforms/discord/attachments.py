"""Files that people send into forms: fetched from where Discord keeps them, and from nowhere else."""

from __future__ import annotations

import logging
from typing import Final
from urllib.parse import urlsplit

import aiohttp
import yarl

from bot.kit.uploads import MOST_BYTES, out_of_reach, text_of, too_large
from bot.platforms.discord.incoming import Sent
from bot.platforms.discord.limits import FILE_SECONDS
from bot.platforms.discord.sender import new_session

log = logging.getLogger("roadmate.discord")

HOSTS: Final = frozenset((("https", "cdn.discordapp.com", 443), ("https", "media.discordapp.net", 443)))
"""Where Discord keeps what people send; an address elsewhere is never asked for."""


class Attachments:
    """Reads what people sent. ``api`` is the address of another server than Discord's, which may keep files itself."""

    def __init__(self, api: str) -> None:
        self._hosts = HOSTS | {_host(api)} if api else HOSTS
        self._session: aiohttp.ClientSession | None = None

    async def close(self) -> None:
        """Let go of all connections. May be called again."""
        session, self._session = self._session, None
        if session is not None:
            await session.close()

    async def read(self, sent: Sent) -> str:
        """Return what a file says.

        Raises:
            UploadError: it is too large, no text, or cannot be had in time.
        """
        if sent.size > MOST_BYTES:
            raise too_large()
        if _host(sent.url) not in self._hosts:
            log.warning("a file was not fetched, for its address is none of Discord's: %s", _host(sent.url)[1])
            raise out_of_reach()
        try:
            return text_of(await self._begin(sent.url))
        except (OSError, TimeoutError, ValueError, aiohttp.ClientError) as trouble:
            log.warning("a file was not fetched: %s", type(trouble).__name__)
            raise out_of_reach() from None

    async def _begin(self, url: str) -> bytes:
        """Return a file, cut one byte beyond what is taken; what was not read closes the connection."""
        if self._session is None:
            self._session = new_session()
        address = yarl.URL(url, encoded=True)  # it is signed as it stands
        timeout = aiohttp.ClientTimeout(total=FILE_SECONDS)
        async with self._session.get(address, timeout=timeout, allow_redirects=False) as response:
            if response.status != 200:
                raise aiohttp.ClientPayloadError(f"status {response.status}")
            data = bytearray()
            async for part in response.content.iter_chunked(MOST_BYTES + 1):
                data += part
                if len(data) > MOST_BYTES:
                    break
            return bytes(data[: MOST_BYTES + 1])


def _host(url: str) -> tuple[str, str, int]:
    """Return scheme, host and port of an address; three that fit nothing if it is none."""
    try:
        parts = urlsplit(url)
        port = parts.port or {"https": 443, "http": 80}.get(parts.scheme, 0)
    except ValueError:
        return "", "", 0
    return ("", "", 0) if parts.username is not None else (parts.scheme, parts.hostname or "", port)
