"""What PostgreSQL refuses, said in sentences: what, where, and the next step.

Values are never shown, and neither is what PostgreSQL says about them: they may be private. Nor is a password.
"""

from __future__ import annotations

from typing import Final
from urllib.parse import parse_qs, urlsplit

import asyncpg  # type: ignore[import-untyped]

from bot.infra.sqlite_units import DiskTroubleError
from bot.kit.errors import ConstraintError, StorageError

FAILURES: Final = (asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError, OSError, TimeoutError)
"""Everything the library and the network raise."""

_CONFLICTS: Final = {"40001", "40P01", "0A000:cached"}
_LOST: Final = {"25P03", "57P01", "57P02", "57P03", "57P04", "57P05"}
_DUPLICATE: Final = "23505"
_SENTENCES: Final = {
    "25006": "{place} takes no changes at the moment: it is a copy of another server, or was set to be read only. "
    "Let ROADMATE_DATABASE name the server that takes changes.",
    "28000": "{place} does not let this user in. Check user and password in ROADMATE_DATABASE, and pg_hba.conf.",
    "28P01": "{place} does not know this user and password. Check ROADMATE_DATABASE.",
    "3D000": "{place} does not exist. Make it with “createdb”, or check the name in ROADMATE_DATABASE.",
    "42501": "{place} does not allow this user something Roadmate needs. "
    "Let the user own the database, or grant it USAGE and CREATE on the schema.",
    "53100": "The disk of {place} is full; this step was undone. Free some space there and try again.",
    "53200": "{place} has no memory left; this step was undone. Try again, or give it more.",
    "53300": "{place} takes no more connections. Raise its max_connections, or let Roadmate use fewer.",
    "55P03": "{place} has something locked for too long; this step was undone. See what else works on it.",
    "57014": "{place} took too long over a step, so it was undone. See how busy the server is.",
    "58030": "{place} could not read or write its disk. Check the server's log.",
    "XX001": "{place} is damaged. Check the server's log, and restore a backup.",
    "XX002": "{place} is damaged. Check the server's log, and restore a backup.",
}
_DISK: Final = {"53100", "58030", "XX001", "XX002"}


class ConflictError(Exception):
    """Somebody else changed the same at the same time; the unit has to be run again. Never leaves the driver."""


class LostError(StorageError):
    """The connection broke, or could not be made."""


def place_of(url: str) -> str:
    """Return what to call a database in a sentence: host, port and name, never user or password."""
    try:
        parts = urlsplit(url)
        query = parse_qs(parts.query)
        host = parts.hostname or query.get("host", [""])[0]
        port = f":{parts.port}" if parts.port else ""
    except ValueError:
        return "The PostgreSQL database"
    name = parts.path.strip("/") or query.get("dbname", query.get("database", [""]))[0]
    return " ".join(filter(None, ["The PostgreSQL database", name and f"“{name}”", host and f"at {host}{port}"]))


def is_duplicate(error: Exception) -> bool:
    """Tell whether a row was refused because there is one like it."""
    return _state(error) == _DUPLICATE


def refused(error: Exception, place: str, sql: str = "", *, reading: bool = False) -> StorageError:
    """Return the sentence for a statement that failed; raise ``ConflictError`` or ``LostError`` if it was not at fault.

    Args:
        error: one of ``FAILURES``.
        place: the database, as shown to a person.
        sql: the statement as the store has it.
        reading: whether the unit was given to ``read``.
    """
    state = _state(error)
    if state in _CONFLICTS:
        raise ConflictError from None
    if _is_lost(error, state):
        raise LostError(f"{place} was lost in the middle of a step, which was undone. Try again in a moment.") from None
    if state.startswith("23"):
        return ConstraintError(f"A rule of the database was not kept: {_message(error)}.")
    if reading and state == "25006":
        return StorageError("A unit of work given to read tried to change something. Give it to write instead.")
    if state == "25006":  # another server may take changes now
        raise LostError(_SENTENCES[state].format(place=place)) from None
    if state in _SENTENCES:
        sentence = _SENTENCES[state].format(place=place)
        return DiskTroubleError(sentence) if state in _DISK else StorageError(sentence)
    if isinstance(error, ValueError):
        return mistake(place, sql, "a value does not fit its type")
    return mistake(place, sql, _message(error) if state[:2] == "42" else f"{type(error).__name__} {state}".strip())


def mistake(place: str, sql: str, why: str) -> StorageError:
    """Return the sentence for a statement that can never work."""
    shown = " ".join(sql.split())[:120]
    return StorageError(
        f"{place} refused a statement: {why} ({shown}). This is a mistake in Roadmate; please report it."
    )


def unreachable(error: Exception, place: str) -> LostError:
    """Return the sentence for a connection that could not be made."""
    state = _state(error)
    if state in _SENTENCES:
        return LostError(_SENTENCES[state].format(place=place))
    if state == "57P03":
        return LostError(f"{place} is starting or stopping. Try again in a moment.")
    if isinstance(error, asyncpg.ClientConfigurationError):
        return LostError(
            "ROADMATE_DATABASE cannot be understood. Write it like postgresql://user:password@host:5432/name."
        )
    if isinstance(error, TimeoutError):
        return LostError(f"{place} does not answer. Check that the server runs and can be reached from here.")
    if isinstance(error, OSError):
        return LostError(
            f"{place} cannot be reached ({error.strerror or type(error).__name__}). "
            "Check that the server runs, and its address."
        )
    return LostError(f"{place} refused the connection ({type(error).__name__} {state}). Check ROADMATE_DATABASE.")


def _state(error: Exception) -> str:
    """Return the SQLSTATE of an error, or nothing; a stale plan shares its code with what PostgreSQL cannot do."""
    if isinstance(error, asyncpg.InvalidCachedStatementError):
        return "0A000:cached"
    return str(getattr(error, "sqlstate", None) or "")


def _message(error: Exception) -> str:
    """Return PostgreSQL's sentence without its details, which hold values."""
    return str(error.args[0]).rstrip(".") if error.args else type(error).__name__


def _is_lost(error: Exception, state: str) -> bool:
    if state:
        return state.startswith("08") or state in _LOST
    if isinstance(error, asyncpg.InterfaceError):
        return not isinstance(error, ValueError)  # that would be a value it cannot send
    return isinstance(error, (OSError, TimeoutError, asyncpg.InternalClientError))
