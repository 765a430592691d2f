"""Who answers in a storm, and when: at an even pace or as fast as they are heard, some of them twice."""

from __future__ import annotations

import asyncio
import time
from collections import Counter, deque
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any, Final

AGAIN: Final = 20
SOON: Final = 0.05
"""Seconds after which somebody presses a second time."""
AT_ONCE: Final = 200
"""People who wait for their verdict at the same time where nothing paces them."""
TICK: Final = 0.005
PATIENCE: Final = 20.0
"""Seconds after the last answer was given within which all must have been heard."""
CHANCES: Final = (0, 0, 0, 0, 1, 1, 2)
"""Which of the places of a question people choose in turn, so that each place has a count of its own."""


class Crowd:
    """Lets people answer at an even pace, some of them twice, and notes when each was told their verdict."""

    def __init__(self, people: int, seconds: float) -> None:
        self.people = people
        self._seconds = seconds
        self._pressed: dict[int, float] = {}
        self._took: list[float] = []
        self._last = 0.0
        self._all_answered = False
        self._all_told = asyncio.Event()
        self.choices: list[str] = []
        self.asked = asyncio.Event()
        self.chosen: Counter[str] = Counter()

    def question(self, choices: Sequence[str]) -> None:
        """Note what can be answered."""
        if not self.asked.is_set() and choices:
            self.choices = list(choices)
            self.asked.set()

    def choice(self, number: int) -> int:
        """Return which place somebody chooses first."""
        return CHANCES[number % len(CHANCES)] % len(self.choices)

    def heard(self, number: int) -> None:
        """Note that somebody has their verdict."""
        if (pressed := self._pressed.pop(number, None)) is not None:
            self._last = time.perf_counter()
            self._took.append(self._last - pressed)
            if self._all_answered and not self._pressed:
                self._all_told.set()

    def _due(self, begun: int, seconds: float) -> int:
        """Return how many people should have answered after so many seconds, if ``begun`` have."""
        if self._seconds:
            return min(self.people, int(seconds / self._seconds * self.people) + 1)
        return min(self.people, begun + AT_ONCE - len(self._pressed))

    async def answer(self, answer: Callable[[int, int, int], Any], *, are_told: bool) -> dict[str, Any]:
        """Let everybody answer. ``answer`` takes who, which place, and an id of the event; its result is awaited."""
        began = time.perf_counter()
        events = iter(range(1, 10**9))
        begun = 0
        twice: deque[tuple[float, int, int]] = deque()
        while begun < self.people or twice:
            for number in range(begun, due := self._due(begun, time.perf_counter() - began)):
                place = self.choice(number)
                self.chosen[self.choices[place]] += 1
                event = next(events)
                if are_told:
                    self._pressed[number] = time.perf_counter()
                await answer(number, place, event)
                if number % AGAIN == 0 and are_told:
                    twice.append((time.perf_counter() + SOON, number, (place + 1) % len(self.choices)))
                if number % AGAIN == 1:
                    await answer(number, place, event)
            while twice and twice[0][0] <= time.perf_counter():
                _due, number, place = twice.popleft()
                await answer(number, place, next(events))
            begun = due
            await asyncio.sleep(TICK)
        self._all_answered = True
        with suppress(TimeoutError):
            async with asyncio.timeout(PATIENCE if self._pressed else 0):
                await self._all_told.wait()
        took = sorted(self._took) or [0.0]
        return {
            "told_s": self._last - began,
            "told": len(self._took),
            "p50_ms": took[len(took) // 2] * 1000,
            "p99_ms": took[int(0.99 * len(took))] * 1000,
            "slowest_ms": took[-1] * 1000,
            "server_cpu_s": time.process_time(),
            "chosen": self.chosen,
        }
