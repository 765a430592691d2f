"""What the doctor looks at and what it finds: a line for a person, with cause and next step if something is amiss."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from enum import StrEnum


class Mark(StrEnum):
    """How bad it is: a problem keeps something from working, a warning will sooner or later."""

    OK = "ok"
    WARNING = "warning"
    PROBLEM = "problem"


@dataclass(frozen=True, slots=True)
class Finding:
    """What was found: ``what`` in a few words, ``cause`` if something is amiss, and the next ``step`` then."""

    mark: Mark
    what: str
    cause: str = ""
    step: str = ""


@dataclass(frozen=True, slots=True)
class Check:
    """One thing to look at. ``run`` takes a few seconds at most; whatever it raises is itself a problem."""

    name: str
    run: Callable[[], Awaitable[Finding]]


def ok(what: str) -> Finding:
    """Return that all is well."""
    return Finding(Mark.OK, what)


def warning(what: str, cause: str, step: str) -> Finding:
    """Return what will be a problem, or is one for some."""
    return Finding(Mark.WARNING, what, cause, step)


def problem(what: str, cause: str, step: str) -> Finding:
    """Return what keeps something from working."""
    return Finding(Mark.PROBLEM, what, cause, step)


def said(what: str, error: Exception, step: str) -> Finding:
    """Return a problem from a sentence that names its next step itself; ``step`` serves one that does not."""
    cause, _stop, next_step = str(error).partition(". ")
    return problem(what, cause, next_step or step)
