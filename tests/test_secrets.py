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

from tests.fakes import canary
from tests.fakes.troubled_server import KINDS, troubled

ROOT = Path(__file__).resolve().parents[1]
PATIENCE = 30
LIFE = 1.2
"""Seconds a process goes on after both platforms were asked for the first time."""


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


async def run(folder: Path, kind: str, *words: str) -> str:
    """Run the bot in a kind of trouble and return everything that can be read of it afterwards, files included."""
    async with troubled(kind) as server:
        process = await begin(folder, settings := environment(folder, server.address), *words)
        assert process.stdout is not None
        said = ""
        async with asyncio.timeout(PATIENCE):
            while line := (await process.stdout.readline()).decode():
                said += line
                if "Ctrl-C stops it" in line:
                    break
            found = re.search(r"Open (http://127\.0\.0\.1:\d+)", said)
            if found is not None and process.returncode is None:
                ended = asyncio.ensure_future(process.wait())
                asked = asyncio.ensure_future(server.until_asked())
                await asyncio.wait([ended, asked], timeout=PATIENCE / 3, return_when=asyncio.FIRST_COMPLETED)
                asked.cancel()
                with suppress(aiohttp.ClientError):
                    said += await ask(found[1])
                await asyncio.wait([ended], timeout=LIFE)
            with suppress(ProcessLookupError):
                process.send_signal(signal.SIGTERM)
            said += (await process.stdout.read()).decode()
            await process.wait()
        looked = await begin(folder, settings, *words, "doctor")
        async with asyncio.timeout(PATIENCE):
            said += (await looked.communicate())[0].decode()
        assert kind in ("refused", "bad TLS") or server.asked
    files = [path for path in sorted((folder / "data").rglob("*")) if path.is_file()]
    return "\n".join([said, *(path.name + path.read_bytes().decode("latin-1") for path in files)])


@pytest.mark.parametrize("kind", KINDS)
async def test_no_secret_turns_up_anywhere(tmp_path: Path, kind: str) -> None:
    said = await run(tmp_path, kind)
    assert canary.leaks(said) == []
    assert "roadmate" in said
    assert "SQLite format 3" in said  # the bytes of the database were looked at


async def test_without_hiding_it_would_be_noticed(tmp_path: Path) -> None:
    assert {canary.TELEGRAM, canary.DISCORD} <= set(canary.leaks(await run(tmp_path, "500", "--bare")))


@pytest.mark.parametrize("kind", ["refused", "no http", "reset"])
async def test_the_password_of_a_database_that_cannot_be_reached_turns_up_nowhere(tmp_path: Path, kind: str) -> None:
    async with troubled(kind) as server:
        where = server.address.removeprefix("http://")
        database = f"postgresql://ana:{quote(canary.DATABASE, safe='')}@{where}/road"
        settings = environment(tmp_path, server.address) | {"ROADMATE_DATABASE": database}
        said = ""
        for words in ([], ["doctor"]):
            process = await begin(tmp_path, settings, *words)
            async with asyncio.timeout(PATIENCE):
                said += (await process.communicate())[0].decode()
            assert process.returncode != 0
    assert canary.leaks(said) == []
    assert "atabase" in said
