"""On a real screen: what comes by itself never mixes with the line that is being typed."""

from __future__ import annotations

import contextlib
import os
import pty
import select
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]


def test_a_post_comes_above_the_line_being_typed_and_the_line_goes_on() -> None:
    mine, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.platforms.terminal.interrupted"], stdin=theirs, stdout=theirs, stderr=theirs,
        cwd=ROOT, env=os.environ | {"TERM": "xterm", "NO_COLOR": "1", "INPUTRC": os.devnull},
    )  # fmt: skip
    os.close(theirs)
    seen = b""

    def until(happened: Callable[[bytes], bool]) -> None:
        nonlocal seen
        end = time.monotonic() + 20
        while not happened(seen):
            assert time.monotonic() < end, seen.decode()
            assert process.poll() is None, seen.decode()
            if select.select([mine], [], [], 0.1)[0]:
                with contextlib.suppress(OSError):
                    seen += os.read(mine, 65_536)

    try:
        until(lambda screen: screen.endswith("› ".encode()))
        os.write(mine, b"/road")
        until(lambda screen: screen.endswith(b"/road"))
        process.send_signal(signal.SIGUSR1)
        until(lambda screen: screen.endswith("› /road".encode()) and b"The quiz of the day" in screen)
        assert b"\r\x1b[K" in seen, "the line being typed is taken away first"
        os.write(mine, b"map 2\n")
        until(lambda screen: b"You asked /roadmap 2." in screen)
        for line in (b"hall\n", b"/help\n"):
            os.write(mine, line)
            until(lambda screen: screen.endswith("Study hall › ".encode()))
            seen = b""
        os.write(mine, b"1")
        until(lambda screen: screen.endswith(b"1"))
        process.send_signal(signal.SIGUSR2)
        until(lambda screen: b"The quiz of the day" in screen)
        os.write(mine, b"\n")
        until(lambda screen: b"You asked mine.first." in screen)  # meant for what stood there before
    finally:
        process.kill()
        process.wait()
        os.close(mine)
