"""How the library's requests travel: over aiohttp, in whose hands one costs a third of what it costs by default."""

from __future__ import annotations

import json
import ssl
from typing import Any, Final
from urllib.request import getproxies

import aiohttp
from telegram.error import NetworkError, TimedOut
from telegram.request import BaseRequest, RequestData

from bot.kit.uploads import MOST_BYTES
from bot.platforms.telegram.limits import IDLE_SECONDS

_NEVER_SENT: Final = (
    aiohttp.ClientConnectorError,
    aiohttp.ConnectionTimeoutError,
    aiohttp.InvalidURL,
    aiohttp.NonHttpUrlClientError,
)


class NeverSentError(NetworkError):
    """There was no connection, so Telegram has certainly not heard the request."""


class Wire(BaseRequest):
    """Implements the library's ``BaseRequest``: at most so many connections, each answer within so many seconds."""

    __slots__ = ("_connect", "_connections", "_read", "_session")

    def __init__(self, connections: int, seconds: float) -> None:
        self._connections = connections
        self._connect = self._read = seconds
        self._session: aiohttp.ClientSession | None = None

    @property
    def read_timeout(self) -> float:
        """Seconds an answer may take unless said otherwise."""
        return self._read

    async def initialize(self) -> None:
        """Do nothing yet: connections are opened when first needed."""

    async def shutdown(self) -> None:
        """Close all connections."""
        session, self._session = self._session, None
        if session is not None:
            await session.close()

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: Any = BaseRequest.DEFAULT_NONE,
        write_timeout: Any = BaseRequest.DEFAULT_NONE,
        connect_timeout: Any = BaseRequest.DEFAULT_NONE,
        pool_timeout: Any = BaseRequest.DEFAULT_NONE,
    ) -> tuple[int, bytes]:
        """Send a request and return the status and body of the answer.

        A file, which alone is asked for with GET, is read no further than one byte beyond what is taken of it.

        Raises:
            NeverSentError: there was no connection.
            NetworkError: nobody knows whether Telegram heard it.
        """
        if self._session is None:
            self._session = self._opened(url)
        read = read_timeout if isinstance(read_timeout, float | int) else self._read
        timeout = aiohttp.ClientTimeout(connect=self._connect, sock_connect=self._connect, sock_read=read)
        try:
            async with self._session.request(
                method, url, timeout=timeout, allow_redirects=False, **_body(request_data)
            ) as answer:
                return answer.status, await (_begin(answer) if method == "GET" else answer.read())
        except _NEVER_SENT as trouble:
            raise NeverSentError(f"no connection ({type(trouble).__name__})") from trouble
        except TimeoutError as trouble:
            raise TimedOut("no answer in time") from trouble
        except aiohttp.ClientError as trouble:
            raise NetworkError(f"the connection broke ({type(trouble).__name__})") from trouble

    def _opened(self, url: str) -> aiohttp.ClientSession:
        return aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(
                limit=self._connections,
                keepalive_timeout=IDLE_SECONDS,
                ssl=_authorities() if url.startswith("https://") else False,
            ),
            headers={"User-Agent": self.USER_AGENT},
            cookie_jar=aiohttp.DummyCookieJar(),
            trust_env=bool(getproxies()),  # where a proxy leads out, it is named in the environment
        )


async def _begin(answer: aiohttp.ClientResponse) -> bytes:
    """Return the beginning of a body; what was not read closes the connection."""
    data = bytearray()
    async for part in answer.content.iter_chunked(MOST_BYTES + 1):
        data += part
        if len(data) > MOST_BYTES:
            break
    return bytes(data[: MOST_BYTES + 1])


def _authorities() -> ssl.SSLContext:
    """Return what the library trusts by default, which needs no certificates of the system."""
    import httpx

    return httpx.create_ssl_context()


def _body(request_data: RequestData | None) -> dict[str, Any]:
    """Return parameters as JSON, or as a form where files come along."""
    if request_data is None:
        return {}
    if not request_data.contains_files:
        return {"data": json.dumps(request_data.parameters), "headers": {"Content-Type": "application/json"}}
    form = aiohttp.FormData(request_data.json_parameters)
    for name, (filename, content, kind) in request_data.multipart_data.items():
        form.add_field(name, content, filename=filename, content_type=kind)
    return {"data": form}
