"""How the bot is doing: what it counts, what it waits for, and whether its loop still turns.

Everything here is for whoever watches; nothing the bot does depends on it.
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from enum import StrEnum
from typing import Final, TypeVar

from bot.kit.action import name_of
from bot.kit.database import Database, Stamped, Work
from bot.kit.errors import StorageError
from bot.kit.meters import Meter, Timer, exposition
from bot.kit.noted import noted
from bot.kit.platform import Answer, Respond
from bot.kit.request import Incoming, Trigger

log = logging.getLogger("roadmate.health")
Result = TypeVar("Result")

Part = Callable[[], Awaitable[str]]
"""Tells why a part cannot do its work at the moment; an empty text if it can."""
Source = Callable[[], Awaitable[None]]
"""Sets gauges just before they are read."""

STALLED_SECONDS: Final = 10.0
"""A loop that stood still for so long within the last minute is called stalled."""
_TICK_SECONDS: Final = 0.5
_LAG_KEPT_SECONDS: Final = 60.0
_SLOW_SECONDS: Final = 0.1
_PART_SECONDS: Final = 2.0


class Outcome(StrEnum):
    """How answering an event ended."""

    ANSWERED = "answered"
    REPEATED = "repeated"
    STORAGE = "storage"
    MISTAKE = "mistake"
    TOO_MUCH = "too much"


_outcome: ContextVar[list[Outcome] | None] = ContextVar("outcome", default=None)


def ended(outcome: Outcome) -> None:
    """Say how the event being answered ended, if it was not simply answered."""
    current = _outcome.get()
    if current is not None:
        current.append(outcome)


class LoopWatch:
    """Measures how late the loop calls back. Runs from ``start`` to ``stop``."""

    def __init__(self) -> None:
        self._lags: deque[tuple[float, float]] = deque()
        self._timer: asyncio.TimerHandle | None = None
        self.slow = 0
        """How often the loop was late by more than 0.1 s."""

    def start(self) -> None:
        """Begin to measure, on the running loop."""
        loop = asyncio.get_running_loop()
        self._again(loop)

    def stop(self) -> None:
        """Measure no more."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def worst(self) -> float:
        """Return by how many seconds the loop was late at worst within the last minute."""
        return max((lag for _at, lag in self._lags), default=0.0)

    def note(self, at: float, lag: float) -> None:
        """Keep one measurement: the loop's time and how late it was, both in seconds."""
        while self._lags and self._lags[0][0] < at - _LAG_KEPT_SECONDS:
            self._lags.popleft()
        self._lags.append((at, max(lag, 0.0)))
        self.slow += lag > _SLOW_SECONDS

    def _again(self, loop: asyncio.AbstractEventLoop) -> None:
        due = loop.time() + _TICK_SECONDS

        def tick() -> None:
            self.note(loop.time(), loop.time() - due)
            self._again(loop)

        self._timer = loop.call_at(due, tick)


