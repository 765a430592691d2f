"""A crowd of strangers answers one quiz of the day: over real sockets, with the library as it is, the bot a process apart.

``python -m tests.bench.bench_storm [PEOPLE [SECONDS]]``.
"""

from __future__ import annotations

import json
import sys
import time
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any, Final

from tests.bench.bench_platforms import _begin, _hear, _say

PEOPLE: Final = 10_000
SECONDS: Final = 60.0
MOST: Final = 3_000
"""People enough to see how many answers a second Discord's side holds."""
SETTLING: Final = 0.3
"""Seconds in which whatever came twice at the very end would show."""
PATIENCE: Final = 30.0
"""Seconds after the last answer within which the database must hold all of them."""


@dataclass(frozen=True, slots=True)
class Storm:
    """How a storm went.

    Attributes:
        people: how many answered.
        lost, extra: answers that are not in the database, and those that are there beyond one for each of them.
        wrong: answers that are kept as another choice than the first one made.
        untold: people who never got a verdict; 0 where the platform itself tells.
        p50_ms, p99_ms, slowest_ms: from a press to its verdict.
        grown_mib: the most memory used during the storm, beyond what was used before.
        cpu_ms: of the bot for each answer.
        per_s: answers a second, from the first answer to the last one kept.
    """

    people: int
    lost: int
    extra: int
    wrong: int
    untold: int
    p50_ms: float
    p99_ms: float
    slowest_ms: float
    grown_mib: float
    cpu_ms: float
    per_s: float


def storm(way: str, people: int, seconds: float) -> Storm:
    """Let so many people answer within so many seconds (0: as fast as they are heard); both processes end with it.

    ``way`` is ``poll`` or ``press`` on Telegram, or ``discord``.
    """
    server = _begin("storm_server", way, str(people), str(seconds))
    bot = _begin("storm_bot", "discord" if way == "discord" else "telegram", _hear(server),
                 "poll" if way == "poll" else "buttons")  # fmt: skip
    try:
        _tell(bot, "report")
        _say(bot, "open")
        _hear(bot)
        assert _hear(server) == "ASKED", f"no quiz was posted ({way})"
        while not (before := _tell(bot, "calm"))["posted"]:
            time.sleep(0.05)
        began = time.monotonic()
        _say(server, "go")
        found: dict[str, Any] = json.loads(_hear(server))
        until = time.monotonic() + PATIENCE
        after = _tell(bot, "report")
        while after["quiz_vote"] < people and time.monotonic() < until:
            time.sleep(0.05)
            after = _tell(bot, "report")
        took = time.monotonic() - began
        time.sleep(SETTLING)
        after = _tell(bot, "report")
    finally:
        for process in (bot, server):
            process.kill()
            process.communicate()
    return Storm(
        people=people,
        lost=max(0, people - after["quiz_vote"]),
        extra=max(0, after["quiz_vote"] - people, after["quiz_answer"] - people),
        wrong=_astray(found["chosen"], after["votes"]),
        untold=people - found["told"] if way != "poll" else 0,
        p50_ms=found["p50_ms"],
        p99_ms=found["p99_ms"],
        slowest_ms=found["slowest_ms"],
        grown_mib=after["most_mib"] - before["rss_mib"],
        cpu_ms=(after["cpu_s"] - before["cpu_s"]) / people * 1000,
        per_s=people / took,
    )


def _tell(bot: Any, word: str) -> dict[str, Any]:
    _say(bot, word)
    answer: dict[str, Any] = json.loads(_hear(bot))
    return answer


def _astray(chosen: dict[str, int], kept: dict[str, int]) -> int:
    """Return by how much the tally differs from what was chosen; a poll shows its places in an order of its own."""
    if all(":" in data for data in chosen):
        named = {data.partition("#")[0].rsplit(":", 1)[1]: count for data, count in chosen.items()}
        return (sum(abs(named.get(place, 0) - kept.get(place, 0)) for place in {*named, *kept}) + 1) // 2
    pairs = zip_longest(sorted(chosen.values(), reverse=True), sorted(kept.values(), reverse=True), fillvalue=0)
    return (sum(abs(one - other) for one, other in pairs) + 1) // 2


def measure(people: int = PEOPLE, seconds: float = SECONDS, most: int = MOST) -> dict[str, float]:
    """Return the figures: on Telegram as fast as it goes, on Discord paced, and then ``most`` of them unpaced."""
    figures: dict[str, float] = {}
    for way, paced in (("poll", 0.0), ("press", 0.0), ("discord", seconds)):
        found = storm(way, people, paced)
        figures |= {
            f"storm_{way}_lost": found.lost,
            f"storm_{way}_twice": found.extra,
            f"storm_{way}_astray": found.wrong,
            f"storm_{way}_untold": found.untold,
            f"storm_{way}_rss_mib": found.grown_mib,
            f"storm_{way}_cpu_ms": found.cpu_ms,
            f"storm_{way}_per_s": found.per_s,
        }
    figures |= {f"storm_discord_{name}": getattr(found, name) for name in ("p50_ms", "p99_ms", "slowest_ms")}
    figures["storm_discord_per_s"] = storm("discord", most, 0).per_s
    return figures


def main() -> None:
    """Print every figure."""
    people = int(sys.argv[1]) if len(sys.argv) > 1 else PEOPLE
    seconds = float(sys.argv[2]) if len(sys.argv) > 2 else SECONDS
    for name, value in measure(people, seconds, min(people, MOST)).items():
        print(f"{name:28} {value:12.2f}", flush=True)


if __name__ == "__main__":
    main()
