"""Sends what belongs to an interaction, patiently: over lost connections, failures and limits, as long as it is of use.

Interaction addresses need no token and have limits of their own, so what is sent here never waits behind posts, and
posts never behind it. The library's own sender for them pauses for longer than an interaction lives. Answers to what
people write in private share their chat's limit with posts there; each sender waits for it by itself.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

import aiohttp
import yarl

from bot import __version__
from bot.kit.clock import Clock
from bot.platforms.discord.exchange import Payload, RefusedError, UnreachableError, Upload
from bot.platforms.discord.limits import CONNECTIONS, REQUEST_SECONDS, SEND_PAUSES_SECONDS

_JSON: Final = {"Content-Type": "application/json"}
_TOO_MANY: Final = 429


@dataclass(frozen=True, slots=True)
class _Heard:
    """What Discord answered: the status, what it says, and how long to wait before the next request (0: not at all)."""

    status: int
    body: Any
    pause: float


def new_session() -> aiohttp.ClientSession:
    """Return connections to Discord that outlive those of the gateway; so many that a crowd need not queue."""
    return aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(limit=CONNECTIONS),
        cookie_jar=aiohttp.DummyCookieJar(),
        headers={"User-Agent": f"DiscordBot (roadmate, {__version__})"},  # Discord wants it to begin like this
    )


class Sender:
    """Sends answers to people. ``base`` is the address of Discord's interface, asked for each time."""

    def __init__(self, base: Callable[[], str], clock: Clock) -> None:
        self._session: aiohttp.ClientSession | None = None
        self._base = base
        self._clock = clock
        self._timeout = aiohttp.ClientTimeout(total=REQUEST_SECONDS)
        self._exhausted: dict[str, datetime] = {}

    async def close(self) -> None:
        """Let go of all connections. May be called again."""
        session, self._session = self._session, None
        if session is not None:
            await session.close()

    async def send(
        self,
        method: str,
        path: str,
        body: Payload | None,
        *,
        token: str,
        until: datetime,
        upload: Upload | None = None,
        authorization: str = "",
    ) -> None:
        """Send until it is taken, refused, or ``until`` has come.

        ``token`` is what Discord counts requests by; ``authorization`` is said to it where an address needs that.

        Raises:
            RefusedError: Discord will not do it.
            UnreachableError: it could not be sent in time; whether Discord did it is not known.
        """
        pauses = iter(SEND_PAUSES_SECONDS)
        while True:
            await self._wait_for_limit(token)
            try:
                heard = await self._once(method, path, body, upload, authorization)
            except (OSError, TimeoutError, aiohttp.ClientError) as error:
                trouble, pause = f"{type(error).__name__}: {error}", next(pauses, None)
            else:
                if 200 <= heard.status < 300:
                    self._note_limit(token, heard.pause)
                    return
                if heard.status != _TOO_MANY and heard.status < 500:
                    raise _refusal(heard)
                trouble, pause = f"{heard.status}: {str(heard.body)[:200]}", next(pauses, None)
                if heard.status == _TOO_MANY and pause is not None:
                    pause = max(heard.pause, 0.0)
            if pause is None or (again := self._clock.now() + timedelta(seconds=pause)) >= until:
                raise UnreachableError(trouble)
            await self._clock.sleep_until(again)

    async def _once(
        self, method: str, path: str, body: Payload | None, upload: Upload | None, authorization: str
    ) -> _Heard:
        text = None if body is None else json.dumps(body, separators=(",", ":"))
        data: Any = None if text is None else text.encode()
        headers = {} if text is None or upload is not None else dict(_JSON)
        if authorization:
            headers["Authorization"] = authorization
        if upload is not None:
            data = multipart(text or "{}", upload)
        address = yarl.URL(self._base() + path, encoded=True)  # ids and tokens need no escaping
        if self._session is None:
            self._session = new_session()
        async with self._session.request(
            method, address, data=data, headers=headers, timeout=self._timeout
        ) as response:  # fmt: skip
            if response.status == 204:
                return _Heard(204, None, _pause_after(response))
            said = await response.text(errors="replace")
            if 200 <= response.status < 300:
                return _Heard(response.status, None, _pause_after(response))
            try:
                told = json.loads(said)
            except (ValueError, RecursionError):
                told = said
            pause = told.get("retry_after") if isinstance(told, dict) else None
            if not isinstance(pause, int | float) or isinstance(pause, bool):
                pause = _seconds(response.headers.get("Retry-After"))
            return _Heard(response.status, told, float(pause))

    async def _wait_for_limit(self, token: str) -> None:
        if self._exhausted and (moment := self._exhausted.pop(token, None)) is not None:
            await self._clock.sleep_until(moment)

    def _note_limit(self, token: str, pause: float) -> None:
        """Remember that a token has no request left for a while; ask before Discord has to refuse."""
        if pause > 0:
            now = self._clock.now()
            self._exhausted = {known: moment for known, moment in self._exhausted.items() if moment > now}
            self._exhausted[token] = now + timedelta(seconds=pause)


def _refusal(heard: _Heard) -> RefusedError:
    told = heard.body if isinstance(heard.body, dict) else {"message": str(heard.body)}
    code = told.get("code")
    why = str(told.get("message", ""))
    if "errors" in told:
        why += f" {json.dumps(told['errors'])}"
    return RefusedError(heard.status, code if isinstance(code, int) else 0, why[:500])


def _pause_after(response: aiohttp.ClientResponse) -> float:
    if response.headers.get("X-RateLimit-Remaining") != "0":
        return 0.0
    return _seconds(response.headers.get("X-RateLimit-Reset-After"))


def _seconds(text: str | None) -> float:
    try:
        return max(0.0, float(text or 0))
    except ValueError:
        return 0.0


def multipart(text: str, upload: Upload) -> aiohttp.FormData:
    """Return a body that carries a file beside the JSON text of a message."""
    form = aiohttp.FormData(quote_fields=False)
    form.add_field("payload_json", text, content_type="application/json")
    form.add_field("files[0]", upload.data, filename=upload.name, content_type=upload.media_type)
    return form
