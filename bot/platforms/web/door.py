"""What every request passes first: the checks of ``guard``, the login, kind pages for errors, strict headers."""

from __future__ import annotations

import asyncio
import logging
from http import HTTPStatus
from typing import Final
from urllib.parse import quote

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

from bot.kit.clock import Clock, Dice
from bot.kit.text import plain
from bot.kit.wording import Catalogue, _, ngettext, say, speaking
from bot.platforms.web.frame import Look, draw_login, draw_problem
from bot.platforms.web.guard import COOKIE, Doorkeeper, is_known_host, is_local_path, is_own_page
from bot.platforms.web.limits import BODY_BYTES, SESSION_SECONDS
from bot.platforms.web.options import WebOptions

log = logging.getLogger("roadmate.web")

POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self';"
    " form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS: Final = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    # Not no-referrer: browsers would then send "Origin: null" with our own forms.
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Cache-Control": "no-store",
}
OPEN_TO_ALL: Final = ("/login", "/static/")


class Door:
    """The one in front of every address."""

    def __init__(self, options: WebOptions, clock: Clock, dice: Dice, catalogue: Catalogue, look: Look) -> None:
        self._options = options
        self._clock = clock
        self._dice = dice
        self._catalogue = catalogue
        self._look = look
        self._keeper = Doorkeeper(options.secret) if options.secret else None

    def install(self, app: web.Application) -> None:
        """Stand in front of an application."""
        app.middlewares.append(self._middleware())
        app.on_response_prepare.append(_add_headers)
        if self._keeper is not None:
            app.router.add_get("/login", self.show_login)
            app.router.add_post("/login", self.log_in)

    def _middleware(self) -> Middleware:
        @web.middleware
        async def stand(request: web.Request, handler: Handler) -> web.StreamResponse:
            with speaking(self._catalogue):
                return await serve(request, handler)

        async def serve(request: web.Request, handler: Handler) -> web.StreamResponse:
            try:
                refusal = self._refusal(request)
                return refusal if refusal is not None else await handler(request)
            except web.HTTPException as error:
                if error.status < HTTPStatus.BAD_REQUEST:
                    raise
                return self.problem(request, error.status, *_explained(error))
            except ConnectionError:
                return web.Response(status=HTTPStatus.BAD_REQUEST)  # the browser hung up; nobody reads this
            except Exception:
                reference = self._dice.token(6)
                log.exception("Request %s %s failed, reference %s", request.method, request.path, reference)
                sentence = say(
                    _("This is a mistake of ours. It is in the log as {reference}; please try again."),
                    reference=reference,
                )
                title = _("Something broke")
                return self.problem(request, HTTPStatus.INTERNAL_SERVER_ERROR, title, plain(sentence))

        return stand

    def _refusal(self, request: web.Request) -> web.StreamResponse | None:
        options = self._options
        if not is_known_host(request.headers.get("Host", ""), options.host, options.public_hosts):
            sentence = _(
                "Roadmate does not answer to this address. Open the one it printed when it started, or set"
                " ROADMATE_PUBLIC_URL to the address people use."
            )
            return self.problem(request, HTTPStatus.FORBIDDEN, _("Unknown address"), sentence)
        if request.method not in {"GET", "HEAD"} and not is_own_page(request.headers):
            sentence = _(
                "This did not come from Roadmate's own page, so nothing was done. Open the chat and do it there."
            )
            return self.problem(request, HTTPStatus.FORBIDDEN, _("Not from here"), sentence)
        if self._keeper is None or request.path.startswith(OPEN_TO_ALL):
            return None
        if self._keeper.admits(request.cookies.get(COOKIE, ""), self._clock.now()):
            return None
        scripted = request.headers.get("Accept", "").startswith(("application/json", "text/event-stream"))
        if request.method == "GET" and not scripted:
            onward = quote(request.path, safe="/")
            return web.Response(status=HTTPStatus.SEE_OTHER, headers={"Location": f"/login?onward={onward}"})
        return self.problem(
            request, HTTPStatus.UNAUTHORIZED, _("Locked"), _("The login has ended. Reload the page to come in again.")
        )

    def problem(self, request: web.Request, status: int, title: str, sentence: str) -> web.Response:
        """Say what went wrong, as a page or to the page's script."""
        if wants_json(request):
            return web.json_response({"problem": sentence}, status=status)
        return page(draw_problem(self._look, title, sentence), status=status)

    async def show_login(self, request: web.Request) -> web.Response:
        """Ask for the secret."""
        return page(draw_login(self._look, onward=request.query.get("onward", "/")))

    async def log_in(self, request: web.Request) -> web.Response:
        """Let somebody in who knows the secret."""
        if self._keeper is None:
            raise web.HTTPNotFound
        values = await read_form(request)
        onward = values.get("onward", "/")
        onward = onward if is_local_path(onward) else "/"
        peer, seconds = request.remote or "", asyncio.get_running_loop().time()
        if wait := self._keeper.must_wait(peer, seconds):
            words = ngettext(
                "Too many wrong tries. Please wait {count} second.",
                "Too many wrong tries. Please wait {count} seconds.",
                wait,
            )
            sentence = plain(say(words, count=wait))
            response = page(draw_login(self._look, onward=onward, problem=sentence), HTTPStatus.TOO_MANY_REQUESTS)
            response.headers["Retry-After"] = str(wait)
            return response
        if not self._keeper.is_secret(values.get("secret", "")):
            self._keeper.was_wrong(peer, seconds)
            problem = _("That is not the secret. It is what ROADMATE_WEB_SECRET was set to.")
            return page(draw_login(self._look, onward=onward, problem=problem), HTTPStatus.FORBIDDEN)
        response = web.Response(status=HTTPStatus.SEE_OTHER, headers={"Location": onward})
        response.set_cookie(
            COOKIE,
            self._keeper.cookie(self._clock.now()),
            max_age=SESSION_SECONDS,
            httponly=True,
            samesite="Strict",
            secure=request.headers.get("Origin", "").startswith("https://"),
        )
        return response


