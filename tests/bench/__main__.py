"""Prints every figure in one table: ``python -m tests.bench``. Bounded: about five minutes, loopback only."""

from __future__ import annotations

import asyncio
import platform
import sys
from collections.abc import Callable
from dataclasses import dataclass

from tests.bench import (
    bench_core,
    bench_outbox,
    bench_platforms,
    bench_postgres,
    bench_practice,
    bench_privacy,
    bench_quiz,
    bench_schedules,
    bench_settings,
    bench_stall,
    bench_start,
    bench_store,
    bench_storm,
    bench_web,
)


@dataclass(frozen=True, slots=True)
class Bound:
    """What a figure is held against: at most or at least ``value``; None for figures that are only stated."""

    at_most: float | None = None
    at_least: float | None = None

    def verdict(self, value: float) -> str:
        wanted = [f"at least {self.at_least:g}"] if self.at_least is not None else []
        wanted += [f"at most {self.at_most:g}"] if self.at_most is not None else []
        is_kept = (self.at_least is None or value >= self.at_least) and (self.at_most is None or value <= self.at_most)
        return f"{'ok' if is_kept else 'MISSED'} ({', '.join(wanted)})" if wanted else ""


BOUNDS = {
    "cpu_ms_roadmap_2": Bound(at_most=1.0),
    "ready_cpu_s": Bound(at_most=0.8),
    "idle_rss_mib": Bound(at_most=50),
    "writes_per_s": Bound(at_least=10_000),
    "writes_p99_ms": Bound(at_most=30),
    "mixed_per_s": Bound(at_least=12_000),
    "posts_per_s": Bound(at_least=5_000),
    "telegram_used_percent": Bound(at_least=95),
    "discord_used_percent": Bound(at_least=95),
    "telegram_last_chat_percent": Bound(at_most=105),
    "discord_last_chat_percent": Bound(at_most=105),
    "telegram_refusals": Bound(at_most=0),
    "discord_refusals": Bound(at_most=0),
    "telegram_cpu_ratio": Bound(at_most=1.5),
    "discord_cpu_ratio": Bound(at_most=1.5),
    "discord_ack_p99_ms": Bound(at_most=500),
    "stall_ack_p999_ms": Bound(at_most=1000),
    "both_ready_cpu_s": Bound(at_most=1.5),
    "both_idle_rss_mib": Bound(at_most=80),
    "plans_next_us": Bound(at_most=20),
    "plans_idle_tick_ms": Bound(at_most=1),
    "plans_idle_look_ms": Bound(at_most=1),
    "plans_load_s": Bound(at_most=2),
    "plans_day_cpu_s": Bound(at_most=30),
    "plans_stall_ms": Bound(at_most=100),
    "plans_rss_mib": Bound(at_most=40),
    "plans_per_s": Bound(at_least=5_000),
    "settings_read_us": Bound(at_most=20),
    "policy_check_us": Bound(at_most=10),
    "budget_check_us": Bound(at_most=10),
    "answers_in_flood_percent": Bound(at_least=50),
    "quiz_choose_cpu_ms": Bound(at_most=5),
    "quiz_choose_largest_cpu_ms": Bound(at_most=5),
    "quiz_board_ms": Bound(at_most=50),
    "quiz_place_ms": Bound(at_most=20),
    "quiz_review_cpu_ms": Bound(at_most=10),
    "quiz_vote_p99_s": Bound(at_most=1.5),
    "quiz_votes_lost": Bound(at_most=0),
    "quiz_storm_rss_mib": Bound(at_most=30),
    **{
        f"storm_{way}_{name}": bound
        for way in ("poll", "press", "discord")
        for name, bound in {
            "lost": Bound(at_most=0),
            "twice": Bound(at_most=0),
            "astray": Bound(at_most=0),
            "untold": Bound(at_most=0),
            "rss_mib": Bound(at_most=30),
            "per_s": Bound(at_least=167),  # ten thousand a minute
        }.items()
    },
    "storm_discord_p99_ms": Bound(at_most=1500),
    **{
        f"practice_{way}_{skill}_percent": Bound(at_least=70, at_most=85)
        for way in ("any", "stage")
        for skill in (1400, 1500, 1600, 1700, 1800)
    },
    "privacy_export_s": Bound(at_most=2),
    "privacy_erase_s": Bound(at_most=5),
    "privacy_traces": Bound(at_most=0),
}


def main() -> int:
    """Measure everything; exit code 1 if a bound is missed."""
    parts: tuple[Callable[[], dict[str, float]], ...] = (
        lambda: asyncio.run(bench_core.measure()),
        bench_start.measure,
        lambda: asyncio.run(bench_store.measure()),
        lambda: asyncio.run(bench_web.measure()),
        lambda: asyncio.run(bench_schedules.measure()),
        lambda: asyncio.run(bench_settings.measure()),
        lambda: asyncio.run(bench_outbox.measure()),
        lambda: asyncio.run(bench_privacy.measure()),
        lambda: asyncio.run(bench_quiz.measure()),
        lambda: asyncio.run(bench_practice.measure()),
        lambda: asyncio.run(bench_postgres.measure()),
        bench_platforms.measure,
        bench_stall.measure,
        bench_storm.measure,
    )
    print(f"Python {platform.python_version()} on {platform.machine()}")
    missed = False
    for part in parts:
        for name, value in part().items():
            verdict = BOUNDS.get(name, Bound()).verdict(value)
            missed = missed or verdict.startswith("MISSED")
            print(f"{name:28} {value:12,.2f}  {verdict}", flush=True)
    return int(missed)


if __name__ == "__main__":
    sys.exit(main())
