"""What somebody who watches over the bot may ask it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol


class Watched(Protocol):
    """The port through which the web address answers ``/healthz``, ``/readyz`` and ``/metrics``."""

    @property
    def rehearsal(self) -> str:
        """What is not real about the clock; empty if it is the computer's."""
        ...

    def stalled(self) -> str:
        """Return why the process is no good any more and should be started anew; empty if it is fine."""
        ...

    async def unready(self) -> Mapping[str, str]:
        """Return every part by name with why it cannot do its work now; empty if it can. Takes 2 s at most."""
        ...

    async def metrics(self) -> str:
        """Return the numbers as text for Prometheus."""
        ...
