from __future__ import annotations

import sys

import pytest

from bot.infra import process


@pytest.mark.skipif(sys.platform == "win32", reason="Windows does not say")
def test_memory_is_told_in_bytes_and_grows_with_what_is_kept() -> None:
    before = process.resident_bytes()
    kept = b"x" * 64 * 1024 * 1024
    assert process.resident_bytes() - before > 48 * 1024 * 1024
    assert process._most_ever() >= len(kept)
