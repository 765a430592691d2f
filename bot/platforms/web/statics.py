"""The style, script and drawings of the page, read once; their version changes with their content."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from importlib.resources import files
from typing import Final

KINDS: Final = {
    "chat.css": "text/css",
    "chat.js": "text/javascript",
    "theme.js": "text/javascript",
    "logo.svg": "image/svg+xml",
}


@dataclass(frozen=True, slots=True)
class Statics:
    """The files by name and a version over all of them."""

    contents: dict[str, bytes]
    version: str


def load_statics() -> Statics:
    """Read the files from the package, wherever it is installed."""
    folder = files(__package__) / "static"
    contents = {name: (folder / name).read_bytes() for name in KINDS}
    return Statics(contents, hashlib.sha256(b"".join(contents.values())).hexdigest()[:12])
