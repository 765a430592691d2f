"""An event loop on virtual time: whatever waits is woken at once, in an order that depends on nothing but the program."""

from __future__ import annotations

import asyncio
import selectors
from collections.abc import Coroutine, Mapping
from contextvars import Context, ContextVar
from typing import Any, TypeVar

Result = TypeVar("Result")
owner: ContextVar[object | None] = ContextVar("owner", default=None)
"""Whose task it is; tasks that a task begins belong to the same."""


MOST_TURNS = 20_000
"""Turns of the loop in which no time passes, after which it is taken to turn for ever."""

MOST_ALTOGETHER = 50_000_000
"""Turns of a whole simulation, after which it is taken to do one thing over and over."""


class StuckError(AssertionError):
    """Everything waits for something that nobody will do, or everything is done over and over at one moment."""


class _NoFiles(selectors.BaseSelector):
    """A selector that has no files: waiting for a while means that time passes."""

    def __init__(self) -> None:
        self.time = 0.0
        self._turns = 0
        self._all = 0

    def register(self, fileobj: Any, events: int, data: Any = None) -> selectors.SelectorKey:
        raise RuntimeError("a simulation opens no files, sockets or threads")

    def unregister(self, fileobj: Any) -> selectors.SelectorKey:
        raise KeyError(fileobj)

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        if timeout is None:
            raise StuckError("everything waits, and nothing is planned")
        self._turns += 1
        self._all += 1
        if timeout > 0:
            self.time += timeout
            self._turns = 0
        if self._turns > MOST_TURNS:
            self._turns = 0  # so that what is left can be cleared away
            raise StuckError(f"no time passes any more after {self.time:.3f} s")
        if self._all > MOST_ALTOGETHER:
            self._all = 0
            raise StuckError(f"hardly any time passes any more after {self.time:.3f} s")
        return []

    def get_map(self) -> Mapping[Any, selectors.SelectorKey]:
        return {}


class VirtualLoop(asyncio.BaseEventLoop):
    """Runs tasks one after another; when all of them wait, the time jumps to the next moment something is planned for."""

    def __init__(self) -> None:
        super().__init__()
        self._selector = _NoFiles()  # the name under which the standard loop looks for it
        self._clock_resolution = 1e-6
        self._owners: dict[asyncio.Task[Any], object] = {}
        self.set_task_factory(VirtualLoop._make_task)

    def time(self) -> float:
        """Seconds of virtual time since the loop was made."""
        return self._selector.time

    @staticmethod
    def _make_task(loop: asyncio.AbstractEventLoop, work: Any, context: Context | None = None) -> asyncio.Task[Any]:
        task = asyncio.Task(work, loop=loop, context=context)
        assert isinstance(loop, VirtualLoop)
        whose = context.get(owner) if context is not None else owner.get()
        if whose is not None:
            loop._owners[task] = whose
            task.add_done_callback(loop._owners.pop)
        return task

    def tasks_of(self, whose: object) -> list[asyncio.Task[Any]]:
        """Return the tasks that belong to somebody, the oldest first."""
        return [task for task, belongs in self._owners.items() if belongs is whose]

    def _process_events(self, event_list: list[Any]) -> None:
        assert not event_list

    def _write_to_self(self) -> None:
        """Nothing to wake: there is one thread."""


def run(main: Coroutine[Any, Any, Result]) -> Result:
    """Run ``main`` to its end on a loop of its own; raise ``StuckError`` if it waits for ever."""
    loop = VirtualLoop()
    try:
        asyncio.set_event_loop(loop)
        return loop.run_until_complete(main)
    finally:
        try:
            left = asyncio.all_tasks(loop)
            for task in left:
                task.cancel()
            if left:
                loop.run_until_complete(asyncio.gather(*left, return_exceptions=True))
        finally:
            asyncio.set_event_loop(None)
            loop.close()
