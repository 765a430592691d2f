"""What the fake Discord answers requests with: JSON, refusals by their codes, faults that were asked for, limits."""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from aiohttp import web

Payload = dict[str, Any]
Now = Callable[[], datetime]


def answer(data: Any, status: int = 200, headers: dict[str, str] | None = None) -> web.Response:
    return web.Response(
        body=json.dumps(data).encode(), status=status, content_type="application/json", headers=headers
    )  # fmt: skip


def refusal(status: int, code: int, message: str) -> web.Response:
    return answer({"code": code, "message": message}, status)


def too_many(pause: float, scope: str = "user") -> web.Response:
    """A limit was reached; ``scope`` is user, shared or global."""
    body = {"message": "You are being rate limited.", "retry_after": pause, "global": scope == "global"}
    headers = {"Via": "1.1 google", "Retry-After": str(int(pause) + 1), "X-RateLimit-Scope": scope}
    if scope == "global":
        headers["X-RateLimit-Global"] = "true"
    return answer(body, 429, headers)


@dataclass
class Fault:
    """Something that goes wrong with requests whose path contains ``path``.

    ``after``: what was asked for happens all the same. ``response`` None breaks the connection instead of answering.
    """

    path: str
    response: Callable[[], web.Response] | None
    method: str = ""
    after: bool = False


@dataclass
class Pace:
    """A limit of requests in a span of time, for each of whatever the key tells apart."""

    most: int
    span: timedelta
    scope: str = "user"
    taken: dict[str, deque[datetime]] = field(default_factory=dict)

    def take(self, key: str, now: datetime) -> tuple[int, float]:
        """How many requests are left after this one (-1: it was one too many), and seconds until there are more."""
        moments = self.taken.setdefault(key, deque())
        while moments and moments[0] <= now - self.span:
            moments.popleft()
        if len(moments) >= self.most:
            return -1, (moments[0] + self.span - now).total_seconds()
        moments.append(now)
        return self.most - len(moments), (moments[0] + self.span - now).total_seconds()


class Ban:
    """Ten thousand refused requests in ten minutes are too many; limits shared by all bots do not count."""

    def __init__(self, now: Now) -> None:
        self._now = now
        self.after = 10_000
        self._moments: deque[datetime] = deque()

    def note(self, response: web.StreamResponse) -> None:
        if response.status in (401, 403, 429) and response.headers.get("X-RateLimit-Scope") != "shared":
            self._moments.append(self._now())

    @property
    def holds(self) -> bool:
        while self._moments and self._moments[0] <= self._now() - timedelta(minutes=10):
            self._moments.popleft()
        return len(self._moments) >= self.after


def user(account: str, name: str, *, is_bot: bool = False) -> Payload:
    return {
        "id": account, "username": name.lower(), "global_name": name, "discriminator": "0", "avatar": None, "bot": is_bot,
    }  # fmt: skip
