"""What the operator may choose about the web chat."""

from __future__ import annotations

import errno
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class WebOptions:
    """Where the web chat listens and how it speaks.

    Attributes:
        host, port: the address to bind; port 0 takes any free one.
        secret: if set, people must know it to come in; it never prints.
        zone: IANA zone for times where the browser does not say its own.
        language: BCP 47 code of the page's own words.
        public_hosts: further host names under which people reach the page, for example behind a proxy.
    """

    host: str = "127.0.0.1"
    port: int = 8642
    secret: str | None = field(default=None, repr=False)
    zone: str = "UTC"
    language: str = "en"
    public_hosts: tuple[str, ...] = ()


def refusal(options: WebOptions, error: OSError | OverflowError) -> str:
    """Say why an address cannot be listened on and what to do about it."""
    host, port = options.host, options.port
    shown = f"[{host}]" if ":" in host else host
    if not isinstance(error, OSError):
        return f"{port} is not a port. Set ROADMATE_WEB to an address such as {shown}:8642."
    if error.errno == errno.EADDRINUSE:
        other = port + 1 if port < 65_535 else 8642
        return (
            f"Port {port} on {host} is in use. Stop the other program or set ROADMATE_WEB to another address,"
            f" such as {shown}:{other}."
        )
    if error.errno == errno.EACCES:
        return (
            f"This program may not use port {port} on {host}. Set ROADMATE_WEB to an address with a port above 1023,"
            f" such as {shown}:8642."
        )
    return (
        f"This computer has no address {host} to listen on ({error.strerror or error}). Set ROADMATE_WEB to one it has,"
        " such as 127.0.0.1:8642."
    )
