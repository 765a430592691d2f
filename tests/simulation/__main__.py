"""Runs simulations; prints every seed for which something did not hold, and exits with 1 if there is one."""

from __future__ import annotations

import argparse
import sys
import time
from concurrent.futures import ProcessPoolExecutor

from tests.simulation.scenario import Outcome, simulate


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.simulation", description=__doc__)
    parser.add_argument("--seeds", type=int, default=20)
    parser.add_argument("--first", type=int, default=1)
    parser.add_argument("--days", type=int, default=30, help="virtual days of each seed")
    parser.add_argument("--quiet", type=float, default=1.0, help="how many times less often things happen")
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--trace", action="store_true", help="print the whole trace of the first seed")
    options = parser.parse_args()
    if options.trace:
        print("\n".join(simulate(options.first, options.days, options.quiet).trace))
        return 0
    seeds = range(options.first, options.first + options.seeds)
    begun, bad, days = time.monotonic(), 0, [options.days] * options.seeds
    quiet = [options.quiet] * options.seeds
    outcome: Outcome
    with ProcessPoolExecutor(options.processes) as pool:
        for outcome in pool.map(simulate, seeds, days, quiet):
            print(
                f"seed {outcome.seed}: {outcome.posts} posts, {outcome.messages} messages, {outcome.crashes} crashes, "
                f"trace {outcome.digest} of {len(outcome.trace)} lines",
                flush=True,
            )
            for trouble in outcome.troubles:
                print(f"  {trouble}")
            if outcome.troubles:
                bad += 1
                again = f"--first {outcome.seed} --days {options.days} --quiet {options.quiet:g} --trace"
                print(f"  look: python -m tests.simulation {again}")
    print(f"{options.seeds} seeds, {bad} with trouble, {time.monotonic() - begun:.0f} s")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
