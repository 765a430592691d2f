"""Telegram's Bot API as Roadmate calls it: the one module that knows the library, its errors and its retries."""

from __future__ import annotations

import asyncio
import logging
import os
from datetime import timedelta
from typing import Any, Final
from urllib.parse import quote

from bot.kit.clock import Clock
from bot.kit.reply import Document
from bot.platforms.telegram.limits import (
    CALL_SECONDS,
    CALLS_AT_ONCE,
    FILE_SECONDS,
    FIRST_PAUSE_SECONDS,
    LONGEST_RETRY_SECONDS,
    POLL_ANSWER_SECONDS,
    POLL_SECONDS,
    POLL_UPDATES,
    TRIES,
)

os.environ.setdefault("PTB_TIMEDELTA", "true")  # the library's own switch: waits come as durations, without a warning

from telegram import Bot, InputFile, error

from bot.platforms.telegram.wire import NeverSentError, Wire

log = logging.getLogger("roadmate.telegram")
File = bytes | Document
"""What may come along with a request: a PNG, or a file to keep."""
ATTACHED: Final = "attach://picture"
"""Stands in a request for the file that is sent along with it."""
_SHUT_OUT: Final = (
    "chat not found", "user is deactivated", "peer_id_invalid", "not enough rights", "have no rights",
    "chat_write_forbidden",
)  # fmt: skip


class TelegramTroubleError(Exception):
    """Telegram did not do what it was asked for."""


class RefusedError(TelegramTroubleError):
    """The request as it is cannot be met (400); repeating it changes nothing."""


class ForbiddenError(TelegramTroubleError):
    """Telegram does not let the bot write there (403, some of 400): blocked, removed, muted, or never spoken to."""


class ConflictError(TelegramTroubleError):
    """Another program fetches the updates of this bot (409)."""


class RejectedError(TelegramTroubleError):
    """Telegram does not know the token (401), or nothing of the bot at that address (404 for getMe)."""


class LostError(TelegramTroubleError):
    """Telegram could not be reached or had trouble of its own; ``heard``: it may have done it all the same."""

    def __init__(self, words: str, *, heard: bool) -> None:
        super().__init__(words)
        self.heard = heard


class WaitError(TelegramTroubleError):
    """Telegram asks for a pause (429)."""

    def __init__(self, pause: timedelta) -> None:
        super().__init__(f"Telegram asks to wait {pause.total_seconds():g} s")
        self.pause = pause


class MovedError(TelegramTroubleError):
    """The group has another id now."""

    def __init__(self, new: int) -> None:
        super().__init__(f"the group has the id {new} now")
        self.new = new


class _RawBot(Bot):
    """The library's bot, asked by the names of the Bot API and answering with plain data."""

    async def ask(
        self, method: str, parameters: dict[str, Any], seconds: float | None = None, file: File | None = None
    ) -> Any:
        """Call a method; ``seconds`` is how long the answer may take, ``file`` what is named ``ATTACHED`` in it."""
        if file is not None:
            sent = InputFile(file, "roadmate.png") if isinstance(file, bytes) else InputFile(file.text, file.name)
            parameters = {**parameters, ATTACHED.removeprefix("attach://"): sent}
        if seconds is None:
            return await self._do_post(method, parameters)
        return await self._do_post(method, parameters, read_timeout=seconds)

    async def download(self, path: str) -> bytes:
        """Return what Telegram keeps under a path, as ``getFile`` tells it."""
        return await self.request.retrieve(f"{self.base_file_url}/{quote(path)}")


