"""Logs: one line an event, with secrets taken out before anything is written."""

from __future__ import annotations

import logging
import re
import sys
from collections.abc import Iterable
from typing import Final, TextIO

_TELEGRAM_TOKEN: Final = re.compile(r"\b\d{5,}:[A-Za-z0-9_-]{20,}")
HIDDEN: Final = "•••"


class Redacting(logging.Formatter):
    """Writes a record as one line and hides every known secret in it, whatever part it came in."""

    def __init__(self, secrets: Iterable[str]) -> None:
        super().__init__("%(asctime)s %(levelname)-7s %(name)s: %(message)s", "%Y-%m-%d %H:%M:%S")
        self._secrets = tuple(secret for secret in secrets if len(secret) >= 4)

    def format(self, record: logging.LogRecord) -> str:
        """Return the line without secrets."""
        text = super().format(record)
        for secret in self._secrets:
            text = text.replace(secret, HIDDEN)
        return _TELEGRAM_TOKEN.sub(HIDDEN, text)


def set_up(secrets: Iterable[str], *, quiet: bool = False, stream: TextIO | None = None) -> None:
    """Send logs to standard error; ``quiet`` shows warnings only (a terminal somebody is reading)."""
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(Redacting(secrets))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING if quiet else logging.INFO)
    for noisy in ("aiohttp.access", "asyncio", "aiosqlite"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
