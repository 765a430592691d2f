"""Prints how many texts were said where, and every one that went wrong; exit code 1 if there is one."""

from __future__ import annotations

import argparse
import sys
import time
from concurrent.futures import ProcessPoolExecutor

from tests.safety.check import PLACES, troubles
from tests.safety.inputs import texts


def run(seed: int, count: int) -> list[str]:
    """Say ``count`` texts, each in one place after another, and return what went wrong."""
    places = list(PLACES)
    found = []
    for number, words in enumerate(texts(seed, count)):
        found += [
            f"seed {seed}, {words!r:.300}: {trouble}" for trouble in troubles(words, places[number % len(places)])
        ]
    return found


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.safety", description=__doc__)
    parser.add_argument("--inputs", type=int, default=20_000)
    parser.add_argument("--first", type=int, default=1, help="first seed; each seed makes 1,000 texts")
    parser.add_argument("--processes", type=int, default=2)
    options = parser.parse_args()
    seeds = range(options.first, options.first + max(1, options.inputs // 1000))
    begun, bad, done = time.monotonic(), 0, 0
    with ProcessPoolExecutor(options.processes) as pool:
        for found in pool.map(run, seeds, [1000] * len(seeds)):
            done += 1000
            bad += len(found)
            for line in found[:20]:
                print(line)
            if done % 50_000 == 0:
                print(f"{done:,} texts, {bad} troubles, {time.monotonic() - begun:.0f} s", flush=True)
    print(f"{done:,} texts on two platforms in {len(PLACES)} places: {bad} pings, refusals or losses")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
