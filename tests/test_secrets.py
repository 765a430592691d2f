"""Tokens made to be found, a real process at its most talkative, and every kind of network trouble: none turns up.

Looked at are both outputs, every file of the data folder, ``roadmate doctor``, ``/healthz``, ``/readyz`` and
``/metrics``. One test runs the same without hiding anything, and sees that it would be noticed.
"""

from __future__ import annotations

import asyncio
import os
import re
import signal
import sys
from contextlib import suppress
from pathlib import Path
from urllib.parse import quote

import aiohttp
import pytest

from bot.doctor import examine
from tests.fakes import canary
from tests.fakes.telegram_server import FakeTelegram
from tests.fakes.troubled_server import KINDS, TELLING, troubled

ROOT = Path(__file__).resolve().parents[1]
PATIENCE = 30
LIFE = 0.3
"""Seconds a process goes on after both platforms were asked for the first time."""
READY, UNREACHED = "Ctrl-C stops it", "cannot be reached"


def environment(folder: Path, address: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("ROADMATE_")}
    return kept | {
        "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1", "ROADMATE_HOME": str(folder / "data"), "ROADMATE_WEB": "127.0.0.1:0",
        "ROADMATE_TELEGRAM_TOKEN": canary.TELEGRAM, "ROADMATE_TELEGRAM_API": address,
        "ROADMATE_DISCORD_TOKEN": canary.DISCORD, "ROADMATE_DISCORD_API": address,
        "ROADMATE_DISCORD_GATEWAY": address.replace("http", "ws", 1), "ROADMATE_WEB_SECRET": canary.WEB,
    }  # fmt: skip


async def begin(folder: Path, settings: dict[str, str], *words: str) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.fakes.loud_bot", *words, cwd=folder, env=settings,
        stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
    )  # fmt: skip


async def ask(address: str) -> str:
    """Ask the web address for what programs read, and for the chat with a wrong secret and the right one."""
    answers = []
    async with aiohttp.ClientSession() as session:
        for path in ("/healthz", "/readyz", "/metrics", f"/?secret={quote(canary.WEB, safe='')}x", "/nowhere"):
            async with session.get(f"{address}{path}", headers={"Authorization": f"Bearer {canary.WEB}"}) as response:
                answers.append(f"{path if 'secret' not in path else '/'} {response.status} {await response.text()}")
    return "\n".join(answers)


def files(folder: Path) -> str:
    """Return every byte below a folder, as text."""
    found = [path for path in sorted(folder.rglob("*")) if path.is_file()]
    return "".join(f"{path.name} {path.read_bytes().decode('latin-1')}\n" for path in found)


async def run(folder: Path, kind: str, *words: str) -> str:
    """Run the bot in a kind of trouble, kill it there, and return everything that can be read of it, files included."""
    async with troubled(kind) as server:
        process = await begin(folder, settings := environment(folder, server.address), *words)
        said: list[str] = []
        met = asyncio.Event()
        ended = asyncio.ensure_future(read(process, said, met, UNREACHED))
        asked = asyncio.ensure_future(server.until_asked() if server.can_read else met.wait())
        async with asyncio.timeout(PATIENCE):
            await asyncio.wait([ended, asked], return_when=asyncio.FIRST_COMPLETED)
            await asyncio.wait([ended], timeout=LIFE)
            asked.cancel()
            with suppress(ProcessLookupError):
                process.kill()
            await ended
            await process.wait()
            await examine(settings, folder, said.append)
    return "\n".join([*said, files(folder)])


@pytest.mark.parametrize("kind", KINDS)
async def test_no_secret_turns_up_anywhere(tmp_path: Path, kind: str) -> None:
    said = await run(tmp_path, kind)
    assert canary.leaks(said) == []
    assert "elegram" in said
    assert "problem" in said  # of the doctor, which met the same trouble
    assert "SQLite format 3" in said  # the bytes of the database were looked at


async def test_no_secret_turns_up_in_what_programs_read_of_a_running_bot(tmp_path: Path) -> None:
    telegram = FakeTelegram()
    telegram.token = canary.TELEGRAM
    await telegram.start()
    settings = environment(tmp_path, telegram.root)
    process = await begin(tmp_path, {name: value for name, value in settings.items() if "DISCORD" not in name})
    said: list[str] = []
    ready = asyncio.Event()
    reading = asyncio.ensure_future(read(process, said, ready, READY))
    try:
        async with asyncio.timeout(PATIENCE):
            await ready.wait()
            telegram.fail("getUpdates", 500, page=TELLING)
            telegram.fail("sendMessage", 502, page=TELLING)
            await telegram.person("Ana").types(f"/define {canary.WEB}")
            await telegram.until(lambda: len(telegram.called("sendMessage")) > 0)
            found = re.search(r"Open (http://127\.0\.0\.1:\d+)", "".join(said))
            assert found, said
            answers = await ask(found[1])
            await asyncio.wait([reading], timeout=LIFE)
            process.send_signal(signal.SIGTERM)
            await reading
    finally:
        with suppress(ProcessLookupError):
            process.kill()
        await reading
        await process.wait()
    await telegram.stop()
    assert canary.leaks(files(tmp_path), [canary.TELEGRAM]) == []
    assert (
        canary.leaks("".join(said) + answers, [canary.TELEGRAM, canary.WEB]) == []
    )  # nor what somebody typed that happens to be a secret
    for words in ("/metrics 200", "/healthz 200", "roadmate_requests_total"):
        assert words in answers
    assert "502" in "".join(said)


async def read(process: asyncio.subprocess.Process, said: list[str], told: asyncio.Event, words: str) -> None:
    """Read what a process says, so that it never waits for us; tell when it says ``words`` or ends."""
    assert process.stdout is not None
    while line := (await process.stdout.readline()).decode():
        said.append(line)
        if words in line:
            told.set()
    told.set()


async def test_without_hiding_it_would_be_noticed(tmp_path: Path) -> None:
    assert {canary.TELEGRAM, canary.DISCORD} <= set(canary.leaks(await run(tmp_path, "503", "--bare")))


@pytest.mark.parametrize("kind", ["refused", "no http"])
async def test_the_password_of_a_database_that_cannot_be_reached_turns_up_nowhere(tmp_path: Path, kind: str) -> None:
    async with troubled(kind) as server:
        where = server.address.removeprefix("http://")
        database = f"postgresql://ana:{quote(canary.DATABASE, safe='')}@{where}/road"
        settings = environment(tmp_path, server.address) | {"ROADMATE_DATABASE": database}
        process = await begin(tmp_path, settings)
        async with asyncio.timeout(PATIENCE):
            said = [(await process.communicate())[0].decode()]
            assert process.returncode == 2
            await examine(settings, tmp_path, said.append)
    assert canary.leaks("\n".join(said)) == []
    assert "atabase" in said[0]
