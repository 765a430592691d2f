"""How Telegram is told to reach this bot by itself."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from urllib.parse import urlsplit

from bot.kit.errors import SettingsError

URL, LISTEN = "ROADMATE_TELEGRAM_WEBHOOK_URL", "ROADMATE_TELEGRAM_WEBHOOK_LISTEN"


@dataclass(frozen=True, slots=True)
class WebhookOptions:
    """A webhook.

    Attributes:
        url: the address Telegram calls, as the world outside sees it.
        listen_host, listen_port: where this process waits for those calls, in plain HTTP: TLS is the proxy's work.
    """

    url: str
    listen_host: str = "127.0.0.1"
    listen_port: int = 8443

    @property
    def listens_on_this_computer_only(self) -> bool:
        """Whether only programs on this computer, such as a proxy, can call."""
        return is_local(self.listen_host)

    def check(self) -> None:
        """Refuse what cannot work before anything is opened.

        Raises:
            SettingsError: with what is wrong and the next step.
        """
        try:
            parts = urlsplit(self.url)
            host, _port = parts.hostname or "", parts.port
        except ValueError:
            host = ""
        if not host:
            raise SettingsError(
                f"{URL} is “{self.url}”; it must be an address such as https://bot.example.org/telegram."
            )
        if parts.scheme != "https" and not (parts.scheme == "http" and is_local(host)):
            raise SettingsError(
                f"{URL} is “{self.url}”, but Telegram calls addresses that begin with https:// only. "
                "Let a proxy with a certificate pass its calls on to Roadmate."
            )
        if parts.username is not None or parts.fragment:
            raise SettingsError(f"{URL} must hold no password and no #; calls are told apart by a secret header.")
        if not 0 < self.listen_port < 65_536:
            raise SettingsError(f"{LISTEN} names port {self.listen_port}; it must be between 1 and 65535.")


def is_local(host: str) -> bool:
    """Whether a host is this computer."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False
