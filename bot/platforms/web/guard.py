"""Who may talk to the web chat: the right address, the right page, and the secret if there is one.

A page elsewhere on the web can make a browser send requests to this computer. It can neither forge the ``Host`` a name
was looked up with (DNS rebinding) nor hide where a form was sent from, so both are checked.
"""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
from collections import deque
from collections.abc import Mapping
from datetime import datetime
from typing import Final

from bot.platforms.web.limits import LOGIN_ADDRESSES, LOGIN_TRIES, LOGIN_WINDOW_SECONDS, SESSION_SECONDS

COOKIE: Final = "roadmate"
_LOCAL: Final = frozenset(("localhost", "127.0.0.1", "::1"))
_ANY: Final = frozenset(("", "0.0.0.0", "::"))  # noqa: S104 - recognised here, not bound


def host_name(host: str) -> str:
    """Return the name in a ``Host`` header, without its port, in lower case."""
    if host.startswith("["):
        return host[1:].partition("]")[0].lower()
    return host.partition(":")[0].rstrip(".").lower()


def is_known_host(host: str, bound: str, public: tuple[str, ...]) -> bool:
    """Whether a ``Host`` header names an address this server answers to.

    A server bound to every address of its computer also answers to bare numbers: those are never looked up, so no
    foreign name can lead to them.
    """
    name = host_name(host)
    if name in _LOCAL or name == bound.strip("[]").lower() or name in {host_name(other) for other in public}:
        return bool(name)
    return is_any(bound) and _is_number(name)


def is_any(host: str) -> bool:
    """Whether a host to bind means every address of this computer."""
    return host in _ANY


def _is_number(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


def is_own_page(headers: Mapping[str, str]) -> bool:
    """Whether a request that changes something was sent from a page of this very address.

    Every browser of the last years says so in at least one of two headers; a request with neither is refused.
    """
    site, origin = headers.get("Sec-Fetch-Site"), headers.get("Origin")
    if site is None and origin is None:
        return False
    if site is not None and site != "same-origin":
        return False
    # Only the host is compared: a proxy may speak https to the browser and http to us.
    return origin is None or origin.partition("://")[2].lower() == headers.get("Host", "").lower()


def is_local_path(path: str) -> bool:
    """Whether it is safe to send a browser on to ``path``: it stays at this address."""
    return path.startswith("/") and not path.startswith(("//", "/\\")) and path.isprintable()


class Doorkeeper:
    """Checks the secret, remembers who knew it by a signed cookie, and slows down guessing."""

    def __init__(self, secret: str) -> None:
        self._secret = secret.encode()
        self._wrong: dict[str, deque[float]] = {}

    def is_secret(self, typed: str) -> bool:
        """Whether the secret is right; takes equally long for every wrong one."""
        return hmac.compare_digest(_digest(typed.encode()), _digest(self._secret))

    def cookie(self, now: datetime) -> str:
        """Return what a browser keeps instead of the secret: an expiry and its signature."""
        expiry = str(int(now.timestamp()) + SESSION_SECONDS)
        return f"{expiry}.{self._sign(expiry)}"

    def admits(self, cookie: str, now: datetime) -> bool:
        """Whether a cookie was given out here and has not expired."""
        expiry, _dot, signature = cookie.partition(".")
        if not (expiry.isascii() and expiry.isdigit() and len(expiry) <= 12):
            return False
        right = hmac.compare_digest(signature.encode(), self._sign(expiry).encode())
        return right and now.timestamp() < int(expiry)

    def _sign(self, expiry: str) -> str:
        return hmac.new(self._secret, b"roadmate web session " + expiry.encode(), hashlib.sha256).hexdigest()

    def must_wait(self, peer: str, seconds: float) -> int:
        """Return for how many seconds an address that guessed too often has to wait; 0 if it need not."""
        wrong = self._recent(peer, seconds)
        if len(wrong) < LOGIN_TRIES:
            return 0
        return int(wrong[0] + LOGIN_WINDOW_SECONDS - seconds) + 1

    def was_wrong(self, peer: str, seconds: float) -> None:
        """Note a wrong try of an address at a moment of a clock that only goes forward."""
        wrong = self._recent(peer, seconds)
        wrong.append(seconds)
        self._wrong.pop(peer, None)
        self._wrong[peer] = wrong
        while len(self._wrong) > LOGIN_ADDRESSES:
            del self._wrong[next(iter(self._wrong))]

    def _recent(self, peer: str, seconds: float) -> deque[float]:
        wrong = self._wrong.get(peer, deque(maxlen=LOGIN_TRIES))
        while wrong and wrong[0] <= seconds - LOGIN_WINDOW_SECONDS:
            wrong.popleft()
        return wrong


def _digest(secret: bytes) -> bytes:
    return hashlib.sha256(secret).digest()
