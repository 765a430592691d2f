"""``/healthz``, ``/readyz`` and ``/metrics``: for programs that watch over the bot, apart from the chat and its login.

``/healthz`` and ``/readyz`` answer everybody with a word or two. Why a part is not ready, and the numbers, are for
whoever knows the secret (``Authorization: Bearer <secret>``) or, where none is set, for programs on the same computer.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from http import HTTPStatus
from typing import Final

from aiohttp import BasicAuth, web
from aiohttp.typedefs import Handler

from bot.kit.meters import CONTENT_TYPE
from bot.kit.watch import Watched
from bot.platforms.web.guard import Doorkeeper, is_known_host
from bot.platforms.web.options import WebOptions, refusal

log = logging.getLogger("roadmate.web")

_HEADERS: Final = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}
_LOOPBACK: Final = ("127.0.0.1", "::1", "localhost")


def add_watching(app: web.Application, watched: Watched, options: WebOptions) -> None:
    """Add the three addresses to an application that is not started yet, in front of whatever guards the others."""
    watching = Watching(watched, options)
    answers: dict[str, Callable[[web.Request], Awaitable[web.Response]]] = {
        "/healthz": watching.health,
        "/readyz": watching.readiness,
        "/metrics": watching.metrics,
    }
    for path, answer in answers.items():
        app.router.add_get(path, answer)

    @web.middleware
    async def come_first(request: web.Request, handler: Handler) -> web.StreamResponse:
        answer = answers.get(request.path) if request.method in {"GET", "HEAD"} else None
        return await (handler if answer is None else answer)(request)

    app.middlewares.insert(0, come_first)


class Watching:
    """What the three addresses answer."""

    def __init__(self, watched: Watched, options: WebOptions) -> None:
        self._watched = watched
        self._options = options
        self._keeper = Doorkeeper(options.secret) if options.secret else None

    async def health(self, request: web.Request) -> web.Response:
        """Tell whether the process should go on."""
        trouble = self._watched.stalled()
        mark = f"\nREHEARSAL: {rehearsal}" if (rehearsal := self._watched.rehearsal) else ""
        return _told({"loop": trouble}, f"alive{mark}", f"stalled{mark}", knows_more=self._knows_more(request))

    async def readiness(self, request: web.Request) -> web.Response:
        """Tell whether people are served at the moment."""
        parts = dict(await self._watched.unready())
        return _told(parts, "ready", "not ready", knows_more=self._knows_more(request))

    async def metrics(self, request: web.Request) -> web.Response:
        """Tell the numbers."""
        if self._knows_more(request):
            return _answer(await self._watched.metrics(), HTTPStatus.OK, CONTENT_TYPE)
        if self._keeper is None:
            return _answer("Set ROADMATE_WEB_SECRET to read the numbers from elsewhere.\n", HTTPStatus.FORBIDDEN)
        sentence = "The numbers need the header “Authorization: Bearer” and the secret.\n"
        response = _answer(sentence, HTTPStatus.UNAUTHORIZED)
        response.headers["WWW-Authenticate"] = "Bearer"
        return response

    def _knows_more(self, request: web.Request) -> bool:
        if self._keeper is not None:
            return self._bears(request, self._keeper)
        is_near = request.remote in _LOOPBACK and self._options.host in _LOOPBACK
        # A page elsewhere on the web could lead its own name to this computer; the name would stand in Host.
        return is_near and is_known_host(request.headers.get("Host", ""), self._options.host, ())

    def _bears(self, request: web.Request, keeper: Doorkeeper) -> bool:
        """Whether a request carries the secret, as a bearer's or as anybody's password. Guessing is slowed down."""
        given = _given(request.headers.get("Authorization", ""))
        peer, seconds = request.remote or "", asyncio.get_running_loop().time()
        if given is None or keeper.must_wait(peer, seconds):
            return False
        if keeper.is_secret(given):
            return True
        keeper.was_wrong(peer, seconds)
        return False


def _given(header: str) -> str | None:
    """Return the secret that a header brings, or None if it brings none."""
    scheme, _space, given = header.partition(" ")
    if scheme.lower() == "bearer":
        return given.strip()
    try:
        return str(BasicAuth.decode(header, "utf-8").password)
    except ValueError:
        return None


def _told(parts: dict[str, str], good: str, bad: str, *, knows_more: bool) -> web.Response:
    is_good = not any(parts.values())
    lines = [good if is_good else bad]
    if knows_more:
        lines += [f"{name}: {trouble or 'ok'}" for name, trouble in parts.items()]
    return _answer("\n".join(lines) + "\n", HTTPStatus.OK if is_good else HTTPStatus.SERVICE_UNAVAILABLE)


def _answer(text: str, status: int, content_type: str = "text/plain; charset=utf-8") -> web.Response:
    return web.Response(body=text.encode(), status=status, headers={**_HEADERS, "Content-Type": content_type})


class WatchServer:
    """The three addresses alone, for a bot without the web chat."""

    def __init__(self, watched: Watched, options: WebOptions) -> None:
        self._watched = watched
        self._options = options
        self._runner: web.AppRunner | None = None

    @property
    def port(self) -> int | None:
        """The port it really listens on; None if it does not."""
        return self._runner.addresses[0][1] if self._runner is not None else None

    async def start(self) -> None:
        """Begin to listen. An address that cannot be used is said in the log: the bot is worth more than its watch."""
        app = web.Application()
        add_watching(app, self._watched, self._options)
        runner = web.AppRunner(app, access_log=None, handle_signals=False, shutdown_timeout=1)
        await runner.setup()
        try:
            await web.TCPSite(runner, self._options.host, self._options.port).start()
        except (OSError, OverflowError) as error:
            await runner.cleanup()
            log.warning("nobody can watch over this bot on the web address. %s", refusal(self._options, error))
            return
        self._runner = runner

    async def stop(self) -> None:
        """Listen no more."""
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None
