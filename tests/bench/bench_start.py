"""How long the bot takes to be ready, and how much memory it holds while nobody talks to it."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def measure(times: int = 3) -> dict[str, float]:
    """Return CPU seconds until ready (compiled bytecode, best of ``times``) and idle resident memory in MiB (Linux)."""
    best_cpu, memory = float("inf"), 0.0
    for _turn in range(times + 1):  # the first turn compiles
        with tempfile.TemporaryDirectory() as folder:
            kept = {
                name: value
                for name, value in os.environ.items()
                if not name.startswith("ROADMATE_") and name != "PYTHONDONTWRITEBYTECODE"
            }
            settings = {"ROADMATE_HOME": folder, "ROADMATE_WEB": "127.0.0.1:0", "PYTHONPATH": str(ROOT)}
            process = subprocess.Popen(
                [sys.executable, "-m", "bot"], env=kept | settings, stdout=subprocess.PIPE, cwd=folder, text=True
            )
            assert process.stdout is not None
            assert "ready" in process.stdout.readline()
            ticks = Path(f"/proc/{process.pid}/stat").read_text().rsplit(")", 1)[1].split()
            cpu = (int(ticks[11]) + int(ticks[12])) / os.sysconf("SC_CLK_TCK")
            asyncio.run(asyncio.sleep(1))  # let it settle
            status = Path(f"/proc/{process.pid}/status").read_text()
            memory = int(status.split("VmRSS:")[1].split()[0]) / 1024
            best_cpu = min(best_cpu, cpu)
            process.terminate()
            process.communicate()
    return {"ready_cpu_s": best_cpu, "idle_rss_mib": memory, "bare_asyncio_rss_mib": _bare()}


def _bare() -> float:
    code = "import asyncio; print(open('/proc/self/status').read().split('VmRSS:')[1].split()[0])"
    printed = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    return int(printed) / 1024


if __name__ == "__main__":
    for name, value in measure().items():
        print(f"{name:24} {value:8.2f}")