def page(html: str, status: int = HTTPStatus.OK) -> web.Response:
    """Return a page as a response."""
    return web.Response(text=html, status=status, content_type="text/html", charset="utf-8")


def wants_json(request: web.Request) -> bool:
    """Whether the page's script asks, which puts the answer in place itself."""
    return request.headers.get("Accept", "").startswith("application/json")


async def read_form(request: web.Request) -> dict[str, str]:
    """Return the fields of a posted form.

    Raises:
        web.HTTPException: it is too large or no form.
    """
    if request.content_type != "application/x-www-form-urlencoded":
        raise web.HTTPUnsupportedMediaType
    try:
        return {name: value for name, value in (await request.post()).items() if isinstance(value, str)}
    except ValueError as error:
        raise web.HTTPBadRequest from error


async def _add_headers(_request: web.Request, response: web.StreamResponse) -> None:
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    response.headers.pop("Server", None)  # what runs here, and in which version, is nobody's business


def _explained(error: web.HTTPException) -> tuple[str, str]:
    match error.status:
        case HTTPStatus.NOT_FOUND:
            return _("Not here"), _("There is no such page. Rooms and people are listed at the left of the chat.")
        case HTTPStatus.METHOD_NOT_ALLOWED:
            return _("Not this way"), _("This address does not take that kind of request.")
        case HTTPStatus.REQUEST_ENTITY_TOO_LARGE:
            sentence = say(_("At most {most} KiB fit into one message. Nothing was sent."), most=BODY_BYTES // 1024)
            return _("Too much at once"), plain(sentence)
        case HTTPStatus.UNSUPPORTED_MEDIA_TYPE:
            return _("Not a form"), _("Only forms of the chat's own pages are read here.")
        case _:
            return _("That did not work"), _("The request could not be read. Go back, reload the page and try again.")
