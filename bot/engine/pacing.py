"""How soon the next message may go: pure arithmetic that keeps within every window and uses it well.

The generic cell rate algorithm: a lane remembers one moment, when it is free again. Each message moves that moment on
by a ``step``. Whoever comes late makes up for at most ``slack``, and the step is longer by just as much: of any
``count + 1`` messages in a row, the last comes at least the whole ``span`` after the first, however late each was.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND: Final = timedelta(microseconds=1)
SECOND: Final = 1_000_000
SLACK_PART: Final = 40  # one part in so many of a window is kept for lateness; the rest, 97.5 %, is used
FIRST_PAUSE: Final = SECOND
LONGEST_PAUSE: Final = 300 * SECOND


def micros(moment: datetime) -> int:
    """Return a moment (aware) as Unix microseconds, exactly."""
    return (moment - EPOCH) // MICROSECOND


def moment_of(at: int) -> datetime:
    """Return Unix microseconds as a moment in UTC."""
    return EPOCH + timedelta(microseconds=at)


@dataclass(frozen=True, slots=True)
class Rate:
    """At most so many messages in any window; all in microseconds.

    Attributes:
        step: from one message to the next.
        slack: how much lateness may be made up for.
    """

    step: int
    slack: int

    @classmethod
    def of(cls, limit: tuple[int, timedelta]) -> Rate:
        """Return the rate for a number of messages in a span of time; raise ``ValueError`` if either is not positive.

        Meant for limits of up to some thousands a second; steps are whole microseconds.
        """
        count, span = limit[0], limit[1] // MICROSECOND
        if count < 1 or span < 1:
            raise ValueError(f"{limit[0]} messages in {limit[1]} is no limit to keep")
        slack = span // SLACK_PART
        return cls(-(-(span + slack) // count), slack)

    def take(self, free_at: int, now: int) -> int:
        """Return when the lane is free again after a message at ``now``, which is not before ``free_at``."""
        return max(free_at, now - self.slack) + self.step

    def room(self, free_at: int, now: int) -> int:
        """Return how many messages may go at ``now``, one right after the other."""
        spare = now - max(free_at, now - self.slack)
        return 0 if spare < 0 else spare // self.step + 1


def pause_after(attempts: int, post: int) -> int:
    """Return how long to wait before trying a post again, in microseconds: twice as long each time, at most 5 minutes.

    Up to half of it is left out, by the post and the attempt, so that what failed together does not come back together.
    """
    longest = min(FIRST_PAUSE << min(max(attempts - 1, 0), 20), LONGEST_PAUSE)
    share = int.from_bytes(hashlib.blake2s(f"{post}:{attempts}".encode(), digest_size=2).digest(), "big")
    return longest - longest * share // (2 * 65_536)