class Health:
    """All numbers and parts of one bot; implements ``kit.watch.Watched``."""

    def __init__(self, version: str, resident_bytes: Callable[[], int], started: float) -> None:
        """``resident_bytes`` tells how much memory the process uses; ``started`` is when it began (Unix seconds)."""
        self.requests = Meter(
            "roadmate_requests_total", "Events answered, by how it ended.", ("platform", "command", "outcome")
        )
        self.answers = Timer("roadmate_answer_seconds", "Seconds from an event to its answer.", ("platform",))
        self.units = Meter("roadmate_database_units_total", "Units of work, by how they ended.", ("kind", "outcome"))
        self.posts = Meter("roadmate_posts", "Posts by state.", ("state",), "gauge")
        self.jobs = Meter("roadmate_jobs_total", "Occurrences of plans, by how they ended.", ("outcome",))
        self.backup_trouble = Meter("roadmate_backup_trouble", "1 if the last daily backup failed.", (), "gauge")
        self.ready = Meter("roadmate_ready", "1 if a part can do its work.", ("part",), "gauge")
        self.loop = LoopWatch()
        self.rehearsal = ""
        self._lag = Meter("roadmate_loop_lag_seconds", "Worst delay of the loop in the last minute.", (), "gauge")
        self._slow = Meter("roadmate_loop_slow_total", "How often the loop was late by more than 0.1 s.")
        self._memory = Meter("process_resident_memory_bytes", "Memory of the process.", (), "gauge")
        self._started = Meter("process_start_time_seconds", "When it was started, Unix seconds.", (), "gauge")
        self._info = Meter("roadmate_info", "Always 1; names the version.", ("version",), "gauge")
        self._resident_bytes = resident_bytes
        self._parts: dict[str, Part] = {}
        self._sources: list[Source] = []
        self._started.set(to=started)
        self._info.set(version, to=1)

    def watch(self, name: str, part: Part) -> None:
        """Count a part among those that must work for the bot to be ready."""
        self._parts[name] = part

    def read_first(self, source: Source) -> None:
        """Call ``source`` whenever the numbers are about to be read."""
        self._sources.append(source)

    def stalled(self) -> str:
        """Return why the process should be started anew; empty if it is fine."""
        worst = self.loop.worst()
        return f"the loop stood still for {worst:.0f} s" if worst > STALLED_SECONDS else ""

    async def unready(self) -> Mapping[str, str]:
        """Return every part with why it cannot do its work; each has two seconds to say so."""
        names = list(self._parts)
        found = await asyncio.gather(*(_ask(self._parts[name]) for name in names))
        for name, trouble in zip(names, found, strict=True):
            self.ready.set(name, to=not trouble)
        return dict(zip(names, found, strict=True))

    async def metrics(self) -> str:
        """Return the numbers as text for Prometheus."""
        await self.unready()
        for source in self._sources:
            try:
                await source()
            except StorageError as error:
                log.warning("a number could not be read: %s", error)
            except Exception:
                log.exception("a number could not be read")
        self._lag.set(to=self.loop.worst())
        self._slow.set(to=self.loop.slow)
        self._memory.set(to=self._resident_bytes())
        return exposition(
            [
                self._info, self.requests, self.answers, self.units, self.posts, self.jobs, self.ready,
                self.backup_trouble, self._lag, self._slow, self._memory, self._started,
            ]
        )  # fmt: skip

    def measured(self, respond: Respond, commands: Callable[[str], bool]) -> Respond:
        """Return ``respond`` with counting around it.

        ``commands`` tells whether a name is one of a command or action; others are counted as ``unknown``, as they are
        words that anybody typed.
        """

        async def count(incoming: Incoming) -> Answer:
            loop = asyncio.get_running_loop()
            began = loop.time()
            with _noting_outcome() as outcomes, noted(platform=incoming.platform, event=incoming.event):
                answer = await respond(incoming)
            self.answers.observe(loop.time() - began, incoming.platform)
            outcome = outcomes[-1] if outcomes else Outcome.ANSWERED
            self.requests.add(incoming.platform, _named(incoming, commands), outcome)
            return answer

        return count


@contextmanager
def _noting_outcome() -> Iterator[list[Outcome]]:
    outcomes: list[Outcome] = []
    token = _outcome.set(outcomes)
    try:
        yield outcomes
    finally:
        _outcome.reset(token)


async def _ask(part: Part) -> str:
    try:
        async with asyncio.timeout(_PART_SECONDS):
            return await part()
    except TimeoutError:
        return "does not answer"
    except StorageError as error:
        return str(error)
    except Exception as error:
        log.exception("a part could not be asked")
        return f"cannot be asked ({type(error).__name__})"


def _named(incoming: Incoming, commands: Callable[[str], bool]) -> str:
    if incoming.trigger is not Trigger.COMMAND:
        name = name_of(incoming.text)
    elif incoming.text.strip().startswith("/"):
        words = incoming.text.strip()[1:].split(None, 1)
        name = words[0].partition("@")[0].lower() if words else "help"
    else:
        return "words"
    return name if commands(name) else "unknown"


class Counted:
    """A database whose units of work are counted. Wraps another."""

    def __init__(self, database: Database, units: Meter) -> None:
        self._database = database
        self._units = units

    async def read(self, work: Work[Result], /) -> Result:
        """Run a reading unit of work."""
        with self._counting("read"):
            return await self._database.read(work)

    async def write(self, work: Work[Result], /) -> Result:
        """Run a writing unit of work."""
        with self._counting("write"):
            return await self._database.write(work)

    def stamp(self, owner: str, /) -> int | None:
        """Return the stamp of the database inside; None if it has none."""
        return self._database.stamp(owner) if isinstance(self._database, Stamped) else None

    async def close(self) -> None:
        """Close the database inside."""
        await self._database.close()

    @contextmanager
    def _counting(self, kind: str) -> Iterator[None]:
        try:
            yield
        except StorageError:
            self._units.add(kind, "failed")
            raise
        self._units.add(kind, "done")
