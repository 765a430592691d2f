"""Logs: one line a record, with fields a program can read, and every secret taken out before anything is written.

    2026-11-21 07:20:01Z WARNING roadmate.router: the answer failed platform=telegram event=77 reference=K7QZ2M

The same text everywhere: whoever keeps a small bot reads its journal with their own eyes, and every log collector reads
``name=value``. In a terminal the way to an error follows on lines of its own; anywhere else it stays in the line, as
``trace=``.
"""

from __future__ import annotations

import json
import logging
import re
import sys
import threading
from collections.abc import Iterable
from datetime import UTC, datetime
from types import TracebackType
from typing import Final, TextIO

from bot.infra.secrets_hidden import HIDDEN, Redactor
from bot.kit.noted import what_is_noted

__all__ = ["HIDDEN", "Redacting", "set_up"]

FIELDS: Final = ("platform", "community", "chat", "command", "event", "post", "job", "occurrence", "reference")
"""What ``extra=`` of a call may name beside what is noted."""
_SIMPLE: Final = re.compile(r"[^\s\"=\\\x00-\x1f\x7f-\x9f]+")
_ESCAPES: Final = {
    ord("\n"): "\\n",
    ord("\r"): "\\r",
    ord("\t"): "\\t",
    0x2028: "\\u2028",
    0x2029: "\\u2029",
    0x85: "\\x85",
}
_ESCAPES_ALL: Final = {**{code: f"\\x{code:02x}" for code in (*range(32), 127, *range(128, 160))}, **_ESCAPES}
"""Characters that would begin a new line or steer a terminal: nobody else's words may forge a line of ours."""


class Redacting(logging.Formatter):
    """Writes a record as one line and hides every known secret in it, whatever part it came in."""

    def __init__(self, secrets: Iterable[str], *, in_terminal: bool = False) -> None:
        super().__init__()
        self._redact = Redactor(secrets)
        self._in_terminal = in_terminal

    def format(self, record: logging.LogRecord) -> str:
        """Return the line without secrets."""
        moment = datetime.fromtimestamp(record.created, UTC)
        message = self._redact(record.getMessage()).translate(_ESCAPES_ALL)
        fields = dict(what_is_noted())
        fields |= {name: str(value) for name in FIELDS if (value := getattr(record, name, None)) is not None}
        trace = self._redact(self._trace(record))
        lines = ""
        if trace and self._in_terminal:
            lines = "".join(f"\n    {line.translate(_ESCAPES_ALL)}" for line in trace.splitlines())
        elif trace:
            fields["trace"] = trace
        tail = "".join(f" {name}={_shown(self._redact(value))}" for name, value in fields.items())
        line = f"{moment:%Y-%m-%d %H:%M:%S}Z {record.levelname} {record.name}: {message}{tail}{lines}"
        return self._redact(line)  # once more, for what only the parts together give away

    def _trace(self, record: logging.LogRecord) -> str:
        parts = [self.formatException(record.exc_info)] if record.exc_info and record.exc_info[0] else []
        if record.stack_info:
            parts.append(record.stack_info)
        return "\n".join(parts)


def _shown(value: str) -> str:
    return value if _SIMPLE.fullmatch(value) else json.dumps(value, ensure_ascii=False).translate(_ESCAPES_ALL)


def set_up(secrets: Iterable[str], *, quiet: bool = False, stream: TextIO | None = None) -> None:
    """Send logs to standard error; ``quiet`` shows errors only (a terminal somebody is typing in).

    Errors that nobody caught, warnings and errors of threads go the same way, so that they lose their secrets too.
    """
    stream = stream or sys.stderr
    handler = logging.StreamHandler(stream)
    handler.setFormatter(Redacting(secrets, in_terminal=stream.isatty()))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.ERROR if quiet else logging.INFO)
    for noisy in ("aiohttp.access", "apscheduler", "asyncio", "aiosqlite", "httpx", "httpcore"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
    logging.captureWarnings(capture=True)
    sys.excepthook = _uncaught
    threading.excepthook = _uncaught_in_thread
    sys.unraisablehook = _unraisable


def _uncaught(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    if issubclass(kind, KeyboardInterrupt):
        return
    logging.getLogger("roadmate").critical("ended by a mistake of ours", exc_info=(kind, error, trace))


def _uncaught_in_thread(ended: threading.ExceptHookArgs) -> None:
    if ended.exc_value is not None:
        logging.getLogger("roadmate").critical(
            "a thread ended by a mistake of ours", exc_info=(ended.exc_type, ended.exc_value, ended.exc_traceback)
        )


def _unraisable(found: sys.UnraisableHookArgs) -> None:
    logging.getLogger("roadmate").error("an error that could not be raised: %r", found.exc_value or found.err_msg)
