"""Practice: which share of what ``/quiz`` asks simulated learners of seven skills they get right, in percent."""

from __future__ import annotations

import asyncio
import time
from datetime import timedelta

from tests.fakes.core import CoreWorld
from tests.features.quiz.learners import Learner, share

SKILLS = (1200.0, 1300.0, 1400.0, 1500.0, 1600.0, 1700.0, 1800.0)
"""From below where every rating begins, 1400; the bank has few questions easy enough for the first two."""
SEEDS = 3
ANSWERS = 300
WARM_UP = 30
WAYS = {"any": ("/quiz any 20", timedelta(hours=6)), "stage": ("/quiz stage 2 20", timedelta(days=1))}


async def measure() -> dict[str, float]:
    """Return the share of right answers of each skill, over all learners of it, and CPU for each answer."""
    results: dict[str, float] = {}
    began, count = time.process_time(), 0
    for way, (line, pause) in WAYS.items():
        for skill in SKILLS:
            rights: list[bool] = []
            for seed in range(SEEDS):
                world = await CoreWorld.open()
                learner = Learner(world, skill, seed)
                await learner.practice(line, ANSWERS, pause)
                await world.close()
                rights += learner.rights[WARM_UP:]
                count += ANSWERS
            results[f"practice_{way}_{skill:.0f}_percent"] = 100 * share(rights, 0)
    results["practice_answer_cpu_ms"] = (time.process_time() - began) / count * 1000
    return results


if __name__ == "__main__":
    for name, value in asyncio.run(measure()).items():
        print(f"{name:28} {value:10.3f}")
