"""Requests in the bot's own name, each sent once, so that whoever asks knows what became of it.

The library repeats what failed by itself; for a post that is kept in the database the outbox decides that, because only
it knows what was tried before a restart. Limits that Discord tells are kept without asking it again.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, Final

import aiohttp

from bot.kit.clock import Clock
from bot.kit.posting import NotSentError, UnknownFateError, WaitFirstError
from bot.platforms.discord.exchange import Payload, RefusedError, Upload
from bot.platforms.discord.limits import POST_SECONDS
from bot.platforms.discord.sender import multipart, new_session

_TOO_MANY: Final = 429
_TOO_MANY_EDITS: Final = 30046
_EDIT_PAUSE: Final = timedelta(minutes=10)
"""Messages older than an hour may be edited a few times an hour; Discord does not say when again."""
_NUMBER: Final = re.compile(r"/\d+")


class Rest:
    """Sends requests with the token, over connections of its own: they outlive those of the gateway.

    ``base`` is the address of Discord's interface, asked for each time.
    """

    def __init__(self, base: Callable[[], str], token: str, clock: Clock) -> None:
        self._session: aiohttp.ClientSession | None = None
        self._base = base
        self._headers = {"Authorization": f"Bot {token}"}
        self._clock = clock
        self._timeout = aiohttp.ClientTimeout(total=POST_SECONDS)
        self._free_at: dict[str, datetime] = {}

    async def close(self) -> None:
        """Let go of all connections. May be called again."""
        session, self._session = self._session, None
        if session is not None:
            await session.close()

    async def once(self, method: str, path: str, body: Payload | None = None, upload: Upload | None = None) -> Any:
        """Send one request and return what Discord answers, as JSON or None.

        Raises:
            RefusedError: Discord will not do it.
            WaitFirstError: not sent or not done, since a limit is used up.
            NotSentError: Discord was not reached.
            UnknownFateError: it may have been done.
        """
        bucket = f"{method} {_bucket(path)}"
        if (free_at := self._free_at.get(bucket)) is not None:
            if (pause := free_at - self._clock.now()) > timedelta():
                raise WaitFirstError(pause)
            del self._free_at[bucket]
        data: Any = None
        headers = dict(self._headers)
        if upload is not None:
            data = multipart(json.dumps(body, separators=(",", ":")), upload)
        elif body is not None:
            data = json.dumps(body, separators=(",", ":"))
            headers["Content-Type"] = "application/json"
        if self._session is None:
            self._session = new_session()
        try:
            async with self._session.request(
                method, self._base() + path, data=data, headers=headers, timeout=self._timeout
            ) as response:
                said = await response.text(errors="replace")
                status, limits = response.status, response.headers
        except aiohttp.ClientConnectorError as error:
            raise NotSentError(f"Discord cannot be reached: {type(error).__name__}") from None
        except (OSError, TimeoutError, aiohttp.ClientError, RuntimeError) as error:
            raise UnknownFateError(f"the connection to Discord broke: {type(error).__name__}") from None
        told = _json(said)
        if status == _TOO_MANY:
            pause = timedelta(seconds=_seconds(told.get("retry_after") if isinstance(told, dict) else None, limits))
            if isinstance(told, dict) and told.get("code") == _TOO_MANY_EDITS:
                pause = max(pause, _EDIT_PAUSE)
            whole_bot = bool(isinstance(told, dict) and told.get("global"))
            if not whole_bot:
                self._free_at[bucket] = self._clock.now() + pause
            raise WaitFirstError(pause, whole_bot=whole_bot)
        if status >= 500:
            raise UnknownFateError(f"Discord had trouble of its own ({status})")
        if limits.get("X-RateLimit-Remaining") == "0":
            pause = timedelta(seconds=_number(limits.get("X-RateLimit-Reset-After")))
            self._free_at[bucket] = self._clock.now() + pause
        if status >= 400:
            code = told.get("code") if isinstance(told, dict) else 0
            why = str(told.get("message", said) if isinstance(told, dict) else said)[:300]
            raise RefusedError(status, code if isinstance(code, int) else 0, why)
        return told


def _bucket(path: str) -> str:
    """Return the part of a path that shares a limit: the first number names the channel, later ones do not count."""
    head, _slash, rest = path.partition("?")[0].lstrip("/").partition("/")
    major, _slash, more = rest.partition("/")
    return f"{head}/{major}/{_NUMBER.sub('/n', '/' + more)}"


def _json(said: str) -> Any:
    try:
        return json.loads(said) if said else None
    except (ValueError, RecursionError):
        return said


def _seconds(told: Any, limits: Any) -> float:
    if isinstance(told, int | float) and not isinstance(told, bool):
        return max(float(told), 0.0)
    return _number(limits.get("Retry-After")) or 1.0


def _number(text: str | None) -> float:
    try:
        return max(0.0, float(text or 0))
    except ValueError:
        return 0.0
