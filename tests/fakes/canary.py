"""Secrets made to be found: set them as tokens, let anything happen, and look whether one of them turned up somewhere."""

from __future__ import annotations

import base64
from collections.abc import Iterable
from pathlib import Path
from typing import Final
from urllib.parse import quote, quote_plus

TELEGRAM: Final = "7711223344:AAcanaryTelegram_9x-QwErTyUiOpAsDfGh"
DISCORD: Final = "MTIzNDU2Nzg5MDEyMzQ1Njc4.Canary.DiscordCanary_tOkEn-0123456789abcdefGH"
WEB: Final = "canary & sons/secret+web=42"
DATABASE: Final = "canary:pass@word/%41"
ALL: Final = (TELEGRAM, DISCORD, WEB, DATABASE)

_TOO_LITTLE: Final = 12
"""Letters of a secret that tell too much already."""


def leaks(text: str | bytes, secrets: Iterable[str] = ALL) -> list[str]:
    """Return which secrets stand in a text: as they are, quoted in an address, in Base64 or hex, or the half of one."""
    shown = text.decode("utf-8", "replace") if isinstance(text, bytes) else text
    found = []
    for secret in secrets:
        inner = secret.partition(":")[2] if secret[:5].isdecimal() else secret
        forms = {secret, inner, inner[:_TOO_LITTLE], inner[-_TOO_LITTLE:]}
        forms |= {
            quoted(form) for form in (secret, inner) for quoted in (quote, quote_plus, lambda it: quote(it, safe=""))
        }
        forms |= {repr(secret)[1:-1], secret.encode().hex()}
        for before in range(3):
            letters = base64.b64encode(b"x" * before + secret.encode()).decode().rstrip("=")
            core = letters[4 if before else 0 : -4]
            forms |= {core, core.replace("+", "-").replace("/", "_")}
        if any(form in shown for form in forms):
            found.append(secret)
    return found


def leaks_in_files(folder: Path, secrets: Iterable[str] = ALL) -> list[str]:
    """Return the files below a folder that hold a secret."""
    return [str(path) for path in sorted(folder.rglob("*")) if path.is_file() and leaks(path.read_bytes(), secrets)]
