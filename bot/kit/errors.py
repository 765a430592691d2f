"""Errors that carry a sentence for a person: what, where, and the next step."""

from __future__ import annotations


class RoadmateError(Exception):
    """Base of every error we raise on purpose; its text is meant to be read by a person."""


class SettingsError(RoadmateError):
    """Something the operator configured cannot work; starting would be wrong. Ends the process with exit code 2."""


class StorageError(RoadmateError):
    """The database cannot be used as it is: unwritable, newer than this version, in use, or damaged."""


class ConstraintError(StorageError):
    """A rule of a table refused a row: not unique, missing, out of range, or pointing at nothing."""


class ContentError(RoadmateError):
    """The content folder has problems; the message lists all of them as ``file:line: sentence``."""


class AlreadyHandledError(RoadmateError):
    """This event was handled before; its effect must not happen twice."""


class SuspendedInTransactionError(RoadmateError):
    """A unit of work awaited something other than its transaction. A mistake in our code, never of a person."""


class StoppedEarlyError(RoadmateError):
    """The bot was told to stop before it had started."""