class Api:
    """Calls methods, at most so many at once; waits where Telegram asks for it, tries again where that is safe."""

    def __init__(self, token: str, root: str, clock: Clock) -> None:
        logging.getLogger("telegram.request.BaseRequest").setLevel(logging.CRITICAL)  # pages of a proxy, whole
        self._clock = clock
        self._requests = (
            Wire(connections=2, seconds=CALL_SECONDS),
            Wire(connections=CALLS_AT_ONCE, seconds=CALL_SECONDS),
        )
        self._bot = _RawBot(
            token,
            base_url=lambda secret: f"{root.rstrip('/')}/bot{secret}",
            base_file_url=lambda secret: f"{root.rstrip('/')}/file/bot{secret}",
            get_updates_request=self._requests[0],
            request=self._requests[1],
        )
        self._slots = asyncio.Semaphore(CALLS_AT_ONCE)
        self.doubted = asyncio.Event()
        """Set when Telegram seemed not to know the token; whoever looks into it clears it."""

    async def close(self) -> None:
        """Let go of all connections."""
        for request in self._requests:
            await request.shutdown()

    async def poll(self, offset: int | None, allowed: tuple[str, ...]) -> Any:
        """Return the next updates, or none after a while. Raises ``TelegramTroubleError``; never tries again."""
        parameters: dict[str, Any] = {
            "timeout": POLL_SECONDS, "limit": POLL_UPDATES, "allowed_updates": list(allowed)
        }  # fmt: skip
        if offset is not None:
            parameters["offset"] = offset
        return await self._once("getUpdates", parameters, POLL_SECONDS + POLL_ANSWER_SECONDS)

    async def once(self, method: str, *, file: File | None = None, **parameters: Any) -> Any:
        """Call a method a single time. Raises ``TelegramTroubleError``."""
        async with self._slots:
            return await self._once(method, parameters, file=file)

    async def call(
        self, method: str, *, file: File | None = None, patience: float = LONGEST_RETRY_SECONDS, **parameters: Any
    ) -> Any:
        """Call a method, again and again while Telegram asks to wait or has trouble of its own.

        A message whose sending may have succeeded is not sent a second time. Longer waits than ``patience`` seconds
        are not waited for.

        Raises:
            TelegramTroubleError: it cannot be done.
        """
        repeatable = not method.startswith("send")
        tries = 0
        while True:
            try:
                return await self.once(method, file=file, **parameters)
            except WaitError as trouble:
                if trouble.pause.total_seconds() > patience:
                    raise
                log.info("%s waits %g s because Telegram asks for it", method, trouble.pause.total_seconds())
                pause = trouble.pause
            except LostError as trouble:
                tries += 1
                if tries == TRIES or (trouble.heard and not repeatable):
                    raise
                pause = timedelta(seconds=FIRST_PAUSE_SECONDS * 2 ** (tries - 1))
            await self._clock.sleep_until(self._clock.now() + pause)

    async def fetch(self, file: str) -> bytes:
        """Return what is in a file that somebody sent, cut one byte beyond what is taken of files.

        Raises:
            TelegramTroubleError: it cannot be had, or not in time.
        """
        try:
            async with asyncio.timeout(FILE_SECONDS):
                told = await self.call("getFile", file_id=file)
                path = told.get("file_path") if isinstance(told, dict) else None
                if not isinstance(path, str) or path.startswith("/"):  # a path on another computer's disk
                    raise LostError("an answer that leads to no file", heard=True)
                async with self._slots:
                    return await self._bot.download(path)
        except TimeoutError:
            raise LostError(f"a file did not come within {FILE_SECONDS:g} s", heard=True) from None
        except error.TelegramError as trouble:  # its address holds the token, its words do not
            raise LostError(f"a file did not come: {trouble.message[:120]}", heard=True) from None

    async def _once(
        self, method: str, parameters: dict[str, Any], seconds: float | None = None, file: File | None = None
    ) -> Any:
        try:
            return await self._bot.ask(method, parameters, seconds, file)
        except error.RetryAfter as trouble:
            pause = trouble.retry_after
            raise WaitError(pause if isinstance(pause, timedelta) else timedelta(seconds=pause)) from None
        except error.ChatMigrated as trouble:
            raise MovedError(trouble.new_chat_id) from None
        except error.Forbidden as trouble:
            raise ForbiddenError(trouble.message) from None
        except error.Conflict as trouble:
            raise ConflictError(trouble.message) from None
        except error.InvalidToken as trouble:
            if trouble.__cause__ is not None:  # not Telegram's own answer: something on the way is being set up
                raise LostError(f"no Bot API there: {trouble.message[:120]}", heard=False) from None
            self.doubted.set()
            if method != "getMe" and "not found" in trouble.message.lower():  # an older server lacks the method
                raise RefusedError(trouble.message) from None
            raise RejectedError(trouble.message) from None
        except error.BadRequest as trouble:
            if any(sign in trouble.message.lower() for sign in _SHUT_OUT):
                raise ForbiddenError(trouble.message) from None
            raise RefusedError(trouble.message) from None
        except error.NetworkError as trouble:
            raise _lost(trouble) from None
        except error.TelegramError as trouble:
            raise LostError(f"an answer that cannot be read: {trouble.message[:120]}", heard=True) from None


def _lost(trouble: error.NetworkError) -> LostError:
    # Without a cause, Telegram says itself that it failed. With one, a page of something on the way was the answer,
    # which may have passed the request on, or the connection broke.
    heard = trouble.__cause__ is not None and not isinstance(trouble, NeverSentError)
    return LostError(trouble.message[:120], heard=heard)
