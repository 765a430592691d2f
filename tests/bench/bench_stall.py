"""How soon 200 people who ask at once on Discord are acknowledged while the database does nothing for a second."""

from __future__ import annotations

import json

from tests.bench.bench_platforms import CROWD, _begin, _hear, _say

ROUNDS = 3


def _round() -> dict[str, float]:
    server = _begin("platform_server", "discord", str(CROWD), str(CROWD))
    bot = _begin("platform_bot", "ours", "discord", _hear(server))
    try:
        assert _hear(server) == "WARM", "the bot on Discord does not answer"
        _say(bot, "stall")
        _hear(bot)  # from here on the database hangs
        _say(server, "go")
        found: dict[str, float] = json.loads(_hear(server))
        return found
    finally:
        for process in (bot, server):
            process.kill()
            process.communicate()


def measure() -> dict[str, float]:
    """Return the worst of several rounds, in milliseconds until Discord hears something."""
    rounds = [_round() for _one in range(ROUNDS)]
    return {f"stall_ack_{name}": max(one[name] for one in rounds) for name in ("p50_ms", "p99_ms", "p999_ms")}


def main() -> None:
    """Print every figure."""
    for name, value in measure().items():
        print(f"{name:24} {value:10.2f}", flush=True)


if __name__ == "__main__":
    main()
