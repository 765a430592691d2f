"""Files on this computer: those of answers, never written over anything, and those that people name."""

from __future__ import annotations

import os
import stat
from itertools import count
from pathlib import Path
from typing import Final

from bot.kit.reply import Document
from bot.kit.uploads import MOST_BYTES, UploadError, text_of, too_large
from bot.kit.wording import _

_READS: Final = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
"""How a file is opened: without waiting for the other end of a pipe."""


def keep(document: Document, folder: Path) -> Path:
    """Write a file into a folder, made if need be, and return its path; taken names get a number.

    Only the system's own user may read it, since it may hold what is theirs alone.

    Raises:
        OSError: it cannot be written.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    stem, dot, ending = document.name.partition(".")
    for number in count(1):
        path = folder / (document.name if number == 1 else f"{stem}-{number}{dot}{ending}")
        try:
            path.touch(mode=0o600, exist_ok=False)
        except FileExistsError:
            continue
        path.write_text(document.text, "utf-8", "replace")
        return path
    raise AssertionError("numbers never end")


def read(typed: str) -> str:
    """Return what an ordinary file says, by a path as people type or drop it, with ``~`` and in quotes.

    Raises:
        UploadError: it cannot be read, is too large, or is no text.
    """
    name = typed.strip()
    if len(name) > 1 and name[0] == name[-1] and name[0] in "\"'":
        name = name[1:-1]
    try:
        path = Path(name).expanduser()
        with os.fdopen(os.open(path, _READS), "rb") as file:
            status = os.fstat(file.fileno())
            if not stat.S_ISREG(status.st_mode):
                raise UploadError(_("{path} is no ordinary file. Please name a text file.").format(path=name))
            if status.st_size > MOST_BYTES:
                raise too_large()
            return text_of(file.read(MOST_BYTES + 1))
    except OSError as trouble:
        words = _("I cannot read {path} ({why}). Please check the path.")
        raise UploadError(words.format(path=name, why=trouble.strerror)) from None
    except (RuntimeError, ValueError):  # a home that is nobody's, a name that no file can have
        raise UploadError(_("There is no file {path}. Please check the path.").format(path=name)) from None
