"""What a stretch of work is about, so that every line it writes to the log says so: platform, event, reference.

``with noted(platform="telegram", event="77"):`` holds for everything inside, also across ``await``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from types import MappingProxyType
from typing import Final

_NOTHING: Final[Mapping[str, str]] = MappingProxyType({})
_noted: ContextVar[Mapping[str, str]] = ContextVar("noted", default=_NOTHING)


@contextmanager
def noted(**about: str | int) -> Iterator[None]:
    """Add fields for the time of this block; a field of the same name outside is hidden until it ends."""
    token = _noted.set({**_noted.get(), **{name: str(value) for name, value in about.items()}})
    try:
        yield
    finally:
        _noted.reset(token)


def what_is_noted() -> Mapping[str, str]:
    """Return the fields that hold here, outer ones first."""
    return _noted.get()
