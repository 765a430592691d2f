"""Round trips per second through the whole web chat: a typed command, stored, answered, stored, drawn, read back."""

from __future__ import annotations

import asyncio
import os
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import aiohttp

ROOT = Path(__file__).resolve().parents[2]


async def measure(seconds: float = 3.0) -> dict[str, float]:
    """Return round trips a second with 1, 8 and 64 in flight, server and client on the same computer."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("ROADMATE_") and name != "PYTHONDONTWRITEBYTECODE"
    }
    results: dict[str, float] = {}
    with tempfile.TemporaryDirectory() as folder:
        settings = {"ROADMATE_HOME": folder, "ROADMATE_WEB": "127.0.0.1:0", "PYTHONPATH": str(ROOT)}
        process = subprocess.Popen(  # noqa: ASYNC220 - starting it is not what is measured
            [sys.executable, "-m", "bot"], env=kept | settings, stdout=subprocess.PIPE, cwd=folder, text=True
        )
        try:
            assert process.stdout is not None
            found = re.search(r"http://\S+", process.stdout.readline())
            assert found is not None
            for flying in (1, 8, 64):
                results[f"web_round_trips_s_{flying}"] = await _drive(found[0], flying, seconds)
        finally:
            process.terminate()
            process.communicate()
    return results


async def _drive(address: str, flying: int, seconds: float) -> float:
    until = time.perf_counter() + seconds
    headers = {"Origin": address, "Accept": "application/json"}

    async def person(http: aiohttp.ClientSession, number: int) -> int:
        account = ("ana", "ben", "mo")[number % 3]
        done = 0
        while time.perf_counter() < until:
            fields = {"text": "/roadmap 2", "event": f"bench-{flying}-{number}-{done:08d}"}
            async with http.post(f"{address}/room/roadmate/as/{account}/say", data=fields, headers=headers) as response:
                assert response.status == 200, await response.text()
                await response.read()
            done += 1
        return done

    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=flying)) as http:
        began = time.perf_counter()
        counts = await asyncio.gather(*(person(http, number) for number in range(flying)))
        return sum(counts) / (time.perf_counter() - began)


if __name__ == "__main__":
    for name, value in asyncio.run(measure()).items():
        print(f"{name:28} {value:10.1f}")
