"""Numbers that tell how the bot is doing, and their text for Prometheus (exposition format 0.0.4).

Not for reading back: whoever needs a number to decide something keeps it themselves.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

CONTENT_TYPE: Final = "text/plain; version=0.0.4; charset=utf-8"
SECONDS: Final = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
MOST_SERIES: Final = 1000
"""Series of one meter; beyond it every label reads ``other``, so that nobody's words can fill the memory."""

Labels = tuple[str, ...]


@dataclass(slots=True)
class Meter:
    """A number for each combination of labels: ``counter`` only grows, ``gauge`` is set."""

    name: str
    help: str
    labels: tuple[str, ...] = ()
    kind: str = "counter"
    _values: dict[Labels, float] = field(default_factory=dict, init=False)

    def add(self, *labels: str, by: float = 1) -> None:
        """Count ``by`` more."""
        key = self._key(labels)
        self._values[key] = self._values.get(key, 0) + by

    def set(self, *labels: str, to: float) -> None:
        """Let the number be ``to``."""
        self._values[self._key(labels)] = to

    def value(self, *labels: str) -> float:
        """Return the number, 0 if there is none yet."""
        return self._values.get(labels, 0)

    def lines(self) -> Iterator[str]:
        """Yield the text of every series."""
        for key, value in sorted(self._values.items()):
            yield f"{self.name}{_braces(zip(self.labels, key, strict=True))} {_number(value)}"

    def _key(self, labels: Labels) -> Labels:
        if len(labels) != len(self.labels):
            raise ValueError(f"{self.name} has the labels {self.labels}, not {labels}")
        return labels if labels in self._values or len(self._values) < MOST_SERIES else ("other",) * len(labels)


@dataclass(slots=True)
class Timer:
    """How long something takes, in seconds, as counts below each of ``bounds``."""

    name: str
    help: str
    labels: tuple[str, ...] = ()
    bounds: tuple[float, ...] = SECONDS
    kind: str = field(default="histogram", init=False)
    _counts: dict[Labels, list[int]] = field(default_factory=dict, init=False)
    _sums: dict[Labels, float] = field(default_factory=dict, init=False)

    def observe(self, seconds: float, *labels: str) -> None:
        """Note that something took so long."""
        if labels not in self._counts and len(self._counts) >= MOST_SERIES:
            labels = ("other",) * len(labels)
        counts = self._counts.setdefault(labels, [0] * (len(self.bounds) + 1))
        counts[sum(seconds > bound for bound in self.bounds)] += 1
        self._sums[labels] = self._sums.get(labels, 0.0) + seconds

    def lines(self) -> Iterator[str]:
        """Yield the text of every series."""
        for key, counts in sorted(self._counts.items()):
            named, below = list(zip(self.labels, key, strict=True)), 0
            for bound, count in zip((*map(_number, self.bounds), "+Inf"), counts, strict=True):
                below += count
                yield f"{self.name}_bucket{_braces([*named, ('le', bound)])} {below}"
            yield f"{self.name}_sum{_braces(named)} {_number(self._sums[key])}"
            yield f"{self.name}_count{_braces(named)} {below}"


def exposition(meters: Sequence[Meter | Timer]) -> str:
    """Return all numbers as the text that Prometheus fetches."""
    lines: list[str] = []
    for meter in meters:
        explained = meter.help.replace("\\", r"\\").replace("\n", r"\n")
        lines += [f"# HELP {meter.name} {explained}", f"# TYPE {meter.name} {meter.kind}", *meter.lines()]
    return "\n".join(lines) + "\n"


def _braces(labels: Iterable[tuple[str, str]]) -> str:
    pairs = [f'{name}="{_escaped(value)}"' for name, value in labels]
    return f"{{{','.join(pairs)}}}" if pairs else ""


def _escaped(value: str) -> str:
    return value.replace("\\", r"\\").replace('"', r"\"").replace("\n", r"\n")


def _number(value: float) -> str:
    return str(int(value)) if value == int(value) else repr(value)
