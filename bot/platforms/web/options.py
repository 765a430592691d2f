"""What the operator may choose about the web chat."""

from __future__ import annotations

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
