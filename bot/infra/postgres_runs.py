"""Running units of work on a PostgreSQL connection, again where another process interfered.

Units that write are run one after another on one connection of the process, several in one commit, exactly as on
SQLite. Other processes do the same, so the isolation is ``SERIALIZABLE``: it alone promises that what a unit read is
still so when it writes, whichever rows those are, and a unit that lost against another process is run again from its
beginning; after ``OPTIMISTIC`` attempts with all other writers held off, so that it comes to an end.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from typing import Final

from bot.infra.postgres_errors import ConflictError
from bot.infra.postgres_session import Session
from bot.infra.postgres_units import Unit
from bot.kit.errors import StorageError

OPTIMISTIC: Final = 2
ATTEMPTS: Final = 5


async def run_reads(session: Session, units: Sequence[Unit]) -> None:
    """Run the units in their order on one snapshot; after one that was refused the next ones get a fresh one."""
    has_begun = False
    for unit in units:
        if not unit.is_wanted():
            continue
        for attempt in range(ATTEMPTS):
            try:
                if not has_begun:
                    await session.begin(reading=True)
                    has_begun = True
                if not await unit.run(session, reading=True):
                    has_begun = False
                    await session.rollback()
            except ConflictError:  # a copy of the server had to give up the snapshot, or a table was changed
                has_begun = False
                await session.rollback()
                if attempt == ATTEMPTS - 1:
                    unit.fail(_too_busy(session))
            except StorageError as error:
                has_begun = False
                unit.fail(error)
                break
            else:
                break
    if has_begun:
        with suppress(ConflictError, StorageError):  # nothing was written
            await session.commit()


async def run_writes(session: Session, units: Sequence[Unit]) -> None:
    """Run the units in their order and make them durable with one commit; each is undone alone if it fails."""
    wanted = [unit for unit in units if unit.is_wanted()]
    if len(wanted) > 1 and await _together(session, wanted):
        wanted = [unit for unit in wanted if unit.was_duplicate]
    for unit in wanted:
        await _alone(session, unit)


async def _together(session: Session, units: Sequence[Unit]) -> bool:
    """Run units in one transaction, each in a savepoint; return False if none of it was kept."""
    kept: list[Unit] = []
    went_well = False
    try:
        await session.begin(reading=False, then="SAVEPOINT unit")
        for unit in units:
            if not unit.is_wanted():
                continue
            if went_well:
                await session.control("RELEASE SAVEPOINT unit; SAVEPOINT unit")
            went_well = await unit.run(session, reading=False)
            if went_well:
                kept.append(unit)
            else:
                await session.control("ROLLBACK TO SAVEPOINT unit")
        await session.commit([channel for unit in kept for channel in unit.rings])
    except ConflictError:
        await _undo(session)
        return False
    except StorageError as error:
        await _undo(session)
        for unit in units:
            unit.fail(error)
            unit.was_duplicate = False
    return True


async def _alone(session: Session, unit: Unit) -> None:
    """Run a unit in a transaction of its own, again after a conflict.

    A row like one of its own may have come from another process after its snapshot, so such a unit is run once more.
    """
    was_repeated = False
    for attempt in range(ATTEMPTS):
        if not unit.is_wanted():
            return
        try:
            await _attempt(session, unit, is_quiet=attempt >= OPTIMISTIC)
        except ConflictError:
            continue
        except StorageError as error:
            unit.fail(error)
            return
        if not unit.was_duplicate or was_repeated:
            return
        was_repeated = True
    if not unit.was_duplicate:
        unit.fail(_too_busy(session))


async def _attempt(session: Session, unit: Unit, *, is_quiet: bool) -> None:
    if is_quiet:
        await session.hold_others_off()
    try:
        await session.begin(reading=False)
        if await unit.run(session, reading=False):
            await session.commit(unit.rings)
        else:
            await session.rollback()
    except (ConflictError, StorageError):
        await _undo(session)
        raise
    finally:
        if is_quiet:
            with suppress(StorageError):  # then the connection is gone, and the lock with it
                await session.let_others()


async def _undo(session: Session) -> None:
    with suppress(ConflictError, StorageError):  # a lost connection has undone it by itself
        await session.rollback()


def _too_busy(session: Session) -> StorageError:
    return StorageError(f"{session.place} is so busy that a step could not be stored; it was undone. Try again.")
