"""Taking a database file for this process alone: a lock beside it that vanishes with the process, however it ends.

SQLite before 3.51.3 can damage a file that two processes write and tidy up at the same time, so only one may write.
"""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from bot.infra.sqlite_care import ENDINGS, HEADER, advice
from bot.kit.errors import StorageError

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

ELSEWHERE: Final = "set ROADMATE_DATABASE to another file"
_LOCKED_BYTE: Final = 1 << 20  # Windows hides locked bytes from others, so we lock one far behind the process id


class InUseError(StorageError):
    """Another process has the file."""


@dataclass(frozen=True, slots=True)
class Claim:
    """A file that belongs to this process for as long as the descriptor of its lock is open."""

    path: Path
    descriptor: int
    is_new: bool
    folders: tuple[Path, ...]  # made for it, innermost first

    @classmethod
    def of(cls, wanted: Path, *, check: bool = True) -> Claim:
        """Lock a file and, with ``check``, see that it may be a database.

        Raises:
            InUseError: another process has it.
            StorageError: it cannot be a database of ours.
            OSError: the file or its folder cannot be used.
        """
        path = wanted.expanduser().resolve()  # one file must have one lock, whatever link leads to it
        if path.is_dir():
            raise StorageError(f"{path} is a folder. Name a file in it, or {ELSEWHERE}.")
        is_new = not path.exists()
        folders = tuple(folder for folder in path.parents if not folder.exists())
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            descriptor = _lock(path)
        except BaseException:
            _remove(folders)
            raise
        claim = cls(path, descriptor, is_new, folders)
        try:
            if check:
                claim.check()
        except BaseException:
            claim.release(forget=True)
            raise
        return claim

    def check(self) -> None:
        """Refuse what is surely no database of ours, before SQLite writes to it."""
        if self.is_new:
            return
        if not self.path.is_file():
            raise StorageError(f"{self.path} is not an ordinary file. Name another, or {ELSEWHERE}.")
        # Closing a file drops SQLite's own locks on it in this process: look only while nobody else here has it.
        with self.path.open("r+b") as file:  # for writing too, so that a file we may only read is refused here
            header = file.read(len(HEADER))
        if header not in {HEADER, b""}:
            raise StorageError(f"{self.path} is not a database, or is damaged. {advice(self.path)}")

    def release(self, *, forget: bool = False) -> None:
        """Let others have the file; with ``forget``, also remove what was created for it."""
        if forget and self.is_new:
            for ending in ("", *ENDINGS):
                self.path.with_name(self.path.name + ending).unlink(missing_ok=True)
        lock = _lock_path(self.path)
        if sys.platform == "win32":  # an open file cannot be removed there
            os.close(self.descriptor)
            with suppress(OSError):
                lock.unlink()
        else:
            with suppress(OSError):  # the folder may only be read by now; a lock nobody holds keeps nobody out
                lock.unlink()
            os.close(self.descriptor)
        if forget:
            _remove(self.folders)


def is_running(path: Path) -> bool:
    """Tell whether a process has this file at the moment."""
    lock = _lock_path(path.expanduser().resolve())
    try:
        descriptor = os.open(lock, os.O_RDWR)
    except OSError:
        return False
    try:
        _hold(descriptor)
    except OSError:
        return True
    finally:
        os.close(descriptor)
    return False


def _lock_path(path: Path) -> Path:
    return path.with_name(path.name + ".lock")


def _hold(descriptor: int) -> None:
    """Take the lock until the descriptor is closed; raises ``OSError`` if somebody else has it."""
    if sys.platform == "win32":
        os.lseek(descriptor, _LOCKED_BYTE, os.SEEK_SET)
        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        os.lseek(descriptor, 0, os.SEEK_SET)
    else:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)


def _lock(path: Path) -> int:
    """Return the descriptor of the lock file, locked and holding our process id."""
    lock = _lock_path(path)
    while True:
        descriptor = os.open(lock, os.O_RDWR | os.O_CREAT, 0o644)
        try:
            _hold(descriptor)
            if os.path.samestat(os.fstat(descriptor), lock.stat()):
                os.ftruncate(descriptor, 0)
                with suppress(OSError):  # a full disk: the number is a courtesy, the lock is held without it
                    os.write(descriptor, str(os.getpid()).encode())
                return descriptor
        except FileNotFoundError:  # whoever held it has just removed it: try again with a new one
            pass
        except OSError as error:
            if error.errno in {errno.EAGAIN, errno.EACCES, errno.EDEADLK}:
                os.lseek(descriptor, 0, os.SEEK_SET)
                holder = os.read(descriptor, 20).decode("ascii", "replace")
                os.close(descriptor)
                which = f" (process {holder})" if holder.isdigit() else ""
                raise InUseError(f"Roadmate is already running on {path}{which}. Stop it first, or {ELSEWHERE}.") from (
                    error
                )
            os.close(descriptor)
            raise
        os.close(descriptor)


def _remove(folders: Sequence[Path]) -> None:
    for folder in folders:
        with suppress(OSError):  # never made, or somebody else put something into it
            folder.rmdir()


def unusable(path: Path, error: Exception) -> StorageError:
    """Return the sentence for a file that the operating system does not let us use."""
    cause = getattr(error, "strerror", None) or error
    return StorageError(f"{path} cannot be used: {cause}. Check the path and who may write there, or {ELSEWHERE}.")
