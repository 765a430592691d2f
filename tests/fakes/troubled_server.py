"""A server in place of both platforms that does one thing wrong with every request, and puts the tokens into it."""

from __future__ import annotations

import asyncio
import base64
import struct
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from urllib.parse import quote

from tests.fakes import canary

BOTH = f"{canary.TELEGRAM} {canary.DISCORD}"
TELLING = f"{BOTH} {quote(BOTH, safe='')} {base64.b64encode(BOTH.encode()).decode()}"


def _answer(status: str, body: str, *headers: str, kind: str = "application/json") -> bytes:
    data = body.encode()
    lines = [
        f"HTTP/1.1 {status}",
        f"Content-Type: {kind}",
        f"Content-Length: {len(data)}",
        "Connection: close",
        *headers,
    ]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + data


ANSWERS = {
    "401": _answer("401 Unauthorized", f'{{"ok": false, "error_code": 401, "description": "{TELLING}", "message": "{BOTH}"}}'),
    "404": _answer("404 Not Found", f'{{"ok": false, "error_code": 404, "description": "{TELLING}", "message": "{BOTH}"}}'),
    "500": _answer("500 Internal Server Error", f"<html>{TELLING}</html>", kind="text/html"),
    "503": _answer("503 Service Unavailable", f'{{"ok": false, "error_code": 503, "description": "{TELLING}"}}'),
    "redirect": _answer("302 Found", TELLING, f"Location: /bot{canary.TELEGRAM}/x?token={quote(canary.DISCORD)}"),
    "malformed": _answer("200 OK", f'{{"ok": true, "result": {{"token": "{TELLING}'),
    "other shape": _answer("200 OK", f'["{BOTH}"]'),
    "no http": f"{TELLING}\r\n\r\n".encode(),
    "cut off": _answer("200 OK", TELLING * 9)[:-40],
}  # fmt: skip
KINDS = (*ANSWERS, "reset", "silence", "refused", "bad TLS")


@dataclass(slots=True)
class Troubled:
    """Where the server is, and what it was asked."""

    address: str = ""
    can_read: bool = True
    asked: list[str] = field(default_factory=list)
    changed: asyncio.Condition = field(default_factory=asyncio.Condition)

    async def until_asked(self) -> None:
        """Return when each platform was asked for something with its token, or nothing can be asked here."""
        async with self.changed:
            await self.changed.wait_for(lambda: not self.can_read or self._saw_both())

    def _saw_both(self) -> bool:
        said = " ".join(self.asked)
        return canary.TELEGRAM in said and canary.DISCORD in said


@asynccontextmanager
async def troubled(kind: str) -> AsyncIterator[Troubled]:
    """Open a server on a free port that does wrong what its kind says; ``refused``: nobody listens there."""
    found = Troubled(can_read=kind not in ("refused", "bad TLS"))

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            head = await reader.readuntil(b"\r\n\r\n") if kind != "bad TLS" else await reader.read(64)
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()
            return
        async with found.changed:
            found.asked.append(head.decode("latin-1"))
            found.changed.notify_all()
        if kind == "silence":
            await reader.read()
        elif kind == "reset":
            sock = writer.get_extra_info("socket")
            sock.setsockopt(1, 13, struct.pack("ii", 1, 0))  # SO_LINGER: closing sends a reset
        else:
            writer.write(ANSWERS.get(kind, b"no TLS here"))
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    found.address = f"{'https' if kind == 'bad TLS' else 'http'}://127.0.0.1:{port}"
    if kind == "refused":
        server.close()
    try:
        yield found
    finally:
        server.close()
