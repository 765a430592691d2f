"""What ``/roadmap 2`` costs on Telegram and Discord beside a bare bot on the same library, and how soon it is answered."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
COUNT = 1200
CROWD = 200
FLIGHTS = (1, 8, 64)
KEPT = {
    name: value
    for name, value in os.environ.items()
    if not name.startswith("ROADMATE_") and name != "PYTHONDONTWRITEBYTECODE"
}


def _begin(module: str, *arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-W", "ignore", "-m", f"tests.bench.{module}", *arguments], cwd=ROOT, env=KEPT, text=True,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
    )  # fmt: skip


def _say(process: subprocess.Popen[str], words: str) -> None:
    assert process.stdin is not None
    process.stdin.write(words + "\n")
    process.stdin.flush()


def _hear(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


def round_trips(whose: str, kind: str, in_flight: int, count: int = COUNT) -> dict[str, float]:
    """Return CPU milliseconds for each question, questions a second, and milliseconds until the first answer."""
    server = _begin("platform_server", kind, str(count), str(in_flight))
    bot = _begin("platform_bot", whose, kind, _hear(server))
    try:
        assert _hear(server) == "WARM", f"the {whose} bot on {kind} does not answer"
        _say(bot, "report")
        before = float(_hear(bot).split()[0])
        _say(server, "go")
        found: dict[str, float] = json.loads(_hear(server))
        _say(bot, "report")
        cpu, memory = map(float, _hear(bot).split())
        return {**found, "cpu_ms": (cpu - before) / count * 1000, "rss_mib": memory}
    finally:
        for process in (bot, server):
            process.kill()
            process.communicate()


def idle() -> dict[str, float]:
    """Return CPU seconds until ready and resident memory (MiB) with both platforms and the web chat, and bare ones."""
    servers = [_begin("platform_server", kind, "1", "1") for kind in ("telegram", "discord")]
    telegram, discord = map(_hear, servers)
    with tempfile.TemporaryDirectory() as folder:
        from tests.bench.platform_bot import DISCORD_TOKEN, TELEGRAM_TOKEN

        settings = {
            "ROADMATE_HOME": folder, "ROADMATE_WEB": "127.0.0.1:0", "ROADMATE_WEB_SECRET": "a long secret",
            "ROADMATE_TELEGRAM_TOKEN": TELEGRAM_TOKEN, "ROADMATE_TELEGRAM_API": f"http://127.0.0.1:{telegram}",
            "ROADMATE_DISCORD_TOKEN": DISCORD_TOKEN, "ROADMATE_DISCORD_API": f"http://127.0.0.1:{discord}/api",
            "ROADMATE_DISCORD_GATEWAY": f"ws://127.0.0.1:{discord}/gateway", "PYTHONPATH": str(ROOT),
        }  # fmt: skip
        bot = subprocess.Popen(
            [sys.executable, "-m", "bot"], env=KEPT | settings, cwd=folder, text=True, stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )  # fmt: skip
        try:
            assert "ready on Telegram and Discord" in _hear(bot)
            ticks = Path(f"/proc/{bot.pid}/stat").read_text().rsplit(")", 1)[1].split()
            time.sleep(3)
            memory = int(Path(f"/proc/{bot.pid}/status").read_text().split("VmRSS:")[1].split()[0]) / 1024
        finally:
            for process in (bot, *servers):
                process.kill()
                process.communicate()
    return {
        "both_ready_cpu_s": (int(ticks[11]) + int(ticks[12])) / os.sysconf("SC_CLK_TCK"),
        "both_idle_rss_mib": memory,
    }


def measure() -> dict[str, float]:
    """Return every figure; ratios are of the best of two rounds each, bare and ours in turn."""
    found: dict[str, float] = {}
    for kind in ("telegram", "discord"):
        rounds = [(round_trips("bare", kind, 8), round_trips("ours", kind, 8)) for _round in range(2)]
        bare, ours = (min(one[side]["cpu_ms"] for one in rounds) for side in (0, 1))
        found |= {f"{kind}_bare_cpu_ms": bare, f"{kind}_cpu_ms": ours, f"{kind}_cpu_ratio": ours / bare}
        for in_flight in FLIGHTS:
            found[f"{kind}_per_s_{in_flight}"] = round_trips("ours", kind, in_flight)["per_s"]
    crowd = round_trips("ours", "discord", CROWD, 3000)
    found |= {f"discord_ack_{name}": crowd[name] for name in ("p50_ms", "p99_ms", "p999_ms")}
    return found | idle()


def main() -> None:
    """Print every figure."""
    for name, value in measure().items():
        print(f"{name:24} {value:10.2f}", flush=True)


if __name__ == "__main__":
    main()
