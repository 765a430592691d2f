"""Files that come with an answer, written where the person finds them and never over anything."""

from __future__ import annotations

from itertools import count
from pathlib import Path

from bot.kit.reply import Document


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
